"""What a feed says of its entries, in the feed's own spelling, and the entries that this makes.

Every reader of feeds ends here, so that links, texts and dates are understood in one place: dates by
`crawler.news.dates` alone, text as plain text, links against the address of the feed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urljoin

from crawler.discovery.feeds.hints import FeedHints, language_tag
from crawler.discovery.plain import plain_text
from crawler.news.dates import parse_date
from crawler.news.entry import Entry
from crawler.news.urls import host_of

MOST_ENTRIES = 5_000  # 1.1 s at feedparser's 230 us an entry with the five usual elements
MOST_ID_CHARACTERS = 1_000

_ABSOLUTE = re.compile(r"https?://[!-~]+")


@dataclass(slots=True)
class Claims:
    """One entry as its feed has it; None where it says nothing.

    Attributes:
        link: may be relative.
        id: the feed's own name for the entry.
        title, summary: text or HTML.
        published, updated: dates in any spelling.
        authors: names, as text or HTML.
        language: of the title.
    """

    link: str | None = None
    id: str | None = None
    title: str | None = None
    summary: str | None = None
    published: str | None = None
    updated: str | None = None
    authors: Sequence[str | None] = ()
    language: str | None = None


@dataclass(slots=True)
class Announced:
    """What a reader finds in a feed.

    Attributes:
        one_date: of RSS, where an entry's only date is that of publication, whatever its element is called.
        capped: entries left out because there are more than 5,000.
    """

    claims: list[Claims] = field(default_factory=list)
    hints: FeedHints = field(default_factory=FeedHints)
    one_date: bool = False
    capped: int = 0

    def entries(self, url: str, now: datetime) -> Iterator[Entry]:
        """Yield the entries that can be fetched.

        Args:
            url: of the feed.
            now: aware.
        """
        for claims in self.claims:
            link = absolute(claims.link, url)
            if link is None:
                continue
            published, updated = _date(claims.published, now), _date(claims.updated, now)
            if self.one_date and published is None:  # RSS 1.0 has dc:date, which feedparser calls "updated"
                published, updated = updated, None
            authors = (plain_text(author) for author in claims.authors)
            yield Entry(
                url=link,
                title=plain_text(claims.title),
                summary=plain_text(claims.summary),
                published=published,
                updated=updated,
                authors=tuple(dict.fromkeys(author for author in authors if author)),
                language=language_tag(claims.language) or self.hints.language,
                id=_identity(claims.id),
            )


def absolute(link: str | None, url: str) -> str | None:
    """Return an absolute http(s) link, or None where there is none.

    Args:
        url: of the source.
    """
    link = (link or "").strip()
    if not link:
        return None
    try:
        if not _ABSOLUTE.fullmatch(link):  # most are, and urljoin takes 15 us
            link = urljoin(url, link)
            link.encode("utf-8")
        host_of(link)
    except ValueError:  # urljoin's for a broken IPv6 address, that for half a character from JSON, and UrlError
        return None
    return link


def _identity(raw: str | None) -> str | None:
    text = (raw or "")[:MOST_ID_CHARACTERS].encode("utf-8", "replace").decode("utf-8")
    return " ".join(text.split()) or None


def _date(raw: str | None, now: datetime) -> datetime | None:
    return parse_date(raw, now=now) if raw else None
