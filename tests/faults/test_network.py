"""The network breaks off in mid body: half a page is no article, half a feed is no feed, and each comes whole later."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import cycle, product
from typing import Any

from crawler.news.urls import url_id
from crawler.newsroom import Newsroom, World, synthetic
from tests.faults.scenes import HOURS_MS, addresses
from tests.faults.stage import Stage

BREAKS: tuple[Mapping[str, Any], ...] = (
    {"kind": "cut"},
    {"kind": "cut", "chunked": True},
    {"kind": "stall"},
    {"kind": "stall", "chunked": True},
)
SOURCES = ("rss", "atom", "sitemap", "section")
TIMES = 2  # it breaks off, and then all is well
IMPATIENT = {"DOWNLOAD_TIMEOUT": "1", "RETRY_AFTER": "0s"}


def test_half_a_page_is_no_article(stage: Stage) -> None:
    """Pages that break off, with their length told before or in chunks, are asked for again and published whole."""
    world = synthetic(outlets=4, articles=10, page_bytes=10_000)
    stage.watch(world)
    *broken, sound, sound_too = addresses(world)
    with Newsroom(world=world) as newsroom:
        for url, how in zip(broken, cycle(BREAKS)):
            newsroom.fault(url, times=TIMES, **how)
        with stage.crawl(newsroom, IMPATIENT) as crawl:
            assert crawl.end() == 0, crawl.log
        asked = [newsroom.requests_of(*split(url)) for url in (*broken, sound, sound_too)]
    assert [len(visits) for visits in asked] == [TIMES + 1] * len(broken) + [1, 1]
    assert_all_whole(stage, world)


def test_half_a_feed_swallows_nothing(stage: Stage) -> None:
    """A source of any kind that breaks off is a failed poll: nothing of it is known, and the next poll that comes whole
    brings every entry.
    """
    world = of_every_kind()
    stage.watch(world)
    with Newsroom(world=world) as newsroom:
        for outlet, (_, how) in zip(world.outlets, product(SOURCES, BREAKS), strict=True):
            (path,) = outlet.sources
            newsroom.fault(outlet.url(path), times=TIMES, **how)
        for _ in range(TIMES):
            with stage.crawl(newsroom, IMPATIENT) as crawl:
                assert crawl.end() == 1, crawl.log
            assert "Polled    16 sources: 0 well, 16 failed (" in crawl.log
            assert stage.closed_books().announced == 0
            stage.advance(HOURS_MS)
        with stage.crawl(newsroom, IMPATIENT) as crawl:
            assert crawl.end() == 0, crawl.log
    assert_all_whole(stage, world)


def test_half_a_robots_txt_allows_nothing(stage: Stage) -> None:
    """What breaks off may have forbidden the rest: the host is left alone until its robots.txt came whole."""
    world = synthetic(outlets=len(BREAKS), articles=8, page_bytes=0)
    stage.watch(world)
    with Newsroom(world=world) as newsroom:
        for outlet, how in zip(world.outlets, BREAKS, strict=True):
            newsroom.fault(outlet.url("/robots.txt"), **how)
        with stage.crawl(newsroom, IMPATIENT) as crawl:
            assert crawl.end() == 1, crawl.log
        assert {visit.path for visit in newsroom.requests} == {"/robots.txt"}


def of_every_kind() -> World:
    """An outlet for each kind of source and each way to break off."""
    kinds = [kind for kind, _ in product(SOURCES, BREAKS)]
    world = synthetic(outlets=len(kinds), articles=3 * len(kinds), page_bytes=0)
    outlets = [replace(outlet, sources={"/source": kind}) for outlet, kind in zip(world.outlets, kinds, strict=True)]
    return replace(world, outlets=tuple(outlets))


def assert_all_whole(stage: Stage, world: World) -> None:
    """See that each article of the world is published once, with every paragraph."""
    pieces = {url_id(outlet.url(piece.path)): piece for outlet in world.outlets for piece in outlet.pieces}
    assert stage.closed_books().outcomes == {"published": len(pieces)}
    for event in stage.events("articles"):
        body = event["data"]["articleBody"]
        assert [text for text in pieces.pop(event["subject"]).paragraphs if text not in body] == []
    assert pieces == {}


def split(url: str) -> tuple[str, str]:
    """Host and path of an address."""
    host, _, path = url.removeprefix("http://").partition("/")
    return host, f"/{path}"
