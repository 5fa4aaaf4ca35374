"""How well stories and copies are told: `python -m benchmarks.stories DIR`.

DIR holds JSON lines: sets of articles (`id`, `title`, `text`, `date` in milliseconds or "", `source`, and `story`, the
truth), and pairs of texts (`kind`, `a`, `b`, `copy`: whether b is one of a). For a set, BCubed precision, recall and F1
of one pass; for pairs, by kind, which share is found: each pair alone in a fresh index, and the copies in one large
index of everything.
"""

import json
import sys
import time
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from crawler.stories import StoryIndex

Row = dict[str, Any]
START = datetime(2026, 1, 1, tzinfo=UTC)


def main() -> None:
    """Measure every file of a folder and print a line for each."""
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        sys.exit(__doc__)
    for file in sorted(Path(sys.argv[1]).glob("*.jsonl")):
        rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        print(f"{file.name}:")
        for line in measure_copies(rows) if "copy" in rows[0] else [measure_stories(rows)]:
            print(f"    {line}")


def measure_stories(rows: Sequence[Row]) -> str:
    """Put articles into stories, in the order of their dates, and say how well that went."""
    rows = sorted(rows, key=lambda row: row["date"] or 0)
    index, lives_on = StoryIndex(), dict[str, str]()
    started = time.process_time()
    placed: list[str] = []
    for number, row in enumerate(rows):
        date = START + (
            timedelta(milliseconds=row["date"] - rows[0]["date"]) if row["date"] else timedelta(minutes=number)
        )
        placement = index.add(row["id"], headline=row["title"], body=row["text"], published=date, outlet=row["source"])
        placed.append(placement.story_id)
        lives_on.update(dict.fromkeys(placement.merged, placement.story_id))
    took_s = time.process_time() - started
    for number, story in enumerate(placed):
        while story in lives_on:
            story = lives_on[story]
        placed[number] = story
    precision, recall = bcubed(placed, [row["story"] for row in rows])
    f1 = 2 * precision * recall / (precision + recall)
    return f"P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}  {len(rows)} articles, {len(rows) / took_s:,.0f} a second"


def bcubed(placed: Sequence[Hashable], truth: Sequence[Hashable]) -> tuple[float, float]:
    """Return BCubed precision and recall (Bagga and Baldwin 1998)."""
    pairs = list(zip(placed, truth, strict=True))
    both, of_placed, of_truth = Counter(pairs), Counter(placed), Counter(truth)
    precision = sum(both[pair] / of_placed[pair[0]] for pair in pairs) / len(pairs)
    recall = sum(both[pair] / of_truth[pair[1]] for pair in pairs) / len(pairs)
    return precision, recall


def measure_copies(pairs: Sequence[Row]) -> Iterator[str]:
    """Yield a line a kind of pair: which share is found to be copies."""
    everything = StoryIndex()
    for number, text in enumerate(dict.fromkeys(pair["a"] for pair in pairs)):
        _add(everything, f"original {number}", text)
    for (no_copy, kind), some in groupby(sorted(pairs, key=_kind), _kind):
        of_kind, is_copy = list(some), not no_copy
        alone = among_all = 0
        for number, pair in enumerate(of_kind):
            fresh = StoryIndex()
            _add(fresh, "a", pair["a"])
            alone += _add(fresh, "b", pair["b"]) == "a"
            among_all += is_copy and _add(everything, f"{kind} {number}", pair["b"]) is not None
        line = (
            f"{kind:20}{'copy' if is_copy else 'no copy':9}{len(of_kind):6,} pairs, found {alone / len(of_kind):7.2%}"
        )
        yield line + (f", among all {among_all / len(of_kind):7.2%}" if is_copy else "")


def _kind(pair: Row) -> tuple[bool, str]:
    return not pair["copy"], pair["kind"]


def _add(index: StoryIndex, article_id: str, text: str) -> str | None:
    placement = index.add(article_id, headline="", body=text, published=START, outlet=article_id)
    return placement.copy_of


if __name__ == "__main__":
    main()
