"""The store goes away in mid crawl: it is waited for, in plain words, and nothing is lost or doubled."""

import threading
from collections import Counter

import pytest

from tests.faults.proxy import Proxy
from tests.faults.scenes import newsroom_with, rehearse
from tests.faults.stage import Stage

OUTAGE_S = 2.5
SHORT_LEASE = "4s"  # longer than the outage, short enough to wait for one that nobody knows of


@pytest.mark.parametrize("number", [5, 45])
def test_an_outage_is_waited_out(stage: Stage, number: int) -> None:
    """The store is away for some seconds, at the start or in the middle: the crawl says so, waits, and goes on."""
    log = crawl_with_an_outage(stage, Proxy(stage.embedded.socket), number, "", OUTAGE_S)
    assert "is out of reach" in log
    assert "trying again in" in log


@pytest.mark.parametrize("of", ["claim", "robots", "discovered", "settle", "publish"])
def test_a_lost_reply_does_no_harm(stage: Stage, of: str) -> None:
    """The store has done what it was told, but the connection breaks before it can say so: told again, it does nothing;
    work that was claimed unheard is waited for until its lease is over.
    """
    crawl_with_an_outage(stage, Proxy(stage.embedded.socket), 3, of, 0.2)


def crawl_with_an_outage(stage: Stage, proxy: Proxy, number: int, of: str, seconds: float) -> str:
    """Crawl undisturbed, then once more from the start with an outage at that command; the ends must be equal. Return
    what the crawl said.
    """
    scene = rehearse(stage)[0]
    stage.restore(scene.before)
    with scene.newsroom() as newsroom, proxy, stage.crawl(newsroom, store=proxy.url, LEASE=SHORT_LEASE) as crawl:
        proxy.strike(number, "after" if of else "before", of=of)
        assert proxy.struck.wait(20), crawl.log
        threading.Timer(seconds, proxy.come_back).start()
        assert crawl.end() == 0, crawl.log
        assert "Traceback" not in crawl.log, crawl.log
        assert stage.closed_books().outcomes == scene.outcomes, crawl.log
        assert Counter(stage.published()) == scene.published
        return crawl.log


def test_a_store_away_for_good_ends_the_crawl(stage: Stage) -> None:
    """Beyond STORE_PATIENCE the crawl ends with exit code 1 and says where the store should be and what to do; the next
    one takes up what was in hand.
    """
    scene = rehearse(stage)[0]
    stage.restore(scene.before)
    with scene.newsroom() as newsroom, Proxy(stage.embedded.socket) as proxy:
        with stage.crawl(newsroom, store=proxy.url, STORE_PATIENCE="2s") as crawl:
            proxy.strike(45, "before")
            assert crawl.end() == 1, crawl.log
            assert f"{proxy.url}: out of reach for" in crawl.log
            assert "Is it running, and is REDIS_URL right?" in crawl.log
            assert "Traceback" not in crawl.log, crawl.log
        stage.tally()
        stage.outlive_leases()
        with stage.crawl(newsroom) as again:
            assert again.end() == 0, again.log
    assert stage.closed_books().outcomes == scene.outcomes
    assert Counter(stage.published()) == scene.published


def test_a_store_that_was_never_there(stage: Stage) -> None:
    """A crawl whose store does not answer from the start ends likewise."""
    nowhere = "unix:///nowhere/valkey.sock"
    with newsroom_with(()) as newsroom, stage.crawl(newsroom, store=nowhere, STORE_PATIENCE="1s") as crawl:
        assert crawl.end() == 1, crawl.log
        assert f"{nowhere}: out of reach for" in crawl.log
        assert "Traceback" not in crawl.log, crawl.log
        assert newsroom.requests == []
