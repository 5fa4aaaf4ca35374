"""Several workers on one store: polite together, free to come and go, harmless when they come back from the dead."""

import signal
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from itertools import pairwise

import pytest

from crawler.news.urls import url_id
from crawler.newsroom import Newsroom, Outlet, Visit, World, synthetic
from tests.faults.conftest import Tell
from tests.faults.scenes import addresses, held_back
from tests.faults.stage import Stage, share_of, stop, wait_until

pytestmark = pytest.mark.alone

ANSWER_S = 0.1  # until a host answers
GAP_S = 1.0
CRAWL_DELAY_S = 2  # of every fourth host
TAKEN_OVER_S = 10.0  # a worker sleeps at most one second; a lease would take thirty
LEASE_S = 2


def test_five_workers_are_as_polite_as_one(stage: Stage, tell: Tell) -> None:
    """However many ask, robots.txt, polls, pages, redirects and rechecks together: each host rests after each answer as
    long as it should, seen from its server, and all share one look at its robots.txt.
    """
    world = demanding_press()
    often = {"HOST_GAP": f"{GAP_S:.0f}s", "SHORTEST_POLL": "1s", "RECHECK_AFTER": "1s,1d"}
    with Newsroom(world=held_back(world)) as newsroom, ExitStack() as closing:
        for outlet in world.outlets:
            newsroom.fault(outlet.host, "slow", seconds=ANSWER_S)
        stage.watch(world, every="2s")
        workers = [closing.enter_context(stage.crawl(newsroom, often, once=False)) for _ in range(5)]
        wait_until(lambda: all("watching" in worker.log for worker in workers))
        publish_all(newsroom)
        wait_until(lambda: len(stage.published()) == 48)
        stop(*workers)
        rests = {outlet.name: rests_of(newsroom.requests_of(outlet.host)) for outlet in world.outlets}
        asked = Counter((visit.host, visit.path) for visit in newsroom.requests)
        moved = [visit for visit in newsroom.requests if visit.status == 301]
    shares = [share_of(worker) for worker in workers]
    tell(f"{asked.total()} requests to 12 hosts by five workers, which published {shares}")
    tell("shortest rests (s): " + ", ".join(f"{min(rests[outlet.name]):.2f}" for outlet in world.outlets))
    for outlet in world.outlets:
        assert min(rests[outlet.name]) >= max(GAP_S, outlet.crawl_delay_seconds), outlet.name
        assert asked[outlet.host, "/robots.txt"] == 1
    again = [path for (_, path), many in asked.items() if many > 1]
    assert any(path.endswith(".xml") for path in again), "polls are among them"
    assert any(path.startswith("/news/") for path in again), "rechecks are among them"
    assert len(moved) >= 12, "redirects are among them"
    assert min(shares) > 0
    assert stage.closed_books().outcomes == {"published": 48}


def test_a_worker_that_leaves_hands_its_work_over(stage: Stage) -> None:
    """SIGTERM in mid crawl: exit code 0, and what it had in hand goes to the others at once, not after its lease."""
    world = synthetic(outlets=6, articles=60, page_bytes=0, words=100)
    stage.watch(world)
    with Newsroom(world=world) as newsroom, ExitStack() as closing:
        slow = addresses(world)[20]
        newsroom.fault(slow, "slow", seconds=60, times=1)
        brief = {"GRACE_PERIOD": "1s"}
        workers = [closing.enter_context(stage.crawl(newsroom, brief, once=False)) for _ in range(3)]
        wait_until(lambda: len(asked_for(newsroom, slow)) == 1)
        (leaving,) = [worker for worker in workers if f"e:{url_id(slow)}" in stage.leases_of(worker)]
        stop(leaving)
        left = time.monotonic()
        wait_until(lambda: len(asked_for(newsroom, slow)) == 2)
        assert time.monotonic() - left < TAKEN_OVER_S
        wait_until(lambda: len(stage.published()) == 60)
        stop(*(worker for worker in workers if worker is not leaving))
    assert stage.closed_books().outcomes == {"published": 60}


