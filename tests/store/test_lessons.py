"""What the store remembers of an outlet's articles: each once, the last twenty, from all workers."""

import time

from crawler.extraction.repeats import REMEMBERED, Repeats, fingerprints
from crawler.store import Store
from crawler.store.lessons import FRESH_MS, PAUSE_MS
from tests.store.conftest import World

APPEAL = "The Gazette belongs to its readers. Help us with five crowns a month."
KEY = "storywatch:repeats:Gazette"
NOW = int(time.time() * 1000)  # the store stamps what it learns


async def learn(store: Store, number: int, *, now_ms: int = NOW, own: str = "", appeal: str = APPEAL) -> bool:
    """Learn an article of two lines, the second an appeal."""
    lines = fingerprints([own or f"This is what article number {number} has to tell.", appeal])
    article_id = f"article-{number}"
    return await store.lessons.learn("Gazette", article_id, "abcdefgh"[number % 8] * 5, lines, now_ms=now_ms)


async def repeats(store: Store, outlet: str = "Gazette", *, now_ms: int = NOW) -> Repeats:
    """What a page that is read now is to be freed of."""
    return (await store.lessons.of(outlet, now_ms=now_ms)).repeats


def remembered(world: World) -> list[str]:
    """The articles that the store remembers, oldest first."""
    return [line.split(" ")[0] for line in str(world.client.get(KEY)).splitlines()]


def test_workers_learn_together(world: World) -> None:
    """Five articles teach what they repeat, whoever read them; other outlets learn nothing of it."""

    async def story() -> None:
        one, other = world.worker(), world.worker()
        for number in range(4):
            assert await learn(one, number)
        assert await repeats(one) == await repeats(other) == Repeats()
        await learn(other, 4)
        assert await repeats(other) == Repeats(frozenset(fingerprints([APPEAL])))
        assert await repeats(one) == Repeats(), "what others learned it hears of in ten minutes"
        assert await repeats(one, now_ms=NOW + FRESH_MS) == await repeats(other)
        assert await repeats(one, "Courier") == Repeats()

    world.play(story())


def test_an_article_counts_once(world: World) -> None:
    """Learned again, after a lost reply or by a second worker, or revised, it takes its own place."""

    async def story() -> None:
        one, other = world.worker(), world.worker()
        for number in (1, 2, 1, 1, 3, 1):
            await learn(one, number)
            await learn(other, number, own=f"This is what article number {number} says by now.")
        assert remembered(world) == ["article-1", "article-2", "article-3"]
        assert await repeats(one) == Repeats()

    world.play(story())


def test_the_last_twenty_are_remembered(world: World) -> None:
    """Older ones make room: an appeal that was changed is forgotten, and the new one learned."""

    async def story() -> None:
        one = world.worker()
        for number in range(REMEMBERED):
            await learn(one, number)
        assert (await repeats(one)).mark(fingerprints(["A line of its own, and long.", APPEAL])) == [False, True]
        for number in range(REMEMBERED, 2 * REMEMBERED):
            await learn(one, number, now_ms=NOW + number * PAUSE_MS, appeal=f"{APPEAL} Or six.")
        assert remembered(world) == [f"article-{number}" for number in range(REMEMBERED, 2 * REMEMBERED)]
        assert await repeats(one) == Repeats(frozenset(fingerprints([f"{APPEAL} Or six."])))

    world.play(story())


def test_one_busy_hour_does_not_fill_the_memory(world: World) -> None:
    """Once twenty are remembered, new articles come in hour by hour; a revision replaces its article at once."""

    async def story() -> None:
        one = world.worker()
        for number in range(REMEMBERED):
            assert await learn(one, number)
        assert not await learn(one, 20, now_ms=NOW + PAUSE_MS // 2)
        assert await learn(one, 7, now_ms=NOW + PAUSE_MS // 2)
        assert "article-20" not in remembered(world)
        assert await learn(one, 20, now_ms=NOW + 2 * PAUSE_MS)
        assert remembered(world)[-2:] == ["article-19", "article-20"]

    world.play(story())


def test_revisions_keep_no_new_article_waiting(world: World) -> None:
    """An article that is revised every few minutes keeps its place and its time, so the next comes in as ever."""

    async def story() -> None:
        one = world.worker()
        for number in range(REMEMBERED):
            await learn(one, number)
        for part in (1, 2, 3):
            world.advance(PAUSE_MS // 3)
            update = f"Update number {part} of the storm, with a few words."
            assert await learn(one, 7, now_ms=NOW + part * PAUSE_MS // 3, own=update)
        assert remembered(world) == [f"article-{number}" for number in range(REMEMBERED)]
        assert await learn(one, 20, now_ms=NOW + 2 * PAUSE_MS)
        assert remembered(world) == [f"article-{number}" for number in range(1, REMEMBERED + 1)]

    world.play(story())


def test_what_is_remembered_is_small_and_goes_by_itself(world: World) -> None:
    """Twenty articles take some 3 kB, 4.5 kB if they are long; for a month."""

    async def story() -> None:
        one = world.worker()
        for name, count, most in (("Gazette", 15, 3_200), ("Courier", 1_000, 4_500)):
            for number in range(REMEMBERED):
                lines = fingerprints([f"This is line {line} of article number {number}." for line in range(count)])
                headline = f"A headline of seven words for article number {number}"
                await one.lessons.learn(name, f"{number:016}", headline, lines, now_ms=NOW)
            assert world.client.strlen(f"storywatch:repeats:{name}") < most
            assert 0 < world.client.pttl(f"storywatch:repeats:{name}") <= 30 * 86_400_000

    world.play(story())


def test_a_page_costs_no_call(world: World) -> None:
    """What an outlet repeats is asked for once, and comes back with what is learned."""

    async def story() -> None:
        one = world.worker()
        world.client.config_resetstat()
        for _ in range(10):
            await repeats(one)
        assert world.client.info("commandstats")["cmdstat_get"]["calls"] == 1
        await learn(one, 1)
        world.client.config_resetstat()
        await repeats(one, now_ms=NOW + FRESH_MS - 1)
        assert "cmdstat_get" not in world.client.info("commandstats")

    world.play(story())
