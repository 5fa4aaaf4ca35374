"""The primary dies and its replica takes over, at the same address: what was acknowledged and lost is done again."""

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.desk.receiver import Receiver
from tests.faults.engines import Engine, Engines, OpenStage
from tests.faults.proxy import Proxy
from tests.faults.scenes import Scene, hasty_press, newsroom_of
from tests.faults.stage import Run, wait_until
from tests.faults.test_desk_in_crawl import finish

LEASE = {"LEASE": "4s"}
LAG_S = 1.0  # much longer than from one publication to the next


@dataclass(slots=True)
class Pair:
    """A primary and its replica behind one address, and the stage that they are the store of."""

    stage: OpenStage
    primary: Engine
    replica: Engine
    proxy: Proxy

    def fail_over(self) -> None:
        """The primary dies, and what is on its way to the replica with it; the replica takes over."""
        self.primary.kill()
        self.replica.promote()
        self.proxy.lead_to(self.replica.socket, cut=True)

    def lag(self, seconds: float) -> None:
        """From now on the replica learns of everything that much later."""
        assert self.replica.line
        self.replica.line.delay_s = seconds


@pytest.fixture
def pair(tmp_path: Path, scenes: list[Scene]) -> Iterator[Pair]:
    """Both hold the store at the start of the first look."""
    with Engines(tmp_path) as engines:
        primary = engines.start("primary")
        with OpenStage(tmp_path, primary) as stage, Proxy(primary.socket) as proxy:
            stage.restore(scenes[0].before)
            yield Pair(stage, primary, engines.start("replica", of=primary), proxy)


@pytest.mark.parametrize("number", [2, 6])
def test_a_replica_in_step_takes_over(pair: Pair, scenes: list[Scene], number: int) -> None:
    """It had everything: nothing is lost, and nobody is asked twice."""
    scene, stage = scenes[0], pair.stage

    def blow() -> None:
        wait_until(lambda: pair.replica.offset >= pair.primary.offset)
        pair.fail_over()

    with scene.newsroom() as newsroom, stage.crawl(newsroom, LEASE, store=pair.proxy.url) as crawl:
        pair.proxy.strike(number, "before", blow, of="publish", cut=False)
        assert_over(pair, scene, crawl)
        asked = Counter((visit.host, visit.path) for visit in newsroom.requests)
    assert max(asked.values()) == 1, asked.most_common(3)


@pytest.mark.parametrize("number", [3, 6])
def test_a_replica_that_lags_takes_over(pair: Pair, scenes: list[Scene], number: int) -> None:
    """It lacks what was acknowledged in the last moments: that is done again, so its stream has each revision once, and
    a page is asked for once more at most.
    """
    scene, stage = scenes[0], pair.stage
    acknowledged = 0

    def blow() -> None:
        nonlocal acknowledged
        acknowledged = pair.proxy.answered["publish"]
        pair.fail_over()

    with scene.newsroom() as newsroom, stage.crawl(newsroom, LEASE, store=pair.proxy.url) as crawl:
        pair.proxy.strike(1, "before", lambda: pair.lag(LAG_S), cut=False)
        assert pair.proxy.struck.wait(30), crawl.log
        pair.proxy.strike(number, "before", blow, of="publish", cut=False)
        wait_until(lambda: pair.replica.client.info("replication")["role"] == "master")
        kept = pair.replica.client.xlen("storywatch:articles")
        assert kept < acknowledged, "nothing was lost: this proves nothing"
        assert_over(pair, scene, crawl)
        asked = Counter((visit.host, visit.path) for visit in newsroom.requests)
    assert max(asked.values()) <= 2, asked.most_common(3)


def test_a_replica_that_lags_loses_nothing_where_it_is_waited_for(pair: Pair, scenes: list[Scene]) -> None:
    """With STORE_REPLICAS=1 the crawl goes on from nothing that the replica lacks, however late it is."""
    scene, stage = scenes[0], pair.stage
    acknowledged = 0

    def blow() -> None:
        nonlocal acknowledged
        acknowledged = pair.proxy.answered["publish, WAIT"]
        pair.fail_over()

    with (
        scene.newsroom() as newsroom,
        stage.crawl(newsroom, LEASE | {"STORE_REPLICAS": "1"}, store=pair.proxy.url) as crawl,
    ):
        pair.proxy.strike(1, "before", lambda: pair.lag(0.1), cut=False)
        assert pair.proxy.struck.wait(30), crawl.log
        pair.proxy.strike(7, "before", blow, of="publish", cut=False)
        wait_until(lambda: pair.replica.client.info("replication")["role"] == "master")
        assert pair.replica.client.xlen("storywatch:articles") >= acknowledged >= 1, crawl.log
        wait_until(lambda: "0 of 1 replicas (STORE_REPLICAS)" in crawl.log)
        assert crawl.end() == 0, crawl.log
        assert crawl.log.count("replicas (STORE_REPLICAS)") == 1
        assert "Traceback" not in crawl.log, crawl.log
    stage.turn_to(pair.replica)
    scene.assert_over(stage)


def test_a_replica_that_has_nothing_takes_over(pair: Pair, scenes: list[Scene]) -> None:
    """It never heard of the crawl, nor of what it watches: the crawl registers that again, and does all again."""
    scene, stage = scenes[0], pair.stage
    pair.lag(3600)
    with scene.newsroom() as newsroom, stage.crawl(newsroom, LEASE, store=pair.proxy.url) as crawl:
        pair.proxy.strike(6, "before", pair.fail_over, of="publish", cut=False)
        assert_over(pair, scene, crawl)
        asked = Counter((visit.host, visit.path) for visit in newsroom.requests)
    assert max(asked.values()) == 2, asked.most_common(3)


def test_the_desk_is_told_again_what_was_lost(pair: Pair) -> None:
    """Stories and alerts, too, come out as if nothing had been lost; an alert that comes twice has the same key."""
    stage = pair.stage
    lost = threading.Event()

    def blow() -> None:
        pair.fail_over()
        lost.set()

    with newsroom_of(hasty_press()) as newsroom, Receiver() as receiver:
        with stage.watch_and_tell(newsroom, receiver, store=pair.proxy.url) as crawl:
            pair.proxy.strike(1, "before", lambda: pair.lag(LAG_S), cut=False)
            assert pair.proxy.struck.wait(30), crawl.log
            pair.proxy.strike(4, "before", blow, of="desk_write", cut=False)
            assert lost.wait(30), crawl.log
            assert crawl.end() == 0, crawl.log
            assert "Traceback" not in crawl.log, crawl.log
        stage.turn_to(pair.replica)
        stage.outlive_leases()  # the crawl's part may have been over before some of it was lost
        finish(stage, newsroom, receiver)


def assert_over(pair: Pair, scene: Scene, crawl: Run) -> None:
    """See that the crawl was struck and ends well all the same, and that the replica is where this pass should end."""
    assert crawl.end() == 0, crawl.log
    assert pair.proxy.struck.is_set()
    assert "Traceback" not in crawl.log, crawl.log
    pair.stage.turn_to(pair.replica)
    scene.assert_over(pair.stage)
