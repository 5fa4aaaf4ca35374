"""When a source publishes, and when the next look at it is worth a request."""

import math
import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.polling.rhythm import PRICE, Rhythm

MINUTE, HOUR, DAY = 60, 3_600, 86_400
MONDAY = 1_795_392_000  # 2026-11-23T00:00:00Z
LEAST, MOST = 60, 4 * HOUR


def steady(gap: float, *, days: float = 28) -> list[float]:
    """Times at even gaps, up to Monday."""
    return [MONDAY - 1 - gap * number for number in range(int(days * DAY / gap))]


def wait(rhythm: Rhythm, *, least: float = LEAST) -> float:
    """Seconds until the next look."""
    return rhythm.outlook(least=least, most=MOST).wait


def daily(rhythm: Rhythm) -> float:
    """Entries a day at a rate as now."""
    return rhythm.outlook(least=LEAST, most=MOST).daily


def polled(times: Sequence[float], polls: Sequence[float], *, start: float) -> Rhythm:
    """What polls at these times learn of entries at those."""
    rhythm = Rhythm.begin(start)
    for before, now in zip([start, *polls], polls, strict=False):
        rhythm = rhythm.after([time for time in times if before < time <= now], now)
    return rhythm


@pytest.mark.parametrize("gap_minutes", [7, 30, 60])
def test_a_steady_rate_is_polled_by_the_root(gap_minutes: int) -> None:
    """sqrt(2 price / rate), from the dates of one answer alone."""
    rhythm = Rhythm.begin(MONDAY, steady(gap_minutes * MINUTE, days=7))
    expected = math.sqrt(2 * PRICE * gap_minutes) * MINUTE
    assert wait(rhythm) == pytest.approx(expected, rel=0.1)
    assert daily(rhythm) == pytest.approx(DAY / MINUTE / gap_minutes, rel=0.1)


def test_a_pinned_entry_does_not_hide_the_rate() -> None:
    """The oldest quarter of a first answer is not asked: it may be years old."""
    times = steady(30 * MINUTE, days=0.5)
    rate = daily(Rhythm.begin(MONDAY, times))
    assert daily(Rhythm.begin(MONDAY, [*times, MONDAY - 20 * DAY, 0.0])) == pytest.approx(rate, rel=0.2)


def test_the_hours_of_a_day_are_learned() -> None:
    """Who publishes from six to nine is asked often then, and rarely at noon."""
    times = [
        day + 6 * HOUR + place * 9 * MINUTE for day in range(MONDAY - 21 * DAY, MONDAY, DAY) for place in range(20)
    ]
    rhythm = polled(times, range(MONDAY - 21 * DAY, MONDAY + 1, HOUR), start=MONDAY - 21 * DAY)
    at_dawn = rhythm.after([], MONDAY + 6 * HOUR + 60)
    at_noon = rhythm.after([], MONDAY + 12 * HOUR)
    assert wait(at_dawn) < 15 * MINUTE
    assert wait(at_noon) > HOUR


def test_a_wait_ends_where_the_busy_hours_begin() -> None:
    """At five the wait is not that of a night: it looks ahead."""
    times = [day + 6 * HOUR + place * MINUTE for day in range(MONDAY - 21 * DAY, MONDAY, DAY) for place in range(60)]
    rhythm = polled(times, range(MONDAY - 21 * DAY, MONDAY + 1, HOUR), start=MONDAY - 21 * DAY)
    at_five = rhythm.after([], MONDAY + 5 * HOUR)
    assert 50 * MINUTE < wait(at_five) < 70 * MINUTE


