"""The schedule: sources in step with the watchlist, entries taken in once, evergreens never new again."""

from dataclasses import replace

import pytest

from crawler.news.entry import Entry
from crawler.news.urls import canonicalise
from crawler.store.limits import Limits
from crawler.store.records import PageRecord, mark_of, page_record
from crawler.store.schedule import Discovery
from tests.store.acting import assert_balanced, claim, discover, publish, source
from tests.store.conftest import World

A, B = "http://gazette.example/harbour", "http://gazette.example/council"
DAY_MS = 86_400_000


@pytest.fixture
def limits() -> Limits:
    """Seen entries are forgotten after a day or two."""
    return Limits(seen_ms=DAY_MS)


def test_a_restart_causes_no_early_poll(world: World) -> None:
    """Registering a known source again leaves its due time alone."""

    async def story() -> None:
        one = world.worker()
        await one.schedule.register([source()])
        await discover(one)
        assert await one.schedule.register([source()]) == (0, 0)
        assert await claim(one) == []
        world.advance(900_000)
        assert [lease.kind for lease in await claim(one)] == ["source"]

    world.play(story())


def test_a_shorter_interval_takes_effect_at_once(world: World) -> None:
    """The watchlist now asks for every minute: the next poll comes a minute after the last."""

    async def story() -> None:
        one = world.worker()
        await one.schedule.register([source(every_ms=3_600_000)])
        await discover(one)
        await one.schedule.register([source(every_ms=60_000)])
        world.advance(60_000)
        assert len(await claim(one)) == 1

    world.play(story())


def test_a_source_off_the_watchlist_is_polled_no_more(world: World) -> None:
    """It leaves the schedule, and a poll of it that is under way ends STALE."""

    async def story() -> None:
        one = world.worker()
        gone = source("http://gone.example/feed")
        await one.schedule.register([source(), gone])
        kept, lease = sorted(await claim(one), key=lambda lease: lease.source.id == gone.id)
        await discover(one, lease=kept)
        assert await one.schedule.register([source()]) == (0, 1)
        assert (await discover(one, A, lease=lease)).answer == "STALE"
        assert (await one.frontier.tally()).announced == 0
        assert world.client.hlen("storywatch:holders") == 0
        world.advance(DAY_MS)
        assert [lease.source.id for lease in await claim(one)] == [source().id]

    world.play(story())


def test_a_start_with_the_same_watchlist_writes_nothing(world: World) -> None:
    """Known sources are looked up in batches; none of them is written again."""

    async def story() -> None:
        one = world.worker()
        many = [source(f"http://gazette.example/{number}.xml") for number in range(1_200)]
        assert await one.schedule.register(many) == (1_200, 0)
        world.client.config_resetstat()
        assert await one.schedule.register(many) == (0, 0)
        calls = {name: figures["calls"] for name, figures in world.client.info("commandstats").items()}
        assert (calls["cmdstat_hmget"], calls["cmdstat_hlen"]) == (3, 1)
        assert calls.keys() <= {"cmdstat_hmget", "cmdstat_hlen", "cmdstat_config|resetstat", "cmdstat_info"}

    world.play(story())


