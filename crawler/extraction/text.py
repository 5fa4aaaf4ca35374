"""Small text helpers that every field of a page needs."""

import re
import unicodedata

from crawler.news.markup import unescaped

_WORD = re.compile(r"\w+")
_LONGEST_COMPARED = 3_000  # characters
# Chinese, Japanese, Thai, Lao, Khmer and Burmese write no spaces: each character stands for a word.
UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
# Half a surrogate pair, which JSON can spell ("\ud83d") and no encoding can write, goes with what nobody can see.
_INVISIBLE = re.compile(r"[\u00ad\u200b\u2060\ufeff\ud800-\udfff\x00-\x08\x0e-\x1b\x7f]")


def one_line(text: str) -> str:
    """Return a text on one line: space folded, invisible characters out."""
    line = " ".join(text.split())
    return line if line.isprintable() else _INVISIBLE.sub("", line)


def tidy(value: object) -> str:
    """Return a string on one line: entities resolved, invisible characters out, space folded; "" for anything else.

    Metadata is often escaped twice ("R&amp;uuml;ckbau"): resolving again what the parser left is measured to help.
    """
    if not isinstance(value, str):
        return ""
    if "&" in value:
        value = unescaped(value)
    return one_line(value)


def fold(text: str) -> str:
    """Return the words alone, case-folded and compatibility-normalised: how two texts are compared.

    Of a longer text the beginning counts: Python sorts the accents of a letter in the square of their number.
    """
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", text[:_LONGEST_COMPARED]).casefold()))


def count_words(text: str) -> int:
    """Count words; in scripts without spaces two characters make one word, about what readers' counts say."""
    unspaced = 0 if text.isascii() else len(UNSPACED.findall(text))
    return len(_WORD.findall(UNSPACED.sub(" ", text) if unspaced else text)) + unspaced // 2
