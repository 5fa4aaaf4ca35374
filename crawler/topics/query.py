"""From a query as a person writes it to a tree, or to an error that says where it went wrong and what to write.

The language is in docs/topics.md. Its surface is Lucene's, and it refuses what Lucene guesses at: whatever could be
silently understood as something else (a lone dash, an unknown field, a fuzzy `~`) is an error with a mend.

    query   = and { ("OR" | "||") and }
    and     = not { ["AND" | "&&"] not }
    not     = ("NOT" | "-" | "!") not | near
    near    = primary [ "NEAR/"n primary ]
    primary = field ":" primary | "(" query ")" | phrase ["~"n] | word
"""

import re
import unicodedata
from collections.abc import Sequence

from crawler.news.errors import QueryError
from crawler.topics.lexer import Token, tokenise
from crawler.topics.stems import sought_keys
from crawler.topics.text import fold, spelling, stands_alone, words
from crawler.topics.tree import And, Field, Near, Node, Not, Or, Phrase, Place, Word

FIELDS = ("headline", "description", "body", "author", "outlet", "section", "url", "lang", "tag")

_INFLECTED = frozenset([None, "headline", "description", "body"])  # prose; elsewhere stand names

_DEEPEST = 50  # parentheses and NOTs in one another; people reach four, Python's stack bears about 200
_SHORTEST_PREFIX = 3  # letters: a shorter one meets too much to mean anything
_NO_OPERAND = frozenset(["OR", "CLOSE", "END"])
_PIECE = re.compile(r"\S+")
_STAR_BEFORE = re.compile(r"(?<!\S)\*")


def parse(query: str, *, inflect: Sequence[str] = ()) -> Node:
    """Return the query's tree.

    Args:
        inflect: by whose rules (of `stems.LANGUAGES`) a word also stands for its other forms.

    Raises:
        QueryError: with the 1-based column of what cannot be understood, and a message that says what to write.
    """
    return _Parser(query, inflect).parse()


class _Parser:
    """Recursive descent over the tokens: one method for each rule of the grammar above.

    `after` is the operator that wants what the method reads, if any does: to be named where there is nothing.
    """

    def __init__(self, query: str, inflect: Sequence[str]) -> None:
        self._query = query
        self._inflect = inflect
        self._tokens = tokenise(query)[::-1]  # a stack: the next token is the last, END at the bottom
        self._first_not: Token | None = None
        self._field: str | None = None
        self._depth = 0

    def parse(self) -> Node:
        if self._tokens[-1].kind == "END":
            raise QueryError('The query is empty. Write what to look for: Russia "New York"', 1)
        tree = self._or(None)
        if self._tokens[-1].kind == "CLOSE":
            raise QueryError("This ) closes nothing. Remove it, or open it with ( before.", self._tokens[-1].column)
        if self._first_not and _met_by_nothing(tree):
            message = "With NOT alone every other article would match. Say also what must be there: Russia NOT sport"
            raise QueryError(message, self._first_not.column)
        return tree

    def _or(self, after: Token | None) -> Node:
        children = [self._and(after)]
        while self._tokens[-1].kind == "OR":
            children.append(self._and(self._tokens.pop()))
        return Or(tuple(children)) if len(children) > 1 else children[0]

    def _and(self, after: Token | None) -> Node:
        children = [self._not(after)]
        while (kind := self._tokens[-1].kind) not in _NO_OPERAND:
            children.append(self._not(self._tokens.pop() if kind == "AND" else None))
        return And(tuple(children)) if len(children) > 1 else children[0]

    def _not(self, after: Token | None) -> Node:
        if self._tokens[-1].kind != "NOT":
            return self._near(after)
        token = self._tokens.pop()
        self._first_not = self._first_not or token
        self._descend(token)
        child = Not(self._not(token))
        self._depth -= 1
        return child

    def _near(self, after: Token | None) -> Node:
        start = self._tokens[-1].start
        left = self._primary(after)
        if self._tokens[-1].kind != "NEAR":
            return left
        near = self._tokens.pop()
        right_column = self._tokens[-1].column
        right = self._primary(near)
        if self._tokens[-1].kind == "NEAR":
            raise QueryError(f'NEAR joins two. For more write "a b c"~{near.number}', self._tokens[-1].column)
        written = self._query[start : self._tokens[-1].start].rstrip()
        return Near((_place(left, start + 1), _place(right, right_column)), near.number, written)

    def _primary(self, after: Token | None) -> Node:
        token = self._tokens.pop()
        if token.kind == "WORD":
            return self._word(token.text, token.column + token.exact, token.exact, self._query[token.start : token.end])
        if token.kind == "PHRASE":
            return self._phrase(token)
        if token.kind == "OPEN":
            return self._group(token)
        if token.kind == "FIELD":
            return self._in_field(token)
        raise _missing_operand(token, after)

    def _group(self, opening: Token) -> Node:
        self._descend(opening)
        if self._tokens[-1].kind == "CLOSE":
            raise QueryError("Nothing stands between these parentheses. Remove them.", opening.column)
        tree = self._or(None)
        if self._tokens[-1].kind != "CLOSE":
            raise QueryError("This ( is not closed. Write ) where it ends.", opening.column)
        self._tokens.pop()
        self._depth -= 1
        return tree

    def _in_field(self, token: Token) -> Node:
        name = token.text.lower()
        if name not in FIELDS:
            raise QueryError(
                f"There is no field {token.text}. The fields are {', '.join(FIELDS)}; "
                f'to look for the text write "{token.text}:"',
                token.column,
            )
        if self._field:
            raise QueryError(f"{name}: stands within {self._field}: already. Remove one of them.", token.column)
        if self._tokens[-1].kind == "NOT":
            raise QueryError(f"Write the NOT before the field: -{name}:...", self._tokens[-1].column)
        self._field = name
        child = self._primary(token)
        self._field = None
        return Field(name, child)

    def _descend(self, token: Token) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            message = f"Over {_DEEPEST} parentheses or NOTs stand in one another. Write it flatter, or as two topics."
            raise QueryError(message, token.column)

    def _phrase(self, token: Token) -> Node:
        """Read what stands in quotes: words one next to the other, or with ~n near one another."""
        column = token.column + 1 + token.exact
        written = self._query[token.start : token.end]
        pieces = [piece for piece in _PIECE.finditer(token.text) if words(piece[0])]
        if not pieces:
            raise _nothing_to_look_for(token.text, token.column)
        star = "*" in token.text and _STAR_BEFORE.search(token.text)
        if star:
            message = 'A * can only end a word: "Iran* war". For other words between them write "Iran war"~5'
            raise QueryError(message, column + star.start())
        if len(pieces) == 1:
            return self._word(pieces[0][0], column + pieces[0].start(), token.exact, written)
        parts = [self._word(piece[0], column + piece.start(), token.exact, piece[0]) for piece in pieces]
        if token.number:
            return Near(tuple(parts), token.number, written)
        flat = [word for part in parts for word in (part.words if isinstance(part, Phrase) else (part,))]
        return Phrase(tuple(flat), written)

    def _word(self, text: str, column: int, exact: bool, written: str) -> Word | Phrase:
        """Read what stands without a space: one word, or a phrase where a dash or an apostrophe divides it."""
        spelled = words(text)
        if not spelled:
            raise _nothing_to_look_for(text, column)
        starred = text[-1] == "*" and not stands_alone(spelled[-1])
        if starred:
            _check_star(text, spelled, exact, column)
        if len(spelled) == 1:
            return self._one_word(spelled[0], exact, starred, written)
        *first, last = spelled
        parts = [self._one_word(word, exact, False, word) for word in first]
        parts.append(self._one_word(last, exact, starred, f"{last}*" if starred else last))
        return Phrase(tuple(parts), written)

    def _one_word(self, word: str, exact: bool, prefix: bool, written: str) -> Word:
        inflected = self._inflect and self._field in _INFLECTED and not (exact or prefix)
        stems = sought_keys(self._inflect, word) if inflected else ()
        term = fold(word)
        if written == term:
            written = term  # one string for both: a fifth less memory
        return Word(term, prefix, spelling(word) if exact else None, stems, written)


