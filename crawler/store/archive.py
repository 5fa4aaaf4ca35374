"""The archive: all articles that the store still has, published or not, for queries to be tried on.

Published ones stand in the stream of events (KEEP_EVENTS), the others in a stream of clippings (KEEP_UNMATCHED). Both
are read backwards, a page at a time, and merged by their positions, which are the times at which they came into the
store. So the first that is met of an article is its newest revision; one that met no topic and was published later is
a published one.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import msgspec

from crawler.news.article import Article
from crawler.store import clippings, keys
from crawler.store.connection import Connection

# Entries read at a time. Usual ones are 1 to 3 kB; a page of the largest clippings is some 10 MB.
PAGE = 100

STREAMS = (keys.ARTICLES_STREAM, keys.UNMATCHED_STREAM)
REMOVED = "storywatch.article.removed"


@dataclass(frozen=True, slots=True)
class Kept:
    """An article in the newest revision that the store has: what a query sees of it, and which one it is.

    Attributes:
        seen_ms: when this revision came into the store (its clock, since 1970).
        published: it stands in the stream of events; else it met no topic.
    """

    article: Article
    seen_ms: int
    published: bool


class _Event(msgspec.Struct):
    """What we read of an article's event."""

    type: str
    subject: str
    data: msgspec.Raw


@dataclass(frozen=True, slots=True)
class _Entry:
    """One revision in one of the streams. `raw`: its clipping, or the event's data; None: the article was removed."""

    position: tuple[int, int]
    published: bool
    article_id: str
    raw: bytes | msgspec.Raw | None

    def age(self) -> tuple[tuple[int, int], bool]:
        """What puts entries of both streams in order; of two of the same moment the published one is the newer."""
        return self.position, self.published

    def kept(self) -> Kept | None:
        """Unpack it; None: the article was removed."""
        if self.raw is None:
            return None
        article = _articles.decode(self.raw) if self.published else clippings.unpack(bytes(self.raw), self.article_id)
        return Kept(article, self.position[0], self.published)


_events = msgspec.json.Decoder(_Event)
_articles = msgspec.json.Decoder(Article)


class Archive:
    """Reads articles, the newest first."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def articles(self, since_ms: int = 0) -> AsyncIterator[Kept]:
        """Yield the articles of which a revision came in at `since_ms` or later, the newest first, each once.

        What comes in meanwhile is not among them.

        Raises:
            StoreError: the store is lost, or has what a newer Storywatch kept.
        """
        seen: set[str] = set()
        async for entry in self._entries(since_ms):
            if entry.article_id not in seen:
                seen.add(entry.article_id)
                if kept := entry.kept():
                    yield kept

    async def find(self, article_id: str) -> Kept | None:
        """Return one article, or None: it is not kept, or not any more. Reads all that came in after it.

        Raises:
            StoreError: as `articles`.
        """
        async for entry in self._entries(0):
            if entry.article_id == article_id:
                return entry.kept()
        return None

    async def count(self, since_ms: int = 0) -> int:
        """About how many entries `articles` has to read: as if each stream had grown evenly.

        Raises:
            StoreError: the store is lost.
        """
        return sum([await self._length(stream, since_ms) for stream in STREAMS])

    async def _length(self, stream: str, since_ms: int) -> int:
        oldest = await self._connection.ask_bytes("XRANGE", stream, "-", "+", "COUNT", 1)
        newest = await self._connection.ask_bytes("XREVRANGE", stream, "+", "-", "COUNT", 1)
        if not oldest or not newest:
            return 0
        (first_ms, _), (last_ms, _) = _position(oldest[0][0]), _position(newest[0][0])
        share = (last_ms + 1 - max(since_ms, first_ms)) / (last_ms + 1 - first_ms)
        return round(max(share, 0) * int(await self._connection.ask("XLEN", stream)))

    async def _entries(self, since_ms: int) -> AsyncIterator[_Entry]:
        """Yield what stands in both streams, the newest first."""
        readers = [self._backwards(stream, since_ms) for stream in STREAMS]
        heads = {reader: head for reader in readers if (head := await anext(reader, None))}
        while heads:
            reader, entry = max(heads.items(), key=lambda item: item[1].age())
            yield entry
            following = await anext(reader, None)
            if following:
                heads[reader] = following
            else:
                del heads[reader]

    async def _backwards(self, stream: str, since_ms: int) -> AsyncIterator[_Entry]:
        read = _published if stream == keys.ARTICLES_STREAM else _unmatched
        end = "+"
        while page := await self._connection.ask_bytes("XREVRANGE", stream, end, since_ms, "COUNT", PAGE):
            for at, fields in page:
                yield read(_position(at), fields)
            end = f"({page[-1][0].decode()}"


def _published(position: tuple[int, int], fields: dict[bytes, bytes]) -> _Entry:
    event = _events.decode(fields[b"event"])
    return _Entry(position, True, event.subject, None if event.type == REMOVED else event.data)


def _unmatched(position: tuple[int, int], fields: dict[bytes, bytes]) -> _Entry:
    return _Entry(position, False, fields[b"id"].decode(), fields[b"article"])


def _position(stream_id: bytes) -> tuple[int, int]:
    ms, _, number = stream_id.partition(b"-")
    return int(ms), int(number)
