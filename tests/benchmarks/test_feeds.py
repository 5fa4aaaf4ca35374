"""The benchmark of feeds notices what is lost. No test judges speed."""

import random
from dataclasses import replace

from benchmarks.feed_samples import SHAPES, Sample, newsroom
from benchmarks.feeds import Row, measure, report


def test_nothing_is_lost() -> None:
    """Every shape, small, and the newsroom: each entry, link, title, id and date is found by both."""
    samples = [make(shape, 3, random.Random(1)) for shape, make in SHAPES.items()]
    rows = measure([*samples, next(newsroom())], rounds=1)
    assert [row.lost for row in rows] == [[] for _ in rows]
    assert sum(row.misread for row in rows) == 3, "feedparser takes CET and MSK for UTC"
    assert all(row.fast == row.feeds for row in rows)


def test_what_is_lost_is_told() -> None:
    """A date that is not the one that was meant breaks the promise."""
    sample: Sample = SHAPES["RSS 2.0, short"]("RSS", 3, random.Random(1))
    (row,) = measure([replace(sample, dates=sample.dates[::-1])], rounds=1)
    assert len(row.lost) == 2
    assert "date" in row.lost[0]
    assert report([row]).endswith("BROKEN.")


def test_the_verdict() -> None:
    """Five times as fast is promised."""
    assert report([Row("RSS", feeds=1, theirs_s=5.0, ours_s=1.0)]).endswith("kept.")
    assert report([Row("RSS", feeds=1, theirs_s=4.9, ours_s=1.0)]).endswith("BROKEN.")
