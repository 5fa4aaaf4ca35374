"""Guarantees 1 and 2 for a swarm: workers share a store; they die at random moments and are replaced, and so is it."""

import random
import signal
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from types import MappingProxyType
from typing import Self

import pytest

from crawler.news.urls import url_id
from crawler.newsroom import Newsroom, World, synthetic
from tests.faults.conftest import Tell
from tests.faults.scenes import HOURS_MS, addresses, held_back
from tests.faults.stage import Run, Stage, wait_until

pytestmark = pytest.mark.alone

WORKERS = 3
OUTLETS = 40
PAGE_S = 0.4  # until a page answers, as real ones do: work is in hand when a kill comes
LONGEST_LIFE_S = 2.0  # of a worker once it is at work, if a kill waits for that
AT_ANY_TIME = 0.2  # of the kills don't, and may strike a worker as it starts
LEAPS = 0.1  # of the kills come after a leap of the clock

# Polls every two seconds and a lease no longer, so that a short test has many. No page dies of its workers' deaths, and
# a worker has less in hand than there are hosts, so that all have some.
RESTLESS = MappingProxyType(
    {
        "LEASE": "2s",
        "SHORTEST_POLL": "1s",
        "LEASE_DEATHS": "1000",
        "RECHECK_AFTER": "20d",
        "CONCURRENT_REQUESTS": "8",
    }
)


class Swarm:
    """Workers that share a stage's store. One that is killed is replaced at once."""

    def __init__(self, stage: Stage, newsroom: Newsroom) -> None:
        self._stage, self._newsroom = stage, newsroom
        self._closing = ExitStack()
        self.ever: list[Run] = []

    def __enter__(self) -> Self:
        self._alive = [self._start() for _ in range(WORKERS)]
        return self

    def __exit__(self, *_error: object) -> None:
        self._closing.close()

    def _start(self) -> Run:
        crawl = self._stage.crawl(self._newsroom, RESTLESS, once=False)
        self.ever.append(self._closing.enter_context(crawl))
        return crawl

    def kill(self, number: int) -> list[str]:
        """Kill a worker with all its processes, start another, and return what the dead one had in hand."""
        dead = self._alive[number]
        dead.kill()
        assert dead.end() == -signal.SIGKILL, f"it ended by itself:\n{dead.log}"
        orphans = self._stage.leases_of(dead)
        self._alive[number] = self._start()
        return orphans

    def wait(self, *numbers: int) -> None:
        """Wait until these workers, or all, have come so far as to ask the store for work."""
        awaited = [self._alive[number] for number in numbers or range(WORKERS)]
        wait_until(lambda: all("watching" in crawl.log for crawl in awaited), 60)

    def stop(self) -> None:
        """End every worker as one should, and see that none ever met a bug."""
        self.wait()
        for crawl in self._alive:
            crawl.kill(signal.SIGTERM)
        assert [crawl.end() for crawl in self._alive] == [0] * WORKERS
        assert [crawl.log for crawl in self.ever if "Traceback" in crawl.log] == []


@pytest.fixture
def chance() -> random.Random:
    """The same moments each time, as far as the machine allows."""
    return random.Random(4)


