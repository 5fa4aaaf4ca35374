"""The frontier: leases, politeness, outcomes; what a crash, a freeze or a faster worker does to them."""

from typing import Any

import pytest

from crawler.news.outcome import Outcome
from crawler.store.frontier import Lease, Wish
from tests.store.acting import assert_balanced, claim, discover, know_robots, publish, source
from tests.store.conftest import World

A, B, C = (f"http://gazette.example/{slug}" for slug in ("harbour", "council", "weather"))


def test_an_entry_is_claimed_by_one_worker_only(world: World) -> None:
    """Two workers claim at once: the entry goes to one of them."""

    async def story() -> None:
        one, two = world.worker(), world.worker()
        await one.schedule.register([source()])
        await discover(one, A)
        assert len(await claim(one)) + len(await claim(two)) == 1
        await assert_balanced(one)

    world.play(story())


def test_a_host_has_one_slot(world: World) -> None:
    """While one page of a host is fetched, no worker gets another of it; when it ends, the next."""

    async def story() -> None:
        one, two = world.worker(), world.worker()
        await one.schedule.register([source()])
        await discover(one, A, B)
        (first,) = await claim(one)
        assert await claim(two) == []
        await publish(one, first)
        assert len(await claim(two)) == 1

    world.play(story())


def test_a_host_rests_for_its_gap(world: World) -> None:
    """After a request the host is left alone for the gap, by all workers."""

    async def story() -> None:
        one, two = world.worker(), world.worker()
        await one.schedule.register([source()])
        await discover(one, A, gap_ms=5_000)
        assert await claim(two) == []
        world.advance(4_900)
        assert await claim(two) == []
        world.advance(100)
        assert len(await claim(two)) == 1

    world.play(story())


def test_a_slow_host_does_not_hold_up_the_others(world: World) -> None:
    """A hundred entries wait for a busy host; the one entry of another host is claimed at once."""

    async def story() -> None:
        one = world.worker()
        await one.schedule.register([source()])
        slow = [f"http://slow.example/{n}" for n in range(100)]
        await discover(one, *slow, "http://fast.example/1")
        hosts = sorted(lease.host for lease in await claim(one))
        assert hosts == ["fast.example", "slow.example"]

    world.play(story())


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


def test_the_dead_can_be_revived_once(world: World) -> None:
    """Retry takes the outcome back and queues the entry anew; a second retry finds it gone."""

    async def story() -> None:
        one = world.worker()
        await one.schedule.register([source()])
        await discover(one, A)
        (lease,) = await claim(one)
        await one.frontier.settle(lease, Outcome("dead", "no-browser", "none here"), gap_ms=0)
        (dead,) = [dead async for dead in one.streams.dead()]
        assert (dead.reason, dead.detail) == ("no-browser", "none here")
        assert await one.streams.revive(dead) == "OK"
        assert await one.streams.revive(dead) == "GONE"
        await assert_balanced(one)
        (again,) = await claim(one)
        assert await publish(one, again) == "OK"
        await assert_balanced(one)

    world.play(story())


def test_a_retry_waits_and_counts(world: World) -> None:
    """A failed fetch comes back after its wait; the fifth failure buries the entry."""

    async def story() -> None:
        one = world.worker()
        await one.schedule.register([source()])
        await discover(one, A)
        for attempt in range(5):
            (lease,) = await claim(one)
            assert lease.page.attempts == attempt
            answer = await one.frontier.retry(
                lease, gap_ms=0, wait_ms=10_000, counted=True, reason="timeout", detail="30 s"
            )
            assert await claim(one) == []
            await assert_balanced(one)
            world.advance(10_000)
        assert answer == "DEAD"
        assert (await one.frontier.tally()).outcomes == {"dead:timeout": 1}

    world.play(story())


def test_a_clean_give_back_counts_nothing(world: World) -> None:
    """Work that a stopping worker returns is claimable at once, with no attempt against it."""

    async def story() -> None:
        one, two = world.worker(), world.worker()
        await one.schedule.register([source()])
        await discover(one, A)
        (lease,) = await claim(one)
        assert await one.frontier.retry(lease, gap_ms=0) == "OK"
        (again,) = await claim(two)
        assert again.page.attempts == 0

    world.play(story())


