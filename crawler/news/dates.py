"""Dates as outlets write them, read in one place for feeds, sitemaps and pages alike.

Requirements:
    Every spelling that outlets use becomes aware UTC, or None; nothing is raised and nothing guessed. Before 1990, or
    more than a day ahead of now, is no date: an unset clock, an expiry date, a Buddhist or Persian year.

Theory of operation:
    Find the day, then the time, then the zone right after the time. A zone's name is read by the table below, because
    feedparser 6.0.14 takes CET, CEST, BST, MSK, JST and IST for UTC and "2026/11/03" for 11 January
    (9 of 30 pubDate spellings measured were wrong). Unlike a date library this does not try its luck: a format
    that it does not know is no date.

Known exceptions:
    "03/11/2026" is no date unless the caller knows the order: it is November in London and March in New York.
    Zone names are shared: IST is India's here (not Israel's or Ireland's), BST Britain's, CST the US's, AST Canada's.
    A year or a month alone ("2026-11", valid in W3CDTF) is too coarse to tell new from old: no date.
"""

import re
from datetime import UTC, datetime, time, timedelta

from crawler.news.days import first_day

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_MOST_CHARACTERS = 100  # the longest spelling seen, JavaScript's Date with its zone in words, has 70
_FUTURE = timedelta(days=1)  # a zone wrongly named is at most 14 h off

_NOUGHT = timedelta(0)

# By hours east of UTC. RFC 822's own names among them; of its single letters only Z means anything (RFC 5322, 4.3).
_ZONES_BY_OFFSET = {
    -10: "hst",
    -9: "akst",
    -8: "pst pt akdt",
    -7: "mst mt pdt",
    -6: "cst ct mdt",
    -5: "est et cdt",
    -4: "ast edt",
    -3.5: "nst",
    -3: "adt brt art",
    -2.5: "ndt",
    0: "utc ut gmt z wet",
    1: "cet met mez bst west wat",
    2: "cest mest mesz eet sast cat",
    3: "eest msk trt eat idt",
    4: "gst msd",
    5: "pkt",
    5.5: "ist",
    5.75: "npt",
    7: "ict wib",
    8: "hkt sgt myt pht awst",
    9: "jst kst",
    9.5: "acst",
    10: "aest",
    10.5: "acdt",
    11: "aedt",
    12: "nzst",
    13: "nzdt",
}
_ZONES = {name: timedelta(hours=hours) for hours, names in _ZONES_BY_OFFSET.items() for name in names.split()}

_COMPACT = re.compile(r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)(?:T?(?P<time>\d{4}(?:\d\d)?))?(?!\d)")
_UNIX = re.compile(r"(\d{10})(?:\d{3})?")  # seconds or milliseconds since 1970
_TIME = re.compile(
    r"(?<!\d)(\d{1,2})\s?[:h時点點시]\s?(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(?:\s?([ap])\.?m\b\.?)?", re.IGNORECASE
)
_OFFSET = re.compile(r"\s*(?:GMT|UTC|UT)?\s*([+−-])(\d{1,2})(?::?(\d\d))?(?!\d)", re.IGNORECASE)
_ZONE = re.compile(r"[\s(]*([a-z]+)", re.IGNORECASE)


def parse_date(
    raw: str,
    *,
    now: datetime,
    default_offset: timedelta = _NOUGHT,
    day_first: bool | None = None,
    language: str | None = None,
) -> datetime | None:
    """Return what an outlet's text says as aware UTC, or None when it says no plausible date. Never raises.

    Reads RFC 822/5322, ISO 8601 and W3CDTF, RFC 3339, asctime, Unix time, and the month names of 54 languages.

    Args:
        now: aware; a date more than a day after it is none.
        default_offset: east of UTC, for a text that names no zone.
        day_first, language: see `find_days`.
    """
    text = raw.strip()
    if not text or len(text) > _MOST_CHARACTERS:
        return None
    try:
        found = _from_unix(text) or _from_parts(text, default_offset, day_first, language)
    except (ValueError, OverflowError):  # the 31st of February, or 25 o'clock
        return None
    return found if found and EARLIEST <= found <= now + _FUTURE else None


def _from_unix(text: str) -> datetime | None:
    match = _UNIX.fullmatch(text)
    return datetime.fromtimestamp(int(match[1]), UTC) if match else None


def _from_parts(text: str, default_offset: timedelta, day_first: bool | None, language: str | None) -> datetime | None:
    if match := _COMPACT.match(text):
        day = datetime(int(match["y"]), int(match["m"]), int(match["d"]), tzinfo=UTC)
        clock, rest = _clock_after(match, text)
    elif found := first_day(text, day_first=day_first, language=language):
        day = datetime.combine(found, time.min, UTC)
        clock, rest = _find_clock(text)
    else:
        return None
    offset = _find_offset(rest)
    return day + clock - (default_offset if offset is None else offset)


def _clock_after(day: re.Match[str], text: str) -> tuple[timedelta, str]:
    """Return the time of day after a compact day, which may be compact or not, and the text after it."""
    if not day["time"]:
        return _find_clock(text[day.end() :])
    hhmmss = day["time"].ljust(6, "0")
    clock = timedelta(hours=int(hhmmss[:2]), minutes=int(hhmmss[2:4]), seconds=int(hhmmss[4:]))
    return clock, text[day.end() :]


def _find_clock(text: str) -> tuple[timedelta, str]:
    """Return the time of day (midnight where none is told) and the text after it, where the zone stands."""
    match = _TIME.search(text)
    if match is None:
        return _NOUGHT, ""
    hours, minutes, seconds = int(match[1]), int(match[2]), min(int(match[3] or 0), 59)  # 60: a leap second
    if match[5]:
        hours = hours % 12 + (12 if match[5] in "pP" else 0)
    if hours > 24 or minutes > 59:
        raise ValueError(f"{match[0]!r} is no time of day")
    microseconds = int((match[4] or "0")[:6].ljust(6, "0"))
    clock = timedelta(hours=hours, minutes=minutes, seconds=seconds, microseconds=microseconds)
    return clock, text[match.end() :]


def _find_offset(rest: str) -> timedelta | None:
    """Return the offset east of UTC that stands at the beginning of the text, None where none is told."""
    if match := _OFFSET.match(rest):
        offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
        return -offset if match[1] in "-−" else offset
    match = _ZONE.match(rest)
    return _ZONES.get(match[1].lower()) if match else None
