"""Sitemaps and their indexes."""

import gzip
import time
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discovery import NestedSitemap, read_sitemap
from crawler.discovery.sitemap import MOST_BYTES, MOST_ENTRIES, MOST_NESTED, MOST_READ, worth_reading
from crawler.news.errors import DiscoveryError
from tests.discovery.golden import DATA, NOW, cases, read_case

URL = "https://lantern.example/sitemap.xml"


def urlset(*urls: str) -> bytes:
    """Return a plain sitemap of the inner XML of its <url> elements."""
    return f"<urlset>{''.join(f'<url>{url}</url>' for url in urls)}</urlset>".encode()


@pytest.mark.parametrize("name", cases("sitemap"))
def test_golden_sitemaps(name: str) -> None:
    """Each folder's sitemap yields the entries, nested sitemaps or error beside it."""
    found, expected = read_case("sitemap", name, partial(read_sitemap, now=NOW))
    assert found == expected


def test_gzip_files_are_read() -> None:
    """sitemap.xml.gz is a file, whatever its headers say."""
    body = (DATA / "sitemap" / "news" / "input.xml").read_bytes()
    assert read_sitemap(gzip.compress(body), URL, now=NOW) == read_sitemap(body, URL, now=NOW)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (gzip.compress(b" " * (MOST_BYTES + 1)), "empty"),
        (gzip.compress(b"a" * (MOST_BYTES + 1)), "too-large"),
        (b"\x1f\x8bnot so", "bad-gzip"),
        (b"<urlset>" + b"<u/>" * 500_000, "too-complex"),
        (b"<html><body>Not found</body></html>", "not-a-sitemap"),
        (b"no XML at all", "not-a-sitemap"),
        (bytes(range(256)) * 100, "not-a-sitemap"),
    ],
)
def test_what_is_no_sitemap(body: bytes, reason: str) -> None:
    """One error of a stable name."""
    with pytest.raises(DiscoveryError) as caught:
        read_sitemap(body, URL)
    assert caught.value.reason == reason


def test_over_the_cap_the_newest_stay() -> None:
    """An archive that begins with its oldest story still tells the newest, and how many were left out."""
    first = datetime(1999, 1, 1, tzinfo=UTC)
    dates = (first + timedelta(days=day) for day in range(9_000))
    dated = [f"<loc>/{date:%Y-%m-%d}</loc><lastmod>{date:%Y-%m-%d}</lastmod>" for date in dates]
    reading = read_sitemap(urlset(*(f"<loc>/undated/{number}</loc>" for number in range(2_000)), *dated), URL, now=NOW)
    assert len(reading.entries) == MOST_ENTRIES
    assert reading.capped == 1_000
    assert sum(entry.updated is not None for entry in reading.entries) == 9_000
    assert reading.entries[-1].url.endswith(dated[-1][6:16])


def test_an_index_is_capped_too() -> None:
    """A thousand nested sitemaps are enough, and the rest is counted."""
    nested = "".join(f"<sitemap><loc>/{number}.xml</loc></sitemap>" for number in range(MOST_NESTED + 5))
    reading = read_sitemap(f"<sitemapindex>{nested}</sitemapindex>".encode(), URL)
    assert (len(reading.sitemaps), reading.capped) == (MOST_NESTED, 5)


def test_entities_are_not_expanded() -> None:
    """A billion laughs cost nothing, and no file is read."""
    ladder = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
    prolog = f"<!DOCTYPE urlset [<!ENTITY l0 'ha'>{ladder}<!ENTITY x SYSTEM 'file:///etc/passwd'>]>".encode()
    started = time.process_time()
    reading = read_sitemap(prolog + urlset("<loc>/a?&l9;&x;</loc>"), URL)
    assert time.process_time() - started < 1
    assert all("root" not in entry.url and "haha" not in entry.url for entry in reading.entries)


@settings(deadline=None)
@given(st.one_of(st.binary(max_size=300), st.text(alphabet="<>/&;!urlsetoc:='\" ", max_size=300).map(str.encode)))
def test_arbitrary_bytes_never_escape_the_error_family(body: bytes) -> None:
    """Anything, bare or within a sitemap, is read or raises DiscoveryError."""
    for document in (body, b"<urlset><url><loc>" + body, b"<sitemapindex><sitemap>" + body):
        try:
            read_sitemap(document, URL, now=NOW)
        except DiscoveryError as error:
            assert error.reason


def test_of_an_index_only_what_may_hold_news_is_worth_reading() -> None:
    """Fresh ones; without dates those that call themselves news; never more than a few."""
    day = timedelta(days=1)
    index = [NestedSitemap("/old.xml", NOW - 9 * day), NestedSitemap("/new.xml", NOW), NestedSitemap("/undated.xml")]
    assert worth_reading(index[:2], now=NOW, window=day) == ("/new.xml",)
    assert worth_reading([*index, NestedSitemap("/news.xml")], now=NOW, window=day) == ("/new.xml", "/news.xml")
    assert len(worth_reading([NestedSitemap(f"/{n}.xml") for n in range(50)], now=NOW, window=day)) == MOST_READ
