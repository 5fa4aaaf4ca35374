"""A query cut into tokens, each with its place."""

import re
from collections.abc import Callable

from msgspec import Struct

from crawler.news.errors import QueryError


class Token(Struct, frozen=True, gc=False):
    """One token.

    Attributes:
        kind: the name of its group in _TOKEN, or END.
        text: as written; of a phrase what stands within the quotes, of a field its name.
        start: where it begins, in code points of the query, counted from 0.
        end: where it is over.
        exact: written with a = before it.
        number: the words of NEAR/n and "..."~n; 0: no number.
    """

    kind: str
    text: str
    start: int
    end: int
    exact: bool = False
    number: int = 0

    @property
    def column(self) -> int:
        """Where it begins, counted from 1."""
        return self.start + 1


# A keyboard for Chinese or Japanese writes （ ： ＊ － ＂, and text from right to left comes with marks that say so.
# One for one, so that columns stay.
_FOREIGN = re.compile("[！-～\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_PLAIN |= dict.fromkeys([0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF], ord(" "))

_QUOTES = ('"“”„‟', "«»", "‹›", "「」", "『』", "《》")  # a phrase ends with a quote of the family it began with
_QUOTE = "".join(_QUOTES)
_GERSHAYIM = '(?<=[א-ת])"(?=[א-ת])'  # צה"ל: Hebrew writes acronyms so
_PHRASE = "|".join(f"[{family}](?:[^{family}]++|{_GERSHAYIM})*[{family}]" for family in _QUOTES)
_END = rf"(?=$|[\s()&|{_QUOTE}])"
_TOKEN = re.compile(
    rf"""(?:
      (?P<OPEN>\() | (?P<CLOSE>\))
    | (?P<AND>&&?|AND{_END}) | (?P<OR>\|\|?|OR{_END}) | (?P<NOT>!|NOT{_END}|-(?=[^\s)-]))
    | (?P<NEAR>NEAR(?:/(?P<distance>[^\s()&|{_QUOTE}]*)|\d+)?{_END}|AROUND(?=\())
    | (?P<FIELD>(?P<name>[^\W\d_]++):(?!//))
    | (?P<PHRASE>=?(?:{_PHRASE})(?P<slack>~[^\s()&|{_QUOTE}]*)?)
    | (?P<UNCLOSED>=?[{_QUOTE}])
    | (?P<WORD>(?:[^\s()&|{_QUOTE}]++|&(?!&)|{_GERSHAYIM})+)
    )\s*+""",  # a search for the next token would try all of the above at each space: a third slower
    re.VERBOSE,
)
_FARTHEST = 999


def tokenise(query: str) -> list[Token]:
    """Return the tokens, the last of kind END.

    Raises:
        QueryError: a quote is not closed, or a sign stands where it means nothing.
    """
    if _FOREIGN.search(query):
        query = query.translate(_PLAIN)
    tokens = []
    for found in _TOKEN.finditer(query):  # any character but a space begins a token
        kind = found.lastgroup or ""
        read = _READ.get(kind)
        tokens.append(read(found) if read else Token(kind, found[kind], *found.span(kind)))
    tokens.append(Token("END", "the end", len(query), len(query)))
    return tokens


def _word(found: re.Match[str]) -> Token:
    text = found["WORD"]
    start, end = found.span("WORD")
    if text.isalnum():
        return Token("WORD", text, start, end)
    _refuse_signs(text, start + 1)
    single = _SINGLE_QUOTED.match(found.string, start)
    if single and " " in single[1]:
        raise QueryError(f'Single quotes make no phrase. Write "{single[1]}"', start + 1)
    exact = text[0] == "="
    return Token("WORD", text[exact:], start, end, exact)


def _phrase(found: re.Match[str]) -> Token:
    start, end = found.span("PHRASE")
    slack = found["slack"] or ""
    if found.string.startswith("*", end):
        raise QueryError('A * goes before the closing quote: "word*"', end + 1)
    exact = found[0][0] == "="
    inside = found.string[start + exact + 1 : end - len(slack) - 1]
    number = _number(slack[1:], '"..."~5', end - len(slack) + 1) if slack else 0
    return Token("PHRASE", inside, start, end, exact, number)


def _unclosed(found: re.Match[str]) -> Token:
    raise QueryError("This quote is not closed. Write another where the phrase ends.", found.start() + 1)


def _field(found: re.Match[str]) -> Token:
    return Token("FIELD", found["name"], *found.span("FIELD"))


def _near(found: re.Match[str]) -> Token:
    number = _number(found["distance"], "NEAR/5", found.start() + 1)
    return Token("NEAR", found["NEAR"], *found.span("NEAR"), number=number)


_READ: dict[str, Callable[[re.Match[str]], Token]] = {
    "WORD": _word,
    "PHRASE": _phrase,
    "UNCLOSED": _unclosed,
    "FIELD": _field,
    "NEAR": _near,
}


def _number(digits: str | None, example: str, column: int) -> int:
    """Return how many words may stand between."""
    if digits and len(digits) <= 3 and digits.isascii() and digits.isdigit():
        return int(digits)
    raise QueryError(f"Say how many words may stand between, at most {_FARTHEST}: {example}", column)


_SINGLE_QUOTED = re.compile(r"['‘‚‛`](\w[^'’‘‚‛`\"()]*+)['’‘`](?!\w)")
_SIGN = re.compile(
    r"""
      (?P<dash>[-–—−]) | (?P<plus>\+) | (?P<star>\*) | (?P<colon>:) | (?P<equals>=$) | (?P<slack>~) | (?P<range>[\[{])
    | (?P<near>(?i:near)/\d*$) | (?P<within>(?i:w|pre)?/\d+$)
    | [^?~\\\[\]{}^*]*+ (?: (?P<weight>\^) | (?P<sign>[?~\\\[\]{}]|\*(?!$)) )
    """,
    re.VERBOSE,
)
_MENDS = {
    "dash": "A dash before a word is either NOT, then write -word, or nothing: leave it out.",
    "plus": "Every word must be there anyway. Write {rest}",
    "star": "A * can only end a word: Iran*",
    "colon": "A : stands right behind the name of a field: headline:Iran",
    "equals": "A = stands right before its word: =US",
    "slack": 'A ~ stands right behind the closing quote of a phrase: "New York"~5',
    "range": "{sign} means nothing here: there are no ranges, and words are grouped with ( and ). Remove it.",
    "near": "Write it in capitals: {upper}",
    "within": "How many words may stand between two is written NEAR/5. Write that for {text}",
    "weight": "No word weighs more than another here. Remove the ^ and its number.",
    "sign": '{sign} means nothing here (a * only at the end of a word). Put it in quotes: "{text}"',
}


def _refuse_signs(text: str, column: int) -> None:
    """Refuse what Lucene, Google, Nexis or a reader would understand in a way that we do not."""
    found = _SIGN.match(text)
    if found:
        kind = found.lastgroup or ""
        rest = text[1:] or f'it in quotes: "{text}"'
        message = _MENDS[kind].format(sign=found[kind], rest=rest, upper=text.upper(), text=text)
        raise QueryError(message, column + found.start(kind))
