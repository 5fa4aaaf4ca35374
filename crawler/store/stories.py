"""What the desk has in the store: who holds it, how far it has read, its stories, and the alerts it owes.

The desk is the only writer here, one process at a time, and all it decides is written by one script (desk_write.lua).
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import msgspec

from crawler.store import keys
from crawler.store.clock import Clock
from crawler.store.connection import Connection
from crawler.store.limits import Limits
from crawler.store.paging import fields

BATCH = 500  # features or stories a read
REMEMBER_MS = 30 * 86_400_000  # at least: twice as long as an article may join a story (crawler.desk.placing.WINDOW)


@dataclass(slots=True)
class Hold:
    """The desk, in our hands.

    Attributes:
        fence: the token that proves it.
        offset: position in the articles' stream of the last event that is done.
    """

    fence: int
    offset: str


@dataclass(frozen=True, slots=True)
class Occupied:
    """The desk, in another's hands until its lease ends (store's clock, ms), unless that is renewed."""

    holder: str
    until_ms: int


@dataclass(slots=True)
class Changes:
    """What the desk decided, to be written in one step. Stories, alerts and events are JSON texts.

    Attributes:
        stories: by story id.
        events: (type, event) for the stream of stories; alerts: for that of alerts.
        features: of articles, by id; forgotten: articles whose features go.
        outbox: alerts owed, by id; "" removes one.
        dead: (articleId, reason, detail, event) of what could not be processed.
    """

    stories: list[tuple[str, str]] = field(default_factory=list)
    events: list[tuple[str, str]] = field(default_factory=list)
    alerts: list[tuple[str, str]] = field(default_factory=list)
    features: list[tuple[str, str]] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    outbox: list[tuple[str, str]] = field(default_factory=list)
    dead: list[tuple[str, str, str, str]] = field(default_factory=list)


class StaleError(Exception):
    """Somebody else has the desk: nothing was written, and nothing more may be."""


class Stories:
    """Reads and writes the desk's state. `clock` is the store's, as of the last answer."""

    def __init__(self, connection: Connection, limits: Limits, name: str) -> None:
        self._connection = connection
        self._limits = limits
        self.name = name
        self.clock = Clock()

    # -- holding the desk

    async def claim(self) -> Hold | Occupied:
        """Take the desk, unless somebody has it."""
        arguments: list[str | int] = [self.name, self._limits.lease_ms]
        fence, what, ms = await self._connection.run("desk_claim", [keys.CLOCK, keys.DESK], arguments)
        if not fence:
            return Occupied(what, ms)
        self.clock.set(ms)
        return Hold(fence, what)

    async def renew(self, hold: Hold) -> None:
        """Keep the desk.

        Raises:
            StaleError: it is another's.
        """
        await self._renew(hold, self._limits.lease_ms)

    async def release(self, hold: Hold) -> None:
        """Give the desk back; the next may have it at once.

        Raises:
            StaleError: it is another's.
        """
        await self._renew(hold, 0)

    async def _renew(self, hold: Hold, lease_ms: int) -> None:
        status, now_ms = await self._connection.run("desk_renew", [keys.CLOCK, keys.DESK], [hold.fence, lease_ms])
        self._heed(status, now_ms)

    async def write(self, hold: Hold, changes: Changes, *, offset: str | None = None) -> None:
        """Write `changes`, and that all up to `offset` is done (None: no further than before).

        Raises:
            StaleError: the desk is another's; nothing was written.
        """
        names = [keys.CLOCK, keys.DESK, keys.STORIES_STREAM, keys.ALERTS_STREAM]
        names += [keys.FEATURES, keys.OUTBOX, keys.STORY_TIMES, keys.DEAD_STREAM]
        names += [keys.story(story_id) for story_id, _ in changes.stories]
        after = offset or hold.offset
        remember_ms = max(self._limits.remember_ms, REMEMBER_MS)
        arguments: list[str | int] = [hold.fence, hold.offset, after, self._limits.keep_ms, remember_ms]
        arguments.append(msgspec.json.encode(changes).decode())
        status, now_ms = await self._connection.run("desk_write", names, arguments)
        if status == "STALE" and await self._is_done(hold, after):
            status = "OK"  # done the first time; its reply was lost
        self._heed(status, now_ms)
        hold.offset = after

    async def _is_done(self, hold: Hold, after: str) -> bool:
        fence, offset = await self._connection.ask("HMGET", keys.DESK, "fence", "offset")
        return bool(fence == str(hold.fence) and offset == after)

    def _heed(self, status: str, now_ms: int) -> None:
        self.clock.set(now_ms)
        if status == "STALE":
            raise StaleError

    # -- reading

    async def story(self, story_id: str) -> str | None:
        """Return a story's JSON, or None."""
        text: str | None = await self._connection.ask("GET", keys.story(story_id))
        return text

    async def recent(self, since_ms: int = 0) -> AsyncIterator[str]:
        """Yield the JSON of every story that was written since then, the last one first."""
        ids = await self._connection.ask("ZRANGE", keys.STORY_TIMES, "+inf", since_ms, "BYSCORE", "REV")
        for start in range(0, len(ids), BATCH):
            for text in await self._connection.ask("MGET", *map(keys.story, ids[start : start + BATCH])):
                if text is not None:
                    yield text

    async def features(self) -> AsyncIterator[tuple[str, str]]:
        """Yield (articleId, features) of every article that the index was made of."""
        async for page in fields(self._connection, keys.FEATURES):
            for article_id, text in page.items():
                yield article_id, text

    async def outbox(self) -> dict[str, str]:
        """Return the alerts owed, JSON by id."""
        found: dict[str, str] = await self._connection.ask("HGETALL", keys.OUTBOX)
        return found
