"""Feeds of every age and health."""

import gzip
import json
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discovery import FeedReading, read_feed, read_section, read_sitemap
from crawler.discovery.feeds.claims import MOST_ENTRIES
from crawler.discovery.feeds.feed import MOST_BYTES
from crawler.news.errors import DiscoveryError
from tests.discovery.feeds.hazards import Hazard, feed, hazards, json_hazards, story, ten
from tests.discovery.golden import NOW, cases, read_case

URL = "https://lantern.example/feed.xml"
HAZARDS = [*hazards(), *json_hazards()]


@pytest.mark.parametrize("name", cases("feed"))
def test_golden_feeds(name: str) -> None:
    """Each folder's feed yields the entries, hints or error beside it."""
    found, expected = read_case("feed", name, partial(read_feed, now=NOW))
    assert found == expected


@pytest.mark.parametrize("hazard", HAZARDS, ids=lambda hazard: hazard.name)
def test_hazards(hazard: Hazard) -> None:
    """Each yields the entries that are in it, or one error of a stable name, in under 2 s of CPU."""
    started = time.process_time()
    found: int | str
    try:
        found = len(read_feed(hazard.body, URL, now=NOW).entries)
    except DiscoveryError as error:
        found = error.reason
    assert found == hazard.expected
    assert time.process_time() - started < 2


@pytest.mark.parametrize("reader", [read_sitemap, read_section])
def test_hazards_under_sitemaps_and_pages(reader: Callable[[bytes, str], object]) -> None:
    """The same documents where a sitemap or a page should be: a reading or an error, in under 2 s of CPU each."""
    for hazard in HAZARDS:
        started = time.process_time()
        try:
            reader(hazard.body, URL)
        except DiscoveryError as error:
            assert error.reason, hazard.name
        assert time.process_time() - started < 2, hazard.name


def test_hazards_in_300_mb() -> None:
    """All of them through all readers, one after the other, in one process of at most 300 MB."""
    program = """
from pathlib import Path
from contextlib import suppress
from tests.discovery.feeds.test_feed import *
for hazard in (hazard for kind in (hazards, json_hazards) for hazard in kind()):
    for reader in (read_feed, read_sitemap, read_section):
        with suppress(DiscoveryError):
            reader(hazard.body, URL)
print(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
"""  # not ru_maxrss: that begins with the memory of whoever starts the process, here the whole test run
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert int(run.stdout) < 300_000  # kilobytes


@settings(deadline=None)
@given(st.one_of(st.binary(max_size=400), st.text(alphabet="<>/&;!-[]?ritemlnkx='\" ", max_size=400).map(str.encode)))
def test_arbitrary_bytes_never_escape_the_error_family(body: bytes) -> None:
    """Anything, bare or in the middle of a feed, is read or raises DiscoveryError."""
    for document in (body, feed(story(1, markup=body)), b"<rss>" + body, b'[{"link": "/a", "title": ' + body):
        try:
            read_feed(document, URL, now=NOW)
        except DiscoveryError as error:
            assert error.reason
            assert URL in str(error)


@settings(deadline=None)
@given(st.integers(0xA1, 0x120000), st.integers(0, 12), st.sampled_from(["d", "x", "X"]))
def test_characters_by_number(code: int, noughts: int, base: str) -> None:
    """With noughts before it or not, in either base, a number is its character; U+FFFD where it is that of none."""
    is_character = code < 0xD800 or 0xDFFF < code <= 0x10FFFF
    reference = f"&#{base.replace('d', '')}{'0' * noughts}{code:{base}};"
    (entry,) = read_feed(feed(story(1, f"[{reference}]")), URL, now=NOW).entries
    (expected,) = read_feed(feed(story(1, f"[{chr(code) if is_character else chr(0xFFFD)}]")), URL, now=NOW).entries
    assert entry.title == expected.title


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["rendered", "name", "author", "url"]), inner),
    max_leaves=8,
)
_FIELDS = [
    *("url", "external_url", "id", "title", "summary", "content_html", "date_published", "authors", "author"),
    *("language", "hubs", "items", "feed_url"),
    *("link", "guid", "excerpt", "content", "date_gmt", "modified_gmt", "_embedded"),
]


