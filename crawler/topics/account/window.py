"""Where parts of a query come closest to one another in a text, and how that is shown."""

import re
from collections.abc import Sequence
from itertools import pairwise

from crawler.topics.passage import Passage, Span

_GAP = 120  # characters shown between two words; of a longer gap none


def closest(parts: Sequence[Sequence[Span]]) -> tuple[int, list[Span]] | None:
    """Return the fewest words that stand between one place of each part, and these places in order.

    One pass over all places: a window begins at the oldest of the last places seen of each part. None if one word
    would have to serve two parts there.
    """
    last: dict[int, Span] = {}  # by part, the oldest first
    length = 0  # of all the places in it, in words
    best: tuple[int, list[Span]] | None = None
    for place, part in sorted((place, part) for part, places in enumerate(parts) for place in places):
        length += _length(place) - _length(last.pop(part, (0, 0)))
        last[part] = place
        if len(last) == len(parts):
            between = place[1] - next(iter(last.values()))[0] - length
            if between >= 0 and (best is None or between < best[0]):
                best = between, list(last.values())
    if best is None or any(one[1] > other[0] for one, other in pairwise(best[1])):
        return None
    return best


def _length(place: Span) -> int:
    return place[1] - place[0]


def marked(passage: Passage, places: Sequence[Span]) -> str:
    """Return the text from the first of these places to the last on one line, each of them marked «so»."""
    cuts = [passage.offsets(*place) for place in places]
    gaps = [passage.text[end:start] for (_, end), (start, _) in pairwise(cuts)]
    shown = [gap if len(gap) <= _GAP else " ... " for gap in gaps]
    pieces = [f"«{passage.text[start:end]}»{gap}" for (start, end), gap in zip(cuts, [*shown, ""], strict=True)]
    return re.sub(r"\s", " ", "".join(pieces))
