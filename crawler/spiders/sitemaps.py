"""`scrapy crawl sitemaps`: one pass over the sitemaps, and over the entries that they announced."""

from crawler.spiders.watch import OnePass


class Sitemaps(OnePass):
    """Sitemaps alone."""

    name = "sitemaps"
    kinds = ("sitemap",)
