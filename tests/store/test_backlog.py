"""The backlog: what waits where and since when, how slow hosts are, and who holds what."""

import pytest

from crawler.store import Store
from crawler.store.backlog import Backlog, survey
from crawler.store.frontier import Lease, Wish
from tests.store.acting import claim, discover, know_robots, publish, source
from tests.store.conftest import World

FEED = "http://press.example/feed"


async def look(store: Store, *, top: int = 10) -> Backlog:
    """The backlog as it is now."""
    return await survey(store.connection, (await store.frontier.tally()).now_ms, top=top)


async def announce(store: Store, **entries: int) -> None:
    """Register a feed and poll it: it announces so many entries at each host (one.example, two.example ...)."""
    await store.schedule.register([source(FEED)])
    await know_robots(store, *(f"{host}.example" for host in entries))
    await discover(store, *(f"http://{host}.example/{n}" for host, many in entries.items() for n in range(many)))


async def take_from(store: Store, host: str) -> Lease:
    """Claim what there is, and keep it; return what this host gave."""
    (lease,) = [lease for lease in await claim(store) if lease.host == host]
    return lease


def test_an_empty_store_has_no_backlog(world: World) -> None:
    """Nothing waits, no host is named, nobody holds anything."""

    async def story() -> None:
        backlog = await look(world.worker())
        kinds = [backlog.entries, backlog.rechecks, backlog.polls]
        assert [(kind.due, kind.later) for kind in kinds] == [(0, 0)] * 3
        assert (backlog.hosts, backlog.longest, backlog.slowest, backlog.workers) == (0, [], [], [])

    world.play(story())


def test_what_is_due_is_told_by_kind_and_age(world: World) -> None:
    """Seven entries wait for two hours, one of them, after a failure, for a minute more; the poll is due, too."""

    async def story() -> None:
        one = world.worker()
        await announce(one, one=4, two=3)
        world.advance(7_200_000)
        for lease in await claim(one):
            failed = lease.host == "one.example"
            await one.frontier.retry(lease, gap_ms=0, wait_ms=60_000 if failed else 0, counted=failed, reason="timeout")
        backlog = await look(one)
        assert (backlog.entries.ages, backlog.entries.later) == ((0, 0, 0, 6, 0), 1)
        assert (backlog.polls.ages, backlog.polls.later) == ((0, 0, 0, 1, 0), 0)
        assert (backlog.rechecks.due, backlog.rechecks.later) == (0, 0)
        assert backlog.hosts == 3

    world.play(story())


def test_planned_rechecks_and_polls_wait_for_later(world: World) -> None:
    """They are no backlog before their time; then they are."""

    async def story() -> None:
        one = world.worker()
        await announce(one, one=1)
        lease = await take_from(one, "one.example")
        await publish(one, lease, recheck=(lease.page, 1_800_000))
        backlog = await look(one)
        assert (backlog.rechecks.due, backlog.rechecks.later, backlog.polls.due, backlog.polls.later) == (0, 1, 0, 1)
        world.advance(1_800_000 + 30_000)
        backlog = await look(one)
        assert (backlog.rechecks.ages, backlog.rechecks.later) == ((1, 0, 0, 0, 0), 0)
        assert (backlog.polls.ages, backlog.polls.later) == ((0, 0, 1, 0, 0), 0)

    world.play(story())


def test_the_hosts_with_the_most_work_are_named_first(world: World) -> None:
    """How much waits there, since when, and when the host can be asked again: after its rest, or when it is free."""

    async def story() -> None:
        one = world.worker()
        await announce(one, small=2, big=9, middle=5)
        (now_ms,) = {line.oldest_ms for line in (await look(one)).longest}
        world.advance(1_000)
        leases = {lease.host: lease for lease in await claim(one)}
        await publish(one, leases["big.example"], gap_ms=5_000)
        await one.frontier.retry(leases["small.example"], gap_ms=0)
        backlog = await look(one, top=2)
        assert [(line.host, line.waiting, line.oldest_ms) for line in backlog.longest] == [
            ("big.example", 8, now_ms),
            ("middle.example", 4, now_ms),
        ]
        assert [line.busy for line in backlog.longest] == [False, True]
        rests_until = backlog.longest[0].next_ms
        assert rests_until is not None
        assert 4_000 < rests_until - (await one.frontier.tally()).now_ms <= 5_000
        (small,) = [line for line in (await look(one)).longest if line.host == "small.example"]
        assert (small.waiting, small.busy) == (2, False)

    world.play(story())


