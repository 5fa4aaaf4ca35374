"""From the response to a poll to what the store takes in."""

import asyncio
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
from scrapy.http import Response

from crawler.discovery.polling import after_failure, conditional_headers
from crawler.extensions.poll import FIRST_LOOK, Poll
from crawler.news.errors import DiscoveryError, FetchError
from crawler.news.source import Outlet, SourceState
from crawler.reading.process import read
from crawler.reading.tasks import AnyTask, Reading, Task
from crawler.spiders.polls import read_poll
from crawler.store.schedule import new_source

NOW = datetime(2031, 3, 14, 12, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)
OUTLET = Outlet("Gazette", "http://gazette.example/")
FEED, MAP = "http://gazette.example/feed.xml", "http://gazette.example/sitemap.xml"


def state(url: str = FEED, kind: str = "feed") -> SourceState:
    """A source that was never polled."""
    return new_source("Gazette", kind, url, every_ms=900_000, first_look_ms=86_400_000)


class Here:
    """Reads in this process."""

    async def read(self, task: Task[Reading], body: bytes) -> Reading:
        """As the reading process does it."""
        return cast(Reading, read(cast(AnyTask, task), body))


def poll(
    of: SourceState, body: str, *, status: int = 200, headers: dict[str, str] | None = None, reread: bool = False
) -> Poll:
    """Read an answer to a poll."""
    response = Response(of.address, status=status, headers=headers, body=body.encode())
    return asyncio.run(
        read_poll(of, response, OUTLET, reads=Here(), now_ms=NOW_MS, reread=reread, rng=random.Random(1))
    )


