"""`scrapy sources`, as its user meets it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.commands.sources import health
from crawler.news.source import SourceState
from crawler.store import Store
from crawler.store.embedded import EmbeddedStore, open_embedded
from settings import base
from tests.commands.test_frontier import play
from tests.commands.test_watchlist import scrapy
from tests.store.acting import claim, discover, source

FEED, PAGE = "http://gazette.example/feed", "http://www.gazette.example/world/"
STORY = "http://paper.example/story"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EmbeddedStore]:
    """A store of its own."""
    with open_embedded(tmp_path) as embedded:
        yield embedded


def sources(store: EmbeddedStore, *args: object) -> int:
    """Run `scrapy sources ARGS` and return its exit code."""
    project = {name: value for name, value in vars(base).items() if name.isupper()}
    return scrapy("sources", *args, **project | {"REDIS_URL": store.url})


async def two_polls(opened: Store) -> None:
    """The feed announces a story that the page has not."""
    await opened.schedule.register(
        [source(FEED), source(PAGE, kind="page"), source("http://else.example/", outlet="E")]
    )
    leases = {lease.source.url: lease for lease in await claim(opened) if lease.kind == "source"}
    await discover(opened, lease=leases[PAGE], compared=True)
    lease = leases[FEED]
    lease.record = replace(lease.source, why="the watchlist's every", learned_ms=3_600_000, detail="")
    await discover(opened, STORY, lease=lease, compared=True)
    await opened.connection.redis.incrby("storywatch:clock", 901_000)
    again = {lease.source.url: lease for lease in await claim(opened) if lease.kind == "source"}
    await discover(opened, STORY, lease=again[FEED], compared=True)
    await discover(opened, lease=again[PAGE], compared=True)


def test_without_any_it_says_what_to_do(store: EmbeddedStore, capsys: pytest.CaptureFixture[str]) -> None:
    """Sources come with the first crawl."""
    assert sources(store) == 0
    assert "scrapy crawl watch -a once=1" in capsys.readouterr().out


def test_the_list_names_every_source(store: EmbeddedStore, capsys: pytest.CaptureFixture[str]) -> None:
    """One a line, with its health and its address."""
    play(store, two_polls)
    assert sources(store) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    assert {line.split()[-1] for line in lines[1:]} == {FEED, PAGE, "http://else.example/"}


def test_an_outlet_in_detail(store: EmbeddedStore, capsys: pytest.CaptureFixture[str]) -> None:
    """Last poll, last new entry, learned interval, next due, health, and why."""
    play(store, two_polls)
    assert sources(store, "Gazette") == 0
    out = capsys.readouterr().out
    (block,) = (block for block in out.split("\n\n") if FEED in block)
    told = dict(line.strip().split("  ", 1) for line in block.splitlines()[1:])
    assert {name: text.strip() for name, text in told.items()}["why"] == "the watchlist's every"
    assert "learned 60 min" in told["interval"]
    assert {"health", "last poll", "last new entry", "next due"} <= told.keys()
    assert sources(store, "Gazzette") == 1
    assert "Outlets: E, Gazette" in capsys.readouterr().out


def test_coverage_names_what_was_missed(store: EmbeddedStore, capsys: pytest.CaptureFixture[str]) -> None:
    """The page missed what the feed had; outlets with one source are not compared."""
    play(store, two_polls)
    assert sources(store, "--coverage") == 0
    rows = {line.split()[-1]: line.split()[2:6] for line in capsys.readouterr().out.splitlines()[2:]}
    assert rows == {FEED: ["1", "1", "1", "0"], PAGE: ["0", "0", "0", "1"]}
    assert sources(store, "Gazette", "--coverage") == 0
    assert f"missed {STORY}\n  which {FEED} had" in capsys.readouterr().out
    assert sources(store, "E", "--coverage") == 0
    assert "two sources or more" in capsys.readouterr().out


def test_polls_by_hand(store: EmbeddedStore, capsys: pytest.CaptureFixture[str]) -> None:
    """All sources of the outlet are due now; an outlet must be named."""
    play(store, two_polls)
    assert sources(store, "Gazette", "--poll") == 0
    assert "2 sources due now" in capsys.readouterr().out
    assert sources(store, "--poll") == 2
    assert "needs an outlet" in capsys.readouterr().err


def test_a_host_that_wants_to_be_left_alone_is_told(store: EmbeddedStore, capsys: pytest.CaptureFixture[str]) -> None:
    """What another source of the host was answered holds this one, too: its true time and the reason are shown."""

    async def refused(opened: Store) -> None:
        await two_polls(opened)
        await opened.connection.redis.incrby("storywatch:clock", 901_000)
        (lease,) = [lease for lease in await claim(opened) if lease.kind == "source" and lease.source.url == FEED]
        await discover(opened, lease=lease, gap_ms=7_200_000)

    play(store, refused)
    assert sources(store, "Gazette") == 0
    (block,) = (block for block in capsys.readouterr().out.split("\n\n") if FEED in block)
    assert "gazette.example is to be left alone until then" in block
    assert "in 2 h" in block or "in 120 min" in block
    assert sources(store, "Gazette", "--poll") == 0
    assert "But gazette.example is to be left alone" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("wall", "walls", "words"),
    [
        ("", 0, "ok"),
        ("bot-challenge", 1, "the last look at its pages met a bot challenge"),
        ("consent-wall", 3, "the last 3 looks at its pages met consent walls"),
    ],
)
def test_walls_are_ill_health(wall: str, walls: int, words: str) -> None:
    """Polls go well, the pages that they announce are behind walls; a failing poll is the graver news."""
    state = replace(source(), health="ok", wall=wall, walls=walls)
    assert health(state) == words
    assert health(replace(state, health="timeout", failures=2)) == "timeout (2 in a row)"


def test_for_programs(store: EmbeddedStore, capsys: pytest.CaptureFixture[str]) -> None:
    """One source a line, with every field."""
    play(store, two_polls)
    assert sources(store, "--json") == 0
    read = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {one["url"] for one in read} == {FEED, PAGE, "http://else.example/"}
    assert {field for one in read for field in one} == set(SourceState.__dataclass_fields__)
