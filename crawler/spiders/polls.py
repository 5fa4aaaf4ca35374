"""From the response to a poll to what the store takes in. Its body is read elsewhere (crawler.reading)."""

import logging
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import cast

from scrapy.http import Response

from crawler.discovery import FeedHints, first_look
from crawler.discovery.polling import after_not_modified, after_part, after_success, is_unchanged
from crawler.discovery.sitemap import worth_reading
from crawler.extensions.faults import fault_of_status
from crawler.extensions.poll import FIRST_LOOK, Poll
from crawler.news.entry import Entry
from crawler.news.errors import DiscoveryError, FetchError, PoisonError, UrlError
from crawler.news.source import Outlet, SourceKind, SourceState
from crawler.news.urls import canonicalise, host_of, url_id
from crawler.reading import ReadFeed, ReadSection, ReadSitemap
from crawler.reading.tasks import Reads
from crawler.store.records import page_record
from crawler.store.schedule import Discovery

logger = logging.getLogger(__name__)


async def read_poll(
    state: SourceState,
    response: Response,
    outlet: Outlet,
    *,
    reads: Reads,
    now_ms: int,
    reread: bool,
    rng: random.Random,
) -> Poll:
    """Return what a poll brought.

    A sitemap index sends its poll on to the sitemaps that are worth reading, one after the other (the state's trail).

    Args:
        reads: reads bodies.
        reread: read the body even if it is the one read last.

    Raises:
        FetchError: the status is no success. DiscoveryError: the body is not what the source should be.
        PoisonError: it kills whoever reads it.
    """
    headers = {name.decode("latin-1"): (response.headers[name] or b"").decode("latin-1") for name in response.headers}
    if state.trail:
        return await _read_nested(state, response, headers, outlet, reads, now_ms=now_ms, rng=rng)
    if response.status == 304:
        same = after_not_modified(state, headers=headers, now_ms=now_ms, rng=rng)
        return _onward(_arrived(same, response), state.nested.splitlines(), result="not-modified")
    fault = fault_of_status(response, now_ms=now_ms)
    if fault:
        raise fault
    if is_unchanged(state, response.body) and not reread:
        same = after_success(state, headers=headers, body=response.body, now_ms=now_ms, rng=rng)
        return _onward(_arrived(same, response), state.nested.splitlines(), result="same-bytes")
    found = await _read(state.kind, response, headers, outlet, reads, now_ms=now_ms)
    read = after_success(
        state,
        headers=headers,
        body=response.body,
        now_ms=now_ms,
        rng=rng,
        entries=found.entries,
        hints=found.hints,
    )
    discoveries = _discoveries(state, found.entries, now_ms=now_ms)
    return _onward(
        replace(_arrived(read, response), nested="\n".join(found.nested)),
        found.nested,
        discoveries=discoveries,
        capped=found.capped,
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """What a body announces: entries, or the sitemaps of an index that are worth reading."""

    entries: Sequence[Entry]
    hints: FeedHints | None = None
    nested: Sequence[str] = ()
    capped: int = 0


async def _read(
    kind: str, response: Response, headers: Mapping[str, str], outlet: Outlet, reads: Reads, *, now_ms: int
) -> _Found:
    now = datetime.fromtimestamp(now_ms / 1000, UTC)
    body, url = response.body, response.url
    if kind == "feed":
        feed = await reads.read(ReadFeed(url, dict(headers), now), body)
        return _Found(feed.entries, feed.hints, capped=feed.capped)
    if kind == "sitemap":
        sitemap = await reads.read(ReadSitemap(url, now), body)
        nested = worth_reading(sitemap.sitemaps, now=now, window=outlet.first_look)
        return _Found(sitemap.entries, nested=nested, capped=sitemap.capped)
    section = await reads.read(ReadSection(url, dict(headers), outlet.selectors), body)
    return _Found(section.entries, capped=section.capped)


async def _read_nested(
    state: SourceState,
    response: Response,
    headers: Mapping[str, str],
    outlet: Outlet,
    reads: Reads,
    *,
    now_ms: int,
    rng: random.Random,
) -> Poll:
    """Read one sitemap of an index. One that fails is passed over: the index named it, and the others may be well."""
    rest = state.trail.splitlines()[1:]
    fault = fault_of_status(response, now_ms=now_ms)
    try:
        found = _Found(()) if fault else await _read(state.kind, response, headers, outlet, reads, now_ms=now_ms)
    except (DiscoveryError, PoisonError) as error:
        found, fault = _Found(()), FetchError(error.reason, str(error))
    if fault:
        logger.warning("%s, sitemap %s: %s", state.outlet, response.url, fault)
    discoveries = _discoveries(state, found.entries, now_ms=now_ms)
    read = after_part(state, found.entries, now_ms=now_ms, rng=rng)
    return _onward(read, rest, discoveries=discoveries, capped=found.capped)


def _arrived(state: SourceState, response: Response) -> SourceState:
    """Note where redirects led: those that are permanent, for good."""
    meta = response.request.meta if response.request else {}
    settled = meta.get("settled") or state.moved
    moved = None if settled == state.url else settled
    redirected = state.visit is not None or meta.get("hops", 0) > 0
    landed = response.url if redirected else moved
    return replace(state, moved=moved, landed=url_id(landed) if landed else "")


def _onward(
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
    return Poll(after, discoveries, result, capped=capped, goes_on=bool(trail))


def _discoveries(state: SourceState, entries: Sequence[Entry], *, now_ms: int) -> list[Discovery]:
    """Entries as records for the frontier, each with its fate: fetched, or remembered as too old for a first look."""
    now, window = datetime.fromtimestamp(now_ms / 1000, UTC), timedelta(milliseconds=state.first_look_ms)
    if not state.looked_ms:
        old = {
            id(entry) for entry in first_look(entries, cast(SourceKind, state.kind), now=now, window=window).remember
        }
    elif state.kind == "sitemap":  # which may start to list its archive any day
        old = {id(entry) for entry in entries if (date := entry.published or entry.updated) and now - date > window}
    else:
        old = set()
    discoveries = []
    for entry in entries:
        try:
            canonical = canonicalise(entry.url)
        except UrlError:
            continue  # discovery let it through, but it has no identity: no page either
        record = page_record(
            entry, canonical=canonical, outlet=state.outlet, source=state.id, kind=state.kind, now_ms=now_ms
        )
        discoveries.append(Discovery(record, FIRST_LOOK if id(entry) in old else "fetch"))
    return discoveries
