"""The desk on a real store: restarts, takeovers, bugs, channels that come and go."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import redis

from crawler.desk.alerts import Hearers
from crawler.desk.audience import Audience
from crawler.desk.channels import Sender
from crawler.desk.desk import Desk
from crawler.desk.wording import Message
from crawler.news.alert import Alert
from crawler.news.article import Article
from crawler.news.errors import DeliveryError
from crawler.news.event import ArticleEventType, article_event
from crawler.news.source import Channel
from crawler.news.topic import Topic
from crawler.store import Store
from tests.desk.placed import NOON, article
from tests.store.conftest import World

CHANNEL = Channel("desk", "terminal://", ("new-outlets", "revision"))
HEARERS = Hearers((Topic("Corrin", "Corrin", channels=("desk",)),), (CHANNEL,))
SWAP = (
    "Fourteen sailors of the Alba Serena were handed over on the Isle of Corrin on Tuesday, and nine trawlermen of the "
    "Grey Petrel went home to Drovna. Hanne Vell of Lorrimar read out the names while Irena Kolvass looked on."
)
FERRY = (
    "The night ferry to Puerto Aldana ran aground near Saltmere with 212 passengers aboard. Captain Olof Brehm said "
    "that nobody was hurt, and that tugs from Tarnholt would pull the Wanderlust free at high water on Thursday."
)


class Broken:
    """A channel with a bug in it."""

    async def send(self, _message: Message, alert: Alert) -> None:
        raise RuntimeError(f"cannot take {alert.id}")


class Ear:
    """A channel that hears, or fails as often as it is told to."""

    def __init__(self, failures: int = 0) -> None:
        self.heard: list[Alert] = []
        self.failures = failures

    async def send(self, _message: Message, alert: Alert) -> None:
        if self.failures:
            self.failures -= 1
            raise DeliveryError("it has a cold")
        self.heard.append(alert)


class Slow(Ear):
    """A channel that takes its time: `taken` is when it has an alert in hand, and it lets go of it at `go`."""

    def __init__(self) -> None:
        super().__init__()
        self.taken, self.go = asyncio.Event(), asyncio.Event()

    async def send(self, message: Message, alert: Alert) -> None:
        self.taken.set()
        await self.go.wait()
        await super().send(message, alert)


def at(store: Store, ear: Sender, counts: Counter[str] | None = None, *, hearers: Hearers = HEARERS) -> Desk:
    """A desk on this store."""
    tally = Counter[str]() if counts is None else counts
    return Desk(
        store,
        Audience(hearers, {"desk": ear}),
        wait_ms=10_000,
        retry_ms=1,
        lease_ms=30_000,
        count=lambda name, by: tally.update({name: by}),
    )


async def drained(desk: Desk) -> None:
    """Let a desk do all that is there."""
    desk.finish()
    await desk.run()


def announce(
    client: redis.Redis, written: Article, body: str, kind: str = "created", *, based_on: str | None = None
) -> None:
    """Put an article into the stream, as publish does, seen at the store's own time."""
    written.isBasedOn = based_on
    now = NOON.fromtimestamp(int(client.time()[0]), tz=NOON.tzinfo) + timedelta(
        milliseconds=int(client.get("storywatch:clock") or 0)
    )
    written.articleBody = body
    full: ArticleEventType = "storywatch.article.created" if kind == "created" else "storywatch.article.revised"
    client.xadd("storywatch:articles", {"type": full, "event": article_event(written, full, time=now)})


def events(client: redis.Redis, stream: str) -> list[dict[str, Any]]:
    """The events of a stream."""
    found: Any = client.xrange(f"storywatch:{stream}")
    return [json.loads(fields["event"]) for _, fields in found]


async def until(true: Callable[[], bool]) -> None:
    """Wait for what a desk does beside us."""
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110 (the store tells nobody)
            await asyncio.sleep(0.01)


def test_a_desk_begins_where_the_last_one_ended(world: World) -> None:
    """A second process knows the stories of the first from the store alone: an article joins, an edit is told."""
    ear = Ear()

    async def story() -> None:
        announce(world.client, article("a", "Wire", "Sailors freed on Corrin"), SWAP)
        announce(world.client, article("b", "Post", "Ferry aground at Saltmere"), FERRY)
        await drained(at(world.worker(), ear))
        announce(world.client, article("c", "Ledger", "Corrin: sailors free"), f"{SWAP} More follows.")
        announce(world.client, article("a", "Wire", "Sailors home", revision=2), SWAP, "revised")
        await drained(at(world.worker(), ear))

    world.play(story())
    told = events(world.client, "stories")
    assert [(event["type"].rpartition(".")[2], event["data"]["version"]) for event in told] == [
        ("created", 1),
        ("created", 1),
        ("updated", 2),
        ("updated", 3),
    ]
    assert told[2]["data"]["change"]["article"]["copyOf"] == "Wire"
    assert [alert.kind for alert in ear.heard] == ["story", "story", "revision"]
    assert len({alert.id for alert in ear.heard}) == 3


