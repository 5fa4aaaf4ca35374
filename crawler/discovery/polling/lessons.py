"""What an answer of a source teaches: which entries are new, when they were published, when the next look is worth it.

Requirements:
    Lessons are drawn from any source, dated or not, from one answer or from the parts of a sitemap index, and from
    silence. No claim of a source is believed that contradicts what was seen.

Theory of operation:
    If all entries that have a date are dated now, the source stamps them so: they are taken for undated.
    What is new, the sketch of the last answer tells. When it was published, its own date tells, if that lies
    between the last look and this one. A new entry without such a date (none, a bare midnight, one that was set back)
    came at any time between the looks: such entries are spread over it evenly.
    A first answer has no look before it. Its dates tell the rate at once; where they all have the same time of day,
    they are days, and their entries are spread over these. Of more entries than the sketch holds, a date of update
    does not tell: a sitemap may be written anew each day with all its pages dated today, and one such answer would
    look like thousands of entries a day for months.
    While the parts of an index come one after the other, `window` is "sketch of these|sketch of the last poll's".

Known exceptions:
    When an index was asked before this poll is not known when its parts are read: a learned interval ago, it is said.
    What passed unseen between two polls of a source whose window overflowed is not counted.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple

from crawler.discovery.polling.rhythm import Rhythm
from crawler.discovery.polling.window import News, date_of, is_exact, merged, news, numbered, overlap, sketch
from crawler.discovery.polling.wishes import span_text
from crawler.news.entry import Entry
from crawler.news.source import SourceState

_LEAST_OVERLAP = 1 / 3
_NO_VALIDATORS = 1.5  # times as long between polls that cost the server a whole answer each
_DAY = 86_400
_STAMPED = 60  # seconds before now in which every entry is dated where a source stamps them


class Lesson(NamedTuple):
    """What was learned, by the fields of `SourceState` that keep it."""

    window: str
    overflows: int
    rhythm: str
    newest_ms: int
    learned_ms: int
    why: str


def learn(state: SourceState, entries: Sequence[Entry], *, now_ms: int) -> Lesson:
    """Return what the entries of an answer teach; none at all: it was silent."""
    now = now_ms / 1000
    earlier, _, before = state.window.rpartition("|")
    found = numbered(_undated(entries) if _are_stamped(entries, now) else entries)
    announced = merged(earlier, sketch(found)) if found else earlier
    rhythm, spoke = _hear(state, found, earlier=earlier, before=before, announced=announced, now=now)
    is_over = "\n" not in state.trail
    share = overlap(before, announced) if announced and is_over else None
    overflowed = share is not None and share < _LEAST_OVERLAP
    learned_ms, why = _interval(state, rhythm, spoke=spoke, overflowed=overflowed)
    return Lesson(
        window=_window(state, announced, before) if is_over else f"{announced}|{before}",
        overflows=state.overflows + overflowed,
        rhythm=rhythm.text(),
        newest_ms=max(state.newest_ms, _newest_ms(entries, now_ms)),
        learned_ms=learned_ms,
        why=why,
    )


def _window(state: SourceState, announced: str, before: str) -> str:
    """Return what to compare the next answer with. Of parts that could not be read, what was known of them counts."""
    return merged(announced, before) if state.part_fault else announced or before


def _hear(
    state: SourceState, found: Mapping[int, Entry], *, earlier: str, before: str, announced: str, now: float
) -> tuple[Rhythm, bool]:
    """Return the rhythm with these entries, and whether there is news among them.

    Args:
        found: entries by their hashes.
        earlier: what earlier parts of the same poll announced; `announced`: the same with these. before: what the last
            poll found. Sketches, or "".
    """
    known = Rhythm.read(state.rhythm)
    if known and before:
        since = max(known.start, known.until - (state.learned_ms / 1000 if state.trail else 0))
        fresh = news(before, found, since=datetime.fromtimestamp(since, UTC))
        times = _times(fresh, since=since, now=now)
        return known.after(times, now), bool(times)
    times = _first_times(found.values(), now, is_sample=not is_exact(announced))
    if known is None or (found and not earlier):
        return Rhythm.begin(now, times), False
    return known.after([time for time in times if time > known.start], now), False  # silence, or a further part


def _interval(state: SourceState, rhythm: Rhythm, *, spoke: bool, overflowed: bool) -> tuple[int, str]:
    """Return the interval that all this suggests, and why."""
    least, most = state.every_ms, max(state.every_ms, state.longest_ms)
    if spoke and state.learned_ms >= most > least:
        return least, "it speaks after a silence"
    outlook = rhythm.outlook(least=least / 1000, most=most / 1000)
    wait, why = int(outlook.wait * 1000), f"learned: some {_rough(outlook.daily)} entries a day at this time"
    if not any(rhythm.hours):
        why = "nothing is known of its rhythm yet"
    if wait <= least:
        why = f"{why}, and it may be asked every {span_text(least)}"
    elif wait >= most:
        why = f"{why}, and {span_text(most)} is the longest interval"
    if not (state.etag or state.last_modified):
        wait, why = int(wait * _NO_VALIDATORS), f"{why}; longer because its server sends no validators"
    if overflowed:
        wait, why = min(wait, state.learned_ms // 2), "it announced more than its window holds"
    return min(max(wait, least), most), why


def _times(fresh: News, *, since: float, now: float) -> list[float]:
    """Return when new entries were published, as far as can be told: seconds since 1970."""
    dates = [_seconds(date_of(entry)) for entry in fresh.entries]
    told = [time for time in dates if time is not None and since < time <= now and time % _DAY]
    untold = fresh.more + len(dates) - len(told)
    return told + [since + (now - since) * (place + 0.5) / untold for place in range(untold)]


def _first_times(entries: Collection[Entry], now: float, *, is_sample: bool) -> list[float]:
    """Return when the entries of a first answer were published; none, if their dates do not tell.

    Args:
        is_sample: they are more than the sketch holds.
    """
    dates = (_seconds(entry.published if is_sample else date_of(entry)) for entry in entries)
    times = [time for time in dates if time is not None]
    if len(set(times)) < 2:
        return []
    if len({time % _DAY for time in times}) == 1:
        return [min(time + _DAY * (place + 0.5) / len(times), now) for place, time in enumerate(times)]
    return times


def _are_stamped(entries: Sequence[Entry], now: float) -> bool:
    dates = [date for date in map(date_of, entries) if date]
    return len(dates) > 1 and all(abs(now - date.timestamp()) < _STAMPED for date in dates)


def _undated(entries: Sequence[Entry]) -> list[Entry]:
    return [replace(entry, published=None, updated=None) for entry in entries]


def _seconds(date: datetime | None) -> float | None:
    return date.timestamp() if date else None


def _newest_ms(entries: Sequence[Entry], now_ms: int) -> int:
    """Return the youngest date of publication; one ahead of now is not the youngest, but wrong."""
    dates = (int(entry.published.timestamp() * 1000) for entry in entries if entry.published)
    return max((date for date in dates if date <= now_ms), default=0)


def _rough(number: float) -> str:
    """Return a whole number, or one figure of what is below one: it is an estimate anyway."""
    return f"{number:.0f}" if number >= 1 else f"{number:.1g}"
