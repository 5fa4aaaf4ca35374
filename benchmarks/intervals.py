"""How soon is an entry discovered, and at how many requests? `python -m benchmarks.intervals`.

200 invented sources publish for two weeks, the same for every contestant. The first week is for learning, the second
counts. Ours are the functions that the crawl itself uses, with a floor of a minute; the others' rules are written down
here from their sources, and get what favours them: no failures, no queue, a clock that is on time to the second.

Miniflux (internal/model/feed.go, entry_frequency with its defaults): a week by the entries dated in the last week,
between 5 minutes and 24 hours. Media Cloud (rss-fetcher, fetcher/tasks.py and config.py, with their defaults): begins
with 6 hours; 10 minutes more where two thirds or more of a poll's entries were known (an hour more, where none came
for a month); an hour less where under one third was, from above 6 hours at once to these.
"""

import argparse
import math
import random
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import accumulate
from statistics import mean, median, quantiles

from crawler.discovery.polling import after_not_modified, after_success
from crawler.news.entry import Entry
from crawler.news.source import SourceState

BEGIN_S = 1_795_262_400  # a Saturday, noon UTC
DAY_S, WEEK_S = 86_400, 604_800
LEARNING_S, MEASURED_S = WEEK_S, WEEK_S
FIXED_S = 900
FLOOR_S, LONGEST_S = 60, 4 * 3600
PROMISED = 0.5  # of the median delay with a fixed interval of 15 minutes

