"""Articles that queries are tried on: unmatched ones kept once each, and read with the published, newest first."""

import random
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawler.news.event import article_event
from crawler.news.outcome import Outcome
from crawler.news.urls import url_id
from crawler.store import Store, archive, keys
from crawler.store.archive import Kept
from crawler.store.clippings import pack
from crawler.store.frontier import Lease
from tests.store.acting import (
    article_state,
    assert_balanced,
    claim,
    discover,
    settle_unmatched,
    source,
    unmatched_article,
)
from tests.store.conftest import World

A, B = (f"http://gazette.example/{slug}" for slug in ("harbour", "council"))
DAY_MS = 86_400_000


async def page(store: Store, *more: str) -> Lease:
    """The leased page of the first of some newly announced entries."""
    await store.schedule.register([source(every_ms=1 << 40)])
    await discover(store, A, *more)
    (lease,) = await claim(store)
    return lease


class Shelf:
    """Entries of both streams at chosen moments, as scripts leave them there."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.store = world.worker()

    def published(self, ms: int, url: str, revision: int = 1, kind: str = "created") -> None:
        """An event, as publish.lua appends it."""
        event = article_event(unmatched_article(url, revision), "storywatch.article.created", time=datetime.now(UTC))
        event = event.replace("article.created", f"article.{kind}")
        self._world.client.xadd(
            keys.ARTICLES_STREAM, {"type": f"storywatch.article.{kind}", "event": event}, id=f"{ms}-*"
        )

    def unmatched(self, ms: int, url: str, revision: int = 1) -> None:
        """A clipping, as settle.lua appends it."""
        self._world.client.xadd(
            keys.UNMATCHED_STREAM, {"id": url_id(url), "article": pack(unmatched_article(url, revision))}, id=f"{ms}-*"
        )

    async def read(self, since_ms: int = 0) -> list[tuple[int, str, int | None, bool]]:
        """What the archive has: when it came, its URL, its revision, whether it was published."""
        return [told(kept) async for kept in self.store.archive.articles(since_ms)]


def told(kept: Kept) -> tuple[int, str, int | None, bool]:
    """An article of the archive in short."""
    return kept.seen_ms, kept.article.canonicalUrl, kept.article.revision, kept.published


def test_an_unmatched_article_is_kept_in_the_step_that_ends_it(world: World) -> None:
    """All that a query sees comes back, and when it came in."""

    async def story() -> None:
        store = world.worker()
        began = int(time.time() * 1000)
        assert await settle_unmatched(store, await page(store)) == "OK"
        (kept,) = [kept async for kept in store.archive.articles(0)]
        assert kept == Kept(unmatched_article(A), kept.seen_ms, published=False)
        assert began - 1_000 <= kept.seen_ms <= time.time() * 1000 + 1_000
        assert await store.archive.count(0) == 1
        await assert_balanced(store)

    world.play(story())


def test_a_script_that_is_sent_again_keeps_nothing_more(world: World) -> None:
    """Its reply was lost: the lease is gone by then. Nor does a worker that comes back from the dead."""

    async def story() -> None:
        one, two = world.worker(), world.worker()
        lease = await page(one)
        assert await settle_unmatched(one, lease) == "OK"
        assert await settle_unmatched(one, lease) == await settle_unmatched(two, lease, revision=2) == "STALE"
        assert world.client.xlen(keys.UNMATCHED_STREAM) == 1

    world.play(story())


def test_a_decision_on_an_older_revision_keeps_nothing(world: World) -> None:
    """CONFLICT; decided anew, it is kept as the next revision, and that is what the archive has of it."""

    async def story() -> None:
        store = world.worker()
        await settle_unmatched(store, await page(store, f"{A}/amp"), url=A)
        (alias,) = await claim(store)
        assert await settle_unmatched(store, alias, url=A) == "CONFLICT"
        assert world.client.xlen(keys.UNMATCHED_STREAM) == 1
        assert await settle_unmatched(store, alias, revision=2, url=A) == "OK"
        assert [told(kept)[1:] async for kept in store.archive.articles(0)] == [(A, 2, False)]

    world.play(story())


def test_other_outcomes_keep_nothing(world: World) -> None:
    """What is unchanged is there already, and nothing of a refused page may be."""

    async def story() -> None:
        store = world.worker()
        lease = await page(store)
        assert await store.frontier.settle(lease, Outcome("unchanged"), gap_ms=0, state=article_state(A, 1)) == "OK"
        assert [kept async for kept in store.archive.articles(0)] == []
        assert world.client.exists(keys.UNMATCHED_STREAM) == 0

    world.play(story())


def test_what_is_too_old_goes_when_more_comes(world: World) -> None:
    """But for a few that share a node of the stream with newer ones."""

    async def story() -> None:
        shelf = Shelf(world)
        old, young = (int(time.time() * 1000) - days * DAY_MS for days in (15, 13))
        for number in range(100):
            shelf.unmatched(old, f"http://gazette.example/old-{number}")
        shelf.unmatched(young, B)
        assert await settle_unmatched(shelf.store, await page(shelf.store)) == "OK"
        left = await shelf.read()
        assert [url for _, url, _, _ in left[:2]] == [A, B]
        assert len(left) < 20

    world.play(story())


@pytest.fixture
def keeping_none(world: World) -> World:
    """KEEP_UNMATCHED = "0s"."""
    world.limits = replace(world.limits, keep_unmatched_ms=0)
    return world


def test_nothing_is_kept_where_that_is_switched_off(keeping_none: World) -> None:
    """And what is left from before goes."""

    async def story() -> None:
        shelf = Shelf(keeping_none)
        for number in range(100):
            shelf.unmatched(int(time.time() * 1000) - DAY_MS, f"http://gazette.example/old-{number}")
        assert await settle_unmatched(shelf.store, await page(shelf.store)) == "OK"
        assert await shelf.read() == []
        assert await shelf.store.articles.state(url_id(A)) == article_state(A, 1), "it is known, and not fetched again"

    keeping_none.play(story())


def test_both_streams_are_read_as_one_newest_first(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the length of either, and of a page."""
    monkeypatch.setattr(archive, "PAGE", 3)
    dice = random.Random(7)
    moments = [(1_000 + number, dice.random() < 0.3) for number in range(40)]

    async def story() -> None:
        shelf = Shelf(world)
        for ms, published in moments:
            (shelf.published if published else shelf.unmatched)(ms, f"http://gazette.example/{ms}")
        expected = [(ms, f"http://gazette.example/{ms}", 1, published) for ms, published in reversed(moments)]
        assert await shelf.read() == expected
        assert await shelf.read(since_ms=1_010) == expected[:30]
        assert await shelf.read(since_ms=2_000) == []

    world.play(story())


