"""Wishes: passes and narrowed crawls take some of the work, and find it wherever it stands."""

import pytest

from crawler.store.frontier import Wish
from tests.store.acting import claim, discover, know_robots, publish, source
from tests.store.conftest import World

A = "http://gazette.example/harbour"


def test_a_narrowed_worker_finds_its_work_behind_that_of_others(world: World) -> None:
    """Two hundred hosts have due work of other outlets in front; the one wished for is found all the same."""

    async def story() -> None:
        one = world.worker()
        others = [source(f"http://h{n}.example/feed", outlet="Other") for n in range(200)]
        await one.schedule.register([*others, source(outlet="Gazette")])
        found = await claim(one, wish=Wish(outlets=("Gazette",)))
        assert [lease.record.outlet for lease in found] == ["Gazette"]
        assert await claim(one, wish=Wish(kinds=("sitemap",))) == []

    world.play(story())


def test_a_narrowed_worker_finds_its_own_behind_others(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Six hundred hosts of others stand in front, and at each of its own hosts hundreds of pieces of others: one claim
    finds all that is its own, and the next sees that there is no more.
    """
    monkeypatch.setattr("crawler.store.frontier.LOOKS", 50)

    async def story() -> None:
        one = world.worker()
        others = [source(f"http://h{n}.example/feed", outlet="Other") for n in range(600)]
        crowd = [source(f"http://own{h}.example/feed-{n}", outlet="Other") for h in range(8) for n in range(200)]
        await one.schedule.register([*others, *crowd])
        world.advance(1)
        own = [source(f"http://own{h}.example/own") for h in range(8)]
        await one.schedule.register([*others, *crowd, *own])
        await know_robots(one, *(f"own{h}.example" for h in range(8)))
        wish = Wish(outlets=("Gazette",))
        found = (await one.frontier.claim(16, wish)).leases
        assert {lease.source.url for lease in found} == {state.url for state in own}
        assert (await one.frontier.claim(16, wish)).leases == []

    world.play(story())


def test_a_narrowed_worker_digs_behind_what_it_leaves_alone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of pieces of others stand in front at a host: no call looks at them all, and its own are found."""
    monkeypatch.setattr("crawler.store.frontier.LOOKS", 20)

    async def story() -> None:
        one = world.worker()
        feed = source("http://press.example/feed")
        await one.schedule.register([feed])
        await discover(one, *(f"http://gazette.example/{n}" for n in range(500)))
        world.advance(1)
        await one.schedule.register([feed, source("http://press.example/map", kind="sitemap")])
        own = [f"http://gazette.example/own-{n}" for n in range(3)]
        await discover(one, *own, lease=(await claim(one, 1, Wish(kinds=("sitemap",))))[0])
        for _ in own:
            (found,) = await claim(one, 1, Wish(kinds=("sitemap",)))
            assert found.page.url in own
            await publish(one, found)
        assert (await one.frontier.pending(Wish(kinds=("sitemap",)), 60_000)).next_ms is None
        assert (await one.frontier.pending(Wish(kinds=("feed",)), 60_000)).next_ms is not None

    world.play(story())


def test_a_pass_takes_no_poll_that_became_due_later(world: World) -> None:
    """A one-pass worker leaves alone what is due after its start; entries it takes all the same."""

    async def story() -> None:
        one = world.worker()
        await one.schedule.register([source(every_ms=1_000)])
        await discover(one, A)
        horizon = Wish(horizon_ms=one.frontier.now_ms)
        world.advance(5_000)
        (lease,) = await claim(one, wish=horizon)
        assert lease.kind == "entry"
        await publish(one, lease)
        assert await claim(one, wish=horizon) == []
        assert (await one.frontier.pending(horizon, 60_000)).next_ms is None
        assert [lease.kind for lease in await claim(one)] == ["source"]

    world.play(story())


def test_a_pass_finds_the_last_work_among_many_hosts(world: World) -> None:
    """It asks page by page: work at the very end of the line is found, and a wish that nothing meets finds none."""

    async def story() -> None:
        one = world.worker()
        others = [source(f"http://h{n}.example/feed", outlet="Other") for n in range(1_200)]
        await one.schedule.register([*others, source(outlet="Gazette")])
        await one.frontier.claim(1, Wish(outlets=()))
        assert (await one.frontier.pending(Wish(outlets=("Gazette",)), 0)).next_ms is not None
        assert (await one.frontier.pending(Wish(outlets=("Herald",)), 0)).next_ms is None

    world.play(story())


def test_pending_names_who_holds_what(world: World) -> None:
    """A pass sees other workers' leases with their expiry, to tell the living from the dead."""

    async def story() -> None:
        one, two = world.worker(), world.worker()
        await one.schedule.register([source()])
        await discover(one, A)
        (lease,) = await claim(one)
        held = (await two.frontier.pending(Wish(), 60_000)).held
        assert held[lease.member][0] == one.frontier.worker

    world.play(story())
