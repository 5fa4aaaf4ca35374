"""When to poll again, and what to remember of a source."""

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discovery.hints import FeedHints
from crawler.discovery.polling import (
    DAY_MS,
    after_failure,
    after_not_modified,
    after_success,
    conditional_headers,
    freshness,
    is_unchanged,
    next_poll,
    retry_after,
)
from crawler.news.source import SourceState

MINUTE = 60_000
NOW = 1_795_262_400_000  # 2026-11-21T12:00:00Z
SOURCE = SourceState(
    id="s", outlet="Lantern", kind="feed", url="https://lantern.example/feed", host="lantern.example",
    every_ms=15 * MINUTE, longest_ms=15 * MINUTE, first_look_ms=DAY_MS, polls=1,
)  # fmt: skip


class NoChance(random.Random):
    """Chance that adds nothing."""

    def random(self) -> float:
        return 0.0


def succeed(
    state: SourceState = SOURCE, *, headers: dict[str, str] | None = None, body: bytes = b"<rss/>", **read: Any
) -> SourceState:
    """A 200 at noon."""
    return after_success(state, headers=headers or {}, body=body, now_ms=NOW, rng=NoChance(), **read)


def fail(state: SourceState = SOURCE, reason: str = "timeout", wait_ms: int | None = None) -> SourceState:
    """A failed poll at noon."""
    return after_failure(state, reason, "in words", wait_ms=wait_ms, now_ms=NOW, rng=NoChance())


def waits(state: SourceState) -> float:
    """Minutes from noon until the source is due."""
    return (state.due_ms - NOW) / MINUTE


def test_p01_validators_are_echoed_byte_for_byte() -> None:
    """Both, when both came; odd ones, too; none where none came."""
    state = succeed(headers={"ETag": 'W/"a b"-gzip', "last-modified": "yesterday, about noon"})
    assert conditional_headers(state) == {"If-None-Match": 'W/"a b"-gzip', "If-Modified-Since": "yesterday, about noon"}
    assert conditional_headers(succeed(state)) == {}


def test_p02_not_modified_is_a_success() -> None:
    """Errors are reset, and what was read last stays known."""
    before = fail(succeed(entries=12, hints=FeedHints(ttl=timedelta(hours=1))))
    state = after_not_modified(before, headers={}, now_ms=NOW, rng=NoChance())
    assert (state.failures, state.health, state.detail, state.polls) == (0, "ok", "", before.polls + 1)
    assert (state.entries, state.body_hash) == (12, before.body_hash)
    assert waits(state) == 60


def test_p03_not_modified_without_validators_keeps_the_old_ones() -> None:
    """A 304 need not repeat them; one that it does send replaces the old."""
    before = succeed(headers={"ETag": '"1"', "Last-Modified": "then"})
    state = after_not_modified(before, headers={"ETag": '"2"'}, now_ms=NOW, rng=NoChance())
    assert (state.etag, state.last_modified) == ('"2"', "then")


def test_p04_the_same_bytes_are_not_read_again() -> None:
    """The hash tells, and the state keeps the number of entries that it knows."""
    before = succeed(body=b"one", entries=12)
    assert is_unchanged(before, b"one")
    assert not is_unchanged(before, b"two")
    assert not is_unchanged(SOURCE, b"")
    assert succeed(before, body=b"one").entries == 12


def test_p05_every_fiftieth_poll_is_unconditional() -> None:
    """A server that repeats its ETag over a changed body is noticed within fifty polls."""
    state = succeed(headers={"ETag": '"1"'})
    bare = [polls for polls in range(1, 201) if not conditional_headers(replace(state, polls=polls))]
    assert bare == [50, 100, 150, 200]


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


def test_p08_retry_after_stands_in_for_the_backoff() -> None:
    """Never sooner than the outlet's own interval, and never over 24 h."""
    failing = replace(SOURCE, failures=5)
    assert waits(fail(failing, "http-503", wait_ms=20 * MINUTE)) == 20
    assert waits(fail(failing, "http-503", wait_ms=0)) == 15
    assert waits(fail(failing, "http-429", wait_ms=90 * DAY_MS)) == 1440


def test_p09_too_many_requests_waits_longer() -> None:
    """Without a Retry-After, fourfold at once, and with jitter."""
    assert waits(fail(reason="http-429")) == 60
    later = {
        after_failure(SOURCE, "http-429", "", wait_ms=None, now_ms=NOW, rng=random.Random(n)).due_ms for n in range(9)
    }
    assert len(later) > 5
    assert all(60 * MINUTE <= due - NOW <= 66 * MINUTE for due in later)


