"""Articles that meet no topic are remembered, and kept so that queries can be tried on them: crawls of the newsroom."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from crawler.news.urls import url_id
from crawler.newsroom import Newsroom, World, synthetic
from crawler.newsroom.synthetic import watchlist_toml
from crawler.store import keys, open_store
from crawler.store.archive import Kept
from tests.crawling import Desk, watchlist
from tests.faults.proxy import Moment
from tests.faults.stage import Stage

ARTICLES = 6


def press() -> World:
    """One outlet."""
    return synthetic(outlets=1, articles=ARTICLES, page_bytes=3_000)


def topic(world: World) -> str:
    """A topic that the first article alone meets."""
    return f"\n[[topic]]\nname = 'One of them'\nquery = 'headline:\"{world.outlets[0].pieces[0].headline}\"'\n"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Somebody who watches that outlet for that topic."""
    world = press()
    with Newsroom(world=world) as newsroom, watchlist(tmp_path, watchlist_toml(world) + topic(world)) as path:
        yield Desk(tmp_path / "state", newsroom, path)


def archive(desk: Desk) -> list[Kept]:
    """All that the store has of articles, the newest first."""

    async def read() -> list[Kept]:
        async with await open_store(None, desk.state_dir) as store:
            return [kept async for kept in store.archive.articles(0)]

    return asyncio.run(read())


def test_what_meets_no_topic_is_kept_beside_what_is_published(desk: Desk) -> None:
    """With the text that was matched. A second pass, and a second look at the published one, change nothing."""
    assert desk.crawl().returncode == 0
    kept = archive(desk)
    assert [one.published for one in kept].count(True) == len(desk.articles()) == 1
    (outlet,) = desk.newsroom.world.outlets
    pieces = {piece.headline: piece for piece in outlet.pieces}
    assert {one.article.headline for one in kept} == set(pieces)
    for one in kept:
        assert (one.article.outlet, one.article.revision) == (outlet.name, 1)
        own = pieces[one.article.headline or ""].paragraphs
        assert all(paragraph in (one.article.articleBody or "") for paragraph in own)
    assert desk.crawl().returncode == 0
    assert archive(desk) == kept


def test_nothing_is_kept_if_the_setting_says_so(desk: Desk) -> None:
    """But what is published."""
    assert desk.crawl("-s", "KEEP_UNMATCHED=0s").returncode == 0
    assert [one.published for one in archive(desk)] == [True]
    assert desk.books()["unmatched"] == ARTICLES - 1


@pytest.mark.parametrize("moment", ["before", "after"])
def test_each_is_kept_once_whoever_is_killed(tmp_path: Path, moment: Moment) -> None:
    """Killed where the third is settled, before the store sees it or after its reply, and run again."""
    world = press()
    with Stage(tmp_path) as stage, Newsroom(world=world) as newsroom:
        stage.watch(world)
        stage.watchlist.write_text(stage.watchlist.read_text() + topic(world))
        with stage.proxy() as proxy, stage.crawl(newsroom, store=proxy.url) as crawl:
            proxy.strike(1 + 3, moment, crawl.kill, of="settle")  # a new store has to learn the script at the first
            assert crawl.end() == -9, crawl.log
        assert len(kept_ids(stage)) == {"before": 2, "after": 3}[moment]
        stage.outlive_leases()
        with stage.crawl(newsroom) as again:
            assert again.end() == 0, again.log
        assert stage.closed_books().outcomes == {"unmatched": ARTICLES - 1, "published": 1}
        (outlet,) = world.outlets
        assert Counter(kept_ids(stage)) == Counter(url_id(outlet.url(piece.path)) for piece in outlet.pieces[1:])


def kept_ids(stage: Stage) -> list[str]:
    """Whose text stands in the stream of the unmatched, entry by entry."""
    with redis.Redis.from_url(stage.embedded.url) as client:
        return [fields[b"id"].decode() for _, fields in client.xrange(keys.UNMATCHED_STREAM)]