# Entries an hour of a day, as shares: a newsroom's day, one that brings the paper's pages at dawn, and round the clock.
OFFICE = (1, 1, 1, 1, 1, 2, 4, 6, 8, 9, 9, 9, 8, 8, 8, 8, 8, 8, 7, 6, 5, 4, 3, 2)
DAWN = (1, 1, 1, 2, 14, 24, 14, 8, 6, 5, 5, 5, 4, 4, 4, 4, 4, 5, 4, 3, 3, 2, 2, 1)
ALWAYS = (5, 5, 5, 4, 4, 5, 6, 7, 8, 9, 9, 9, 9, 9, 9, 9, 9, 8, 8, 7, 7, 6, 6, 5)
ZONES = (-8, -5, -5, -3, 0, 0, 1, 1, 1, 2, 3, 5, 8, 9)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of source.

    Attributes:
        share: of all sources.
        daily: entries on a working day, from the quietest to the busiest such source.
        hours: its day's shape. weekend: what Saturday and Sunday bring, by a working day.
        bursts: live events a day; each brings a dozen entries an hour, for some hours.
        followed: which part of the entries draws another one after it within the hour (Hawkes).
        weekly: it publishes on one day of the week only, most of it at once.
    """

    share: float
    daily: tuple[float, float]
    hours: Sequence[int]
    weekend: float = 0.6
    bursts: float = 0.0
    followed: float = 0.1
    weekly: bool = False


MIXTURES: dict[str, tuple[Kind, ...]] = {
    "mixed": (
        Kind(0.10, (200, 400), ALWAYS, 0.7, bursts=0.5, followed=0.3),  # agencies
        Kind(0.35, (40, 150), OFFICE, 0.5, bursts=0.3, followed=0.2),  # news sites
        Kind(0.20, (25, 80), DAWN, 0.6, bursts=0.1),  # dailies
        Kind(0.15, (4, 20), OFFICE, 0.3),  # local and special
        Kind(0.10, (1, 3), OFFICE, weekly=True),  # magazines
        Kind(0.10, (0.1, 1), OFFICE, 0.8),  # blogs
    ),
    "quiet": (
        Kind(0.02, (200, 400), ALWAYS, 0.7, bursts=0.5, followed=0.3),
        Kind(0.18, (30, 100), OFFICE, 0.5, bursts=0.2, followed=0.2),
        Kind(0.20, (4, 30), OFFICE, 0.4),
        Kind(0.20, (1, 3), OFFICE, weekly=True),
        Kind(0.40, (0.1, 2), OFFICE, 0.8),
    ),
    "busy": (
        Kind(0.30, (200, 600), ALWAYS, 0.8, bursts=1.0, followed=0.4),
        Kind(0.50, (60, 200), OFFICE, 0.6, bursts=0.5, followed=0.3),
        Kind(0.20, (20, 80), DAWN, 0.6, bursts=0.2),
    ),
    "even": (Kind(1.0, (30, 60), ALWAYS, 1.0, followed=0.0),),  # little to be learned: all alike, at any hour
}


@dataclass(frozen=True, slots=True)
class Press:
    """One source and all that it will publish: when each entry appears (seconds, ascending), and as what."""

    appears: list[float]
    entries: list[Entry]
    window: int
    validators: bool

    def seen(self, now: float) -> tuple[int, int]:
        """Return which entries the source announces now: from, and up to before."""
        end = bisect_right(self.appears, now)
        return max(0, end - self.window), end


def publish(kinds: Sequence[Kind], rng: random.Random, *, sources: int, length_s: float) -> list[Press]:
    """Return the sources of a mixture."""
    bounds = list(accumulate(kind.share for kind in kinds))
    return [
        _press(kinds[min(bisect_right(bounds, (number + 0.5) / sources), len(kinds) - 1)], number, rng, length_s)
        for number in range(sources)
    ]


def _press(kind: Kind, number: int, rng: random.Random, length_s: float) -> Press:
    history_s = 4 * WEEK_S  # what stands in its window when it is first polled
    appears = sorted(_times(kind, rng, BEGIN_S - history_s, BEGIN_S + length_s))
    dating = rng.choices(("true", "none", "earlier", "day"), (70, 15, 10, 5))[0]
    urls = (f"https://outlet-{number}.example/{place}" for place in range(len(appears)))
    entries = [_entry(url, time, dating, rng) for url, time in zip(urls, appears, strict=True)]
    return Press(appears, entries, window=rng.randint(10, 50), validators=rng.random() < 0.8)


def _entry(url: str, time: float, dating: str, rng: random.Random) -> Entry:
    if dating == "none":
        return Entry(url)
    date = {"true": time // 1, "earlier": time - rng.uniform(600, 3 * 3600), "day": time // DAY_S * DAY_S}[dating]
    return Entry(url, published=datetime.fromtimestamp(date, UTC))


def _times(kind: Kind, rng: random.Random, begin: float, end: float) -> Iterator[float]:
    """When entries appear: at the rate of the hour, in bursts, and each with others in its wake."""
    daily = math.exp(rng.uniform(*map(math.log, kind.daily)))
    zone, day_of_week = rng.choice(ZONES), rng.randrange(7)
    whole = sum(kind.hours)
    for hour_at in range(int(begin // 3600), int(end // 3600)):
        day, hour = divmod(hour_at + zone, 24)
        weekday = (day + 3) % 7
        rate = daily * kind.hours[hour] / whole
        if kind.weekly:
            rate = 7 * daily * (0.9 * (hour == 6) + 0.1 / 24) * (weekday == day_of_week)
        elif weekday > 4:
            rate *= kind.weekend
        yield from _followed((hour_at * 3600 + rng.uniform(0, 3600) for _ in range(_poisson(rate, rng))), kind, rng)
        if rng.random() < kind.bursts * kind.hours[hour] / whole:
            for _ in range(_poisson(12 * rng.uniform(1, 4), rng)):
                yield hour_at * 3600 + rng.uniform(0, 3 * 3600)


def _followed(times: Iterator[float], kind: Kind, rng: random.Random) -> Iterator[float]:
    for time in times:
        yield time
        while rng.random() < kind.followed:
            time += rng.expovariate(1 / 1200)
            yield time


def _poisson(expected: float, rng: random.Random) -> int:
    count, left = 0, rng.expovariate(1)
    while left < expected:
        count, left = count + 1, left + rng.expovariate(1)
    return count


# -- contestants: what a poll found, by source, to how long to wait (seconds)


@dataclass(frozen=True, slots=True)
class Found:
    """What a poll finds: the entries announced (from, up to before), and from which on they are new."""

    press: Press
    start: int
    new_from: int
    end: int
    now: float


Contestant = Callable[[], Callable[[Found], float]]


def fixed(seconds: float) -> Contestant:
    """The same interval for all, at any time."""
    return lambda: lambda _: seconds


def miniflux() -> Callable[[Found], float]:
    """A week by the number of entries of the last week that are known."""
    known: list[float] = []

    def wait(found: Found) -> float:
        new = found.press.entries[found.new_from : found.end]
        for entry in new:
            insort(known, entry.published.timestamp() if entry.published else found.now)
        weekly = len(known) - bisect_left(known, found.now - WEEK_S)
        minutes = round(7 * 24 * 60 / weekly) if weekly else 24 * 60
        return 60 * max(5, min(minutes, 24 * 60))

    return wait


def media_cloud() -> Callable[[Found], float]:
    """More or less by which part of the entries was known already."""
    minutes, polls, last_new = 360, 0, float(BEGIN_S)

    def wait(found: Found) -> float:
        nonlocal minutes, polls, last_new
        polls += 1
        new, total = found.end - found.new_from, found.end - found.start
        last_new = found.now if new else last_new
        known = (total - new) / total if new else 1.0
        if polls > 1 and known >= 0.67:
            is_dead = found.now - last_new > 31 * DAY_S and not new
            minutes = min(minutes + (60 if is_dead else 10), 24 * 60)
        elif polls > 1 and known < 0.33:
            minutes = 360 if minutes > 360 else max(minutes - 60, 10)
        return 60 * minutes

    return wait


def storywatch() -> Callable[[Found], float]:
    """Ours."""
    state = SourceState(
        "source", "Outlet", "feed", "https://outlet.example/feed", "outlet.example",
        every_ms=FLOOR_S * 1000, longest_ms=LONGEST_S * 1000, first_look_ms=DAY_S * 1000,
    )  # fmt: skip
    rng = random.Random(1)

    def wait(found: Found) -> float:
        nonlocal state
        now_ms = int(found.now * 1000)
        if found.new_from == found.end and found.press.validators:
            state = after_not_modified(state, headers={}, now_ms=now_ms, rng=rng)
        else:
            is_new = found.new_from < found.end
            state = after_success(
                state,
                headers={"ETag": '"1"'} if found.press.validators else {},
                body=b"",
                now_ms=now_ms,
                rng=rng,
                entries=found.press.entries[found.start : found.end] if is_new else None,
            )
        return (state.due_ms - now_ms) / 1000

    return wait


# -- the race


@dataclass(slots=True)
class Score:
    """What a contestant reached in the week that counts."""

    requests: int = 0
    missed: int = 0
    delays_s: list[float] = field(default_factory=list)


def race(presses: Sequence[Press], contestant: Contestant, rng: random.Random) -> Score:
    """Poll every source by the contestant's rule. First polls are spread over 15 minutes."""
    score = Score()
    for press in presses:
        _follow(press, contestant(), BEGIN_S + rng.uniform(0, FIXED_S), score)
    return score


