"""Discovery: from the bytes of a source to the entries it announces, and when to poll it again. Pure."""

from crawler.discovery.feed import FeedReading, read_feed
from crawler.discovery.first_look import FirstLook, first_look
from crawler.discovery.hints import FeedHints
from crawler.discovery.section import SectionReading, read_section
from crawler.discovery.sitemap import NestedSitemap, SitemapReading, read_sitemap

__all__ = [
    "FeedHints",
    "FeedReading",
    "FirstLook",
    "NestedSitemap",
    "SectionReading",
    "SitemapReading",
    "first_look",
    "read_feed",
    "read_section",
    "read_sitemap",
]
