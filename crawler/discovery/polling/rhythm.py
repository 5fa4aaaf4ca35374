"""When a source publishes, learned from what it announced: how long to wait until the next look is worth a request.

Requirements:
    The least delay from publication to discovery that a given number of requests can buy. A source that is silent
    costs little, one that wakes up is noticed; a new one is judged by the dates of its first answer. How late or early
    a poll comes changes nothing of what is learned. What is kept is ASCII of 189 characters; whatever else stands
    there counts as nothing known, and is never an error.

Theory of operation:
    A request has a price in entry-minutes of waiting. If entries come at the rate r(s), those that come until t will
    have waited for the integral of r(s) (t - s) ds by then; the poll is due when that reaches the price. For a steady
    rate this is sqrt(2 price / r), which shares requests among sources so that the sum of all waits is least; and one
    price for all of them is what makes it so.
    r(s) is the usual rate at that hour of the day and on that weekday (UTC), times how busy the source is now.
    *Usual* are entries by time observed, both fading with a half-life of two weeks. Little is known of a single hour or
    weekday: each is drawn towards the whole by some entries of it. The time observed needs no memory: it runs from
    `start` to `until`, whatever the polls were.
    *Busy* is what came by what was expected, over about the last hour, drawn towards one (a Gamma prior). It fades in
    the same time when looking ahead.
    A source that never spoke is taken for one that spoke half a time, and is so asked ever more rarely.

Known exceptions:
    Hours are UTC: a summer time shifts a rhythm by an hour, and two weeks pass before that is learned.
    A weekday is taken to have the hours of all others.

Times are seconds since 1970 within this module, rates entries a minute.
"""

import base64
import math
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

# Measured by benchmarks/intervals.py on 200 sources of all kinds, floor 1 min, four seeds: at this price they are asked
# 93 to 96 % as often as every 15 min, and the median delay is 3.3 to 3.6 min instead of 7.5.
PRICE = 3.3  # entry-minutes a request

# The same benchmark hardly tells values of half or twice the following apart: mean delay times requests, by which they
# were compared, moves by 4 % at most. Without hours, weekdays and bursts altogether it is 13 to 17 % more.
_FADE = 0.5 ** (1 / 14)  # of what was learned, a day
_BUSY_MINUTES = 60.0  # half-life
_BUSY_PRIOR = 1.0  # entries that stand for "as usual"
_HOUR_PRIOR = 2.0  # entries that stand for "this hour is like any other"
_DAY_PRIOR = 10.0  # the same of a weekday
_NEVER, _NEVER_MINUTES = 0.5, 10.0  # entries that stand for none, and the least time that they stand for
_MOST_DAYS = 56  # after that what was learned has faded to a sixteenth
_STEP = 1800  # seconds for which a rate is taken to be steady

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_EPOCH_DAY = 3  # 1970 began on a Thursday; Monday is 0
_LAST = 2**32 - 1
_VERSION = "1"
_LAYOUT = struct.Struct(">IIff24f7f")
_MOST_ENTRIES = 1e9


