"""The backlog: who is behind and why. Only looks, and goes through a million hosts a page at a time.

While it looks the work goes on, so its figures are of slightly different moments; the books alone (Frontier.tally) are
of one.
"""

import heapq
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from crawler.store import keys
from crawler.store.connection import Connection
from crawler.store.holdings import Holding, holdings
from crawler.store.paging import PAGE, pages
from crawler.store.schedule import batched

LOOKS = 2000  # pieces of work that one call counts, a few milliseconds of the store's time

AGES_MS = (60_000, 600_000, 3_600_000, 86_400_000)  # upper bounds of the age classes; the last class has none


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits of one kind: due since how long (by age class: AGES_MS, and older), and not due yet."""

    ages: tuple[int, ...]
    later: int

    @property
    def due(self) -> int:
        """How much could be taken now, were its host free."""
        return sum(self.ages)


@dataclass(frozen=True, slots=True)
class HostLine:
    """How a host is.

    Attributes:
        waiting: pieces of work that are due.
        oldest_ms: since when the oldest of them is; None: none is.
        pace_ms: how long a piece takes from claim to end, a mean of the last few; None: none has ended yet.
        next_ms: when its next work can be claimed; None: all it has is in hand.
        busy: a page or poll of it is under way.
    """

    host: str
    waiting: int
    oldest_ms: int | None
    pace_ms: int | None
    next_ms: int | None
    busy: bool


@dataclass(frozen=True, slots=True)
class WorkerLine:
    """What a worker holds: how much, how much of it is expired, since when the longest, until when the last of it."""

    worker: str
    in_hand: int
    expired: int
    since_ms: int
    expires_ms: int

    @property
    def is_dead(self) -> bool:
        """A living worker renews its leases long before they expire."""
        return self.expired == self.in_hand


@dataclass(frozen=True, slots=True)
class Backlog:
    """All of it. `hosts`: how many have work that is due; `longest`, `slowest`: the worst first."""

    entries: Waiting
    rechecks: Waiting
    polls: Waiting
    hosts: int
    longest: list[HostLine]
    slowest: list[HostLine]
    workers: list[WorkerLine]


async def survey(
    connection: Connection, now_ms: int, *, top: int, progress: Callable[[int], None] = lambda _hosts: None
) -> Backlog:
    """Look at everything that waits and everything in hand.

    Args:
        now_ms: by the store's clock.
        top: how many hosts to name, by backlog and by pace.
        progress: told now and then how many hosts were looked at.

    Raises:
        StoreError: the store is out of reach.
    """
    held = await holdings(connection)
    sweep = _Sweep(connection, top)
    async for page in pages(connection, keys.HOSTS):
        await sweep.add(list(page))
        progress(sweep.looked)
    slowest = await connection.ask("ZRANGE", keys.PACE, 0, top - 1, "REV") if top else []
    entries, rechecks, polls = map(tuple, batched(sweep.counts, len(AGES_MS) + 1))
    return Backlog(
        Waiting(entries, await _later(connection, keys.ENTRIES, "e", held, sum(entries))),
        Waiting(rechecks, await _later(connection, keys.RECHECKS, "a", held, sum(rechecks))),
        Waiting(polls, await _later(connection, keys.SOURCES, "s", held, sum(polls))),
        hosts=sweep.hosts,
        longest=await _lines(connection, [host for _, host in sweep.longest]),
        slowest=await _lines(connection, slowest),
        workers=_workers(held, now_ms),
    )


@dataclass(slots=True)
class _Sweep:
    """Counts page after page of hosts, and keeps those with the most work."""

    connection: Connection
    top: int
    looked: int = 0
    hosts: int = 0
    counts: list[int] = field(default_factory=lambda: [0] * 3 * (len(AGES_MS) + 1))
    longest: list[tuple[int, str]] = field(default_factory=list)  # minus how much is due, host; the longest first

    async def add(self, hosts: list[str]) -> None:
        """Count what is due at these hosts."""
        depths = dict.fromkeys(hosts, 0)
        waiting: dict[str, int] = {}
        while depths:
            names = [keys.CLOCK, *map(keys.queue, depths)]
            arguments = [LOOKS, len(AGES_MS), *AGES_MS, *depths.values()]
            due, counts, left_at = await self.connection.run("backlog", names, arguments)
            self.counts = [sum(pair) for pair in zip(self.counts, counts, strict=True)]
            waiting = dict(zip(depths, due, strict=True)) | waiting  # as it was at the first look
            depths = {host: depth for host, depth in zip(depths, left_at, strict=True) if depth >= 0}
        self.looked += len(hosts)
        self.hosts += sum(map(bool, waiting.values()))
        fresh = [(-due, host) for host, due in waiting.items() if due]
        self.longest = heapq.nsmallest(self.top, self.longest + fresh)


async def _later(connection: Connection, key: str, kind: str, held: Iterable[Holding], due: int) -> int:
    """Return how many of a kind are neither due nor in hand."""
    known: int = await connection.ask("HLEN", key)
    return max(0, known - sum(holding.member.startswith(kind) for holding in held) - due)


async def _lines(connection: Connection, hosts: Sequence[str]) -> list[HostLine]:
    lines = []
    for batch in batched(hosts, PAGE):
        names = [keys.CLOCK, keys.HOLDERS, keys.HOSTS, keys.PACE, *map(keys.queue, batch)]
        figures = iter(await connection.run("hosts", names, batch))
        for host, (waiting, oldest, pace, next_ms, busy) in zip(batch, zip(*[figures] * 5, strict=True), strict=True):
            lines.append(HostLine(host, waiting, _known(oldest), _known(pace), _known(next_ms), bool(busy)))
    return lines


def _known(figure: int) -> int | None:
    return None if figure < 0 else figure


def _workers(held: Iterable[Holding], now_ms: int) -> list[WorkerLine]:
    """By worker, the one that has held something longest first."""
    theirs: dict[str, list[Holding]] = {}
    for holding in held:
        theirs.setdefault(holding.worker, []).append(holding)
    lines = [
        WorkerLine(
            worker,
            in_hand=len(holdings),
            expired=sum(holding.expires_ms <= now_ms for holding in holdings),
            since_ms=min(holding.since_ms for holding in holdings),
            expires_ms=max(holding.expires_ms for holding in holdings),
        )
        for worker, holdings in theirs.items()
    ]
    return sorted(lines, key=lambda line: (line.since_ms, line.worker))
