"""From the response to a poll to what the store takes in. Its body is read elsewhere (crawler.reading)."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import cast

from scrapy.http import Response

from crawler.discovery import first_look
from crawler.discovery.feeds.wordpress import plain_address
from crawler.discovery.polling import after_not_modified, after_success, is_unchanged
from crawler.discovery.sitemap import worth_reading
from crawler.extensions.faults import fault_of_status
from crawler.extensions.poll import FIRST_LOOK, Poll
from crawler.news.entry import Entry
from crawler.news.errors import DiscoveryError, PoisonError, UrlError
from crawler.news.source import Outlet, SourceKind, SourceState
from crawler.news.urls import canonicalise, url_id
from crawler.reading import ReadFeed, ReadSection, ReadSitemap
from crawler.reading.tasks import Reads
from crawler.spiders.trails import Found, after_reading, onward, pass_over, set_out, stops
from crawler.store.records import page_record
from crawler.store.schedule import Discovery


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
    """Return what a poll brought. A sitemap index sends its poll on to the sitemaps that are worth reading (`trails`).

    Args:
        reads: reads bodies.
        reread: read the body even if it is the one read last.

    Raises:
        FetchError: the status is no success. DiscoveryError: the body is not what the source should be.
        PoisonError: it kills whoever reads it.
    """
    headers = {name.decode("latin-1"): (response.headers[name] or b"").decode("latin-1") for name in response.headers}
    if state.trail:
        return await _read_part(state, response, headers, outlet, reads, now_ms=now_ms, rng=rng)
    state = replace(state, since_ms=state.full_ms if state.looked_ms else 0)
    if response.status == 304:
        same = after_not_modified(state, headers=headers, now_ms=now_ms, rng=rng)
        return _again(state, same, response, "not-modified")
    fault = fault_of_status(response, now_ms=now_ms)
    if fault:
        raise fault
    if is_unchanged(state, response.body) and not reread:
        same = after_success(state, headers=headers, body=response.body, now_ms=now_ms, rng=rng)
        return _again(state, same, response, "same-bytes")
    found = await _read(state, response, headers, outlet, reads, now_ms=now_ms)
    read = after_success(
        state,
        headers=headers,
        body=response.body,
        now_ms=now_ms,
        rng=rng,
        entries=found.entries,
        hints=found.hints,
    )
    arrived = replace(_arrived(state, read, response), nested="\n".join(found.nested))
    discoveries = _discoveries(state, found.entries, now_ms=now_ms)
    away = set_out(state, arrived, found.nested)
    return onward(away, found.nested, discoveries=discoveries, capped=found.capped)


def _again(before: SourceState, same: SourceState, response: Response, result: str) -> Poll:
    """An index that is the same is followed all the same: it may carry no dates."""
    trail = stops(before.nested)
    return onward(set_out(before, _arrived(before, same, response), trail), trail, result=result)


async def _read_part(
    state: SourceState,
    response: Response,
    headers: Mapping[str, str],
    outlet: Outlet,
    reads: Reads,
    *,
    now_ms: int,
    rng: random.Random,
) -> Poll:
    """Read one sitemap of an index."""
    fault = fault_of_status(response, now_ms=now_ms)
    if fault:
        return pass_over(state, fault, now_ms=now_ms, rng=rng)
    try:
        found = await _read(state, response, headers, outlet, reads, now_ms=now_ms)
    except (DiscoveryError, PoisonError) as error:
        return pass_over(state, error, now_ms=now_ms, rng=rng)
    discoveries = _discoveries(state, found.entries, now_ms=now_ms)
    return after_reading(state, found, discoveries, now_ms=now_ms, rng=rng)


async def _read(
    state: SourceState, response: Response, headers: Mapping[str, str], outlet: Outlet, reads: Reads, *, now_ms: int
) -> Found:
    now = datetime.fromtimestamp(now_ms / 1000, UTC)
    body, url = response.body, response.url
    if state.kind == "feed":
        feed = await reads.read(ReadFeed(url, dict(headers), now), body)
        return Found(feed.entries, feed.hints, capped=feed.capped)
    if state.kind == "sitemap":
        sitemap = await reads.read(ReadSitemap(url, now), body)
        nested = worth_reading(sitemap.sitemaps, now=now, window=_window(state, now_ms))
        return Found(sitemap.entries, nested=nested, capped=sitemap.capped)
    section = await reads.read(ReadSection(url, dict(headers), outlet.selectors), body)
    return Found(section.entries, capped=section.capped)


def _arrived(before: SourceState, after: SourceState, response: Response) -> SourceState:
    """Note where redirects led: those that are permanent, for good."""
    meta = response.request.meta if response.request else {}
    began_there = before.home == before.moved
    settled = plain_address(meta.get("settled") or "") or (before.moved if began_there else None)
    moved = None if settled == before.url else settled
    redirected = before.visit is not None or meta.get("hops", 0) > 0
    landed = plain_address(response.url) if redirected else moved
    return replace(after, moved=moved, landed=url_id(landed) if landed else "")


def _window(state: SourceState, now_ms: int) -> timedelta:
    """Return how far back news may be dated: as far as a first look goes, and to the last good answer before this."""
    since_ms = state.since_ms or now_ms
    return timedelta(milliseconds=max(state.first_look_ms, now_ms - since_ms))


def _discoveries(state: SourceState, entries: Sequence[Entry], *, now_ms: int) -> list[Discovery]:
    """Entries as records for the frontier, each with its fate: fetched, or remembered as too old to be news."""
    now, window = datetime.fromtimestamp(now_ms / 1000, UTC), _window(state, now_ms)
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