def test_a_redirect_to_another_host_needs_that_hosts_slot(world: World) -> None:
    """The entry moves into the other host's queue, under its own id."""

    async def story() -> None:
        one = world.worker()
        await one.schedule.register([source()])
        await discover(one, A)
        (lease,) = await claim(one)
        patch = {"visit": "http://other.example/x", "host": "other.example", "hops": 1}
        await one.frontier.retry(lease, gap_ms=0, host="other.example", patch=patch)
        await assert_balanced(one)
        (moved,) = await claim(one)
        assert (moved.member, moved.host, moved.record.address) == (
            lease.member,
            "other.example",
            "http://other.example/x",
        )

    world.play(story())


def test_a_second_revision_on_the_same_base_is_a_conflict(world: World) -> None:
    """Two entries lead to one article: the slower publisher hears CONFLICT and writes nothing."""

    async def story() -> None:
        one = world.worker()
        await one.schedule.register([source()])
        amp = "http://amp.example/harbour"
        await discover(one, A, amp)
        first, second = await claim(one)
        assert await publish(one, first, url=A) == "OK"
        assert await publish(one, second, url=A) == "CONFLICT"
        assert world.client.xlen("storywatch:articles") == 1
        await assert_balanced(one)
        assert await one.frontier.settle(second, Outcome("unchanged"), gap_ms=0) == "OK"
        await assert_balanced(one)

    world.play(story())


def test_robots_is_fetched_once_by_all_workers(world: World) -> None:
    """The first claim of a host brings robots.txt; meanwhile, and for its time to live, nobody else fetches it."""

    async def story() -> None:
        workers = [world.worker() for _ in range(5)]
        await workers[0].schedule.register([source()])
        claims = [lease for w in workers for lease in (await w.frontier.claim(4, Wish())).leases]
        (robots,) = claims
        assert (robots.kind, robots.record.address) == ("robots", "http://gazette.example/robots.txt")
        await workers[0].frontier.save_robots(robots, text="User-agent: *", unreachable="", ttl_ms=86_400_000, gap_ms=0)
        (poll,) = [lease for w in workers for lease in (await w.frontier.claim(4, Wish())).leases]
        assert poll.kind == "source"
        assert await workers[3].frontier.robots("gazette.example") == ("User-agent: *", "")
        assert poll.robots_stamp

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


def test_a_recheck_that_fails_again_and_again_is_given_up(world: World) -> None:
    """The article stays published, and nobody looks at it any more."""

    async def story() -> None:
        one = world.worker()
        await one.schedule.register([source(every_ms=1 << 40)])
        await discover(one, A)
        (lease,) = await claim(one)
        await publish(one, lease, recheck=(lease.page, 1_000))
        answers = []
        for _ in range(5):
            world.advance(1_000)
            (again,) = await claim(one)
            assert again.kind == "recheck"
            answers.append(await one.frontier.retry(again, gap_ms=0, wait_ms=1_000, counted=True, reason="timeout"))
        assert answers == ["OK"] * 4 + ["DEAD"]
        world.advance(1_000_000)
        assert await claim(one) == []
        assert world.client.hlen("storywatch:rechecks") == 0
        await assert_balanced(one)

    world.play(story())


def test_two_deaths_of_one_entry_are_revived_as_one(world: World) -> None:
    """Dead, forgotten, announced anew, dead again: one of its two records brings it back, the other is dropped."""

    async def story() -> None:
        one = world.worker()
        await one.schedule.register([source(every_ms=1_000)])
        for _ in range(2):
            await discover(one, A)
            (lease,) = await claim(one)
            await one.frontier.settle(lease, Outcome("dead", "timeout"), gap_ms=0)
            world.client.delete("storywatch:seen", "storywatch:seen:old")
            world.advance(1_000)
        answers = [await one.streams.revive(dead) async for dead in one.streams.dead()]
        assert answers == ["OK", "OPEN"]
        await assert_balanced(one)

    world.play(story())


def test_an_odd_spelling_of_an_address_harms_nobody(world: World) -> None:
    """Whatever stands in front of a URL, its host's robots.txt has an address, and the claim goes on."""

    async def story() -> None:
        one = world.worker()
        await one.schedule.register([source()])
        await discover(one, "\x01HTTPS://other.example/a", "  http://third.example/b")
        robots = sorted(lease.record.address for lease in (await one.frontier.claim(9, Wish())).leases)
        assert robots == ["http://third.example/robots.txt", "https://other.example/robots.txt"]

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
