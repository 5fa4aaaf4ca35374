"""Sources that redirects make one, first polls that are spread, and polls that are wanted now."""

from dataclasses import replace

import pytest

from crawler.news.source import SourceState
from crawler.store import Store
from crawler.store.frontier import Lease
from crawler.store.schedule import SPREAD_MS
from tests.store.acting import claim, discover, source
from tests.store.conftest import World

OLD, NEW = "http://old.gazette.example/rss", "https://gazette.example/feed"
ELSEWHERE = "https://feeds.example/gazette"
MINUTE_MS = 60_000
LONGEST_MS = 4 * 60 * MINUTE_MS


async def polls(store: Store) -> dict[str, Lease]:
    """Claim the polls that are due, by the address that they ask."""
    return {lease.source.url: lease for lease in await claim(store) if lease.kind == "source"}


async def both_due(world: World) -> tuple[Store, dict[str, Lease]]:
    """A worker that has the polls of both sources in hand."""
    one = world.worker()
    await one.schedule.register([source(OLD), source(NEW)])
    return one, await polls(one)


async def state_of(store: Store, url: str) -> SourceState:
    """What is stored of a source."""
    return next(iter([state async for state in store.schedule.sources() if state.url == url]))


def test_a_redirect_onto_a_watched_source_makes_them_one(world: World) -> None:
    """The one that is redirected is looked at now and then; the other is polled as ever."""

    async def story() -> None:
        one = world.worker()
        await one.schedule.register([source(OLD, longest_ms=LONGEST_MS), source(NEW)])
        due = await polls(one)
        assert (await discover(one, lease=due[OLD], landed=NEW)).twin == source(NEW).id
        assert (await discover(one, lease=due[NEW])).twin == ""
        world.advance(15 * MINUTE_MS)
        assert set(await polls(one)) == {NEW}
        world.advance(LONGEST_MS)
        assert OLD in await polls(one)

    world.play(story())


def test_two_sources_that_are_redirected_to_one_address_are_one(world: World) -> None:
    """The first that got there is polled, although the address itself is not on the watchlist."""

    async def story() -> None:
        one, due = await both_due(world)
        first = await discover(one, lease=due[OLD], landed=ELSEWHERE)
        second = await discover(one, lease=due[NEW], landed=ELSEWHERE)
        assert (first.twin, second.twin) == ("", source(OLD).id)

    world.play(story())


def test_an_address_that_is_left_is_free(world: World) -> None:
    """A source that is led elsewhere, or not any more, is nobody's twin there."""

    async def story() -> None:
        one, due = await both_due(world)
        await discover(one, lease=due[OLD], landed=ELSEWHERE)
        world.advance(15 * MINUTE_MS)
        await discover(one, lease=(await polls(one))[OLD])
        assert (await discover(one, lease=due[NEW], landed=ELSEWHERE)).twin == ""

    world.play(story())


def test_a_twin_is_polled_at_once_when_the_other_leaves_the_watchlist(world: World) -> None:
    """Nothing is missed for a day because the wrong one of the two was crossed out."""

    async def story() -> None:
        one, due = await both_due(world)
        await discover(one, lease=due[OLD], landed=NEW)
        await discover(one, lease=due[NEW])
        await one.schedule.register([source(OLD)])
        assert (await discover(one, lease=(await polls(one))[OLD], landed=NEW)).twin == ""

    world.play(story())


def test_only_a_source_that_is_well_is_polled_for_another(world: World) -> None:
    """Where the one that is known for an address fails, or is a twin itself, the other is polled under its own name."""

    async def story() -> None:
        one, due = await both_due(world)
        await discover(one, lease=due[OLD], landed=ELSEWHERE)
        world.advance(15 * MINUTE_MS)
        ailing = (await polls(one))[OLD]
        ailing.record = replace(ailing.source, failures=1)
        await discover(one, lease=ailing, landed=ELSEWHERE)
        assert (await discover(one, lease=due[NEW], landed=ELSEWHERE)).twin == ""

    world.play(story())


def test_two_that_were_led_to_each_other_are_not_both_left(world: World) -> None:
    """A move that is undone: one of the two is polled."""

    async def story() -> None:
        one, due = await both_due(world)
        assert (await discover(one, lease=due[OLD], landed=NEW)).twin == source(NEW).id
        assert (await discover(one, lease=due[NEW], landed=OLD)).twin == ""

    world.play(story())


