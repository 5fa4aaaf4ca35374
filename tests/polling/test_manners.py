"""What a server sees of us, and what it cannot do to us."""

import gzip
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cache, partial
from itertools import pairwise
from pathlib import Path

import brotli
import pytest
from backports import zstd

from crawler.news.errors import WatchlistError
from crawler.newsroom.messages import Reply
from crawler.watchlist import load
from tests.polling.replies import feed, moved, not_modified, seconds, status
from tests.polling.scripted import (
    DAY,
    DOOR,
    FRESH_FOR_A_DAY,
    GAP,
    HOUR,
    MINUTE,
    SCRIPTS,
    SECOND,
    Address,
    Ask,
    Played,
    elsewhere,
    source,
)

hourly = feed("one", cache_control=f"max-age={seconds(HOUR)}")
quiet = feed("one", cache_control=FRESH_FOR_A_DAY)
too_many = status(429, retry_after=seconds(6 * HOUR))

# Asked to wait twice: on the first day, and on the second, when a crawl with the other setting has taken over.
P10_BUSY = source("http://p10.example/busy.xml", feed("one"), too_many, quiet, too_many)
P10_OTHER = source("http://p10.example/other.xml", after=hourly)


def test_p10_scope_of_retry_after(played: Played) -> None:
    """A Retry-After holds the whole host, or only the source that it was said to: as RETRY_AFTER_HOLDS says."""
    busy = played.polls(P10_BUSY)
    for_host, for_source = busy[1], busy[3]
    assert for_host.at < played.killed < for_source.at

    def others_meanwhile(ask: Ask) -> int:
        return sum(ask.at < other.at < ask.at + 6 * HOUR - SECOND for other in played.polls(P10_OTHER))

    assert others_meanwhile(for_host) == 0
    assert others_meanwhile(for_source) >= 1


ANSWER = timedelta(milliseconds=50)
slow = replace(feed("one", "two", "three"), delay_seconds=ANSWER.total_seconds())
P11 = [source(f"http://p11.example/{name}.xml", slow, slow) for name in ("news", "sports", "culture", "weather")]


def test_p11_one_request_at_a_time(played: Played) -> None:
    """All sources and stories of a host together: a request begins when the last was answered, and a rest later."""
    polls = {address.url for address in P11}
    asks = [ask for ask in played.asks if ask.host == "p11.example"]
    assert len([ask for ask in asks if ask.url in polls]) >= 8
    for earlier, later in pairwise(asks):
        assert later.at - earlier.at >= GAP + (ANSWER if earlier.url in polls else timedelta())
    last: dict[str, Ask] = {}
    for ask in played.asks:
        assert ask.host not in last or ask.at - last[ask.host].at >= GAP, ask.url
        last[ask.host] = ask


def test_p12_no_burst_at_the_start(played: Played) -> None:
    """First polls of new sources are a second apart."""
    polls = [played.polls(address) for address in SCRIPTS.sources]
    firsts = sorted(asks[0].at for asks in polls if asks)
    assert len(firsts) > 10
    assert firsts[-1] - firsts[0] > 0.8 * len(firsts) * SECOND
    for earlier, later in zip(firsts, firsts[4:], strict=False):
        assert later - earlier > SECOND


P13 = source("http://p13.example/feed.xml", after=feed("one"), every='"1h"')


def test_p13_a_restart_polls_nothing_early(played: Played) -> None:
    """A crawl that starts anew polls every source when it was due before."""
    twins = {state.twin for state in played.states.values()}  # are asked when their twin is, too
    checked = []
    for address in SCRIPTS.sources:
        before = played.planned[address.url]
        later = [ask for ask in played.polls(address) if ask.at > played.killed]
        if later and before.id not in twins and f"s:{before.id}" not in played.held:
            assert later[0].at.timestamp() >= before.due_ms / 1000 - 0.001, address.url
            checked.append(address)
    assert P13 in checked
    assert len(checked) > 10


def deadly(ask: Ask) -> Reply:
    """It has news, and the crawl does not outlive them."""
    ask.kill()
    return feed("one", "two", etag='"second"')


def forgetful(ask: Ask) -> Reply:
    """Who has the second tag gets nothing any more."""
    if ask.headers.get("if-none-match") == '"second"':
        return not_modified(cache_control=FRESH_FOR_A_DAY)
    return feed("one", "two", etag='"second"', cache_control=FRESH_FOR_A_DAY)


P34 = source(
    "http://p34.example/feed.xml", feed("one", etag='"first"', cache_control=FRESH_FOR_A_DAY), deadly, after=forgetful
)


def test_p34_validators_come_with_their_entries(played: Played) -> None:
    """A crawl that is killed after it got an answer, and before it had put it away, loses nothing: the validators of
    that answer are not known, and the next poll brings its entries.
    """
    assert f"s:{played.state(P34).id}" in played.held
    _, deadly_poll, again = played.polls(P34)[:3]
    assert deadly_poll.at <= played.killed < again.at < deadly_poll.at + HOUR
    assert again.headers.get("if-none-match") != '"second"'
    assert played.stories(P34) == ["one", "two"]


P35_THERE = elsewhere(
    "http://p35-there.example/feed.xml", feed("one", set_cookie="there=2"), feed("one", set_cookie="there=3")
)
P35 = source("http://p35.example/feed.xml", after=lambda _: with_cookie(moved(302, P35_THERE.url)))


