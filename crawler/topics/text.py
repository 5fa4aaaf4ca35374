"""Words of a text, and the one form in which two spellings of a word are equal.

Requirements. A reader who types "guaido", "lodz" or "igdir" means Guaidó, Łódź and IĞDIR. What a language counts as
another letter stays another letter (Ukrainian і and ї, kana with and without dakuten), and nothing is transliterated
(Müller is not Mueller). Offsets are exact in the text as published. An article of 500 words takes about 0.2 ms.

Theory of operation. One regular expression cuts the *original* text into words, so every offset is exact by
construction; then each distinct word is folded, and remembered, since news repeats its words. A word is

- a run of letters, digits and their marks: apostrophes, dashes, dots and underscores break it, so Maduro’s is
  "Maduro" and "s", and COVID-19 is the phrase "COVID 19";
- or one character of a script written without spaces (Chinese, Japanese, Thai, ...), with its marks: a query word in
  such a script is a phrase of its characters and so is found anywhere;
- or one symbol that changes what is named: AT&T, C++, C#, $100, 50%, #hashtag, an emoji. A flag is one symbol.

Invisible characters (soft hyphen, zero-width space, joiners, variation selectors) belong to the word around them and
count for nothing.

Known exceptions. 京都 (Kyoto) is found in 東京都 (Tokyo prefecture). Over 255 characters a run is cut, as in Lucene's
StandardTokenizer: it bounds memory, and no language has such a word. German ß is ss and æ is ae, since Unicode's case
folding and Lucene's ASCIIFoldingFilter say so. In Persian a zero-width non-joiner joins: کتاب‌ها is found by کتاب*.
"""

import re
from collections.abc import Iterable
from itertools import pairwise
from unicodedata import category, decimal, normalize

from crawler.topics.memory import Memory

_PLANE = [chr(code) for code in range(0x10000)]  # the basic plane; the few higher ranges that matter stand by hand


def _ranges(characters: Iterable[str]) -> str:
    """Return the inside of a regular expression's [class] for these characters."""
    codes = sorted(map(ord, characters))
    breaks = [i for i in range(1, len(codes)) if codes[i] != codes[i - 1] + 1]
    runs = zip([0, *breaks], [*breaks, len(codes)], strict=True)
    return "".join(f"\\U{codes[start]:08x}-\\U{codes[stop - 1]:08x}" for start, stop in runs)


_TATWEEL = "\u0640\ufcf2\ufcf3\ufcf4\ufe71\ufe77\ufe79\ufe7b\ufe7d\ufe7f"  # alone, and under a vowel mark
# Marks and invisible characters; and some letters by category that never start a word: tatweel, the half-width
# (han)dakuten, and Thai and Lao AM, which Unicode decomposes into a mark and a vowel.
_EXTENDING = {c for c in _PLANE if category(c) in {"Mn", "Mc", "Me", "Cf"}} | set(_TATWEEL + "\uff9e\uff9f\u0e33\u0eb3")
# U+02B9 to U+02CF (and U+0374) are letters by category and apostrophes in use: Hawaiʻi, обʼєкт.
_ALPHABET = {c for c in _PLANE if c.isalnum()} - _EXTENDING - {chr(code) for code in (0x374, *range(0x2B9, 0x2D0))}
_BLOCKS_WITHOUT_SPACES = re.compile(
    "[\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\u1780-\u17ff"  # Myanmar, Khmer
    "\u2e80-\u312f\u31f0-\u31ff\uff66-\uff9d"  # radicals, kana, bopomofo, half-width katakana
    "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"  # Han
)
_WITHOUT_SPACES = {c for c in _ALPHABET if _BLOCKS_WITHOUT_SPACES.match(c) and not c.isdecimal()}
_SYMBOLS = {c for c in _PLANE if category(c) == "Sc"} | set("&+#@%＆＋＃＠％﹠﹢﹟﹫﹪")

