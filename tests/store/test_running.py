"""By which topics the running processes match, as they note it and others read it."""

import random
import zlib
from types import MappingProxyType

import pytest

from crawler.news.errors import StoreError
from crawler.news.topic import Topic
from crawler.store import Store
from tests.store.conftest import World

TOPICS = (
    Topic("Harbour", 'harbour OR "old dam"'),
    Topic("Elections", {"en": "election*", "pt-br": "eleição"}, channels=("desk", "phone")),
    Topic("Weather", MappingProxyType({"ru": "буря", "en": "storm*"})),
    Topic("Ζ", "=US", languages=("el", "ru"), inflect=("ru",)),
)


def test_nothing_is_noted_in_a_new_store(world: World) -> None:
    """None, and not an empty watchlist."""

    async def story() -> None:
        assert await world.worker().running.topics() is None

    world.play(story())


def test_topics_come_back_as_they_were_noted(world: World) -> None:
    """Queries per language, languages, inflection, channels, order; also of a watchlist without topics."""

    async def story() -> None:
        one, other = world.worker(), world.worker()
        for topics in (TOPICS, ()):
            await one.running.note(topics, worker="one")
            running = await other.running.topics()
            assert running is not None
            assert (running.topics, running.worker) == (topics, "one")

    world.play(story())


def test_the_time_is_since_when_these_are_the_topics(world: World) -> None:
    """Who notes them again keeps it, and becomes the worker that is named; other topics begin anew."""

    async def noted(store: Store, topics: tuple[Topic, ...], worker: str) -> tuple[int, str]:
        world.advance(60_000)
        await store.running.note(topics, worker=worker)
        running = await store.running.topics()
        assert running is not None
        return running.since_ms, running.worker

    async def story() -> None:
        store = world.worker()
        first, _ = await noted(store, TOPICS, "one")
        assert await noted(store, TOPICS, "two") == (first, "two")
        later, _ = await noted(store, TOPICS[:1], "one")
        assert later >= first + 120_000

    world.play(story())


@pytest.mark.parametrize("noted", [b"no zlib", zlib.compress(b'[{"title": "Harbour"}]'), zlib.compress(b"[")])
def test_what_cannot_be_read_is_told(world: World, noted: bytes) -> None:
    """By a Storywatch of another version, or damaged: with the mend, which works."""

    async def story() -> None:
        store = world.worker()
        await store.running.note(TOPICS, worker="one")
        world.client.hset("storywatch:topics", "topics", noted)
        with pytest.raises(StoreError, match=r"cannot read .*delete the key storywatch:topics"):
            await store.running.topics()
        world.client.delete("storywatch:topics")
        await store.running.note(TOPICS, worker="one")
        assert await store.running.topics() is not None

    world.play(story())


def test_what_is_noted_already_is_not_sent_again(world: World) -> None:
    """Of 10,000 topics a digest goes over; the store holds them compressed."""
    words = [f"word{number}" for number in range(1_000)]
    dice = random.Random(7)
    topics = [Topic(f"Topic {n}", " OR ".join(dice.sample(words, 12))) for n in range(10_000)]

    def received() -> int:
        return int(world.client.info("stats")["total_net_input_bytes"])

    async def story() -> None:
        store = world.worker()
        before = received()
        await store.running.note(topics, worker="one")
        first = received() - before
        await store.running.note(list(topics), worker="one")
        again = received() - before - first
        assert again < 20_000 < first < sum(len(str(topic.query)) for topic in topics) / 2
        running = await store.running.topics()
        assert running is not None
        assert running.topics == tuple(topics)

    world.play(story())
