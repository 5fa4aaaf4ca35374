"""The frontier: what waits, who holds it, and how it ends. Each method is one script, whose contract rules."""

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from crawler.news.article import Article
from crawler.news.outcome import Outcome
from crawler.news.revision import ArticleState
from crawler.news.source import SourceState
from crawler.store import clippings, keys
from crawler.store.connection import Connection
from crawler.store.holdings import holdings
from crawler.store.limits import Limits
from crawler.store.paging import pages_by_score
from crawler.store.records import PageRecord, RobotsRecord

Answer = Literal["OK", "STALE", "CONFLICT", "DEAD"]
Kind = Literal["entry", "recheck", "source", "robots"]

CANDIDATES = 64  # hosts that one claim looks at; enough that a burst of free slots needs no second look
LOOKS = 1000  # pieces of work that one call looks at, a few milliseconds of the store's time
LINGER_MS = 1_000  # what is found waits no longer for more

Spot = tuple[str, int]
"""Where a host is to be looked at: since when it stands in line (ms; "": whenever), how deep in its queue to begin."""

Place = tuple[str, int]
"""How far along the line of hosts: those that stand in it since then (ms), and how many of these are behind."""

FRONT: Place = ("0", 0)

_DECODERS: dict[str, msgspec.json.Decoder[PageRecord | SourceState | RobotsRecord]] = {
    "e": msgspec.json.Decoder(PageRecord),
    "a": msgspec.json.Decoder(PageRecord),
    "s": msgspec.json.Decoder(SourceState),
    "r": msgspec.json.Decoder(RobotsRecord),
}
_KINDS: dict[str, Kind] = {"e": "entry", "a": "recheck", "s": "source", "r": "robots"}


@dataclass(slots=True)
class Lease:
    """A piece of work in hand: ours until it is settled, retried or given back, or until it expires.

    Attributes:
        member: its name in the store; token: proves that it is still ours.
        host: whose slot it occupies.
        robots_stamp: which robots.txt is in force for the host; "" for robots.txt itself.
        record: PageRecord for entries and rechecks, SourceState for polls, RobotsRecord.
    """

    member: str
    token: str
    host: str
    robots_stamp: str
    record: PageRecord | SourceState | RobotsRecord

    @property
    def kind(self) -> Kind:
        """What sort of work it is."""
        return _KINDS[self.member[0]]

    @property
    def page(self) -> PageRecord:
        """The record of an entry or recheck."""
        assert isinstance(self.record, PageRecord)
        return self.record

    @property
    def source(self) -> SourceState:
        """The record of a poll."""
        assert isinstance(self.record, SourceState)
        return self.record


@dataclass(frozen=True, slots=True)
class Wish:
    """Which work a worker takes.

    Attributes:
        horizon_ms: polls and rechecks due later are left alone; None: all that is due.
        kinds: of source, and of the source that announced an entry; empty: all.
        outlets: by name; None: all.
    """

    horizon_ms: int | None = None
    kinds: tuple[str, ...] = ()
    outlets: tuple[str, ...] | None = None

    def arguments(self) -> list[str | int]:
        """As the scripts want it (_wish.lua)."""
        horizon = "" if self.horizon_ms is None else self.horizon_ms
        return [horizon, " ".join(self.kinds), "" if self.outlets is None else json.dumps(self.outlets)]


@dataclass(frozen=True, slots=True)
class Claim:
    """What a claim brought. `wake_ms` is when the next host is due (None: no host has work)."""

    leases: list[Lease]
    wake_ms: int | None


