"""Reading the streams: events for people and programs, and the dead."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import msgspec

from crawler.news.urls import host_of
from crawler.store import keys
from crawler.store.connection import Connection
from crawler.store.frontier import Answer
from crawler.store.records import PageRecord

PAGE = 200  # stream entries a read

EVENT_STREAMS = (keys.ARTICLES_STREAM, keys.STORIES_STREAM)


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One event of a stream: its position there, its type and the CloudEvent as JSON text."""

    stream: str
    position: str
    type: str
    event: str


@dataclass(frozen=True, slots=True)
class Dead:
    """What was given up: where it stands, why, and what is needed to try it again.

    Attributes:
        record: of an entry; None: it is an article's event that the desk failed on.
        event: that event's JSON, or "".
    """

    position: str
    id: str
    reason: str
    detail: str
    record: PageRecord | None
    event: str = ""


class Streams:
    """Reads events and the dead, oldest first."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def events(self, *, follow: bool = False) -> AsyncIterator[StoredEvent]:
        """Yield the events of all streams, oldest first; with `follow`, go on as they come."""
        last = dict.fromkeys(EVENT_STREAMS, "0-0")
        while True:
            batch = await self._next(last, block_ms=1000 if follow else None)
            if not batch and not follow:
                return
            for event in batch:
                last[event.stream] = event.position
                yield event

    async def _next(self, last: dict[str, str], *, block_ms: int | None) -> list[StoredEvent]:
        """Read on from `last`: what all streams hold up to the point that each of them has been read to."""
        wait: list[str | int] = [] if block_ms is None else ["BLOCK", block_ms]
        found = await self._connection.ask("XREAD", "COUNT", PAGE, *wait, "STREAMS", *last.keys(), *last.values())
        pages: dict[str, list[tuple[str, dict[str, str]]]] = dict(found or ())
        # A full page may be continued by events older than another stream's last: take only what is surely in order.
        ends = [_order(page[-1][0]) for page in pages.values() if len(page) == PAGE]
        events = [
            StoredEvent(stream, position, fields["type"], fields["event"])
            for stream, page in pages.items()
            for position, fields in page
            if not ends or _order(position) <= min(ends)
        ]
        return sorted(events, key=lambda event: _order(event.position))

    async def articles(self, after: str, *, most: int) -> list[StoredEvent]:
        """Return the article events behind a position ("0-0": from the start), oldest first, `most` at once."""
        page = await self._connection.ask("XRANGE", keys.ARTICLES_STREAM, f"({after}", "+", "COUNT", most)
        return [StoredEvent(keys.ARTICLES_STREAM, at, fields["type"], fields["event"]) for at, fields in page]

    async def alerts(self) -> AsyncIterator[StoredEvent]:
        """Yield what became of each alert, oldest first."""
        after = "0-0"
        while page := await self._connection.ask("XRANGE", keys.ALERTS_STREAM, f"({after}", "+", "COUNT", PAGE):
            for after, fields in page:
                yield StoredEvent(keys.ALERTS_STREAM, after, fields["type"], fields["event"])

    async def dead(self) -> AsyncIterator[Dead]:
        """Yield what was given up, oldest first."""
        after = "-"
        while True:
            page = await self._connection.ask("XRANGE", keys.DEAD_STREAM, after, "+", "COUNT", PAGE)
            for position, fields in page:
                record = msgspec.json.decode(fields["record"], type=PageRecord) if "record" in fields else None
                yield Dead(position, fields["id"], fields["reason"], fields["detail"], record, fields.get("event", ""))
            if len(page) < PAGE:
                return
            after = f"({page[-1][0]}"

    async def revive(self, dead: Dead) -> Answer | str:
        """Give a dead entry another chance: "OK", "OPEN": it has one already, or "GONE": it is not dead any more.

        "EVENT": it is an event that the desk failed on; the desk sees the article again when it is edited.
        """
        if dead.record is None:
            return "EVENT"
        record = msgspec.structs.replace(
            dead.record, attempts=0, deaths=0, hops=0, visit=None, host=host_of(dead.record.url)
        )
        names = [keys.CLOCK, keys.HOSTS, keys.SLOTS, keys.queue(record.host)]
        names += [keys.ENTRIES, keys.COUNTS, keys.DEAD_STREAM]
        arguments = [dead.position, dead.id, record.host, dead.reason, msgspec.json.encode(record).decode()]
        answer: str = await self._connection.run("revive", names, arguments)
        return answer


def _order(position: str) -> tuple[int, int]:
    ms, number = position.split("-")
    return int(ms), int(number)
