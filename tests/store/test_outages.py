"""What a server refuses: which error it is, that nothing is half done, and that a call gets through once it is over."""

import asyncio
import logging
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

import pytest
from redis import Redis, exceptions

from crawler.news.errors import StoreError
from crawler.news.outcome import Outcome
from crawler.news.topic import Topic
from crawler.store import Store
from crawler.store.connection import SCRIPTS, Argument, Connection, only_reads, script_text
from crawler.store.frontier import Wish
from crawler.store.limits import Limits
from crawler.store.outages import OUTAGES, outage_of
from crawler.store.stories import Changes, Hold, StaleError
from tests.faults.engines import Engine, Engines, fill_disk, free_port, make_room
from tests.faults.proxy import Proxy
from tests.store.acting import claim, discover, publish, run, settle_unmatched, source

FILLER = "filler"
ONE_COMMAND = {"load"}

Switch = Callable[[Engine], object]


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    """Servers of this room's own: they are full, read-only or worse for moments."""
    with Engines(tmp_path_factory.mktemp("engines")) as engines:
        yield engines


@pytest.fixture(scope="module")
def shared(engines: Engines) -> Engine:
    """One for most of the tests."""
    return engines.start("shared")


@pytest.fixture
def engine(shared: Engine) -> Engine:
    """The same, empty."""
    shared.client.flushall()
    shared.client.script_flush()
    return shared


def demote(engine: Engine) -> None:
    """Make it the replica of a primary that is not there."""
    engine.client.replicaof("127.0.0.1", 1)


def silence(engine: Engine) -> None:
    """The same, and it does not answer before that primary comes."""
    engine.client.config_set("replica-serve-stale-data", "no")
    demote(engine)


def promote(engine: Engine) -> None:
    """Make it a primary again."""
    engine.client.replicaof("NO", "ONE")
    engine.client.config_set("replica-serve-stale-data", "yes")


def run_for_ever(engine: Engine) -> None:
    """Run a script until somebody kills it; return when the server has noticed."""
    engine.client.config_set("busy-reply-threshold", 1)

    def script() -> None:
        with suppress(exceptions.ResponseError):
            engine.client.eval("while true do end", 0)

    threading.Thread(target=script).start()
    while not refused(engine):
        pass


def refused(engine: Engine) -> bool:
    """Whether it refuses a write."""
    try:
        engine.client.set(FILLER, "x" * 100)
    except exceptions.ResponseError:
        return True
    return False


def fill(engine: Engine) -> None:
    """Fill its disk. What it takes before it notices stays in its memory."""
    fill_disk(engine.process.pid, engine.state_dir)
    while not refused(engine):
        pass


def give_room(engine: Engine) -> None:
    """Make room, and return when it has noticed."""
    make_room(engine.process.pid)
    while refused(engine):
        pass
    engine.client.delete(FILLER)


REFUSALS: dict[str, tuple[Switch, Switch]] = {
    "OOM": (lambda e: e.client.config_set("maxmemory", 1), lambda e: e.client.config_set("maxmemory", 0)),
    "MISCONF": (fill, give_room),
    "READONLY": (demote, promote),
    "NOREPLICAS": (
        lambda e: e.client.config_set("min-replicas-to-write", 1),
        lambda e: e.client.config_set("min-replicas-to-write", 0),
    ),
}
SILENCES: dict[str, tuple[Switch, Switch]] = {
    "MASTERDOWN": (silence, promote),
    "BUSY": (run_for_ever, lambda e: e.client.script_kill()),
}
"""Who reads is refused, too."""


