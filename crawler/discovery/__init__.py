"""Discovery: from the bytes of a source to the entries it announces, and when to poll it again. Pure.

feeds/      feeds of every kind
sitemap     sitemaps and their indexes
section     section pages; story_urls tells stories from furniture
body, charset, plain    what they share: bounds and unzipping, bytes to text, markup to text
first_look  what is news to a new user
polling/    when to poll again
coverage    which source of an outlet found what
finder      where an outlet's sources are; choosing: which of them are worth watching
"""

from crawler.discovery.feeds import FeedHints, FeedReading, read_feed
from crawler.discovery.first_look import FirstLook, first_look
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
