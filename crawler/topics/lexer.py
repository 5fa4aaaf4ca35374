"""A query cut into tokens, each with its place."""

import re
from collections.abc import Callable, Sequence

from msgspec import Struct

from crawler.news.errors import QueryError


class Token(Struct, frozen=True, gc=False):
    """One token.

    Attributes:
        kind: the name of its group in _TOKEN (a PLAIN one is a WORD), or END.
        text: as written; of a phrase what stands within the quotes, of a field its name.
        start: where it begins, in code points of the query, counted from 0.
        end: where it is over.
        exact: written with a = before it.
        number: the words of NEAR/n and "..."~n; None: no number.
    """

    kind: str
    text: str
    start: int
    end: int
    exact: bool = False
    number: int | None = None

    @property
    def column(self) -> int:
        """Where it begins, counted from 1."""
        return self.start + 1


# A keyboard for Chinese or Japanese writes （ ： ＊ － ＂. One for one.
_PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
# What nobody sees and `text.py` drops from every word: web pages and chats leave it in what is copied from them.
_UNSEEN = "\u00ad\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
_UNSEEN += "\u3164\ufe00-\ufe0f\ufeff\uffa0"
_SEEN = re.compile(f"[^{_UNSEEN}]")
_FOREIGN = re.compile(f"[！-～{_UNSEEN}]")

# A phrase ends with a quote of the family it began with.
_QUOTES = ('"“”„‟', "«»", "‹›", "「」", "『』", "《》", "〈〉", "〝〞〟")
_QUOTE = "".join(_QUOTES)
# צה"ל: Hebrew writes acronyms so, a telephone with a curly quote, a schoolbook with vowel points.
_GERSHAYIM = '(?<=[\u05b0-\u05bc\u05c1\u05c2א-ת])["”“„](?=[א-ת])'
_PHRASE = "|".join(f"[{family}](?:[^{family}]++|{_GERSHAYIM})*[{family}]" for family in _QUOTES)
_END = rf"(?=$|[\s()&|{_QUOTE}])"
_TOKEN = re.compile(
    rf"""(?:
      (?P<PLAIN>(?!(?:AND|OR|NOT|NEAR|XOR|AROUND|ANDNOT|ADJ)\d*\b)[^\W_]++(?=[\s)]|$))  # nearly every WORD
    | (?P<OPEN>\() | (?P<CLOSE>\))
    | (?P<AND>&&?|AND{_END}) | (?P<OR>\|\|?|OR{_END}) | (?P<NOT>NOT{_END}|(?<![{_QUOTE})])[!-](?=[^\s)-]))  # «Зенит»-2
    | (?P<NEAR>NEAR(?:/(?P<distance>[^\s()&|{_QUOTE}]*)|\d+)?{_END}|AROUND(?=\())
    | (?P<ELSEWHERE>(?:XOR|ANDNOT|ADJ\d+){_END})
    | (?P<FIELD>(?P<name>[^\W\d_]\w*+):(?!//))
    | (?P<PHRASE>=?(?:{_PHRASE})(?P<slack>~[^\s()&|{_QUOTE}]*)?)
    | (?P<UNCLOSED>=?[{_QUOTE}])
    | (?P<WORD>(?:[^\s()&|{_QUOTE}]++|&(?!&)|{_GERSHAYIM})+)
    )
    (?:(?<=[{_QUOTE})])[.…。।۔։]++(?![^\s)]))?  # where a sentence was copied, its full stop stands behind the quote
    \s*+  # a search for the next token would try all of the above at each space: a third slower
    """,
    re.VERBOSE,
)
_FARTHEST = 999


def plain(query: str) -> tuple[str, Sequence[int]]:
    """Return the query in plain characters, without those that nobody sees, and where each of its characters stood.

    One place more is where the query ends.
    """
    if query.isascii() or not _FOREIGN.search(query):
        return query, range(len(query) + 1)
    places = [seen.start() for seen in _SEEN.finditer(query)]
    return "".join(query[place] for place in places).translate(_PLAIN), [*places, len(query)]


