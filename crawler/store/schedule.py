"""The schedule: which sources there are and when each is polled next."""

import logging
import time
from collections.abc import AsyncIterator, Collection, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count, islice
from typing import TypeVar

import msgspec

from crawler.discovery.coverage import Found, read_found
from crawler.news.source import SourceState
from crawler.news.urls import host_of, url_id
from crawler.store import keys
from crawler.store.connection import Connection
from crawler.store.frontier import Answer, Lease
from crawler.store.limits import Limits
from crawler.store.paging import fields
from crawler.store.records import PageRecord

logger = logging.getLogger(__name__)

BATCH = 500  # sources a call; a million take 2,000 calls
SPREAD_MS = 1_000  # between the first polls of new sources, so that a large watchlist does not begin with a burst
PLANNED = "its first poll, spread among those of others"
FOUND_PERIOD_MS = 7 * 86_400_000  # what sources found is compared over this period and the one before
TELL_EVERY_S = 5.0  # of a watchlist so large that bringing the schedule in step takes a while

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Discovery:
    """An entry that a poll brought: its record, and "fetch" or the outcome that it has at once."""

    record: PageRecord
    fate: str = "fetch"


@dataclass(frozen=True, slots=True)
class Discovered:
    """What became of a poll's entries: those to fetch, those that were new and had their outcome at once, the known.

    `twin` is the id of the watched source onto which this one redirects, or "".
    """

    answer: Answer
    fetch: int
    ended: int
    known: int
    twin: str


_decoder = msgspec.json.Decoder(SourceState)


def new_source(
    outlet: str, kind: str, url: str, *, every_ms: int, first_look_ms: int, longest_ms: int = 0
) -> SourceState:
    """Return the state of a source that was never polled. Its identity is the watchlist's address.

    `longest_ms` is the most time between two polls that a rare source leads to; at least `every_ms`.
    """
    return SourceState(
        id=url_id(url),
        outlet=outlet,
        kind=kind,
        url=url,
        host=host_of(url),
        every_ms=every_ms,
        longest_ms=max(every_ms, longest_ms),
        first_look_ms=first_look_ms,
    )


