"""When to poll a source again, and what to remember of it meanwhile. Pure: clock and chance come in as arguments.

Requirements:
    No server is asked sooner than the watchlist, the feed or the server itself wants. Nothing stops a source for good:
    what is broken today may work tomorrow. Validators are echoed byte for byte.

Theory of operation:
    After a success, wait for the longest of the outlet's interval, what the feed asks for (RSS <ttl>,
    sy:updatePeriod) and how long the response stays fresh; the latter two ask for 24 h at most.
    After a failure, double the interval for each failure in a row, to 24 h. A temporary DNS failure says little about
    the source and grows it by half only; "too many requests" is our own fault and grows it fourfold. A Retry-After
    stands in for that growth. 410 Gone waits for a week.
    Chance adds up to a tenth to every wait, so that sources drift apart, and never takes away.

Known exceptions:
    A server that lies (one ETag, two bodies) is caught by every fiftieth poll, which sends no validators.
    Intervals are not learned from how often a source publishes; skipHours and skipDays are read and not obeyed.

Times and spans are milliseconds, as in `SourceState`; headers are a mapping of names in any case to text (Latin-1).
"""

import hashlib
import random
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from crawler.discovery.hints import FeedHints
from crawler.news.dates import parse_date
from crawler.news.source import SourceState
from crawler.news.urls import host_of

DAY_MS = 86_400_000
GONE = "gone"  # the reason that a 410 is failed with

_GROWTH = {"dns": 1.5, "http-429": 4.0}
_USUAL_GROWTH = 2.0
_MOST_STEPS = 40  # even 1 ms grown so often at 1.5 is over 3 h, and 4 ** 40 is still a float
_JITTER = 0.1
_UNCONDITIONAL_EVERY = 50

_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,10})", re.IGNORECASE)
_SECONDS = re.compile(r"\d{1,10}")
_AHEAD = timedelta(days=366)  # what expires, or may be tried again, lies ahead: no date of news would


def conditional_headers(state: SourceState, *, reread: bool = False) -> dict[str, str]:
    """Return If-None-Match and If-Modified-Since, each where the server gave its validator (RFC 9110 section 13.1).

    None when the body is wanted in any case (`reread`); none on the trail of a sitemap index, whose own they are.
    """
    if reread or state.trail or state.polls % _UNCONDITIONAL_EVERY == 0:
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
    entries: int | None = None,
    hints: FeedHints | None = None,
) -> SourceState:
    """Return the source after a 200 that could be read.

    Args:
        entries: how many the body announces; None: the body is unchanged and was not parsed.
        hints: the feed's own; None: unchanged, or no feed.
    """
    lower = _lower(headers)
    asks_ms = state.asks_ms if hints is None else hints.asks_every // timedelta(milliseconds=1)
    read = replace(
        state,
        etag=lower.get("etag"),
        last_modified=lower.get("last-modified"),
        body_hash=_hash(body),
        entries=state.entries if entries is None else entries,
        read_ms=state.read_ms if entries is None else now_ms,
        asks_ms=asks_ms,
    )
    return _healthy(read, headers, now_ms, rng)


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
    return _healthy(same, headers, now_ms, rng)


def after_failure(
    state: SourceState, reason: str, detail: str, *, wait_ms: int | None, now_ms: int, rng: random.Random
) -> SourceState:
    """Return the source after a failed poll, of whatever kind: it starts from its own address next time.

    Its validators stay: they belong to what was read.

    Args:
        reason: short and stable; "gone", "dns" and "http-429" wait as told above, all others alike.
        detail: the same in words.
        wait_ms: what the server asks for (Retry-After), or None.
    """
    failures = state.failures + 1
    if reason == GONE:
        wait = 7 * DAY_MS
    elif wait_ms is not None:
        wait = max(state.every_ms, min(wait_ms, DAY_MS))
    else:
        growth = _GROWTH.get(reason, _USUAL_GROWTH) ** min(failures, _MOST_STEPS)
        wait = max(state.every_ms, int(min(state.every_ms * growth, DAY_MS)))
    return replace(
        state,
        polls=state.polls + 1,
        polled_ms=now_ms,
        failures=failures,
        health=reason,
        detail=detail,
        reaps=0,
        visit=None,
        hops=0,
        trail="",
        host=host_of(state.url),
        due_ms=_later(now_ms, wait, rng),
    )


def next_poll(state: SourceState, *, fresh_ms: int | None, now_ms: int, rng: random.Random) -> int:
    """Return when to poll this source again after a success.

    The longest of the outlet's interval, what the feed asks for, and Cache-Control's max-age less Age (RFC 9111);
    what others ask for counts for 24 h at most.
    """
    asked = min(max(state.asks_ms, fresh_ms or 0), DAY_MS)
    return _later(now_ms, max(state.every_ms, asked), rng)


def freshness(headers: Mapping[str, str], *, now_ms: int) -> int | None:
    """Return for how long a response stays fresh, or None where it does not say. Zero: it is stale already.

    Cache-Control's max-age less Age; without it, Expires less Date (RFC 9111 section 4.2.1).
    """
    lower = _lower(headers)
    if match := _MAX_AGE.search(lower.get("cache-control", "")):
        age = _SECONDS.fullmatch(lower.get("age", "").strip())
        return max(0, int(match[1]) - int(age[0] if age else 0)) * 1000
    expires_ms = _date_ms(lower.get("expires", ""), now_ms)
    if expires_ms is None:
        return None
    date_ms = _date_ms(lower.get("date", ""), now_ms)
    return max(0, expires_ms - (now_ms if date_ms is None else date_ms))


def retry_after(raw: str, *, now_ms: int) -> int | None:
    """Return how long Retry-After asks to wait, in seconds or as an HTTP date, or None where it says neither."""
    text = raw.strip()
    if _SECONDS.fullmatch(text):
        return int(text) * 1000
    date_ms = _date_ms(text, now_ms)
    return None if date_ms is None else max(0, date_ms - now_ms)


def _healthy(state: SourceState, headers: Mapping[str, str], now_ms: int, rng: random.Random) -> SourceState:
    return replace(
        state,
        polls=state.polls + 1,
        polled_ms=now_ms,
        failures=0,
        health="ok",
        detail="",
        due_ms=next_poll(state, fresh_ms=freshness(headers, now_ms=now_ms), now_ms=now_ms, rng=rng),
    )


def _later(now_ms: int, wait_ms: int, rng: random.Random) -> int:
    return now_ms + wait_ms + int(wait_ms * _JITTER * rng.random())


def _date_ms(raw: str, now_ms: int) -> int | None:
    date = parse_date(raw, now=datetime.fromtimestamp(now_ms / 1000, UTC) + _AHEAD)
    return int(date.timestamp() * 1000) if date else None


def _hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:32]


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