def _met_by_nothing(node: Node) -> bool:
    """Would an article without a word meet this? Then one word more or less says nothing of an article."""
    if isinstance(node, And):
        return all(map(_met_by_nothing, node.children))
    if isinstance(node, Or):
        return any(map(_met_by_nothing, node.children))
    if isinstance(node, Not):
        return not _met_by_nothing(node.child)
    return isinstance(node, Field) and _met_by_nothing(node.child)


def _place(node: Node, column: int) -> Place:
    """Return the node if it can stand on one side of NEAR."""
    if isinstance(node, Word | Phrase):
        return node
    if isinstance(node, Or):
        return Or(tuple(_place(child, column) for child in node.children))
    raise QueryError('NEAR takes a word, a "phrase" or (one OR another) on each side; a field goes around it.', column)


def _check_star(text: str, spelled: list[str], exact: bool, column: int) -> None:
    if exact:
        raise QueryError(f"= and * contradict one another. Write {text} or ={text[:-1]}", column)
    if _letters(spelled) < _SHORTEST_PREFIX:
        raise QueryError(f"{text} meets too many words. Write at least three letters before the *.", column)


def _letters(spelled: list[str]) -> int:
    """Count letters; a Korean syllable (푸, 틴) is the two or three that it is written with."""
    folded = "".join(map(fold, spelled))
    return sum(len(unicodedata.normalize("NFD", c)) if "가" <= c <= "힣" else 1 for c in folded)


def _missing_operand(found: Token, after: Token | None) -> QueryError:
    """Blame the operator before the gap if there is one, else what stands after it."""
    if after:
        message = f"Something to look for must follow {after.text}. Write it, or remove it."
        return QueryError(message, after.column)
    message = f"Something to look for must stand before {found.text}. Write it; as a word it stands in quotes."
    return QueryError(message, found.column)


def _nothing_to_look_for(written: str, column: int) -> QueryError:
    return QueryError(f'There is no word in "{written}". Write one, or remove it.', column)