def test_the_days_of_a_week_are_learned() -> None:
    """Who is silent at weekends is asked more rarely then."""
    days = [day for day in range(MONDAY - 28 * DAY, MONDAY, DAY) if (day - MONDAY) // DAY % 7 < 5]
    times = [day + hour * HOUR for day in days for hour in range(24)]
    rhythm = polled(times, range(MONDAY - 28 * DAY, MONDAY + 1, HOUR), start=MONDAY - 28 * DAY)
    monday, saturday = rhythm.after([], MONDAY + 600), rhythm.after([], MONDAY - 2 * DAY + 7 * DAY)
    assert wait(saturday) > 1.5 * wait(monday)


def test_a_burst_brings_the_next_look_nearer_and_passes() -> None:
    """A live event is felt with the first poll, and forgotten within hours."""
    calm = Rhythm.begin(MONDAY, steady(HOUR))
    burst = calm.after([MONDAY + MINUTE * number for number in range(1, 20)], MONDAY + 20 * MINUTE)
    silent = calm.after([], MONDAY + 20 * MINUTE)
    assert wait(burst) < wait(silent) / 2
    later, silent = burst.after([], MONDAY + 6 * HOUR), silent.after([], MONDAY + 6 * HOUR)
    assert wait(later) > 0.8 * wait(silent)


def test_a_source_that_never_spoke_is_asked_ever_more_rarely() -> None:
    """From minutes at first to the longest interval."""
    rhythm, waits = Rhythm.begin(MONDAY), []
    for _ in range(60):
        waits.append(wait(rhythm, least=15 * MINUTE))
        rhythm = rhythm.after([], rhythm.until + waits[-1])
    assert waits[0] == 15 * MINUTE
    assert waits == sorted(waits)
    assert waits[-1] == MOST


@given(
    polls=st.lists(st.integers(1, 21 * DAY), unique=True, max_size=20),
    times=st.lists(st.integers(1, 21 * DAY), max_size=60),
)
def test_p25_late_and_early_polls_learn_the_same(polls: list[int], times: list[int]) -> None:
    """However the looks fall, the same entries at the same times teach the same rate."""
    end = 21 * DAY
    entries = [MONDAY + time for time in times]
    at_once = polled(entries, [MONDAY + end], start=MONDAY)
    by_polls = polled(entries, [MONDAY + poll for poll in sorted({*polls, end})], start=MONDAY)
    for one, other in [*zip(at_once.hours, by_polls.hours, strict=True), (at_once.came, by_polls.came)]:
        assert one == pytest.approx(other, rel=1e-6, abs=1e-9)
    assert at_once.weekdays == pytest.approx(by_polls.weekdays, rel=1e-6, abs=1e-9)


def test_what_is_written_can_be_read_in_under_250_characters() -> None:
    """ASCII; read again it waits the same."""
    rhythm = Rhythm.begin(MONDAY, steady(7 * MINUTE)).after([MONDAY + 60.0], MONDAY + 90)
    text = rhythm.text()
    again = Rhythm.read(text)
    assert again
    assert text.isascii()
    assert len(text) < 250
    assert again.text() == text
    assert wait(again) == pytest.approx(wait(rhythm), rel=1e-4)


@st.composite
def rhythms(draw: st.DrawFn) -> Rhythm:
    """Any rhythm whose text can be read, likely or not."""
    amounts = st.floats(0, 1e9)
    start = draw(st.integers(0, 2**32 - 1))
    until = draw(st.integers(start, 2**32 - 1))
    hours = draw(st.lists(amounts, min_size=24, max_size=24))
    days = draw(st.lists(amounts, min_size=7, max_size=7))
    return Rhythm(start, until, draw(amounts), draw(amounts), tuple(hours), tuple(days))


@given(rhythms(), st.integers(0, 10 * DAY), st.integers(0, 10 * DAY), st.floats(0.01, 1e6), st.floats(1, 100))
def test_a_wait_lies_between_the_bounds_and_grows_with_the_price(
    rhythm: Rhythm, least: int, more: int, price: float, factor: float
) -> None:
    """Whatever is known, or seems to be."""
    read = Rhythm.read(rhythm.text())
    assert read
    most = least + more
    seconds = read.outlook(least=least, most=most, price=price).wait
    assert least <= seconds <= most
    assert seconds <= read.outlook(least=least, most=most, price=price * factor).wait + 1e-3


@given(rhythms(), st.lists(st.floats(-1e18, 1e18), max_size=5), st.floats(-1e18, 1e18))
def test_no_time_is_too_odd_to_learn_from(rhythm: Rhythm, times: list[float], now: float) -> None:
    """Clocks that go back, and dates beyond all time: what is learned can be written and read."""
    assert Rhythm.read(rhythm.after(times, now).text())
    assert Rhythm.read(Rhythm.begin(now, times).text())


@given(st.text() | st.binary().map(lambda raw: raw.decode("latin-1")))
def test_what_is_no_rhythm_is_nothing_known(text: str) -> None:
    """Never an error; and never half of it."""
    known = Rhythm.read(text)
    assert known is None or known.text() == text


def test_damaged_rhythms_are_nothing_known() -> None:
    """A version to come, a cut, numbers that cannot be."""
    rhythm = Rhythm.begin(MONDAY, steady(HOUR))
    text = rhythm.text()
    broken = [replace(rhythm, came=bad).text() for bad in (math.nan, math.inf, -1.0)]
    broken += ["", "1", "2" + text[1:], text[:-4], text + "AAAA", replace(rhythm, start=rhythm.until + 1).text()]
    assert [Rhythm.read(bad) for bad in broken] == [None] * len(broken)


def test_one_price_shares_requests_best() -> None:
    """Two sources, one ten times as busy: any other share of the same requests makes entries wait longer in sum."""
    rng = random.Random(1)
    rates = [1 / 60, 1 / 600]  # a minute
    waits = [wait(Rhythm.begin(MONDAY, steady(MINUTE / rate))) / MINUTE for rate in rates]
    requests = sum(1 / wait for wait in waits)
    delay = sum(rate * wait / 2 for rate, wait in zip(rates, waits, strict=True))
    for _ in range(20):
        share = rng.uniform(0.02, 0.98) * requests
        others = [1 / share, 1 / (requests - share)]
        assert delay <= 1.03 * sum(rate * wait / 2 for rate, wait in zip(rates, others, strict=True))