@pytest.mark.parametrize(
    ("headers", "minutes"),
    [
        ({"Cache-Control": "public, max-age=3600"}, 60),
        ({"cache-control": 'MAX-AGE="3600"', "age": "600"}, 50),
        ({"Cache-Control": "max-age=60", "Age": "600"}, 0),
        ({"Cache-Control": "max-age=60", "Age": "old"}, 1),
        ({"Cache-Control": "no-cache, s-maxage=900"}, None),
        ({"Cache-Control": "max-age=60", "Expires": "Sat, 21 Nov 2026 18:00:00 GMT"}, 1),
        ({"Expires": "Sat, 21 Nov 2026 12:30:00 GMT"}, 30),
        ({"Expires": "Sat, 21 Nov 2026 12:30:00 GMT", "Date": "Sat, 21 Nov 2026 12:10:00 GMT"}, 20),
        ({"Expires": "Sun, 21 Nov 2027 12:00:00 GMT"}, 365 * 1440),
        ({"Expires": "0"}, None),
        ({}, None),
    ],
)
def test_p16_to_p18_freshness(headers: dict[str, str], minutes: int | None) -> None:
    """max-age less Age, else Expires less Date, else nothing."""
    assert freshness(headers, now_ms=NOW) == (None if minutes is None else minutes * MINUTE)


def test_p16_p17_freshness_is_a_floor_on_200_and_304() -> None:
    """It lengthens the outlet's interval, and never shortens it."""
    for seconds, minutes in [(3600, 60), (60, 15)]:
        headers = {"Cache-Control": f"max-age={seconds}"}
        assert waits(succeed(headers=headers)) == minutes
        assert waits(after_not_modified(SOURCE, headers=headers, now_ms=NOW, rng=NoChance())) == minutes


def test_p19_what_others_ask_for_is_capped() -> None:
    """A year of max-age or ttl is a day; the outlet's own interval stands, however long."""
    assert waits(succeed(headers={"Cache-Control": "max-age=31536000"})) == 1440
    assert waits(succeed(hints=FeedHints(ttl=timedelta(days=99)))) == 1440
    assert waits(succeed(replace(SOURCE, every_ms=2 * DAY_MS))) == 2880


def test_p20_p21_the_feed_s_own_wish_is_a_floor() -> None:
    """<ttl> and sy:updatePeriod hold until a feed without them is read."""
    asked = succeed(hints=FeedHints(ttl=timedelta(minutes=20), update_every=timedelta(hours=1)))
    assert waits(asked) == 60
    assert waits(succeed(asked)) == 60
    assert waits(succeed(asked, hints=FeedHints())) == 15


def test_p27_errors_back_off_to_a_day_and_never_for_ever() -> None:
    """15 min become 30, then an hour, ... then a day, every day."""
    state, seen = SOURCE, []
    for _ in range(100):
        state = fail(state)
        seen.append(waits(state))
    assert seen[:8] == [30, 60, 120, 240, 480, 960, 1440, 1440]
    assert seen[-1] == 1440
    assert (state.failures, state.health, state.detail) == (100, "timeout", "in words")


def test_p28_a_dns_failure_weighs_less() -> None:
    """A name server that is away says little about the source."""
    state = SOURCE
    for _ in range(4):
        state = fail(state, "dns")
    assert waits(state) < waits(fail(replace(SOURCE, failures=3)))


def test_p29_not_found_stays_alive() -> None:
    """A 404 backs off as any error does."""
    assert waits(fail(reason="http-404")) == 30


def test_p30_gone_waits_a_week_and_says_so() -> None:
    """A 410 is asked again only in case it was a mistake."""
    state = fail(reason="gone")
    assert waits(state) == 7 * 1440
    assert state.health == "gone"


def test_a_failure_keeps_what_was_read() -> None:
    """Validators and hash belong to the body that was read, not to the one that failed."""
    before = succeed(headers={"ETag": '"1"'}, body=b"one", entries=3)
    after = fail(before)
    assert (after.etag, after.body_hash, after.entries) == (before.etag, before.body_hash, 3)


@settings(deadline=None)
@given(
    every=st.integers(1, 10 * DAY_MS),
    asks=st.integers(0, 10**15),
    fresh=st.none() | st.integers(0, 10**15),
    failures=st.integers(0, 10**6),
    wait=st.none() | st.integers(0, 10**15),
    reason=st.sampled_from(["dns", "http-429", "timeout", "gone"]),
    seed=st.integers(),
)
def test_never_sooner_than_the_outlet_says(
    every: int, asks: int, fresh: int | None, failures: int, wait: int | None, reason: str, seed: int
) -> None:
    """Whatever comes together, the wait lies between the interval and a tenth over the longest that is allowed."""
    state = replace(SOURCE, every_ms=every, asks_ms=asks, failures=failures)
    rng = random.Random(seed)
    polled = next_poll(state, fresh_ms=fresh, now_ms=NOW, rng=rng)
    failed = after_failure(state, reason, "", wait_ms=wait, now_ms=NOW, rng=rng).due_ms
    assert NOW + every <= polled <= NOW + 1.1 * max(every, DAY_MS)
    assert failed <= NOW + 1.1 * max(every, 7 * DAY_MS if reason == "gone" else DAY_MS)
    assert failed >= NOW + min(every, 7 * DAY_MS)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["cache-control", "age", "expires", "date"]), st.text(max_size=60)), st.text())
def test_headers_of_any_kind_raise_nothing(headers: dict[str, str], raw: str) -> None:
    """Nonsense is no wish; a wish is never negative."""
    assert (freshness(headers, now_ms=NOW) or 0) >= 0
    assert (retry_after(raw, now_ms=NOW) or 0) >= 0
