"""The benchmark of learned intervals does its work on a few sources. No test measures delays."""

import random

import pytest

from benchmarks.intervals import (
    BEGIN_S,
    FIXED_S,
    MIXTURES,
    WEEK_S,
    Contestant,
    Found,
    Press,
    Score,
    fixed,
    media_cloud,
    miniflux,
    publish,
    race,
    report,
    run,
    storywatch,
)
from crawler.news.entry import Entry

SECONDS = [BEGIN_S + WEEK_S + 600.0 * number for number in range(1, 1_001)]
STEADY = Press(SECONDS, [Entry(f"https://steady.example/{at}") for at in range(1_000)], window=10, validators=True)


@pytest.mark.parametrize("contestant", [fixed(FIXED_S), miniflux, media_cloud, storywatch])
def test_every_entry_of_the_week_is_found_or_missed(contestant: Contestant) -> None:
    """Each once, whoever polls; none before it appears."""
    score = race([STEADY], contestant, random.Random(1))
    assert len(score.delays_s) + score.missed == len(SECONDS)
    assert min(score.delays_s) >= 0
    assert score.requests > 0


def test_rules_of_others() -> None:
    """Miniflux: a week by its entries. Media Cloud: longer by 10 minutes from the second poll without news on."""
    wait = miniflux()
    assert wait(Found(STEADY, 0, 0, 10, SECONDS[9])) == 7 * 24 * 60 / 10 * 60
    assert wait(Found(STEADY, 990, 10, 1_000, SECONDS[999])) == 600
    wait = media_cloud()
    news, silence = Found(STEADY, 0, 0, 10, SECONDS[9]), Found(STEADY, 0, 10, 10, SECONDS[10])
    assert [wait(found) / 60 for found in (news, silence, silence, news, news)] == [360, 370, 380, 360, 300]


def test_mixtures_are_what_they_say() -> None:
    """The same seed makes the same press; sources differ in how much they publish."""
    presses, again = (publish(MIXTURES["mixed"], random.Random(1), sources=20, length_s=WEEK_S) for _ in range(2))
    assert [press.appears for press in presses] == [press.appears for press in again]
    counts = sorted(len(press.appears) for press in presses)
    assert counts[0] * 20 < counts[-1]
    assert all(press.appears == sorted(press.appears) for press in presses)


def test_the_report_has_a_verdict() -> None:
    """A line for each, and whether the promise holds."""
    lines = run("quiet", seed=1, sources=5).splitlines()
    assert [line[:16].strip() for line in lines[2:-2]] == [
        "ours",
        "fixed 15 min",
        "fixed, as often",
        "Miniflux",
        "Media Cloud",
    ]
    fast, slow = Score(10, 0, [60.0, 120.0]), Score(11, 0, [600.0, 900.0])
    kept = report({"ours": fast, "fixed 15 min": slow, "fixed, as often": fast}, title="").splitlines()
    assert kept[-2].endswith(" 1.00.")
    assert kept[-1].endswith("kept.")
    assert report({"ours": slow, "fixed 15 min": fast, "fixed, as often": slow}, title="").endswith("BROKEN.")