@settings(deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(_FIELDS), _JSON)), st.dictionaries(st.sampled_from(_FIELDS), _JSON))
def test_arbitrary_json_never_escapes_the_error_family(items: list[object], feed: dict[str, object]) -> None:
    """Any value anywhere is read or raises DiscoveryError; what is read can be sent on."""
    version = "https://jsonfeed.org/version/1.1"
    for document in (items, [{"link": "/a", "title": "Ferry"}, *items], {**feed, "version": version, "items": items}):
        with suppress(DiscoveryError):
            reading = read_feed(json.dumps(document).encode(), URL, now=NOW)
            assert msgspec.msgpack.decode(msgspec.msgpack.encode(reading), type=FeedReading) == reading


@pytest.mark.parametrize("date", ["Sat, 21 Nov 2036 10:00:00 GMT", "2026-11-23T10:00:00Z", "1989-12-31T23:59:59Z", "x"])
@pytest.mark.parametrize(
    "document",
    [
        "<rss version='2.0'><channel><item><link>/a</link><pubDate>{}</pubDate></item></channel></rss>",
        "<rss version='2.0'><channel>Q & A<item><link>/a</link><pubDate>{}</pubDate></item></channel></rss>",
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><link href='/a'/><updated>{}</updated></entry></feed>",
        '{{"version": "https://jsonfeed.org/version/1", "items": [{{"url": "/a", "date_published": "{}"}}]}}',
        '[{{"link": "/a", "title": "Ferry", "date_gmt": "{}", "modified_gmt": "{}"}}]',
    ],
)
def test_dates_that_are_none(document: str, date: str) -> None:
    """Over a day ahead or before 1990 is no date, whichever reader reads it."""
    (entry,) = read_feed(
        document.replace("{}", date).replace("{{", "{").replace("}}", "}").encode(), URL, now=NOW
    ).entries
    assert (entry.published, entry.updated) == (None, None)


def test_the_cap_is_told() -> None:
    """A feed over the cap yields the first entries, and says how many it left out."""
    reading = read_feed(feed(*map(story, range(MOST_ENTRIES + 7))), URL, now=NOW)
    assert len(reading.entries) == MOST_ENTRIES
    assert reading.entries[-1].url == f"https://lantern.example/{MOST_ENTRIES - 1}"
    assert reading.capped == 7


def test_the_usual_feed_is_not_capped() -> None:
    """Ten entries are ten entries."""
    assert read_feed(ten(), URL, now=NOW).capped == 0


def test_a_gzip_file_is_a_feed_all_the_same() -> None:
    """Some servers send a compressed file without saying so."""
    assert len(read_feed(gzip.compress(ten()), URL, now=NOW).entries) == 10


@pytest.mark.parametrize(
    ("body", "reason"),
    [(gzip.compress(b"a" * (MOST_BYTES + 1)), "too-large"), (gzip.compress(ten())[:-9], "bad-gzip")],
)
def test_a_bomb_and_a_torso(body: bytes, reason: str) -> None:
    """A gzip file is unzipped within bounds, and must be whole."""
    with pytest.raises(DiscoveryError) as caught:
        read_feed(body, URL)
    assert caught.value.reason == reason


def test_header_names_have_no_case() -> None:
    """The charset counts however the header is written."""
    body = "<rss version='2.0'><channel><item><title>Fähre</title><link>/a</link></item></channel></rss>".encode(
        "latin-1"
    )
    for name in ("Content-Type", "content-type", "CONTENT-TYPE"):
        reading = read_feed(body, URL, headers={name: "application/rss+xml; charset=latin-1"})
        assert reading.entries[0].title == "Fähre"
