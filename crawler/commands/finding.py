"""Finding the sources of an outlet: which addresses are asked in which order, and what each of them yields."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin

from crawler.commands.scout import Errands, Page
from crawler.discovery.choosing import Found, Verdict, choose
from crawler.discovery.finder import (
    LINK,
    MOST_SECTIONS,
    USUAL_FEEDS,
    USUAL_SITEMAPS,
    Candidate,
    SiteReading,
    kind_of,
    usual,
)
from crawler.discovery.sitemap import worth_reading
from crawler.discovery.story_urls import looks_like_story
from crawler.news.entry import Entry
from crawler.news.errors import DiscoveryError, FetchError, PoisonError
from crawler.news.source import SourceKind
from crawler.news.urls import same_site
from crawler.reading import ReadFeed, ReadSection, ReadSite, ReadSitemap
from crawler.reading.tasks import Reads
from crawler.watchlist.known import Known, address_key, home_of

MOST_SITEMAPS = 4  # of robots.txt; large sites name one for each year
MOST_NESTED = 2  # of a sitemap index: enough to see what it yields
NEWS = timedelta(days=2)  # the window of a news sitemap
REFUSED = (DiscoveryError, FetchError, PoisonError)


@dataclass
class Findings:
    """What came of a search.

    Attributes:
        home: the outlet's home page.
        name: what it calls itself, or None.
        found: the sources that could be read.
        failed: what could not be, and why: (address, reason).
        asked: when the search began.
    """

    home: str
    name: str | None = None
    found: list[Found] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    asked: datetime = field(default_factory=lambda: datetime.now(UTC))

    def verdicts(self) -> list[Verdict]:
        """Return what is worth watching, and what is not."""
        return choose(self.found, now=self.asked)


class Finder:
    """One search. `findings` fills while it runs."""

    def __init__(self, errands: Errands, reads: Reads, known: Known, url: str) -> None:
        self.findings = Findings(home=home_of(url))
        self._errands = errands
        self._reads = reads
        self._known = known
        self._url = url
        self._tried: set[str] = set()

    async def find(self) -> None:
        """Look at the address, then wherever it points, then where most sites have their sources.

        Raises:
            FetchError, DiscoveryError, PoisonError: the address itself cannot be read.
        """
        page = await self._errands.get(self._url)
        if kind_of(page.body) != "page":  # the user named the source
            await self._take(Candidate(kind_of(page.body), self._url, "you"), page)
            return
        if looks_like_story(page.url, ""):
            page = await self._errands.get(urljoin(page.url, "/"))
        site = await self._site(page)
        self.findings.home, self.findings.name = page.settled, site.name
        await self._look_for_feeds(page, site)
        await self._look_for_sitemaps(page)
        if not any(found.is_news for found in self.findings.found):
            await self._look_at_pages(page, site)

    async def _look_for_feeds(self, page: Page, site: SiteReading) -> None:
        for candidate in site.feeds:
            await self._try(candidate)
        if not self.findings.found:
            await self._first_of(usual(page.url, USUAL_FEEDS, "feed"))

    async def _look_for_sitemaps(self, page: Page) -> None:
        rules = await self._errands.rules(page.url)
        named = [url for url in rules.parser.sitemaps if _is_near(url, page.url)]
        named.sort(key=lambda url: "news" not in url.lower())
        for url in named[:MOST_SITEMAPS]:
            await self._try(Candidate("sitemap", url, "robots.txt"))
        if not named:
            await self._first_of(usual(page.url, USUAL_SITEMAPS, "sitemap"))

    async def _look_at_pages(self, page: Page, site: SiteReading) -> None:
        """The home page links to the newest stories of most sections; those that it misses are looked at, too."""
        await self._take(Candidate("page", page.settled, "you"), page)
        for url in site.sections[:MOST_SECTIONS]:
            await self._try(Candidate("page", url, "the navigation"))

    async def _first_of(self, candidates: Iterable[Candidate]) -> None:
        for candidate in candidates:
            if await self._try(candidate):
                return

    async def _try(self, candidate: Candidate) -> bool:
        """Fetch and read what may be a source, once; return whether it is one."""
        if address_key(candidate.url) in self._tried:
            return False
        self._tried.add(address_key(candidate.url))
        try:
            page = await self._errands.get(candidate.url)
            if candidate.named_by == LINK and kind_of(page.body) == "page":
                return await self._try_listed(page)
            await self._take(candidate, page)
        except REFUSED as error:
            self._failed(candidate.url, error)
            return False
        return True

    async def _try_listed(self, page: Page) -> bool:
        """Try the feeds that a page of feeds lists."""
        listed = (await self._site(page)).feeds
        tried = [await self._try(Candidate("feed", one.url, "a page of feeds")) for one in listed]
        return any(tried)

    async def _take(self, candidate: Candidate, page: Page) -> None:
        """Read a source and keep what it yields, unless it is one that we have under another address.

        Raises:
            DiscoveryError, PoisonError: it is none.
        """
        if address_key(page.url) in map(address_key, (found.url for found in self.findings.found)):
            return
        self._tried.add(address_key(page.url))
        kind: SourceKind = "page" if candidate.kind == "page" else _kind_in(page, candidate)
        entries = await self._entries(kind, page)
        watcher = self._known.watcher(candidate.url, page.url, page.settled)
        self.findings.found.append(Found(kind, page.settled, candidate.named_by, entries, watcher))

    async def _entries(self, kind: SourceKind, page: Page) -> tuple[Entry, ...]:
        if kind == "sitemap":
            return await self._sitemap_entries(page)
        if kind == "page":
            section = await self._reads.read(ReadSection(page.url, page.headers, {}), page.body)
            return section.entries
        feed = await self._reads.read(ReadFeed(page.url, page.headers, self.findings.asked), page.body)
        self.findings.name = self.findings.name or feed.hints.title
        return feed.entries

    async def _sitemap_entries(self, page: Page) -> tuple[Entry, ...]:
        """Return a sitemap's entries; of an index, those of the sitemaps in which news may stand."""
        now = self.findings.asked
        sitemap = await self._reads.read(ReadSitemap(page.url, now), page.body)
        entries = list(sitemap.entries)
        for url in worth_reading(sitemap.sitemaps, now=now, window=NEWS)[:MOST_NESTED]:
            self._tried.add(address_key(url))
            try:
                nested = await self._errands.get(url)
                entries += (await self._reads.read(ReadSitemap(nested.url, now), nested.body)).entries
            except REFUSED as error:
                self._failed(url, error)
        return tuple(entries)

    def _failed(self, url: str, error: Exception) -> None:
        self.findings.failed.append((url, str(error).removeprefix(f"{url}: ")))

    async def _site(self, page: Page) -> SiteReading:
        return await self._reads.read(ReadSite(page.url, page.headers), page.body)


def _kind_in(page: Page, candidate: Candidate) -> SourceKind:
    """Return what a body is, whatever was promised: sitemaps.org allows robots.txt to name a feed as a sitemap."""
    kind = kind_of(page.body)
    return candidate.kind if kind == "page" else kind


def _is_near(url: str, home: str) -> bool:
    try:
        return same_site(url, home)
    except ValueError:  # robots.txt holds anything
        return False
