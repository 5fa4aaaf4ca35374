"""The connection: outages are waited out, and end in one plain message."""

import asyncio
import os
import signal
from pathlib import Path

import pytest
import redis

from crawler.news.errors import StoreError
from crawler.store import open_store
from crawler.store.connection import SCRIPTS, Connection, script_text
from crawler.store.embedded import EmbeddedStore
from tests.store.acting import run


@pytest.mark.parametrize("url", ["unix:///nowhere/valkey.sock", "redis://user:secret@127.0.0.1:1/0"])
def test_a_store_out_of_reach_is_one_message_without_the_password(url: str) -> None:
    """The error names the place and the mend, and never the password."""

    async def story() -> str:
        with pytest.raises(StoreError) as failed:
            await open_store(url, Path("unused"), patience_s=0.3)
        return str(failed.value)

    message = run(story())
    assert "secret" not in message
    assert "REDIS_URL" in message
    assert ("127.0.0.1:1" in message) or ("/nowhere/valkey.sock" in message)


@pytest.mark.parametrize("name", sorted(path.stem for path in SCRIPTS.glob("[a-z]*.lua")))
def test_every_script_opens_with_its_contract(name: str) -> None:
    """A Lua file says what it does, its KEYS, ARGV and what it returns, before any code."""
    own = (SCRIPTS / f"{name}.lua").read_text()
    head = own[: own.index("\nlocal ")]
    assert all(word in head for word in ("-- KEYS", "-- ARGV", "-- Returns")), name
    assert script_text(name).endswith(own)


def test_what_waiting_cannot_mend_is_an_error_at_once(server: EmbeddedStore) -> None:
    """A command that the server refuses is not tried again for a minute."""

    async def story() -> None:
        connection = Connection(server.url, patience_s=60)
        try:
            with pytest.raises(StoreError, match="wrong number of arguments"):
                await asyncio.wait_for(connection.ask("GET"), timeout=5)
        finally:
            await connection.close()

    run(story())


def test_a_server_set_to_evict_is_refused(server: EmbeddedStore, client: redis.Redis) -> None:
    """With another policy than noeviction a full server would drop articles: said at once, with the mend."""

    async def story() -> None:
        async with await open_store(server.url, Path("unused")):
            pass

    client.config_set("maxmemory", "100mb")
    client.config_set("maxmemory-policy", "allkeys-lru")
    try:
        with pytest.raises(StoreError, match="noeviction"):
            run(story())
    finally:
        client.config_set("maxmemory-policy", "noeviction")
    run(story())
    client.config_set("maxmemory", "0")


def test_a_dead_embedded_server_is_started_again(tmp_path: Path) -> None:
    """Killed in mid-use, it is back before the next answer, with what it had acknowledged."""

    async def story() -> None:
        async with await open_store(None, tmp_path, patience_s=20) as store:
            await store.connection.ask("SET", "storywatch:clock", "5")
            pid = int((await store.connection.ask("INFO", "server"))["process_id"])
            os.kill(pid, signal.SIGKILL)
            assert await store.connection.ask("GET", "storywatch:clock") == "5"
            assert int((await store.connection.ask("INFO", "server"))["process_id"]) != pid

    run(story())
