"""Does the store get slower as it fills? `python -m benchmarks.scale`.

Stores side by side, each a Valkey of its own: with few sources and entries and with very many, on many hosts and on
one. Workers' calls go to each in turn. What a call costs is what the server says it spent on it (`INFO commandstats`),
the median over many calls: neighbours on the machine make some calls slow, not half of them. Times by the clock are
mostly the client's own.
"""

import argparse
import asyncio
import sys
import time
from collections import defaultdict, deque
from collections.abc import Awaitable, Collection, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import chain, count, islice
from statistics import median
from typing import TypeVar

from benchmarks.samples import CREATED, Invented, read_samples
from benchmarks.server import Server
from crawler.news.outcome import Outcome
from crawler.news.source import SourceState
from crawler.store import keys
from crawler.store.frontier import Frontier, Lease, Wish
from crawler.store.limits import Limits
from crawler.store.records import PageRecord
from crawler.store.schedule import Discovery, batched, new_source

FEW, MANY = 1_000, 1_000_000
PER_HOST = 10  # entries, and sources
DAY_MS = 86_400_000
LIMITS = Limits(lease_ms=DAY_MS)
PROMISED = 2.0  # times what it costs with few

POLLS = 16  # a round
NEW, KNOWN = 8, 24  # entries of a feed
ROUND = POLLS * NEW  # pages a round: as many as are found, so that a store stays as full as it is
HANDS = 32
GROWN_AFTER = 150_000  # calls: Valkey's table of a million moves one of 131,072 buckets with each
CALLS = ("claim", "renew", "discovered", "publish", "settle")

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Size:
    """How full a store is."""

    title: str
    sources: int
    entries: int
    hosts: int


