"""Walls in front of articles count against the sources that announced them, and the next article heals them."""

import pytest

from crawler.news.outcome import Outcome
from crawler.store import Store
from crawler.store.frontier import Lease
from tests.store.acting import FEED, assert_balanced, claim, discover, publish, source
from tests.store.conftest import World

A, B, C = (f"http://gazette.example/{slug}" for slug in ("harbour", "council", "weather"))
LATEST = "http://gazette.example/latest.xml"
WALL = Outcome("dead", "consent-wall", "its text asks for consent")


async def health(store: Store) -> dict[str, tuple[str, int]]:
    """What each source's last pages were instead of articles, and how many in a row."""
    return {state.url: (state.wall, state.walls) async for state in store.schedule.sources()}


async def challenged(store: Store, lease: Lease) -> str:
    """Put a page back that a guard kept from us."""
    return await store.frontier.retry(lease, gap_ms=0, wait_ms=1_000, counted=2, reason="bot-challenge")


def test_every_source_that_announced_the_page_is_unwell(world: World) -> None:
    """Two sources announce a page behind a consent wall; a third source, of other pages, is well."""

    async def story() -> None:
        one = world.worker()
        other = source("http://else.example/feed", outlet="Else")
        await one.schedule.register([source(), source(LATEST), other])
        for lease in await claim(one):
            await discover(one, *([] if lease.source.outlet == "Else" else [A]), lease=lease)
        for lease in [lease for lease in await claim(one) if lease.kind == "source"]:
            await discover(one, A, lease=lease)
        (page,) = await claim(one)
        assert await one.frontier.settle(page, WALL, gap_ms=0) == "OK"
        walled = ("consent-wall", 1)
        assert await health(one) == {FEED: walled, LATEST: walled, other.url: ("", 0)}
        await assert_balanced(one)

    world.play(story())


def test_walls_are_counted_in_a_row(world: World) -> None:
    """Settled or put back, each counts one; the other sort begins anew."""

    async def story() -> None:
        one = world.worker()
        await one.schedule.register([source(every_ms=1 << 40)])
        await discover(one, A, B, C)
        for expected in (("consent-wall", 1), ("consent-wall", 2)):
            (page,) = await claim(one)
            await one.frontier.settle(page, WALL, gap_ms=0)
            assert await health(one) == {FEED: expected}
        for count, answer in ((1, "OK"), (2, "OK"), (3, "DEAD")):
            (page,) = await claim(one)
            assert await challenged(one, page) == answer
            assert await health(one) == {FEED: ("bot-challenge", count)}
            await assert_balanced(one)
            world.advance(1_000)
        assert (await one.frontier.tally()).outcomes == {"dead:consent-wall": 2, "dead:bot-challenge": 1}

    world.play(story())


@pytest.mark.parametrize("reason", ["timeout", "no-text", "gone", "soft-404"])
def test_other_failures_neither_harm_nor_heal(world: World, reason: str) -> None:
    """They say nothing of walls: as often as not it is the wall's page that they befell."""

    async def story() -> None:
        one = world.worker()
        await one.schedule.register([source(every_ms=1 << 40)])
        await discover(one, A, B, C)
        (page,) = await claim(one)
        await challenged(one, page)
        (page,) = await claim(one)
        await one.frontier.settle(page, Outcome("rejected", reason), gap_ms=0)
        (page,) = await claim(one)
        await one.frontier.retry(page, gap_ms=0, counted=1, reason=reason)
        assert await health(one) == {FEED: ("bot-challenge", 1)}

    world.play(story())


@pytest.mark.parametrize("ending", ["published", "unmatched", "unchanged"])
def test_the_next_article_heals(world: World, ending: str) -> None:
    """Published or not: whoever saw an article stood before no wall."""

    async def story() -> None:
        one = world.worker()
        await one.schedule.register([source(every_ms=1 << 40)])
        await discover(one, A, B)
        (page,) = await claim(one)
        await challenged(one, page)
        assert await health(one) == {FEED: ("bot-challenge", 1)}
        (page,) = await claim(one)
        if ending == "published":
            await publish(one, page)
        elif ending == "unmatched":
            await one.frontier.settle(page, Outcome("unmatched"), gap_ms=0)
        else:
            await one.frontier.settle(page, Outcome("unchanged"), gap_ms=0)
        assert await health(one) == {FEED: ("", 0)}

    world.play(story())


def test_a_look_at_a_published_article_counts_as_well(world: World) -> None:
    """An outlet that puts up a wall between two looks at its articles is unwell."""

    async def story() -> None:
        one = world.worker()
        await one.schedule.register([source(every_ms=1 << 40)])
        await discover(one, A)
        (page,) = await claim(one)
        await publish(one, page, recheck=(page.page, 1_000))
        world.advance(1_000)
        (again,) = await claim(one)
        await one.frontier.settle(again, WALL, gap_ms=0, recheck=(again.page, 1_000))
        assert await health(one) == {FEED: ("consent-wall", 1)}
        world.advance(1_000)
        (again,) = await claim(one)
        await publish(one, again, revision=2)
        assert await health(one) == {FEED: ("", 0)}

    world.play(story())


def test_a_poll_does_not_forget_the_walls(world: World) -> None:
    """A poll that began before the wall was met and ends after it leaves it in place; so does a new start."""

    async def story() -> None:
        one = world.worker()
        await one.schedule.register([source("http://feeds.example/gazette", every_ms=1_000)])
        await discover(one, A)
        world.advance(1_000)
        leases = {lease.kind: lease for lease in await claim(one)}
        await one.frontier.settle(leases["entry"], WALL, gap_ms=0)
        await discover(one, lease=leases["source"])
        await one.schedule.register([source("http://feeds.example/gazette", every_ms=500)])
        assert await health(one) == {"http://feeds.example/gazette": ("consent-wall", 1)}

    world.play(story())


def test_a_stale_worker_changes_nothing(world: World) -> None:
    """Whoever lost the lease has no say in the health of its sources either."""

    async def story() -> None:
        one, two = world.worker(), world.worker()
        await one.schedule.register([source(every_ms=1 << 40)])
        await discover(one, A)
        (late,) = await claim(one)
        world.advance(31_000)
        await claim(two)
        await two.frontier.reap(0)
        assert await one.frontier.settle(late, WALL, gap_ms=0) == "STALE"
        assert await challenged(one, late) == "STALE"
        assert await health(one) == {FEED: ("", 0)}

    world.play(story())


def test_states_of_an_earlier_version_are_read(world: World) -> None:
    """A source that was stored before walls were counted."""

    async def story() -> None:
        one = world.worker()
        await one.schedule.register([source(every_ms=1 << 40)])
        await discover(one, A, B)
        ((name, text),) = world.client.hgetall("storywatch:sources").items()
        old = str(text).replace('"wall":"",', "").replace('"walls":0', '"polls":0')
        world.client.hset("storywatch:sources", str(name), old)
        (page,) = await claim(one)
        await publish(one, page)
        (page,) = await claim(one)
        await challenged(one, page)
        assert await health(one) == {FEED: ("bot-challenge", 1)}

    world.play(story())
