"""Leases: who holds work, what becomes of it when its holder dies, freezes or is too late."""

from typing import Any

import pytest

from crawler.store.frontier import Lease, Wish
from tests.store.acting import assert_balanced, claim, discover, know_robots, publish, source
from tests.store.conftest import World

A, B, C = (f"http://gazette.example/{slug}" for slug in ("harbour", "council", "weather"))


def test_an_expired_lease_goes_back_and_its_late_worker_is_refused(world: World) -> None:
    """A worker freezes past its lease; another gets the page, and what the first then writes is STALE."""

    async def story() -> None:
        frozen, other = world.worker(), world.worker()
        await frozen.schedule.register([source()])
        await discover(frozen, A)
        (late,) = await claim(frozen)
        world.advance(30_001)
        await claim(other)
        assert await other.frontier.reap(0) == (1, 0)
        (fresh,) = await claim(other)
        assert (fresh.page.attempts, fresh.page.deaths) == (0, 1)
        assert await publish(frozen, late) == "STALE"
        assert await frozen.frontier.renew([late]) == {late.member}
        assert await publish(other, fresh) == "OK"
        assert world.client.xlen("storywatch:articles") == 1
        await assert_balanced(other)

    world.play(story())


def test_a_renewed_lease_does_not_expire(world: World) -> None:
    """A living worker keeps its work however long it takes, and the host's slot with it."""

    async def story() -> None:
        one, two = world.worker(), world.worker()
        await one.schedule.register([source()])
        await discover(one, A, B)
        (lease,) = await claim(one)
        for _ in range(5):
            world.advance(20_000)
            assert await one.frontier.renew([lease]) == set()
            assert await claim(two) == []
            assert await two.frontier.reap(0) == (0, 0)
        assert await publish(one, lease) == "OK"

    world.play(story())


def test_an_expired_lease_is_not_brought_back_to_life(world: World) -> None:
    """A frozen worker renews too late: its host's slot may be another's by now, so it hears STALE."""

    async def story() -> None:
        one, two = world.worker(), world.worker()
        await one.schedule.register([source()])
        await discover(one, A, B)
        (late,) = await claim(one)
        world.advance(30_001)
        (other,) = await claim(two)
        assert await one.frontier.renew([late]) == {late.member}
        assert await two.frontier.renew([other]) == set()

    world.play(story())


def test_only_the_work_that_has_the_slot_may_free_it(world: World) -> None:
    """A dead worker's lease is reaped while another page of its host is fetched: nobody gets a third one beside it."""

    async def story() -> None:
        dead, alive, third = world.worker(), world.worker(), world.worker()
        await dead.schedule.register([source()])
        await discover(dead, A, B, C)
        (lost,) = await claim(dead)
        world.advance(30_001)
        (running,) = await claim(alive)
        assert await alive.frontier.reap(0) == (1, 0)
        assert await claim(third) == []
        assert await publish(dead, lost) == "STALE"
        assert await claim(third) == []
        await publish(alive, running)
        assert len(await claim(third)) == 1

    world.play(story())


def test_a_rest_that_a_host_asked_for_late_is_kept(world: World) -> None:
    """A page answers 429 with an hour's rest after its lease expired and another worker took more of its host: that
    rests all the same once that one is done.
    """

    async def story() -> None:
        slow, other = world.worker(), world.worker()
        await slow.schedule.register([source()])
        await discover(slow, *(f"http://gazette.example/{n}" for n in range(3)))
        (late,) = await claim(slow, 1)
        world.advance(31_000)
        (taken,) = await claim(other, 1)
        assert await slow.frontier.retry(late, gap_ms=3_600_000, wait_ms=3_600_000) == "OK"
        await other.frontier.renew([taken])
        await publish(other, taken)
        world.advance(3_500_000)
        assert await claim(other, 1) == []
        world.advance(101_000)
        assert len(await claim(other, 1)) == 1

    world.play(story())


def test_three_deaths_end_in_dead(world: World) -> None:
    """A page that kills its worker three times is given up, kept, and counted once."""

    async def story() -> None:
        one = world.worker()
        await one.schedule.register([source()])
        await discover(one, A)
        for _ in range(3):
            assert len(await claim(one)) == 1
            world.advance(30_001)
            await claim(one)
            await one.frontier.reap(0)
        assert await claim(one) == []
        tally = await one.frontier.tally()
        assert tally.outcomes == {"dead:worker-died": 1}
        assert [dead.reason async for dead in one.streams.dead()] == ["worker-died"]
        await assert_balanced(one)

    world.play(story())


