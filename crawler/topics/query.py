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

from crawler.news.errors import QueryError
from crawler.topics.index import required
from crawler.topics.lexer import Token, tokenise
from crawler.topics.text import fold, spelling, stands_alone, words
from crawler.topics.tree import And, Field, Near, Node, Not, Or, Phrase, Place, Word

FIELDS = ("headline", "description", "body", "author", "outlet", "section", "url", "lang")

_DEEPEST = 50  # parentheses and NOTs in one another; people reach four, Python's stack bears about 200
_SHORTEST_PREFIX = 3  # letters: a shorter one meets too much to mean anything


def parse(query: str) -> Node:
    """Return the query's tree.

    Raises:
        QueryError: with the 1-based column of what cannot be understood, and a message that says what to write.
    """
    return _Parser(tokenise(query)).parse()


class _Parser:
    """Recursive descent over the tokens: one method for each rule of the grammar above."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens  # the last is END
        self._at = 0
        self._depth = 0
        self._field: str | None = None

    def parse(self) -> Node:
        if self._next().kind == "END":
            raise QueryError('The query is empty. Write what to look for: Russia "New York"', 1)
        tree = self._or()
        if self._next().kind == ")":
            raise QueryError("This ) closes nothing. Remove it, or open it with ( before.", self._next().column)
        if not required(tree):
            first = next(token for token in self._tokens if token.kind == "NOT")
            message = "With NOT alone every other article would match. Say also what must be there: Russia NOT sport"
            raise QueryError(message, first.column)
        return tree

    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _or(self) -> Node:
        children = [self._and()]
        while self._next().kind == "OR":
            self._take()
            children.append(self._and())
        return Or(tuple(children)) if len(children) > 1 else children[0]

    def _and(self) -> Node:
        children = [self._not()]
        while self._next().kind not in {"OR", ")", "END"}:
            if self._next().kind == "AND":
                self._take()
            children.append(self._not())
        return And(tuple(children)) if len(children) > 1 else children[0]

    def _not(self) -> Node:
        if self._next().kind != "NOT":
            return self._near()
        self._descend(self._take())
        child = Not(self._not())
        self._depth -= 1
        return child

    def _near(self) -> Node:
        left_column = self._next().column
        left = self._primary()
        if self._next().kind != "NEAR":
            return left
        near = self._take()
        right_column = self._next().column
        right = self._primary()
        if self._next().kind == "NEAR":
            raise QueryError(f'NEAR joins two. For more write "a b c"~{near.number}', self._next().column)
        return Near((_place(left, left_column), _place(right, right_column)), near.number)

    def _primary(self) -> Node:
        token = self._take()
        match token.kind:
            case "WORD":
                return _word(token.text, token.column, exact=token.exact)
            case "PHRASE":
                return _phrase(token)
            case "FIELD":
                return self._in_field(token)
            case "(":
                return self._group(token)
        self._at -= 1
        raise self._missing_operand(token)

    def _group(self, opening: Token) -> Node:
        self._descend(opening)
        if self._next().kind == ")":
            raise QueryError("Nothing stands between these parentheses. Remove them.", opening.column)
        tree = self._or()
        if self._next().kind != ")":
            raise QueryError("This ( is not closed. Write ) where it ends.", opening.column)
        self._take()
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
        if self._next().kind == "NOT":
            raise QueryError(f"Write the NOT before the field: -{name}:...", self._next().column)
        self._field = name
        child = self._primary()
        self._field = None
        return Field(name, child)

    def _descend(self, token: Token) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            message = f"Over {_DEEPEST} parentheses or NOTs stand in one another. Write it flatter, or as two topics."
            raise QueryError(message, token.column)

    def _missing_operand(self, found: Token) -> QueryError:
        """Blame the operator before the gap if there is one, else what stands after it."""
        before = self._tokens[self._at - 1] if self._at else None
        if before and before.kind in {"AND", "OR", "NOT", "NEAR", "FIELD"}:
            message = f"Something to look for must follow {before.text}. Write it, or remove it."
            return QueryError(message, before.column)
        message = f"Something to look for must stand before {found.text}. Write it; as a word it stands in quotes."
        return QueryError(message, found.column)


def _place(node: Node, column: int) -> Place:
    """Return the node if it can stand on one side of NEAR."""
    if isinstance(node, Word | Phrase):
        return node
    if isinstance(node, Or):
        return Or(tuple(_place(child, column) for child in node.children))
    raise QueryError('NEAR takes a word, a "phrase" or (one OR another) on each side; a field goes around it.', column)


def _phrase(token: Token) -> Node:
    """Read what stands in quotes: words one next to the other, or with ~n near one another."""
    column = token.column + 1 + token.exact
    parts = [
        _word(written.group(), column + written.start(), exact=token.exact)
        for written in re.finditer(r"\S+", token.text)
        if words(written.group())
    ]
    if not parts:
        raise _nothing_to_look_for(token.text, token.column)
    if len(parts) == 1:
        return parts[0]
    if token.number:
        return Near(tuple(parts), token.number)
    return Phrase(tuple(word for part in parts for word in (part.words if isinstance(part, Phrase) else (part,))))


def _word(written: str, column: int, *, exact: bool) -> Word | Phrase:
    """Read what is written without a space: one word, or a phrase where a dash or an apostrophe divides it."""
    spelled = words(written)
    if not spelled:
        raise _nothing_to_look_for(written, column)
    starred = written.endswith("*") and not stands_alone(spelled[-1])
    if starred and exact:
        raise QueryError(f"= and * contradict one another. Write {written} or ={written[:-1]}", column)
    if starred and _letters(spelled) < _SHORTEST_PREFIX:
        raise QueryError(f"{written} meets too many words. Write at least three letters before the *.", column)
    last = len(spelled) - 1
    found = tuple(
        Word(fold(word), prefix=starred and i == last, exact=spelling(word) if exact else None)
        for i, word in enumerate(spelled)
    )
    return Phrase(found) if len(found) > 1 else found[0]


def _letters(spelled: list[str]) -> int:
    """Count letters; a Korean syllable (푸, 틴) is the two or three that it is written with."""
    folded = "".join(map(fold, spelled))
    return sum(len(unicodedata.normalize("NFD", c)) if "가" <= c <= "힣" else 1 for c in folded)


def _nothing_to_look_for(written: str, column: int) -> QueryError:
    return QueryError(f'There is no word in "{written}". Write one, or remove it.', column)
