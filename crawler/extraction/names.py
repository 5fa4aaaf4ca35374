"""The text of a byline to the names in it.

*Requirements.* "By Ann Roe, Staff Writer, and Bo Lund in Harbourton" holds "Ann Roe" and "Bo Lund": no "By", role,
place, date, degree, address or outlet. In as many languages and scripts as bylines are written in.

*Theory of operation.* What introduces a name ("By", "Von", "Text:") goes, what follows it (a date, "on", "for", a role)
is cut off, the rest is split at commas and joining words. A person's name looks like one: two to six capitalised words,
or a few characters of a script without capitals. Where one part looks so, the parts that do not are roles and places;
where none does, the first is a pen name, an agency or an outlet.

*Known exceptions.* A name that is also a joining word ("Und") is split, one that is a "By" ("Di Moor") is cut. An
outlet that looks like a person ("Bo Coast") is taken for one, unless the page gives that name to itself. A role in a
language that is not listed stays a name.
"""

import re
from collections.abc import Iterator
from enum import IntEnum

from crawler.extraction import byline_words as vocabulary
from crawler.extraction.byline_words import NEWSROOM, NOBODY, ORGANISATIONS, PARTICLES, ROLES
from crawler.extraction.outlet import Outlet
from crawler.extraction.text import fold, tidy

MAX_BYLINE_CHARS = 200  # of 423 real pages, the longest byline that was read right has 114
_MAX_NAME_CHARS = 60
_MAX_NAME_WORDS = 6


class Kind(IntEnum):
    """How much a name says of who wrote the article, least first."""

    INITIALS = 0  # "ssi", "dpa": a newsroom's shorthand
    OUTLET = 1  # the publisher itself, its newsroom, its address
    OTHER = 2  # a pen name, another organisation
    PERSON = 3


_FIRST_WORD = re.compile(r"\W*([^\W\d_]*)")
_OPENERS = {"", "byby"}  # the first words of all that may open a byline


def _any_of(phrases: str) -> str:
    """Return a pattern for any of these."""
    _OPENERS.update(match[1] for phrase in phrases.split() if (match := _FIRST_WORD.match(phrase)))
    return "|".join(re.escape(phrase).replace("_", r"\s") for phrase in phrases.split())


