"""One text of an article and where in it the parts of a query stand.

A place is (first, last + 1) in the text's words, counted from 0.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property

from crawler.topics.stems import stem_key
from crawler.topics.terms import terms
from crawler.topics.text import pairs, spans, spelling, words
from crawler.topics.tree import And, Field, Near, Node, Not, Or, Phrase, Word

Span = tuple[int, int]

# What stands in `pairs`, if it is no punctuation: searched in a twentieth of the time that pairing takes.
_PAIRED = re.compile("[^\0-\u0dff\u2000-\u206f]")


class Passage:
    """One field's text: the headline, the body, one of several authors.

    Nothing but its words is worked out before a query asks for it: most articles meet no topic.

    Args:
        inflect: languages by whose rules its words are also known by their stems.
    """

    def __init__(self, field: str, text: str, inflect: Sequence[str] = ()) -> None:
        self.field = field
        self.text = text
        self._inflect = inflect
        self._terms = terms(text)

    def vocabulary(self) -> set[str]:
        """Return its different terms, its stems, and its `pairs`."""
        vocabulary = set(self._terms)
        if _PAIRED.search(self.text):
            vocabulary |= pairs(self._terms)
        for language in self._inflect:
            vocabulary.update(stem_key(language, word) for word in set(self._words))
        return vocabulary

    def offsets(self, first: int, after: int) -> Span:
        """Return where in the text the words from `first` to before `after` start and end, in code points."""
        return self.spans[first][0], self.spans[after - 1][1]

    @cached_property
    def spans(self) -> list[Span]:
        """Where each word starts and ends in the text, in code points."""
        return spans(self.text)

    @cached_property
    def _words(self) -> list[str]:
        return words(self.text)

    @cached_property
    def _positions(self) -> dict[str, list[int]]:
        return _positions(self._terms)

    @cached_property
    def _sorted_terms(self) -> list[str]:
        return sorted(self._positions)

    @cached_property
    def _stem_positions(self) -> dict[str, list[int]]:
        return {
            stem: positions
            for language in self._inflect
            for stem, positions in _positions([stem_key(language, word) for word in self._words]).items()
        }

    def places(self, sought: Node) -> list[Span]:
        """Return where it stands, in order."""
        match sought:
            case Word():
                return [(position, position + 1) for position in self._find(sought)]
            case Phrase(parts):
                length = len(parts)
                return [(start, start + length) for start in self._find(parts[0]) if self._continues(parts, start)]
            case Or(children):
                return sorted({place for child in children for place in self.places(child)})
            case Near(parts, distance):
                found = [self.places(part) for part in parts]
                return sorted({place for window in _windows(found, distance) for place in window})
            case And() | Not() | Field():
                raise TypeError(f"{sought} is true or not of a whole article; it stands nowhere")

    def _find(self, word: Word) -> list[int]:
        if word.prefix:
            return sorted(position for term in self._beginning_with(word.term) for position in self._positions[term])
        found = self._positions.get(word.term, [])
        if word.exact:
            return [position for position in found if self._is(word, position)]
        stems = [self._stem_positions.get(stem, []) for stem in word.stems] if self._inflect else []
        return sorted(set(found).union(*stems)) if any(stems) else found

    def _beginning_with(self, head: str) -> Iterator[str]:
        terms = self._sorted_terms
        for at in range(bisect_left(terms, head), len(terms)):
            if not terms[at].startswith(head):
                return
            yield terms[at]

    def _continues(self, parts: tuple[Word, ...], start: int) -> bool:
        return start + len(parts) <= len(self._terms) and all(
            self._is(word, position) for position, word in enumerate(parts, start)
        )

    def _is(self, word: Word, position: int) -> bool:
        if word.exact:
            return spelling(self._words[position]) == word.exact
        term = self._terms[position]
        if word.prefix:
            return term.startswith(word.term)
        if term == word.term or not word.stems:
            return term == word.term
        return any(stem_key(language, self._words[position]) in word.stems for language in self._inflect)


class Tag(Passage):
    """A tag of an outlet. It is met as a whole (or with a star by its beginning), never by a word within it."""

    def places(self, sought: Node) -> list[Span]:
        """Return (0, all its words), or nothing."""
        whole = len(self._terms)
        return [
            (0, whole) for first, after in super().places(sought) if first == 0 and (after == whole or _is_open(sought))
        ]


def _is_open(sought: Node) -> bool:
    """Does it end with a star?"""
    last = sought.words[-1] if isinstance(sought, Phrase) else sought
    return isinstance(last, Word) and last.prefix


def _positions(terms: Sequence[str]) -> dict[str, list[int]]:
    positions = defaultdict(list)
    for position, term in enumerate(terms):
        positions[term].append(position)
    return positions


def _windows(parts: list[list[Span]], distance: int) -> list[list[Span]]:
    """Return the choices of one place from each part that are near enough, no two sharing a word.

    Each place is tried as the leftmost; every other part then takes its first free place after it, the pickiest part
    (fewest places) first. This finds a window wherever there is one for two parts, and for any number of single words:
    of two words that can stand for one another (iran, iran*) one's places include the other's. Three or more *phrases*
    that overlap one another may be missed.
    """
    if not all(parts):
        return []
    pickiest_first = sorted(parts, key=len)
    windows = []
    for index, places in enumerate(pickiest_first):
        others = pickiest_first[:index] + pickiest_first[index + 1 :]
        for leftmost in places:
            window = _window(leftmost, others)
            if window and _words_between(window) <= distance:
                windows.append(window)
    return windows


def _window(leftmost: Span, others: list[list[Span]]) -> list[Span] | None:
    window = [leftmost]
    for places in others:
        after = (places[i] for i in range(bisect_left(places, leftmost), len(places)))
        free = next((place for place in after if not any(_overlap(place, taken) for taken in window)), None)
        if free is None:
            return None
        window.append(free)
    return window


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _words_between(window: list[Span]) -> int:
    start, stop = min(window)[0], max(end for _, end in window)
    return stop - start - sum(end - start for start, end in window)