def test_an_article_is_told_once_in_its_newest_revision(world: World) -> None:
    """One that met no topic and was published later is a published one; so is it where both were of one moment."""

    async def story() -> None:
        shelf = Shelf(world)
        shelf.unmatched(1_000, A)
        shelf.unmatched(2_000, B)
        shelf.unmatched(3_000, B, 2)
        shelf.published(4_000, A, 2)
        shelf.published(5_000, A, 3, "revised")
        assert await shelf.read() == [(5_000, A, 3, True), (3_000, B, 2, False)]
        shelf.unmatched(6_000, B, 3)
        shelf.published(6_000, B, 4)
        assert await shelf.read() == [(6_000, B, 4, True), (5_000, A, 3, True)]

    world.play(story())


def test_a_removed_article_is_not_told(world: World) -> None:
    """Nor its earlier revisions; a later one is."""

    async def story() -> None:
        shelf = Shelf(world)
        shelf.published(1_000, A)
        shelf.published(2_000, A, 1, "removed")
        assert await shelf.read() == []
        assert await shelf.store.archive.find(url_id(A)) is None
        shelf.published(3_000, A, 2)
        assert await shelf.read() == [(3_000, A, 2, True)]

    world.play(story())


def test_one_article_is_found_by_its_id(world: World) -> None:
    """Published or not, in its newest revision; None is not kept."""

    async def story() -> None:
        shelf = Shelf(world)
        shelf.published(1_000, A)
        shelf.unmatched(2_000, B)
        shelf.published(3_000, A, 2, "revised")
        for url, expected in ((A, (3_000, A, 2, True)), (B, (2_000, B, 1, False))):
            kept = await shelf.store.archive.find(url_id(url))
            assert kept is not None
            assert told(kept) == expected
        assert await shelf.store.archive.find(url_id("http://gazette.example/none")) is None

    world.play(story())


def test_the_count_is_about_what_is_read(world: World) -> None:
    """Exact for all, and an even share for a part; revisions count each."""

    async def story() -> None:
        shelf = Shelf(world)
        assert await shelf.store.archive.count(0) == 0
        for ms in range(1_000, 1_100):
            shelf.unmatched(ms, A, ms)
            if ms % 4 == 0:
                shelf.published(ms, B, ms)
        counts = [await shelf.store.archive.count(since_ms) for since_ms in (0, 1_000, 1_050, 1_099, 5_000)]
        assert counts[:2] == [125, 125]
        assert 60 <= counts[2] <= 65
        assert counts[3:] == [1, 0]

    world.play(story())


def test_what_comes_in_meanwhile_is_not_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader of a busy store comes to an end; of what is trimmed meanwhile the rest is missing."""
    monkeypatch.setattr(archive, "PAGE", 2)

    async def story() -> None:
        shelf = Shelf(world)
        for ms in range(1_000, 1_010):
            shelf.unmatched(ms, f"http://gazette.example/{ms}")
        read = []
        async for kept in shelf.store.archive.articles(0):
            read.append(kept.seen_ms)
            if len(read) == 3:
                shelf.unmatched(2_000, B)
                world.client.xtrim(keys.UNMATCHED_STREAM, minid="1004", approximate=False)
        assert read == [1_009, 1_008, 1_007, 1_006, 1_005, 1_004]

    world.play(story())
