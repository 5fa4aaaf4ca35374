"""Dates as outlets write them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.news.dates import EARLIEST, parse_date

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)

READABLE = """
2026-11-03T10:00 | Tue, 03 Nov 2026 10:00:00 GMT
2026-11-03T10:00 | Tue, 3 Nov 26 10:00 UT
2026-11-03T15:00 | Tue, 03 Nov 2026 10:00:00 -0500
2026-11-03T15:00 | Tue, 03 Nov 2026 10:00:00 EST
2026-11-03T09:00 | Tue, 03 Nov 2026 10:00:00 CET
2026-11-03T08:00 | Tue, 03 Nov 2026 10:00:00 CEST
2026-11-03T09:00 | Tue, 03 Nov 2026 10:00:00 BST
2026-11-03T07:00 | Tue, 03 Nov 2026 10:00:00 MSK
2026-11-03T01:00 | Tue, 03 Nov 2026 10:00:00 JST
2026-11-03T04:30 | Tue, 03 Nov 2026 10:00:00 IST
2026-11-03T04:30 | Tue, 03 Nov 2026 10:00:00 +0530 (IST)
2026-11-03T10:00 | 2026-11-03T10:00:00Z
2026-11-03T09:00 | 2026-11-03T10:00:00.123456789+01:00
2026-11-03T11:00 | 2026-11-03T10:00−01
2026-11-04T00:00 | 2026-11-03T24:00:00Z
2026-11-03T10:59 | 2026-11-03T10:59:60Z
2026-11-03T10:15 | 20261103T101500Z
2026-11-03T10:15 | 20261103101500
2026-11-03T00:00 | 2026-11-03
2026-11-03T00:00 | 2026/11/03
2026-11-03T00:00 | 20261103
2026-11-03T10:00 | 1793700000
2026-11-03T10:00 | 1793700000000
2026-11-03T10:00 | Tue Nov  3 10:00:00 2026
2026-11-03T10:00 | Tue Nov 03 10:00:00 +0000 2026
2026-11-03T09:00 | Tue Nov 03 2026 10:00:00 GMT+0100 (Central European Standard Time)
2026-11-03T22:07 | November 3rd, 2026 at 5:07 p.m. EST
2026-11-03T00:15 | Nov 3, 2026 12:15 AM
2026-11-03T10:15 | 3. November 2026, 10:15 Uhr
2026-11-01T10:30 | 1er novembre 2026 à 10h30
2026-11-03T00:00 | mar. 3 nov. 2026
2026-11-03T00:00 | 3 de noviembre de 2026
2026-03-03T00:00 | 3. März 2026
2026-02-03T00:00 | 3 févr. 2026
2026-11-03T07:00 | 3 ноября 2026 г. 10:00 MSK
2026-11-03T00:00 | 3 Kasım 2026
2026-11-03T00:00 | 2026. november 3.
2026-11-03T10:00 | 2026年11月3日 10:00
2026-11-03T00:00 | 2026년 11월 3일
2026-11-03T10:15 | 03.11.2026 10:15
2026-11-13T00:00 | 13/11/2026
2026-11-13T00:00 | 11/13/2026
2026-11-22T11:00 | 2026-11-22T11:00:00Z
"""

NO_DATE = """
yesterday
2026
2026-11
03/11/2026
31 Feb 2026
2026-11-03T25:00:00Z
2026-13-03
0000-00-00 00:00:00
Thu, 01 Jan 1970 00:00:00 GMT
1989-12-31T23:59:59Z
2026-11-22T12:00:01Z
2569-11-03
99999999999999999999
3 Smarch 2026
"""


@pytest.mark.parametrize("line", READABLE.strip().splitlines())
def test_readable_dates(line: str) -> None:
    """Every spelling in the list means the minute before it, in UTC."""
    expected, _, raw = line.partition(" | ")
    found = parse_date(raw, now=NOW)
    assert found is not None
    assert found.tzinfo is UTC
    assert found.strftime("%Y-%m-%dT%H:%M") == expected


@pytest.mark.parametrize("raw", ["", " ", *NO_DATE.strip().splitlines()])
def test_no_date(raw: str) -> None:
    """What is impossible, ambiguous, too coarse, before 1990 or over a day ahead is no date."""
    assert parse_date(raw, now=NOW) is None


def test_a_naive_time_is_utc_unless_told() -> None:
    """The default offset counts where the text names no zone, and only there."""
    offset = timedelta(hours=9)
    assert parse_date("2026-11-03 10:00", now=NOW, default_offset=offset) == datetime(2026, 11, 3, 1, tzinfo=UTC)
    assert parse_date("2026-11-03 10:00Z", now=NOW, default_offset=offset) == datetime(2026, 11, 3, 10, tzinfo=UTC)


@settings(deadline=None)
@given(st.one_of(st.text(max_size=120), st.text(alphabet="0123456789-/:T+Z. ,NovGMT年", max_size=40)))
def test_nothing_is_raised(raw: str) -> None:
    """Any text is a plausible date in UTC, or None."""
    found = parse_date(raw, now=NOW)
    assert found is None or (found.tzinfo is UTC and EARLIEST <= found <= NOW + timedelta(days=1))


@settings(deadline=None)
@given(
    st.datetimes(EARLIEST.replace(day=2, tzinfo=None), NOW.replace(tzinfo=None)),
    st.timedeltas(timedelta(hours=-14), timedelta(hours=14)),
)
def test_iso_8601_survives(naive: datetime, offset: timedelta) -> None:
    """What Python writes as ISO 8601, in any zone of whole minutes, is read back exactly."""
    zone = timezone(timedelta(minutes=offset // timedelta(minutes=1)))
    date = naive.replace(tzinfo=zone)
    assert parse_date(date.isoformat(), now=NOW) == date
