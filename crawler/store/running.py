"""By which topics the running processes match, so that an edited watchlist can be compared with what runs.

One record, replaced when the topics change. A hundred thousand topics of six words were 15 MB of JSON and 4 MB in the
store. Who notes what is noted already sends a digest alone.
"""

import asyncio
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import msgspec

from crawler.news.errors import StoreError
from crawler.news.topic import Topic
from crawler.store import keys
from crawler.store.connection import Connection

LEVEL = 1  # 0.13 s for those 15 MB; 6 takes 0.35 s for a tenth less


@dataclass(frozen=True, slots=True)
class Running:
    """What the running processes match by.

    Attributes:
        worker: the last that said so.
        since_ms: since when these are the topics (store's clock, since 1970).
    """

    topics: tuple[Topic, ...]
    worker: str
    since_ms: int


_decoder = msgspec.json.Decoder(tuple[Topic, ...])


class RunningTopics:
    """Notes and tells the topics. Where processes differ, as while an edit reaches them, the last that noted counts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def note(self, topics: Sequence[Topic], *, worker: str) -> None:
        """Note that `worker` matches by these from now on.

        Raises:
            StoreError: the store is lost.
        """
        raw = msgspec.json.encode(topics, enc_hook=dict)  # for queries per language in a mapping that is no dict
        digest = sha256(raw).hexdigest()
        if await self._note(digest, worker, b"") == "SEND":
            await self._note(digest, worker, await asyncio.to_thread(zlib.compress, raw, LEVEL))

    async def _note(self, digest: str, worker: str, packed: bytes) -> str:
        answer: str = await self._connection.run("running", [keys.CLOCK, keys.TOPICS], [digest, worker, packed])
        return answer

    async def topics(self) -> Running | None:
        """Return what was noted last; None: nothing ever was.

        Raises:
            StoreError: the store is lost, or what was noted is of another version, or damaged.
        """
        packed, worker, since = await self._connection.ask_bytes("HMGET", keys.TOPICS, "topics", "worker", "since")
        if packed is None:
            return None
        return Running(_unpacked(packed), worker.decode(), int(since))


def _unpacked(packed: bytes) -> tuple[Topic, ...]:
    try:
        return _decoder.decode(zlib.decompress(packed))
    except (zlib.error, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise StoreError(
            f"the topics that run are noted in a form that this Storywatch cannot read ({error}). Use the Storywatch "
            f"that runs, or delete the key {keys.TOPICS}: the next crawl that starts notes them anew."
        ) from error
