"""What the desk has in the store: one at a time, fenced, and written in one step."""

import json

import pytest

from crawler.store.stories import Changes, Hold, Occupied, StaleError
from tests.store.conftest import World

LEASE_MS = 30_000


def changes(story: str = "s1", *, version: int = 1, outbox: str = "") -> Changes:
    """A new version of a story, its event, its features, and an alert that is owed."""
    return Changes(
        stories=[(story, json.dumps({"version": version}))],
        events=[("storywatch.story.created", json.dumps({"id": f"{story}/{version}"}))],
        features=[(f"{story}-article", "features")],
        outbox=[(f"{story}/desk", outbox)] if outbox else [],
    )


def test_one_at_a_time(world: World) -> None:
    """A second claim is told who has the desk; once that lease ran out, or was given back, it has it."""

    async def story() -> None:
        first, second = world.worker().stories, world.worker().stories
        hold = await first.claim()
        assert isinstance(hold, Hold)
        occupied = await second.claim()
        assert isinstance(occupied, Occupied)
        assert occupied.holder == first.name
        world.advance(LEASE_MS - 1_000)
        await first.renew(hold)
        world.advance(LEASE_MS - 1_000)
        assert isinstance(await second.claim(), Occupied)
        world.advance(2_000)
        taken = await second.claim()
        assert isinstance(taken, Hold)
        assert taken.fence > hold.fence
        await second.release(taken)
        assert isinstance(await first.claim(), Hold)

    world.play(story())


def test_who_lost_the_desk_is_refused(world: World) -> None:
    """A desk that slept through its lease can neither renew, nor write, nor give back what is another's."""

    async def story() -> None:
        slow, quick = world.worker().stories, world.worker().stories
        lost = await slow.claim()
        assert isinstance(lost, Hold)
        world.advance(LEASE_MS + 1_000)
        hold = await quick.claim()
        assert isinstance(hold, Hold)
        for act in (slow.renew(lost), slow.release(lost), slow.write(lost, changes(), offset="1-1")):
            with pytest.raises(StaleError):
                await act
        assert world.client.keys("storywatch:story:*") == []
        assert world.client.xlen("storywatch:stories") == 0
        assert hold.offset == "0-0"

    world.play(story())


def test_all_in_one_step_and_where_it_stands(world: World) -> None:
    """A write leaves story, event, features, outbox and offset; who claims next goes on there."""

    async def story() -> None:
        stories = world.worker().stories
        hold = await stories.claim()
        assert isinstance(hold, Hold)
        await stories.write(hold, changes(outbox="owed"), offset="5-1")
        assert hold.offset == "5-1"
        await stories.release(hold)
        again = await world.worker().stories.claim()
        assert isinstance(again, Hold)
        assert again.offset == "5-1"
        assert await stories.story("s1") == '{"version": 1}'
        assert [text async for text in stories.recent()] == ['{"version": 1}']
        assert [pair async for pair in stories.features()] == [("s1-article", "features")]
        assert await stories.outbox() == {"s1/desk": "owed"}
        assert world.client.xlen("storywatch:stories") == 1

    world.play(story())


def test_told_again_after_a_lost_reply_it_does_nothing(world: World) -> None:
    """The same write, sent a second time because its reply was lost, doubles no event and is no failure, whether it
    moved the offset or only the outbox.
    """

    async def story() -> None:
        stories = world.worker().stories
        hold = await stories.claim()
        assert isinstance(hold, Hold)
        unheard = Hold(hold.fence, hold.offset)
        await stories.write(hold, changes(outbox="owed"), offset="5-1")
        await stories.write(unheard, changes(outbox="owed"), offset="5-1")
        assert unheard.offset == "5-1"
        assert world.client.xlen("storywatch:stories") == 1
        sent = Changes(outbox=[("s1/desk", "")], alerts=[("storywatch.alert.sent", "{}")])
        await stories.write(hold, sent)
        await stories.write(hold, sent)
        assert world.client.xlen("storywatch:alerts") == 1
        assert await stories.outbox() == {}

    world.play(story())


def test_a_decision_on_an_old_offset_is_refused(world: World) -> None:
    """Whoever holds on to an offset from before another write cannot write what was decided on it."""

    async def story() -> None:
        stories = world.worker().stories
        hold = await stories.claim()
        assert isinstance(hold, Hold)
        await stories.write(hold, changes(), offset="5-1")
        with pytest.raises(StaleError):
            await stories.write(Hold(hold.fence, "0-0"), changes(version=2), offset="6-1")
        assert await stories.story("s1") == '{"version": 1}'

    world.play(story())
