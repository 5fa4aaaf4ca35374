"""`scrapy crawl feeds`: one pass over the feeds, and over the entries that they announced."""

from crawler.spiders.watch import Watch


class Feeds(Watch):
    """RSS and Atom alone."""

    name = "feeds"
    kinds = ("feed",)
    one_pass = True