class Schedule:
    """Keeps sources in step with the watchlist, and takes in what their polls bring."""

    def __init__(self, connection: Connection, limits: Limits) -> None:
        self._connection = connection
        self._limits = limits

    async def sources(self) -> AsyncIterator[SourceState]:
        """Yield every source, in no order. One may come twice if sources come or go meanwhile (HSCAN)."""
        async for page in self._pages():
            for source in page:
                yield source

    async def register(
        self, wanted: Iterable[SourceState], *, spread: bool = False, forget: bool = True
    ) -> tuple[int, int]:
        """Bring the schedule in step with the watchlist; return how many sources are new, how many forgotten.

        Without `forget` what is missing is added, and no source forgotten: another's watchlist may be newer.

        New sources are due at once. With `spread` they are a second apart, and all within their interval: else many of
        them would be polled in a burst, now and ever after. Politeness holds per host in any case.

        Goes through the watchlist a batch at a time and writes only what it changed, so that a start with the same
        watchlist costs little: a million known sources take 5 s, the server less than one (benchmarks/scale.py).
        """
        new, kept, progress = 0, set[str](), _Progress()
        for batch in batched(wanted, BATCH):
            new += await self._add(batch, begun=new if spread else None)
            kept.update(source.id for source in batch)
            progress.tell("%d sources of the watchlist looked up", len(kept))
        if not forget or await self._connection.ask("HLEN", keys.SOURCES) == len(kept):
            return new, 0  # all of these are there by now: where there are as many, there are no others
        return new, await self._forget_all_but(kept, progress)

    async def _add(self, sources: Sequence[SourceState], *, begun: int | None) -> int:
        """Give sources their place, and tell known ones what the watchlist says of them; return how many are new.

        `begun`: how many new ones stand before these; None: all are due at once.
        """
        texts = await self._connection.ask("HMGET", keys.SOURCES, *(source.id for source in sources))
        found = [_decode(text) if text else None for text in texts]
        names = [keys.CLOCK, keys.HOSTS, keys.SLOTS, keys.SOURCES]
        arguments: list[str | int] = []
        strangers = count(begun or 0)
        for source, known in zip(sources, found, strict=True):
            if known and _on_watchlist(known) == _on_watchlist(source):
                continue
            host = known.host if known else source.host
            names.append(keys.queue(host))
            first_ms = 0 if known or begun is None else next(strangers) * SPREAD_MS % source.every_ms
            planned = replace(source, why=PLANNED if first_ms else "")
            arguments += [source.id, host, msgspec.json.encode(planned).decode(), first_ms]
        new: int = await self._connection.run("register", names, arguments) if arguments else 0
        if begun is None:
            await self.hasten([known for known in found if known and known.why == PLANNED], "a single pass takes it")
        return new

    async def _forget_all_but(self, kept: Container[str], progress: "_Progress") -> int:
        forgotten = 0
        async for page in self._pages():
            gone = [source for source in page if source.id not in kept]
            if gone:
                forgotten += await self._forget(gone)
            lonely = [source for source in page if source.id in kept and source.twin and source.twin not in kept]
            await self.hasten(lonely, "the source that it was the same as left the watchlist")
            progress.tell("%d sources that are no longer on the watchlist forgotten", forgotten)
        return forgotten

    async def _forget(self, gone: Sequence[SourceState]) -> int:
        names = [*keys.LEASING, keys.SOURCES, keys.ADDRESSES]
        names += [keys.queue(source.host) for source in gone]
        arguments = [part for source in gone for part in (source.id, source.host)]
        forgotten: int = await self._connection.run("forget", names, arguments)
        return forgotten

    async def found(self, outlet: str, now_ms: int) -> list[Found]:
        """Return what the sources of an outlet found in this period and the one before, oldest first."""
        texts: dict[str, str] = {}
        for name in _found_keys(outlet, now_ms):
            async for page in fields(self._connection, name):
                texts |= page
        return sorted(read_found(texts.values()), key=lambda entry: entry.first_ms)

    async def rests(self, hosts: Collection[str]) -> dict[str, int]:
        """Return until when hosts are left alone that have had enough for now, or are asked for something (ms)."""
        until = await self._connection.ask("ZMSCORE", keys.SLOTS, *hosts) if hosts else []
        return {host: int(ms) for host, ms in zip(hosts, until, strict=True) if ms is not None}

    async def hasten(self, sources: Sequence[SourceState], why: str) -> int:
        """Make sources due now that wait for their time; return how many. Those being polled are left alone."""
        if not sources:
            return 0
        names = [keys.CLOCK, keys.HOSTS, keys.SLOTS, keys.SOURCES, *(keys.queue(source.host) for source in sources)]
        arguments = [why, *(part for source in sources for part in (source.id, source.host))]
        hastened: int = await self._connection.run("hasten", names, arguments)
        return hastened

    async def _pages(self) -> AsyncIterator[list[SourceState]]:
        """Yield all sources, some hundreds at once. Those that stay are not missed while others are forgotten."""
        async for page in fields(self._connection, keys.SOURCES):
            yield [_decode(text) for text in page.values()]

    async def discovered(
        self,
        lease: Lease,
        state: SourceState,
        discoveries: Sequence[Discovery],
        *,
        gap_ms: int,
        goes_on: bool = False,
        compared: bool = False,
    ) -> Discovered:
        """End a poll: entries, validators and next due time in one step. A failed poll brings no entries.

        Args:
            goes_on: the poll has more to read, so it is due at once, whatever the state says.
            compared: the outlet has further sources; which of them found what first is noted.
        """
        hosts = {host: at for at, host in enumerate(dict.fromkeys(d.record.host for d in discoveries), start=1)}
        names = [*keys.LEASING]
        names += [keys.ENTRIES, keys.RECHECKS, keys.SOURCES, keys.COUNTS, keys.SEEN, keys.SEEN_OLD]
        names += [keys.ADDRESSES, *_found_keys(lease.source.outlet, state.polled_ms)]
        names += [keys.queue(lease.host), keys.queue(state.host), *map(keys.queue, hosts)]
        arguments: list[str | int] = [lease.member, lease.token, lease.host, gap_ms]
        arguments += [
            msgspec.json.encode(state).decode(),
            state.host,
            "" if goes_on else state.due_ms,
            self._limits.seen_ms,
            2 * FOUND_PERIOD_MS if compared else 0,
            max(state.due_ms, state.polled_ms + state.longest_ms),
        ]
        arguments += [len(hosts), *hosts]
        for discovery in discoveries:
            record = discovery.record
            text = msgspec.json.encode(record).decode() if discovery.fate == "fetch" else ""
            arguments += [record.id, hosts[record.host], discovery.fate, record.mark, text]
        return Discovered(*await self._connection.run("discovered", names, arguments))


def _decode(text: str) -> SourceState:
    return _decoder.decode(text)


def _on_watchlist(source: SourceState) -> tuple[str, str, int, int, int]:
    """What the watchlist and the settings say of a source (take_over in scripts/_common.lua)."""
    return source.outlet, source.kind, source.every_ms, source.longest_ms, source.first_look_ms


def _found_keys(outlet: str, now_ms: int) -> tuple[str, str]:
    """What sources of an outlet found in this period, and in the one before."""
    period = now_ms // FOUND_PERIOD_MS
    return keys.found(outlet, period), keys.found(outlet, period - 1)


class _Progress:
    """Logs how far a long job is, every few seconds."""

    def __init__(self) -> None:
        self._told = time.monotonic()

    def tell(self, message: str, number: int) -> None:
        """Log a message with a number in it, unless one was logged just now."""
        if time.monotonic() - self._told >= TELL_EVERY_S:
            self._told = time.monotonic()
            logger.info(message, number)


def batched(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Lists of up to `size` items (itertools.batched comes with Python 3.12)."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
