"""Calendar days in a text, in any order, script and language that outlets use.

*Theory of operation.* A few patterns, each for an order of the parts, over a short text; a name counts as a month only
if the table has it (see `months`). What is no day of the calendar is dropped, and so is what could be either of two
days, unless the caller knows the order: "03/11/2026" is November in London and March in New York.

*Known exceptions.* Years are those of the common calendar but for Thai ones (2569 is 2026) and Iranian ones (1405 is
2026), which need a month's name in that language, or the language told. Numerals in words ("zweiter Mai") are none.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from crawler.news.months import jalali_month_of, month_of

_BUDDHIST = 543  # years ahead of the common era
_BUDDHIST_YEARS = range(2500, 2700)
_JALALI_YEARS = range(1343, 1473)
_OLDEST_YEAR = 1900  # "1405/08/12" is no day of ours
_REIWA = 2018  # Japan's era: its first year is 2019

# A month's name: those of India have marks that are no letters, abbreviations of Thai have dots inside. Possessive, so
# that a long word is looked at once.
_NAME = r"(?P<m>[^\W\d_][^\s\d,،;:()/_\"'’|·•»«>…!?–—-]{1,14}+)"
_ORDINAL = r"(?:st\b|nd\b|rd\b|th\b|er\b|\.?º|°|ª|\.|-?го\b)?"
_LINK = r"(?:(?:de|of|del|di|da|ta['’])\s+|d['’]\s?)?"
_YEAR_FIRST = re.compile(r"(?<![\d.])(?P<y>\d{4})\s?[-/.年년]\s?(?P<m>\d{1,2})\s?[-/.月월]\s?(?P<d>\d{1,2})(?!\d)")
_REIWA_FIRST = re.compile(r"令和\s?(?P<y>\d{1,2}|元)\s?年\s?(?P<m>\d{1,2})\s?月\s?(?P<d>\d{1,2})\s?日")
_DOTS = re.compile(r"(?<![\d.,])(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>\d{4}|\d\d)(?![\d.,]\d|\d)")
_SLASHES = re.compile(
    r"(?<![\d/-])(?P<d>\d{1,2})\s?(?P<by>[/-])\s?(?P<m>\d{1,2})\s?(?P=by)\s?(?P<y>\d{4}|\d\d)(?![\d/-])"
)
_VIETNAMESE = re.compile(r"(?<!\d)(?P<d>\d{1,2})\s+tháng\s+(?P<m>\d{1,2})(?:,?\s+năm|,)?\s+(?P<y>\d{4})(?!\d)", re.I)
_NAMED = [
    # 3 Nov 2026, 03-Nov-26, 3. November 2026, 1er novembre 2026, 3 de noviembre de 2026
    re.compile(
        rf"(?<!\d)(?P<d>\d{{1,2}}){_ORDINAL}[\s,/-]*{_LINK}{_NAME}[\s,،/-]*(?:(?:de|del|do|of)\s+|['’])?"
        r"(?P<y>\d{4}|\d\d)(?![\d:])"
    ),
    # November 3, 2026; Nov 3rd 2026
    re.compile(rf"(?<![^\W\d_]){_NAME}\s*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:\s*,\s*|\s+)(?P<y>\d{{4}})(?![\d:])"),
    # Tue Nov  3 10:00:00 2026 (C's asctime), Tue Nov 03 10:00:00 +0000 2026
    re.compile(rf"(?<![^\W\d_]){_NAME}\s+(?P<d>\d{{1,2}})\s+\d\d:\d\d:\d\d\s(?:[+-]?\w{{1,5}}\s)?(?P<y>\d{{4}})(?!\d)"),
    # 2026. november 3., 2026 m. lapkričio 3 d.
    re.compile(rf"(?<!\d)(?P<y>\d{{4}})(?:\.|\sm\.)?[\s,-]+{_NAME}[\s-]*(?P<d>\d{{1,2}})(?![\d:])"),
    # 2026. gada 3. novembris
    re.compile(rf"(?<!\d)(?P<y>\d{{4}})\.?\s(?:gada|жылғы|ж\.)\s(?P<d>\d{{1,2}})\.?\s{_NAME}"),
]


@dataclass(frozen=True, slots=True, order=True)
class Day:
    """A calendar day and where it stands: `text[start:end]`."""

    start: int
    end: int
    date: date


def find_days(text: str, *, day_first: bool | None = None, language: str | None = None) -> list[Day]:
    """Return the days in a text, in its order, where two overlap the one that begins first. Never raises.

    Args:
        text: short: a title, a byline, a paragraph.
        day_first: how to read "03/11/2026"; None: it is no day.
        language: two letters; decides between months' names and calendars.
    """
    found = sorted(_days(text, day_first, language), key=lambda day: (day.start, -day.end))
    days: list[Day] = []
    for day in found:
        if not days or day.start >= days[-1].end:
            days.append(day)
    return days


def first_day(text: str, *, day_first: bool | None = None, language: str | None = None) -> date | None:
    """Return the day that a text tells, if several the one in numbers: for a text that should be a date, as a whole."""
    found = next(_days(text, day_first, language), None)
    return found.date if found else None


def _days(text: str, day_first: bool | None, language: str | None) -> Iterator[Day]:
    for pattern in (_YEAR_FIRST, _DOTS):
        for match in pattern.finditer(text):
            yield from _day(match, int(match["m"]), language)
    yield from _slashed(text, day_first, language)
    yield from _named(text, language)
    if "áng" in text:
        for match in _VIETNAMESE.finditer(text):
            yield from _day(match, int(match["m"]), language)
    if "令和" in text:
        for match in _REIWA_FIRST.finditer(text):
            year = 1 if match["y"] == "元" else int(match["y"])
            yield from _at(match, _calendar_day(_REIWA + year, int(match["m"]), int(match["d"])))


def _slashed(text: str, day_first: bool | None, language: str | None) -> Iterator[Day]:
    for match in _SLASHES.finditer(text):
        first, second = int(match["d"]), int(match["m"])
        if second > 12 or (first <= 12 and first != second and day_first is False):
            yield from _at(match, _calendar_day(_year(match["y"], language), first, second))
        elif first > 12 or first == second or day_first:
            yield from _day(match, second, language)


def _named(text: str, language: str | None) -> Iterator[Day]:
    for pattern in _NAMED:
        for match in pattern.finditer(text):
            word = match["m"].rstrip(".")
            if month := month_of(word, language):
                yield from _day(match, month, "th" if "\u0e00" <= word[0] <= "\u0e7f" else language)
            elif month := jalali_month_of(word):
                yield from _at(match, _from_jalali(int(match["y"]), month, int(match["d"])))


def _day(match: re.Match[str], month: int, language: str | None) -> Iterator[Day]:
    year = _year(match["y"], language)
    if language == "fa" and year in _JALALI_YEARS:
        yield from _at(match, _from_jalali(year, month, int(match["d"])))
    else:
        yield from _at(match, _calendar_day(year, month, int(match["d"])))


def _at(match: re.Match[str], day: date | None) -> Iterator[Day]:
    if day is not None:
        yield Day(match.start(), match.end(), day)


def _year(digits: str, language: str | None) -> int:
    """Two digits as RFC 5322 section 4.3 reads them: 00 to 49 are this century's."""
    year = int(digits)
    if len(digits) < 4:
        return year + (2000 if year < 50 else 1900)
    return year - _BUDDHIST if language == "th" and year in _BUDDHIST_YEARS else year


def _calendar_day(year: int, month: int, day: int) -> date | None:
    if year < _OLDEST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:  # the 31st of February
        return None


def _from_jalali(year: int, month: int, day: int) -> date | None:
    """Convert a day of the Iranian calendar by its 33-year cycle of leap years, right from 1343 to 1472 (1964-2093)."""
    if year not in _JALALI_YEARS or not 1 <= month <= 12 or not 1 <= day <= 31:
        return None
    leap_days = (8 * year + 21) // 33 - (8 * 1343 + 21) // 33
    days = (year - 1343) * 365 + leap_days + 31 * (month - 1) - max(0, month - 7) + day - 1
    return date(1964, 3, 21) + timedelta(days=days)