_BY, _LABEL, _OPENING = _any_of(vocabulary.BY), _any_of(vocabulary.LABEL), _any_of(vocabulary.OPENING)
_SAID = rf"(?:{_any_of(vocabulary.MADE)})\s(?:\S+\s){{0,6}}?(?:{_BY})(?=[\s:]|$)"
_INTRODUCTION = re.compile(
    rf"[\s(\[–—-]*(?:{_SAID}|(?:{_any_of(vocabulary.MORE)})\s(?:\S+\s){{0,3}}?(?:{_BY}|about|from|of|de)(?=\s)"
    rf"|(?:{_BY})(?=[\s:]|$|by\s)|(?:{_LABEL})\s?(?:[:：]|$)|文\s?[/／]|(?:{_OPENING})(?=\s))\s?:?\s*",
    re.IGNORECASE,
)
_DECLARATION = re.compile(
    rf"[\s(\[–—-]*(?:{_SAID}|(?:{_LABEL})\s?(?:[:：]|$)|(?:{_OPENING})(?=\s))\s?:?\s*", re.IGNORECASE
)
_HELP = re.compile(
    rf"\W*(?:(?:{_any_of(vocabulary.HELPED)})\s(?:by|from)\b|(?:{_any_of(vocabulary.HELP_LABEL)})\s?(?:[:：]|$)|©"
    rf"|(?:{_any_of(vocabulary.HELP)})\b)",
    re.IGNORECASE,
)
_SEGMENTS = re.compile(r"\s*[|•·●»›\n]\s*|\s[-–—]+\s")
_AND = r"(?:and|und|y|et|e|og|och|en|i|и|&|\+|với|ve|και|及|和)\s+"
_JOINT = re.compile(rf"\s*[,;、،]\s*(?:{_AND})?|\s+{_AND}", re.IGNORECASE)
# What follows a name and is none of it: brackets, numbers, and lower-case words ("Am" and "In" can be names).
_TAIL = re.compile(
    r"\s*[(（\[].*"
    r"|(?:^|\s|(?<=[a-zß-ÿ]))(?:Jan|Feb|Mar|Mär|Apr|Ma[iy]|Jun|Jul|Aug|Sep|O[kc]t|Nov|De[cz]|Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
    r"[a-zäé]*\.?,?\s*\d.*"
    r"|\s(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Mon|Diens|Donners|Frei|Sams|Sonn)tag|Mittwoch)\b.*"
    r"|\s*[,–—-]?\s*\d.*"
    r"|\s+(?:on|am|in|at|for|für|from|aus|with|via|dans|à|em|para|pour|per|voor|vor|about|this|is|was|has|il|den|le|el|w|zuletzt)\s.*"
    rf"|\s+(?i:(?:{_any_of(vocabulary.HELPED)})\s(?:by|from)\b|(?:{_any_of(vocabulary.HELPED_BEHIND)})(?=[\s:/／]|$)).*"
    r"|\s*(?:Updated|Published|Posted|Follow|Mehr|Read|View|Illustration|Fotos?|Photos?|Bild|Twitter|Facebook)\b.*"
)
_OF_PICTURES = re.compile(rf"[(\[（]\s*(?:{_any_of(vocabulary.HELP_LABEL)})\s*[)\]）]", re.IGNORECASE)
_MARKUP = re.compile(r"</?[a-z][^<>]{0,200}>", re.IGNORECASE)
_EDGES = " .:,;-–—*()[]{}\"'„“”«»‹›/\\_#|•·"
_COMMON_NOUN = re.compile(r"(?:the|an?) [a-z]")  # "By the numbers"
_ADDRESS = re.compile(r"\S*@\S+|https?:\S*|\S*www\.\S*|\bmailto:\S*")
_IN_BRACKETS = re.compile(r"\S \((?:www\.|https?:)?[\w-]+\.[\w.-]+\)")  # "Tidewatch (www.tidewatch.example)"
_DOMAIN = re.compile(r"(?:www\.)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,4}", re.IGNORECASE)
# To a regex, vowel signs, accents and joiners are no letters: it would end "मृणालिनी" after the first.
_LETTERS = (
    r"(?:[^\W\d_]|[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0980-\u0dff\u0e31-\u0e4e"
    r"\u0eb1-\u0ece\u102b-\u103e\u17b4-\u17d3\u200c\u200d])+"
)
_NAME = re.compile(rf"{_LETTERS}(?:[ .'’`·・-]+{_LETTERS})*\.?")
_CASED = re.compile(r"[a-zA-Z\u00c0-\u052f\u10a0-\u10ff\u1e00-\u1fff]")  # Latin to Cyrillic, Georgian, Greek
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")


class Names:
    """Reads the bylines of one page."""

    def __init__(self, outlet: Outlet) -> None:
        self._outlet = outlet
        # A page names the same people again and again.
        self._kinds: dict[str, Kind] = {}
        self._read: dict[str, list[tuple[str, Kind]]] = {}

    def read(self, text: str, hints: tuple[str, ...] = ()) -> list[tuple[str, Kind]]:
        """Return the names in a byline with their kinds, in order: the people, or else the one that stands first.

        Args:
            hints: texts of links and the like in it that are a name each, whatever stands around them.
        """
        if len(text) > 2 * MAX_BYLINE_CHARS:
            return []
        if hints:
            return self._find(_apart(tidy(text), hints))
        if text not in self._read:
            self._read[text] = self._find(tidy(text))
        return self._read[text]

    def _find(self, line: str) -> list[tuple[str, Kind]]:
        if "<" in line:  # metadata is often escaped markup
            line = _MARKUP.sub(" ", line)
        if len(line) > 2 * MAX_BYLINE_CHARS:
            return []
        named = [(name, self.kind(name)) for part in _parts(line) if (name := self._bare(part))]
        if _IN_BRACKETS.search(line):
            named = [(name, min(kind, Kind.OUTLET)) for name, kind in named]
        people = [pair for pair in named if pair[1] == Kind.PERSON]
        return list(dict.fromkeys(people or named[:1]))

    def kind(self, name: str) -> Kind:
        """Return what a name is, from its looks and from what the outlet is called."""
        if name not in self._kinds:
            self._kinds[name] = self._judge(name)
        return self._kinds[name]

    def is_outlet(self, name: str) -> bool:
        """Return whether a name is the outlet's own."""
        return self._outlet.is_told_by(name)

    def _judge(self, name: str) -> Kind:
        if self.is_outlet(name) or _DOMAIN.fullmatch(name):
            return Kind.OUTLET
        if looks_personal(name):
            return Kind.PERSON
        folded = fold(name)
        if len(folded) <= 4 and folded.isascii():
            return Kind.INITIALS
        return Kind.OTHER if NEWSROOM.isdisjoint(folded.split()) else Kind.OUTLET

    def _bare(self, part: str) -> str:
        """Return a piece of a byline without what stands around the name, "" if nothing is left."""
        if _OF_PICTURES.search(part):
            return ""  # "Bo Lund (Fotos)"
        name = _TAIL.sub("", _without_introduction(part).strip(_EDGES)).strip(_EDGES)
        words = name.split()
        if len(words) > 2:
            shorter = " ".join(words[: self._end_of_name(words)]).strip(_EDGES)
            name = shorter if looks_personal(shorter) else name
        folded = fold(name)
        is_nobody = folded in NOBODY or NOBODY.issuperset(folded.split()) or bool(_COMMON_NOUN.match(name))
        return "" if is_nobody or len(name) > _MAX_NAME_CHARS else name

    def _end_of_name(self, words: list[str]) -> int:
        """Return how many words the name has: a role, the outlet, or two words in capitals end it."""
        for at in range(2, len(words)):
            if words[at].strip(_EDGES).casefold() in ROLES or self._outlet.is_named(" ".join(words[at:])):
                return at - 1 if at > 2 and self.is_outlet(words[at - 1]) else at  # "Ann Roe Tidewatch Staff"
            if words[at:][1:] and all(map(str.isupper, words[at:])) and not words[0].isupper():
                return at
        return len(words)


