"""How fast feeds are read, and whether anything is lost: `python -m benchmarks.feeds`.

Plain `feedparser.parse(body)` beside `crawler.discovery.read_feed` with all its dates, over the newsroom's feeds and
generated ones: of 10 to 200 entries, RSS 2.0 with and without whole texts, Atom, RSS 1.0; some in old encodings, some
with dates that feedparser misreads; in all, five feeds of 58 are not well-formed. Every entry is compared
with what feedparser finds in it, and every date of a generated feed with the time that was meant.
"""

import calendar
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

import feedparser

from benchmarks.feed_samples import NOW, Sample, generated, newsroom
from crawler.discovery import FeedReading, read_feed
from crawler.discovery.charset import as_utf8
from crawler.discovery.feeds.wellformed import read_wellformed
from crawler.discovery.plain import plain_text

Found = TypeVar("Found")

ROUNDS = 3
FASTER = 5.0


@dataclass(slots=True)
class Row:
    """What one shape of feeds takes, in seconds over all of them, and what was lost of it."""

    shape: str
    feeds: int = 0
    entries: int = 0
    size: int = 0
    fast: int = 0
    theirs_s: float = 0.0
    ours_s: float = 0.0
    misread: int = 0
    lost: list[str] = field(default_factory=list)


def main() -> None:
    print(report(measure([*newsroom(), *generated()])))


def measure(samples: list[Sample], rounds: int = ROUNDS) -> list[Row]:
    """Read every feed with both, in turns; return a row for each shape, in the order of the feeds."""
    rows: dict[str, Row] = {}
    for sample in samples:
        row = rows.setdefault(sample.shape, Row(sample.shape))
        theirs, theirs_s = _fastest(partial(_feedparser, sample), rounds)
        ours, ours_s = _fastest(partial(_storywatch, sample), rounds)
        row.feeds += 1
        row.entries += len(theirs)
        row.size += len(sample.body)
        row.fast += read_wellformed(as_utf8(sample.body, sample.headers), "") is not None
        row.theirs_s += theirs_s
        row.ours_s += ours_s
        _compare(sample, theirs, ours, row)
    return list(rows.values())


def _feedparser(sample: Sample) -> list[dict[str, Any]]:
    parsed = feedparser.parse(sample.body, response_headers={**sample.headers, "content-location": sample.url})
    return [dict(entry) for entry in parsed.entries]


def _storywatch(sample: Sample) -> FeedReading:
    return read_feed(sample.body, sample.url, headers=sample.headers, now=NOW)


def _fastest(read: Callable[[], Found], rounds: int) -> tuple[Found, float]:
    """Return what is read, and the CPU seconds that it takes when nobody disturbs."""
    seconds = []
    for _ in range(rounds):
        started = time.process_time()
        found = read()
        seconds.append(time.process_time() - started)
    return found, min(seconds)


def _compare(sample: Sample, theirs: list[dict[str, Any]], ours: FeedReading, row: Row) -> None:
    """Note in the row what feedparser has and we have not, and the dates that it misreads."""
    if len(ours.entries) != len(theirs):
        row.lost.append(f"{sample.url}: {len(theirs) - len(ours.entries)} entries")
        return
    for number, (their, our) in enumerate(zip(theirs, ours.entries, strict=True)):
        date = _date(their)
        true = sample.dates[number] if sample.dates else date
        row.misread += date != true
        for name, found, wanted in (
            ("link", our.url, their.get("link")),
            ("title", our.title, plain_text(their.get("title"))),
            ("id", our.id, their.get("id")),
            ("date", our.published or our.updated, true),
        ):
            if found != wanted:
                row.lost.append(f"{sample.url}, entry {number}: {name} {found!r}, and feedparser has {wanted!r}")


def _date(entry: dict[str, Any]) -> datetime | None:
    parsed = entry.get("published_parsed") or entry.get("updated_parsed")
    return datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None


def report(rows: list[Row]) -> str:
    """Return the table, what was lost, and the verdict."""
    lines = ["                        feeds  entries    kB   fast   feedparser ms  ours ms a feed   ratio"]
    for row in [*rows, _total(rows)]:
        theirs, ours = (1000 * seconds / row.feeds for seconds in (row.theirs_s, row.ours_s))
        lines.append(
            f"{row.shape:22} {row.feeds:>6,} {row.entries:>8,} {row.size / row.feeds / 1000:>5,.0f} "
            f"{row.fast / row.feeds:>6.0%} {theirs:>15,.2f} {ours:>15,.2f} {theirs / ours:>6.1f}x"
        )
    total = _total(rows)
    lines += total.lost[:10]
    lines.append(
        f"Lost of {total.entries:,} entries, links, titles, ids and dates: {len(total.lost)}. "
        f"Dates that feedparser misreads and we do not: {total.misread}."
    )
    kept = total.theirs_s >= FASTER * total.ours_s and not total.lost
    lines.append(f"At least {FASTER:g} times as fast, nothing lost: {'kept' if kept else 'BROKEN'}.")
    return "\n".join(lines)


def _total(rows: list[Row]) -> Row:
    total = Row("all")
    for row in rows:
        total.feeds += row.feeds
        total.entries += row.entries
        total.size += row.size
        total.fast += row.fast
        total.theirs_s += row.theirs_s
        total.ours_s += row.ours_s
        total.misread += row.misread
        total.lost += row.lost
    return total


if __name__ == "__main__":
    main()
