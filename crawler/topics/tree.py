"""A query as it was understood: a tree of seven kinds of node, and how to print it."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """One word.

    Attributes:
        term: its folded form (`text.fold`).
        prefix: written with a star; any word that begins so.
        exact: the spelling that it must have, or None.
    """

    term: str
    prefix: bool = False
    exact: str | None = None


@dataclass(frozen=True, slots=True)
class Phrase:
    """Two or more words, one next to the other, in this order."""

    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """Two or more parts in any order, with at most `distance` other words between them in all."""

    parts: tuple["Place", ...]
    distance: int


@dataclass(frozen=True, slots=True)
class And:
    """All of these."""

    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of these."""

    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Anything but this."""

    child: "Node"


@dataclass(frozen=True, slots=True)
class Field:
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
        case Word(term, prefix, exact):
            return f"={exact}" if exact else f"{term}*" if prefix else term, ()
        case Phrase(words):
            return '"' + " ".join(_describe(word)[0] for word in words) + '"', ()
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