@pytest.mark.parametrize("word", [*REFUSALS, *SILENCES])
def test_an_outage_is_recognised_told_once_and_waited_out(
    engine: Engine, word: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A write is held up until the outage is over; reads meanwhile, where they succeed, do not count as its end."""
    cause, cure = (REFUSALS | SILENCES)[word]

    async def story() -> None:
        store = Store(Connection(engine.url, patience_s=20), Limits())
        try:
            await store.schedule.register([source()])
            cause(engine)
            writing = asyncio.create_task(store.frontier.claim(1, Wish()))
            writing2 = asyncio.create_task(store.stories.claim())
            await asyncio.sleep(0.3)
            if word in REFUSALS:
                assert await store.connection.ask("HLEN", "storywatch:sources") == 1
            cure(engine)
            await writing2
            assert len((await writing).leases) == 1
            assert store.connection.comebacks == 1
        finally:
            await store.close()

    with caplog.at_level(logging.WARNING):
        run(story())
    told = [record.getMessage() for record in caplog.records]
    assert len(told) == 2, told
    assert f"is {OUTAGES[word].state} (" in told[0]
    assert OUTAGES[word].mend in told[0]
    assert told[1].endswith("is back to normal")


class Harassed(Connection):
    """Tries each script once while the server refuses writes: it does all, or leaves the store as it was.

    Attributes:
        refused, done: scripts by what became of that try.
    """

    def __init__(self, engine: Engine, word: str) -> None:
        super().__init__(engine.url, patience_s=20)
        self.refused, self.done = set[str](), set[str]()
        self._engine, self._word = engine, word

    async def run(self, script: str, keys: Sequence[str], args: Sequence[Argument]) -> Any:
        cause, cure = REFUSALS[self._word]
        before = contents(self._engine)
        cause(self._engine)
        try:
            answer = await self.redis.eval(script_text(script), len(keys), *keys, *args)
        except exceptions.ResponseError as error:
            assert outage_of(error) is OUTAGES[self._word]
            assert contents(self._engine) == before
            self.refused.add(script)
        else:
            self.done.add(script)
            return answer
        finally:
            cure(self._engine)
        return await super().run(script, keys, args)


def contents(engine: Engine) -> dict[bytes, Any]:
    """All that is in a store, but for what fills its disk."""
    with Redis.from_url(engine.url) as client:  # not all is text
        read: dict[bytes, Callable[[bytes], Any]] = {
            b"string": client.get,
            b"hash": client.hgetall,
            b"set": client.smembers,
            b"zset": lambda name: client.zrange(name, 0, -1, withscores=True),
            b"stream": client.xrange,
        }
        names = [name for name in client.scan_iter() if name != FILLER.encode()]
        return {name: read[client.type(name)](name) for name in names}


async def everything(store: Store, engine: Engine) -> None:
    """Something of all that is ever done to a store."""
    frontier, desk = store.frontier, store.stories
    await store.schedule.register([source()])
    await discover(store, *(f"http://{name}.example/article" for name in ("a", "b", "c", "d", "e")))
    assert await store.schedule.hasten([source()], "by hand") == 1
    await discover(store)
    first, second, third, fourth, fifth = await claim(store, 5)
    assert await frontier.renew([first, second, third, fourth, fifth]) == set()
    assert await publish(store, first) == "OK"
    assert await frontier.settle(second, Outcome("rejected", "no-text"), gap_ms=0) == "OK"
    assert await settle_unmatched(store, fifth) == "OK"
    assert await frontier.retry(third, gap_ms=0, counted=True, reason="timeout") == "DEAD"
    assert [await store.streams.revive(dead) async for dead in store.streams.dead()] == ["OK"]
    engine.client.incrby("storywatch:clock", Limits().lease_ms + 1)
    await frontier.claim(0, Wish())
    assert await frontier.reap(gap_ms=0) == (1, 0)
    await frontier.pending(Wish(), 0)
    assert await store.lessons.learn("Gazette", "a", "A headline", [1, 2, 3], now_ms=1)
    await store.running.note([Topic("Harbour", "harbour")], worker="one")
    hold = await desk.claim()
    assert isinstance(hold, Hold)
    await desk.renew(hold)
    await desk.write(hold, Changes(stories=[("s", "{}")], events=[("type", "{}")], outbox=[("s/desk", "{}")]))
    await store.schedule.register([])
    assert (await frontier.tally()).balanced


@pytest.mark.parametrize("word", REFUSALS)
def test_a_refused_script_has_done_nothing(engine: Engine, word: str) -> None:
    """Every script of ours does all or nothing on a server that refuses to write, and all of it once that is over."""
    harassed = Harassed(engine, word)

    async def story() -> None:
        store = Store(harassed, Limits(attempts=1))
        try:
            await everything(store, engine)
        finally:
            await store.close()

    run(story())
    writing = {path.stem for path in SCRIPTS.glob("[a-z]*.lua") if not only_reads(path.stem)} - ONE_COMMAND
    assert writing <= harassed.refused | harassed.done, "a script is missing in everything()"
    assert {"publish", "discovered", "desk_write"} <= harassed.refused
    if word != "OOM":  # a full server lets a script through that begins by removing something
        assert writing - harassed.refused <= {"pending"}, "which had nothing to write"


def test_what_only_reads_says_so(engine: Engine) -> None:
    """A script whose contract says that it changes nothing calls no command that writes; no other is spared WAIT."""
    reading = {path.stem for path in SCRIPTS.glob("[a-z]*.lua") if only_reads(path.stem)}
    assert {"tally", "peek"} <= reading
    commands = engine.client.command()
    for name in reading:
        called = set(re.findall(r"redis\.call\('(\w+)'", (SCRIPTS / f"{name}.lua").read_text()))
        assert called, name
        assert not any("write" in commands[word.lower()]["flags"] for word in called), name


def test_a_cluster_that_is_down(engines: Engines) -> None:
    """A member of a cluster that nobody has set up refuses everything: that is waited out, too."""
    member = engines.start("member", cluster_enabled="yes", cluster_port=free_port())

    async def story() -> None:
        connection = Connection(member.url, patience_s=20)
        try:
            reading = asyncio.create_task(connection.ask("GET", "storywatch:clock"))
            await asyncio.sleep(0.2)
            assert not reading.done()
            member.client.cluster("ADDSLOTSRANGE", 0, 16383)
            assert await reading is None
        finally:
            await connection.close()

    run(story())


def test_an_address_that_leads_elsewhere_by_now(engine: Engine, engines: Engines) -> None:
    """The address of a managed store leads to the new primary, but our connections still to the old one, which is
    read-only now: they are dialled anew.
    """
    other = engines.start("other")

    async def story(proxy: Proxy) -> None:
        store = Store(Connection(proxy.url, patience_s=5), Limits())
        try:
            await store.frontier.tally()
            demote(engine)
            proxy.lead_to(other.socket, cut=False)
            assert isinstance(await store.stories.claim(), Hold)
        finally:
            await store.close()

    with Proxy(engine.socket) as proxy:
        run(story(proxy))
    promote(engine)
    assert other.client.exists("storywatch:desk")


def test_replicas_are_waited_for(engines: Engines, caplog: pytest.LogCaptureFixture) -> None:
    """With STORE_REPLICAS=1 an answer means that the replica has it, also where the server has yet to learn the script.
    Without a replica we go on after a while, and say so once.
    """
    primary = engines.start("primary")
    replica = engines.start("replica", of=primary)
    assert replica.line
    replica.line.delay_s = 0.1

    async def story() -> None:
        store = Store(Connection(primary.url, replicas=1), Limits())
        try:
            await store.schedule.register([source()])
            assert replica.client.hlen("storywatch:sources") == 1
            assert isinstance(await store.stories.claim(), Hold)
            assert replica.client.exists("storywatch:desk")
            assert caplog.records == []
            replica.promote()
            for _ in range(2):
                assert isinstance(await store.stories.claim(), Hold)
        finally:
            await store.close()

    with caplog.at_level(logging.WARNING):
        run(story())
    assert len(caplog.records) == 1
    assert "0 of 1 replicas (STORE_REPLICAS) had the last write" in caplog.records[0].getMessage()


def test_a_demoted_primary_is_waited_out_by_the_idle_too(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    """A claim that finds nothing writes nothing, so a replica runs it; but it has no replicas to wait for."""

    async def story() -> None:
        store = Store(Connection(engine.url, patience_s=10, replicas=1), Limits())
        try:
            demote(engine)
            idle = asyncio.create_task(store.frontier.claim(1, Wish()))
            await asyncio.sleep(0.5)
            assert not idle.done()
            promote(engine)
            assert (await idle).leases == []
        finally:
            await store.close()

    with caplog.at_level(logging.WARNING):
        run(story())
    assert "is read-only" in caplog.records[0].getMessage()


def test_a_desk_whose_claim_was_lost_is_refused(engine: Engine) -> None:
    """The store is a replica by now that missed the claim, and another has the desk: their tokens differ."""

    async def story() -> None:
        first, second = (Store(Connection(engine.url), Limits()) for _ in range(2))
        try:
            lost = await first.stories.claim()
            assert isinstance(lost, Hold)
            engine.client.delete("storywatch:desk")
            engine.client.incrby("storywatch:clock", 1)
            assert isinstance(await second.stories.claim(), Hold)
            with pytest.raises(StaleError):
                await first.stories.write(lost, Changes(), offset="1-1")
        finally:
            await first.close()
            await second.close()

    run(story())


def test_patience_ends_with_the_reason_and_the_mend(engine: Engine) -> None:
    """Full for longer than patience: the error says so, and what to do about it."""

    async def story() -> None:
        store = Store(Connection(engine.url, patience_s=0.5), Limits())
        try:
            with pytest.raises(StoreError, match=r"full for .* Raise its maxmemory"):
                await store.stories.claim()
        finally:
            await store.close()

    engine.client.config_set("maxmemory", 1)
    try:
        run(story())
    finally:
        engine.client.config_set("maxmemory", 0)
