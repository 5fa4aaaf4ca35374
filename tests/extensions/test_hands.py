"""What a worker tells the store of its watchlist, and when: on a real store."""

from crawler.extensions.worker import Worker
from crawler.news.source import Outlet
from crawler.watchlist import Watchlist
from tests.store.conftest import World
from tests.workers import worker_on

QUAY, PIER = (
    Outlet(name, f"http://{name.lower()}.example/", feeds=(f"http://{name.lower()}.example/feed.xml",))
    for name in ("Quay", "Pier")
)


async def outlets(worker: Worker) -> list[str]:
    """Whom the store has sources of."""
    return sorted([source.outlet async for source in worker.store.schedule.sources()])


def test_an_outage_undoes_no_edit(world: World) -> None:
    """Each worker registers again: what the store lost is added, and what another added stays, though the last to come
    back has not taken up the edit, or cannot.
    """

    async def story() -> None:
        old, new = (worker_on(world.worker(), Watchlist((QUAY,))) for _ in "AB")
        for worker in (old, new):
            await worker._register(spread=True)
        new.prepare(Watchlist((QUAY, PIER)))()
        assert await new._keep_in_step(spread=True)
        assert await outlets(old) == ["Pier", "Quay"]
        (lost,) = [state async for state in old.store.schedule.sources() if state.outlet == "Quay"]
        world.client.hdel("storywatch:sources", lost.id)
        for worker in (new, old):
            worker.store.connection.comebacks += 1
            await worker._keep_in_step(spread=True)
        assert await outlets(old) == ["Pier", "Quay"]
        assert not await old._keep_in_step(spread=True)

    world.play(story())


def test_an_edit_and_a_start_forget(world: World) -> None:
    """What is no longer on the watchlist of who has edited files, or of who starts."""

    async def story() -> None:
        one = worker_on(world.worker(), Watchlist((QUAY, PIER)))
        await one._register(spread=True)
        one.prepare(Watchlist((PIER,)))()
        await one._keep_in_step(spread=True)
        assert await outlets(one) == ["Pier"]
        await worker_on(world.worker(), Watchlist((QUAY,)))._register(spread=True)
        assert await outlets(one) == ["Quay"]

    world.play(story())
