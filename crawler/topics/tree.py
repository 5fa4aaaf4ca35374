"""A query as it was understood: a tree of seven kinds of node, and how to print it.

The nodes are msgspec's structs: a hundred thousand topics are half a million of them, and these take a third of the
time and memory of dataclasses and none of the garbage collector's (`gc=False`: no node can contain itself).

A word, a phrase and a NEAR know how they were `written`: evidence names the part of the query that was met.
"""

from collections.abc import Iterator

from msgspec import Struct


class Word(Struct, frozen=True, gc=False):
    """One word.

    Attributes:
        term: its folded form (`text.fold`).
        prefix: written with a star; any word that begins so.
        exact: the spelling that it must have, or None.
        stems: the keys of its other forms (`stems.py`), in each language of the topic's `inflect`.
        written: how the query writes it (of a phrase and a NEAR, too); within quotes, without them.
    """

    term: str
    prefix: bool = False
    exact: str | None = None
    stems: tuple[str, ...] = ()
    written: str = ""


class Phrase(Struct, frozen=True, gc=False):
    """Two or more words, one next to the other, in this order."""

    words: tuple[Word, ...]
    written: str = ""


class Near(Struct, frozen=True, gc=False):
    """Two or more parts in any order, with at most `distance` other words between them in all."""

    parts: tuple["Place", ...]
    distance: int
    written: str = ""


class And(Struct, frozen=True, gc=False):
    """All of these."""

    children: tuple["Node", ...]


class Or(Struct, frozen=True, gc=False):
    """At least one of these."""

    children: tuple["Node", ...]


class Not(Struct, frozen=True, gc=False):
    """Anything but this."""

    child: "Node"


class Field(Struct, frozen=True, gc=False):
    """This, within one field of the article."""

    name: str
    child: "Node"


Place = Word | Phrase | Or  # what can stand at a place in a text; the children of such an Or are places, too
Node = Word | Phrase | Near | And | Or | Not | Field


def explain(tree: Node) -> str:
    """Return the tree as lines of text, one node a line, children indented by two spaces."""
    return "\n".join(_lines(tree, ""))


def _lines(node: Node, indent: str) -> Iterator[str]:
    title, children = _describe(node)
    yield indent + title
    for child in children:
        yield from _lines(child, indent + "  ")


def _describe(node: Node) -> tuple[str, tuple[Node, ...]]:
    match node:
        case Word():
            return _spell(node) + _forms((node,)), ()
        case Phrase(words):
            return f'"{" ".join(map(_spell, words))}"' + _forms(words), ()
        case Near(parts, distance):
            return f"NEAR/{distance}", parts
        case And(children):
            return "AND", children
        case Or(children):
            return "OR", children
        case Not(child):
            return "NOT", (child,)
        case Field(name, child):
            return f"{name}:", (child,)


def _spell(word: Word) -> str:
    return f"={word.exact}" if word.exact else f"{word.term}*" if word.prefix else word.term


def _forms(words: tuple[Word, ...]) -> str:
    languages = {key.partition(":")[0] for word in words for key in word.stems}
    return f" (any form: {', '.join(sorted(languages))})" if languages else ""
