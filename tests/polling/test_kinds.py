"""Sources that are no feeds: sitemaps and their indexes, section pages, WordPress' posts."""

import re
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler.newsroom.messages import Reply
from tests.polling.replies import feed, index, moved, not_modified, posts, seconds, section, sitemap, status
from tests.polling.scripted import (
    DAY,
    DOOR,
    FRESH_FOR_A_DAY,
    HOUR,
    JITTER,
    LONGEST,
    MINUTE,
    SECOND,
    USUAL,
    Address,
    Ask,
    Played,
    about,
    elsewhere,
    source,
)


def index_behind(name: str, first: str) -> Address:
    """An index that names `first`, and after it two sitemaps that are well."""
    host = f"http://index-{name}.example"
    parts = [elsewhere(f"{host}/{slug}.xml", after=sitemap(slug)).url for slug in ("two", "three")]
    return source(f"{host}/index.xml", after=index(first, *parts), kind="sitemap", every='"2h"')


elsewhere("http://closed.example/robots.txt", after=Reply(200, {}, b"User-agent: *\nDisallow: /\n"))
CLOSED = elsewhere("http://closed.example/one.xml", after=sitemap("one"))
LOOP = elsewhere("http://there.example/one.xml", after=moved(302, "http://back.example/one.xml"))
elsewhere("http://back.example/one.xml", after=moved(302, LOOP.url))
BROKEN_FIRST = {
    "no-name": index_behind("no-name", "http://nowhere.invalid/one.xml"),
    "robots": index_behind("robots", CLOSED.url),
    "private": index_behind("private", f"http://{DOOR}/one.xml"),
    "missing": index_behind("missing", "http://index-missing.example/one.xml"),
    "loop": index_behind("loop", LOOP.url),
}


@pytest.mark.parametrize("name", BROKEN_FIRST)
def test_a_broken_part_hides_no_other(played: Played, name: str) -> None:
    """A sitemap of an index that cannot be had (its host has no name, robots.txt or we forbid it, it is not there, it
    redirects for ever) is passed over: those behind it are read, the source is well, and keeps its interval.
    """
    address = BROKEN_FIRST[name]
    assert played.stories(address) == ["two", "three"]
    state = played.state(address)
    assert (state.health, state.failures) == ("ok", 0)
    waits = played.waits(address)
    assert len(waits) > 10
    assert min(waits) >= 2 * HOUR - SECOND
    assert max(waits) <= LONGEST * JITTER + MINUTE
    assert {ask.path for ask in played.asks if ask.host == CLOSED.host} == {"/robots.txt"}
    assert played.polls(LOOP)
    assert not played.knocked


def index_of_two(name: str, *answers: Reply, after: Reply) -> Address:
    """An index whose first sitemap always fails; the second follows this script."""
    host = f"http://index-{name}.example"
    first = elsewhere(f"{host}/first.xml", after=status(500))
    second = elsewhere(f"{host}/second.xml", *answers, after=after)
    return source(f"{host}/index.xml", after=index(first.url, second.url), kind="sitemap")


ALL_FAIL = index_of_two("dead", after=status(500))
ALL_FAILED = index_of_two("recovers", *[status(500)] * 4, after=sitemap("one"))


def test_an_index_without_a_part_that_is_well_fails(played: Played) -> None:
    """If no sitemap of an index can be had, the source fails for their reason and backs off, until one is well."""
    state = played.state(ALL_FAIL)
    assert state.health == "http-500"
    assert state.failures == state.polls == len(played.polls(ALL_FAIL)) > 5
    for times, wait in zip((2, 4, 8, 16), played.waits(ALL_FAILED), strict=False):
        assert about(wait, times * USUAL)
    state = played.state(ALL_FAILED)
    assert (state.health, state.failures) == ("ok", 0)
    assert played.stories(ALL_FAILED) == ["one"]


BUSY_PARTS = [
    elsewhere("http://index-busy.example/one.xml", after=sitemap("one")),
    elsewhere(
        "http://index-busy.example/two.xml", status(429, retry_after=seconds(2 * HOUR)), after=sitemap("one", "two")
    ),
    elsewhere("http://index-busy.example/three.xml", after=sitemap("three")),
]
BUSY_INDEX = source(
    "http://index-busy.example/index.xml", after=index(*[part.url for part in BUSY_PARTS]), kind="sitemap"
)


