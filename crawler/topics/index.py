"""Which of many queries an article could meet at all: the others are never looked at.

Theory of operation (Lucene Monitor's idea). From each query follow *required groups*: at least one word of each group
is in every article that meets the query. `Russia AND (Maduro OR Caracas)` requires {russia} and {maduro, caracas}. Each
query is filed under the words of the group least likely to be met; an article brings up the queries filed under its
words, and those of which another group is missing are dropped.

Known exception. How common a word is, is guessed from its length (Zipf's law of abbreviation), not counted: the guess
costs no corpus and is right often enough.
"""

from collections import defaultdict
from collections.abc import Iterable
from itertools import chain

from crawler.topics.memory import Memory
from crawler.topics.text import pairs
from crawler.topics.tree import And, Field, Near, Node, Not, Or, Phrase, Word

Key = str  # a term, a pair of terms (`text.pairs`), or with a star a prefix of terms; no term contains a star
Group = frozenset[Key]


def required(node: Node) -> list[Group]:
    """Return the groups of which every text that meets the node has a key each; [] if it can be met without any."""
    match node:
        case Word(term, prefix):
            return [frozenset([f"{term}*" if prefix else term])]
        case Phrase(words):
            neighbours = pairs(["" if word.prefix else word.term for word in words])
            return [*_all(map(required, words)), *(frozenset([pair]) for pair in neighbours)]
        case Near(children) | And(children):
            return _all(map(required, children))
        case Or(children):
            return _any(map(required, children))
        case Not(child):
            return _required_to_fail(child)
        case Field(_, child):
            return required(child)


def _required_to_fail(node: Node) -> list[Group]:
    """Return the groups of which every text that does *not* meet the node has a key each (De Morgan)."""
    match node:
        case Not(child):
            return required(child)
        case And(children):
            return _any(map(_required_to_fail, children))
        case Or(children):
            return _all(map(_required_to_fail, children))
        case Field(_, child):
            return _required_to_fail(child)
        case _:
            return []


def _all(children: Iterable[list[Group]]) -> list[Group]:
    return list(chain.from_iterable(children))


def _any(children: Iterable[list[Group]]) -> list[Group]:
    """One group will do, if each child brings its own."""
    rarest = [min(groups, key=_commonness, default=None) for groups in children]
    known = [group for group in rarest if group]
    return [frozenset(chain.from_iterable(known))] if len(known) == len(rarest) else []


def _commonness(group: Group) -> float:
    return sum(1 / len(key) ** 2 for key in group)


class QueryIndex:
    """Queries by number, filed under their rarest required group."""

    def __init__(self, trees: Iterable[Node]) -> None:
        self._by_term: dict[str, list[int]] = defaultdict(list)
        self._by_prefix: dict[str, list[int]] = defaultdict(list)
        self._needed: list[tuple[Group, list[Group]]] = []
        for number, tree in enumerate(trees):
            groups = required(tree)
            self._needed.append(_needed(groups))
            for key in min(groups, key=_commonness):
                filed = self._by_prefix if key.endswith("*") else self._by_term
                filed[key.removesuffix("*")].append(number)
        self._prefix_lengths = sorted({len(prefix) for prefix in self._by_prefix})
        self._filed_under_prefix_of = Memory(self._find_prefixes)

    def candidates(self, terms: set[str]) -> list[int]:
        """Return the numbers, ascending, of the queries that a text of these terms could meet."""
        found = {number for term in self._by_term.keys() & terms for number in self._by_term[term]}
        if self._by_prefix:
            found.update(chain.from_iterable(map(self._filed_under_prefix_of.__getitem__, terms)))
        return sorted(number for number in found if self._has_all(number, terms))

    def _has_all(self, number: int, terms: set[str]) -> bool:
        singles, choices = self._needed[number]
        return singles <= terms and not any(map(terms.isdisjoint, choices))

    def _find_prefixes(self, term: str) -> tuple[int, ...]:
        heads = {term[:length] for length in self._prefix_lengths}
        return tuple(number for head in heads for number in self._by_prefix.get(head, ()))


def _needed(groups: list[Group]) -> tuple[Group, list[Group]]:
    """Return the words that must all be there, and the choices; prefixes are left to the evaluation."""
    plain = [group for group in groups if not any(key.endswith("*") for key in group)]
    singles = frozenset(chain.from_iterable(group for group in plain if len(group) == 1))
    return singles, [group for group in plain if len(group) > 1]
