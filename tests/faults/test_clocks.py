"""A worker whose clock jumps, beside one whose clock is right: all times are the store's, so it makes no difference.

Debian's libfaketime tells the worker another time, from one moment to the next, as a file says.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.news.source import SourceState
from crawler.news.urls import url_id
from crawler.newsroom import Newsroom, World, synthetic
from crawler.store import Store
from tests.faults.conftest import Tell
from tests.faults.stage import Stage, share_of, stop, wait_until
from tests.parts import faketime

pytestmark = pytest.mark.alone

ARTICLES = 60
ANSWER_S = 0.1  # until a host answers
HALF_THE_HOSTS = {"CONCURRENT_REQUESTS": "3"}  # so that there is work for both
EVERY, JITTER = timedelta(minutes=10), timedelta(minutes=1)  # between two polls
SLACK = timedelta(seconds=2)
SOUND_SLEEP = "import select, time\ntime.sleep = lambda seconds: select.select([], [], [], seconds) and None\n"


@pytest.mark.parametrize("jump", ["+3d", "-3d"])
def test_the_wall_clock_jumps(stage: Stage, tmp_path: Path, tell: Tell, jump: str) -> None:
    """In mid crawl one of two workers is suddenly days ahead, or behind: nothing is lost or doubled, every date of ours
    is true, an outlet's own dates are believed as ever, and the next polls are due when they should be.
    """
    world = undated_links(synthetic(outlets=6, articles=ARTICLES, page_bytes=0, words=100))
    opened, began = datetime.now(UTC), store_time(stage)
    shares = crawl_and_jump(stage, world, tmp_path, jump, opened, {"DONT_FAKE_MONOTONIC": "1"})
    ended = store_time(stage)
    tell(f"{jump}: the worker whose clock jumped published {shares[0]}, the other {shares[1]}")
    events = {event["subject"]: event for event in stage.events("articles")}
    for outlet in world.outlets:
        for piece in outlet.pieces:
            event = events[url_id(outlet.url(piece.path))]
            downloaded = event["data"]["metadata"]["dateDownloaded"]
            assert event["time"] == downloaded
            assert began - SLACK <= datetime.fromisoformat(downloaded) <= ended + SLACK
            published = datetime.fromisoformat(event["data"]["datePublished"])
            assert abs(published - (opened - piece.age)) <= SLACK, "today is not in the future"
    for source in stage.ask(sources):
        due = datetime.fromtimestamp(source.due_ms / 1000, UTC)
        assert began + EVERY - SLACK <= due <= ended + EVERY + JITTER + SLACK


def test_the_monotonic_clock_jumps(stage: Stage, tmp_path: Path, tell: Tell) -> None:
    """A machine was asleep, and counts that as time: every timeout of a worker is over at once. What it had in hand is
    tried again, and nothing is lost or doubled.
    """
    world = synthetic(outlets=6, articles=ARTICLES, page_bytes=0, words=100)
    shares = crawl_and_jump(stage, world, tmp_path, "+1h", datetime.now(UTC), {})
    tell(f"+1h: the worker whose clocks jumped published {shares[0]}, the other {shares[1]}")


def crawl_and_jump(
    stage: Stage, world: World, folder: Path, jump: str, opened: datetime, how: Mapping[str, str]
) -> list[int]:
    """Let two workers crawl, make the clock of the first jump in mid crawl, and see that each article is published
    once; return how many each published.
    """
    stage.watch(world)
    clock = folder / "clock"
    clock.write_text("+0")
    told = {
        "LD_PRELOAD": str(faketime()),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "PYTHONPATH": str(sound_sleep(folder)),
        **how,
    }
    with Newsroom(world=world, clock=lambda: opened) as newsroom:
        for outlet in world.outlets:
            newsroom.fault(outlet.host, "slow", seconds=ANSWER_S)
        with (
            stage.crawl(newsroom, HALF_THE_HOSTS, once=False, environment=told) as confused,
            stage.crawl(newsroom, HALF_THE_HOSTS, once=False) as right,
        ):
            workers = (confused, right)
            wait_until(lambda: len(stage.published()) > ARTICLES / 3 and all(map(stage.leases_of, workers)))
            clock.write_text(jump)
            wait_until(lambda: len(stage.published()) == ARTICLES)
            stop(*workers)
            assert [worker.log for worker in workers if "Traceback" in worker.log] == []
    assert stage.closed_books().outcomes == {"published": ARTICLES}
    return [share_of(worker) for worker in workers]


def undated_links(world: World) -> World:
    """The same press, but its sources are section pages, which leave the dates to the articles' own pages."""
    return replace(world, outlets=tuple(replace(outlet, sources={"/latest": "section"}) for outlet in world.outlets))


async def sources(store: Store) -> list[SourceState]:
    """Return every source that is watched."""
    return [source async for source in store.schedule.sources()]


def store_time(stage: Stage) -> datetime:
    """Return the store's time."""
    return datetime.fromtimestamp(stage.books().now_ms / 1000, UTC)


def sound_sleep(folder: Path) -> Path:
    """Return a folder whose sitecustomize.py has Python sleep for a while, not until a time, as it does since 3.11:
    libfaketime (0.9.10) takes every such time for one of the wall clock.
    """
    path = folder / "site"
    path.mkdir()
    (path / "sitecustomize.py").write_text(SOUND_SLEEP)
    return path