def feed(*ages_h: float) -> str:
    """A feed with an item of each age in hours."""
    items = "".join(
        f"<item><title>Item {n}</title><link>http://gazette.example/{n}</link>"
        f"<pubDate>{NOW - timedelta(hours=age):%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
        for n, age in enumerate(ages_h)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>G</title>{items}</channel></rss>'


def urlset(*slugs: str, age_h: float = 1) -> str:
    """A sitemap of entries."""
    when = (NOW - timedelta(hours=age_h)).isoformat()
    rows = "".join(f"<url><loc>http://gazette.example/{slug}</loc><lastmod>{when}</lastmod></url>" for slug in slugs)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'


INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>http://gazette.example/map-old.xml</loc><lastmod>2019-01-01</lastmod></sitemap>
<sitemap><loc>http://gazette.example/map-1.xml</loc><lastmod>2031-03-14</lastmod></sitemap>
<sitemap><loc>http://maps.example/map-2.xml</loc><lastmod>2031-03-14</lastmod></sitemap>
</sitemapindex>"""


def test_a_first_look_fetches_what_is_young_and_remembers_the_rest() -> None:
    """Of a feed with items of 1 h and 3 days, the first is fetched, the second only remembered; later both count."""
    first = poll(state(), feed(1, 72))
    assert [discovery.fate for discovery in first.discoveries] == ["fetch", FIRST_LOOK]
    later = poll(first.state, feed(1, 72, 73))
    assert {discovery.fate for discovery in later.discoveries} == {"fetch"}


def test_validators_are_kept_as_sent_and_equal_bytes_are_not_read_twice() -> None:
    """ETag and Last-Modified go into the state; the same body again is a success without entries."""
    first = poll(state(), feed(1), headers={"ETag": 'W/"x"', "Last-Modified": "yesterday, roughly"})
    assert (first.state.etag, first.state.last_modified) == ('W/"x"', "yesterday, roughly")
    again = poll(first.state, feed(1))
    assert (again.result, list(again.discoveries), again.state.failures) == ("same-bytes", [], 0)


def test_not_modified_is_a_success() -> None:
    """304 resets failures and reads nothing."""
    ailing = replace(poll(state(), feed(1)).state, failures=3)
    answer = poll(ailing, "", status=304)
    assert (answer.result, answer.state.failures, answer.state.health) == ("not-modified", 0, "ok")


def test_a_sitemap_index_sends_its_poll_on() -> None:
    """The poll goes on to the young sitemaps, then home; the validators that it keeps are the index's."""
    index = poll(state(MAP, "sitemap"), INDEX, headers={"ETag": '"index"'})
    assert (index.goes_on, index.state.visit, index.state.host) == (
        True,
        "http://gazette.example/map-1.xml",
        "gazette.example",
    )
    first = poll(index.state, urlset("a", "b"), headers={"ETag": '"map"'})
    assert (first.goes_on, first.state.visit, first.state.host) == (
        True,
        "http://maps.example/map-2.xml",
        "maps.example",
    )
    last = poll(first.state, urlset("c"))
    assert (last.goes_on, last.state.visit, last.state.host) == (False, None, "gazette.example")
    assert (last.state.etag, last.state.entries, last.state.due_ms) == ('"index"', 3, index.state.due_ms)
    assert [len(p.discoveries) for p in (index, first, last)] == [0, 2, 1]


def test_an_unchanged_index_is_followed_all_the_same() -> None:
    """An index that carries no dates stays the same while its sitemaps change."""
    index = poll(state(MAP, "sitemap"), INDEX)
    home = replace(index.state, trail="", visit=None, looked_ms=NOW_MS)
    assert poll(home, "", status=304).state.visit == "http://gazette.example/map-1.xml"


def test_a_sitemap_that_starts_to_list_its_archive_floods_nobody() -> None:
    """After the first look, too, a sitemap's old entries are only remembered."""
    looked = poll(state(MAP, "sitemap"), urlset("a")).state
    archive = poll(looked, urlset("b", "c", age_h=24 * 300))
    assert {discovery.fate for discovery in archive.discoveries} == {FIRST_LOOK}


@pytest.mark.parametrize(("status", "reason"), [(404, "not-found"), (410, "gone"), (403, "refused"), (503, "http-503")])
def test_a_refusal_is_a_named_fault(status: int, reason: str) -> None:
    """Each status has its reason; Retry-After is read."""
    with pytest.raises(FetchError) as refused:
        poll(state(), "", status=status, headers={"Retry-After": "120"})
    assert refused.value.reason == reason
    assert refused.value.wait_ms == (120_000 if status == 503 else None)


def test_html_where_a_feed_was_is_an_error() -> None:
    """Status 200 with a web page is not "0 entries"."""
    with pytest.raises(DiscoveryError) as wrong:
        poll(state(), "<!doctype html><html><body><p>Sorry</p></body></html>")
    assert wrong.value.reason == "not-a-feed"


def test_a_nested_sitemap_that_fails_is_passed_over() -> None:
    """A 404, a 304 or a web page in its place: the poll goes on to the next, and the index is well."""
    index = poll(state(MAP, "sitemap"), INDEX)
    for body, status in (("", 404), ("", 304), ("<!doctype html><p>Sorry</p>", 200)):
        passed = poll(index.state, body, status=status)
        assert (passed.goes_on, passed.state.visit, passed.state.failures) == (True, "http://maps.example/map-2.xml", 0)


def test_validators_of_an_index_are_not_sent_to_its_sitemaps() -> None:
    """The nested sitemap is asked without condition."""
    index = poll(state(MAP, "sitemap"), INDEX, headers={"ETag": '"index"'})
    assert conditional_headers(index.state, now_ms=NOW_MS) == {}
    assert conditional_headers(replace(index.state, trail="", visit=None), now_ms=NOW_MS) == {
        "If-None-Match": '"index"'
    }


def test_a_failed_poll_starts_from_home_again() -> None:
    """However far redirects or a trail have led it."""
    astray = replace(state(), visit="http://login.example/", host="login.example", hops=5, trail="http://a.example/1")
    home = after_failure(astray, "refused", "403", wait_ms=None, now_ms=NOW_MS, rng=random.Random(1))
    assert (home.visit, home.host, home.hops, home.trail) == (None, "gazette.example", 0, "")


def test_equal_bytes_are_read_again_when_their_entries_must_stay_known() -> None:
    """Once in a while a quiet source is read whatever its body: else its evergreens would come back as new."""
    quiet = poll(state(), feed(1)).state
    assert list(poll(quiet, feed(1)).discoveries) == []
    again = poll(quiet, feed(1), reread=True)
    assert len(again.discoveries) == 1
    assert conditional_headers(quiet, now_ms=NOW_MS, reread=True) == {}