@dataclass(slots=True)
class Costs:
    """What each kind of call cost: the server's share and the time by the clock (microseconds).

    `start_s`: what a start with the same watchlist took, by the clock; `start_server_s`: the server's share.
    """

    server_us: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wall_us: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    start_s: float = 0.0
    start_server_s: float = 0.0

    def forget_calls(self) -> None:
        """Count from here on."""
        self.server_us.clear()
        self.wall_us.clear()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__.partition("\n")[0])
    parser.add_argument("--many", type=int, default=MANY, help="sources and entries of the full stores (%(default)s)")
    parser.add_argument("--rounds", type=int, default=20, help="how often each store has its turn (%(default)s)")
    options = parser.parse_args()
    sizes = [
        Size("few", FEW, FEW, FEW // PER_HOST),
        Size("many", options.many, options.many, options.many // PER_HOST),
        Size("one host, few", FEW, FEW, 1),
        Size("one host, many", options.many, options.many, 1),
    ]
    costs = asyncio.run(measure(sizes, options.rounds))
    print(report(costs, sizes))


async def measure(sizes: Sequence[Size], rounds: int) -> dict[Size, Costs]:
    """Fill a store of each size, then let a worker of each take turns."""
    with ExitStack() as closing:
        benches = [Bench(closing.enter_context(Server()), size) for size in sizes]
        for bench in benches:
            await bench.fill()
        for number in range(rounds + 1):
            print(f"round {number} of {rounds}", file=sys.stderr, flush=True)
            for bench in benches:
                if number == 1:
                    bench.costs.forget_calls()  # the first round warmed up: scripts, connections
                await bench.round()
        for bench in benches:
            await bench.store.close()
        return {bench.size: bench.costs for bench in benches}


class Bench:
    """One store, and the worker whose calls are timed."""

    def __init__(self, server: Server, size: Size) -> None:
        self.size = size
        self.costs = Costs()
        self.store = server.store(LIMITS)
        self._server = server
        self._samples = read_samples()
        self._polls: list[Lease] = []
        self._new = count()
        self._ended: deque[int] = deque(maxlen=KNOWN)
        self._spent_us = 0

    # -- filling

    async def fill(self) -> None:
        """Bring in sources that are not due, entries that wait, and each host's robots.txt."""
        began = time.monotonic()
        sources = [_source(f"host-{number % self.size.hosts}.example", number) for number in range(self.size.sources)]
        self._server.client.set(keys.CLOCK, DAY_MS)
        await self.store.schedule.register(sources)  # due at once, which is tomorrow
        self._server.client.set(keys.CLOCK, 0)
        await self._register_again(sources)
        self._polls = await self._claim_polls()
        for first in range(0, self.size.entries, 1_000):
            await self._discover(min(1_000, self.size.entries - first))
        await self._announce_again()
        await self._save_robots()
        print(f"{self.size.title}: filled in {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)

    async def _register_again(self, sources: Sequence[SourceState]) -> None:
        """The same sources, and those that are to be polled: what a start costs whose watchlist hardly changed."""
        before, began = self._spent(), time.monotonic()
        polled = [_source(f"polled-{number}.example", number) for number in range(POLLS)]
        assert await self.store.schedule.register(chain(sources, polled)) == (POLLS, 0)
        self.costs.start_s = time.monotonic() - began
        self.costs.start_server_s = (self._spent() - before) / 1e6

    async def _announce_again(self) -> None:
        """Let a part of the entries be announced once more: hash tables grow bit by bit with each call, and a store is
        rarely in the midst of that.
        """
        known = range(min(GROWN_AFTER, self.size.entries))
        for first in range(0, len(known), 1_000):
            await self._discover(0, again=known[first : first + 1_000])

    async def _save_robots(self) -> None:
        while True:
            leases = (await self.store.frontier.claim(64, Wish())).leases
            if leases[0].kind != "robots":
                break
            await asyncio.gather(*(self._save(lease) for lease in leases if lease.kind == "robots"))
            await asyncio.gather(*(self._give_back(lease) for lease in leases if lease.kind != "robots"))
        await asyncio.gather(*map(self._give_back, leases))

    async def _save(self, lease: Lease) -> None:
        await self.store.frontier.save_robots(lease, text="", unreachable="", ttl_ms=DAY_MS, gap_ms=0)

    async def _give_back(self, lease: Lease) -> None:
        await self.store.frontier.retry(lease, gap_ms=0)

    # -- a round

    async def round(self) -> None:
        """Poll, and end as many pages as the polls brought."""
        for _ in range(POLLS):
            await self._discover(NEW, again=self._ended)
        done = 0
        while done < ROUND:
            claim = await self._timed("claim", self.store.frontier.claim(HANDS, Wish()))
            await self._timed("renew", self.store.frontier.renew(claim.leases))
            for lease in claim.leases:
                await self._end(lease)
            done += len(claim.leases)

    async def _discover(self, new: int, *, again: Collection[int] = ()) -> None:
        """One poll, which is due again at once."""
        lease = self._polls.pop(0)
        now_ms = self.store.frontier.now_ms
        numbers = [*islice(self._new, new), *again]
        discoveries = [Discovery(self._record(number, lease.source.id, now_ms)) for number in numbers]
        polled = replace(lease.source, polled_ms=now_ms, due_ms=now_ms, polls=1, health="ok")
        call = self.store.schedule.discovered(lease, polled, discoveries, gap_ms=0)
        found = await self._timed("discovered", call)
        assert (found.answer, found.fetch, found.known) == ("OK", new, len(again))
        self._polls.append(await self._claim_poll(lease.host))

    async def _claim_poll(self, host: str) -> Lease:
        """Claim the source of a host that has no other work: who comes new looks first where it is told to."""
        frontier = Frontier(self.store.connection, LIMITS, "poller")
        frontier.hint(host)
        (lease,) = (await frontier.claim(1, Wish())).leases
        assert lease.host == host
        return lease

    async def _claim_polls(self) -> list[Lease]:
        """Claim the sources that are due; their hosts' robots.txt come first."""
        robots = (await self.store.frontier.claim(POLLS, Wish())).leases
        for lease in robots:
            await self._save(lease)
        polls = (await self.store.frontier.claim(POLLS, Wish())).leases
        assert [lease.kind for lease in polls] == ["source"] * POLLS
        return polls

    async def _end(self, lease: Lease) -> None:
        """Publish a page, or settle it, in turns."""
        number, now_ms = int(lease.page.url.rpartition("-")[2]), self.store.frontier.now_ms
        article = self._article(number, lease.page.source)
        state = article.state(now_ms=now_ms)
        if number % 2:
            call = self.store.frontier.settle(lease, Outcome("unmatched"), gap_ms=0, state=state)
            answer = await self._timed("settle", call)
        else:
            call = self.store.frontier.publish(
                lease,
                state,
                base_revision=0,
                event_type=CREATED,
                event=article.event(),
                gap_ms=0,
                recheck=(lease.page, 3_600_000),
            )
            answer = await self._timed("publish", call)
        assert answer == "OK"
        self._ended.append(number)

    def _record(self, number: int, source: str, now_ms: int) -> PageRecord:
        return self._article(number, source).record(now_ms=now_ms)

    def _article(self, number: int, source: str) -> Invented:
        host = f"host-{number % self.size.hosts}.example"
        return Invented(self._samples[number % len(self._samples)], number, host, source)

    # -- the clock

    async def _timed(self, call: str, answer: Awaitable[Result]) -> Result:
        self._spent_us, began = self._spent(), time.perf_counter()
        result = await answer
        self.costs.wall_us[call].append((time.perf_counter() - began) * 1e6)
        self.costs.server_us[call].append(self._spent() - self._spent_us)
        return result

    def _spent(self) -> int:
        """How long the server has worked on scripts and look-ups so far (microseconds)."""
        figures = self._server.info("commandstats")
        return sum(figures[name]["usec"] for name in ("cmdstat_evalsha", "cmdstat_hmget") if name in figures)


def _source(host: str, number: int) -> SourceState:
    url = f"http://{host}/feed-{number}.xml"
    return new_source(f"Outlet {number}", "feed", url, every_ms=900_000, first_look_ms=DAY_MS)


def report(costs: dict[Size, Costs], sizes: Sequence[Size]) -> str:
    """Return a table a pair of sizes, few and many, and whether what we promise holds."""
    lines, worst = [], 0.0
    for few, many in batched(sizes, 2):
        over = "one host" if many.hosts == 1 else f"{many.hosts:,} hosts"
        lines += [
            f"{many.sources:,} sources and {many.entries:,} waiting entries on {over}, beside {few.sources:,} of each",
            f"{'':<12}{'server µs':>22}{'ratio':>8}{'by the clock, ms':>22}{'ratio':>8}",
        ]
        for call in CALLS:
            server = [median(costs[size].server_us[call]) for size in (few, many)]
            wall = [median(costs[size].wall_us[call]) / 1_000 for size in (few, many)]
            worst = max(worst, server[1] / server[0])
            figures = f"{server[0]:>11,.0f}{server[1]:>11,.0f}{server[1] / server[0]:>8.2f}"
            lines.append(f"{call:<12}{figures}{wall[0]:>11.2f}{wall[1]:>11.2f}{wall[1] / wall[0]:>8.2f}")
        start = costs[many]
        lines += [
            f"a start with these sources: {start.start_s:.1f} s, of it the server {start.start_server_s:.1f} s",
            "",
        ]
    kept = "kept" if worst <= PROMISED else "BROKEN"
    lines.append(f"A call costs the server {worst:.2f} times as much at most; {PROMISED:g} is promised: {kept}.")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
