"""`scrapy crawl pages`: one pass over the section pages, and over the entries that they announced."""

from crawler.spiders.watch import OnePass


class Pages(OnePass):
    """Section pages alone."""

    name = "pages"
    kinds = ("page",)
