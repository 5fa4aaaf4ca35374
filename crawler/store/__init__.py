"""The store: the one engine that all workers share. The only room that says "redis".

connection   runs scripts, waits out outages
outages      which errors are outages, and what helps
scripts/     every change of state, one Lua script each
schedule     sources: when each is polled next
frontier     work: claimed, renewed, retried, settled, published
backlog      who is behind and why; holdings: who holds what; paging: a million of them, a page at a time
articles     what is known of articles; lessons: what an outlet's articles repeat
stories      the desk: who holds it, its stories, the alerts it owes
streams      reading events and the dead
archive      articles for queries to be tried on, unmatched ones, too; clippings: what is kept of those
running      the topics that the running processes match by
keys         every key, its type and time to live
transfer     the whole state out and in; dumpfile: the format
embedded     our own Valkey, when nobody names another
"""

import asyncio
import os
import secrets
import socket
from pathlib import Path

from crawler.store.archive import Archive
from crawler.store.articles import Articles
from crawler.store.connection import Connection
from crawler.store.embedded import EmbeddedStore, open_embedded
from crawler.store.frontier import Frontier
from crawler.store.lessons import Lessons
from crawler.store.limits import Limits
from crawler.store.running import RunningTopics
from crawler.store.schedule import Schedule
from crawler.store.stories import Stories
from crawler.store.streams import Streams


class Store:
    """All parts of the store over one connection. Use `open_store`."""

    def __init__(self, connection: Connection, limits: Limits, embedded: EmbeddedStore | None = None) -> None:
        self.connection = connection
        self.schedule = Schedule(connection, limits)
        name = worker_name()
        self.frontier = Frontier(connection, limits, name)
        self.articles = Articles(connection)
        self.lessons = Lessons(connection, limits)
        self.stories = Stories(connection, limits, name)
        self.streams = Streams(connection)
        self.archive = Archive(connection)
        self.running = RunningTopics(connection)
        self._embedded = embedded

    async def close(self) -> None:
        """Close the connection, and let go of the embedded server (it ends with its last user)."""
        await self.connection.close()
        if self._embedded:
            await asyncio.to_thread(self._embedded.close)

    async def __aenter__(self) -> "Store":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


async def open_store(
    redis_url: str | None,
    state_dir: Path,
    *,
    limits: Limits | None = None,
    patience_s: float = 60.0,
    replicas: int = 0,
    whole: bool = True,
) -> Store:
    """Open the store at `redis_url`, or the embedded one in `state_dir` when there is none, and see that it is fit.

    `replicas`: how many must have each write before it counts; the embedded one has none. `whole`: refuse a store into
    which a load was broken off.

    Raises:
        StoreError: it does not start, does not answer within `patience_s`, is too old, set to evict keys, or not whole.
    """
    embedded = None if redis_url else await asyncio.to_thread(open_embedded, state_dir)
    url = redis_url or (embedded.url if embedded else "")
    connection = Connection(
        url,
        patience_s=patience_s,
        replicas=0 if embedded else replicas,
        restart=embedded.ensure if embedded else None,
    )
    store = Store(connection, limits or Limits(), embedded)
    try:
        await store.connection.check_server()
        if whole:
            await store.connection.check_whole()
    except BaseException:
        await store.close()
        raise
    return store


def worker_name() -> str:
    """A name no other worker has: host, process, and a random tail (process ids come back)."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"
