"""`scrapy frontier`, as its user meets it."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.store import Store, open_store
from crawler.store.embedded import EmbeddedStore, open_embedded
from settings import base
from tests.commands.test_watchlist import scrapy
from tests.store.acting import claim, discover, publish, source


@pytest.fixture
def store(tmp_path: Path) -> Any:
    """A store of its own."""
    with open_embedded(tmp_path) as embedded:
        yield embedded


def play(store: EmbeddedStore, story: Callable[[Store], Awaitable[None]]) -> None:
    """Let something happen in the store."""

    async def played() -> None:
        async with await open_store(store.url, Path("unused")) as opened:
            opened.frontier.worker = "some-worker"
            await story(opened)

    asyncio.run(played())


def frontier(store: EmbeddedStore, *args: object) -> int:
    """Run `scrapy frontier ARGS` and return its exit code."""
    project = {name: value for name, value in vars(base).items() if name.isupper()}
    return scrapy("frontier", *args, **project | {"REDIS_URL": store.url})


async def some_work(store: Store) -> None:
    """Of three entries at each of two hosts one is published, one is in hand, one waits; nothing is left at a third."""
    await store.schedule.register([source("http://press.example/feed")])
    await discover(store, *(f"http://{host}.example/{n}" for host in ("one", "two") for n in range(3)))
    for lease in await claim(store):
        await publish(store, lease)
    await claim(store)


def test_an_empty_frontier_says_what_to_do(store: EmbeddedStore, capsys: pytest.CaptureFixture[str]) -> None:
    """The books of nothing are balanced; exit code 0."""
    assert frontier(store) == 0
    assert capsys.readouterr().out == (
        "announced 0 = outcomes 0 + waiting 0 + leased 0\n\n"
        "Nothing waits. Work appears with the first crawl: scrapy crawl watch -a once=1\n\n"
        "No worker holds anything.\n"
    )


def test_it_shows_who_is_behind(store: EmbeddedStore, capsys: pytest.CaptureFixture[str]) -> None:
    """The books, the backlog by kind and age, the hosts by backlog and by pace, and the workers."""
    play(store, some_work)
    assert frontier(store) == 0
    parts = [part.splitlines() for part in capsys.readouterr().out.split("\n\n")]
    books, backlog, longest, slowest, workers = parts
    assert books == ["announced 6 = outcomes 2 + waiting 2 + leased 2", "         2  published"]
    assert backlog[0] == "backlog: work is due at 2 hosts"
    assert [line.split() for line in backlog[2:]] == [["entries", "2", "2"], ["rechecks"], ["polls", "1"]]
    assert [line.split()[:2] for line in longest[1:]] == [["one.example", "1"], ["two.example", "1"]]
    assert all(line.rstrip().endswith("busy") for line in longest[1:])
    assert {line.split()[0] for line in slowest[1:]} == {"press.example", "one.example", "two.example"}
    assert workers[1].split()[:2] == ["some-worker", "2"]


def test_fewer_hosts_on_demand(store: EmbeddedStore, capsys: pytest.CaptureFixture[str]) -> None:
    """--hosts 1 names one, --hosts 0 none; less than that is a mistake."""
    play(store, some_work)
    assert frontier(store, "--hosts", 1) == 0
    assert capsys.readouterr().out.count(".example") == 2
    assert frontier(store, "--hosts", 0) == 0
    assert ".example" not in capsys.readouterr().out
    assert frontier(store, "--hosts", -1) == 2
    assert "is no number of hosts. Write 0, 1, 2" in capsys.readouterr().err


def test_a_dead_workers_work_returns(store: EmbeddedStore, capsys: pytest.CaptureFixture[str]) -> None:
    """A worker whose leases expired is shown as dead, and what will become of its work."""

    async def die(opened: Store) -> None:
        await some_work(opened)
        await opened.connection.redis.incrby("storywatch:clock", 40_000)

    play(store, die)
    assert frontier(store) == 0
    line = capsys.readouterr().out.splitlines()[-1]
    assert line.startswith("some-worker")
    assert "dead: expired 10 s ago; its work returns with the next claim" in line


def test_programs_get_one_object(store: EmbeddedStore, capsys: pytest.CaptureFixture[str]) -> None:
    """--json has all of it, times in UTC, and the same exit code."""
    play(store, some_work)
    assert frontier(store, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert {name: told[name] for name in ("announced", "outcomes", "waiting", "leased", "balanced")} == {
        "announced": 6,
        "outcomes": {"published": 2},
        "waiting": 2,
        "leased": 2,
        "balanced": True,
    }
    assert told["backlog"]["hosts"] == 2
    assert told["backlog"]["entries"]["due"] == 2
    assert told["backlog"]["entries"]["dueByAge"][0] == {"underMs": 60_000, "due": 2}
    assert told["backlog"]["entries"]["dueByAge"][-1] == {"underMs": None, "due": 0}
    assert told["backlog"]["polls"]["later"] == 1
    (worker,) = told["workers"]
    assert (worker["worker"], worker["inHand"], worker["expired"], worker["dead"]) == ("some-worker", 2, 0, False)
    now = datetime.fromisoformat(told["time"])
    assert datetime.fromisoformat(worker["heldSince"]) <= now < datetime.fromisoformat(worker["expires"])
    assert [host["busy"] for host in told["hosts"]] == [True, True]
    assert {host["host"] for host in told["slowestHosts"]} == {"press.example", "one.example", "two.example"}


def test_books_that_do_not_balance(store: EmbeddedStore, capsys: pytest.CaptureFixture[str]) -> None:
    """That is a bug: it says so, and the exit code is 1."""

    async def lose_one(opened: Store) -> None:
        await opened.connection.redis.hincrby("storywatch:counts", "announced", 1)

    play(store, lose_one)
    assert frontier(store) == 1
    assert "The books don't balance. This is a bug" in capsys.readouterr().out
