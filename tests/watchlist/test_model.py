"""The watchlist as others use it."""

import pytest

from crawler.news.errors import WatchlistError
from crawler.news.source import Outlet, Source
from crawler.news.topic import Topic
from crawler.watchlist import Watchlist

POST = Outlet("Harbour Post", "https://post.example/", feeds=("https://post.example/a", "https://post.example/b"))
VOICE = Outlet(
    "Valley Voice",
    "https://voice.example/",
    sitemaps=("https://voice.example/s",),
    pages=("https://voice.example/",),
    tags=("local", "daily"),
)
WATCHLIST = Watchlist(outlets=(POST, VOICE), topics=(Topic("Strikes", "strike"),))


def test_outlets_are_found_by_name() -> None:
    """By the exact name; None for others."""
    assert WATCHLIST.outlet("Valley Voice") is VOICE
    assert WATCHLIST.outlet("valley voice") is None


def test_sources_come_outlet_by_outlet() -> None:
    """Every address with its outlet and kind."""
    assert list(WATCHLIST.sources()) == [
        Source("Harbour Post", "feed", "https://post.example/a"),
        Source("Harbour Post", "feed", "https://post.example/b"),
        Source("Valley Voice", "sitemap", "https://voice.example/s"),
        Source("Valley Voice", "page", "https://voice.example/"),
    ]


def test_tags_are_found_by_outlet() -> None:
    """Outlets without tags are left out; the mapping is made once."""
    assert WATCHLIST.tags == {"Valley Voice": ("local", "daily")}
    assert WATCHLIST.tags is WATCHLIST.tags
    assert WATCHLIST.only(["Harbour Post"]).tags == {}


def test_narrowing_keeps_topics() -> None:
    """Only the named outlets remain, in the watchlist's order, and can be found."""
    narrowed = WATCHLIST.only(["Valley Voice"])
    assert narrowed == Watchlist(outlets=(VOICE,), topics=WATCHLIST.topics)
    assert narrowed.outlet("Harbour Post") is None


def test_narrowing_to_strangers_is_refused() -> None:
    """All unknown names at once, each with the nearest known one."""
    with pytest.raises(WatchlistError) as refused:
        WATCHLIST.only(["Harbor Post", "valley voice", "Hill"])
    assert refused.value.problems == [
        'outlet "Harbor Post" is not on the watchlist. Did you mean "Harbour Post"?',
        'outlet "Hill" is not on the watchlist. Known: "Harbour Post", "Valley Voice".',
        'outlet "valley voice" is not on the watchlist. Did you mean "Valley Voice"?',
    ]
