"""Moving a store: its whole state out into a dump (crawler.store.dumpfile) and into another store.

A dump is consistent or it fails: what any work on the store changes is looked at before and after. Leases of the dead
don't prevent one; they go over as they are, and the other store reaps them.

A store is empty, being loaded, or whole: keys.LOADING is written first and goes last, and until then whoever opens the
store refuses it. A load that was broken off is begun anew by the next. Each command of a load checks that it is still
the one under way, so that two at a time don't mix.

Neither side is patient with an outage. The cursor of a scan means nothing to a server that started anew, and one that
took over may lack what was loaded last: so a load goes on only where the server knows its script, which no restart
survives.
"""

import contextlib
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain
from typing import Any, BinaryIO, TypeAlias, TypeVar

from redis import exceptions

from crawler.news.errors import StoreError
from crawler.store import keys
from crawler.store.connection import Connection, script_text
from crawler.store.dumpfile import (
    Contents,
    Hash,
    Line,
    Reader,
    Set,
    SortedSet,
    Stream,
    StreamEnd,
    String,
    Text,
    Writer,
    plain,
    text,
)

PAGE = 200  # items read at a time; of events, which carry whole articles:
EVENTS = 20
BATCH = 2_000  # arguments sent at a time

STREAMS = (
    keys.ARTICLES_STREAM,
    keys.UNMATCHED_STREAM,
    keys.STORIES_STREAM,
    keys.ALERTS_STREAM,
    keys.DEAD_STREAM,
)

OURS = ("MATCH", keys.PREFIX + "*")

Tell: TypeAlias = Callable[[Contents], None]
Argument: TypeAlias = str | bytes | int
Item = TypeVar("Item")


async def dump(connection: Connection, out: BinaryIO, *, tell: Tell = lambda _: None) -> Contents:
    """Write the whole state of the store; `tell` hears after each line what has gone over.

    Raises:
        StoreError: the store changed meanwhile, has a key that a dump can't carry, or is lost.
        OSError: as `out.write`.
    """
    before = await _fingerprint(connection)
    writer = Writer(out, store=await _server_name(connection), created=datetime.now(UTC))
    async for line in _lines(connection):
        writer.write(line)
        tell(writer.contents)
    if await _fingerprint(connection) != before:
        raise StoreError(
            f"{connection.place}: the store changed while it was dumped, so the dump would not add up. "
            "Stop the crawls and the desk, then dump again."
        )
    writer.end()
    return writer.contents


async def load(connection: Connection, source: Reader, *, tell: Tell = lambda _: None) -> Contents:
    """Fill an empty store, or one into which a load was broken off, with a dump.

    Raises:
        StoreError: the store is not empty, or is lost; or the dump is damaged. What was loaded is removed again; where
            that fails, or the process ends before, the store stays marked.
    """
    filling = _Filling(connection, source)
    await filling.begin()
    try:
        for line in source:
            for command in _commands(line):
                await filling.put(plain(line.key), *command)
            tell(source.contents)
        await filling.end()
    except StoreError:
        with contextlib.suppress(StoreError):
            await filling.abandon()
        raise
    return source.contents


async def _fingerprint(connection: Connection) -> str:
    names = [keys.COUNTS, keys.LEASES, keys.DESK, keys.SOURCES, *STREAMS]
    digest: str = await connection.run("fingerprint", names, [])
    return digest


async def _server_name(connection: Connection) -> str:
    info = await connection.ask("INFO", "server")
    return f"{info.get('server_name', 'redis')} {info.get('valkey_version', info['redis_version'])}"


async def _lines(connection: Connection) -> AsyncIterator[Line]:
    """Yield the whole state of a store, a page at a time."""
    streams: set[bytes] = set()  # few; a scan may name a key twice, and no event can be added twice
    async for name, kind, expires_ms, value in _keys(connection):
        match kind:
            case b"string":
                yield String(key=text(name), expires_ms=expires_ms, value=text(value))
            case b"hash" | b"set" | b"zset":
                async for line in _scanned(connection, name, kind, expires_ms):
                    yield line
            case b"stream":
                if name not in streams:
                    streams.add(name)
                    async for line in _stream(connection, name, expires_ms):
                        yield line
            case _:
                raise StoreError(
                    f"{connection.place}: {name.decode(errors='replace')} is a {kind.decode()}. No key of Storywatch "
                    "is one, and a dump can't carry it. Delete or rename it, then dump again."
                )


