"""The store goes away in mid crawl: it is waited for, in plain words, and nothing is lost or doubled."""

import threading

import pytest

from crawler.newsroom import synthetic
from tests.faults.scenes import Scene, hasty_press, newsroom_of, rehearse
from tests.faults.stage import Stage

SHORT_LEASE = {"LEASE": "4s"}  # longer than the outage, short enough to wait for one that nobody knows of


@pytest.mark.parametrize("number", [5, 45])
def test_an_outage_is_waited_out(stage: Stage, first_look: Scene, number: int) -> None:
    """The store is away for some seconds, at the start or in the middle: the crawl says so, waits, and goes on."""
    with (
        first_look.newsroom() as newsroom,
        stage.proxy() as proxy,
        stage.crawl(newsroom, SHORT_LEASE, store=proxy.url) as crawl,
    ):
        proxy.strike(number, "before")
        assert proxy.struck.wait(30), crawl.log
        threading.Timer(2.5, proxy.come_back).start()
        assert crawl.end() == 0, crawl.log
        assert f"store {proxy.url} is out of reach" in crawl.log
        assert crawl.log.count("trying again for up to") == crawl.log.count("is back") == 1
        assert "Traceback" not in crawl.log, crawl.log
    first_look.assert_over(stage)


@pytest.mark.parametrize("script", ["robots", "discovered", "settle", "publish"])
def test_a_lost_reply_does_no_harm(stage: Stage, first_look: Scene, script: str) -> None:
    """The store has done as told, but the connection breaks before it can say so. Told again, it does nothing."""
    with (
        first_look.newsroom() as newsroom,
        stage.proxy() as proxy,
        stage.crawl(newsroom, SHORT_LEASE, store=proxy.url) as crawl,
    ):
        proxy.strike(3, "after", of=script)
        assert proxy.struck.wait(30), crawl.log
        proxy.come_back()
        assert crawl.end() == 0, crawl.log
        assert "Traceback" not in crawl.log, crawl.log
    first_look.assert_over(stage)


@pytest.mark.parametrize("number", [4, 5])
def test_work_claimed_unheard_is_waited_for(stage: Stage, number: int) -> None:
    """The only poll or page is claimed, but the connection breaks before the crawl hears of it: the pass
    goes on until that lease is over, and does the work.
    """
    world = synthetic(outlets=1, articles=1, page_bytes=0)
    stage.watch(world)
    scene = rehearse(stage, "one article", world)
    stage.restore(scene.before)
    with (
        scene.newsroom() as newsroom,
        stage.proxy() as proxy,
        stage.crawl(newsroom, SHORT_LEASE, store=proxy.url) as crawl,
    ):
        proxy.strike(number, "after", of="claim")
        assert proxy.struck.wait(30), crawl.log
        proxy.come_back()
        assert crawl.end() == 0, crawl.log
    scene.assert_over(stage)


@pytest.mark.parametrize("command", ["HMGET", "discovered", "publish"])
def test_a_store_away_for_good_ends_the_crawl(stage: Stage, first_look: Scene, command: str) -> None:
    """Beyond STORE_PATIENCE the crawl ends with exit code 1 and says where the store should be and what to do; the next
    one takes up what was in hand.
    """
    with first_look.newsroom() as newsroom, stage.proxy() as proxy:
        with stage.crawl(newsroom, {"STORE_PATIENCE": "2s"}, store=proxy.url) as crawl:
            proxy.strike(3, "before", of=command)
            assert crawl.end() == 1, crawl.log
            assert f"{proxy.url}: out of reach for" in crawl.log
            assert "Is it running, and is REDIS_URL right?" in crawl.log
            assert "Traceback" not in crawl.log, crawl.log
        stage.tally()
        stage.outlive_leases()
        with stage.crawl(newsroom) as again:
            assert again.end() == 0, again.log
    first_look.assert_over(stage)


def test_a_store_that_was_never_there(stage: Stage) -> None:
    """A crawl whose store does not answer from the start ends likewise, and asks nobody for anything."""
    nowhere, impatient = "unix:///nowhere/valkey.sock", {"STORE_PATIENCE": "1s"}
    with (
        newsroom_of(hasty_press()) as newsroom,
        stage.crawl(newsroom, impatient, store=nowhere) as crawl,
    ):
        assert crawl.end() == 1, crawl.log
        assert f"{nowhere}: out of reach for" in crawl.log
        assert "Traceback" not in crawl.log, crawl.log
        assert newsroom.requests == []
