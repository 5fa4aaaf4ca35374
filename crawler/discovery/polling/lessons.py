"""What an answer of a source teaches: which entries are new, when they were published, when the next look is worth it.

Requirements:
    Lessons are drawn from any source, dated or not, from one answer or from the parts of a sitemap index, and from
    silence. No claim of a source is believed that contradicts what was seen.

Theory of operation:
    What is new, the sketch of the last answer tells. When it was published, its own date tells, if that lies
    between the last look and this one. A new entry without such a date (none, a bare midnight, one that was set back)
    came at any time between the looks: such entries are spread over it evenly. If all entries are dated now, the feed
    stamps them so, and no date tells. What is dated over a week before the last look is an archive, not news.
    A first answer has no look before it. Its dates tell the rate at once; where they all have the same time of day,
    they are days, and their entries are spread over these.
    While the parts of an index come one after the other, `window` is "sketch of these|sketch of the last poll's".

Known exceptions:
    When an index was asked before this poll is not known when its parts are read: a learned interval ago, it is said.
    What passed unseen between two polls of a source whose window overflowed is not counted.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from crawler.discovery.polling.rhythm import Rhythm
from crawler.discovery.polling.window import News, date_of, merged, news, overlap, sketch
from crawler.discovery.polling.wishes import span_text
from crawler.news.entry import Entry
from crawler.news.source import SourceState

_LEAST_OVERLAP = 1 / 3
_NO_VALIDATORS = 1.5  # times as long between polls that cost the server a whole answer each
_DAY, _WEEK = 86_400, 7 * 86_400
_STAMPED = 60  # seconds before now in which every entry is dated where a feed stamps them


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
    earlier, _, before = state.window.rpartition("|")
    rhythm, spoke = _hear(state, entries, earlier=earlier, before=before, now=now_ms / 1000)
    announced = merged(earlier, sketch(entries)) if entries else earlier
    is_over = "\n" not in state.trail
    share = overlap(before, announced) if announced and is_over else None
    overflowed = share is not None and share < _LEAST_OVERLAP
    learned_ms, why = _interval(state, rhythm, spoke=spoke, overflowed=overflowed)
    return Lesson(
        window=(announced or before) if is_over else f"{announced}|{before}",
        overflows=state.overflows + overflowed,
        rhythm=rhythm.text(),
        newest_ms=max(state.newest_ms, _newest_ms(entries, now_ms)),
        learned_ms=learned_ms,
        why=why,
    )


def _hear(
    state: SourceState, entries: Sequence[Entry], *, earlier: str, before: str, now: float
) -> tuple[Rhythm, bool]:
    """Return the rhythm with these entries, and whether there is news among them.

    Args:
        earlier: what earlier parts of the same poll announced. before: what the last poll found. Sketches, or "".
    """
    known = Rhythm.read(state.rhythm)
    if known is None or (entries and not before and not earlier):
        return Rhythm.begin(now, _first_times(entries, now)), False
    if not before:  # silence, or a further part of the first answer
        return known.after([time for time in _first_times(entries, now) if time > known.start], now), False
    since = max(known.start, known.until - (state.learned_ms / 1000 if state.trail else 0))
    fresh = news(before, entries, since=datetime.fromtimestamp(since, UTC))
    times = _times(fresh, entries, since=since, now=now)
    return known.after(times, now), bool(times)


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


def _times(fresh: News, entries: Sequence[Entry], *, since: float, now: float) -> list[float]:
    """Return when new entries were published, as far as can be told: seconds since 1970."""
    is_stamped = len(entries) > 1 and all(abs(now - (_time(entry) or 0)) < _STAMPED for entry in entries)
    told, untold = list[float](), fresh.more
    for entry in fresh.entries:
        time = _time(entry)
        if time is not None and not is_stamped and since < time <= now and time % _DAY:
            told.append(time)
        elif time is None or time > since - _WEEK:
            untold += 1
    return told + [since + (now - since) * (place + 0.5) / untold for place in range(untold)]


def _first_times(entries: Sequence[Entry], now: float) -> list[float]:
    """Return when the entries of a first answer were published; none, if their dates do not tell."""
    times = [time for time in map(_time, entries) if time is not None]
    if len(set(times)) < 2 or all(abs(now - time) < _STAMPED for time in times):
        return []
    if len({time % _DAY for time in times}) == 1:
        return [min(time + _DAY * (place + 0.5) / len(times), now) for place, time in enumerate(times)]
    return times


def _time(entry: Entry) -> float | None:
    date = date_of(entry)
    return date.timestamp() if date else None


def _newest_ms(entries: Sequence[Entry], now_ms: int) -> int:
    """Return the youngest date of publication; one ahead of now is not the youngest, but wrong."""
    dates = (int(entry.published.timestamp() * 1000) for entry in entries if entry.published)
    return max((date for date in dates if date <= now_ms), default=0)


def _rough(number: float) -> str:
    """Return a whole number, or one figure of what is below one: it is an estimate anyway."""
    return f"{number:.0f}" if number >= 1 else f"{number:.1g}"
