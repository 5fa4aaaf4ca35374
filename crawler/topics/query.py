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
from crawler.topics.lexer import Token, misplaced_star, plain, tokenise
from crawler.topics.stems import sought_keys
from crawler.topics.text import fold, spelling, stands_alone, words
from crawler.topics.tree import And, Field, Near, Node, Not, Or, Phrase, Place, Word

FIELDS = ("headline", "description", "body", "author", "outlet", "section", "url", "lang", "tag")

_INFLECTED = frozenset([None, "headline", "description", "body"])  # prose; elsewhere stand names

_DEEPEST = 50  # parentheses and NOTs in one another; people reach four, Python's stack bears about 200
_SHORTEST_PREFIX = 3  # letters: a shorter one meets too much to mean anything
_NO_OPERAND = frozenset(["OR", "CLOSE", "END"])
_PIECE = re.compile(r"\S+")
_LOST_IN_QUOTES = re.compile(r"\*(?=\S) | \*(?<!\S\*) | =(?<!\S=)(?=\w)", re.VERBOSE)  # signs that no word would get

_WHOLE = frozenset(["lang", "tag"])  # fields that are met as a whole
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]{2,8})*", re.IGNORECASE | re.ASCII)  # as BCP 47 has it
_NO_LANGUAGE = {"cn": "zh", "cz": "cs", "gr": "el", "iw": "he", "jp": "ja", "ua": "uk"}  # countries, and a retired code


def parse(query: str, *, inflect: Sequence[str] = ()) -> Node:
    """Return the query's tree.

    Args:
        inflect: by whose rules (of `stems.LANGUAGES`) a word also stands for its other forms.

    Raises:
        QueryError: with the 1-based column of what cannot be understood, and a message that says what to write.
    """
    typed, places = plain(query)
    try:
        return _Parser(query, typed, places, inflect).parse()
    except QueryError as error:
        raise QueryError(str(error), places[error.column - 1] + 1) from None


class _Parser:
    """Recursive descent over the tokens: one method for each rule of the grammar above.

    `after` is the operator that wants what the method reads, if any does: to be named where there is nothing.
    Columns are those of the `plain` query; `written` is what stands in the query itself.
    """

    def __init__(self, query: str, typed: str, places: Sequence[int], inflect: Sequence[str]) -> None:
        self._query = query
        self._places = places
        self._inflect = inflect
        self._tokens = tokenise(typed)[::-1]  # a stack: the next token is the last, END at the bottom
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
        if self._field in _WHOLE:
            raise _nothing_near(self._field, near.text, near.column)
        right_column = self._tokens[-1].column
        right = self._primary(near)
        if self._tokens[-1].kind == "NEAR":
            raise QueryError(f'NEAR joins two. For more write "a b c"~{near.number}', self._tokens[-1].column)
        written = self._written(start, self._tokens[-1].start).rstrip()
        return Near((_place(left, start + 1), _place(right, right_column)), near.number or 0, written)

    def _primary(self, after: Token | None) -> Node:
        token = self._tokens.pop()
        if self._field == "lang":
            _check_language(token)
        if token.kind == "WORD":
            written = self._written(token.start, token.end)
            return self._word(token.text, token.start + 1 + token.exact, token.exact, written)
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

    def _written(self, start: int, end: int) -> str:
        return self._query[self._places[start] : self._places[end - 1] + 1]

    def _phrase(self, token: Token) -> Node:
        """Read what stands in quotes: words one next to the other, or with ~n near one another."""
        column = token.column + 1 + token.exact
        written = self._written(token.start, token.end)
        pieces = [piece for piece in _PIECE.finditer(token.text) if words(piece[0])]
        if not pieces:
            raise _nothing_to_look_for(token.text, token.column)
        if lost := _LOST_IN_QUOTES.search(token.text):
            raise QueryError(_lost_in_quotes(token.text, lost), column + lost.start())
        if len(pieces) == 1:
            return self._word(pieces[0][0], column + pieces[0].start(), token.exact, written)
        parts = [self._word(piece[0], column + piece.start(), token.exact, piece[0]) for piece in pieces]
        if token.number is not None:
            # With ~0, too, either order: in Lucene that is the phrase, but who wants one leaves the ~ out.
            if self._field in _WHOLE:
                raise _nothing_near(self._field, f"~{token.number}", token.column)
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


def _check_language(token: Token) -> None:
    """Check that what stands in lang: can be a language's code."""
    if token.kind not in {"WORD", "PHRASE"}:
        return
    code = _LANGUAGE.fullmatch(token.text)
    if not code or token.exact or token.number is not None:
        raise QueryError("lang: takes a code like en or pt-br", token.column)
    if right := _NO_LANGUAGE.get(code[1].lower()):
        raise QueryError(f"{code[1]} is no language's code. Write {right}", token.column)


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


def _nothing_near(field: str | None, near: str, column: int) -> QueryError:
    return QueryError(f"{field}: is met as a whole, so no word is near another there. Remove the {near}.", column)


def _lost_in_quotes(text: str, lost: re.Match[str]) -> str:
    """Return what to write for a = or a * that would mean nothing where it stands."""
    if lost[0] == "=":
        return f'A = stands before the opening quote: ="{text[: lost.start()]}{text[lost.end() :]}"'
    piece = next(piece[0] for piece in _PIECE.finditer(text) if piece.end() > lost.start())
    if piece[0] == "*":
        return 'A * can only end a word: "Iran* war". For other words between them write "Iran war"~5'
    return misplaced_star(piece)
