"""The schedule: which sources there are and when each is polled next."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

import msgspec

from crawler.news.source import SourceState
from crawler.news.urls import host_of, url_id
from crawler.store import keys
from crawler.store.connection import Connection
from crawler.store.frontier import Answer, Lease
from crawler.store.limits import Limits
from crawler.store.records import PageRecord

BATCH = 500  # sources a script call; a million take 2,000 calls

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Discovery:
    """An entry that a poll brought: its record, and "fetch" or the outcome that it has at once."""

    record: PageRecord
    fate: str = "fetch"


@dataclass(frozen=True, slots=True)
class Discovered:
    """What became of a poll's entries: those to fetch, those that were new and had their outcome at once, the known."""

    answer: Answer
    fetch: int
    ended: int
    known: int


def new_source(outlet: str, kind: str, url: str, *, every_ms: int, first_look_ms: int) -> SourceState:
    """Return the state of a source that was never polled. Its identity is the watchlist's address."""
    return SourceState(
        id=url_id(url),
        outlet=outlet,
        kind=kind,
        url=url,
        host=host_of(url),
        every_ms=every_ms,
        first_look_ms=first_look_ms,
    )


class Schedule:
    """Keeps sources in step with the watchlist, and takes in what their polls bring."""

    def __init__(self, connection: Connection, limits: Limits) -> None:
        self._connection = connection
        self._limits = limits

    async def sources(self) -> dict[str, SourceState]:
        """Return every source by its id."""
        raw: dict[str, str] = await self._connection.ask("HGETALL", keys.SOURCES)
        return {name: msgspec.json.decode(text, type=SourceState) for name, text in raw.items()}

    async def register(self, wanted: Iterable[SourceState]) -> tuple[int, int]:
        """Bring the schedule in step with the watchlist; return how many sources are new, how many forgotten."""
        known = await self.sources()
        wanted = list(wanted)
        kept = {source.id for source in wanted}
        new = await self._add(wanted, known)
        gone = [source for source in known.values() if source.id not in kept]
        return new, await self._forget(gone)

    async def _add(self, sources: Iterable[SourceState], known: Mapping[str, SourceState]) -> int:
        """Give sources their place, and tell known ones what the watchlist says of them; return how many are new.

        New ones are due at once: a new user wants news now, and politeness holds per host anyway.
        """
        new = 0
        for batch in batched(sources, BATCH):
            names = [keys.CLOCK, keys.HOSTS, keys.SLOTS, keys.SOURCES]
            arguments: list[str | int] = []
            for source in batch:
                host = known[source.id].host if source.id in known else source.host
                names.append(keys.queue(host))
                arguments += [source.id, host, msgspec.json.encode(source).decode(), 0]
            new += await self._connection.run("register", names, arguments)
        return new

    async def _forget(self, gone: Sequence[SourceState]) -> int:
        forgotten = 0
        for batch in batched(gone, BATCH):
            names = [keys.HOSTS, keys.SLOTS, keys.SOURCES, keys.LEASES, keys.HOLDERS]
            names += [keys.queue(source.host) for source in batch]
            arguments = [part for source in batch for part in (source.id, source.host)]
            forgotten += await self._connection.run("forget", names, arguments)
        return forgotten

    async def discovered(
        self, lease: Lease, state: SourceState, discoveries: Sequence[Discovery], *, gap_ms: int, goes_on: bool = False
    ) -> Discovered:
        """End a poll: entries, validators and next due time in one step. A failed poll brings no entries.

        `goes_on`: the poll has more to read, so it is due at once, whatever the state says.
        """
        hosts = {host: at for at, host in enumerate(dict.fromkeys(d.record.host for d in discoveries), start=1)}
        names = [*keys.LEASING]
        names += [keys.ENTRIES, keys.RECHECKS, keys.SOURCES, keys.COUNTS, keys.SEEN, keys.SEEN_OLD]
        names += [keys.queue(lease.host), keys.queue(state.host), *map(keys.queue, hosts)]
        arguments: list[str | int] = [lease.member, lease.token, lease.host, gap_ms]
        arguments += [
            msgspec.json.encode(state).decode(),
            state.host,
            0 if goes_on else state.due_ms,
            self._limits.seen_ms,
        ]
        arguments += [len(hosts), *hosts]
        for discovery in discoveries:
            record = discovery.record
            text = msgspec.json.encode(record).decode() if discovery.fate == "fetch" else ""
            arguments += [record.id, hosts[record.host], discovery.fate, record.mark, text]
        return Discovered(*await self._connection.run("discovered", names, arguments))


def batched(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Lists of up to `size` items (itertools.batched comes with Python 3.12)."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
