"""What pages that are no article say of themselves, in the languages of the press: phrases/*.txt.

One phrase alone proves nothing: articles are written about cookies, captchas and missing pages, too. But these are
spoken to the reader ("we use cookies", "verify you are human"), as reports rarely speak.
"""

import re
from collections.abc import Collection, Iterator
from pathlib import Path

from crawler.extraction.text import fold

FOLDER = Path(__file__).parent / "phrases"
# "Page not found | Saltmere Gazette". A hyphen parts only with space around. A colon does where one side is the outlet:
# "Not found: search for a lost plane ends" is a report.
_PARTING = re.compile(r"\s*(?:[|·»«•…]|::|\s[-–—]\s|[.!](?:\s|$))\s*")


def read_lines(name: str) -> list[str]:
    """Return the phrases of a file."""
    lines = (FOLDER / f"{name}.txt").read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def _titles(name: str) -> frozenset[str]:
    return frozenset(map(fold, read_lines(name)))


CHALLENGE_MARKS = read_lines("challenge-marks")
CHALLENGES = read_lines("challenges")
CONSENT = read_lines("consent")
CONSENT_STEMS = read_lines("consent-stems")
MISSING = read_lines("missing")
PAYWALL = read_lines("paywall")
SUBSCRIBE = read_lines("subscribe")
CHALLENGE_TITLES = _titles("challenge-titles")
LOGIN_TITLES = _titles("login-titles")
MISSING_TITLES = _titles("missing-titles")
MISSING_WORDS = frozenset(read_lines("missing-words"))

_ERROR_NUMBERS = frozenset(["404", "410", "500", "502", "503"])


def plain(text: str) -> str:
    """Return a text as the phrases are written: lower case, straight apostrophes."""
    return text.lower().replace("’", "'")


def spoken(text: str, phrases: list[str]) -> list[str]:
    """Return those phrases that are in a plain text."""
    return [phrase for phrase in phrases if phrase in text]


def parts(title: str, outlet: Collection[str] = ()) -> Iterator[str]:
    """Yield a title as it stands and its parts, folded; `outlet`: folded names of the outlet."""
    yield fold(title)
    for part in _PARTING.split(title):
        pieces = [fold(piece) for piece in part.split(":")]
        yield " ".join(piece for piece in pieces if piece and (len(pieces) == 1 or piece not in outlet))


def names(title: str, known: frozenset[str], outlet: Collection[str] = ()) -> bool:
    """Tell whether a title, or a part of it, is one of the known."""
    return any(part in known for part in parts(title, outlet))


def is_missing(title: str, outlet: Collection[str] = ()) -> bool:
    """Tell whether a title, or a part of it, says that the page is not there: a number, "page not found", nothing else.

    "Saltmere 404" is a boat, "404 | Saltmere Gazette" an error.
    """
    return any(map(_is_error, parts(title, outlet)))


def _is_error(part: str) -> bool:
    if part in MISSING_TITLES:
        return True
    words = part.split()
    rest = [word for word in words if word not in MISSING_WORDS and word not in _ERROR_NUMBERS]
    if " ".join(rest) in MISSING_TITLES:
        return True
    return not rest and not _ERROR_NUMBERS.isdisjoint(words)