def test_a_part_may_ask_to_wait(played: Played) -> None:
    """A 429 on the trail holds the whole host for as long as it says; what the trail still had comes with the next
    poll.
    """
    first, *_ = played.polls(BUSY_PARTS[0])
    refused, *_ = played.polls(BUSY_PARTS[1])
    (soonest, *_) = [ask for ask in played.asks if ask.host == refused.host and ask.at > refused.at]
    assert first.at < refused.at
    assert soonest.at - refused.at >= 2 * HOUR - SECOND
    assert played.polls(BUSY_INDEX)[1].at < played.polls(BUSY_PARTS[2])[0].at
    assert sorted(played.stories(BUSY_INDEX)) == ["one", "three", "two"]
    assert played.state(BUSY_INDEX).health == "ok"


OUTER, INNER = "http://index-nested.example/outer.xml", "http://index-nested.example/inner.xml"
LEAF = elsewhere("http://index-nested.example/leaf.xml", after=sitemap("leaf"))
DEEPEST = elsewhere("http://index-nested.example/deepest.xml", after=sitemap("deepest"))
DEEPER = elsewhere("http://index-nested.example/deeper.xml", after=index(DEEPEST.url))
elsewhere(INNER, after=index(OUTER, INNER, LEAF.url, DEEPER.url))
NESTED = source(OUTER, after=index(OUTER, INNER), kind="sitemap")


def test_an_index_may_name_an_index(played: Played) -> None:
    """The sitemaps of an index that an index names are read, but no index below that; one that names itself, or the
    one above it, leads nowhere.
    """
    assert played.stories(NESTED) == ["leaf"]
    assert not played.polls(DEEPEST)
    state = played.state(NESTED)
    assert (state.health, state.failures) == ("ok", 0)
    assert state.polls > 10
    assert len(played.polls(NESTED)) <= 2 * state.polls


BACK, APPEARED = 60 * HOUR, 32 * HOUR


def away(ask: Ask) -> Reply:
    """A sitemap whose host goes down after the first poll, and comes back with what appeared meanwhile."""
    before = {"before": ask.opened - HOUR}
    if ask.number == 1:
        return sitemap(*before, dates=before)
    if ask.age < BACK:
        return status(503, retry_after=seconds(5 * HOUR))
    archive = {f"archive-{number}": ask.at - 10 * DAY for number in range(3)}
    dates = {"appeared": ask.opened + APPEARED} | before | archive
    return sitemap(*dates, dates=dates)


AWAY = source("http://sitemap-away.example/sitemap.xml", after=away, kind="sitemap")


def test_what_appeared_during_an_outage_is_news(played: Played) -> None:
    """What a sitemap lists after an outage is fetched, if it appeared since it was read last, though it is older than
    a first look goes back. What is older than that, and listed for the first time, is its archive.
    """
    back = next(ask for ask in played.polls(AWAY) if ask.age >= BACK)
    assert back.age - APPEARED > DAY + HOUR
    assert played.stories(AWAY) == ["before", "appeared"]
    assert played.state(AWAY).health == "ok"


ODD = "odd\u2028thread"
ODD_ENTRY = source(
    "http://sitemap-odd.example/sitemap.xml",
    sitemap("one", ODD, "two"),
    sitemap("one", ODD, "two", "three"),
    kind="sitemap",
)
ODD_PARTS = [f"http://index-odd.example/{ODD}.xml", "http://index-odd.example/part.xml"]
elsewhere(ODD_PARTS[1], after=sitemap("one"))
ODD_INDEX = source("http://index-odd.example/index.xml", after=index(*ODD_PARTS), kind="sitemap")


def test_a_line_separator_in_an_address_does_no_harm(played: Played) -> None:
    """An address with U+2028, where some end a line, may be read or not: the others beside it are."""
    assert {"one", "two", "three"} <= set(played.stories(ODD_ENTRY))
    assert "one" in played.stories(ODD_INDEX)
    for address in (ODD_ENTRY, ODD_INDEX):
        assert (played.state(address).health, played.state(address).failures) == ("ok", 0)


ODD_HOSTS = {
    "http://[x@odd-host.example/a": "http://odd-host.example/a",
    "http://www.faß.example/b": "http://www.xn--fa-hia.example/b",
    "http://reader:secret@secret.example/c": "http://secret.example/c",
}
ASKED_FOR = [elsewhere(url, after=status(404)) for url in ODD_HOSTS.values()]
HANGS_UP = elsewhere("http://hangs-up.example/d")  # as soon as it is asked: p11 sees that it is not asked again at once
ODD_LINKS = source("http://odd-links.example/feed", feed("one"), after=feed("one", *ODD_HOSTS, HANGS_UP.url))


def test_a_link_that_others_read_otherwise_leads_where_we_say(played: Played) -> None:
    """A broken address in its credentials, a host that older rules spell another way, a password: each is asked for at
    the host that was judged and waited for, without the credentials. The source goes on.
    """
    assert len(played.polls(ODD_LINKS)) > 5
    assert played.state(ODD_LINKS).health == "ok"
    assert [len(played.polls(address)) for address in ASKED_FOR] == [1, 1, 1]
    assert not played.says("secret@")
    assert len(played.polls(HANGS_UP)) == 5