def introduced(text: str) -> str | None:
    """Return what follows the "By" or "Author:" that a text opens with; None: it does not."""
    return _behind(_INTRODUCTION, text)


def declared(text: str) -> str | None:
    """Return what follows an opening that is one anywhere ("Author:", "Written by", not "By"); None: it has none."""
    return _behind(_DECLARATION, text)


def help_credited(text: str) -> str | None:
    """Return what follows the credit for pictures, editing or translation that a text opens with; None: it does not."""
    return _behind(_HELP, text)


def _behind(opening: re.Pattern[str], text: str) -> str | None:
    first = _FIRST_WORD.match(text)
    word = first[1].casefold() if first else ""
    if word.isascii() and word not in _OPENERS:
        return None  # nearly all texts: their first word tells in a fifth of the time
    match = opening.match(text)
    return text[match.end() :] if match else None


def looks_personal(text: str) -> bool:
    """Return whether a text looks like the name of a person: "Ann van Roe", "ANN ROE", "A. J. Roe", "张三"."""
    if len(text) > _MAX_NAME_CHARS or not _NAME.fullmatch(text):
        return False
    words = text.split()
    if len(words) > _MAX_NAME_WORDS:
        return False
    if not _CASED.search(text):
        return 2 <= len(text) <= 6 if _UNSPACED.search(text) else len(words) > 1
    capitalised = [word for word in words if word not in PARTICLES]
    if len(capitalised) < 2 or len(capitalised[-1].strip(".")) < 2 or any(word[0].islower() for word in capitalised):
        return False
    parts = {part.strip(".'’") for word in words for part in word.casefold().split("-")}
    return parts.isdisjoint(ORGANISATIONS) and parts.isdisjoint(ROLES)


def _apart(line: str, hints: tuple[str, ...]) -> str:
    """Return a byline with commas around the hints: the longest, but not two of them run together ("Ann RoeEditor")."""
    done: list[str] = []
    for hint in sorted(hints, key=len, reverse=True):
        glued = any(hint != other and hint.startswith(other) and hint[len(other)].isalnum() for other in hints)
        if not glued and hint in line and not any(hint in other for other in done):
            done.append(hint)
            line = line.replace(hint, f", {hint}, ")
    return line


def _parts(line: str) -> Iterator[str]:
    """Yield the pieces of a byline that may be a name each."""
    for segment in _SEGMENTS.split(_ADDRESS.sub(" ", line)):
        for part in _JOINT.split(_without_introduction(segment)):
            halves = [half.strip() for half in part.split("/")]
            yield from halves if all(map(looks_personal, halves)) else [part]


def _without_introduction(text: str) -> str:
    for _ in range(2):  # "Words by Ann Roe", "Byby Ann Roe"
        rest = introduced(text)
        text = text if rest is None else rest
    return text