def test_kills(stage: Stage, chance: random.Random, thorough: bool, tell: Tell) -> None:
    """A worker is killed again and again, wherever it is, while articles go on appearing; now and then the store's
    clock leaps past every wait and every lease, also of the living. Each article is published once.
    """
    kills, articles = (200, 2_000) if thorough else (12, 300)
    world, orphans, struck = press(articles), Counter[str](), 0
    with Newsroom(world=held_back(world)) as newsroom:
        take_time(newsroom)
        stage.watch(world, every="2s")
        with Swarm(stage, newsroom) as swarm:
            for number, news in enumerate(waves(world, kills), 1):
                publish(newsroom, news)
                victim = chance.randrange(WORKERS)
                if chance.random() > AT_ANY_TIME:
                    swarm.wait(victim)
                time.sleep(chance.uniform(0, LONGEST_LIFE_S))
                if chance.random() < LEAPS:
                    stage.advance(HOURS_MS)
                held = swarm.kill(victim)
                struck += bool(held)
                orphans += Counter(member[0] for member in held)
                stage.books()
                if number % 20 == 0:
                    tell(f"{number:4} of {kills} kills, {len(stage.published())} of {articles} articles published")
            swarm.stop()
        finish(stage, newsroom)
        asked = Counter((visit.host, visit.path) for visit in newsroom.requests if visit.path.startswith("/news/"))
    tell(
        f"{kills} kills of {WORKERS} workers: {struck} had something in hand, in all {orphans['e']} pages, "
        f"{orphans['s']} polls and {orphans['r']} robots.txt; {asked.total()} requests for {len(asked)} pages"
    )
    assert_each_once(stage, world, tell)
    assert struck > kills / 2, "most kills must hit a worker at work, or this proves little"


def test_store_kills(stage: Stage, chance: random.Random, thorough: bool, tell: Tell) -> None:
    """The embedded store is killed while all workers use it: they bring it back and go on, and each article is
    published once.
    """
    kills, articles = (20, 2_000) if thorough else (3, 120)
    world, leased = press(articles), 0
    with Newsroom(world=held_back(world)) as newsroom:
        take_time(newsroom)
        stage.watch(world, every="2s")
        with Swarm(stage, newsroom) as swarm:
            swarm.wait()
            for news in waves(world, kills):
                publish(newsroom, news)
                wait_for_more(stage)
                time.sleep(chance.uniform(0, 1))
                leased += stage.client.zcard("storywatch:leases")
                stage.kill_store()
                wait_until(lambda: stage.store_answers)
                stage.books()
            swarm.stop()
            outages = sum(crawl.log.count("is back") for crawl in swarm.ever)
        finish(stage, newsroom)
    tell(f"{kills} kills of the store with {leased} leases held in all; {WORKERS} workers told of {outages} outages")
    assert_each_once(stage, world, tell)
    assert outages >= kills


def press(articles: int) -> World:
    """Short articles of many outlets."""
    return synthetic(OUTLETS, articles, page_bytes=0, words=100)


def take_time(newsroom: Newsroom) -> None:
    """Let every host answer as slowly as real ones do."""
    for outlet in newsroom.world.outlets:
        newsroom.fault(outlet.host, "slow", seconds=PAGE_S)


def waves(world: World, many: int) -> Iterator[Sequence[str]]:
    """Deal every article of the world out to so many waves."""
    urls = addresses(world)
    for number in range(many):
        yield urls[len(urls) * number // many : len(urls) * (number + 1) // many]


def publish(newsroom: Newsroom, urls: Sequence[str]) -> None:
    """Let these articles appear."""
    for url in urls:
        newsroom.publish(url)


def wait_for_more(stage: Stage) -> None:
    """Wait until something is published."""
    before = len(stage.published())
    wait_until(lambda: len(stage.published()) > before)


def finish(stage: Stage, newsroom: Newsroom) -> None:
    """Let one more pass do what is left. A source whose polls died again and again waits up to a day."""
    stage.advance(25 * HOURS_MS)
    with stage.crawl(newsroom, RESTLESS) as last:
        assert last.end() == 0, last.log


def assert_each_once(stage: Stage, world: World, tell: Tell) -> None:
    """See that each article of the world is in the stream, once, and that the books say so."""
    expected = {url_id(url) for url in addresses(world)}
    published = Counter(article for _, article, _ in stage.published())
    doubled = published.total() - len(published)
    tell(
        f"{len(expected)} articles: {len(published)} published, {doubled} doubled, {len(expected - {*published})} lost"
    )
    assert published == Counter(expected)
    assert stage.closed_books().outcomes == {"published": len(expected)}
