"""Sources that fail, move, or are gone."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from tests.polling.replies import feed, moved, page, seconds, status
from tests.polling.scripted import (
    DAY,
    HOUR,
    JITTER,
    LONGEST,
    MINUTE,
    SECOND,
    USUAL,
    Address,
    Played,
    about,
    elsewhere,
    every,
    publishing,
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


BROKEN_OFF = replace(feed("one"), ending="cut")
P31_NEW = elsewhere("http://p31-shaky-new.example/feed.xml", feed("one"), *[BROKEN_OFF] * 4, feed("one", "two"))
P31_SHAKY = source("http://p31-shaky.example/feed.xml", moved(301, P31_NEW.url), after=status(500))


def test_p31_a_new_address_may_be_down(played: Played) -> None:
    """An address that a permanent redirect named is not forgotten because it is out of reach: after three failures in a
    row the watchlist's is tried in turn with it, and once it answers it is polled there again.
    """
    asks = sorted(played.polls(P31_SHAKY) + played.polls(P31_NEW), key=lambda ask: ask.at)
    at_new = [ask.host == P31_NEW.host for ask in asks]
    assert at_new[:5] == [False, True, True, True, True]  # the fifth is the third failure
    back = asks.index(played.polls(P31_NEW)[5])
    assert all(now != then for now, then in pairwise(at_new[4 : back + 1]))
    assert len(at_new) > back + 1
    assert all(at_new[back:])
    state = played.state(P31_SHAKY)
    assert (state.health, state.moved) == ("ok", P31_NEW.url)
    assert played.stories(P31_NEW) == ["one", "two"]


hourly = feed("one", cache_control=f"max-age={seconds(HOUR)}")
P32_TARGET = source("http://p32-target.example/feed.xml", after=hourly)
P32_TWIN = source("http://p32-twin.example/feed.xml", after=moved(301, P32_TARGET.url))


def test_p32_two_addresses_of_one_source(played: Played) -> None:
    """A source that redirects onto another one of the watchlist is the same: one is polled, the other only every
    LONGEST_POLL, to see whether it still is.
    """
    assert played.state(P32_TWIN).twin == played.state(P32_TARGET).id
    looks = played.state(P32_TWIN).polls  # the first at its old address, the others where it moved to
    assert 3 * DAY / (LONGEST * JITTER) - 1 <= looks <= 3 * DAY / LONGEST + 1
    assert len([wait for wait in played.waits(P32_TARGET) if wait < HOUR - SECOND]) <= 2 * looks
    assert played.stories(P32_TARGET) == ["one"]


lively = publishing(every(2 * HOUR, -DAY, 3 * DAY))  # enough to be asked each hour
FAILS, STOPS, SINCE = 10 * HOUR, 6 * HOUR, LONGEST * JITTER + HOUR
P32_PLACE = elsewhere("http://p32-place.example/feed.xml", after=lively)
P32_POLLED = source(
    "http://p32-polled.example/feed.xml",
    after=lambda ask: moved(302, P32_PLACE.url) if ask.age < FAILS else status(500),
    every='"1h"',
)
P32_HEIR = source("http://p32-heir.example/feed.xml", after=moved(302, P32_PLACE.url), every='"1h"')


def test_p32_a_twin_takes_over(played: Played) -> None:
    """Of two sources that redirect to one address, one is polled; when its own address fails, the other takes over."""

    def asked(address: Address, start: timedelta, end: timedelta) -> int:
        return sum(start <= ask.age < end for ask in played.polls(address))

    assert asked(P32_POLLED, timedelta(), FAILS) >= 5
    assert asked(P32_HEIR, timedelta(), FAILS) <= 3
    assert asked(P32_HEIR, FAILS + SINCE, FAILS + SINCE + 20 * HOUR) >= 9
    assert played.state(P32_POLLED).health == "http-500"
    assert (played.state(P32_HEIR).health, played.state(P32_HEIR).twin) == ("ok", "")


P32_HOUSE = elsewhere("http://p32-house.example/feed.xml", after=lively)
P32_TENANT = source("http://p32-tenant.example/feed.xml", after=moved(302, P32_HOUSE.url), every='"1h"')
P32_LEAVES = source(
    "http://p32-leaves.example/feed.xml",
    after=lambda ask: moved(302, P32_HOUSE.url) if ask.age < STOPS else status(410),
    every='"1h"',
)


def test_p32_a_twin_may_be_gone(played: Played) -> None:
    """A twin whose own address is gone for good is not asked again; the other is polled as before."""
    gone = [ask for ask in played.polls(P32_LEAVES) if ask.age >= STOPS]
    assert len(gone) == 1
    state = played.state(P32_LEAVES)
    assert state.health == "gone"
    assert state.due_ms - state.polled_ms > 300 * DAY / (SECOND / 1000)
    assert played.state(P32_TENANT).health == "ok"
    assert len(played.polls(P32_TENANT)) > 40


P33 = source("http://p33.example/feed.xml", feed("one"), after=page())


def test_p33_html_for_a_feed(played: Played) -> None:
    """A web page with status 200 where a feed was is an error, and backs off like one."""
    state = played.state(P33)
    assert state.health == "not-a-feed"
    assert state.failures > 3
    assert state.entries == 1, "what it announced when it was well"
    assert played.waits(P33)[-1] > 2 * played.waits(P33)[1] > 2 * USUAL
