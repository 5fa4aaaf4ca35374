"""Calendar days in text."""

import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.news.days import find_days
from crawler.news.months import month_of

LANGUAGES = (Path(__file__).parents[1] / "data" / "dates" / "languages.txt").read_text(encoding="utf-8").splitlines()
LISTOPADA_2026 = {"hr": 10, "pl": 11, None: 11}


def days(text: str, *, day_first: bool | None = None, language: str | None = None) -> list[str]:
    return [day.date.isoformat() for day in find_days(text, day_first=day_first, language=language)]


@pytest.mark.parametrize("line", LANGUAGES, ids=lambda line: line[:2])
def test_twelve_months_in_sixty_languages(line: str) -> None:
    """A day in each month, as the language writes it, is read back; but for Croatian without being told which it is."""
    language, _, dates = line.partition(": ")
    for month, text in enumerate(dates.split(" | "), start=1):
        expected = [date(2026, month, month * 7 % 28 + 1).isoformat()]
        assert days(text, language=language) == expected
        assert language == "hr" or days(text) == expected


def test_a_name_that_two_languages_share_goes_by_the_page() -> None:
    """Listopad is October in Zagreb and November in Warsaw."""
    for language, month in LISTOPADA_2026.items():
        assert month_of("listopada", language) == month


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nov.3, 2026", "2026-11-03"),
        ("3 févr. 2026", "2026-02-03"),
        ("3 fevr 2026", "2026-02-03"),
        ("3. lis 2026", "2026-11-03"),
        ("3 พ.ย. 2569", "2026-11-03"),
        ("3 พฤศจิกายน 2026", "2026-11-03"),
        ("۱۲ آبان ۱۴۰۵", "2026-11-03"),
        ("٣ نوفمبر ٢٠٢٦", "2026-11-03"),
        ("令和8年11月3日", "2026-11-03"),
        ("令和元年5月1日", "2019-05-01"),
        ("2026年3月4日", "2026-03-04"),
        ("ngày 3 tháng 11 năm 2026", "2026-11-03"),
        ("03.11.26", "2026-11-03"),
        ("3 Nov '26", "2026-11-03"),
        ("28/02/2026", "2026-02-28"),
        ("02/28/2026", "2026-02-28"),
    ],
)
def test_spellings(text: str, expected: str) -> None:
    """Abbreviations, other calendars, other digits and numbers alone."""
    assert days(text) == [expected]


@pytest.mark.parametrize(
    "text", ["03/11/2026", "jui 3, 2026", "31 April 2026", "v1.2.2026.4", "10.0.0.26", "3 Smarch 2026", "1405/08/12"]
)
def test_no_day(text: str) -> None:
    """What could be either of two days, or is none of the calendar, is not read."""
    assert days(text) == []


def test_what_the_caller_knows_decides() -> None:
    """The order of day and month, and the calendar where numbers stand alone."""
    assert days("03/11/2026", day_first=True) == ["2026-11-03"]
    assert days("03/11/2026", day_first=False) == ["2026-03-11"]
    assert days("1405/08/12", language="fa") == ["2026-11-03"]
    assert days("3/11/2569", language="th", day_first=True) == ["2026-11-03"]


def test_the_iranian_new_year() -> None:
    """It falls on 20 March after a leap year of ours but in some, else on 21 March, as the almanac has it."""
    almanac = {1375: "1996-03-20", 1379: "2000-03-20", 1380: "2001-03-21", 1399: "2020-03-20", 1403: "2024-03-20"}
    for year, day in (almanac | {1404: "2025-03-21", 1409: "2030-03-21"}).items():
        assert days(f"1 فروردین {year}") == [day]


def test_several_days_stand_in_order() -> None:
    """Each with its place, so that the words between can be read as labels."""
    found = find_days("Published 3 May 2026 | Updated 5.6.2026")
    assert [(day.date, day.start, day.end) for day in found] == [
        (date(2026, 5, 3), 10, 20),
        (date(2026, 6, 5), 31, 39),
    ]


@settings(deadline=None)
@given(st.one_of(st.text(max_size=200), st.text(alphabet="0123456789-/. ,月年NovmaiThng’", max_size=80)), st.booleans())
def test_any_text_has_days_or_none(text: str, day_first: bool) -> None:
    """Nothing is raised; places are inside the text and do not overlap."""
    found = find_days(text, day_first=day_first)
    ends = [0, *(day.end for day in found)]
    assert all(end <= day.start < day.end <= len(text) for end, day in zip(ends, found, strict=False))


@pytest.mark.parametrize("unit", ["1", "a", "1 ", "may ", "may 1 ", "1.", "1/", "2026 ", " ", "may 1 10:00:00 +000 "])
def test_time_grows_with_the_text_alone(unit: str) -> None:
    """Ten times the text takes about ten times as long, not a hundred times: a second would be a square."""
    begun = time.process_time()
    find_days(unit * (200_000 // len(unit)))
    assert time.process_time() - begun < 1
