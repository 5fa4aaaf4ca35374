"""Words of a text, and the one form in which two spellings of a word are equal.

Requirements. A reader who types "guaido", "lodz" or "igdir" means Guaidó, Łódź and IĞDIR. What a language counts as
another letter stays another letter (Ukrainian і and ї, kana with and without dakuten), and nothing is transliterated
(Müller is not Mueller). Offsets are exact in the text as published. How fast it is done: `terms.py`.

Theory of operation. One regular expression cuts the *original* text into words, so every offset is exact by
construction; then each distinct word is folded, and remembered, since news repeats its words. A word is

- a run of letters, digits and their marks: apostrophes, dashes, dots and underscores break it, so Maduro’s is
  "Maduro" and "s", and COVID-19 is the phrase "COVID 19". In the scripts from Hebrew to Korean a run ends where Latin
  letters (as in ICU's tokeniser) or digits begin, for particles and counters are written to them: NATO는, 2026م, ב2026;
- or one character of a script written without spaces (Chinese, Japanese, Thai, ...), with its marks: a query word in
  such a script is a phrase of its characters and so is found anywhere;
- or one symbol that changes what is named: AT&T, C++, C#, $100, 50%, #hashtag, an emoji. A flag is one symbol.

Invisible characters (soft hyphen, zero-width space, joiners, variation selectors) and the tones of an emoji's skin
belong to the word around them and count for nothing.

Known exceptions. 京都 (Kyoto) is found in 東京都 (Tokyo prefecture). Over 255 characters a run is cut, as in Lucene's
StandardTokenizer: it bounds memory, and no language has such a word. German ß is ss and æ is ae, since Unicode's case
folding and Lucene's ASCIIFoldingFilter say so, and Azerbaijani ə is a. In Persian a zero-width non-joiner joins:
کتاب‌ها is found by کتاب*. One character that stands for several Chinese or Japanese ones (㍻, ㈱) is not found by them.
Dots part words even where they name something: .NET is the word NET, and U.S. is not US. A footnote's raised digit
belongs to its word (Iran¹ is "Iran1"), as that of m² does.
"""

import re
from collections.abc import Iterable
from itertools import pairwise
from unicodedata import category, decimal, name, normalize

from crawler.topics.memory import Memory

_PLANE = [chr(code) for code in range(0x10000)]  # the basic plane; the few higher ranges that matter stand by hand


def _ranges(characters: Iterable[str]) -> str:
    """Return the inside of a regular expression's [class] for these characters."""
    codes = sorted(map(ord, characters))
    breaks = [i for i in range(1, len(codes)) if codes[i] != codes[i - 1] + 1]
    runs = zip([0, *breaks], [*breaks, len(codes)], strict=True)
    return "".join(f"\\U{codes[start]:08x}-\\U{codes[stop - 1]:08x}" for start, stop in runs)


def _is_written_out(character: str) -> bool:
    """Is this a sign for a letter or two, as ⼈ for 人, Ⓐ for A or ㎏ for kg, but no label behind a name, as ™ or №?"""
    if category(character) != "So" or character in "™℠№℡":
        return False
    plain = normalize("NFKC", character)
    return plain.isalnum() and (len(plain) == 1 or plain.isascii())