def test_a_forgotten_source_holds_no_address(world: World) -> None:
    """The next that is led there is not its twin."""

    async def story() -> None:
        one, due = await both_due(world)
        await discover(one, lease=due[OLD], landed=ELSEWHERE)
        await one.schedule.register([source(NEW)])
        assert (await discover(one, lease=due[NEW], landed=ELSEWHERE)).twin == ""
        assert await one.connection.redis.hgetall("storywatch:addresses") != {}
        await one.schedule.register([])
        assert await one.connection.redis.hgetall("storywatch:addresses") == {}

    world.play(story())


@pytest.mark.parametrize(("every_ms", "due"), [(15 * MINUTE_MS, [0, 1, 2, 3]), (2 * SPREAD_MS, [0, 0, 1, 1])])
def test_p12_first_polls_are_spread(world: World, every_ms: int, due: list[int]) -> None:
    """A second apart, but all within their interval; a source that is known already keeps its time."""

    async def story() -> None:
        one = world.worker()
        hosts = [f"http://{name}.example/feed" for name in "abcd"]
        await one.schedule.register([source(url, every_ms=every_ms) for url in hosts], spread=True)
        began = (await one.frontier.tally()).now_ms
        waits = [((await state_of(one, url)).due_ms - began) / SPREAD_MS for url in hosts]
        assert sorted(round(wait) for wait in waits) == due
        await one.schedule.register([source(url, every_ms=every_ms) for url in [*hosts, NEW]], spread=True)
        assert [((await state_of(one, url)).due_ms - began) / SPREAD_MS for url in hosts] == waits

    world.play(story())


def test_a_pass_does_not_wait_for_first_polls_that_were_spread(world: World) -> None:
    """A crawl that was told to go on planned them for later; a single pass takes them now, and no others."""

    async def story() -> None:
        one = world.worker()
        urls = [f"http://{name}.example/feed" for name in "abcd"]
        await one.schedule.register([source(url) for url in urls], spread=True)
        await discover(one, lease=(await polls(one))[urls[0]])
        await one.schedule.register([source(url) for url in urls])
        assert set(await polls(one)) == set(urls[1:])

    world.play(story())


def test_a_poll_that_is_wanted_now_comes_now(world: World) -> None:
    """Whatever the source waits for; one that is being polled is left alone."""

    async def story() -> None:
        one, due = await both_due(world)
        await discover(one, lease=due[OLD])
        assert await one.schedule.hasten([source(OLD), source(NEW)], "by hand") == 1
        assert (await state_of(one, OLD)).why == "by hand"
        assert set(await polls(one)) == {OLD}

    world.play(story())


def test_who_found_what_is_noted_where_it_can_be_compared(world: World) -> None:
    """For each entry that was news: its URL, and when each source announced it for the first time."""
    a, b = "http://paper.example/a", "http://paper.example/b"

    async def story() -> None:
        one, due = await both_due(world)
        await discover(one, a, lease=due[OLD], compared=True)
        world.advance(MINUTE_MS)
        await discover(one, a, b, lease=due[NEW], compared=True)
        world.advance(15 * MINUTE_MS)
        again = await polls(one)
        await discover(one, a, lease=again[OLD], compared=True)
        await discover(one, a, b, lease=again[NEW], compared=True)
        now_ms = (await one.frontier.tally()).now_ms
        first, second = await one.schedule.found("Gazette", now_ms)
        assert (first.url, list(first.by)) == (a, [source(OLD).id, source(NEW).id])
        assert (second.url, list(second.by)) == (b, [source(NEW).id])
        assert first.by[source(NEW).id] - first.first_ms >= MINUTE_MS
        assert await one.schedule.found("Another", now_ms) == []

    world.play(story())


def test_an_outlet_with_one_source_costs_nothing_to_compare(world: World) -> None:
    """Nothing is noted."""

    async def story() -> None:
        one = world.worker()
        await one.schedule.register([source(OLD)])
        await discover(one, "http://gazette.example/a")
        assert await one.schedule.found("Gazette", (await one.frontier.tally()).now_ms) == []

    world.play(story())
