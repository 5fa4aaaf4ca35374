"""What servers and feeds wish: how long an answer stays fresh, when to come again, when to stay away. Never an error.

Times and spans are milliseconds; headers are a mapping of names in lower case to text (Latin-1).
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from crawler.discovery.feeds.hints import FeedHints
from crawler.news.dates import parse_date
from crawler.news.durations import duration_text

_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,10})", re.IGNORECASE)
_SECONDS = re.compile(r"[0-9]{1,10}")
_AHEAD = timedelta(days=366)  # what expires, or may be tried again, lies ahead: no date of news would
_HOUR_MS, _DAY_MS, _WEEK_HOURS = 3_600_000, 86_400_000, 168  # no rest that is obeyed is longer than a week


def freshness(headers: Mapping[str, str], *, now_ms: int) -> int | None:
    """Return for how long a response stays fresh, or None where it does not say. Zero: it is stale already.

    Cache-Control's max-age less Age; without it, Expires less Date (RFC 9111 section 4.2.1).
    """
    if match := _MAX_AGE.search(headers.get("cache-control", "")):
        age = _SECONDS.fullmatch(headers.get("age", "").strip())
        return max(0, int(match[1]) - int(age[0] if age else 0)) * 1000
    expires_ms = _date_ms(headers.get("expires", ""), now_ms)
    if expires_ms is None:
        return None
    date_ms = _date_ms(headers.get("date", ""), now_ms)
    return max(0, expires_ms - (now_ms if date_ms is None else date_ms))


def retry_after(raw: str, *, now_ms: int) -> int | None:
    """Return how long Retry-After asks to wait, in seconds or as an HTTP date, or None where it says neither."""
    text = raw.strip()
    if _SECONDS.fullmatch(text):
        return int(text) * 1000
    date_ms = _date_ms(text, now_ms)
    return None if date_ms is None else max(0, date_ms - now_ms)


def skips_of(hints: FeedHints) -> str:
    """Return a feed's skipHours and skipDays in short: "22 23|5 6" are two hours and the weekend; "": it has none.

    All 24 hours, or all days, are nonsense: such a feed would never be read.
    """
    hours = _numbers(hints.skip_hours) if len(hints.skip_hours) < 24 else ""
    days = _numbers(hints.skip_days) if len(hints.skip_days) < 7 else ""
    return f"{hours}|{days}" if hours or days else ""


def after_skips(skips: str, due_ms: int) -> int:
    """Return when the hours and days to be skipped that a time lies in are over (UTC); a time outside them as it is."""
    hours, _, days = skips.partition("|")
    skipped_hours, skipped_days = set(hours.split()), set(days.split())
    for _ in range(_WEEK_HOURS):
        day, hour = divmod(due_ms // _HOUR_MS, 24)
        if str((day + 3) % 7) in skipped_days:  # 1970 began on a Thursday
            due_ms = (day + 1) * _DAY_MS
        elif str(hour) in skipped_hours:
            due_ms = (due_ms // _HOUR_MS + 1) * _HOUR_MS
        else:
            break
    return due_ms


def span_text(span_ms: int) -> str:
    """Return a span as the watchlist writes it: "1h30m", to the minute; shorter ones to the second."""
    seconds = max(span_ms, 0) // 1000
    return duration_text(timedelta(seconds=seconds - seconds % 60 if seconds >= 60 else seconds))


def _numbers(numbers: Iterable[int]) -> str:
    return " ".join(map(str, sorted(numbers)))


def _date_ms(raw: str, now_ms: int) -> int | None:
    date = parse_date(raw, now=datetime.fromtimestamp(now_ms / 1000, UTC) + _AHEAD)
    return int(date.timestamp() * 1000) if date else None
