"""What each source of an outlet is worth."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.coverage import Coverage, Found, coverage, read_found
from crawler.news.source import SourceState

WATCHED_MS, LATER_MS = 1_000, 100_000


def source(name: str, *, looked_ms: int = WATCHED_MS, polled_ms: int = LATER_MS, twin: str = "") -> SourceState:
    """A source that is watched since then, and was polled last then."""
    return SourceState(
        id=name, outlet="Lantern", kind="feed", url=f"https://lantern.example/{name}", host="lantern.example",
        every_ms=1, longest_ms=1, first_look_ms=1, looked_ms=looked_ms, polled_ms=polled_ms, twin=twin,
    )  # fmt: skip


WORLD, ALL = source("world"), source("all")


STORY = "https://lantern.example/story"


def found(by: dict[str, int], url: str = STORY) -> Found:
    """An entry, and when each source announced it."""
    return Found(url, dict(sorted(by.items(), key=lambda item: item[1])))


def figures(row: Coverage) -> tuple[int, int, int, int]:
    """Announced, first, alone, missed."""
    return row.announced, row.first, row.alone, len(row.missed)


def test_who_was_first_and_who_missed_what() -> None:
    """Each entry has one source that was first; those that had their chance and lack it missed it."""
    both, one = found({"all": 2_000, "world": 2_500}), found({"all": 3_000}, "https://lantern.example/2")
    world, everything = coverage([WORLD, ALL], [both, one])
    assert figures(world) == (1, 0, 0, 1)
    assert world.missed == [one]
    assert world.behind_ms == 500
    assert figures(everything) == (2, 2, 1, 0)
    assert everything.behind_ms is None


def test_who_was_not_there_missed_nothing() -> None:
    """A source added later, one not polled since, one never looked at."""
    entry = found({"all": 5_000})
    absent = [replace(WORLD, looked_ms=6_000), replace(WORLD, polled_ms=4_000), replace(WORLD, looked_ms=0)]
    for one in absent:
        assert figures(coverage([one, ALL], [entry])[0]) == (0, 0, 0, 0)


def test_twins_are_not_compared() -> None:
    """A source that is the same as another is not polled: it misses nothing."""
    rows = coverage([source("world", twin="all"), ALL], [found({"all": 5_000})])
    assert [row.source.id for row in rows] == ["all"]


def test_what_the_store_keeps_is_read() -> None:
    """The URL, then a source and a time a line."""
    (entry,) = read_found(["https://lantern.example/a b\nall 2000\nworld 2500"])
    assert entry == Found("https://lantern.example/a b", {"all": 2000, "world": 2500})
    assert (entry.first, entry.first_ms) == ("all", 2000)


@given(st.lists(st.dictionaries(st.sampled_from(["world", "all"]), st.integers(2_000, 50_000), min_size=1)))
def test_the_figures_add_up(entries: list[dict[str, int]]) -> None:
    """Of sources that were there all the time, each announced or missed every entry, and one was first."""
    rows = coverage([WORLD, ALL], [found(by) for by in entries])
    assert all(row.announced + len(row.missed) == len(entries) for row in rows)
    assert sum(row.first for row in rows) == len(entries)
    assert all(row.alone <= row.first <= row.announced for row in rows)