def test_stories_that_merge_live_on_as_one(world: World) -> None:
    """The original of two texts turns up that each founded a story: one story ends, the other has all from then on."""
    ear = Ear()
    original = article("c", "Wire", "Corrin: the wire has it")

    async def story() -> None:
        announce(world.client, article("a", "Post", "Sailors freed on Corrin"), SWAP)
        announce(world.client, article("b", "Quay", "Ferry aground"), FERRY, based_on=original.url)
        await drained(at(world.worker(), ear))
        announce(world.client, original, SWAP)
        await drained(at(world.worker(), ear))
        announce(world.client, article("b", "Quay", "Ferry afloat", revision=2), FERRY, "revised")
        await drained(at(world.worker(), ear))

    world.play(story())
    told = events(world.client, "stories")
    kinds = [event["type"].rpartition(".")[2] for event in told]
    assert kinds == ["created", "created", "updated", "merged", "updated"]
    survivor, ended = told[2]["subject"], told[3]["subject"]
    assert told[2]["data"]["merged"] == [ended]
    assert told[3]["data"]["mergedInto"] == survivor != ended
    assert told[4]["subject"] == survivor
    assert set(told[4]["data"]["articles"]) == {"a", "b", "c"}
    assert [alert.kind for alert in ear.heard] == ["story", "story", "revision"]
    assert len({event["id"] for event in told}) == len(told)


def test_stories_merged_before_the_index_was_lost(world: World) -> None:
    """The index founds two stories anew that are parts of one by now, and merges them again: nothing is doubled."""
    ear, original = Ear(), article("c", "Wire", "Corrin: the wire has it")

    async def story() -> None:
        announce(world.client, article("a", "Post", "Sailors freed on Corrin"), SWAP)
        announce(world.client, article("b", "Quay", "Ferry aground"), FERRY, based_on=original.url)
        announce(world.client, original, SWAP)
        await drained(at(world.worker(), ear))
        world.client.delete("storywatch:features")
        announce(world.client, article("a", "Post", "Sailors home", revision=2), SWAP, "revised")
        announce(
            world.client, article("b", "Quay", "Ferry afloat", revision=2), FERRY, "revised", based_on=original.url
        )
        announce(world.client, article("c", "Wire", "The wire has more", revision=2), SWAP, "revised")
        await drained(at(world.worker(), ear))

    world.play(story())
    told = events(world.client, "stories")
    assert len({event["id"] for event in told}) == len(told) == 7
    survivor = told[-1]["subject"]
    assert {event["subject"] for event in told[-3:]} == {survivor}
    assert set(told[-1]["data"]["articles"]) == {"a", "b", "c"}
    assert "mergedInto" not in told[-1]["data"]


def test_old_articles_are_forgotten_by_short_runs_too(world: World) -> None:
    """A desk that only ever makes short passes keeps no more than two weeks of features."""

    async def story() -> None:
        announce(world.client, article("a", "Wire", "Sailors freed on Corrin"), SWAP)
        await drained(at(world.worker(), Ear()))
        assert world.client.hlen("storywatch:features") == 1
        world.advance(15 * 86_400_000)
        await drained(at(world.worker(), Ear()))
        assert world.client.hlen("storywatch:features") == 0

    world.play(story())