_TATWEEL = "\u0640\ufcf2\ufcf3\ufcf4\ufe71\ufe77\ufe79\ufe7b\ufe7d\ufe7f"  # alone, and under a vowel mark
_FILLERS = "\u115f\u1160\u3164\uffa0"  # Korean: an empty place, a letter by category
_ARMENIAN_TONES = "\u055b\u055c\u055e"  # emphasis, ! and ?: they stand within the word (ինչո՞ւ), as in Unicode's UAX 29
# Marks and invisible characters; and some letters by category that never start a word: tatweel, the half-width
# (han)dakuten, and Thai and Lao AM, which Unicode decomposes into a mark and the vowel AA.
_EXTENDING = {c for c in _PLANE if category(c) in {"Mn", "Mc", "Me", "Cf"}}
_EXTENDING |= set(_TATWEEL + _FILLERS + _ARMENIAN_TONES + "\uff9e\uff9f\u0e32\u0e33\u0eb2\u0eb3")
_L_WITH_DOT = "\u013f\u0140"  # Catalan ŀ, for l and the middle dot of paral·lel: a word ends with it
# Letters by category and apostrophes in use: U+02B9 to U+02CF (Hawaiʻi, обʼєкт), Greek's number sign, the saltillo.
_APOSTROPHES = {chr(code) for code in (0x374, *range(0x2B9, 0x2D0), 0xA78B, 0xA78C)}
_ALPHABET = {c for c in _PLANE if c.isalnum() or _is_written_out(c)} - _EXTENDING - _APOSTROPHES - set(_L_WITH_DOT)
_EASTERN_BLOCKS = re.compile(
    "[\u0590-\u109f\u1200-\u139f\u1400-\u1c7f"  # Hebrew, Arabic, India's, Ethiopic; Georgian and Cherokee stand between
    "\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff\uffa1-\uffdc"  # Korean
    "\ua8e0-\ua8ff\uab00-\uab2f\ufb1d-\ufdff\ufe70-\ufefc]"  # more Devanagari and Ethiopic, presentation forms
)
_BLOCKS_WITHOUT_SPACES = re.compile(
    "[\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f\u1780-\u17ff"  # Myanmar, Khmer
    "\u2e80-\u312f\u31f0-\u31ff\uff66-\uff9d"  # radicals, kana, bopomofo, half-width katakana
    "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"  # Han
)
_WITHOUT_SPACES = {c for c in _ALPHABET if _BLOCKS_WITHOUT_SPACES.match(c) and not c.isdecimal()}
_EASTERN = {c for c in _ALPHABET - _WITHOUT_SPACES if _EASTERN_BLOCKS.match(c) and not c.isdecimal()}
_SYMBOLS = {c for c in _PLANE if category(c) == "Sc"} | set("&+#@%＆＋＃＠％﹠﹢﹟﹫﹪٪")
_EMOJI = "\u231a\u231b\u23e9-\u23f3\u2600-\u27bf\u2b50\u2b55\U0001f000-\U0001f3fa\U0001f400-\U0001faff"

_LETTER = _ranges(_ALPHABET - _WITHOUT_SPACES - _EASTERN) + "\U00010000-\U0001efff"
_EXTEND = _ranges(_EXTENDING) + "\U0001f3fb-\U0001f3ff\U000e0000-\U000e0fff"
_LETTER_EAST = _ranges(_EASTERN)
_SINGLE = _ranges(_WITHOUT_SPACES | _SYMBOLS) + _EMOJI + "\U00020000-\U0003ffff"
_WORD = re.compile(
    f"[{_LETTER}][{_LETTER}{_EXTEND}]{{0,254}}[{_L_WITH_DOT}]?"
    f"|[{_LETTER_EAST}][{_LETTER_EAST}{_EXTEND}]{{0,254}}"
    "|[\U0001f1e6-\U0001f1ff]{2}"  # a flag
    f"|[{_SINGLE}][{_EXTEND}]{{0,254}}"
)
_STANDS_ALONE = re.compile(f"[{_SINGLE}]")

_INVISIBLE = dict.fromkeys(
    [
        *(ord(c) for c in _EXTENDING if category(c) == "Cf"),
        *range(0xFE00, 0xFE10),  # variation selectors: ❤️ is ❤
        *range(0xE0000, 0xE1000),  # those of Han
        *range(0x180B, 0x1810),  # and of Mongolian
        *range(0x1F3FB, 0x1F400),  # and the tones of an emoji's skin
        0x034F,
        *map(ord, _TATWEEL),  # stretches a line, not a word
        *map(ord, _FILLERS + _ARMENIAN_TONES),
    ]
)

