"""One text of an article and where in it the parts of a query stand.

A place is (first, last + 1) in the text's words, counted from 0.
"""

from bisect import bisect_left
from collections import defaultdict
from functools import cached_property

from crawler.topics.text import fold, pairs, spans, spelling, words
from crawler.topics.tree import And, Field, Near, Node, Not, Or, Phrase, Word

Span = tuple[int, int]


class Passage:
    """One field's text: the headline, the body, one of several authors.

    Nothing but its words is worked out before a query asks for it: most articles meet no topic.
    """

    def __init__(self, field: str, text: str) -> None:
        self.field = field
        self.text = text
        self._words = words(text)

    def vocabulary(self) -> set[str]:
        """Return its different terms, and its `pairs`."""
        terms = set(map(fold, set(self._words)))
        return terms | pairs(self._terms) if max(terms, default="") >= "\u0e00" else terms

    @cached_property
    def spans(self) -> list[Span]:
        """Where each word starts and ends in the text, in code points."""
        return spans(self.text)

    @cached_property
    def _terms(self) -> list[str]:
        return list(map(fold, self._words))

    @cached_property
    def _positions(self) -> dict[str, list[int]]:
        positions = defaultdict(list)
        for position, term in enumerate(self._terms):
            positions[term].append(position)
        return positions

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
            terms = (term for term in self._positions if term.startswith(word.term))
            return sorted(position for term in terms for position in self._positions[term])
        found = self._positions.get(word.term, [])
        return [position for position in found if self._is(word, position)] if word.exact else found

    def _continues(self, parts: tuple[Word, ...], start: int) -> bool:
        return start + len(parts) <= len(self._terms) and all(
            self._is(word, position) for position, word in enumerate(parts, start)
        )

    def _is(self, word: Word, position: int) -> bool:
        if word.exact:
            return spelling(self._words[position]) == word.exact
        term = self._terms[position]
        return term.startswith(word.term) if word.prefix else term == word.term


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
