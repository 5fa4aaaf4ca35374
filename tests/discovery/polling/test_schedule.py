"""When to poll again, and what to remember of a source."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discovery.feeds.hints import FeedHints
from crawler.discovery.polling import (
    DAY_MS,
    after_failure,
    after_not_modified,
    after_part,
    after_success,
    conditional_headers,
    is_capped,
    is_unchanged,
)
from crawler.news.entry import Entry
from crawler.news.source import SourceState

MINUTE, HOUR = 60_000, 3_600_000
NOW = 1_795_262_400_000  # 2026-11-21T12:00:00Z, a Saturday
VALIDATORS = {"ETag": '"1"'}
SOURCE = SourceState(
    id="s", outlet="Lantern", kind="feed", url="https://lantern.example/feed", host="lantern.example",
    every_ms=15 * MINUTE, longest_ms=15 * MINUTE, first_look_ms=DAY_MS, polls=1, full_ms=NOW,
)  # fmt: skip
LEARNING = replace(SOURCE, every_ms=MINUTE, longest_ms=4 * HOUR)


class NoChance(random.Random):
    """Chance that adds nothing."""

    def random(self) -> float:
        return 0.0


def succeed(
    state: SourceState = SOURCE,
    *,
    headers: dict[str, str] | None = None,
    body: bytes = b"<rss/>",
    now: int = NOW,
    **read: Any,
) -> SourceState:
    """A 200, at noon if nothing else is said."""
    return after_success(state, headers=headers or {}, body=body, now_ms=now, rng=NoChance(), **read)


def not_modified(state: SourceState, *, now: int = NOW, headers: dict[str, str] | None = None) -> SourceState:
    """A 304."""
    return after_not_modified(state, headers=headers or {}, now_ms=now, rng=NoChance())


def fail(state: SourceState = SOURCE, reason: str = "timeout", wait_ms: int | None = None) -> SourceState:
    """A failed poll at noon."""
    return after_failure(state, reason, "in words", wait_ms=wait_ms, now_ms=NOW, rng=NoChance())


def waits(state: SourceState) -> float:
    """Minutes from the last poll until the source is due."""
    return (state.due_ms - state.polled_ms) / MINUTE


def entries(start: int, end: int, *, first: int | None = None, gap: int = 0) -> list[Entry]:
    """Entries with numbers, the youngest first; dated at even gaps after `first`, or not at all."""
    return [
        Entry(
            f"https://lantern.example/{number}",
            published=None if first is None else datetime.fromtimestamp((first + gap * (number - start)) / 1000, UTC),
        )
        for number in reversed(range(start, end))
    ]


def learned(polls: Sequence[tuple[int, list[Entry]]], state: SourceState = LEARNING) -> SourceState:
    """The source after polls at these times that found these entries."""
    for now, found in polls:
        state = succeed(state, now=now, entries=found, headers=VALIDATORS)
    return state


def test_p01_validators_are_echoed_byte_for_byte() -> None:
    """Both, when both came; odd ones, too; none where none came."""
    state = succeed(headers={"ETag": 'W/"a b"-gzip', "last-modified": "yesterday, about noon"})
    sent = {"If-None-Match": 'W/"a b"-gzip', "If-Modified-Since": "yesterday, about noon"}
    assert conditional_headers(state, now_ms=NOW) == sent
    assert conditional_headers(succeed(state), now_ms=NOW) == {}


def test_p02_not_modified_is_a_success() -> None:
    """Errors are reset, and what was read last stays known."""
    before = fail(succeed(entries=entries(0, 12), hints=FeedHints(ttl=timedelta(hours=1))))
    state = not_modified(before)
    assert (state.failures, state.health, state.detail, state.polls) == (0, "ok", "", before.polls + 1)
    assert (state.entries, state.body_hash) == (12, before.body_hash)
    assert waits(state) == 60


def test_p03_not_modified_without_validators_keeps_the_old_ones() -> None:
    """A 304 need not repeat them; one that it does send replaces the old."""
    before = succeed(headers={"ETag": '"1"', "Last-Modified": "then"})
    state = not_modified(before, headers={"ETag": '"2"'})
    assert (state.etag, state.last_modified) == ('"2"', "then")


def test_p04_the_same_bytes_are_not_read_again() -> None:
    """The hash tells, and the state keeps the number of entries that it knows."""
    before = succeed(body=b"one", entries=entries(0, 12))
    assert is_unchanged(before, b"one")
    assert not is_unchanged(before, b"two")
    assert not is_unchanged(SOURCE, b"")
    assert succeed(before, body=b"one").entries == 12


def test_p05_a_lying_server_is_noticed() -> None:
    """One that repeats its ETag over a changed body: within fifty polls, and within a day."""
    state = succeed(headers=VALIDATORS)
    bare = [polls for polls in range(1, 201) if not conditional_headers(replace(state, polls=polls), now_ms=NOW)]
    assert bare == [50, 100, 150, 200]
    unasked = not_modified(state, now=NOW + DAY_MS)
    assert conditional_headers(unasked, now_ms=NOW + DAY_MS)
    assert conditional_headers(unasked, now_ms=NOW + DAY_MS + 1) == {}
    assert conditional_headers(succeed(unasked, now=NOW + DAY_MS, headers=VALIDATORS), now_ms=NOW + DAY_MS + 1)


def test_p06_news_is_found_where_the_youngest_date_did_not_move() -> None:
    """An entry that is dated back is new all the same: the rhythm learns it."""
    first = entries(0, 20, first=NOW - 20 * HOUR, gap=HOUR)
    late = Entry("https://lantern.example/late", published=datetime.fromtimestamp((NOW - 9 * HOUR) / 1000, UTC))
    before = learned([(NOW, first)])
    with_late = succeed(before, now=NOW + HOUR, headers=VALIDATORS, entries=[late, *first])
    silent = not_modified(before, now=NOW + HOUR)
    assert with_late.newest_ms == silent.newest_ms == NOW - HOUR
    assert with_late.learned_ms < silent.learned_ms


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


def test_p14_the_watchlist_sets_the_floor() -> None:
    """15 min if it says nothing, down to a minute if it asks for that, whatever is learned."""
    busy = [(NOW + place * MINUTE, entries(0, 20 + 9 * place)) for place in range(9)]
    assert waits(learned(busy, replace(LEARNING, every_ms=15 * MINUTE))) == 15
    assert waits(learned(busy)) == 1
    assert "it may be asked every 1m" in learned(busy).why


def test_a_source_that_never_spoke_begins_with_the_floor() -> None:
    """And is asked more rarely with each silence."""
    state = succeed(replace(SOURCE, longest_ms=4 * HOUR), entries=[], headers=VALIDATORS)
    assert (waits(state), state.why) == (15, "nothing is known of its rhythm yet, and it may be asked every 15m")
    for _ in range(30):
        before, state = state, not_modified(state, now=state.due_ms)
        assert waits(state) >= waits(before)
    assert waits(state) > 60


def test_p15_without_validators_the_source_is_polled_less_often() -> None:
    """Half as long again, because each poll costs its server a whole answer; up to the longest interval."""
    found = entries(0, 20, first=NOW - 20 * HOUR, gap=HOUR)
    without, with_them = succeed(LEARNING, entries=found), succeed(LEARNING, entries=found, headers=VALIDATORS)
    assert waits(without) == pytest.approx(1.5 * waits(with_them), rel=1e-3)
    assert "no validators" in without.why
    assert waits(succeed(entries=found)) == 15


def test_p16_p17_freshness_is_a_floor_on_200_and_304() -> None:
    """It lengthens the outlet's interval, and never shortens it."""
    for seconds, minutes in [(3600, 60), (60, 15)]:
        headers = {"Cache-Control": f"max-age={seconds}"}
        assert waits(succeed(headers=headers)) == minutes
        assert waits(not_modified(SOURCE, headers=headers)) == minutes
    asked = succeed(headers={"Cache-Control": "max-age=3600"})
    assert (asked.rests_until_ms, asked.why) == (NOW + HOUR, "its server asks for 1h")