def test_a_host_has_a_pace(world: World) -> None:
    """Its first piece of work sets it, each further one counts an eighth; it is forgotten with the last of its work."""

    async def story() -> None:
        one = world.worker()
        await announce(one, one=3)

        async def work(ms: int) -> dict[str, int | None]:
            lease = await take_from(one, "one.example")
            world.advance(ms)
            await publish(one, lease)
            return {line.host: line.pace_ms for line in (await look(one)).slowest}

        first = (await work(8_000))["one.example"]
        assert first is not None
        assert 8_000 <= first < 8_500
        second = (await work(24_000))["one.example"]
        assert second is not None
        assert 10_000 <= second < 10_500
        assert "one.example" not in await work(1)
        await one.schedule.register([])
        assert world.client.zcard("storywatch:pace") == 0

    world.play(story())


def test_the_slowest_hosts_are_named_even_while_their_last_work_is_in_hand(world: World) -> None:
    """The slowest first, whatever waits for them."""

    async def story() -> None:
        one = world.worker()
        await announce(one, slow=2, fast=2)
        leases = {lease.host: lease for lease in await claim(one)}
        await publish(one, leases["fast.example"])
        world.advance(9_000)
        await publish(one, leases["slow.example"])
        await take_from(one, "slow.example")
        slowest, next_one = (await look(one, top=2)).slowest
        assert (slowest.host, slowest.waiting, slowest.busy, slowest.next_ms) == ("slow.example", 0, True, None)
        assert next_one.pace_ms is not None
        assert slowest.pace_ms is not None
        assert next_one.pace_ms < 1_000 < 9_000 <= slowest.pace_ms

    world.play(story())


def test_a_dead_worker_tells_nothing_of_its_host(world: World) -> None:
    """What it left is taken from it after its lease; how long that was is not how long the host takes."""

    async def story() -> None:
        one = world.worker()
        await announce(one, one=1)
        await take_from(one, "one.example")
        world.advance(30_001)
        await one.frontier.claim(1, _nothing())
        assert await one.frontier.reap(0) == (1, 0)
        assert [line.host for line in (await look(one)).slowest] == ["press.example"]

    world.play(story())


def _nothing() -> Wish:
    return Wish(outlets=("Nobody",))


def test_workers_are_told_by_what_they_hold(world: World) -> None:
    """How much, the longest since when, until when; one whose leases all expired is dead."""

    async def story() -> None:
        dead, alive = world.worker(), world.worker()
        dead.frontier.worker, alive.frontier.worker = "dead", "alive"
        await announce(dead, one=1, two=1, three=2)
        lost = await claim(dead, 2)
        world.advance(20_000)
        held = await claim(alive, 1)
        world.advance(10_001)
        await alive.frontier.renew(held)
        first, second = (await look(alive)).workers
        assert (first.worker, first.in_hand, first.expired, first.is_dead) == ("dead", len(lost), 2, True)
        assert (second.worker, second.in_hand, second.expired, second.is_dead) == ("alive", 1, 0, False)
        now_ms = (await alive.frontier.tally()).now_ms
        assert 30_000 < now_ms - first.since_ms < 31_000
        assert 10_000 < now_ms - second.since_ms < 11_000
        assert 29_000 < second.expires_ms - now_ms <= 30_000

    world.play(story())


def test_very_many_hosts_and_very_long_queues_are_counted_in_pieces(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No call counts more than it should, none is counted twice, and the progress is told."""
    monkeypatch.setattr("crawler.store.backlog.LOOKS", 100)

    async def story() -> None:
        one = world.worker()
        hosts = {f"h{n}": 1 for n in range(1_100)} | {"deep": 450, "deeper": 700}
        await announce(one, **hosts)
        told: list[int] = []
        backlog = await survey(one.connection, one.frontier.now_ms, top=2, progress=told.append)
        assert backlog.entries.due == 1_100 + 450 + 700
        assert backlog.hosts == 1_102
        assert [(line.host, line.waiting) for line in backlog.longest] == [
            ("deeper.example", 700),
            ("deep.example", 450),
        ]
        assert told == sorted(told)
        assert len(told) >= 2
        assert told[-1] == 1_103  # and that of the feed

    world.play(story())
