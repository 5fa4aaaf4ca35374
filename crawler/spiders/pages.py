"""`scrapy crawl pages`: one pass over the section pages, and over the entries that they announced."""

from crawler.spiders.watch import Watch


class Pages(Watch):
    """Section pages alone."""

    name = "pages"
    kinds = ("page",)
    one_pass = True
