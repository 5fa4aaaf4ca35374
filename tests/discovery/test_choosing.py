"""Which sources are worth a request every few minutes."""

from datetime import UTC, datetime, timedelta

import pytest

from crawler.discovery.choosing import Found, Verdict, choose
from crawler.discovery.finder import posts_of
from crawler.news.entry import Entry
from crawler.news.source import SourceKind

NOW = datetime(2031, 3, 14, 12, tzinfo=UTC)
HOME = "https://harbour-post.example/"


def found(kind: SourceKind, name: str, *numbers: int, watched_by: str = "", titled: bool = True) -> Found:
    """A source that announces stories by their numbers: story 3 is 3 hours old."""
    entries = tuple(
        Entry(
            f"{HOME}story/{number}",
            title=f"Story {number}" if titled else None,
            published=NOW - timedelta(hours=number) if kind != "page" else None,
        )
        for number in numbers
    )
    return Found(kind, f"{HOME}{name}", "the page", entries, watched_by)


def chosen(*sources: Found) -> list[str]:
    """What is recommended, by the last part of its address."""
    return [verdict.found.url.removeprefix(HOME) for verdict in choose(sources, now=NOW) if verdict.recommended]


def why(name: str, *sources: Found) -> str:
    """Why a source is recommended or not."""
    return next(verdict.why for verdict in choose(sources, now=NOW) if verdict.found.url == HOME + name)


TOP = found("feed", "top", 1, 2, 3, 4)


def test_two_equal_feeds_are_one() -> None:
    """The first is watched; the other is said to be the same, whatever its addresses' slashes."""
    twin = found("feed", "twin", 4, 3, 2, 1)
    assert chosen(TOP, twin) == ["top"]
    assert why("twin", TOP, twin) == f"the same as {HOME}top"


def test_the_larger_of_two_feeds_is_enough() -> None:
    """Whichever the page names first."""
    part = found("feed", "part", 1, 3)
    assert chosen(part, TOP) == ["top"]
    assert why("part", part, TOP) == f"all of it is in {HOME}top"


def test_a_section_that_is_only_older_adds_nothing() -> None:
    """What the main feed has dropped by now it had when it was news."""
    section = found("feed", "section", 2, 4, 9, 30, 90)
    assert chosen(TOP, section) == ["top"]


def test_a_section_of_its_own_is_watched_too() -> None:
    """It announces what the main feed, which reaches back as far, does not."""
    section = found("feed", "section", 2, 90, *range(100, 103))
    own = Found("feed", section.url, "", (*section.entries, Entry(f"{HOME}own", "Own", published=NOW)))
    assert chosen(TOP, own) == ["top", "section"]
    assert why("section", TOP, own) == "announces 1 that those above do not"


def test_wordpress_posts_only_where_they_add_news() -> None:
    """The API reaches further back than a feed of ten; that alone is nothing new."""
    posts = posts_of(f"{HOME}wp-json/").removeprefix(HOME)
    assert chosen(found("feed", posts, *range(1, 50)), TOP) == ["top"]
    assert chosen(found("feed", posts, *range(50)), TOP) == ["top", posts]
    assert chosen(found("feed", posts, 1, 2)) == [posts]


def test_plain_sitemaps_and_pages_are_last() -> None:
    """A list of all pages beside a feed is left out; alone it is better than nothing, and so is a section page."""
    everything = found("sitemap", "all", *range(50), titled=False)
    page = found("page", "page", 1, 7)
    assert chosen(page, everything, TOP) == ["top"]
    assert chosen(page, everything) == ["all"]
    assert chosen(page) == ["page"]


def test_silent_and_empty_sources_are_left_out() -> None:
    """Unless there is no other: then the one that spoke last is taken."""
    silent, older = found("feed", "silent", 24 * 100), found("feed", "older", 24 * 200)
    empty = found("feed", "empty")
    assert chosen(silent, older, empty, TOP) == ["top"]
    assert why("silent", silent, TOP) == "silent since 2030-12-04"
    assert chosen(empty, older, silent) == ["silent"]
    assert chosen(empty) == []


def test_what_is_watched_is_not_recommended_and_counts() -> None:
    """Others are measured by it."""
    watched = found("feed", "top", 1, 2, 3, 4, watched_by="Harbour Post")
    assert chosen(watched, found("sitemap", "news", 1, 2, 3)) == []
    assert why("top", watched) == "watched already, by Harbour Post"


@pytest.mark.parametrize(("hours", "rate"), [((0, 1, 2, 3), 24), ((0, 24, 48), 1), ((0, 0, 0), None), ((0, 5), None)])
def test_how_often_it_speaks(hours: tuple[int, ...], rate: float | None) -> None:
    """Entries a day, where three or more dates tell."""
    assert found("feed", "x", *hours).a_day == rate


def test_no_source_no_verdict() -> None:
    """Nothing in, nothing out."""
    assert choose((), now=NOW) == list[Verdict]()
