"""One text of an article and where in it the parts of a query stand.

A place is (first, last + 1) in the text's words, counted from 0.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice, takewhile
from math import inf

from crawler.topics.languages import as_compared, covers, primary
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

    def places(self, sought: Node, most: int | None = None) -> list[Span]:
        """Return where it stands, in order: everywhere, or no more than its first places (of a NEAR, of its parts)."""
        match sought:
            case Word():
                return [(position, position + 1) for position in self._find(sought)[:most]]
            case Phrase(parts):
                return [(start, start + len(parts)) for start in islice(self._starts(parts), most)]
            case Or(children):
                return sorted({place for child in children for place in self.places(child, most)})[:most]
            case Near(parts, distance):
                found = {part: self.places(part) for part in parts}  # equal parts share one list
                windows = islice(_windows([found[part] for part in parts], distance), most)
                return sorted({place for window in windows for place in window})[:most]
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

    def _starts(self, parts: tuple[Word, ...]) -> Iterator[int]:
        """Yield where the phrase starts, looking only where the rarest of its words stands."""
        rarest = min(range(len(parts)), key=lambda part: self._count(parts[part]))
        starts = (position - rarest for position in self._find(parts[rarest]))
        return (start for start in starts if self._is_at(parts, start))

    def _count(self, word: Word) -> float:
        """Return how often a word stands here at most; one with many forms is not counted, and is infinity."""
        return inf if word.prefix or word.stems else len(self._positions.get(word.term, ()))

    def _is_at(self, parts: tuple[Word, ...], start: int) -> bool:
        return 0 <= start <= len(self._terms) - len(parts) and all(
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

    def places(self, sought: Node, most: int | None = None) -> list[Span]:
        """Return (0, all its words), or nothing."""
        whole = len(self._terms)
        found = super().places(sought)
        return [(0, whole) for first, after in found if first == 0 and (after == whole or _is_open(sought))][:most]


class Language(Passage):
    """The language of an article, met by the rule of `languages.py` and never by a word within: ar is not es-AR."""

    def vocabulary(self) -> set[str]:
        """Return its primary subtag, which every tag has that could be met here."""
        return {primary(as_compared(self.text))}

    def places(self, sought: Node, most: int | None = None) -> list[Span]:
        """Return (0, all its words), or nothing."""
        is_met = isinstance(sought, Word | Phrase) and covers(language_tag(sought), as_compared(self.text))
        return [(0, len(self._terms))][:most] if is_met else []


def language_tag(sought: Word | Phrase) -> str:
    """Return the tag that stands behind `lang:` (of pt-BR the parser makes a phrase), as tags are compared."""
    words = sought.words if isinstance(sought, Phrase) else (sought,)
    return as_compared("-".join(word.term for word in words))


def _is_open(sought: Node) -> bool:
    """Does it end with a star?"""
    last = sought.words[-1] if isinstance(sought, Phrase) else sought
    return isinstance(last, Word) and last.prefix


def _positions(terms: Sequence[str]) -> dict[str, list[int]]:
    positions = defaultdict(list)
    for position, term in enumerate(terms):
        positions[term].append(position)
    return positions


def _windows(parts: list[list[Span]], distance: int) -> Iterator[list[Span]]:
    """Yield the choices of one place from each part that are near enough, no two sharing a word, leftmost first.

    Each place is tried as the leftmost; every other part then takes its first free place after it, the pickiest part
    (fewest places) first. This finds a window wherever there is one for two parts, and for any number of single words:
    of two words that can stand for one another (iran, iran*) one's places include the other's. Three or more *phrases*
    that overlap one another may be missed.
    """
    if not all(parts):
        return
    pickiest_first = sorted(parts, key=len)
    reach = distance + sum(max(after - first for first, after in places) for places in parts)
    others = [pickiest_first[:part] + pickiest_first[part + 1 :] for part in range(len(parts))]
    different = [part for part, places in enumerate(pickiest_first) if places not in pickiest_first[:part]]
    for leftmost, leading in sorted((place, part) for part in different for place in pickiest_first[part]):
        window = _window(leftmost, others[leading], leftmost[0] + reach)
        if window and _words_between(window) <= distance:
            yield window


def _window(leftmost: Span, others: list[list[Span]], end: int) -> list[Span] | None:
    """Return the first free places from the leftmost on, each of which begins before `end`; None if one has none."""
    window = [leftmost]
    for places in others:
        after = takewhile(lambda place: place[0] < end, _from(places, leftmost))
        free = next((place for place in after if not any(_overlap(place, taken) for taken in window)), None)
        if free is None:
            return None
        window.append(free)
    return window


def _from(places: list[Span], first: Span) -> Iterator[Span]:
    return (places[i] for i in range(bisect_left(places, first), len(places)))


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _words_between(window: list[Span]) -> int:
    start, stop = min(window)[0], max(end for _, end in window)
    return stop - start - sum(end - start for start, end in window)
