"""When to poll a source again, and what to remember of it meanwhile. Pure: clock and chance come in as arguments.

Requirements:
    No server is asked sooner than the watchlist, the feed or the server itself wants. Nothing but a 410 stops a source:
    what is broken today may work tomorrow. Validators are echoed byte for byte. A person is told why a source waits.

Theory of operation:
    After a success, wait as long as the source's rhythm suggests (see `rhythm`), at least `every_ms` and at most
    `longest_ms`; half as long again where the server sends no validators, because each poll costs it a whole answer.
    Two cases overrule the rhythm: a source that speaks after a silence is asked again as soon as it may be, and after a
    poll that found less than a third of what the one before had found, the interval is halved.
    Others may ask for longer: the feed (RSS <ttl>, sy:updatePeriod), the server (Cache-Control, Expires), for 24 h at
    most. Last, the time is moved out of hours and days that the feed does not want to be asked in.
    After a failure, the interval doubles for each failure in a row, to 24 h. A temporary DNS failure, or a robots.txt
    out of reach, says little about the source and grows it by half only; "too many requests" and "forbidden" are our
    own fault and grow it fourfold. A Retry-After stands in for that growth. 451 waits for a day, 410 for a year, which
    is to say that polling ends.
    After three failures in a row where a permanent redirect led, every other poll tries the watchlist's address.
    Chance adds up to a tenth to every wait, so that sources drift apart, and never takes away.

Known exceptions:
    A server that lies (one ETag, two bodies) is caught by every fiftieth poll, and once a day: they send no validators.
    A feed without entries says nothing: what it announced before stays the measure for what it announces next.

Times and spans are milliseconds, as in `SourceState`; headers are a mapping of names in any case to text (Latin-1).
"""

import hashlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from crawler.discovery.feeds.hints import FeedHints
from crawler.discovery.polling.lessons import learn
from crawler.discovery.polling.wishes import after_skips, freshness, skips_of, span_text
from crawler.news.entry import Entry
from crawler.news.source import SourceState
from crawler.news.urls import host_of

DAY_MS = 86_400_000
GONE = "gone"  # the reason that a 410 is failed with
BARRED = "barred"  # the reason that a 451 is failed with

_HOUR_MS = 3_600_000
_GROWTH = {"dns": 1.5, "robots-unreachable": 1.5, "http-429": 4.0, "refused": 4.0}
_USUAL_GROWTH = 2.0
_MOST_STEPS = 40  # even 1 ms grown so often at 1.5 is over 3 h, and 4 ** 40 is still a float
_FIXED = {
    GONE: (365 * DAY_MS, "its server says that it is gone for good (410)"),
    BARRED: (DAY_MS, "its server says that the law bars it (451)"),
}
_JITTER = 0.1
_UNCONDITIONAL_EVERY = 50
_CAPPED = ", and 24h is the most"


def conditional_headers(state: SourceState, *, now_ms: int, reread: bool = False) -> dict[str, str]:
    """Return If-None-Match and If-Modified-Since, each where the server gave its validator (RFC 9110 section 13.1).

    None when the body is wanted in any case: `reread`, every fiftieth poll, and when the server gave none for a day.
    None on the trail of a sitemap index either, whose own they are.
    """
    is_due = state.polls % _UNCONDITIONAL_EVERY == 0 or now_ms - state.full_ms > DAY_MS
    if reread or is_due or state.trail:
        return {}
    validators = {"If-None-Match": state.etag, "If-Modified-Since": state.last_modified}
    return {name: value for name, value in validators.items() if value}


def is_unchanged(state: SourceState, body: bytes) -> bool:
    """Tell whether the body is the one read last, so that it need not be parsed again."""
    return state.body_hash == _hash(body)