async def _keys(connection: Connection) -> AsyncIterator[tuple[bytes, bytes, int | None, bytes]]:
    """Yield each key, its type, when it expires, and its value if that is a plain string."""
    peek = script_text("peek")
    async for names in _pages(connection, "SCAN", after=OURS):
        found = await _ask(connection, "EVAL", peek, len(names), *names)
        for name, (kind, expires_ms, value) in zip(names, found, strict=True):
            if kind != b"none" and name != keys.LOADING.encode():
                yield name, kind, None if expires_ms < 0 else expires_ms, value


async def _scanned(connection: Connection, name: bytes, kind: bytes, expires_ms: int | None) -> AsyncIterator[Line]:
    key = text(name)
    match kind:
        case b"hash":
            async for fields in _pages(connection, "HSCAN", name):
                yield Hash(key=key, expires_ms=expires_ms, items=_pairs(fields))
        case b"set":
            async for members in _pages(connection, "SSCAN", name):
                yield Set(key=key, expires_ms=expires_ms, items=[text(member) for member in members])
        case b"zset":
            async for scored in _pages(connection, "ZSCAN", name):
                items = [(text(member), f"{score:.17g}") for member, score in scored]
                yield SortedSet(key=key, expires_ms=expires_ms, items=items)


async def _stream(connection: Connection, name: bytes, expires_ms: int | None) -> AsyncIterator[Line]:
    key, start = text(name), b"-"
    while page := await _ask(connection, "XRANGE", name, start, "+", "COUNT", EVENTS):
        yield Stream(key=key, expires_ms=expires_ms, items=[(at.decode(), _pairs(fields)) for at, fields in page])
        start = b"(" + page[-1][0]
    about = await _ask(connection, "XINFO STREAM", name)
    yield StreamEnd(
        key=key,
        expires_ms=expires_ms,
        last_id=about["last-generated-id"].decode(),
        entries_added=about["entries-added"],
        max_deleted_id=about["max-deleted-entry-id"].decode(),
        groups=[await _group(connection, name, group) for group in await _ask(connection, "XINFO GROUPS", name)],
    )


async def _group(connection: Connection, stream: bytes, group: dict[str, Any]) -> tuple[Text, str]:
    """Return a consumer group, and after which event it goes on."""
    name, position = group["name"], group["last-delivered-id"].decode()
    if group["pending"]:
        oldest = (await _ask(connection, "XPENDING", stream, name))["min"]  # None: acknowledged since
        position = min(position, just_before(oldest.decode()), key=_numbers) if oldest else position
    return text(name), position


def just_before(stream_id: str) -> str:
    """Return the greatest stream id that is smaller (an id is two 64-bit numbers; "0-0" is none)."""
    ms, sequence = _numbers(stream_id)
    return f"{ms}-{sequence - 1}" if sequence else f"{ms - 1}-{2**64 - 1}"


def _numbers(stream_id: str) -> tuple[int, int]:
    ms, _, sequence = stream_id.partition("-")
    return int(ms), int(sequence)


def _pairs(fields: dict[bytes, bytes]) -> list[tuple[Text, Text]]:
    return [(text(field), text(value)) for field, value in fields.items()]


async def _pages(connection: Connection, scan: str, *key: bytes, after: Sequence[str] = ()) -> AsyncIterator[Any]:
    """Yield the pages of a scan that hold anything."""
    cursor = None
    while cursor != 0:
        cursor, page = await _ask(connection, scan, *key, cursor or 0, *after, "COUNT", PAGE)
        if page:
            yield page


async def _ask(connection: Connection, *command: Argument) -> Any:
    """Run one plain command that reads; its answer has bytes, for not all need be text."""
    execute: Callable[..., Awaitable[Any]] = connection.redis.execute_command
    with _told(connection):
        return await execute(*command, NEVER_DECODE=True)


