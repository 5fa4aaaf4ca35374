"""Outlets that put a wall in front of their articles: whole crawls against the newsroom."""

import asyncio
import json
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import pytest

from crawler.newsroom import Newsroom, synthetic
from crawler.newsroom.synthetic import watchlist_toml
from crawler.store import keys, open_store
from crawler.store.records import PageRecord
from tests.crawling import Desk, watchlist
from tests.extraction.golden import DATA

HOUR_MS = 3_600_000


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A small press of one outlet with three articles, and a watchlist without topics."""
    world = synthetic(outlets=1, articles=3, page_bytes=3_000)
    with Newsroom(world=world) as newsroom, watchlist(tmp_path, watchlist_toml(world)) as path:
        yield Desk(tmp_path / "state", newsroom, path)


def pages(desk: Desk) -> list[str]:
    """All articles."""
    (outlet,) = desk.newsroom.world.outlets
    return [outlet.url(piece.path) for piece in outlet.pieces]


def wall(name: str) -> str:
    """A golden page."""
    return (DATA / name / "input.html").read_text("utf-8")


def crawled(desk: Desk, *arguments: str) -> dict[str, int]:
    """Run a pass in which no published article is looked at again, and return the books."""
    run = desk.crawl("-s", "RECHECK_AFTER=", *arguments)
    assert run.returncode == 0, run.stderr
    books = desk.books()
    assert books["announced"] == books["outcomes"] + books["waiting"] + books["leased"]
    return books


def waiting(desk: Desk) -> list[tuple[PageRecord, float]]:
    """The pages that wait for another try, and when it is due (ms)."""

    async def read() -> list[tuple[PageRecord, float]]:
        async with await open_store(None, desk.state_dir) as store:
            redis = store.connection.redis
            records = [msgspec.json.decode(raw, type=PageRecord) for raw in await redis.hvals(keys.ENTRIES)]
            return [(one, await redis.zscore(keys.queue(one.host), f"e:{one.id}") or 0) for one in records]

    return asyncio.run(read())


def advance(desk: Desk, ms: int) -> None:
    """Push the store's clock."""

    async def push() -> None:
        async with await open_store(None, desk.state_dir) as store:
            await store.connection.redis.incrby("storywatch:clock", ms)

    asyncio.run(push())


@pytest.mark.parametrize("browser", ["sh", "no-such-browser"])
def test_who_asks_for_patience_is_given_it(tmp_path: Path, browser: str) -> None:
    """A challenge with a Retry-After is not met with a browser at once; without a browser the page does not die of it.

    `sh` stands for a browser: it would be started only when a page is asked for by it.
    """
    world = synthetic(outlets=1, articles=2, page_bytes=3_000)
    toml = watchlist_toml(world).replace("name = ", 'render = "auto"\nname = ', 1)
    with Newsroom(world=world) as newsroom, watchlist(tmp_path, toml) as path:
        desk = Desk(tmp_path / "state", newsroom, path)
        html, headers = wall("bot-challenge-unknown-polish"), {"Retry-After": "7200"}
        for page, code in zip(pages(desk), (403, 429), strict=True):
            newsroom.fault(page, "instead", html=html, code=code, headers=headers)
        books = crawled(desk, "-s", f"CHROMIUM={browser}", "-s", "RETRY_AFTER_HOLDS=source")
        assert (books["waiting"], books["outcomes"]) == (2, 0)
        assert [len(newsroom.requests_of(path=urlsplit(page).path)) for page in pages(desk)] == [1, 1]
        for record, due_ms in waiting(desk):
            assert record.browser == (browser == "sh")
            assert due_ms > time.time() * 1000 + HOUR_MS


def test_walls_are_told_of_and_get_over(desk: Desk) -> None:
    """A challenged page is put off, one behind a consent wall is kept among the dead; neither is an article.

    What comes with 403 and is no challenge is a refusal, as ever. The source says that it is unwell, and what helps.
    Then the walls fall.
    """
    challenged, walled, refused = pages(desk)
    desk.newsroom.fault(challenged, "instead", html=wall("bot-challenge-unknown-polish"), code=403)
    desk.newsroom.fault(walled, "instead", html=wall("consent-wall-pur-german"))
    desk.newsroom.fault(refused, "instead", html=wall("consent-wall-not-a-report"), code=403)
    books = crawled(desk)
    assert (books["waiting"], books["dead:consent-wall"], books["rejected:refused"], books["outcomes"]) == (1, 1, 1, 2)
    told = desk.scrapy("sources", desk.newsroom.world.outlets[0].name).stdout
    assert told.count("the last look at its pages met a ") == 1
    assert "scrapy dead retry --reason" in told

    for page in pages(desk):
        desk.newsroom.heal(page)
    assert desk.scrapy("dead", "retry", "--reason", "consent-wall").returncode == 0
    advance(desk, HOUR_MS)
    assert crawled(desk)["published"] == 2
    (source,) = [json.loads(line) for line in desk.scrapy("sources", "--json").stdout.splitlines()]
    assert (source["wall"], source["walls"], source["polls"]) == ("", 0, 2)
