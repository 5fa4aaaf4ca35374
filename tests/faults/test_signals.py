"""SIGTERM and Ctrl-C in mid crawl: what is in hand is finished or given back, and a later pass does the rest."""

import signal
import time

import msgspec
import pytest

from crawler.newsroom import Newsroom
from tests.faults.scenes import Scene
from tests.faults.stage import Run, Stage, wait_until

pytestmark = pytest.mark.alone

# The wire's second article: nothing else waits for that host while it is fetched.
SLOW = "meridianwire.example/northern-seas/vostria-maravela-exchange-sailors-corrin-558210"
GRACE_S = 2
ANOTHER_PASS_S = 15  # a lease of a worker thought dead would take 30


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_a_crawl_in_time(stage: Stage, first_look: Scene, number: signal.Signals) -> None:
    """A host keeps the crawl waiting when the signal comes: it ends soon after its grace period, with exit code 0,
    nothing stays leased, no attempt is counted; a later pass finishes the rest, once.
    """
    with first_look.newsroom() as newsroom:
        with stage.crawl(newsroom, {"GRACE_PERIOD": f"{GRACE_S}s"}, once=False) as crawl:
            keep_waiting(newsroom, crawl)
            signalled = time.monotonic()
            crawl.kill(number)
            assert crawl.end() == 0, crawl.log
            assert time.monotonic() - signalled <= GRACE_S + 2
        tally = stage.tally()
        assert tally.leased == stage.client.zcard("storywatch:leases") == 0, crawl.log
        assert tally.waiting >= 1
        assert attempts(stage) == {0}
        newsroom.heal(SLOW)
        with stage.crawl(newsroom) as again:
            assert again.end() == 0, again.log
    first_look.assert_over(stage)


def test_a_pass_does_not_wait_for_the_living(stage: Stage, first_look: Scene) -> None:
    """Another worker is busy with a slow page and keeps its lease: a pass with nothing else to do ends soon."""
    with first_look.newsroom() as newsroom, stage.crawl(newsroom, {"GRACE_PERIOD": "1s"}, once=False) as busy:
        keep_waiting(newsroom, busy)
        wait_until(lambda: stage.tally().waiting == 0)
        began = time.monotonic()
        with stage.crawl(newsroom) as other:
            assert other.end() == 0, other.log
        assert time.monotonic() - began < ANOTHER_PASS_S
        assert stage.tally().leased == 1
        assert busy.process.poll() is None
        busy.kill(signal.SIGTERM)
        assert busy.end() == 0, busy.log


def keep_waiting(newsroom: Newsroom, crawl: Run) -> None:
    """Let the crawl hold a page that takes for ever to come."""
    newsroom.fault(SLOW, "slow", seconds=60)
    wait_until(lambda: any(SLOW.endswith(visit.path) for visit in newsroom.requests))
    assert crawl.process.poll() is None


def attempts(stage: Stage) -> set[int]:
    """The attempts counted against all that waits."""
    return {msgspec.json.decode(record)["attempts"] for record in stage.client.hvals("storywatch:entries")}
