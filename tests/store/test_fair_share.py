"""Fair share among hosts: work is handed out host by host, whoever has how much, and whoever gets more."""

from collections import Counter

from crawler.store import Store
from crawler.store.frontier import Lease
from tests.store.acting import claim, discover, know_robots, publish, source
from tests.store.conftest import World

FEED = "http://press.example/feed"
SMALL = [f"small{n}.example" for n in range(9)]


async def announce(store: Store, entries: dict[str, int], *, batch: str = "a") -> None:
    """The press announces so many entries at each host."""
    urls = [f"http://{host}/{batch}{n}" for host, many in entries.items() for n in range(many)]
    (poll,) = [lease for lease in await claim(store, 1) if lease.kind == "source"]
    await discover(store, *urls, lease=poll)


async def serve(world: World, store: Store) -> Lease:
    """Take one piece of work, and end it a moment later."""
    (lease,) = await claim(store, 1)
    world.advance(10)
    await publish(store, lease)
    world.advance(10)
    return lease


def test_a_host_with_very_much_does_not_hold_up_the_others(world: World) -> None:
    """Ten thousand entries at one host, ten at each of nine: two workers hand them out in rounds of all ten."""

    async def story() -> None:
        workers = [world.worker(), world.worker()]
        await workers[0].schedule.register([source(FEED)])
        await know_robots(workers[0], "big.example", *SMALL)
        await announce(workers[0], {"big.example": 10_000} | dict.fromkeys(SMALL, 10))
        for _ in range(10):
            served = [(await serve(world, workers[turn % 2])).host for turn in range(10)]
            assert sorted(served) == sorted(["big.example", *SMALL])
        assert (await serve(world, workers[0])).host == "big.example"

    world.play(story())


def test_a_newcomer_is_served_within_one_round(world: World) -> None:
    """A host that has its first entry while ten others have long queues waits for one round of those, no longer."""

    async def story() -> None:
        one = world.worker()
        hosts = ["big.example", *SMALL]
        await one.schedule.register([source(FEED, every_ms=1_000)])
        await know_robots(one, "new.example", *hosts)
        await announce(one, dict.fromkeys(hosts, 50))
        for _ in range(25):
            await serve(world, one)
        world.advance(1_000)
        served = []
        while "new.example" not in served:
            (lease,) = await claim(one, 1)
            served.append(lease.host)
            if lease.kind == "source":
                served.clear()
                await discover(one, "http://new.example/1", lease=lease)
            else:
                await publish(one, lease)
            world.advance(10)
            assert len(served) <= 11

    world.play(story())


def test_a_host_that_is_announced_more_and_more_overtakes_nobody(world: World) -> None:
    """New entries arrive at one host after each piece of work; it keeps its place, however old its first are."""

    async def story() -> None:
        one = world.worker()
        loud = "big.example"
        await one.schedule.register([source(FEED, every_ms=1)])
        await know_robots(one, loud, *SMALL)
        await announce(one, dict.fromkeys([loud, *SMALL], 20))
        served: Counter[str] = Counter()
        while sum(served.values()) < 50:
            (lease,) = await claim(one, 1)
            if lease.kind == "source":
                turn = sum(served.values())
                await discover(one, f"http://{loud}/more-{turn}", f"http://{loud}/more-{turn}-too", lease=lease)
            else:
                served[lease.host] += 1
                await publish(one, lease)
            world.advance(10)
        assert served == dict.fromkeys([loud, *SMALL], 5)

    world.play(story())