def after_success(
    state: SourceState,
    *,
    headers: Mapping[str, str],
    body: bytes,
    now_ms: int,
    rng: random.Random,
    entries: Sequence[Entry] | None = None,
    hints: FeedHints | None = None,
) -> SourceState:
    """Return the source after a 200 that could be read.

    Args:
        entries: what the body announces; None: the body is unchanged and was not parsed.
        hints: the feed's own; None: unchanged, or no feed.
    """
    lower = _lower(headers)
    read: dict[str, Any] = {} if entries is None else {"entries": len(entries), "read_ms": now_ms}
    if hints is not None:
        read |= {"asks_ms": hints.asks_every // timedelta(milliseconds=1), "skips": skips_of(hints)}
    answered = replace(
        state,
        etag=lower.get("etag"),
        last_modified=lower.get("last-modified"),
        body_hash=_hash(body),
        full_ms=now_ms,
        **read,
    )
    return _healthy(answered, entries or (), lower, now_ms, rng)


def after_not_modified(
    state: SourceState, *, headers: Mapping[str, str], now_ms: int, rng: random.Random
) -> SourceState:
    """Return the source after a 304: a success. A validator that the 304 does not repeat stays in force."""
    lower = _lower(headers)
    same = replace(
        state,
        etag=lower.get("etag") or state.etag,
        last_modified=lower.get("last-modified") or state.last_modified,
    )
    return _healthy(same, (), lower, now_ms, rng)


def after_part(state: SourceState, entries: Sequence[Entry], *, now_ms: int, rng: random.Random) -> SourceState:
    """Return the source after one more sitemap of its trail: what that announces counts as if the index did.

    Call it for each of them, also for one that cannot be read (without entries), before it leaves the trail. It brings
    the next poll nearer where there is news, and never puts it off.
    """
    lesson = learn(state, entries, now_ms=now_ms)
    learned = replace(state, entries=state.entries + len(entries), **lesson._asdict())
    wait_ms = max(lesson.learned_ms, state.rests_until_ms - now_ms)
    due_ms, why = _due(state, wait_ms, lesson.why, now_ms, rng)
    if due_ms < state.due_ms:
        return replace(learned, due_ms=due_ms, why=why)
    return replace(learned, due_ms=state.due_ms, learned_ms=state.learned_ms, why=state.why)


def after_failure(
    state: SourceState, reason: str, detail: str, *, wait_ms: int | None, now_ms: int, rng: random.Random
) -> SourceState:
    """Return the source after a failed poll, of whatever kind: it starts from its own address next time.

    Its validators stay: they belong to what was read.

    Args:
        reason: short and stable; "dns", "http-429", "refused", "barred" and "gone" wait as told above, all others
            alike.
        detail: the same in words.
        wait_ms: what the server asks for (Retry-After) of this source, or None.
    """
    failures = state.failures + 1
    wait, why = _patience(state, reason, failures, wait_ms)
    due_ms, why = _due(state, wait, why, now_ms, rng)
    failed = replace(
        state,
        polls=state.polls + 1,
        polled_ms=now_ms,
        due_ms=due_ms,
        rests_until_ms=max(state.rests_until_ms, now_ms + min(wait_ms or 0, DAY_MS)),
        why=why,
        failures=failures,
        health=reason,
        detail=detail,
        reaps=0,
        visit=None,
        hops=0,
        settled=None,
        trail="",
    )
    return replace(failed, host=host_of(failed.home))


def is_capped(state: SourceState) -> bool:
    """Tell whether the source waits for less than somebody asked for, which was over 24 h; `why` says who."""
    return _CAPPED in state.why


def _healthy(
    state: SourceState, entries: Sequence[Entry], headers: Mapping[str, str], now_ms: int, rng: random.Random
) -> SourceState:
    fresh_ms = freshness(headers, now_ms=now_ms) or 0
    asked_ms, who = max((state.asks_ms, "the feed"), (fresh_ms, "its server"))
    rest_ms = min(asked_ms, DAY_MS)
    lesson = learn(state, entries, now_ms=now_ms)
    why = _asks(who, asked_ms) if rest_ms > lesson.learned_ms else lesson.why
    due_ms, why = _due(state, max(lesson.learned_ms, rest_ms), why, now_ms, rng)
    return replace(
        state,
        **lesson._replace(why=why)._asdict(),
        due_ms=due_ms,
        rests_until_ms=now_ms + rest_ms if rest_ms else 0,
        polls=state.polls + 1,
        polled_ms=now_ms,
        failures=0,
        health="ok",
        detail="",
    )


def _patience(state: SourceState, reason: str, failures: int, wait_ms: int | None) -> tuple[int, str]:
    """Return how long to wait after a failure, and why."""
    if reason in _FIXED:
        return _FIXED[reason]
    if wait_ms is not None:
        return max(state.every_ms, min(wait_ms, DAY_MS)), _asks("its server", wait_ms)
    growth = _GROWTH.get(reason, _USUAL_GROWTH) ** min(failures, _MOST_STEPS)
    return max(state.every_ms, int(min(state.every_ms * growth, DAY_MS))), f"failures in a row: {failures}"


def _asks(who: str, asked_ms: int) -> str:
    return f"{who} asks for {span_text(asked_ms)}{_CAPPED if asked_ms > DAY_MS else ''}"


def _due(state: SourceState, wait_ms: int, why: str, now_ms: int, rng: random.Random) -> tuple[int, str]:
    """Return the time of the next poll, outside of what the source wants to be left out, and why it is then."""
    due_ms = now_ms + wait_ms + int(wait_ms * _JITTER * rng.random())
    free_ms = after_skips(state.skips, due_ms)
    if free_ms == due_ms:
        return due_ms, why
    free = datetime.fromtimestamp(free_ms / 1000, UTC)
    apart_ms = int(_HOUR_MS * _JITTER * rng.random())  # not all at the full hour
    return free_ms + apart_ms, f"does not want to be asked before {free:%a %H:%M} UTC (skipHours, skipDays)"


def _hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:32]


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