def test_p19_what_others_ask_for_is_capped() -> None:
    """A year of max-age or ttl is a day; the outlet's own interval stands, however long."""
    assert waits(succeed(headers={"Cache-Control": "max-age=31536000"})) == 1440
    assert waits(succeed(hints=FeedHints(ttl=timedelta(days=99)))) == 1440
    assert waits(succeed(replace(SOURCE, every_ms=2 * DAY_MS))) == 2880


def test_p19_the_cap_is_told() -> None:
    """Whoever asks for more than a day is named, so that it can be logged."""
    state = succeed(hints=FeedHints(ttl=timedelta(days=30)))
    assert state.why == "the feed asks for 30d, and 24h is the most"
    assert is_capped(state)
    assert is_capped(fail(reason="http-429", wait_ms=2 * DAY_MS))
    assert not is_capped(succeed(headers={"Cache-Control": "max-age=86400"}))
    assert not is_capped(fail())


def test_p20_p21_the_feed_s_own_wish_is_a_floor() -> None:
    """<ttl> and sy:updatePeriod hold until a feed without them is read."""
    asked = succeed(hints=FeedHints(ttl=timedelta(minutes=20), update_every=timedelta(hours=1)))
    assert waits(asked) == 60
    assert waits(succeed(asked)) == 60
    assert waits(succeed(asked, hints=FeedHints())) == 15


