"""Why an article meets a topic: the words that were found, and the text around the first of them."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from crawler.news.topic import Evidence
from crawler.topics.passage import Passage, Span

Hit = tuple[int, int, str]  # a place in a passage, and the part of the query that is met there

# Of one part in one text. A text of 1,000 words has fewer, but for a word as common as "the"; a page that repeats one
# word for ever (250,000 times in 4.5 MB) would else fill the store: events are the largest part of it.
MOST_HITS = 200

_SNIPPET = 160  # characters, the marks not counted: two lines of a terminal, one of a notification
_WRITTEN_WORD = 30  # characters; a space this close to the edge is where to cut


def evidence(passage: Passage, hits: Sequence[Hit]) -> Evidence:
    """Return the evidence of what was found (at least one hit, in order) in a passage."""
    found = [(passage.offsets(first, after), part) for first, after, part in _without_overlaps(_first(hits))]
    marked = _joined(offsets for offsets, _ in found)
    spelled = dict.fromkeys(passage.text[start:end] for start, end in marked)
    offsets, parts = zip(*found, strict=True)
    return Evidence(passage.field, tuple(spelled), _snippet(passage, marked), offsets, parts)


def _first(hits: Sequence[Hit]) -> Sequence[Hit]:
    """Return as many as are told, and the first of every part: each is a reason why the topic is met."""
    if len(hits) <= MOST_HITS:
        return hits
    first_of_each = {part: (first, after, part) for first, after, part in reversed(hits)}
    return sorted({*hits[:MOST_HITS], *first_of_each.values()})


def _without_overlaps(hits: Sequence[Hit]) -> list[Hit]:
    """Return the hits with those of one part that share a word joined ("old old dam" has `"old old"~2` twice)."""
    joined: list[Hit] = []
    open_ones: dict[str, int] = {}  # the last hit of each part
    for first, after, part in hits:
        last = open_ones.get(part)
        if last is not None and first < joined[last][1]:
            joined[last] = joined[last][0], max(after, joined[last][1]), part
        else:
            open_ones[part] = len(joined)
            joined.append((first, after, part))
    return joined


def _joined(offsets: Iterable[Span]) -> list[Span]:
    """Return offsets, which come in order, with those that overlap joined."""
    joined: list[Span] = []
    for start, end in offsets:
        if joined and start < joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _snippet(passage: Passage, hits: list[Span]) -> str:
    left, right = _window(passage, hits[0])
    pieces, at = [], left
    for start, end in hits:
        if end > right:
            break
        pieces += [passage.text[at:start], "«", passage.text[start:end], "»"]
        at = end
    marked = "".join([*pieces, passage.text[at:right]])
    return re.sub(r"\s", " ", marked).strip()


def _window(passage: Passage, hit: Span) -> Span:
    """Return from where to where the snippet goes: it holds the whole hit and cuts no word."""
    text, (start, end) = passage.text, hit
    room = max(0, _SNIPPET - (end - start)) // 2
    left = max(0, min(start - room, len(text) - _SNIPPET))
    right = min(len(text), max(end + room, left + _SNIPPET))
    return _cut_left(passage, left, start), _cut_right(passage, right, end)


def _cut_left(passage: Passage, edge: int, start: int) -> int:
    """Return where to cut between the edge and the start of the hit: at a space, or in Chinese before a character."""
    if edge == 0:
        return 0
    space = re.compile(r"\s").search(passage.text, edge - 1, min(edge + _WRITTEN_WORD, start))
    if space:
        return space.end()
    return passage.spans[bisect_left(passage.spans, edge, key=lambda span: span[0])][0]


def _cut_right(passage: Passage, edge: int, end: int) -> int:
    """Return where to cut between the end of the hit and the edge."""
    if edge == len(passage.text):
        return edge
    space = re.search(r"\s\S*$", passage.text[max(end, edge - _WRITTEN_WORD) : edge + 1])
    if space:
        return edge + 1 - len(space.group())
    return passage.spans[bisect_right(passage.spans, edge, key=lambda span: span[1]) - 1][1]