def test_a_token_never_comes_again(world: World) -> None:
    """The store lost its last second, and how many tokens there were with it: a worker of before is refused."""

    async def story() -> None:
        before, after = world.worker(), world.worker()
        await before.schedule.register([source()])
        await discover(before, A)
        count = world.client.hget("storywatch:counts", "tokens")
        (late,) = await claim(before)
        world.client.hset("storywatch:counts", "tokens", str(count))
        world.advance(30_001)
        await claim(after)
        await after.frontier.reap(0)
        world.client.hset("storywatch:counts", "tokens", str(count))
        (fresh,) = await claim(after)
        assert await publish(before, late) == "STALE"
        assert await publish(after, fresh) == "OK"

    world.play(story())


def test_work_given_back_has_its_place_again(world: World) -> None:
    """A give-back and a worker's death change nothing of how long work has waited, nor of what comes before it."""

    async def story() -> None:
        one = world.worker()
        await one.schedule.register([source()])
        await discover(one, A, B)
        waited = due_at(world, "gazette.example")
        world.advance(5_000)
        (lease,) = await claim(one)
        await one.frontier.retry(lease, gap_ms=0)
        assert due_at(world, "gazette.example") == waited
        (lease,) = await claim(one)
        world.advance(30_001)
        await one.frontier.claim(1, Wish(outlets=()))
        await one.frontier.reap(0)
        assert due_at(world, "gazette.example") == waited

    world.play(story())


def due_at(world: World, host: str) -> dict[str, float]:
    """The work in a host's queue, and when it is due (ms)."""
    return {str(member): due for member, due in world.client.zscan_iter(f"storywatch:queue:{host}")}


def test_a_lease_without_a_holder_stops_nobody(world: World) -> None:
    """Nothing we know of brings it about; were it ever so, claims go on and it is reaped like others."""

    async def story() -> None:
        one = world.worker()
        await one.schedule.register([source()])
        await discover(one, A, "http://other.example/x")
        lost, other = sorted(await claim(one), key=lambda lease: lease.host)
        world.client.hdel("storywatch:holders", other.member)
        world.advance(30_001)
        await claim(one)
        assert await one.frontier.reap(0) == (2, 0)
        again = await claim(one)
        assert {lease.member for lease in again} == {lost.member, other.member}
        await assert_balanced(one)

    world.play(story())


def test_a_poll_whose_source_is_gone_is_dropped_with_its_lease(world: World) -> None:
    """Its record is no longer there: it ends STALE, and when its lease expires nothing goes back."""

    async def story() -> None:
        one = world.worker()
        await one.schedule.register([source()])
        (poll,) = await claim(one)
        world.client.hdel("storywatch:sources", poll.source.id)
        assert (await discover(one, A, lease=poll)).answer == "STALE"
        assert (await one.frontier.tally()).announced == 0
        world.advance(30_001)
        await claim(one)
        assert await one.frontier.reap(0) == (0, 0)
        assert world.client.zcard("storywatch:leases") == 0

    world.play(story())


def test_a_claim_that_meets_an_outage_hands_out_nothing_that_expired(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its first call leases a page, its second waits so long that another worker has the page by then."""

    async def story() -> None:
        one, other = world.worker(), world.worker()
        await one.schedule.register([source()])
        await discover(one, A, "http://tribune.example/1")
        await know_robots(one, "gazette.example", "tribune.example")
        taken: list[Lease] = []
        step, steps = one.frontier._claim_at, 0

        async def held_up(*arguments: Any) -> Any:
            nonlocal steps
            steps += 1
            if steps == 2:
                world.advance(31_000)
                await other.frontier.claim(1, Wish())
                await other.frontier.reap(0)
                taken.extend(await claim(other, 4))
            return await step(*arguments)

        monkeypatch.setattr(one.frontier, "_claim_at", held_up)
        one.frontier.hint("gazette.example")
        assert (await one.frontier.claim(4, Wish())).leases == []
        assert steps == 2
        assert A in {lease.page.url for lease in taken}

    world.play(story())
