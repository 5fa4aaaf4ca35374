"""The benchmark of the store's memory does its work on a small store. No test weighs anything."""

import asyncio

from benchmarks.bounds import PER_SOURCE, PER_STORY, Part, Weight, measure, measure_unmatched, report
from benchmarks.server import Server


def test_everything_of_an_article_is_in_the_store() -> None:
    """Filled twice, it holds as many of each sort as a crawl and its desk leave behind."""
    with Server() as server:
        first, second = asyncio.run(measure(server, [100, 300]))
        announced = server.client.hget("storywatch:counts", "announced")
        assert server.client.hget("storywatch:counts", "outcome:published") == announced == "300"
    assert (first.articles, second.articles) == (100, 300)
    counts = {part.title: part.count for part in second.parts}
    assert [counts[title] for title in ("seen entry", "event in the stream", "event of a story")] == [300, 300, 300]
    assert counts["source"] == 300 // PER_SOURCE
    assert counts["story"] == 34 + 200 // PER_STORY + 1, "a fill ends with a story of what is left"
    assert 0.10 < counts["recheck"] / 300 < 0.20, "4 days and 5 hours of 30"
    assert 0.40 < counts["features"] / 300 < 0.54, "14 days of 30"
    assert all(part.total_bytes > 0 for part in second.parts if part.title != "all else")
    assert second.used_bytes > first.used_bytes > 0


def test_the_text_of_each_unmatched_article_is_weighed() -> None:
    """No more and no less than is kept of it."""
    with Server() as server:
        part = asyncio.run(measure_unmatched(server, 300))
        assert server.client.hget("storywatch:counts", "outcome:unmatched") == "300"
    assert part.count == 300
    assert part.total_bytes > 0


def test_the_report_says_whether_memory_is_linear() -> None:
    """The bytes an article at the largest size, by those at the smallest."""
    small = Weight(10, 10_000, 20_000, [Part("story", 3, 5_000)])
    large = Weight(1_000, 1_500_000, 2_000_000, [Part("story", 300, 600_000)])
    assert report([small, small]).endswith("1.00, linear.")
    lines = report([small, large]).splitlines()
    assert lines[-1].endswith("1.50, NOT LINEAR.")
    assert lines[-2].split() == ["story", "300", "2,000", "1", "40.0%"]
