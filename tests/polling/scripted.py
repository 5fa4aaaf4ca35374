"""Sources whose servers follow a script, and a crawl that polls them through days that take seconds.

A test file puts its sources on the watchlist as it is imported, each on a host and with a script of its own:

    P03 = source("http://p03.example/feed.xml", feed("one", etag='"first"'), not_modified(), not_modified())

All of them are watched by one crawl (`played`, in conftest.py). Whenever it has nothing to do, the store's clock jumps
to the next moment at which some host is due. Tests read afterwards who was asked for what, and when.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from urllib.parse import urlsplit

from crawler.news.source import SourceKind, SourceState
from crawler.newsroom.messages import Reply
from tests.polling.replies import feed, status

SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
USUAL = 15 * MINUTE  # POLL_EVERY
LONGEST = 4 * HOUR  # LONGEST_POLL
GAP = SECOND  # HOST_GAP
JITTER = 1.1  # chance adds up to a tenth to every wait

FRESH_FOR_A_DAY = "max-age=86400"
DOOR = "door.invalid"
"""Stands for a port on loopback that listens, and at which nobody may knock."""

WATCHED_AS: Mapping[SourceKind, str] = {"feed": "feeds", "sitemap": "sitemaps", "page": "pages"}
_AFTER = re.compile(r"[?&]after=[^&]*")


@dataclass(frozen=True, slots=True)
class Ask:
    """One request to a scripted server.

    Attributes:
        number: how often this address was asked for by then, from 1.
        at: by the scripted clock, aware UTC; opened: when that clock began.
        path: with its query. headers: names in lower case, values byte for byte (Latin-1).
        kill: kills the crawl before it can end what it has in hand.
        hasten: brings the next poll of a source forward, when the crawl has nothing else to do.
    """

    number: int
    at: datetime
    opened: datetime
    host: str
    path: str
    headers: Mapping[str, str]
    kill: Callable[[], None]
    hasten: Callable[[str], None]

    @property
    def url(self) -> str:
        """The address asked for."""
        return f"http://{self.host}{self.path}"

    @property
    def scripted(self) -> str:
        """The address whose script it follows: WordPress is asked for its posts after a date, whatever that is."""
        return without_after(self.url)

    @property
    def age(self) -> timedelta:
        """How long the clock had run by then."""
        return self.at - self.opened

    @property
    def is_conditional(self) -> bool:
        """Whether it sent validators."""
        return "if-none-match" in self.headers or "if-modified-since" in self.headers


Answer = Reply | Callable[[Ask], Reply]


@dataclass(frozen=True)
class Address:
    """An address with a script.

    Attributes:
        answers: to its first requests, in order.
        after: to all that follow; None: the last feed among the answers, fresh for a day, so that it falls silent.
        outlet: what the watchlist says of it, beside name, url and source; None: it is not on the watchlist.
        kind: of source, where it is one.
    """

    url: str
    answers: tuple[Answer, ...]
    after: Answer | None
    outlet: Mapping[str, str] | None
    kind: SourceKind = "feed"

    def answer(self, ask: Ask) -> Reply:
        """Follow the script."""
        if ask.number <= len(self.answers):
            return _reply(self.answers[ask.number - 1], ask)
        return self._silence(ask) if self.after is None else _reply(self.after, ask)

    def _silence(self, ask: Ask) -> Reply:
        replies = (_reply(answer, ask) for answer in reversed(self.answers))
        last = next(reply for reply in replies if reply.status == 200)
        return replace(last, headers={**last.headers, "Cache-Control": FRESH_FOR_A_DAY})

    @property
    def host(self) -> str:
        """Its host."""
        return urlsplit(self.url).netloc


def _reply(answer: Answer, ask: Ask) -> Reply:
    return answer(ask) if callable(answer) else answer


@dataclass
class Scripts:
    """All addresses that have one."""

    by_url: dict[str, Address] = field(default_factory=dict)

    @property
    def sources(self) -> list[Address]:
        """Those on the watchlist."""
        return [address for address in self.by_url.values() if address.outlet is not None]

    def add(self, address: Address) -> Address:
        """Add an address."""
        assert address.url not in self.by_url, f"{address.url} has a script already"
        self.by_url[address.url] = address
        return address

    def answer(self, ask: Ask) -> Reply:
        """What a request brings. robots.txt and stories are nowhere to be found: that they were asked for is enough."""
        address = self.by_url.get(ask.scripted)
        return address.answer(ask) if address else status(404)

    def unresolved(self) -> list[str]:
        """Hosts whose name does not resolve (RFC 6761, 6.4)."""
        return [address.host for address in self.sources if address.host.endswith(".invalid")]

    def watchlist(self) -> str:
        """The watchlist, as TOML."""
        return "\n".join(map(_outlet, self.sources))


SCRIPTS = Scripts()


def source(
    url: str, *answers: Answer, after: Answer | None = None, kind: SourceKind = "feed", **outlet: str
) -> Address:
    """Put a source on the watchlist, with its script.

    `answers`, `after` and `kind` are those of Address; `outlet` are keys of its outlet, as TOML: every='"1h"'.
    """
    return SCRIPTS.add(Address(url, answers, after, outlet, kind))


def elsewhere(url: str, *answers: Answer, after: Answer | None = None) -> Address:
    """Give an address a script that is not on the watchlist."""
    return SCRIPTS.add(Address(url, answers, after, None))


def _outlet(address: Address) -> str:
    name = address.url.removeprefix("http://")
    watched = f'{WATCHED_AS[address.kind]} = ["{address.url}"]'
    lines = ["[[outlet]]", f'name = "{name}"', f'url = "http://{address.host}/"', watched]
    lines += [f"{key} = {value}" for key, value in (address.outlet or {}).items()]
    return "\n".join(lines) + "\n"


def publishing(ages: Iterable[timedelta], *, last: int = 10) -> Callable[[Ask], Reply]:
    """A feed of the last ten stories, each out when the clock has run for so long ("story-0", "story-1", ...)."""
    plan = {f"story-{number}": age for number, age in enumerate(ages)}

    def answer(ask: Ask) -> Reply:
        out = [slug for slug, age in plan.items() if age <= ask.age][-last:]
        return feed(*out, dates={slug: ask.opened + plan[slug] for slug in out})

    return answer


def every(step: timedelta, start: timedelta, end: timedelta) -> list[timedelta]:
    """Moments from start to end."""
    return [start + number * step for number in range((end - start) // step)]


def without_after(url: str) -> str:
    """Return an address without the date that WordPress is asked for posts after."""
    return _AFTER.sub("", url)


@dataclass(frozen=True, repr=False)
class Played:
    """What came of it all.

    Attributes:
        asks: every request, in order.
        states: what the store knows of each source at the end, by its address.
        killed: when the first crawl was, and another took over; the end, if none was.
        held: what it held then: members as the store has them. planned: what the store knew of each source then.
        log: of both crawls. door: the port of DOOR, as a host. knocked: whether somebody did.
    """

    asks: tuple[Ask, ...]
    states: Mapping[str, SourceState]
    killed: datetime
    held: tuple[str, ...]
    planned: Mapping[str, SourceState]
    log: str
    door: str
    knocked: bool

    def polls(self, address: Address) -> list[Ask]:
        """Every request for an address."""
        return [ask for ask in self.asks if ask.scripted == address.url]

    def waits(self, address: Address) -> list[timedelta]:
        """The time from each request for it to the next."""
        return [later.at - earlier.at for earlier, later in pairwise(self.polls(address))]

    def stories(self, address: Address) -> list[str]:
        """The stories of its host that were fetched: slugs, in order."""
        asks = [ask for ask in self.asks if ask.host == address.host and ask.path.startswith("/story/")]
        return [ask.path.removeprefix("/story/") for ask in asks]

    def state(self, address: Address) -> SourceState:
        """What the store knows of a source."""
        return self.states[address.url]

    def says(self, *words: str) -> bool:
        """Whether some line of the log holds all these words."""
        return any(all(word in line for word in words) for line in self.log.splitlines())


def about(wait: timedelta, asked: timedelta) -> bool:
    """Tell whether a wait is as long as it should be: longer by a tenth at most, and by what its host had to do."""
    return asked - SECOND <= wait <= asked * JITTER + MINUTE
