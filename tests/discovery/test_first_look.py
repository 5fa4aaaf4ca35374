"""The first look at a source: old news never floods a new user."""

from datetime import timedelta

from crawler.discovery import first_look
from crawler.discovery.first_look import UNDATED
from crawler.news.entry import Entry
from crawler.news.source import SourceKind
from tests.discovery.golden import NOW

DAY = timedelta(days=1)


def looked_at(*entries: Entry, kind: SourceKind = "feed") -> list[str]:
    """Return the URLs that a first look back one day fetches; what remains must be remembered."""
    look = first_look(entries, kind, now=NOW, window=DAY)
    assert sorted(look.fetch + look.remember, key=entries.index) == list(entries)
    return [entry.url for entry in look.fetch]


def test_dated_entries_within_the_window_are_fetched() -> None:
    """The edge counts, a date of update stands in for one of publication, the future is news."""
    assert looked_at(
        Entry("/edge", published=NOW - DAY),
        Entry("/old", published=NOW - DAY - timedelta(seconds=1), updated=NOW),
        Entry("/updated", updated=NOW - DAY / 2),
        Entry("/embargo", published=NOW + DAY / 2),
    ) == ["/edge", "/updated", "/embargo"]


def test_of_undated_entries_the_first_twenty_are_fetched() -> None:
    """Dated ones do not count among them."""
    undated = [Entry(f"/{number}") for number in range(UNDATED + 5)]
    assert looked_at(Entry("/new", published=NOW), *undated) == ["/new", *(f"/{number}" for number in range(UNDATED))]


def test_of_a_section_page_every_story_is_fetched() -> None:
    """What an outlet shows on its page is news today."""
    assert len(looked_at(*(Entry(f"/{number}") for number in range(100)), kind="page")) == 100