def tokenise(query: str) -> list[Token]:
    """Return the tokens of a `plain` query, the last of kind END.

    Raises:
        QueryError: a quote is not closed, or a sign stands where it means nothing.
    """
    tokens = []
    for found in _TOKEN.finditer(query):  # any character but a space begins a token
        kind = found.lastgroup or ""
        read = _READ.get(kind)
        tokens.append(read(found) if read else Token(kind, found[kind], *found.span(kind)))
    tokens.append(Token("END", "the end", len(query), len(query)))
    return tokens


def _word(found: re.Match[str]) -> Token:
    text = found["WORD"]
    start = found.start()
    end = start + len(text)
    if text.isalnum():
        return Token("WORD", text, start, end)
    single = _SINGLE_QUOTED.match(found.string, start)
    if single and " " in single[1]:
        raise QueryError(f'Single quotes make no phrase. Write "{single[1]}"', start + 1)
    checked = text.translate(_OF_ADDRESSES) if "://" in text else text
    _refuse_glue(checked, start + 1)
    _refuse_signs(checked, start + 1)
    exact = text[0] == "="
    return Token("WORD", text[exact:], start, end, exact)


def _phrase(found: re.Match[str]) -> Token:
    start, end = found.span("PHRASE")
    slack = found["slack"] or ""
    if found.string.startswith("*", end):
        raise QueryError('A * goes before the closing quote: "word*"', end + 1)
    exact = found[0][0] == "="
    inside = found.string[start + exact + 1 : end - len(slack) - 1]
    number = _number(slack[1:], '"..."~5', end - len(slack) + 1) if slack else None
    return Token("PHRASE", inside, start, end, exact, number)


def _unclosed(found: re.Match[str]) -> Token:
    raise QueryError("This quote is not closed. Write another where the phrase ends.", found.start() + 1)


def _elsewhere(found: re.Match[str]) -> Token:
    text = found["ELSEWHERE"]
    mend = {"XOR": "(a OR b) NOT (a AND b)", "ANDNOT": "NOT"}.get(text, "NEAR/5")
    raise QueryError(f'{text} is no operator here. Write {mend}, or "{text}" for the word.', found.start() + 1)


def _field(found: re.Match[str]) -> Token:
    return Token("FIELD", found["name"], *found.span("FIELD"))


def _near(found: re.Match[str]) -> Token:
    number = _number(found["distance"], "NEAR/5", found.start() + 1)
    return Token("NEAR", found["NEAR"], *found.span("NEAR"), number=number)


def _plain(found: re.Match[str]) -> Token:
    return Token("WORD", found["PLAIN"], *found.span("PLAIN"))


_READ: dict[str, Callable[[re.Match[str]], Token]] = {
    "PLAIN": _plain,
    "WORD": _word,
    "PHRASE": _phrase,
    "UNCLOSED": _unclosed,
    "ELSEWHERE": _elsewhere,
    "FIELD": _field,
    "NEAR": _near,
}


def _number(digits: str | None, example: str, column: int) -> int:
    """Return how many words may stand between."""
    if digits and len(digits) <= 3 and digits.isascii() and digits.isdigit():
        return int(digits)
    raise QueryError(f"Say how many words may stand between, at most {_FARTHEST}: {example}", column)


def misplaced_star(written: str) -> str:
    """Return what to say of a * in this word that does not end it."""
    ended = _ENDED_BY_A_STAR.fullmatch(written)
    return f"No sign can follow a *. Write {ended[1]}*" if ended else "A * can only end a word: Iran*"


