"""The frontier: what waits, who holds it, and how it ends. Each method is one script, whose contract rules."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from crawler.news.outcome import Outcome
from crawler.news.revision import ArticleState
from crawler.news.source import SourceState
from crawler.store import keys
from crawler.store.connection import Connection
from crawler.store.limits import Limits
from crawler.store.records import PageRecord, RobotsRecord

Answer = Literal["OK", "STALE", "CONFLICT", "DEAD"]
Kind = Literal["entry", "recheck", "source", "robots"]

CANDIDATES = 64  # hosts that one claim looks at; enough that a burst of free slots needs no second look

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
    """What a pass could still wait for: the next claimable work (ms, None: nothing) and who holds what until when."""

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


class Frontier:
    """Claims work for one worker and ends it again."""

    def __init__(self, connection: Connection, limits: Limits, worker: str) -> None:
        self._connection = connection
        self._limits = limits
        self.worker = worker
        self.now_ms = 0  # the store's clock at the last claim
        self.expired: list[tuple[str, str]] = []
        self._likely: list[str] = []  # hosts that probably have work: left over from the last claim, or just set free

    def hint(self, host: str) -> None:
        """A host's slot is free again: the next claim looks there first, which saves it a call."""
        if host not in self._likely:
            self._likely.append(host)

    async def claim(self, wanted: int, wish: Wish) -> Claim:
        """Claim up to `wanted` pieces of work, one a host.

        Goes through the due hosts, a batch a call, until enough is found or no due host is left.
        """
        leases: list[Lease] = []
        hosts, self._likely, offset = self._likely[:CANDIDATES], [], 0
        while True:
            names = [keys.CLOCK, keys.HOSTS, keys.SLOTS, keys.LEASES, keys.HOLDERS]
            names += [keys.ENTRIES, keys.RECHECKS, keys.SOURCES, keys.COUNTS]
            for host in hosts:
                names += [keys.queue(host), keys.robots(host)]
            arguments: list[str | int] = [self.worker, wanted - len(leases), self._limits.lease_ms, *wish.arguments()]
            answer = await self._connection.run("claim", names, [*arguments, offset, CANDIDATES, *hosts])
            self.now_ms, works, hosts, passed, wake_ms, expired = answer
            leases += _leases(works)
            offset += passed
            if len(leases) >= wanted or not hosts:
                self._likely = hosts
                self.expired = list(zip(expired[::2], expired[1::2], strict=True))
                return Claim(leases, None if wake_ms < 0 else wake_ms)

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
        counted: bool = False,
        reason: str = "",
        detail: str = "",
        host: str | None = None,
        patch: dict[str, Any] | None = None,
    ) -> Answer:
        """Put work back, not before `wait_ms` from now; `counted`: as a failed attempt, DEAD after the last.

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
        names += [keys.ENTRIES, keys.RECHECKS, keys.COUNTS, keys.article(state.id), keys.ARTICLES_STREAM]
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
    ) -> Answer:
        """End work with any outcome but published; `state` is saved if the page was a version not seen before."""
        names = [*keys.LEASING, keys.queue(lease.host)]
        names += [keys.ENTRIES, keys.RECHECKS, keys.COUNTS, keys.DEAD_STREAM]
        names += [keys.article(state.id if state else "")]
        arguments: list[str | int] = [lease.member, lease.token, lease.host, gap_ms, outcome.name]
        arguments += ["", "", ""] if state is None else [base_revision, _json(state), self._limits.remember_ms]
        arguments += [*_recheck(recheck), outcome.detail[:500], self._limits.keep_ms]
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
        due = await self._connection.ask("ZRANGE", keys.HOSTS, "-inf", self.now_ms + ahead_ms, "BYSCORE")
        names = [keys.CLOCK, keys.HOSTS, keys.LEASES, keys.HOLDERS, keys.ENTRIES, keys.RECHECKS, keys.SOURCES]
        first: list[int] = []
        held: list[Any] = []
        for hosts in _batches(due, 500):
            arguments: list[str | int] = [ahead_ms, *wish.arguments(), *hosts]
            at, held = await self._connection.run("pending", names + [keys.queue(h) for h in hosts], arguments)
            first += [at] if at >= 0 else []
        owners = {m: (w, e) for m, w, e in zip(held[::3], held[1::3], held[2::3], strict=True)}
        return Pending(min(first, default=None), owners)

    async def tally(self) -> Tally:
        """Count the books in one step."""
        names = [keys.COUNTS, keys.ENTRIES, keys.LEASES, keys.CLOCK]
        flat, open_entries, leased, now_ms = await self._connection.run("tally", names, [])
        counts = Counter({name: int(value) for name, value in zip(flat[::2], flat[1::2], strict=True)})
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


def _batches(names: Sequence[str], size: int) -> Iterable[Sequence[str]]:
    """Batches of `names`; one empty batch when there are none, so that leases are asked for all the same."""
    return [names[i : i + size] for i in range(0, len(names), size)] or [[]]
