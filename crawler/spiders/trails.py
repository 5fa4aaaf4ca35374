"""The trail of a sitemap index: its poll goes on to the sitemaps that are worth reading, one after the other.

A part that fails is passed over: the index named it, and the others may be well. The index fails where none could be
read. A part may be an index itself; then its sitemaps are appended to the trail, but not those of indexes among them.
"""

import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from crawler.discovery.feeds.hints import FeedHints
from crawler.discovery.polling import DAY_MS, after_failure, after_part
from crawler.extensions.poll import Fault, Poll
from crawler.news.entry import Entry
from crawler.news.errors import FetchError
from crawler.news.source import SourceState
from crawler.news.urls import host_of
from crawler.store.schedule import Discovery

logger = logging.getLogger(__name__)

MOST_PARTS = 10  # a poll, those of nested indexes included: each is a request


@dataclass(frozen=True, slots=True)
class Found:
    """What a body announces: entries, and the sitemaps of an index that are worth reading."""

    entries: Sequence[Entry] = ()
    hints: FeedHints | None = None
    nested: Sequence[str] = ()
    capped: int = 0


def stops(text: str) -> list[str]:
    """The addresses that a state keeps, one a line. (An address may hold what `splitlines` takes for an end.)"""
    return text.split("\n") if text else []


def set_out(before: SourceState, after: SourceState, trail: Sequence[str]) -> SourceState:
    """Return an index whose own answer was good at the beginning of its trail: how it is, its parts will tell."""
    if not trail:
        return after
    return replace(
        after,
        failures=before.failures,
        health=before.health,
        detail=before.detail,
        trail="\n".join(trail),
        parts_read=0,
        parts_done=0,
        part_fault="",
    )


def after_reading(
    state: SourceState, found: Found, discoveries: Sequence[Discovery], *, now_ms: int, rng: random.Random
) -> Poll:
    """Return what a part brought, and where the poll goes on to."""
    here, *rest = stops(state.trail)
    done = state.parts_done + 1
    named = stops(state.nested)
    further = [url for url in found.nested if url not in named] if here in named else []
    room = max(0, MOST_PARTS - done - len(rest))
    if further[room:]:
        logger.warning("%s, sitemap %s: %d sitemaps too many were left out", state.outlet, here, len(further[room:]))
    walked = replace(
        state, trail="\n".join([here, *rest, *further[:room]]), parts_done=done, parts_read=state.parts_read + 1
    )
    learned = after_part(walked, found.entries, now_ms=now_ms, rng=rng)
    return _next(learned, discoveries, now_ms=now_ms, rng=rng, capped=found.capped)


def pass_over(state: SourceState, error: Fault, *, now_ms: int, rng: random.Random) -> Poll:
    """Return how the poll goes on where a part failed. If its server wants to be left alone, that ends the trail."""
    here, *rest = stops(state.trail)
    logger.warning("%s, sitemap %s: %s", state.outlet, here, error)
    wait_ms = (error.wait_ms or 0) if isinstance(error, FetchError) else 0
    walked = replace(
        state,
        trail="\n".join([here, *([] if wait_ms else rest)]),
        parts_done=state.parts_done + 1,
        part_fault=f"{error.reason}: {error}",
    )
    learned = after_part(walked, (), now_ms=now_ms, rng=rng)
    rested_ms = now_ms + min(wait_ms, DAY_MS)
    if wait_ms and rested_ms > learned.due_ms:
        learned = replace(learned, due_ms=rested_ms, why="the server of one of its sitemaps asks to wait")
    poll = _next(learned, (), now_ms=now_ms, rng=rng)
    return replace(poll, fault=error)


def _next(
    state: SourceState, discoveries: Sequence[Discovery], *, now_ms: int, rng: random.Random, capped: int = 0
) -> Poll:
    """Leave the part behind; at the end of the trail, say how the index is."""
    _, *rest = stops(state.trail)
    if rest:
        return onward(state, rest, discoveries=discoveries, capped=capped)
    reason, _, words = state.part_fault.partition(": ")
    if not state.parts_read:
        begun = replace(state, polls=state.polls - 1)  # the index's own answer counted as a poll
        failed = after_failure(begun, reason, words, wait_ms=None, now_ms=now_ms, rng=rng)
        return Poll(failed, discoveries, f"failed:{reason}", capped=capped)
    well = replace(state, failures=0, health="ok", detail=words)
    return onward(well, (), discoveries=discoveries, capped=capped)


def onward(
    state: SourceState,
    trail: Sequence[str],
    *,
    discoveries: Sequence[Discovery] = (),
    result: str = "ok",
    capped: int = 0,
) -> Poll:
    """Send the source on along its trail; at the end, home until it is due."""
    visit = trail[0] if trail else None
    after = replace(
        state,
        trail="\n".join(trail),
        visit=visit,
        host=host_of(visit or state.home),
        hops=0,
        settled=None,
        reaps=0,
        looked_ms=state.looked_ms or (0 if trail else state.polled_ms),
    )
    return Poll(after, discoveries, result, capped=capped)
