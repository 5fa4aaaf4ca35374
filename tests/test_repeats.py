"""What an outlet's articles repeat is learned while they are crawled: whole crawls against the newsroom."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crawler.news.revision import ENGINE
from crawler.newsroom import Newsroom, synthetic
from crawler.newsroom.synthetic import watchlist_toml
from crawler.store import keys, open_store
from tests.crawling import Desk, watchlist

APPEAL = "The paper belongs to its readers. Help us with five crowns a month."
ARTICLES = 14


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """An outlet whose every article ends in the same appeal, marked up like its other paragraphs; no topics."""
    world = synthetic(outlets=1, articles=ARTICLES, page_bytes=3_000)
    (outlet,) = world.outlets
    pieces = tuple(replace(piece, paragraphs=(*piece.paragraphs, APPEAL)) for piece in outlet.pieces)
    world = replace(world, outlets=(replace(outlet, pieces=pieces),))
    with Newsroom(world=world) as newsroom, watchlist(tmp_path, watchlist_toml(world)) as path:
        yield Desk(tmp_path / "state", newsroom, path)


def states(desk: Desk, patch: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """What the store knows of each article that was published, with `patch` written over it."""
    names = [keys.article(event["data"]["articleId"]) for event in desk.articles()]

    async def ask() -> list[dict[str, Any]]:
        async with await open_store(None, desk.state_dir) as store:
            known = [json.loads(await store.connection.ask("GET", name)) | (patch or {}) for name in names]
            for name, state in zip(names, known, strict=True):
                await store.connection.ask("SET", name, json.dumps(state), "KEEPTTL")
            return known

    return asyncio.run(ask())


def test_later_articles_come_without_the_appeal(desk: Desk) -> None:
    """The first five teach it (two more may be in hand by then); all else of the articles is there. Looked at again,
    the first are not taken for revised, though they are read without it by now; and that is noted.
    """
    rechecked = ("-s", "RECHECK_AFTER=1s,1s")
    assert desk.crawl(*rechecked).returncode == 0
    events = desk.articles()
    assert len(events) == ARTICLES
    with_appeal = [APPEAL in event["data"]["articleBody"] for event in events]
    assert 5 <= sum(with_appeal) <= 7
    assert with_appeal == sorted(with_appeal, reverse=True)
    pieces = {piece.headline: piece for piece in desk.newsroom.world.outlets[0].pieces}
    for event in events:
        own = pieces[event["data"]["headline"]].paragraphs[:-1]
        assert all(paragraph in event["data"]["articleBody"] for paragraph in own)
    assert desk.crawl(*rechecked).returncode == 0
    looks = [visit for visit in desk.newsroom.requests if visit.path.startswith("/news/")]
    assert len(looks) >= 2 * ARTICLES
    assert desk.articles() == events
    assert all(state["whole_hash"] and state["revision"] == 1 for state in states(desk))


def test_another_engine_makes_no_revisions(desk: Desk) -> None:
    """Articles that an earlier version has read differently are read anew at their next look, and nothing is told."""
    rechecked = ("-s", "RECHECK_AFTER=1s,1s")
    desk.crawl(*rechecked)
    events, known = desk.articles(), states(desk)
    assert len(events) == ARTICLES
    states(desk, {"content_hash": "0" * 32, "whole_hash": "", "headline": "As it was read before", "engine": 0})
    assert desk.crawl(*rechecked).returncode == 0
    assert desk.articles() == events
    again = states(desk)
    for name in ("revision", "published", "headline", "engine"):
        assert [state[name] for state in again] == [state[name] for state in known], name
    assert all(state["engine"] == ENGINE and state["content_hash"] != "0" * 32 for state in again)
