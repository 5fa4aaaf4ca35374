"""Outlets, their sources, and what we remember of a source between two polls."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

SourceKind = Literal["feed", "sitemap", "page"]
ASTRAY_AFTER = 3  # failures in a row after which a source may have moved back
Render = Literal["never", "auto", "always"]


@dataclass(frozen=True, slots=True)
class Outlet:
    """Who publishes, and how to follow them.

    Attributes:
        feeds, sitemaps, pages: URLs of its sources.
        every: time between two polls of one source; None: the setting POLL_EVERY.
        first_look: how far back the first poll of a source goes.
        selectors: CSS selectors by field (body, headline, authors, date, remove, links) that overrule extraction.
        render: whether its pages need a browser.
        allow_private: its addresses may be private ones (an intranet, a test).
    """

    name: str
    url: str
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    every: timedelta | None = None
    first_look: timedelta = timedelta(hours=24)
    selectors: dict[str, str] = field(default_factory=dict)
    render: Render = "never"
    tags: tuple[str, ...] = ()
    allow_private: bool = False


@dataclass(frozen=True, slots=True)
class Channel:
    """Where an alert goes. `url` is Apprise's; a secret in it stands as env:NAME or file:PATH."""

    name: str
    url: str = field(repr=False)  # a careless one holds the secret itself: keep it out of logs and tracebacks
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """Where an outlet announces news: one address of the watchlist, which is also its identity."""

    outlet: str
    kind: SourceKind
    url: str


@dataclass(slots=True)
class SourceState:
    """What one poll leaves for the next. Times are milliseconds since 1970 by the store's clock.

    Flat on purpose (strings, integers, booleans, None): Lua scripts read and write it as JSON, too.

    Attributes:
        url: as the watchlist has it.
        every_ms, longest_ms: between these lies the time between two polls, as far as it is for us to choose.
        etag, last_modified: validators, byte for byte as the server sent them.
        body_hash: of the last body read, so that equal bytes are not parsed twice.
        asks_ms: how rarely the source itself wants to be polled (RSS <ttl>, sy:updatePeriod); 0: it does not care.
        read_ms: when its entries were last read; a body that is the same again is not.
        looked_ms: when the first look was over; 0: it is still ahead.
        full_ms: when the server last answered with a whole body.
        newest_ms: the youngest publication date that an entry of it ever had; 0: none had any.
        window: what it announced last, in short (crawler.discovery.polling.window).
        overflows: polls that found less than a third of what the one before had found: news may have passed between.
        rhythm: when and how often it publishes (crawler.discovery.polling.rhythm).
        learned_ms: the interval that its rhythm suggests; 0: nothing is known yet.
        rests_until_ms: the soonest that the source and its server want to be asked again; 0: they do not care.
        skips: hours and days in which it does not want to be asked (RSS skipHours, skipDays), in short.
        why: what decided when it is due next, for a person.
        failures: in a row; 0 after a success.
        reaps: leases in a row that ended with their worker's death.
        polls: polls so far, failed ones included; 0: the next is the first look.
        health: "new", "ok", or the reason of the last failure.
        detail: the last failure in words, or "".
        moved: where permanent redirects (301, 308) say that it lives now; None: where the watchlist has it.
        visit: where this poll goes, when a redirect sent it to another host; hops: how many did.
        settled: how far this poll came by permanent redirects alone; None: there were none.
        landed: id of the address at which the last poll ended, when a redirect of any kind led there; "": none did.
        twin: id of the watched source that lives where this one lands; "": none. The two are one.
        nested: the sitemaps that it named last, where it is a sitemap index, one a line; trail: those that this poll
            has still to read, the one to read now first.
        parts_done, parts_read: how many of them this poll has behind it, and could read; part_fault: why it could not
            read the last that failed, "reason: words".
        wall, walls: what its last pages were instead of articles ("bot-challenge", "consent-wall"), and how many in a
            row; "" and 0 after an article. Whoever ends a page writes them, no poll does.
        since_ms: when the server had answered with a whole body before this poll; 0: this is the first look.
    """

    id: str
    outlet: str
    kind: str
    url: str
    host: str
    every_ms: int
    longest_ms: int
    first_look_ms: int
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    asks_ms: int = 0
    due_ms: int = 0
    polled_ms: int = 0
    new_entry_ms: int = 0
    entries: int = 0
    polls: int = 0
    read_ms: int = 0
    looked_ms: int = 0
    full_ms: int = 0
    newest_ms: int = 0
    window: str = ""
    overflows: int = 0
    rhythm: str = ""
    learned_ms: int = 0
    rests_until_ms: int = 0
    skips: str = ""
    why: str = ""
    failures: int = 0
    reaps: int = 0
    health: str = "new"
    detail: str = ""
    moved: str | None = None
    visit: str | None = None
    hops: int = 0
    settled: str | None = None
    landed: str = ""
    twin: str = ""
    nested: str = ""
    trail: str = ""
    parts_done: int = 0
    parts_read: int = 0
    part_fault: str = ""
    since_ms: int = 0
    wall: str = ""
    walls: int = 0

    @property
    def address(self) -> str:
        """What to fetch now."""
        return self.visit or self.home

    @property
    def home(self) -> str:
        """Where its polls begin: where it moved to. If that fails again and again, the watchlist's address in turn."""
        in_turn = self.failures >= ASTRAY_AFTER and self.failures % 2 == 1
        return self.url if in_turn or not self.moved else self.moved