_LETTER = _ranges(_ALPHABET - _WITHOUT_SPACES) + "\U00010000-\U0001efff"
_EXTEND = _ranges(_EXTENDING) + "\U000e0000-\U000e0fff"
_SINGLE = _ranges(_WITHOUT_SPACES | _SYMBOLS) + "\u2600-\u27bf\U0001f000-\U0001faff\U00020000-\U0003ffff"
_WORD = re.compile(
    f"[{_LETTER}][{_LETTER}{_EXTEND}]{{0,254}}"
    "|[\U0001f1e6-\U0001f1ff]{2}"  # a flag
    f"|[{_SINGLE}][{_EXTEND}]{{0,254}}"
)
_STANDS_ALONE = re.compile(f"[{_SINGLE}]")

_INVISIBLE = dict.fromkeys(
    [
        *(ord(c) for c in _EXTENDING if category(c) == "Cf"),
        *range(0xFE00, 0xFE10),  # variation selectors: ❤️ is ❤
        *range(0xE0000, 0xE1000),  # and those of Han
        0x034F,
        *map(ord, _TATWEEL),  # stretches a line, not a word
    ]
)

# Letters that Unicode does not decompose though readers type the plain one. Latin as Lucene's ASCIIFoldingFilter,
# Arabic as its ArabicNormalizer and PersianNormalizer, Hindi as its IndicNormalizer (nukta, chandrabindu).
_ALIKE: dict[int, str | None] = {
    **{ord(letter): plain for letter, plain in zip("łøđðħŧıŋɓɗƙƴ", "loddhtinbdky", strict=True)},
    ord("æ"): "ae",
    ord("œ"): "oe",
    ord("þ"): "th",
    **{ord(letter): plain for letter, plain in zip("ٱىیېةەہک", "ايييهههك", strict=True)},
    **{ord(c): None for c in _EXTENDING if "\u0590" < c < "\u0700" and category(c) == "Mn"},  # niqqud, harakat, hamza
    0x093C: None,
    0x0901: "\u0902",
    **{ord(c): str(decimal(c)) for c in _PLANE if c.isdecimal()},
}
# An accent on any letter but a Cyrillic one, where it makes another letter (й, ї, ў); ё alone is also written е.
_ACCENTS = re.compile("(?<![\u0400-\u0434\u0436-\u052f\u0300-\u036f])[\u0300-\u036f\u20d0-\u20ff]+")
_STRESS = re.compile("[\u0300-\u036f]+")  # what no Cyrillic letter took up: пу́тин


def words(text: str) -> list[str]:
    """Return the words of the text, in order, as it spells them."""
    return _WORD.findall(text)


def spans(text: str) -> list[tuple[int, int]]:
    """Return where each of `words(text)` starts and ends, in code points of this very text."""
    return [word.span() for word in _WORD.finditer(text)]


def stands_alone(word: str) -> bool:
    """Is this a character of a script without spaces, or a symbol, which nothing can continue?"""
    return _STANDS_ALONE.match(word) is not None


def spelling(word: str) -> str:
    """Return the word with its case and accents, without what no reader sees: =Exact compares this form."""
    return normalize("NFKC", word.translate(_INVISIBLE))


def _fold(word: str) -> str:
    """Return the form in which all spellings of this word are equal: no case, no accents, one kind of digit."""
    if word.isascii():
        return word.lower()
    plain = normalize("NFD", spelling(word).casefold()).translate(_ALIKE)
    return _STRESS.sub("", normalize("NFC", _ACCENTS.sub("", plain)))


fold = Memory(_fold).__getitem__  # for one of `words(text)`


def pairs(terms: list[str]) -> set[str]:
    """Return every two neighbours, joined, of scripts from Thai (U+0E00) on in Unicode.

    One Chinese character is in nearly every text, two in a row are rare: the index tells texts apart by them.
    """
    return {one + other for one, other in pairwise(terms) if one >= "\u0e00" and other >= "\u0e00"}