def test_no_script_finds_a_bug(played: Played) -> None:
    """Whatever servers say, it is not our own code that fails."""
    assert {state.url for state in played.states.values() if state.health == "bug"} == set()
    assert not played.says("a bug of ours")
    assert not played.says("Traceback")


BRIDGE, HARBOUR, SCHOOL = (
    "old-bridge-opens-again-today",
    "harbour-crane-falls-into-river",
    "school-roof-holds-after-all",
)
SECTION = source(
    "http://section.example/news/",
    section(BRIDGE, HARBOUR, etag='"first"'),
    not_modified(),
    section(HARBOUR, SCHOOL, etag='"second"'),
    section(BRIDGE, SCHOOL, etag='"third"'),
    after=not_modified(cache_control=FRESH_FOR_A_DAY),
    kind="page",
)


def test_a_section_page_is_compared(played: Played) -> None:
    """New links of a section page are found, and those that come and go are fetched once. It is asked like a feed."""
    assert sorted(played.stories(SECTION)) == sorted([BRIDGE, HARBOUR, SCHOOL])
    tags = [ask.headers.get("if-none-match") for ask in played.polls(SECTION)[:5]]
    assert tags == [None, '"first"', '"first"', '"second"', '"third"']
    assert played.state(SECTION).health == "ok"


POSTS = "/wp-json/wp/v2/posts?per_page=50"
POSTED = {
    "first": timedelta(hours=-3),
    "second": timedelta(minutes=-90),
    "third": timedelta(minutes=100),
    "fourth": timedelta(minutes=110),  # in the hour of the third: the clock begins at six o'clock
}


def blog(ask: Ask) -> Reply:
    """The posts that are out, after the date that is asked for."""
    asked = asked_after(ask)
    since = datetime.fromisoformat(asked) if asked else ask.opened - 365 * DAY
    out = {slug: ask.opened + age for slug, age in POSTED.items() if age <= ask.age}
    return posts({slug: date for slug, date in reversed(out.items()) if date > since})


def asked_after(ask: Ask) -> str | None:
    """The date that a request asks for posts after; None: for all."""
    dates = parse_qs(urlsplit(ask.path).query).get("after", [])
    assert len(dates) <= 1, ask.path
    return dates[0] if dates else None


BLOG = source(f"http://posts.example{POSTS}", after=blog)


def test_wordpress_is_asked_for_what_came_since(played: Played) -> None:
    """After the first poll WordPress is asked only for posts after the newest known, less a day. In whole hours, so
    that caches work; and though it sends no validators, nothing new is missed.
    """
    first, *others = played.polls(BLOG)
    assert asked_after(first) is None
    hours = [asked_after(ask) or "" for ask in others]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:00:00Z", hour) for hour in hours)
    days = [ask.opened + POSTED[slug] - DAY for slug in ("second", "fourth") for ask in (first,)]
    assert list(dict.fromkeys(hours)) == [f"{day:%Y-%m-%dT%H}:00:00Z" for day in days]
    assert hours.count(hours[0]) >= 2
    assert hours.count(hours[-1]) >= 2
    assert sorted(played.stories(BLOG)) == sorted(POSTED)
    assert played.state(BLOG).health == "ok"
    assert not any(ask.is_conditional for ask in others)


def moving_blog(code: int) -> tuple[Address, Address]:
    """A blog that sends its readers elsewhere after two polls, with what they asked for."""
    there = elsewhere(f"http://posts-{code}-new.example{POSTS}", after=blog)
    to = f"http://{there.host}"
    return source(
        f"http://posts-{code}.example{POSTS}", blog, blog, after=lambda ask: moved(code, to + ask.path)
    ), there


MOVING = {code: moving_blog(code) for code in (301, 302)}


@pytest.mark.parametrize("code", MOVING)
def test_wordpress_moves(played: Played, code: int) -> None:
    """A redirect of WordPress' posts is followed; a permanent one is stored without the date of one poll."""
    here, there = MOVING[code]
    assert played.state(here).health == "ok"
    assert len(played.polls(there)) > 5
    assert all(asked_after(ask) for ask in played.polls(there))
    assert {"third", "fourth"} <= set(played.stories(here) + played.stories(there))
    if code == 301:
        assert played.state(here).moved == there.url
        assert len(played.polls(here)) == 3
    else:
        assert played.state(here).moved is None
        assert len(played.polls(here)) == 2 + len(played.polls(there))
