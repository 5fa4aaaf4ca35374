"""The frontier: politeness and outcomes; what many workers at once do to them."""

from crawler.news.outcome import Outcome
from crawler.store.frontier import Wish
from tests.store.acting import assert_balanced, claim, discover, publish, source
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
