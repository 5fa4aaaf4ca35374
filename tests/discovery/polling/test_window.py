"""What a source announced last, in short."""

import itertools
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.polling import window
from crawler.discovery.polling.window import MOST, News, is_exact, merged, numbered, overlap
from crawler.news.entry import Entry

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def entries(start: int, end: int, *, published: datetime | None = None, updated: datetime | None = None) -> list[Entry]:
    """Entries with numbers."""
    return [
        Entry(f"https://lantern.example/{number}", published=published, updated=updated) for number in range(start, end)
    ]


def sketch(announced: Iterable[Entry]) -> str:
    """What they leave behind."""
    return window.sketch(numbered(announced))


def news(old: str, announced: Iterable[Entry]) -> News:
    """What is new of them since noon."""
    return window.news(old, numbered(announced), since=NOON)


def test_a_small_feed_is_remembered_exactly() -> None:
    """Of up to 64 entries each new one is found, and nothing else."""
    old = sketch(entries(0, MOST))
    assert news(old, entries(3, MOST + 3)) == (entries(MOST, MOST + 3), 0)
    assert overlap(old, sketch(entries(16, MOST + 16))) == 0.75
    assert news("", entries(0, 3)) == (entries(0, 3), 0)


def test_an_entry_is_known_by_its_canonical_url() -> None:
    """As in the frontier, whatever its id: what is fetched once is announced once."""
    old = sketch([Entry("https://lantern.example/a?utm_source=feed", id="7"), Entry("odd:")])
    assert not news(old, [Entry("https://Lantern.example/a#top", id="8"), Entry("odd:", id="1")]).entries
    assert news(old, [Entry("https://lantern.example/b", id="7")]).entries
    assert len(news(old, [Entry("https://lantern.example/c", id=str(number)) for number in range(9)]).entries) == 1
    assert overlap(old, sketch([Entry("https://lantern.example/a"), Entry("odd:")])) == 1


def test_p42_a_large_feed_is_remembered_in_short() -> None:
    """Ten thousand entries take no more room than 64, and a third of them is still told from a half."""
    old = sketch(entries(0, 10_000))
    assert len(old) == len(sketch(entries(0, MOST))) == 344
    assert (overlap(old, sketch(entries(5_000, 15_000))) or 0) > 1 / 3
    assert (overlap(old, sketch(entries(8_500, 18_500))) or 0) < 1 / 3
    assert not is_exact(old)
    assert is_exact(sketch(entries(0, MOST - 1)))


def test_dates_of_publication_tell_what_is_new_in_a_large_source() -> None:
    """Out of the sketch's reach what is published after the last look is new, and what is older is known."""
    yesterday, later = NOON - timedelta(days=1), NOON + timedelta(minutes=1)
    old = sketch(entries(0, 1_000, published=yesterday))
    new = entries(1_000, 1_020, published=later)
    assert news(old, [*entries(0, 1_000, published=yesterday, updated=later), *new]) == (new, 0)


def test_dates_that_move_tell_nothing() -> None:
    """Where known entries are dated after the last look, the sample tells how much is new."""
    later = NOON + timedelta(hours=1)
    old = sketch(entries(0, 1_000))
    assert news(old, entries(0, 1_000, published=later)) == ([], 0)
    found = news(old, entries(300, 1_300, published=later))
    assert 200 < len(found.entries) + found.more < 400


@pytest.mark.parametrize("edited", [5, 50, 1_000])
def test_a_date_of_update_makes_nothing_new(edited: int) -> None:
    """Few pages edited, or all of them dated anew: they are known all the same."""
    pages = [*entries(0, edited, updated=NOON + timedelta(hours=1)), *entries(edited, 1_000, updated=NOON)]
    assert news(sketch(entries(0, 1_000)), pages) == ([], 0)


def test_an_archive_is_no_news() -> None:
    """Old pages that are announced only now, within reach and beyond."""
    long_ago = NOON - timedelta(days=8)
    old = sketch(entries(0, 1_000))
    for dates in ({"published": long_ago}, {"updated": long_ago}):
        assert news(old, [*entries(0, 1_000), *entries(1_000, 2_000, **dates)]) == ([], 0)


def test_without_dates_the_sample_tells_how_much_is_new() -> None:
    """Of 1,000 undated entries 300 are new; the sample of 64 is right to a third of that."""
    found = news(sketch(entries(0, 1_000)), entries(300, 1_300))
    assert 200 < len(found.entries) + found.more < 400


@pytest.mark.parametrize("count", [10, 200])
def test_parts_are_merged_into_a_whole(count: int) -> None:
    """The sketch of a sitemap index is that of all its sitemaps together, in whatever order they come."""
    parts = [sketch(entries(start, start + count)) for start in (0, count, 2 * count)]
    whole = sketch(entries(0, 3 * count))
    assert {merged(merged(a, b), c) for a, b, c in itertools.permutations(parts)} == {whole}


@given(st.text() | st.builds(lambda raw: raw.hex(), st.binary()), st.text())
def test_any_text_is_read(one: str, other: str) -> None:
    """What is no sketch knows nothing, and raises nothing."""
    assert 0 <= (overlap(one, other) or 0) <= 1
    assert overlap(one, "") is None
    assert len(merged(one, other)) <= 344
    assert len(news(one, entries(0, 3)).entries) <= 3


@given(st.sets(st.integers(0, 500)), st.sets(st.integers(0, 500)))
def test_the_overlap_of_small_sets_is_exact(one: set[int], other: set[int]) -> None:
    """Up to 64 entries: the part of the smaller set that the larger one has."""
    first, second = (list(itertools.islice(sorted(numbers), MOST)) for numbers in (one, other))
    fewer = min(len(first), len(second))
    expected = len({*first} & {*second}) / fewer if fewer else None
    assert overlap(*(sketch(_numbered(numbers)) for numbers in (first, second))) == expected


def _numbered(numbers: Iterable[int]) -> list[Entry]:
    return [Entry(f"https://lantern.example/{number}") for number in numbers]