# Letters that Unicode does not decompose though readers type the plain one: "LATIN SMALL LETTER L WITH STROKE" is l.
_WITH_A_STROKE = re.compile("LATIN SMALL LETTER ([A-Z]) WITH ")
# Latin as Lucene's ASCIIFoldingFilter, Arabic as its ArabicNormalizer and PersianNormalizer, India's scripts as its
# IndicNormalizer (nukta, chandrabindu, the letters that hold a virama).
_ALIKE: dict[int, str | None] = {
    **{ord(c): found[1].lower() for c in _PLANE if (found := _WITH_A_STROKE.match(name(c, "")))},
    **{ord(letter): plain for letter, plain in zip("ðŋıȷɛɔəǝ", "dnijeoae", strict=True)},
    ord("æ"): "ae",
    ord("œ"): "oe",
    ord("þ"): "th",
    **{ord(letter): plain for letter, plain in zip("ٱىیےةەہک٪", "ايييهههك%", strict=True)},
    **{ord(c): None for c in _EXTENDING if "\u0590" < c < "\u0700" and category(c) == "Mn"},  # niqqud, harakat, hamza
    **dict.fromkeys(range(0x8D3, 0x900)),  # harakat of the Koran
    0x093C: None,
    0x0901: "\u0902",
    0x09CE: "\u09a4\u09cd",  # Bengali khanda ta
    **{chillu: f"{plain}\u0d4d" for chillu, plain in zip(range(0xD7A, 0xD80), "ണനരലളക", strict=True)},  # Malayalam
    **dict(zip(range(0x5F0, 0x5F3), ("וו", "וי", "יי"), strict=True)),  # Yiddish
    0x02BC: None,  # what Unicode decomposes ŉ into, of Afrikaans; elsewhere it breaks a word
    ord("·"): None,  # what Unicode decomposes ŀ into
    0x0300: None,  # in Cyrillic, too, the grave is a stress: Bulgarian ѝ
    **{ord(c): str(decimal(c)) for c in _PLANE if c.isdecimal()},
}
# Greek iota below a letter is left out by many, and Unicode's case folding would write it as a letter of its own.
_WITHOUT_IOTA = {ord(c): plain.replace("\u0345", "") for c in _PLANE if "\u0345" in (plain := normalize("NFD", c))}
_MARKS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
# An accent on any letter but a Cyrillic one, where it makes another letter (й, ї, ў); ё alone is also written е.
_ACCENTS = re.compile(f"(?<![\u0400-\u0434\u0436-\u052f\u0300-\u036f])[{_MARKS}]+")
_STRESS = re.compile(f"[{_MARKS}]+")  # what no Cyrillic letter took up: пу́тин
# Hindi writes the nasal before a consonant of its own class as a letter or as a dot: हिन्दी, हिंदी (as HindiNormalizer).
_NASAL = re.compile("ङ्(?=[क-घ])|ञ्(?=[च-झ])|ण्(?=[ट-ढ])|न्(?=[त-ध])|म्(?=[प-भ])")

# Thai and Lao AM begins with a mark that some type before the tone and some behind it: น้ำ, นํ้า.
_TONES_AND_AM = re.compile("[\u0e48-\u0e4d\u0ec8-\u0ecd]{2,}")


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
    return _TONES_AND_AM.sub(lambda marks: "".join(sorted(marks[0])), normalize("NFKC", word.translate(_INVISIBLE)))


def _fold(word: str) -> str:
    """Return the form in which all spellings of this word are equal: no case, no accents, one kind of digit."""
    if word.isascii():
        return word.lower()
    lower = spelling(word).translate(_WITHOUT_IOTA).casefold().replace("եւ", "եվ")  # capitals of և: ԵՎ, of old ԵՒ
    alike = normalize("NFD", lower).translate(_ALIKE).replace("\u0d4d\u0d4d", "\u0d4d")  # ൻ്റ is ന്റ
    plain = _NASAL.sub("\u0902", alike)
    return _STRESS.sub("", normalize("NFC", _ACCENTS.sub("", plain)))


fold = Memory(_fold).__getitem__  # for one of `words(text)`


def pairs(terms: list[str]) -> set[str]:
    """Return every two neighbours, joined, of scripts from Thai (U+0E00) on in Unicode.

    One Chinese character is in nearly every text, two in a row are rare: the index tells texts apart by them.
    """
    return {one + other for one, other in pairwise(terms) if one >= "\u0e00" and other >= "\u0e00"}