def test_p22_hours_and_days_to_be_skipped_are_skipped() -> None:
    """All of them, in UTC; on a 304 and after a failure, too."""
    asked = succeed(hints=FeedHints(skip_hours=frozenset({12, 13, 14, 16})))
    assert datetime.fromtimestamp(asked.due_ms / 1000, UTC) == datetime(2026, 11, 21, 15, tzinfo=UTC)
    assert asked.why == "does not want to be asked before Sat 15:00 UTC (skipHours, skipDays)"
    assert not_modified(asked).due_ms == fail(asked).due_ms == asked.due_ms
    assert waits(succeed(asked, hints=FeedHints())) == 15


def test_a_silent_source_is_polled_more_rarely_and_a_speaking_one_more_often() -> None:
    """Row 23."""
    polls = [(NOW + place * 20 * MINUTE, entries(0, 20 + place)) for place in range(30)]
    speaking = learned(polls)
    end = NOW + 600 * MINUTE
    silent = not_modified(not_modified(speaking, now=end), now=end + 2 * HOUR)
    assert speaking.learned_ms < silent.learned_ms
    assert learned([*polls, (end, entries(0, 60))]).learned_ms < speaking.learned_ms
    assert speaking.why.startswith("learned: some ")


def test_p24_an_overflow_shortens_the_interval() -> None:
    """Less than a third of what was there before: more came than the window holds, which is counted."""
    calm = learned([(NOW, entries(0, 20, first=NOW - 20 * DAY_MS, gap=DAY_MS))])
    a_third = succeed(calm, now=NOW + HOUR, entries=entries(13, 33), headers=VALIDATORS)
    less = succeed(calm, now=NOW + HOUR, entries=entries(14, 34), headers=VALIDATORS)
    assert (a_third.overflows, less.overflows) == (0, 1)
    assert less.learned_ms <= calm.learned_ms / 2
    assert succeed(less, now=NOW + 2 * HOUR, entries=[]).overflows == 1
    assert succeed(less, now=NOW + 2 * HOUR, entries=entries(30, 34)).overflows == 1


@pytest.mark.parametrize("minutes", [[60, 120, 180, 240], [20, 100, 240], [240]])
def test_p25_a_late_or_early_poll_does_not_move_the_rate(minutes: list[int]) -> None:
    """An entry every half hour teaches the same wait at noon, whenever the polls before came."""

    def announced(minute: int) -> tuple[int, list[Entry]]:
        newest = minute // 30
        start = NOW + (newest - 19) * 30 * MINUTE - 10 * MINUTE
        return NOW + minute * MINUTE, entries(newest, newest + 20, first=start, gap=30 * MINUTE)

    hourly = learned([announced(minute) for minute in range(0, 241, 60)])
    assert learned([announced(minute) for minute in [0, *minutes]]).learned_ms == pytest.approx(
        hourly.learned_ms, rel=0.05
    )


def test_p26_a_silent_source_that_speaks_is_asked_again_at_once() -> None:
    """From the longest interval to the shortest."""
    silent = learned([(NOW - 30 * DAY_MS, entries(0, 20))])
    for day in range(-29, 0):
        silent = not_modified(silent, now=NOW + day * DAY_MS)
    assert silent.learned_ms == silent.longest_ms
    archive = succeed(silent, entries=entries(0, 25, first=NOW - 900 * DAY_MS), headers=VALIDATORS)
    assert waits(archive) == 240
    speaking = succeed(silent, entries=entries(1, 21), headers=VALIDATORS)
    assert waits(speaking) == 1
    assert speaking.why == "it speaks after a silence"


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


@pytest.mark.parametrize(("reason", "days"), [("barred", 1), ("gone", 365)])
def test_p30_the_law_stops_a_source_for_a_day_and_its_end_for_good(reason: str, days: int) -> None:
    """451 may pass; a 410 ends the polling, and says so. A Retry-After changes nothing."""
    for wait_ms in (None, HOUR):
        state = fail(reason=reason, wait_ms=wait_ms)
        assert waits(state) == days * 1440
        assert state.health == reason
        assert state.why.startswith("its server says that")


def test_being_refused_weighs_more() -> None:
    """A 403 says that we are not wanted."""
    assert waits(fail(reason="refused")) == 60


