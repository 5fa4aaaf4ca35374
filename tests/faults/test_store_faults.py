"""The store's server dies, hangs, is slow, or refuses: a crawl waits, says why, and ends as if nothing had been."""

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
import redis

from crawler.newsroom import Newsroom
from crawler.store.outages import OUTAGES
from tests.faults.engines import Engines, OpenStage
from tests.faults.scenes import Scene
from tests.faults.stage import Stage, wait_until

LEASE = {"LEASE": "4s"}
LEASE_S = 4
THOROUGH = os.environ.get("FAULTS") == "all"

Blow = Callable[[redis.Redis], object]


@pytest.fixture
def engines(tmp_path: Path) -> Iterator[Engines]:
    """Servers of the test's own."""
    with Engines(tmp_path) as engines:
        yield engines


def test_a_killed_server_that_somebody_starts_again(engines: Engines, scenes: list[Scene], tmp_path: Path) -> None:
    """A server named by REDIS_URL is killed with SIGKILL, and started again on its file some seconds later, where it
    takes a while to load it.
    """
    engine, scene = engines.start("valkey"), scenes[0]
    with OpenStage(tmp_path, engine) as stage, scene.newsroom() as newsroom, stage.proxy() as proxy:
        stage.restore(scene.before)
        with ExitStack() as crawling:
            crawls = [crawling.enter_context(stage.crawl(newsroom, LEASE, store=proxy.url)) for _ in range(2)]
            proxy.strike(3, "before", engine.kill, of="publish", cut=False)
            assert proxy.struck.wait(30), crawls[0].log
            time.sleep(1)
            engine.launch(key_load_delay=10_000, loading_process_events_interval_bytes=1024)
            for crawl in crawls:
                assert crawl.end() == 0, crawl.log
                assert "Traceback" not in crawl.log, crawl.log
                assert "is out of reach" in crawl.log
                assert "is back to normal" in crawl.log
        scene.assert_over(stage)


@pytest.mark.parametrize("what", ["stopped", "paused"] if THOROUGH else ["stopped"])
def test_a_server_that_hangs_for_longer_than_a_lease(stage: Stage, first_look: Scene, what: str) -> None:
    """It answers nobody for a while; then it takes what was in hand, or refuses it as STALE where another has it."""
    with first_look.newsroom() as newsroom, stage.proxy() as proxy, ExitStack() as crawling:
        crawls = [crawling.enter_context(stage.crawl(newsroom, LEASE, store=proxy.url)) for _ in range(2)]
        proxy.strike(3, "before", lambda: hang(stage, what, LEASE_S + 1), of="publish", cut=False)
        assert proxy.struck.wait(30), crawls[0].log
        for crawl in crawls:
            assert crawl.end() == 0, crawl.log
            assert "Traceback" not in crawl.log, crawl.log
    first_look.assert_over(stage)


def test_every_reply_is_late(stage: Stage, first_look: Scene) -> None:
    """Each reply takes 50 ms longer: a pass takes longer, and nothing is asked for twice."""
    with first_look.newsroom() as newsroom, stage.proxy() as proxy:
        proxy.delay_s = 0.05
        with stage.crawl(newsroom, LEASE, store=proxy.url) as crawl:
            assert crawl.end() == 0, crawl.log
            assert "out of reach" not in crawl.log
        assert_asked_once(newsroom)
    first_look.assert_over(stage)


def test_connections_that_swallow_everything(stage: Stage, first_look: Scene) -> None:
    """A firewall forgets the connections and says nothing: what is sent there vanishes. The crawl notices after ten
    seconds and dials anew, before a lease is lost to it.
    """
    longer_than_a_reply = {"LEASE": "12s"}
    with (
        first_look.newsroom() as newsroom,
        stage.proxy() as proxy,
        stage.crawl(newsroom, longer_than_a_reply, store=proxy.url) as crawl,
    ):
        proxy.strike(3, "before", proxy.go_deaf, of="publish", cut=False)
        assert proxy.struck.wait(30), crawl.log
        assert crawl.end() == 0, crawl.log
        assert "is out of reach (Timeout" in crawl.log
        assert "Traceback" not in crawl.log, crawl.log
        assert_asked_once(newsroom)
    first_look.assert_over(stage)


REFUSALS: dict[str, tuple[Blow, Blow]] = {
    "READONLY": (lambda r: r.replicaof("127.0.0.1", 1), lambda r: r.replicaof("NO", "ONE")),
    "OOM": (lambda r: r.config_set("maxmemory", 1), lambda r: r.config_set("maxmemory", 0)),
    "NOREPLICAS": (
        lambda r: r.config_set("min-replicas-to-write", 1),
        lambda r: r.config_set("min-replicas-to-write", 0),
    ),
    "MASTERDOWN": (
        lambda r: (r.config_set("replica-serve-stale-data", "no"), r.replicaof("127.0.0.1", 1)),
        lambda r: (r.replicaof("NO", "ONE"), r.config_set("replica-serve-stale-data", "yes")),
    ),
    "BUSY": (lambda r: threading.Thread(target=run_for_ever, args=[r]).start(), lambda r: r.script_kill()),
}
# tests/store/test_outages.py has each of them in every run, without a crawl.
PLAYED = tuple(REFUSALS) if THOROUGH else ("READONLY", "OOM")


@pytest.mark.parametrize("word", PLAYED)
def test_a_server_that_refuses(stage: Stage, first_look: Scene, word: str) -> None:
    """It is read-only, full, short of replicas ... for a while: the crawl says so once, with the mend, and waits."""
    cause, cure = REFUSALS[word]
    with (
        first_look.newsroom() as newsroom,
        stage.proxy() as proxy,
        stage.crawl(newsroom, LEASE, store=proxy.url) as crawl,
    ):
        proxy.strike(3, "before", lambda: cause(stage.client), of="publish", cut=False)
        assert proxy.struck.wait(30), crawl.log
        wait_until(lambda: f"is {OUTAGES[word].state}" in crawl.log)
        time.sleep(1.5)
        cure(stage.client)
        assert crawl.end() == 0, crawl.log
        assert crawl.log.count(f"is {OUTAGES[word].state}") == crawl.log.count("is back to normal") == 1, crawl.log
        assert OUTAGES[word].mend in crawl.log
        assert "Traceback" not in crawl.log, crawl.log
    first_look.assert_over(stage)


def assert_asked_once(newsroom: Newsroom) -> None:
    """Nothing was asked for twice: no lease was lost."""
    asked = Counter((visit.host, visit.path) for visit in newsroom.requests)
    assert max(asked.values()) == 1, asked.most_common(3)


def hang(stage: Stage, what: str, seconds: float) -> None:
    """Let the server answer nobody for so long."""
    if what == "paused":
        stage.client.execute_command("CLIENT", "PAUSE", int(seconds * 1000), "ALL")
    else:
        pid = int(stage.client.info("server")["process_id"])
        os.kill(pid, signal.SIGSTOP)
        threading.Timer(seconds, os.kill, (pid, signal.SIGCONT)).start()


def run_for_ever(client: redis.Redis) -> None:
    """Run a script that ends when it is killed."""
    client.config_set("busy-reply-threshold", 50)
    with suppress(redis.ResponseError):
        client.eval("while true do end", 0)
