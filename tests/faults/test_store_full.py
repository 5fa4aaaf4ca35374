"""The store is full, its memory or its disk: a crawl waits for room, and ends as if nothing had been."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from crawler.store import embedded
from crawler.store.outages import OUTAGES
from tests.faults.engines import fill_disk, make_room, tough_server
from tests.faults.scenes import Scene
from tests.faults.stage import Stage, wait_until

LEASE = {"LEASE": "4s"}
FULL, DISK_FULL = f"is {OUTAGES['OOM'].state}", f"is {OUTAGES['MISCONF'].state}"


@pytest.fixture
def tough_stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """A stage whose embedded server's file may reach a limit."""
    tough = tough_server(tmp_path)
    monkeypatch.setattr(embedded, "server_binary", lambda: tough)
    with Stage(tmp_path) as stage:
        yield stage


def test_memory_runs_out(stage: Stage, first_look: Scene) -> None:
    """Two crawls fill the store up to its maxmemory. It is raised later, and both go on."""
    with first_look.newsroom() as newsroom, stage.proxy() as proxy, ExitStack() as crawling:
        crawls = [crawling.enter_context(stage.crawl(newsroom, LEASE, store=proxy.url)) for _ in range(2)]
        proxy.strike(2, "before", lambda: leave(stage, 10_000), of="publish", cut=False)
        wait_until(lambda: any(FULL in crawl.log for crawl in crawls))
        time.sleep(1)
        assert stage.books().balanced
        stage.client.config_set("maxmemory", 0)
        for crawl in crawls:
            assert crawl.end() == 0, crawl.log
            assert "Traceback" not in crawl.log, crawl.log
    first_look.assert_over(stage)


@pytest.mark.parametrize("killed", [False, True], ids=["room is made", "killed while full"])
def test_the_embedded_stores_disk_runs_out(tough_stage: Stage, scenes: list[Scene], killed: bool) -> None:
    """Its append-only file cannot grow: the crawl says so, and goes on when there is room; also where the server was
    killed before, and comes back from a file whose end is missing. Meanwhile others may join it, to look.
    """
    stage, scene = tough_stage, scenes[0]
    stage.restore(scene.before)
    pid = int(stage.client.info("server")["process_id"])
    with scene.newsroom() as newsroom:
        fill_disk(pid, stage.embedded.state_dir, room=30_000)
        with stage.crawl(newsroom, LEASE) as crawl:
            wait_until(lambda: DISK_FULL in crawl.log)
            began = time.monotonic()
            with embedded.open_embedded(stage.embedded.state_dir):
                assert time.monotonic() - began < 30, "patience is for servers that do not answer"
            time.sleep(1)
            if killed:
                os.kill(pid, signal.SIGKILL)  # the next server has no limit
            else:
                make_room(pid)
            assert crawl.end() == 0, crawl.log
            assert crawl.log.count(DISK_FULL) == 1
            assert "No space left on device" in crawl.log
            assert "is back to normal" in crawl.log
            assert "Traceback" not in crawl.log, crawl.log
    scene.assert_over(stage)


def leave(stage: Stage, room: int) -> None:
    """Let the store take so many bytes more."""
    stage.client.config_set("maxmemory", int(stage.client.info("memory")["used_memory"]) + room)
