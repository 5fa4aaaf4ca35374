"""Where redirects lead: for good, or for this once."""

import asyncio
import random
from dataclasses import replace
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import Response

from crawler.middlewares.redirect import Redirect
from crawler.news.errors import MovedError
from crawler.news.source import SourceState
from crawler.news.urls import url_id
from crawler.spiders.polls import read_poll
from crawler.store.frontier import Lease
from tests.spiders.test_polls import FEED, NOW_MS, OUTLET, Here, feed, state

HERE, THERE, ELSEWHERE = "http://gazette.example/new", "http://gazette.example/newer", "https://feeds.example/gazette"


def follow(source: SourceState, *hops: tuple[int, str]) -> dict[str, Any]:
    """Follow redirects from where the poll begins; return the meta of the last request, or what sends it elsewhere."""
    astray = source.visit not in (None, source.settled)
    meta = {
        "lease": Lease("s:1", "t", source.host, "", source),
        "gap_ms": 0,
        "settled": source.settled,
        "astray": astray,
    }
    request = Request(source.address, meta=meta)
    for status, target in hops:
        response = Response(request.url, status=status, headers={"Location": target})
        try:
            followed = asyncio.run(Redirect().process_response(request, response))
        except MovedError as moved:
            return {"url": moved.url, "settled": moved.settled}
        assert isinstance(followed, Request)
        request = followed
    return {**request.meta, "url": request.url}


def arrive(source: SourceState, meta: dict[str, Any]) -> SourceState:
    """The source after a good answer at the end of its redirects."""
    response = Response(meta["url"], body=feed(1).encode(), request=Request(meta["url"], meta=meta))
    poll = asyncio.run(
        read_poll(source, response, OUTLET, reads=Here(), now_ms=NOW_MS, reread=False, rng=random.Random(1))
    )
    return poll.state


@pytest.mark.parametrize("status", [301, 308])
def test_p31_a_permanent_redirect_is_the_new_address(status: int) -> None:
    """From then on polls begin there; the identity is still the watchlist's address."""
    after = arrive(state(), follow(state(), (status, "/new")))
    assert (after.moved, after.home, after.url, after.id) == (HERE, HERE, FEED, url_id(FEED))
    assert after.landed == url_id(HERE)
    again = arrive(after, follow(after))
    assert (again.moved, again.landed) == (HERE, url_id(HERE))


@pytest.mark.parametrize("status", [302, 303, 307])
def test_p31_a_passing_redirect_is_not(status: int) -> None:
    """The next poll begins where it always did; but we know where this one ended."""
    after = arrive(state(), follow(state(), (status, "/new")))
    assert (after.moved, after.home, after.landed) == (None, FEED, url_id(HERE))
    assert arrive(after, follow(after)).landed == ""


def test_p31_only_what_is_permanent_counts() -> None:
    """A passing redirect ends the permanent part of the way; what is permanent behind it does not count."""
    after = arrive(state(), follow(state(), (301, "/new"), (302, "/newer")))
    assert (after.moved, after.landed) == (HERE, url_id(THERE))
    assert arrive(state(), follow(state(), (307, "/new"), (308, "/newer"))).moved is None


def test_p31_over_several_hosts() -> None:
    """The way goes on from the frontier, and remembers whether it was permanent so far."""
    moved = follow(state(), (301, ELSEWHERE))
    assert moved == {"url": ELSEWHERE, "settled": ELSEWHERE}
    visiting = replace(state(), visit=ELSEWHERE, settled=ELSEWHERE, hops=1)
    assert arrive(visiting, follow(visiting)).moved == ELSEWHERE
    passing = replace(state(), visit=ELSEWHERE, settled=None, hops=1)
    after = arrive(passing, follow(passing))
    assert (after.moved, after.landed, after.visit, after.settled) == (None, url_id(ELSEWHERE), None, None)
    assert arrive(passing, follow(passing, (301, "/gazette/feed"))).moved is None


def test_a_source_that_comes_home_lives_there_again() -> None:
    """A permanent redirect back to the watchlist's address."""
    away = replace(state(), moved=HERE, landed=url_id(HERE))
    home = arrive(away, follow(away, (301, FEED)))
    assert (home.moved, home.home) == (None, FEED)