def test_a_watchlist_that_is_all_new_replaces_the_old_one(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """However many sources go, they go in batches, and all of them; what takes a while says how far it is."""
    monkeypatch.setattr("crawler.store.schedule.TELL_EVERY_S", 0.0)

    async def story() -> None:
        one = world.worker()
        await one.schedule.register(source(f"http://gazette.example/{number}.xml") for number in range(1_200))
        assert await one.schedule.register([source("http://press.example/feed")]) == (1, 1_200)
        assert [state.host async for state in one.schedule.sources()] == ["press.example"]
        assert world.client.zcard("storywatch:hosts") == 1

    with caplog.at_level("INFO"):
        world.play(story())
    told = [record.getMessage() for record in caplog.records]
    assert "1000 sources of the watchlist looked up" in told
    assert told[-1] == "1200 sources that are no longer on the watchlist forgotten"


def test_who_may_not_forget_only_adds(world: World) -> None:
    """An older watchlist, told again after an outage: what is missing comes back, what a newer one added stays."""

    async def story() -> None:
        old, new = source("http://gazette.example/feed"), source("http://press.example/feed")
        one = world.worker()
        await one.schedule.register([new])
        assert await one.schedule.register([old], forget=False) == (1, 0)
        assert {state.id async for state in one.schedule.sources()} == {old.id, new.id}

    world.play(story())


def test_an_entry_announced_twice_is_one_entry_that_names_both_sources(world: World) -> None:
    """Two feeds announce the same URL, once with tracking parameters: one entry, both in `via`."""

    async def story() -> None:
        one = world.worker()
        feeds = [source("http://gazette.example/top.xml"), source("http://press.example/world.xml")]
        await one.schedule.register(feeds)
        first, second = await claim(one)
        assert (await discover(one, A, lease=first)).fetch == 1
        again = await discover(one, f"{A}?utm_source=rss", lease=second)
        assert (again.fetch, again.known) == (0, 1)
        (entry,) = await claim(one)
        assert sorted(entry.page.via.split()) == sorted(feed.id for feed in feeds)
        assert (await one.frontier.tally()).announced == 1

    world.play(story())


def test_an_evergreen_never_comes_back_as_new(world: World) -> None:
    """An entry that stays in its feed is carried over each rotation; one that left is forgotten in the end."""

    async def story() -> None:
        one = world.worker()
        await one.schedule.register([source()])
        await discover(one, A, B)
        for _ in "AB":
            (lease,) = await claim(one)
            await publish(one, lease)
        for _ in range(5):
            world.advance(DAY_MS + 1)
            found = await discover(one, A)
            assert (found.fetch, found.known) == (0, 1)
        world.advance(DAY_MS + 1)
        assert (await discover(one, A, B)).fetch == 1
        await assert_balanced(one)

    world.play(story())


def test_what_a_first_look_remembers_has_its_outcome_and_is_not_fetched(world: World) -> None:
    """Old entries are counted once, as rejected:first-look, and are known from then on."""

    async def story() -> None:
        one = world.worker()
        await one.schedule.register([source()])
        (lease,) = await claim(one)
        old = Discovery(record(A), "rejected:first-look")
        done = await one.schedule.discovered(lease, replace(lease.source, due_ms=0), [old, old], gap_ms=0)
        assert (done.fetch, done.ended, done.known) == (0, 1, 1)
        tally = await one.frontier.tally()
        assert (tally.announced, tally.outcomes) == (1, {"rejected:first-look": 1})
        (poll,) = await claim(one)
        assert (await discover(one, A, lease=poll)).known == 1
        await assert_balanced(one)

    world.play(story())


def test_a_published_article_announced_otherwise_is_looked_at_at_once(world: World) -> None:
    """Its feed retitles it: the recheck that stood hours away is due now. Another source's title changes nothing."""

    async def story() -> None:
        one = world.worker()
        other = source("http://press.example/world.xml")
        await one.schedule.register([source(), other])
        gazette, press = sorted(await claim(one), key=lambda lease: lease.host)
        await discover(one, A, lease=gazette)
        (lease,) = await claim(one)
        await publish(one, lease, recheck=(lease.page, 3_600_000))
        retitled = record(A, title="Another headline")
        await one.schedule.discovered(press, replace(press.source, due_ms=1 << 50), [Discovery(retitled)], gap_ms=0)
        assert await claim(one) == []
        world.advance(900_000)
        (again,) = await claim(one)
        await one.schedule.discovered(again, replace(again.source, due_ms=1 << 50), [Discovery(retitled)], gap_ms=0)
        assert [lease.kind for lease in await claim(one)] == ["recheck"]

    world.play(story())


def test_a_start_brings_no_poll_forward(world: World) -> None:
    """A source that asked for an hour keeps it, however often a crawl is started."""

    async def story() -> None:
        one = world.worker()
        await one.schedule.register([source()])
        (lease,) = await claim(one)
        polled = replace(lease.source, polled_ms=one.frontier.now_ms, due_ms=one.frontier.now_ms + 3_600_000, polls=1)
        await one.schedule.discovered(lease, polled, [], gap_ms=0)
        world.advance(1_800_000)
        await one.schedule.register([source()])
        assert await claim(one) == []

    world.play(story())


def test_the_watchlist_changes_during_a_poll(world: World) -> None:
    """What register says of a source outlives the poll that was under way."""

    async def story() -> None:
        one = world.worker()
        await one.schedule.register([source()])
        (lease,) = await claim(one)
        await one.schedule.register([source(every_ms=60_000)])
        await discover(one, lease=lease)
        (state,) = [state async for state in one.schedule.sources()]
        assert state.every_ms == 60_000

    world.play(story())


def test_a_source_forgotten_while_it_was_elsewhere_leaves_no_ghost(world: World) -> None:
    """Redirected to another host's queue, then off the watchlist: the member left there is dropped when it is met."""

    async def story() -> None:
        one = world.worker()
        await one.schedule.register([source()])
        (lease,) = await claim(one)
        await one.frontier.retry(lease, gap_ms=0, host="other.example", patch={"visit": "http://other.example/"})
        await one.schedule.register([])
        assert await claim(one) == []
        assert world.client.zcard("storywatch:hosts") == 0

    world.play(story())


def record(url: str, title: str | None = None) -> PageRecord:
    """An entry of the Gazette as a record."""
    entry = Entry(url=url, title=title)
    made = page_record(
        entry, canonical=canonicalise(url), outlet="Gazette", source=source().id, kind="feed", now_ms=1_000
    )
    assert made.mark == mark_of(entry)
    return made
