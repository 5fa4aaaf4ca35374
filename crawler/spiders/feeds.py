"""`scrapy crawl feeds`: one pass over the feeds, and over the entries that they announced."""

from crawler.spiders.watch import OnePass


class Feeds(OnePass):
    """RSS and Atom alone."""

    name = "feeds"
    kinds = ("feed",)