def test_p31_an_address_that_a_redirect_named_is_given_up() -> None:
    """After three failures in a row the watchlist's is asked again."""
    state = replace(SOURCE, moved="https://new.example/feed", host="new.example")
    for home in ("https://new.example/feed", "https://new.example/feed", SOURCE.url):
        state = fail(state)
        assert state.home == home
    assert state.host == SOURCE.host


def test_p42_ten_thousand_entries_are_learned_from() -> None:
    """What is kept of them is as short as of twenty."""
    state = learned([(NOW, entries(0, 10_000)), (NOW + HOUR, entries(0, 10_001))])
    assert state.entries == 10_001
    assert len(state.window) + len(state.rhythm) < 600


def test_an_index_learns_from_its_sitemaps() -> None:
    """One after the other, as if they were one: news in any of them brings the next poll nearer."""

    def read(state: SourceState, now: int, *parts: list[Entry]) -> SourceState:
        state = succeed(state, now=now, entries=[], headers=VALIDATORS)
        for place, part in enumerate(parts):
            trail = "\n".join(["https://lantern.example/sitemap"] * (len(parts) - place))
            state = after_part(replace(state, trail=trail), part, now_ms=now + 1000 * (place + 1), rng=NoChance())
        return replace(state, trail="")

    dates = {"first": NOW - 20 * HOUR, "gap": HOUR}
    index = read(LEARNING, NOW, entries(0, 10, **dates), entries(10, 20, first=NOW - 10 * HOUR, gap=HOUR))
    assert (index.entries, index.overflows) == (20, 0)
    assert index.window == learned([(NOW, entries(0, 20))]).window
    later = NOW + 2 * HOUR
    silent = read(index, later, entries(0, 10), entries(10, 20))
    speaking = read(index, later, entries(0, 10), entries(10, 24, first=NOW - 10 * HOUR, gap=50 * MINUTE))
    assert speaking.due_ms < silent.due_ms
    assert read(index, later, entries(30, 40), entries(40, 50)).overflows == 1


def test_a_failure_keeps_what_was_read() -> None:
    """Validators and hash belong to the body that was read, not to the one that failed."""
    before = succeed(headers={"ETag": '"1"'}, body=b"one", entries=entries(0, 3))
    after = fail(before)
    assert (after.etag, after.body_hash, after.entries) == (before.etag, before.body_hash, 3)


@st.composite
def states(draw: st.DrawFn) -> SourceState:
    """Sources of any history, sane or not."""
    every = draw(st.integers(1, 10 * DAY_MS))
    real = learned([(NOW - HOUR, entries(0, 9)), (NOW - MINUTE, entries(3, 12))])
    return replace(
        SOURCE,
        every_ms=every,
        longest_ms=every + draw(st.integers(0, 10 * DAY_MS)),
        asks_ms=draw(st.integers(0, 10**15)),
        failures=draw(st.integers(0, 10**6)),
        rhythm=draw(st.text() | st.just(real.rhythm)),
        window=draw(st.text() | st.just(real.window)),
        learned_ms=draw(st.integers(0, 10**12)),
        moved=draw(st.none() | st.just("https://new.example/feed")),
    )


@settings(deadline=None)
@given(state=states(), found=st.none() | st.integers(0, 40).map(lambda end: entries(end // 2, end)), seed=st.integers())
def test_a_success_waits_between_the_bounds(state: SourceState, found: list[Entry] | None, seed: int) -> None:
    """Whatever is known: from the shortest interval to the longest, what others ask for apart; a tenth by chance."""
    asked = min(state.asks_ms, DAY_MS)
    for after in (
        after_success(state, headers={}, body=b"", now_ms=NOW, rng=random.Random(seed), entries=found),
        after_not_modified(state, headers={}, now_ms=NOW, rng=random.Random(seed)),
    ):
        assert state.every_ms <= after.learned_ms <= state.longest_ms
        assert max(after.learned_ms, asked) <= after.due_ms - NOW <= 1.1 * max(after.learned_ms, asked)


@settings(deadline=None)
@given(
    state=states(),
    wait=st.none() | st.integers(0, 10**15),
    reason=st.sampled_from(["dns", "http-429", "timeout", "gone", "barred", "refused"]),
    seed=st.integers(),
)
def test_a_failure_waits_between_the_bounds(state: SourceState, wait: int | None, reason: str, seed: int) -> None:
    """From the shortest interval to a tenth over a day; what is gone, a year."""
    after = after_failure(state, reason, "", wait_ms=wait, now_ms=NOW, rng=random.Random(seed))
    longest = 365 * DAY_MS if reason == "gone" else max(state.every_ms, DAY_MS)
    assert min(state.every_ms, DAY_MS) <= after.due_ms - NOW <= 1.1 * longest
