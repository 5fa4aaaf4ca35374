"""What there is to read. A task holds all that its parser needs beside the bytes. Pure."""

from datetime import datetime
from typing import ClassVar, Generic, Protocol, TypeVar

import msgspec

from crawler.discovery import FeedReading, SectionReading, SitemapReading
from crawler.discovery.finder import SiteReading
from crawler.extraction.article import PageReading
from crawler.extraction.repeats import Repeats
from crawler.news.entry import Entry

Reading = TypeVar("Reading", PageReading, FeedReading, SitemapReading, SectionReading, SiteReading)


class Task(msgspec.Struct, Generic[Reading], frozen=True, tag=True):
    """One body to read.

    Attributes:
        url: absolute, where it came from.
        gives: the type of what is read.
    """

    gives: ClassVar[type]
    url: str


class ReadPage(Task[PageReading], frozen=True):
    """A page, for `crawler.extraction.article.read_page`.

    Attributes:
        headers: those that its opt-outs may stand in, all values of each.
        repeats: what the outlet's pages repeat.
    """

    gives = PageReading
    content_type: str | None
    entry: Entry
    selectors: dict[str, str]
    now: datetime
    headers: dict[str, list[str]]
    agent: str
    repeats: Repeats = Repeats()


class ReadFeed(Task[FeedReading], frozen=True):
    """A feed, for `crawler.discovery.read_feed`."""

    gives = FeedReading
    headers: dict[str, str]
    now: datetime


class ReadSitemap(Task[SitemapReading], frozen=True):
    """A sitemap, for `crawler.discovery.read_sitemap`."""

    gives = SitemapReading
    now: datetime


class ReadSection(Task[SectionReading], frozen=True):
    """A section page, for `crawler.discovery.read_section`."""

    gives = SectionReading
    headers: dict[str, str]
    selectors: dict[str, str]


class ReadSite(Task[SiteReading], frozen=True):
    """A home page, for `crawler.discovery.finder.read_site`."""

    gives = SiteReading
    headers: dict[str, str]


AnyTask = ReadPage | ReadFeed | ReadSitemap | ReadSection | ReadSite


class Reads(Protocol):
    """Whoever can read a body: the Reader, or a test."""

    async def read(self, task: Task[Reading], body: bytes) -> Reading:
        """Return what the body says, or raise as Reader.read does."""
        ...
