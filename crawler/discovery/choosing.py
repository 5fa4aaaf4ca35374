"""Which of an outlet's sources to watch: each further source is a request every few minutes, so it must add news. Pure.

Requirements:
    All that the outlet publishes now is found, by as few sources as do that. Each verdict says why.

Theory of operation:
    Of two sources of a sort, one that holds all of the other is enough.
    The rest are taken in the order of what they tell of an entry: feeds (title, date, summary, a few kB), the WordPress
    API (the same, younger), news sitemaps (title and date, no summary). The first is worth watching; a further one is
    if it announces entries that none before it had and that they should have had: as young as what those announce.
    (A feed of one section differs from the whole outlet's by what is too old for that, not by news.)
    Plain sitemaps name every page ever published, and section pages know no dates: each only where all else is missing.

Known exceptions:
    A section whose stories never reach the main feed while we look is taken for a part of it; a later look tells.
    A source without dates is compared by all of its entries.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crawler.discovery.feeds.wordpress import is_posts_address
from crawler.news.entry import Entry
from crawler.news.errors import UrlError
from crawler.news.source import SourceKind
from crawler.news.urls import loose_key

SILENT = timedelta(days=60)  # since its newest entry: then it is probably forgotten, not slow


@dataclass(frozen=True, slots=True)
class Found:
    """A source that could be read.

    Attributes:
        url: as it should be watched.
        named_by: who named it, for a person.
        entries: what it announces now.
        watched_by: the outlet that the watchlist has it under; "": none.
    """

    kind: SourceKind
    url: str
    named_by: str
    entries: tuple[Entry, ...]
    watched_by: str = ""

    @property
    def tier(self) -> int:
        """How much it tells of an entry and what a poll costs: the less the better."""
        match self.kind:
            case "feed":
                return 1 if is_posts_address(self.url) else 0
            case "sitemap":
                return 2 if self.is_news else 3 if self.newest else 5
            case _:
                return 4

    @property
    def newest(self) -> datetime | None:
        """The date of its youngest entry, or None."""
        return max(_dates(self.entries), default=None)

    @property
    def oldest(self) -> datetime | None:
        """The date of its oldest entry, or None."""
        return min(_dates(self.entries), default=None)

    @property
    def headline(self) -> str | None:
        """The title of its youngest entry; of the first, where none has a date."""
        newest = self.newest
        youngest = [entry for entry in self.entries if entry.title and _date(entry) == newest]
        return next((entry.title for entry in youngest or self.entries if entry.title), None)

    @property
    def a_day(self) -> float | None:
        """How many entries a day it announces, by their dates; None: they do not tell."""
        dates = sorted(_dates(self.entries))
        if len(dates) < 3 or dates[-1] == dates[0]:
            return None
        return (len(dates) - 1) / ((dates[-1] - dates[0]) / timedelta(days=1))

    @property
    def is_news(self) -> bool:
        """Whether its entries have titles and dates: a plain sitemap's have none."""
        return any(entry.title and _date(entry) for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a source is worth watching, and why, in a few words."""

    found: Found
    recommended: bool
    why: str


def choose(sources: Sequence[Found], *, now: datetime) -> list[Verdict]:
    """Return a verdict on each source, those worth watching first.

    A source that is watched already is never recommended; the others are measured by it, too.
    """
    verdicts: list[Verdict] = []
    taken: list[Found] = []
    for found in sorted(sources, key=lambda found: (not found.watched_by, found.tier)):
        against = _contained(found, sources) or _against(found, taken, now)
        if found.watched_by:
            verdicts.append(Verdict(found, False, f"watched already, by {found.watched_by}"))
        else:
            verdicts.append(Verdict(found, not against, against or _for(found, taken)))
        if not against:
            taken.append(found)
    if not taken:
        verdicts = _with_last_resort(verdicts)
    return sorted(verdicts, key=lambda verdict: not verdict.recommended)


def _contained(found: Found, sources: Sequence[Found]) -> str:
    """Return in which other source of its sort all of it stands, or in an equal one before it; "": in none."""
    own, earlier = _addresses(found.entries), True
    for other in sources:
        if other is found:
            earlier = False
        elif own and other.tier == found.tier and own <= (others := _addresses(other.entries)):
            if own != others:
                return f"all of it is in {other.url}"
            if earlier:
                return f"the same as {other.url}"
    return ""


def _against(found: Found, taken: Sequence[Found], now: datetime) -> str:
    """Return why not to watch a source beside those taken; "": nothing is against it."""
    if not found.entries:
        return "empty now"
    if found.newest and now - found.newest > SILENT:
        return f"silent since {found.newest:%Y-%m-%d}"
    if taken and found.kind == "page":
        return "needed only where there is no feed and no sitemap"
    if taken and found.kind == "sitemap" and not found.is_news:
        return "lists all pages, not news alone"
    return "" if not taken or _added(found, taken) else "all of its new entries are in those above"


def _for(found: Found, taken: Sequence[Found]) -> str:
    if taken:
        return f"announces {_added(found, taken)} that those above do not"
    if found.kind == "page":
        return "there is no feed and no sitemap"
    return "the best that there is here" if found.kind == "feed" else "there is no feed"


def _added(found: Found, taken: Sequence[Found]) -> int:
    """Return how many entries it has that those taken lack, and are as young as what all of those still announce."""
    known = {address for other in taken for address in _addresses(other.entries)}
    since = max((oldest for other in taken if (oldest := other.oldest)), default=None)
    news = [entry for entry in found.entries if since is None or (date := _date(entry)) is None or date >= since]
    return len(_addresses(news) - known)


def _with_last_resort(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Recommend the one that spoke last, where all are silent."""
    dated = [(verdict.found.newest, verdict.found.url) for verdict in verdicts if verdict.found.newest]
    last = max(dated, default=(None, ""))[1]
    return [replace(verdict, recommended=verdict.found.url == last) for verdict in verdicts]


def _addresses(entries: Iterable[Entry]) -> set[str]:
    """Return what the entries of two sources are compared by."""
    found = set()
    for entry in entries:
        with suppress(UrlError):  # too long once it is escaped
            found.add(loose_key(entry.url))
    return found


def _dates(entries: Iterable[Entry]) -> Iterator[datetime]:
    return (date for entry in entries if (date := _date(entry)))


def _date(entry: Entry) -> datetime | None:
    return entry.published or entry.updated
