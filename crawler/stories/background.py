"""How common a word is, before the first article has come: without it, a story's first two could not be joined.

With the stream's own counts alone two founding reports of one event score 0: every word that both have is in every text
seen so far. `background.txt.gz` holds the stems that are frequent in twenty-five languages (background.md: where from,
under which licence).
"""

import gzip
import math
from functools import cache
from importlib.resources import files

ARTICLE_WORDS = 300  # in which a word is expected, or not; the measured figures are the same for 150 and 600
UNLISTED = 3e-6  # frequency of a word below the end of the table (2e-5); a third and three times of it measure alike

# A number tells the more the longer it is, and a year tells little: "3" is in every other text, "41,250" in those of
# one event.
_NUMBERS = {1: 1e-3, 2: 2e-4, 3: 5e-5}
_LONG_NUMBER = 1e-5
_YEAR = 5e-4


@cache
def _shares() -> dict[str, float]:
    """Read the table: a line a level of frequency, "MILLIBELS stem stem ..." (-450: 10 to the power of -4.5)."""
    packed = files(__package__).joinpath("background.txt.gz").read_bytes()
    shares: dict[str, float] = {}
    for line in gzip.decompress(packed).decode().splitlines():
        level, *stems = line.split(" ")
        shares.update(dict.fromkeys(stems, _share(10 ** (int(level) / 100))))
    return shares


def share_of_articles(stem: str) -> float:
    """Return the expected share (0 to 1) of articles that have a word with this stem (or this number)."""
    if stem[:1].isdigit():
        return _share(_number_frequency(stem))
    return _shares().get(stem, _UNLISTED_SHARE)


def _share(frequency: float) -> float:
    """Return the share of articles in which a word of this frequency occurs at least once (Poisson)."""
    return 1 - math.exp(-frequency * ARTICLE_WORDS)


def _number_frequency(number: str) -> float:
    digits = sum(letter.isdigit() for letter in number)
    if digits == 4 and len(number) == 4 and number[:2] in {"19", "20"}:
        return _YEAR
    return _NUMBERS.get(digits, _LONG_NUMBER)


_UNLISTED_SHARE = _share(UNLISTED)