class Outlook(NamedTuple):
    """How long to wait (seconds), and how many entries a day come at a rate as now."""

    wait: float
    daily: float


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What is known of a source's rhythm.

    Attributes:
        start, until: the time observed.
        came, expected: entries in about the last hour, and how many were expected; fading.
        hours, weekdays: entries by hour of the day and by weekday (UTC; Monday is 0), fading.
    """

    start: int
    until: int
    came: float = 0.0
    expected: float = 0.0
    hours: tuple[float, ...] = (0.0,) * 24
    weekdays: tuple[float, ...] = (0.0,) * 7

    @classmethod
    def begin(cls, now: float, times: Sequence[float] = ()) -> "Rhythm":
        """Return what a first answer tells, which announces entries of these times.

        A feed's oldest entries may be years old (one that is pinned, a blog's archive): the youngest three quarters
        and the time from the oldest of those tell the rate.
        """
        young = sorted(time for time in times if now - _MOST_DAYS * _DAY < time <= now)
        young = young[len(young) // 4 :]
        start = _clamp(young.pop(0) if young else now)
        first = cls(start, start).after(young, now)
        return replace(first, expected=first.came)  # as busy as usual: nothing else was expected

    @classmethod
    def read(cls, text: str) -> "Rhythm | None":
        """Return what `text` wrote, or None where the string is anything else."""
        try:
            values = _LAYOUT.unpack(base64.b64decode(text[1:], validate=True))
        except (ValueError, struct.error):  # binascii's error is a ValueError
            return None
        start, until, came, expected, *counts = values
        is_sane = text[0] == _VERSION and start <= until and all(0 <= count <= _MOST_ENTRIES for count in values[2:])
        return cls(start, until, came, expected, tuple(counts[:24]), tuple(counts[24:])) if is_sane else None

    def text(self) -> str:
        """Return it in short."""
        raw = _LAYOUT.pack(self.start, self.until, self.came, self.expected, *self.hours, *self.weekdays)
        return _VERSION + base64.b64encode(raw).decode("ascii")

    def after(self, times: Sequence[float], now: float) -> "Rhythm":
        """Return what is known when it was observed until now, and entries of these times were new."""
        now = max(self.until, _clamp(now))
        faded = _FADE ** (now // _DAY - self.until // _DAY)
        hours, weekdays = [count * faded for count in self.hours], [count * faded for count in self.weekdays]
        came = self.came * _calmed(now - self.until)
        for time in (min(max(time, self.start), now) for time in times):
            weight = _FADE ** (now // _DAY - time // _DAY)
            hours[int(time // _HOUR) % 24] += weight
            weekdays[_weekday(time)] += weight
            came += _calmed(now - time)
        return replace(
            self,
            until=now,
            came=min(came, _MOST_ENTRIES),
            expected=min(self.expected * _calmed(now - self.until) + self._expected_until(now), _MOST_ENTRIES),
            hours=tuple(min(count, _MOST_ENTRIES) for count in hours),
            weekdays=tuple(min(count, _MOST_ENTRIES) for count in weekdays),
        )

    def outlook(self, *, least: float, most: float, price: float = PRICE) -> Outlook:
        """Return how long after the last look the next is worth its price, and the rate now.

        Args:
            least, most: bounds of the wait, seconds.
            price: entry-minutes.
        """
        usual, busy = _Usual(self), self._busy()
        daily = usual.rate(self.until) * busy * _DAY / _MINUTE
        entries = waiting = 0.0  # entries unseen so far, and the minutes that they waited
        for start, end in _steps(self.until, self.until + most):
            rate = usual.rate(start) * (1 + (busy - 1) * _calmed((start + end) / 2 - self.until))
            minutes = (end - start) / _MINUTE
            later = waiting + entries * minutes + rate * minutes**2 / 2
            if later >= price:
                root = math.sqrt(entries**2 + 2 * rate * (price - waiting))
                wait = start - self.until + _MINUTE * (root - entries) / rate
                return Outlook(min(max(wait, least), most), daily)
            entries, waiting = entries + rate * minutes, later
        return Outlook(most, daily)

    def _busy(self) -> float:
        return (self.came + _BUSY_PRIOR) / (self.expected + _BUSY_PRIOR)

    def _expected_until(self, now: int) -> float:
        """Return how many entries were to be expected since the last look; of long silences the end alone matters."""
        usual = _Usual(self)
        begin = max(self.until, now - 6 * _BUSY_MINUTES * _MINUTE)
        return sum(
            usual.rate(start) * (end - start) / _MINUTE * _calmed(now - (start + end) / 2)
            for start, end in _steps(begin, now)
        )


class _Usual:
    """The usual rate of a source by hour and weekday."""

    def __init__(self, known: Rhythm) -> None:
        self._known = known
        self._day = known.until // _DAY
        self._days = min(self._day - known.start // _DAY, _MOST_DAYS)  # since the first one
        self._whole_days = (_FADE - _FADE**self._days) / (1 - _FADE) if self._days else 0.0  # all but first and last
        self._mean = max(sum(known.hours), _NEVER) / max(self._observed(0, _DAY), _NEVER_MINUTES)

    def rate(self, time: float) -> float:
        """Return the entries a minute that are usual at this time."""
        known, hour, weekday = self._known, int(time // _HOUR) % 24, _weekday(time)
        rate = (known.hours[hour] + _HOUR_PRIOR) / (self._observed(hour * _HOUR, _HOUR) + _HOUR_PRIOR / self._mean)
        ages = range((_weekday(known.until) - weekday) % 7, self._days + 1, 7)
        expected = self._mean * sum(self._minutes(age, 0, _DAY) for age in ages)
        return rate * (known.weekdays[weekday] + _DAY_PRIOR) / (expected + _DAY_PRIOR)

    def _observed(self, offset: int, length: int) -> float:
        """Return how long the same span of every day was observed: minutes, faded."""
        first = self._minutes(self._days, offset, length) if self._days else 0.0
        return first + self._whole_days * length / _MINUTE + self._minutes(0, offset, length)

    def _minutes(self, age: int, offset: int, length: int) -> float:
        """Return the same of one day, `age` days before the last."""
        start = (self._day - age) * _DAY + offset
        seen = min(start + length, self._known.until) - max(start, self._known.start)
        return _FADE**age * max(seen, 0) / _MINUTE


def _steps(start: float, end: float) -> Iterator[tuple[float, float]]:
    """Cut a span at full and half hours."""
    while start < end:
        next_start = min((start // _STEP + 1) * _STEP, end)
        yield start, next_start
        start = next_start


def _calmed(seconds: float) -> float:
    """Return how much of a burst is left after so long."""
    return float(0.5 ** (seconds / _MINUTE / _BUSY_MINUTES))


def _weekday(time: float) -> int:
    return int(time // _DAY + _EPOCH_DAY) % 7


def _clamp(time: float) -> int:
    return int(min(max(time, 0), _LAST))
