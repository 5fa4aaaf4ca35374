"""Feeds of every age and health."""

import gzip
import subprocess
import sys
import time
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discovery import read_feed
from crawler.discovery.feed import MOST_BYTES, MOST_ENTRIES
from crawler.news.errors import DiscoveryError
from tests.discovery.golden import NOW, cases, read_case
from tests.discovery.hazards import Hazard, feed, hazards, story, ten

URL = "https://lantern.example/feed.xml"
HAZARDS = list(hazards())


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


def test_hazards_in_300_mb() -> None:
    """All of them, one after the other, in one process of at most 300 MB."""
    program = """
from pathlib import Path
from tests.discovery.test_feed import HAZARDS, URL, read_feed
from crawler.news.errors import DiscoveryError
for hazard in HAZARDS:
    try:
        read_feed(hazard.body, URL)
    except DiscoveryError:
        pass
print(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
"""  # not ru_maxrss: that begins with the memory of whoever starts the process, here the whole test run
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert int(run.stdout) < 300_000  # kilobytes


@settings(deadline=None)
@given(st.one_of(st.binary(max_size=400), st.text(alphabet="<>/&;!-[]?ritemlnkx='\" ", max_size=400).map(str.encode)))
def test_arbitrary_bytes_never_escape_the_error_family(body: bytes) -> None:
    """Anything, bare or in the middle of a feed, is read or raises DiscoveryError."""
    for document in (body, feed(story(1, markup=body)), b"<rss>" + body):
        try:
            read_feed(document, URL, now=NOW)
        except DiscoveryError as error:
            assert error.reason
            assert URL in str(error)


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