def _follow(press: Press, wait: Callable[[Found], float], now: float, score: Score) -> None:
    begin, end = BEGIN_S + LEARNING_S, BEGIN_S + LEARNING_S + MEASURED_S
    counted = bisect_right(press.appears, begin), bisect_right(press.appears, end)
    known = 0
    while known < counted[1] or now < end:
        score.requests += begin <= now < end
        first, last = press.seen(now)
        new_from = max(known, first)
        lost = range(max(known, counted[0]), min(first, counted[1]))
        score.missed += len(lost)
        found = range(max(new_from, counted[0]), min(last, counted[1]))
        score.delays_s += [now - press.appears[place] for place in found]
        now += wait(Found(press, first, new_from, last, now))
        known = last


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.intervals", description=__doc__.partition("\n")[0])
    parser.add_argument("--mixture", choices=MIXTURES, default="mixed", help="which sources (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="(default: %(default)s)")
    parser.add_argument("--sources", type=int, default=200, help="(default: %(default)s)")
    options = parser.parse_args()
    print(run(options.mixture, seed=options.seed, sources=options.sources))


def run(mixture: str, *, seed: int, sources: int) -> str:
    """Let all race over one mixture; return the report."""
    rng = random.Random(seed)
    presses = publish(MIXTURES[mixture], rng, sources=sources, length_s=LEARNING_S + MEASURED_S + DAY_S)
    ours = race(presses, storywatch, random.Random(seed))
    same_s = MEASURED_S * sources / ours.requests
    contestants: dict[str, Contestant] = {
        "fixed 15 min": fixed(FIXED_S),
        "fixed, as often": fixed(same_s),
        "Miniflux": miniflux,
        "Media Cloud": media_cloud,
    }
    scores = {name: race(presses, contestant, random.Random(seed)) for name, contestant in contestants.items()}
    return report({"ours": ours, **scores}, title=f"{mixture}, seed {seed}, {sources} sources")


def report(scores: dict[str, Score], *, title: str) -> str:
    """Return a line a contestant, and whether what we promise holds."""
    lines = [
        f"{title}: {len(scores['ours'].delays_s) + scores['ours'].missed:,} entries in the week that counts",
        f"{'delay, minutes':<16}{'median':>8}{'mean':>8}{'p95':>8}{'requests':>12}{'missed':>8}",
    ]
    for name, score in scores.items():
        minutes = [delay / 60 for delay in score.delays_s]
        figures = f"{median(minutes):>8.2f}{mean(minutes):>8.2f}{quantiles(minutes, n=20)[-1]:>8.2f}"
        lines.append(f"{name:<16}{figures}{score.requests:>12,}{score.missed:>8,}")
    ours, fifteen, as_often = (scores[name] for name in ("ours", "fixed 15 min", "fixed, as often"))
    lines.append(f"By the median delay of a fixed interval that makes as many requests: {_ratio(ours, as_often):.2f}.")
    kept = _ratio(ours, fifteen) <= PROMISED and ours.requests <= fifteen.requests
    verdict = "kept" if kept else "BROKEN"
    lines.append(f"At most half the median delay of fixed 15 min at no more requests: {verdict}.")
    return "\n".join(lines)


def _ratio(ours: Score, theirs: Score) -> float:
    return median(ours.delays_s) / median(theirs.delays_s)


if __name__ == "__main__":
    main()
