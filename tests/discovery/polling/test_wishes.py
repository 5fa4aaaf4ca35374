"""What servers and feeds wish."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.feeds.hints import FeedHints
from crawler.discovery.polling.wishes import after_skips, freshness, retry_after, skips_of, span_text

MINUTE = 60_000
NOW = 1_795_262_400_000  # 2026-11-21T12:00:00Z, a Saturday


@pytest.mark.parametrize(
    ("raw", "minutes"),
    [
        ("120", 2),
        (" 120 ", 2),
        ("Sat, 21 Nov 2026 12:02:00 GMT", 2),
        ("Sat, 21 Nov 2026 11:00:00 GMT", 0),
        ("Tue, 24 Nov 2026 12:00:00 GMT", 3 * 1440),
        ("soon", None),
        ("-5", None),
        ("", None),
    ],
)
def test_p07_retry_after_as_seconds_and_as_date(raw: str, minutes: int | None) -> None:
    """Both spellings of RFC 9110; the past is now, nonsense is nothing."""
    assert retry_after(raw, now_ms=NOW) == (None if minutes is None else minutes * MINUTE)


@pytest.mark.parametrize(
    ("headers", "minutes"),
    [
        ({"cache-control": "public, max-age=3600"}, 60),
        ({"cache-control": 'MAX-AGE="3600"', "age": "600"}, 50),
        ({"cache-control": "max-age=60", "age": "600"}, 0),
        ({"cache-control": "max-age=60", "age": "old"}, 1),
        ({"cache-control": "no-cache, s-maxage=900"}, None),
        ({"cache-control": "max-age=60", "expires": "Sat, 21 Nov 2026 18:00:00 GMT"}, 1),
        ({"expires": "Sat, 21 Nov 2026 12:30:00 GMT"}, 30),
        ({"expires": "Sat, 21 Nov 2026 12:30:00 GMT", "date": "Sat, 21 Nov 2026 12:10:00 GMT"}, 20),
        ({"expires": "Sun, 21 Nov 2027 12:00:00 GMT"}, 365 * 1440),
        ({"expires": "0"}, None),
        ({}, None),
    ],
)
def test_p16_to_p18_freshness(headers: dict[str, str], minutes: int | None) -> None:
    """max-age less Age, else Expires less Date, else nothing."""
    assert freshness(headers, now_ms=NOW) == (None if minutes is None else minutes * MINUTE)


@pytest.mark.parametrize(
    ("hours", "days", "end"),
    [
        ({12, 13, 14, 16}, set(), datetime(2026, 11, 21, 15, tzinfo=UTC)),
        ({11, 13}, {6}, datetime(2026, 11, 21, 12, tzinfo=UTC)),
        (set(), {5, 6}, datetime(2026, 11, 23, 0, tzinfo=UTC)),
        ({0, 1}, {5, 6}, datetime(2026, 11, 23, 2, tzinfo=UTC)),
        (set(range(12, 24)), {6}, datetime(2026, 11, 23, 0, tzinfo=UTC)),
        (set(range(24)) - {11}, set(range(7)) - {4}, datetime(2026, 11, 27, 11, tzinfo=UTC)),
        (set(range(24)), set(range(7)), datetime(2026, 11, 21, 12, tzinfo=UTC)),
    ],
)
def test_p22_the_end_of_what_is_to_be_skipped(hours: set[int], days: set[int], end: datetime) -> None:
    """All hours and days, in UTC, and both together; where nothing is left of the day or the week, it is nonsense."""
    hints = FeedHints(skip_hours=frozenset(hours), skip_days=frozenset(days))
    assert after_skips(skips_of(hints), NOW) == end.timestamp() * 1000


@given(st.text(), st.integers(0, 2**42))
def test_any_text_skips_at_most_some_weeks(skips: str, due_ms: int) -> None:
    """A text that is none of ours skips what it seems to say, and never goes back."""
    assert due_ms <= after_skips(skips, due_ms) <= due_ms + 168 * 86_400_000


@pytest.mark.parametrize(
    ("span_ms", "text"),
    [(0, "0s"), (45_999, "45s"), (15 * MINUTE, "15m"), (5_425_000, "1h30m"), (30 * 86_400_000, "30d")],
)
def test_spans_are_told_as_the_watchlist_writes_them(span_ms: int, text: str) -> None:
    """To the minute, and below one to the second."""
    assert span_text(span_ms) == text


@given(st.dictionaries(st.sampled_from(["cache-control", "age", "expires", "date"]), st.text(max_size=60)), st.text())
def test_headers_of_any_kind_raise_nothing(headers: dict[str, str], raw: str) -> None:
    """Nonsense is no wish; a wish is never negative."""
    assert (freshness(headers, now_ms=NOW) or 0) >= 0
    assert (retry_after(raw, now_ms=NOW) or 0) >= 0