def test_features_of_another_version_are_dropped(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """After an upgrade the desk says so, and works."""

    async def story() -> None:
        world.client.hset("storywatch:features", "old", "0:what nobody can read any more")
        announce(world.client, article("a", "Wire", "Sailors freed on Corrin"), SWAP)
        await drained(at(world.worker(), Ear()))
        assert world.client.hkeys("storywatch:features") == ["a"]

    world.play(story())
    assert "1 articles are kept in another version's form" in caplog.text


def test_who_lost_the_desk_writes_nothing_more(world: World) -> None:
    """A desk that slept past its lease is refused and starts anew; what it had in memory does no harm."""
    first_ear, second_ear = Ear(), Ear()

    async def story() -> None:
        slow = at(world.worker(), first_ear)
        sleeping = asyncio.create_task(slow.run())
        announce(world.client, article("a", "Wire", "Sailors freed on Corrin"), SWAP)
        await until(lambda: len(events(world.client, "stories")) == 1)
        world.advance(31_000)
        await drained(at(world.worker(), second_ear))
        announce(world.client, article("b", "Post", "Ferry aground at Saltmere"), FERRY)
        await until(lambda: len(events(world.client, "stories")) == 2)
        slow.finish()
        await sleeping

    world.play(story())
    ids = [event["id"] for event in events(world.client, "stories")]
    assert len(ids) == len(set(ids)) == 2
    assert len(first_ear.heard) + len(second_ear.heard) == 2


def test_a_failing_channel_is_tried_again_then_given_up(world: World) -> None:
    """Twice failed, then heard: one alert. Failed to the last: told as failed, with the reason, and crossed off."""
    ear, counts = Ear(failures=2), Counter[str]()

    async def story() -> None:
        announce(world.client, article("a", "Wire", "Sailors freed on Corrin"), SWAP)
        await drained(at(world.worker(), ear, counts))
        ear.failures = 100
        announce(world.client, article("b", "Post", "Ferry aground at Saltmere"), FERRY)
        await drained(at(world.worker(), ear, counts))

    world.play(story())
    assert len(ear.heard) == 1
    assert counts["alerts/sent"] == counts["alerts/failed"] == 1
    last = events(world.client, "alerts")[-1]
    assert (last["type"], last["data"]["why"]) == ("storywatch.alert.failed", "it has a cold")
    assert world.client.hlen("storywatch:outbox") == 0


def test_a_bug_in_a_channel_stops_nothing(world: World) -> None:
    """It counts as a failed attempt, told by its type alone."""

    async def story() -> None:
        announce(world.client, article("a", "Wire", "Sailors freed on Corrin"), SWAP)
        await drained(at(world.worker(), Broken()))

    world.play(story())
    (failed,) = events(world.client, "alerts")
    assert (failed["type"], failed["data"]["why"]) == ("storywatch.alert.failed", "a bug of ours: RuntimeError")


def test_what_is_owed_to_a_channel_that_is_gone_is_held(world: World) -> None:
    """Between two runs the channel left the watchlist: the alert is not lost without a word."""
    ear, nobody = Ear(failures=100), Hearers((), ())

    async def story() -> None:
        announce(world.client, article("a", "Wire", "Sailors freed on Corrin"), SWAP)
        desk = at(world.worker(), ear)
        task = asyncio.create_task(desk.run())
        await until(lambda: world.client.hlen("storywatch:outbox") == 1)
        desk.stop()
        await task
        world.advance(31_000)
        await drained(at(world.worker(), ear, hearers=nobody))

    world.play(story())
    (held,) = events(world.client, "alerts")
    assert (held["type"], held["data"]["why"]) == (
        "storywatch.alert.held",
        "the channel is no longer on the watchlist",
    )
    assert world.client.hlen("storywatch:outbox") == 0


def test_who_hears_changes_while_an_alert_is_on_its_way(world: World) -> None:
    """Whoever has it in hand hears it, and nobody else; the next goes to the other. A topic that is new then is told
    of from its first article on.
    """
    before, after = Slow(), Ear()
    wider = Hearers(
        (Topic("Corrin", "Corrin", channels=("desk",)), Topic("Ferries", "ferry", channels=("desk",))), (CHANNEL,)
    )

    async def story() -> None:
        desk = at(world.worker(), before)
        running = asyncio.create_task(desk.run())
        announce(world.client, article("a", "Wire", "Sailors freed on Corrin"), SWAP)
        await until(lambda: len(events(world.client, "stories")) == 1)
        world.advance(10_000)
        await before.taken.wait()
        desk.turn_to(Audience(wider, {"desk": after}))
        announce(world.client, article("b", "Post", "Ferry aground at Saltmere", topics=("Ferries",)), FERRY)
        await until(lambda: len(events(world.client, "stories")) == 2)
        before.go.set()
        desk.finish()
        await running

    world.play(story())
    assert [alert.headline for alert in before.heard] == ["Sailors freed on Corrin"]
    assert [alert.headline for alert in after.heard] == ["Ferry aground at Saltmere"]
    assert [event["type"].rpartition(".")[2] for event in events(world.client, "alerts")] == ["sent", "sent"]


def test_a_topic_that_a_crawl_had_before_the_desk_is_told_of(world: World) -> None:
    """Of its articles one alert goes out once the desk has it, too; what had been told is not told again."""
    ear = Ear()
    late = tuple(Topic(name, name, channels=("desk",)) for name in ("Corrin", "Ferries"))

    async def story() -> None:
        desk = at(world.worker(), ear)
        running = asyncio.create_task(desk.run())
        announce(world.client, article("a", "Wire", "Sailors freed on Corrin"), SWAP)
        announce(world.client, article("b", "Post", "Ferry aground at Saltmere", topics=("Ferries",)), FERRY)
        await until(lambda: len(events(world.client, "stories")) == 2)
        world.advance(10_000)
        await until(lambda: len(ear.heard) == 1)
        desk.turn_to(Audience(Hearers(late, (CHANNEL,)), {"desk": ear}))
        await until(lambda: world.client.hlen("storywatch:outbox") == 1)
        desk.finish()
        await running

    world.play(story())
    assert [alert.headline for alert in ear.heard] == ["Sailors freed on Corrin", "Ferry aground at Saltmere"]
    assert [event["type"].rpartition(".")[2] for event in events(world.client, "alerts")] == ["sent", "sent"]


def test_an_event_the_desk_fails_on_is_put_aside(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """It is among the dead, with the reason; the next article is placed."""
    counts = Counter[str]()

    async def story() -> None:
        world.client.xadd("storywatch:articles", {"type": "storywatch.article.created", "event": '{"time": "soon"}'})
        announce(world.client, article("a", "Wire", "Sailors freed on Corrin"), SWAP)
        store = world.worker()
        await drained(at(store, Ear(), counts))
        (dead,) = [dead async for dead in store.streams.dead()]
        assert (dead.reason, dead.record) == ("desk-bug", None)
        assert dead.event == '{"time": "soon"}'

    world.play(story())
    assert counts["bugs"] == 1
    assert len(events(world.client, "stories")) == 1
    assert "a bug of ours" in caplog.text
