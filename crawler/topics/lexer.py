"""A query cut into tokens, each with its column."""

import re
from dataclasses import dataclass
from typing import Literal

from crawler.news.errors import QueryError

Kind = Literal["WORD", "PHRASE", "FIELD", "AND", "OR", "NOT", "NEAR", "(", ")", "END"]


@dataclass(frozen=True, slots=True)
class Token:
    """One token.

    Attributes:
        text: as written; of a phrase what stands within the quotes, of a field its name.
        column: 1-based, of its first character.
        exact: written with a = before it.
        number: the words of NEAR/n and "..."~n; 0: no number.
    """

    kind: Kind
    text: str
    column: int
    exact: bool = False
    number: int = 0


# A keyboard for Chinese or Japanese writes these. One for one, so that columns stay.
_FULL_WIDTH = str.maketrans("（）：＊＝－～＂", '():*=-~"')

_QUOTES = ('"“”„‟', "«»", "「」", "『』")  # a phrase ends with a quote of the family it began with
_ANY_QUOTE = "".join(_QUOTES)
_END = rf"(?=$|[\s(){_ANY_QUOTE}])"
_TOKEN = re.compile(
    rf"""
      (?P<open>\() | (?P<close>\))
    | (?P<and>&&|AND{_END}) | (?P<or>\|\||OR{_END}) | (?P<not>!|NOT{_END}|-(?=[^\s)-]))
    | (?P<near>NEAR(?:/(?P<distance>\d+))?{_END})
    | (?P<field>[^\W\d_]+):(?!//)
    | (?P<quoted>=?[{_ANY_QUOTE}])
    | (?P<word>(?:(?!&&|\|\|)[^\s(){_ANY_QUOTE}]|(?<=[א-ת])"(?=[א-ת]))+)  # צה"ל: Hebrew writes acronyms so
    """,
    re.VERBOSE,
)
_SLACK = re.compile(r"~(\d*)")
_FARTHEST = 999
_SPACE = re.compile(r"\s*")


def tokenise(query: str) -> list[Token]:
    """Return the tokens, the last of kind END.

    Raises:
        QueryError: a quote is not closed, or a sign stands where it means nothing.
    """
    query = query.translate(_FULL_WIDTH)
    tokens = []
    at = _skip_space(query, 0)
    while at < len(query):
        token, at = _token(query, at)
        tokens.append(token)
        at = _skip_space(query, at)
    return [*tokens, Token("END", "the end", len(query) + 1)]


def _skip_space(query: str, at: int) -> int:
    space = _SPACE.match(query, at)
    return space.end() if space else at


def _token(query: str, at: int) -> tuple[Token, int]:
    """Return the token that starts at this index, and the index after it."""
    found = _TOKEN.match(query, at)
    assert found, "the last two alternatives take any character but a space"
    text, column, end = found.group(), at + 1, found.end()
    match found.lastgroup:
        case "open":
            return Token("(", text, column), end
        case "close":
            return Token(")", text, column), end
        case "and":
            return Token("AND", text, column), end
        case "or":
            return Token("OR", text, column), end
        case "not":
            return Token("NOT", text, column), end
        case "near":
            return Token("NEAR", text, column, number=_number(found["distance"], "NEAR/5", column)), end
        case "field":
            return Token("FIELD", found["field"], column), end
        case "quoted":
            return _quoted(query, found)
    _refuse_signs(text, column)
    exact = text.startswith("=")
    return Token("WORD", text[exact:], column + exact, exact=exact), end


def _quoted(query: str, opening: re.Match[str]) -> tuple[Token, int]:
    exact = opening.group().startswith("=")
    family = next(family for family in _QUOTES if opening.group()[-1] in family)
    closing = re.compile(f"[{family}]").search(query, opening.end())
    column = opening.start() + 1
    if not closing:
        raise QueryError("This quote is not closed. Write another where the phrase ends.", column)
    inside, end = query[opening.end() : closing.start()], closing.end()
    if query.startswith("*", end):
        raise QueryError('A * goes before the closing quote: "word*"', end + 1)
    slack = _SLACK.match(query, end)
    number = _number(slack[1], '"..."~5', end + 1) if slack else 0
    return Token("PHRASE", inside, column, exact=exact, number=number), slack.end() if slack else end


def _number(digits: str | None, example: str, column: int) -> int:
    """Return how many words may stand between."""
    if digits and len(digits) <= 3 and digits.isascii():
        return int(digits)
    raise QueryError(f"Say how many words may stand between, at most {_FARTHEST}: {example}", column)


def _refuse_signs(text: str, column: int) -> None:
    """Refuse what Lucene, or a reader, would understand in a way that we do not."""
    if text[0] in "-–—−":
        raise QueryError("A dash before a word is either NOT, then write -word, or nothing: leave it out.", column)
    if text[0] == "+" and len(text) > 1:
        raise QueryError(f"Every word must be there anyway. Write {text[1:]}", column)
    if text[0] == "*":
        raise QueryError("A * can only end a word: Iran*", column)
    if re.fullmatch(r"near/\d*", text, re.IGNORECASE):
        raise QueryError(f"Write it in capitals: {text.upper()}", column)
    sign = re.search(r"[?~^\\\[\]{}]|\*(?!$)", text)
    if sign:
        message = f'{sign.group()} means nothing here (a * only at the end of a word). Put it in quotes: "{text}"'
        raise QueryError(message, column + sign.start())
