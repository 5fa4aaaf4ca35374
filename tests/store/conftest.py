"""The real store for every test: one embedded server a session, emptied before each test, its keys checked after."""

import asyncio
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from crawler.store import Store
from crawler.store.connection import Connection
from crawler.store.embedded import EmbeddedStore, open_embedded
from crawler.store.limits import Limits
from tests.store.leaks import leaked_keys


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedStore]:
    """One embedded server for all tests of this room."""
    with open_embedded(Path(tmp_path_factory.mktemp("store"))) as store:
        yield store


@pytest.fixture
def client(server: EmbeddedStore) -> Iterator[redis.Redis]:
    """A plain client, to look behind the scenes. Nothing that a test leaves may live for ever unlisted."""
    with redis.Redis.from_url(server.url, decode_responses=True) as client:
        client.flushall()
        yield client
        assert leaked_keys(client) == []


@pytest.fixture
def limits() -> Limits:
    """Short enough that a test may outlive a lease."""
    return Limits(lease_ms=30_000)


class World:
    """Several workers on one store, and a clock to push."""

    def __init__(self, url: str, client: redis.Redis, limits: Limits) -> None:
        self._url, self.client, self.limits = url, client, limits
        self._stores: list[Store] = []

    def worker(self) -> Store:
        """One more worker."""
        self._stores.append(Store(Connection(self._url, patience_s=2), self.limits))
        return self._stores[-1]

    def advance(self, ms: int) -> None:
        """Push the store's clock."""
        self.client.incrby("storywatch:clock", ms)

    def play(self, story: Coroutine[Any, Any, None]) -> None:
        """Play a story to its end, and close every worker's connection."""

        async def played() -> None:
            try:
                await story
            finally:
                for store in self._stores:
                    await store.close()

        asyncio.run(played())


@pytest.fixture
def world(server: EmbeddedStore, client: redis.Redis, limits: Limits) -> World:
    """The store as several workers see it."""
    return World(server.url, client, limits)