def test_a_worker_that_joins_takes_its_share(stage: Stage, tell: Tell) -> None:
    """It comes when another is at work with full hands, and takes what that one cannot: both do some of the rest."""
    world = synthetic(outlets=12, articles=120, page_bytes=0, words=100)
    stage.watch(world)
    busy = {"CONCURRENT_REQUESTS": "4"}
    with Newsroom(world=world) as newsroom:
        for outlet in world.outlets:
            newsroom.fault(outlet.host, "slow", seconds=2 * ANSWER_S)
        with stage.crawl(newsroom, busy) as first:
            wait_until(lambda: len(stage.published()) > 6)
            with stage.crawl(newsroom, busy) as second:
                wait_until(lambda: "watching" in second.log)
                left = 120 - len(stage.published())
                assert (first.end(), second.end()) == (0, 0), first.log + second.log
    tell(f"of {left} articles that were left, the worker that joined published {share_of(second)}")
    assert share_of(first) + share_of(second) == 120
    assert share_of(second) > left / 5
    assert stage.closed_books().outcomes == {"published": 120}


def test_a_frozen_worker_comes_back_too_late(stage: Stage) -> None:
    """Frozen with a page in hand for longer than its lease; another takes over and ends the work. Thawed, it is refused
    and says so, nothing is doubled, and it goes on working.
    """
    world = synthetic(outlets=4, articles=20, page_bytes=0, words=100)
    *news, late = addresses(world)
    stage.watch(world)
    with Newsroom(world=held_back(world)) as newsroom:
        for url in news:
            newsroom.publish(url)
        newsroom.fault(news[7], "slow", seconds=1, times=1)
        short = {"LEASE": f"{LEASE_S}s"}
        with stage.crawl(newsroom, short, once=False) as frozen:
            wait_until(lambda: len(asked_for(newsroom, news[7])) == 1)
            frozen.kill(signal.SIGSTOP)
            with stage.crawl(newsroom, short) as other:
                assert other.end() == 0, other.log
            assert stage.closed_books().outcomes == {"published": 19}
            frozen.kill(signal.SIGCONT)
            wait_until(lambda: "was no longer ours when it was done; another worker has it" in frozen.log)
            newsroom.publish(late)
            stage.advance(20 * 60_000)
            wait_until(lambda: len(stage.published()) == 20)
            stop(frozen)
    assert "done too late" in frozen.log.partition("Polled")[2], frozen.log
    assert stage.closed_books().outcomes == {"published": 20}
    assert share_of(frozen) + share_of(other) == 20


def demanding_press() -> World:
    """Twelve outlets with four articles each: one moved to another address, and some hosts with a crawl-delay."""
    world = synthetic(outlets=12, articles=48, page_bytes=0, words=100)
    return replace(world, outlets=tuple(demanding(number, outlet) for number, outlet in enumerate(world.outlets)))


def demanding(number: int, outlet: Outlet) -> Outlet:
    moved, *others = outlet.pieces
    pieces = (replace(moved, link="/go/1", alias="/go/1"), *others)
    return replace(outlet, pieces=pieces, crawl_delay_seconds=CRAWL_DELAY_S if number % 4 == 0 else 0)


def publish_all(newsroom: Newsroom) -> None:
    """Let every article appear."""
    for url in addresses(newsroom.world):
        newsroom.publish(url)


def rests_of(visits: list[Visit]) -> list[float]:
    """How long a host was left alone after each answer (s)."""
    return [later.at_seconds - (earlier.at_seconds + ANSWER_S) for earlier, later in pairwise(visits)]


def asked_for(newsroom: Newsroom, url: str) -> list[Visit]:
    """Every request for this address."""
    host, _, path = url.removeprefix("http://").partition("/")
    return newsroom.requests_of(host, f"/{path}")
