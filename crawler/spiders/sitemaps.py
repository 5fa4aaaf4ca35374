"""`scrapy crawl sitemaps`: one pass over the sitemaps, and over the entries that they announced."""

from crawler.spiders.watch import Watch


class Sitemaps(Watch):
    """Sitemaps alone."""

    name = "sitemaps"
    kinds = ("sitemap",)
    one_pass = True