def with_cookie(reply: Reply) -> Reply:
    """The same, with a cookie."""
    return replace(reply, headers={**reply.headers, "Set-Cookie": "here=1; Path=/"})


def test_p35_no_cookies_no_referer_no_query(played: Played) -> None:
    """No request has a cookie, a Referer or a query of our own making, but for the date that WordPress is asked for."""
    assert len(played.polls(P35_THERE)) > 2
    assert {name for ask in played.asks for name in ask.headers} & {"cookie", "referer"} == set()
    assert [ask.url for ask in played.asks if "?" in ask.path and "/wp-json/" not in ask.path] == []


def test_p36_one_honest_user_agent(played: Played) -> None:
    """Whatever is asked for, and by whichever crawl: one User-Agent, with name, version and contact. No browser's."""
    (agent,) = {ask.headers["user-agent"] for ask in played.asks}
    assert re.fullmatch(r"Storywatch/\d[\w.]* \(.*(https?://|@).*\)", agent)


ENCODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "br": partial(brotli.compress, quality=5),  # the best takes seconds for a bomb
    "zstd": zstd.compress,
}
BOMB_BYTES = 64 * 1024 * 1024


@cache
def bomb(encoding: str) -> Reply:
    """A small body that unpacks to a huge one."""
    squeezed = ENCODINGS[encoding](bytes(BOMB_BYTES))
    assert len(squeezed) < BOMB_BYTES / 500
    return Reply(200, {"Content-Type": "application/rss+xml", "Content-Encoding": encoding}, squeezed)


def encoded(encoding: str, reply: Reply) -> Reply:
    """The same, compressed."""
    return replace(reply, headers={**reply.headers, "Content-Encoding": encoding}, body=ENCODINGS[encoding](reply.body))


P37 = {
    encoding: source(
        f"http://p37-{encoding}.example/feed.xml",
        after=encoded(encoding, feed("one", "two", "three", cache_control=FRESH_FOR_A_DAY)),
    )
    for encoding in ENCODINGS
}
P37_BOMBS = {
    encoding: source(f"http://p37-{encoding}-bomb.example/feed.xml", after=lambda _, encoding=encoding: bomb(encoding))
    for encoding in ENCODINGS
}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_p37_encodings(played: Played, encoding: str) -> None:
    """gzip, br and zstd are asked for and read. A body that grows too large is one clear error."""
    address, bombed = P37[encoding], played.state(P37_BOMBS[encoding])
    accepted = played.polls(address)[0].headers["accept-encoding"]
    assert encoding in [name.strip() for name in accepted.split(",")]
    assert sorted(played.stories(address)) == ["one", "three", "two"]
    assert (bombed.health, bombed.entries) == ("too-large", 0)
    assert re.search(r"more than [\d,]+ bytes", bombed.detail)


P38_LURED = [
    source("http://p38-loopback.example/feed.xml", after=moved(302, f"http://{DOOR}/loopback.xml")),
    source("http://p38-metadata.example/feed.xml", after=moved(301, "http://169.254.169.254/latest/meta-data")),
    source("http://p38-intranet.example/feed.xml", after=moved(308, "http://10.0.0.2/feed.xml")),
]
P38_HOP = elsewhere("http://p38-hop.example/feed.xml", after=moved(307, f"http://{DOOR}/later.xml"))
P38_LATER = source("http://p38-later.example/feed.xml", after=moved(302, P38_HOP.url))
P38_STORY = source("http://p38-story.example/feed.xml", feed("one", f"http://{DOOR}/story"))
P38_ALLOWED = source("http://10.0.0.1/feed.xml", feed("one"), allow_private="true")


@pytest.mark.parametrize("address", [*P38_LURED, P38_LATER])
def test_p38_private_addresses_are_refused(played: Played, address: Address) -> None:
    """No redirect leads to a private address, not by way of others either, and no story lies there: nobody connects."""
    assert played.state(address).health == "private-address"
    assert played.polls(P38_HOP)
    assert played.stories(P38_STORY) == ["one"]
    assert not played.knocked
    assert {ask.host for ask in played.asks} & {played.door, "169.254.169.254", "10.0.0.2"} == set()


def test_p38_the_watchlist_may_allow_them(played: Played, tmp_path: Path) -> None:
    """A watchlist that names a private address is refused, unless it says that it means it."""
    assert played.stories(P38_ALLOWED) == ["one"]
    outlet = '[[outlet]]\nname = "A"\nurl = "http://a.example/"\nfeeds = ["http://10.0.0.1/feed.xml"]\n'
    (tmp_path / "outlets.toml").write_text(outlet)
    with pytest.raises(WatchlistError, match="is a private address"):
        load(tmp_path, shortest_poll=MINUTE)


MANY = 10_000


def endless(ask: Ask) -> Reply:
    """Ten thousand stories, of last year."""
    slugs = [f"story-{number}" for number in range(MANY)]
    return feed(*slugs, dates=dict.fromkeys(slugs, ask.opened - 365 * DAY), cache_control=FRESH_FOR_A_DAY)


P42 = source("http://p42.example/feed.xml", after=endless)


def test_p42_a_cap_is_logged(played: Played) -> None:
    """Of a feed with ten thousand entries, those over the cap are left out, and the log says how many."""
    read = played.state(P42).entries
    assert 1_000 <= read < MANY
    assert played.says(P42.url, f"{MANY - read:,} entries", "left out")