class _Filling:
    """A store that is being loaded: what is put into it is sent in batches, and checked when it was."""

    def __init__(self, connection: Connection, source: Reader) -> None:
        self._connection = connection
        self._source = source
        self._token = secrets.token_hex(8)
        self._script = ""
        self._pipe = connection.redis.pipeline(transaction=False)
        self._add: Callable[..., object] = self._pipe.execute_command  # which sends nothing before execute()
        self._queued = 0

    async def begin(self) -> None:
        """Mark the store as ours to fill, and remove what a broken-off load has left.

        Raises:
            StoreError: it is not empty, or another load began this moment.
        """
        redis = self._connection.redis
        with _told(self._connection):
            remains = bool(await redis.exists(keys.LOADING))
            if not remains and await _is_used(self._connection):
                raise StoreError(
                    f"{self._connection.place}: the store is not empty, and a load replaces nothing. "
                    "Name an empty one: another REDIS_URL, or another folder as STATE_DIR."
                )
            self._script = await redis.script_load(script_text("load"))
            if not await redis.set(keys.LOADING, self._token, nx=not remains, xx=remains):
                raise self._overtaken()
        if remains:
            await self._clear()

    async def put(self, key: str | bytes, *command: Argument) -> None:
        """Write something: a command, its key apart."""
        self._add("EVALSHA", self._script, 2, keys.LOADING, key, self._token, *command)
        self._queued += len(command)
        if self._queued >= BATCH:
            await self._send()

    async def end(self) -> None:
        """Take the mark away: the store is whole."""
        await self._send()
        await self.put(keys.LOADING, "DEL")
        await self._send()

    async def abandon(self) -> None:
        """Remove what was loaded, and the mark last."""
        self._pipe.command_stack.clear()
        await self._clear()
        await self.end()

    async def _clear(self) -> None:
        async for names in _pages(self._connection, "SCAN", after=OURS):
            for name in names:
                if name != keys.LOADING.encode():
                    await self.put(name, "UNLINK")
        await self._send()

    async def _send(self) -> None:
        self._queued = 0
        with _told(self._connection):
            answers = await self._pipe.execute(raise_on_error=False)
        for answer in answers:
            if isinstance(answer, exceptions.NoScriptError):
                raise StoreError(
                    f"{self._connection.place}: the server started anew or another took over. It may lack what was "
                    "loaded last: load again."
                )
            if isinstance(answer, Exception):
                raise self._source.broken(
                    f"the store refused this or something shortly before ({answer})",
                    "If it is full, give it more memory or disk and load again. Else load another copy of the dump.",
                ) from answer
            if answer == "STALE":
                raise self._overtaken()

    def _overtaken(self) -> StoreError:
        return StoreError(f"{self._connection.place}: another load has begun on this store. Wait for its end.")


def _commands(line: Line) -> Iterator[tuple[Argument, ...]]:
    """Yield what puts a line into the store: commands less their key."""
    match line:
        case String():
            yield "SET", plain(line.value), *(() if line.expires_ms is None else ("PXAT", line.expires_ms))
        case Hash():
            for pairs in _split(line.items):
                yield "HSET", *map(plain, chain.from_iterable(pairs))
        case Set():
            for members in _split(line.items):
                yield "SADD", *map(plain, members)
        case SortedSet():
            for scored in _split(line.items):
                yield "ZADD", *chain.from_iterable((score, plain(member)) for member, score in scored)
        case Stream():
            for stream_id, fields in line.items:
                yield "XADD", stream_id, *map(plain, chain.from_iterable(fields))
        case StreamEnd():
            yield "XGROUP CREATE", "-", "0", "MKSTREAM"  # the one way to make a stream that may be without events
            yield "XGROUP DESTROY", "-"
            yield "XSETID", line.last_id, "ENTRIESADDED", line.entries_added, "MAXDELETEDID", line.max_deleted_id
            for name, position in line.groups:
                yield "XGROUP CREATE", plain(name), position
    if line.expires_ms is not None and not isinstance(line, String):
        yield "PEXPIREAT", line.expires_ms


def _split(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Split what one command can't take: Lua's limit is some 8,000 arguments, and a scan gives small keys whole."""
    for start in range(0, len(items), PAGE):
        yield items[start : start + PAGE]


async def _is_used(connection: Connection) -> bool:
    async for _ in _pages(connection, "SCAN", after=OURS):
        return True
    return False


@contextlib.contextmanager
def _told(connection: Connection) -> Iterator[None]:
    """Turn what a client raises into our own error."""
    try:
        yield
    except exceptions.RedisError as error:
        raise StoreError(f"{connection.place}: {error}. See that it is up and stays so, then begin again.") from error
