"""Sources that fail, move, or are gone."""

from itertools import pairwise

import pytest

from tests.polling.replies import feed, moved, page, seconds, status
from tests.polling.scripted import (
    DAY,
    HOUR,
    JITTER,
    MINUTE,
    SECOND,
    USUAL,
    Address,
    Played,
    about,
    elsewhere,
    source,
)

P27 = source("http://p27.example/feed.xml", feed("one"), after=status(500))


def test_p27_errors_back_off(played: Played) -> None:
    """Each error in a row makes the wait much longer, up to a day; and after a day it is tried again, for ever."""
    _, *waits = played.waits(P27)
    assert about(waits[0], 2 * USUAL)
    for earlier, later in pairwise(waits):
        assert later > 1.5 * earlier or later >= DAY - SECOND
    assert DAY - SECOND <= waits[-1] <= DAY * JITTER + MINUTE
    state = played.state(P27)
    assert state.failures == len(waits) + 1
    assert 0 < state.due_ms - state.polled_ms <= DAY * JITTER / (SECOND / 1000)


P28_DNS = source("http://p28.invalid/feed.xml")  # a name that never resolves (RFC 6761); no proxy is asked for it
P28_HTTP = source("http://p28-http.example/feed.xml", after=status(500))


def test_p28_dns_weighs_less(played: Played) -> None:
    """A name that does not resolve for the moment says little of the source: it is tried again sooner than one whose
    server fails.
    """
    dns, http = played.state(P28_DNS), played.state(P28_HTTP)
    assert (dns.health, http.health) == ("dns", "http-500")
    assert dns.failures > http.failures > 3


P29 = source("http://p29.example/feed.xml", feed("one"), status(404), status(404), status(404), feed("one", "two"))


def test_p29_404_stays_alive(played: Played) -> None:
    """A feed that is not found is asked for ever more rarely, and is well again when it is back."""
    waits = played.waits(P29)
    assert USUAL < waits[1] < waits[2] < waits[3]
    assert played.stories(P29) == ["one", "two"]
    assert played.state(P29).health == "ok"


P30 = source("http://p30.example/feed.xml", feed("one"), after=status(410))


def test_p30_410_stops(played: Played) -> None:
    """A source that is gone for good is not asked again, and the log says so."""
    state = played.state(P30)
    assert len(played.polls(P30)) == 2
    assert state.health == "gone"
    assert state.due_ms - state.polled_ms > 300 * DAY / (SECOND / 1000)
    assert played.says("source.gone", P30.url)


def redirect(code: int) -> tuple[Address, Address]:
    """A source that sends its readers elsewhere."""
    there = elsewhere(f"http://p31-{code}-new.example/feed.xml", feed("one"), feed("one"))
    return source(f"http://p31-{code}.example/feed.xml", after=moved(code, there.url)), there


P31 = {code: redirect(code) for code in (301, 302, 307, 308)}


@pytest.mark.parametrize("code", [301, 308])
def test_p31_permanent_redirects_are_stored(played: Played, code: int) -> None:
    """A permanent redirect is the source's new address: the old one is asked once."""
    here, there = P31[code]
    assert len(played.polls(here)) == 1
    assert len(played.polls(there)) > 2
    assert played.state(here).moved == there.url


@pytest.mark.parametrize("code", [302, 307])
def test_p31_passing_redirects_are_not(played: Played, code: int) -> None:
    """One that may pass is not: each poll begins at the old address."""
    here, there = P31[code]
    assert len(played.polls(here)) == len(played.polls(there)) > 2
    assert played.state(here).moved is None


hourly = feed("one", cache_control=f"max-age={seconds(HOUR)}")
P32_TARGET = source("http://p32-target.example/feed.xml", after=hourly)
P32_TWIN = source("http://p32-twin.example/feed.xml", after=moved(301, P32_TARGET.url))


def test_p32_two_addresses_of_one_source(played: Played) -> None:
    """A source that redirects onto another one of the watchlist is the same: one is polled, the other once a day only,
    to see whether it still is.
    """
    assert played.state(P32_TWIN).twin == played.state(P32_TARGET).id
    looks = played.state(P32_TWIN).polls  # the first at its old address, the others where it moved to
    assert 2 <= looks <= 4
    assert len([wait for wait in played.waits(P32_TARGET) if wait < HOUR - SECOND]) <= 2 * looks
    assert played.stories(P32_TARGET) == ["one"]


P33 = source("http://p33.example/feed.xml", feed("one"), after=page())


def test_p33_html_for_a_feed(played: Played) -> None:
    """A web page with status 200 where a feed was is an error, and backs off like one."""
    state = played.state(P33)
    assert state.health == "not-a-feed"
    assert state.failures > 3
    assert state.entries == 1, "what it announced when it was well"
    assert played.waits(P33)[-1] > 2 * played.waits(P33)[1] > 2 * USUAL