@dataclass(frozen=True, slots=True)
class Pending:
    """What a pass could wait for: when some work can be claimed (ms, None: never), and who holds what until when."""

    next_ms: int | None
    held: dict[str, tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Tally:
    """The books at one moment. Guarantee 1: `balanced` at all times."""

    announced: int
    outcomes: Counter[str]
    waiting: int
    leased: int
    now_ms: int

    @property
    def ended(self) -> int:
        """Entries that have their outcome."""
        return sum(self.outcomes.values())

    @property
    def balanced(self) -> bool:
        """announced = outcomes + waiting + leased."""
        return self.announced == self.ended + self.waiting + self.leased


@dataclass(frozen=True, slots=True)
class _Step:
    """What one call of `claim` brought: work, hosts that may have more deeper in their queues, how far along the
    line it came, the next hosts there, and when another is due.
    """

    leases: list[Lease]
    deeper: dict[str, Spot]
    place: Place
    line: dict[str, Spot]
    wake_ms: int | None


class Frontier:
    """Claims work for one worker and ends it again."""

    def __init__(self, connection: Connection, limits: Limits, worker: str) -> None:
        self._connection = connection
        self._limits = limits
        self.worker = worker
        self.now_ms = 0  # the store's clock at the last claim
        self.expired: list[tuple[str, str]] = []
        self._likely: dict[str, Spot] = {}  # hosts that probably have work: named by the last claim, or just set free

    def hint(self, host: str) -> None:
        """A host's slot is free again: the next claim looks there first, which saves it a call."""
        self._likely.setdefault(host, ("", 0))

    async def claim(self, wanted: int, wish: Wish) -> Claim:
        """Claim up to `wanted` pieces of work, one a host.

        Goes through the hosts in line, a batch a call, until enough is found or the line is at its end; what is found
        does not wait for more for long. A queue full of what is not wished for is gone through to its end, some calls
        long: only narrowed crawls meet that.
        """
        leases: list[Lease] = []
        hosts, place, first_ms = self._likely, FRONT, 0
        while True:
            step = await self._claim_at(hosts, place, wanted - len(leases), wish)
            leases += step.leases
            first_ms = first_ms or (self.now_ms if leases else 0)
            late_ms = self.now_ms - first_ms if leases else 0
            hosts, place = step.deeper or step.line, step.place
            if len(leases) >= wanted or not hosts or late_ms > LINGER_MS:
                self._likely = step.line
                if late_ms > self._limits.lease_ms // 3:  # an outage was waited out: what expired is another's by now
                    stale = await self.renew(leases)
                    leases = [lease for lease in leases if lease.member not in stale]
                return Claim(leases, step.wake_ms)

    async def _claim_at(self, hosts: Mapping[str, Spot], place: Place, wanted: int, wish: Wish) -> _Step:
        names = [*keys.LEASING, keys.ENTRIES, keys.RECHECKS, keys.SOURCES, keys.COUNTS]
        arguments: list[str | int] = [self.worker, wanted, self._limits.lease_ms, *wish.arguments()]
        arguments += [*place, CANDIDATES, LOOKS]
        for host, (since, depth) in hosts.items():
            names += [keys.queue(host), keys.robots(host)]
            arguments += [host, since, depth]
        answer = await self._connection.run("claim", names, arguments)
        self.now_ms, works, deeper, place, line, wake_ms, expired = answer
        self.expired = list(_pairs(expired))
        return _Step(
            leases=_leases(works),
            deeper={host: (hosts[host][0], depth) for host, depth in _pairs(deeper)},
            place=(place[0], place[1]),
            line={host: (since, 0) for host, since in _pairs(line)},
            wake_ms=None if wake_ms < 0 else wake_ms,
        )

    async def renew(self, leases: Collection[Lease]) -> set[str]:
        """Keep leases; return the members that are no longer ours (STALE)."""
        arguments: list[str | int] = [self._limits.lease_ms]
        for lease in leases:
            arguments += [lease.member, lease.token, lease.host]
        return set(await self._connection.run("renew", keys.LEASING, arguments))

    async def retry(
        self,
        lease: Lease,
        *,
        gap_ms: int,
        wait_ms: int = 0,
        counted: int = 0,
        reason: str = "",
        detail: str = "",
        host: str | None = None,
        patch: dict[str, Any] | None = None,
    ) -> Answer:
        """Put work back, not before `wait_ms` from now; `counted`: as so many failed attempts, DEAD after the last.

        `host` and `patch` send it elsewhere: a redirect to another host changes the record's address.
        """
        target = host or lease.host
        names = [*keys.LEASING, keys.queue(lease.host), keys.queue(target)]
        names += [keys.ENTRIES, keys.RECHECKS, keys.SOURCES, keys.COUNTS, keys.DEAD_STREAM]
        arguments: list[str | int] = [lease.member, lease.token, lease.host, gap_ms, target, wait_ms, int(counted)]
        arguments += [self._limits.attempts, reason, detail[:500], json.dumps(patch) if patch else ""]
        answer: Answer = await self._connection.run("retry", names, [*arguments, self._limits.keep_ms])
        return answer

    async def reap(self, gap_ms: int) -> tuple[int, int]:
        """Take expired leases from the dead; return how many went back to their queues and how many were given up."""
        if not self.expired:
            return 0, 0
        names = [*keys.LEASING]
        names += [keys.ENTRIES, keys.RECHECKS, keys.SOURCES, keys.COUNTS, keys.DEAD_STREAM]
        names += [keys.queue(host) for _, host in self.expired]
        arguments: list[str | int] = [self._limits.deaths, gap_ms, self._limits.keep_ms]
        for member, host in self.expired:
            arguments += [member, host]
        self.expired = []
        returned, buried = await self._connection.run("reap", names, arguments)
        return returned, buried

    async def publish(
        self,
        lease: Lease,
        state: ArticleState,
        *,
        base_revision: int,
        event_type: str,
        event: str,
        gap_ms: int,
        recheck: tuple[PageRecord, int] | None = None,
    ) -> Answer:
        """Publish a revision that was decided on `base_revision` (0: none was known).

        `recheck`: the record of the next look at the article, and when (ms from now).
        """
        names = [*keys.LEASING, keys.queue(lease.host)]
        names += [keys.ENTRIES, keys.RECHECKS, keys.COUNTS, keys.article(state.id), keys.ARTICLES_STREAM, keys.SOURCES]
        arguments: list[str | int] = [lease.member, lease.token, lease.host, gap_ms, base_revision, _json(state)]
        arguments += [self._limits.remember_ms, event_type, event, self._limits.keep_ms]
        answer: Answer = await self._connection.run("publish", names, arguments + _recheck(recheck))
        return answer

    async def settle(
        self,
        lease: Lease,
        outcome: Outcome,
        *,
        gap_ms: int,
        state: ArticleState | None = None,
        base_revision: int = 0,
        recheck: tuple[PageRecord, int] | None = None,
        unmatched: Article | None = None,
    ) -> Answer:
        """End work with any outcome but published; `state`, decided on `base_revision`, is saved if it tells more.

        `unmatched`: the article of that state, which meets no topic; what a query sees of it is kept for a while.
        """
        names = [*keys.LEASING, keys.queue(lease.host)]
        names += [keys.ENTRIES, keys.RECHECKS, keys.COUNTS, keys.DEAD_STREAM]
        names += [keys.article(state.id if state else ""), keys.SOURCES, keys.UNMATCHED_STREAM]
        arguments: list[str | int | bytes] = [lease.member, lease.token, lease.host, gap_ms, outcome.name]
        arguments += ["", "", ""] if state is None else [base_revision, _json(state), self._limits.remember_ms]
        arguments += [*_recheck(recheck), outcome.detail[:500], self._limits.keep_ms]
        keep_ms = self._limits.keep_unmatched_ms
        arguments += [clippings.pack(unmatched) if unmatched and keep_ms else "", keep_ms]
        answer: Answer = await self._connection.run("settle", names, arguments)
        return answer

    async def save_robots(self, lease: Lease, *, text: str, unreachable: str, ttl_ms: int, gap_ms: int) -> Answer:
        """Keep a host's robots.txt for `ttl_ms`, or the reason why it is out of reach."""
        names = [*keys.LEASING, keys.queue(lease.host), keys.robots(lease.host)]
        arguments: list[str | int] = [lease.member, lease.token, lease.host, gap_ms, text, unreachable, ttl_ms]
        answer: Answer = await self._connection.run("robots", names, arguments)
        return answer

    async def robots(self, host: str) -> tuple[str, str]:
        """Return a host's robots.txt and why it is out of reach ("" = it is not)."""
        found = await self._connection.ask("HMGET", keys.robots(host), "text", "unreachable")
        return ("", "robots.txt went out of date this moment") if found[0] is None else (found[0], found[1])

    async def pending(self, wish: Wish, ahead_ms: int) -> Pending:
        """Tell what a pass could still wait for, up to `ahead_ms` from now."""
        held = {holding.member: (holding.worker, holding.expires_ms) for holding in await holdings(self._connection)}
        async for page in pages_by_score(self._connection, keys.HOSTS, self.now_ms + ahead_ms):
            next_ms = await self._next_at(page, wish, ahead_ms)
            if next_ms is not None:
                return Pending(next_ms, held)
        return Pending(None, held)

    async def _next_at(self, hosts: Sequence[str], wish: Wish, ahead_ms: int) -> int | None:
        """When work at one of these hosts can be claimed (ms); None: not within `ahead_ms`."""
        depths = dict.fromkeys(hosts, 0)
        while depths:
            names = [keys.CLOCK, keys.HOSTS, keys.ENTRIES, keys.RECHECKS, keys.SOURCES, *map(keys.queue, depths)]
            arguments: list[str | int] = [ahead_ms, *wish.arguments(), LOOKS]
            for host, depth in depths.items():
                arguments += [host, depth]
            next_ms, deeper = await self._connection.run("pending", names, arguments)
            if next_ms >= 0:
                return int(next_ms)
            depths = dict(_pairs(deeper))
        return None

    async def tally(self) -> Tally:
        """Count the books in one step."""
        names = [keys.COUNTS, keys.ENTRIES, keys.LEASES, keys.CLOCK]
        flat, open_entries, leased, now_ms = await self._connection.run("tally", names, [])
        counts = Counter({name: int(value) for name, value in _pairs(flat)})
        announced = counts.pop("announced", 0)
        outcomes = Counter({n.removeprefix("outcome:"): c for n, c in counts.items() if n.startswith("outcome:") and c})
        return Tally(announced, outcomes, open_entries - leased, leased, now_ms)


def _leases(works: Sequence[str]) -> list[Lease]:
    leases = []
    for member, token, stamp, raw in zip(works[::4], works[1::4], works[2::4], works[3::4], strict=True):
        record = _DECODERS[member[0]].decode(raw)
        leases.append(Lease(member, token, record.host, stamp, record))
    return leases


def _recheck(recheck: tuple[PageRecord, int] | None) -> list[str | int]:
    return ["", 0] if recheck is None else [_json(recheck[0]), recheck[1]]


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _pairs(flat: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    """Redis tells mappings as flat lists."""
    return zip(flat[::2], flat[1::2], strict=True)
