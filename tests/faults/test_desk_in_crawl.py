"""The desk inside a crawl: whatever happens to both, each article is in one story and each story is told once."""

import signal
import threading
from collections import Counter
from itertools import pairwise

import pytest

from crawler.newsroom import Newsroom
from tests.desk.receiver import Receiver
from tests.faults.scenes import hasty_press, newsroom_of
from tests.faults.stage import Stage, wait_until

pytestmark = pytest.mark.alone

CHANNELS = {"receiver", "quiet"}


@pytest.mark.parametrize("alerts", [0, 2])
def test_killed_in_mid_crawl(stage: Stage, alerts: int) -> None:
    """Killed as the first stories come, or as alerts go out; a later pass does the rest."""
    with newsroom_of(hasty_press()) as newsroom, Receiver() as receiver:
        with stage.watch_and_tell(newsroom, receiver) as crawl:
            wait_until(lambda: len(receiver.heard) >= alerts and bool(stage.events("stories")))
            crawl.kill()
            crawl.end()
        stage.outlive_leases()
        finish(stage, newsroom, receiver)


def test_an_outage_of_the_store(stage: Stage) -> None:
    """The store is away for some seconds while both are at work: they wait, and end as if nothing had been."""
    with newsroom_of(hasty_press()) as newsroom, Receiver() as receiver, stage.proxy() as proxy:
        with stage.watch_and_tell(newsroom, receiver, store=proxy.url) as crawl:
            proxy.strike(4, "after", of="desk_write")
            assert proxy.struck.wait(30), crawl.log
            threading.Timer(2, proxy.come_back).start()
            assert crawl.end() == 0, crawl.log
            assert "Traceback" not in crawl.log, crawl.log
        assert_all_told(stage, receiver)


def test_a_signal(stage: Stage) -> None:
    """SIGTERM as the first stories come: exit code 0, the desk is given back, and the next pass goes on at once."""
    with newsroom_of(hasty_press()) as newsroom, Receiver() as receiver:
        with stage.watch_and_tell(newsroom, receiver, once=False) as crawl:
            wait_until(lambda: bool(stage.events("stories")))
            crawl.kill(signal.SIGTERM)
            assert crawl.end(20) == 0, crawl.log
        assert int(stage.client.hget("storywatch:desk", "until") or 0) <= int(stage.client.time()[0]) * 1000 + 1000
        finish(stage, newsroom, receiver)


def test_a_frozen_desk_comes_back_too_late(stage: Stage) -> None:
    """Frozen as it is about to write a story; another process takes the desk over and tells everything. Thawed, its
    write is refused, and nothing is told twice.
    """
    with newsroom_of(hasty_press()) as newsroom, Receiver() as receiver, stage.proxy() as proxy:
        with stage.watch_and_tell(newsroom, receiver, store=proxy.url, once=False) as frozen:
            proxy.strike(3, "before", lambda: frozen.kill(signal.SIGSTOP), of="desk_write")
            assert proxy.struck.wait(30), frozen.log
            with stage.watch_and_tell(newsroom, receiver) as other:
                assert other.end() == 0, other.log
            assert_all_told(stage, receiver)
            proxy.come_back()
            frozen.kill(signal.SIGCONT)
            wait_until(lambda: "the desk is no longer ours" in frozen.log)
            wait_until(lambda: frozen.log.count("the desk is ours") == 2)
            frozen.kill(signal.SIGTERM)
            assert frozen.end(20) == 0, frozen.log
        assert_all_told(stage, receiver)


def finish(stage: Stage, newsroom: Newsroom, receiver: Receiver) -> None:
    """Let another pass do what is left."""
    with stage.watch_and_tell(newsroom, receiver) as again:
        assert again.end() == 0, again.log
    assert_all_told(stage, receiver)


def assert_all_told(stage: Stage, receiver: Receiver) -> None:
    """Each published article is in one story, no story lacks a version, and each is told once a channel."""
    stage.closed_books()
    stories: dict[str, list[int]] = {}
    placed = Counter[str]()
    for event in stage.events("stories"):
        stories.setdefault(event["subject"], []).append(event["data"]["version"])
        placed[event["data"]["change"]["article"]["articleId"]] += 1
    assert placed == Counter({article: 1 for _, article, _ in stage.published()})
    assert all(second == first + 1 for versions in stories.values() for first, second in pairwise([0, *versions]))
    alerts = stage.events("alerts")
    first = Counter((e["subject"], e["data"]["channel"]) for e in alerts if e["data"]["kind"] == "story")
    assert set(first.values()) == {1}
    assert {story for story, _ in first} == set(stories)
    assert {channel for _, channel in first} == CHANNELS
    assert {e["data"]["alertId"] for e in alerts if e["type"].endswith("sent")} == {
        heard.key for heard in receiver.heard
    }
    assert stage.client.hlen("storywatch:outbox") == 0
