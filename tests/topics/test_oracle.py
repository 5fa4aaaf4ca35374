"""The parser against luqum's, a parser of Lucene's language, wherever both accept a query.

Where they differ on purpose, and the generated queries do not go:

- a space: luqum leaves it undecided, here it is AND;
- `!a`, `a && b`, `a || b`: words to luqum, here the operators that Lucene has;
- `a NEAR/5 b`, `=Word`, `word*` in a phrase: not in Lucene's language, so words to luqum, or plain text;
- `https://x`, `10:45`: fields to luqum, words here;
- `+a`, `a~2`, `a^2`, `[a TO b]`, `d?m`: refused here, with the column and what to write instead.

luqum does not cut words: the generated ones have nothing that `text.words` would part.
"""

from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from luqum.parser import parser as luqum
from luqum.tree import (
    AndOperation,
    BaseGroup,
    Item,
    OrOperation,
    Prohibit,
    Proximity,
    SearchField,
    UnknownOperation,
)
from luqum.tree import (
    Not as LuqumNot,
)
from luqum.tree import Phrase as LuqumPhrase
from luqum.tree import Word as LuqumWord

from crawler.news.errors import QueryError
from crawler.topics import parse
from crawler.topics.tree import And, Field, Near, Node, Not, Or, Phrase, Word

Form = tuple[Any, ...]  # what both trees are compared as: an operator and its operands

WORDS = st.sampled_from(["dam", "old", "Orvania", "плотина", "brid*"])
PHRASES = st.sampled_from(['"old dam"', '"Orvania plans dams"'])
LOOSE = st.builds("{}~{}".format, PHRASES, st.integers(1, 9))
LEAVES = WORDS | PHRASES | LOOSE
FIELDS = st.builds("{}:{}".format, st.sampled_from(["headline", "body"]), LEAVES)
QUERIES = st.recursive(
    LEAVES | FIELDS,
    lambda query: st.one_of(
        st.builds("{} AND {}".format, query, query),
        st.builds("{} OR {}".format, query, query),
        st.builds("NOT {}".format, query),
        st.builds("-{}".format, LEAVES | FIELDS),
        st.builds("({})".format, query),
        st.builds("body:({} OR {})".format, LEAVES, LEAVES),
    ),
    max_leaves=8,
)


@settings(deadline=None)
@given(QUERIES)
def test_both_understand_the_same(query: str) -> None:
    """Operators bind and group in the same way, and reach the same words, phrases and fields."""
    try:
        ours = parse(query)
    except QueryError as error:
        assume("With NOT alone" not in str(error))
        raise
    assert our_form(ours) == luqum_form(luqum.parse(query))


@pytest.mark.parametrize(
    "query",
    [
        "dam OR bridge AND Orvania OR road",
        "NOT dam AND bridge OR Orvania",
        "Orvania AND -(dam OR bridge)",
        "Orvania AND NOT NOT dam",
        "((dam)) AND (bridge OR (road AND Orvania))",
        'headline:("old dam" OR brid*) AND NOT url:sport',
        '"old dam bursts"~4 OR lang:en',
    ],
)
def test_by_hand(query: str) -> None:
    """The queries that people get wrong."""
    assert our_form(parse(query)) == luqum_form(luqum.parse(query))


def test_a_space_is_undecided_there() -> None:
    """The first difference of the list above still stands: else the generated queries could have spaces, too."""
    assert isinstance(luqum.parse("old dam"), UnknownOperation)
    assert parse("old dam") == parse("old AND dam")


def our_form(node: Node) -> Form:
    """Return our tree in the common form."""
    match node:
        case Word(term, prefix):
            return "word", term, prefix
        case Phrase(words):
            return "phrase", *map(our_form, words)
        case Near(parts, distance):
            return "near", distance, *map(our_form, parts)
        case And(children):
            return _flat("and", map(our_form, children))
        case Or(children):
            return _flat("or", map(our_form, children))
        case Not(child):
            return "not", our_form(child)
        case Field(name, child):
            return "field", name, our_form(child)


def luqum_form(item: Item) -> Form:
    """Return luqum's tree in the common form: no parentheses, and no quotes."""
    children = map(luqum_form, item.children)
    match item:
        case LuqumWord():
            return _word(item.value)
        case LuqumPhrase():
            return "phrase", *map(_word, item.value.strip('"').split())
        case Proximity():
            return "near", int(item.degree), *next(children)[1:]
        case AndOperation():
            return _flat("and", children)
        case OrOperation():
            return _flat("or", children)
        case LuqumNot() | Prohibit():
            return "not", next(children)
        case SearchField():
            return "field", item.name, next(children)
        case BaseGroup():
            return next(children)
    raise AssertionError(f"{item!r} stands for what only luqum knows")


def _word(written: str) -> Form:
    return "word", written.rstrip("*").lower(), written.endswith("*")


def _flat(operator: str, children: Any) -> Form:
    """Return the operation with those of its operands that are the same operation dissolved: a AND (b AND c)."""
    operands = [part for child in children for part in (child[1:] if child[0] == operator else (child,))]
    return operator, *operands
