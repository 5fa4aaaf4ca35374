"""Which of many queries an article could meet at all: the others are never looked at.

Theory of operation (Lucene Monitor's idea). From each query follow *required groups*: at least one word of each group
is in every article that meets the query. `Russia AND (Maduro OR Caracas)` requires {russia} and {maduro, caracas}. Each
query is filed under the words of the group least likely to be met, together with one more word that must be there. An
article brings up what is filed under its words, without what lacks its second word: of 100,000 queries of two names
each, those that are left are nearly all met. Further groups are looked at only then.

Known exception. How common a word is, is guessed from its length (Zipf's law of abbreviation), not counted: the guess
costs no corpus, and the second word makes good for where it is wrong.
"""

from collections.abc import Iterable, Sequence
from itertools import chain

from crawler.topics.languages import primary
from crawler.topics.memory import MOST
from crawler.topics.passage import language_tag
from crawler.topics.text import pairs
from crawler.topics.tree import And, Field, Near, Node, Not, Or, Phrase, Word

Key = str  # a term, a stem, a pair of terms (`text.pairs`), or with a star a prefix of terms; no term contains a star
Group = tuple[Key, ...]

_NOTHING_ELSE = ""  # in place of a second word; every vocabulary has it


def required(node: Node) -> list[Group]:
    """Return the groups of which every text that meets the node has a key each; [] if it can be met without any."""
    if isinstance(node, Word):
        return [(f"{node.term}*",)] if node.prefix else [(node.term, *node.stems)]
    if isinstance(node, And):
        return _all(node.children)
    if isinstance(node, Phrase):
        return [*_all(node.words), *_neighbours(node.words)]
    if isinstance(node, Near):
        return _all(node.parts)
    if isinstance(node, Or):
        return _any(map(required, node.children))
    if isinstance(node, Field):
        return required(_by_primary_subtag(node.child) if node.name == "lang" else node.child)
    return _required_to_fail(node.child)


def _required_to_fail(node: Node) -> list[Group]:
    """Return the groups of which every text that does *not* meet the node has a key each (De Morgan)."""
    match node:
        case Not(child):
            return required(child)
        case And(children):
            return _any(map(_required_to_fail, children))
        case Or(children):
            return list(chain.from_iterable(map(_required_to_fail, children)))
        case Field(name, child):
            return _required_to_fail(_by_primary_subtag(child) if name == "lang" else child)
        case _:
            return []


def _by_primary_subtag(node: Node) -> Node:
    """Return what stands behind `lang:` with its tags as the vocabulary of an article's language has them."""
    match node:
        case Word() | Phrase():
            return Word(primary(language_tag(node)))
        case And(children):
            return And(tuple(map(_by_primary_subtag, children)))
        case Or(children):
            return Or(tuple(map(_by_primary_subtag, children)))
        case Not(child):
            return Not(_by_primary_subtag(child))
        case _:
            return node


def _neighbours(words: Sequence[Word]) -> list[Group]:
    return [(pair,) for pair in pairs(["" if word.prefix or word.stems else word.term for word in words])]


def _all(children: Iterable[Node]) -> list[Group]:
    return [group for child in children for group in required(child)]


def _any(children: Iterable[list[Group]]) -> list[Group]:
    """One group will do, if each child brings its own."""
    rarest = [min(groups, key=_commonness, default=()) for groups in children]
    return [tuple(dict.fromkeys(chain.from_iterable(rarest)))] if all(rarest) else []


def _commonness(group: Group) -> float:
    """Guess how likely a text has one of the group's keys, relative to others."""
    if len(group) == 1:
        return 1 / len(group[0]) ** 2
    return sum(1 / len(key) ** 2 for key in group)


class QueryIndex:
    """Queries by number, filed under two keys that their articles have."""

    def __init__(self, trees: Iterable[Node]) -> None:
        self._filed: dict[Key, list[tuple[Key, int]]] = {}
        self._further: dict[int, list[Group]] = {}
        self._prefixes: set[Key] = set()
        for number, tree in enumerate(trees):
            self._file(number, required(tree))
        self._prefix_lengths = sorted({len(prefix) - 1 for prefix in self._prefixes})
        self._without_prefix: set[str] = set()

    def _file(self, number: int, groups: list[Group]) -> None:
        rarest, *others = sorted(groups, key=_commonness) if len(groups) > 1 else groups
        second = next((group[0] for group in others if len(group) == 1), _NOTHING_ELSE)
        for key in rarest:
            self._filed.setdefault(key, []).append((second, number))
        further = [group for group in others if second not in group]
        if further:
            self._further[number] = further
        self._prefixes.update(key for group in groups for key in group if key[-1] == "*")

    def candidates(self, vocabularies: Iterable[set[Key]]) -> list[int]:
        """Return the numbers, ascending, of the queries that texts of these vocabularies could meet together."""
        keys = {_NOTHING_ELSE}.union(*vocabularies)
        if self._prefixes:
            self._add_prefixes(keys)
        filed, further = self._filed, self._further
        found = {number for key in filed.keys() & keys for second, number in filed[key] if second in keys}
        return sorted(
            number for number in found if number not in further or not any(map(keys.isdisjoint, further[number]))
        )

    def _add_prefixes(self, keys: set[Key]) -> None:
        """Add the prefixes, with their stars, of which there is a term.

        Nearly all terms have none. Those are remembered, and left out by one operation on sets.
        """
        for term in keys - self._without_prefix:
            prefixes = self._prefixes_of(term)
            keys.update(prefixes)
            if not prefixes:
                if len(self._without_prefix) >= MOST:
                    self._without_prefix.clear()
                self._without_prefix.add(term)

    def _prefixes_of(self, term: str) -> list[Key]:
        heads = (f"{term[:length]}*" for length in self._prefix_lengths if length <= len(term))
        return [head for head in heads if head in self._prefixes]