_ENDED_BY_A_STAR = re.compile(r"\W*(\w[^*]*)\*\W*")
_OF_ADDRESSES = str.maketrans("?~,;", "////")  # what means something in https://example.com/7,75399?q=1, but not to us
_SINGLE_QUOTED = re.compile(r"['‘’‚‛`´]{1,2}(\w[^'‘’‚‛`´\"()]*+)['‘’`´](?!\w)")
_COMMA = re.compile("[,;、،؛]")
_BETWEEN = re.compile(rf"{_COMMA.pattern}(?=\w)(?:(?<!\d.)|(?=\D))")  # but 1,000 is a number
# But =OR is Oregon, and D'OR is gold. Looking behind last takes half the time.
_OPERATOR = re.compile("|".join(rf"{name}(?!\w)(?<![\w='’]{name})" for name in ("AND", "OR", "NOT", "NEAR")))


def _refuse_glue(text: str, column: int) -> None:
    """Refuse an operator or a comma that a reader sees within what would be one phrase."""
    if operator := _OPERATOR.search(text):
        message = f'Write a space before and after {operator[0]}; as a word it stands in quotes: "{text}"'
        raise QueryError(message, column + operator.start())
    comma = _BETWEEN.search(text, 1)
    if comma:
        parts = [part for part in _COMMA.split(text) if part]
        message = (
            f"A {comma[0]} may mean OR or AND. "
            f'Write ({" OR ".join(parts)}), or "{" ".join(parts)}" for these words side by side'
        )
        raise QueryError(message, column + comma.start())


# Unicode's dashes (category Pd), the minus and the hyphen bullet.
_DASH = "-\u058a\u05be\u1806\u2010-\u2015\u2043\u2212\u2e17\u2e1a\u2e3a\u2e3b\u2e40\u301c\u3030\ufe31\ufe32\ufe58\ufe63"
_SIGN = re.compile(
    rf"""
      (?P<dash>[{_DASH}]) | (?P<plus>\+) | (?P<star>\*) | (?P<colon>:) | (?P<equals>=$)
    | (?P<exact>=+[^\W\d_]\w*+:(?!//)) | (?P<slack>~) | (?P<range>[\[{{])
    | (?P<near>(?i:near)/\d*$) | (?P<within>(?i:w|n|pre|adj|onear)?/(?:\d+|[sp])$)
    | [^?~\\\[\]{{}}^*]*+
      (?: (?P<weight>\^) | (?P<late>\*(?!$)) | (?P<fuzzy>~) | (?P<wild>\?) | (?P<sign>[\\\[\]{{}}]) )
    """,
    re.VERBOSE,
)
_MENDS = {
    "dash": "A dash before a word is either NOT, then write -word, or nothing: leave it out.",
    "plus": "Every word must be there anyway. Remove the +.",
    "star": "A * can only end a word: Iran*",
    "colon": "A : stands right behind the name of a field: headline:Iran",
    "equals": "A = stands right before its word: =US",
    "exact": "A = stands right before its word: headline:=US",
    "slack": 'A ~ stands right behind the closing quote of a phrase: "New York"~5',
    "range": "{sign} means nothing here: there are no ranges, and words are grouped with ( and ). Remove it.",
    "near": "Write it in capitals: {upper}",
    "within": "How many words may stand between two is written NEAR/5. Write that for {text}",
    "weight": "No word weighs more than another here. Remove the ^ and its number.",
    "late": "{star}",
    "fuzzy": 'A ~ means nothing behind a word. Remove it. Words near one another are written "New York"~5',
    "wild": "A ? means nothing here. Remove it. For all words that begin alike write Iran*",
    "sign": "{sign} means nothing here. Remove it.",
}


def _refuse_signs(text: str, column: int) -> None:
    """Refuse what Lucene, Google, Nexis or a reader would understand in a way that we do not."""
    found = _SIGN.match(text)
    if found:
        kind = found.lastgroup or ""
        message = _MENDS[kind].format(sign=found[kind], upper=text.upper(), text=text, star=misplaced_star(text))
        raise QueryError(message, column + found.start(kind))
