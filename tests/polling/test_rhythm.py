"""Intervals that follow a source's rhythm."""

from dataclasses import replace
from datetime import timedelta
from statistics import median

from crawler.newsroom.messages import Reply
from tests.polling.replies import seconds, status
from tests.polling.scripted import (
    DAY,
    FRESH_FOR_A_DAY,
    HOUR,
    MINUTE,
    USUAL,
    Address,
    Ask,
    Played,
    about,
    every,
    publishing,
    source,
)


def waits_between(played: Played, address: Address, start: timedelta, end: timedelta) -> list[float]:
    """The waits that began between two ages of the clock (minutes)."""
    begun = zip(played.polls(address), played.waits(address), strict=False)  # the last poll has no wait yet
    return [wait / MINUTE for ask, wait in begun if start <= ask.age < end]


BUSY = every(20 * MINUTE, 0 * HOUR, 5 * HOUR)
BUSY_AGAIN = every(20 * MINUTE, 48 * HOUR, 53 * HOUR)
P23 = source("http://p23.example/feed.xml", after=publishing([-9 * DAY, *BUSY, *BUSY_AGAIN]))


def test_p23_the_interval_follows_the_news(played: Played) -> None:
    """The interval lengthens while nothing comes, and shortens when news come."""
    busy = waits_between(played, P23, 1 * HOUR, 5 * HOUR)
    silent = waits_between(played, P23, 24 * HOUR, 44 * HOUR)
    again = waits_between(played, P23, 50 * HOUR, 53 * HOUR)
    assert median(silent) >= 2 * median(busy)
    assert median(again) <= median(silent) / 2


PRESS = every(20 * MINUTE, -DAY, 6 * HOUR)
P24_NARROW = source("http://p24-narrow.example/feed.xml", after=publishing(PRESS, last=1), every='"1m"')
P24_WIDE = source("http://p24-wide.example/feed.xml", after=publishing(PRESS, last=10), every='"1m"')


def waits_after_news(played: Played, address: Address) -> list[float]:
    """The waits (minutes) after polls that found a story of PRESS, once three hours have taught its rhythm."""
    polls = played.polls(address)
    found = zip(polls, polls[1:], played.waits(address)[1:], strict=False)
    return [
        wait / MINUTE
        for before, ask, wait in found
        if any(before.age < age <= ask.age for age in PRESS) and 3 * HOUR < ask.age < 6 * HOUR
    ]


def test_p24_an_overflow_shortens_the_interval(played: Played) -> None:
    """Where next to nothing of the last poll is left, stories may have passed between: the next wait is shorter than
    after the same news in a feed that keeps some of the old, and the overflow is counted.
    """
    narrow, wide = waits_after_news(played, P24_NARROW), waits_after_news(played, P24_WIDE)
    assert median(narrow) <= 0.7 * median(wide)
    assert played.state(P24_NARROW).overflows >= len(narrow) >= 5
    assert played.state(P24_WIDE).overflows == 0
    assert played.says("source.overflow", P24_NARROW.url)
    assert not played.says("source.overflow", P24_WIDE.url)


steady = publishing(every(4 * HOUR, -10 * DAY, DAY))


def for_a_day(ask: Ask) -> Reply:
    """A story every four hours; after a day, silence."""
    reply = steady(ask)
    return reply if ask.age < DAY else replace(reply, headers={**reply.headers, "Cache-Control": FRESH_FOR_A_DAY})


def held_up(ask: Ask) -> Reply:
    """The same, but the server sends us away for hours now and then."""
    return status(503, retry_after=seconds(3 * HOUR)) if ask.age < DAY and ask.number % 4 == 0 else for_a_day(ask)


def hurrying(ask: Ask) -> Reply:
    """The same, but each third poll is followed by another at once."""
    if ask.age < DAY and ask.number % 3 == 0:
        ask.hasten(ask.url)
    return for_a_day(ask)


P25_PUNCTUAL = source("http://p25-punctual.example/feed.xml", after=for_a_day)
P25_LATE = source("http://p25-late.example/feed.xml", after=held_up)
P25_EARLY = source("http://p25-early.example/feed.xml", after=hurrying)


def test_p25_late_and_early_polls_teach_nothing(played: Played) -> None:
    """Of three sources with the same news, one is polled late now and then, and one early. What is learned of them is
    the same: so are the waits between.
    """
    waits = [waits_between(played, address, 6 * HOUR, DAY) for address in (P25_PUNCTUAL, P25_LATE, P25_EARLY)]
    assert len([wait for wait in waits[1] if wait >= 180]) >= 2
    assert len([wait for wait in waits[2] if wait < 15]) >= 5
    punctual, late, early = (median(wait for wait in own if 15 <= wait < 180) for own in waits)
    assert abs(late / punctual - 1) < 0.2
    assert abs(early / punctual - 1) < 0.2


P26 = source("http://p26.example/feed.xml", after=publishing([-20 * DAY, -15 * DAY, 30 * HOUR]))


def test_p26_a_silent_source_speaks(played: Played) -> None:
    """A source that was silent for days and speaks is polled at the shortest interval again, at once."""
    before = waits_between(played, P26, 24 * HOUR, 30 * HOUR)
    (first, *_) = waits_between(played, P26, 30 * HOUR, 40 * HOUR)
    assert min(before) > 2 * USUAL / MINUTE
    assert about(first * MINUTE, USUAL)
