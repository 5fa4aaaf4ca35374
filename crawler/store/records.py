"""The records behind queue members. Flat (strings, integers, booleans, None): Lua decodes and encodes them as JSON.

Times are milliseconds since 1970 by the store's clock.
"""

from datetime import UTC, datetime
from zlib import crc32

import msgspec

from crawler.news.entry import Entry
from crawler.news.urls import dialled, host_of, url_id


class PageRecord(msgspec.Struct, kw_only=True):
    """A page to fetch: an announced entry, or a published article to look at again.

    Attributes:
        id: of the entry, also when it is looked at again.
        host: whose slot it needs.
        kind: of the source that announced it first; via: ids of all that did, separated by spaces.
        mark: changes when the source announces the entry otherwise.
        attempts: fetches that failed; deaths: workers that died over it; hops: redirects to other hosts so far.
        visit: the address to fetch, when a redirect moved it.
        browser: the page needs one (found out with render = "auto").
        step: how many rechecks are behind it; hurried: the next is out of turn, because its source retitled it.
    """

    id: str
    url: str
    host: str
    outlet: str
    source: str
    kind: str
    via: str
    mark: str
    announced_ms: int
    title: str | None = None
    summary: str | None = None
    published_ms: int | None = None
    updated_ms: int | None = None
    authors: str = ""
    language: str | None = None
    attempts: int = 0
    deaths: int = 0
    hops: int = 0
    visit: str | None = None
    browser: bool = False
    step: int = 0
    hurried: bool = False

    @property
    def address(self) -> str:
        """What to fetch now."""
        return self.visit or self.url

    def entry(self) -> Entry:
        """The source's claims, for extraction."""
        return Entry(
            url=self.url,
            title=self.title,
            summary=self.summary,
            published=from_ms(self.published_ms),
            updated=from_ms(self.updated_ms),
            authors=tuple(filter(None, self.authors.split("\n"))),
            language=self.language,
        )


class RobotsRecord(msgspec.Struct, kw_only=True):
    """A robots.txt to fetch, before the first page or poll of its host."""

    url: str
    host: str
    outlet: str
    kind: str
    hops: int = 0

    @property
    def address(self) -> str:
        """What to fetch now."""
        return self.url


def page_record(entry: Entry, *, canonical: str, outlet: str, source: str, kind: str, now_ms: int) -> PageRecord:
    """Return the record of a newly announced entry; `canonical` is its URL in canonical form."""
    return PageRecord(
        id=url_id(canonical),
        url=dialled(entry.url),
        host=host_of(entry.url),
        outlet=outlet,
        source=source,
        kind=kind,
        via=source,
        mark=mark_of(entry),
        announced_ms=now_ms,
        title=entry.title,
        summary=entry.summary,
        published_ms=to_ms(entry.published),
        updated_ms=to_ms(entry.updated),
        authors="\n".join(entry.authors),
        language=entry.language,
    )


def mark_of(entry: Entry) -> str:
    """Return what changes when an outlet edits an article and says so in its feed: a sum over title and update time."""
    return f"{crc32(f'{entry.title}|{to_ms(entry.updated)}'.encode('utf-8', 'surrogatepass')):08x}"


def to_ms(moment: datetime | None) -> int | None:
    """Milliseconds since 1970."""
    return None if moment is None else int(moment.timestamp() * 1000)


def from_ms(ms: int | None) -> datetime | None:
    """Aware UTC."""
    return None if ms is None else datetime.fromtimestamp(ms / 1000, UTC)
