"""The headline among all that a page calls itself."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.headline import read_headline
from crawler.extraction.outlet import Outlet
from tests.extraction.pages import linked, meta, page

TO_READ, TO_SHARE = "Harbour closed for a week", "Ferries, forget it: your harbour is shut"


def headline(head: str, body: str = "", announced: str | None = None) -> str | None:
    return read_headline(page(head, body), None, announced)


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        ("<title>Lock grows | Tidewatch</title>", "", "Lock grows"),
        ("<title>Tidewatch » Lock grows</title>", "", "Lock grows"),
        ("<title>Lock grows │ The Tide Watch</title>", "", "Lock grows"),
        ("<title>Lock grows - Local - tidewatch.example</title>", "<h1>Lock grows</h1>", "Lock grows"),
        ("<title>Lock - a long story</title>", "", "Lock - a long story"),
        (
            "<title>Lock grows - what Tidewatch found in the port</title>",
            "",
            "Lock grows - what Tidewatch found in the port",
        ),
        (meta(og_title="Lock &amp;amp; key"), "", "Lock & key"),
        (
            meta(og_title="Lock grows", og_site_name="Gulls' Gazette") + "<title>Lock grows - Gulls' Gazette</title>",
            "",
            "Lock grows",
        ),
        ("<title>Lock grows - Tidewatch is happy</title>", "", "Lock grows - Tidewatch is happy"),
        ("<title>Lock grows - Www of gulls</title>", "", "Lock grows - Www of gulls"),
    ],
    ids=[
        "by-host",
        "in-front",
        "words-spell-host",
        "section-too",
        "its-own-dash",
        "name-in-a-clause",
        "escaped",
        "by-meta",
        "clause-after-the-name",
        "subdomain",
    ],
)
def test_the_outlets_name_goes_and_the_headlines_own_words_stay(head: str, body: str, expected: str) -> None:
    """Whatever mark parts them, in front or behind, and however the page or its host spell the name."""
    assert headline(head, body) == expected


@pytest.mark.parametrize("title", ["Harbour in ice - Tidewatch", "Tidewatch - how to stay safe", "Fire | Tidewatch"])
@pytest.mark.parametrize("source", [lambda title: meta(og_title=title), lambda title: linked(headline=title)])
def test_what_heading_and_metadata_say_alike_is_whole(title: str, source: Callable[[str], str]) -> None:
    """A name that an outlet shares with its town or a day of the week stays in its headlines."""
    assert headline(source(title) + f"<title>{title} | Tidewatch</title>", f"<h1>{title}</h1>") == title


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        ("<title>Lock grows</title>", "<h1>Tidewatch</h1><h1>Lock grows</h1>", "Lock grows"),
        ("<title>Lock grows by four metres</title>", "<h1>Local news</h1>", "Lock grows by four metres"),
        ("<title>Tidewatch</title>", "<h1>Lock grows</h1>", "Lock grows"),
        ("<title>Tidewatch » Archive » Lock grows again</title>", "<h2>Lock grows again</h2>", "Lock grows again"),
        ("<title>閘門が広くなる：市議会が決定</title>", "<h1>Original text</h1>", "閘門が広くなる：市議会が決定"),
    ],
    ids=["logo-first", "section-name", "title-names-the-outlet", "in-a-subheading", "another-script"],
)
def test_the_heading_that_counts_is_like_the_title(head: str, body: str, expected: str) -> None:
    """Logos, section names and the like are no headlines, even as the only <h1>."""
    assert headline(head, body) == expected


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        (
            linked(headline="Lock grows by four") + "<title>Lock…</title>",
            "<h1>Lock grows by four</h1>",
            "Lock grows by four",
        ),
        (
            meta(og_title="Locks 2026: all about locks") + "<title>Locks 2026: all about locks</title>",
            "<h1>All you need to know about locks</h1>",
            "All you need to know about locks",
        ),
        (
            meta(og_title="Northern lock grows") + "<title>Northern lock grows</title>",
            "<h1><span>Harbour</span><span>Northern lock grows</span></h1>",
            "Northern lock grows",
        ),
        (
            meta(og_title="Council widens the lock")
            + linked(headline="Council widens the lock after two years of quarrel")
            + "<title>Council widens the lock after two years of quarrel</title>",
            "<h1>Council widens the lock after two years of quarrel</h1>",
            "Council widens the lock",
        ),
        (
            meta(og_title="After the vote: Northern lock grows")
            + linked(headline="After the vote: Northern lock grows")
            + "<title>After the vote: Northern lock grows</title>",
            "<h1>Northern lock grows</h1>",
            "After the vote: Northern lock grows",
        ),
        (
            meta(og_title="Four metres, and not one more")
            + linked(headline="Northern lock: how wide it will be")
            + "<title>Northern lock: how wide it will be</title>",
            "<h1>Northern lock: how wide it will be</h1>",
            "Four metres, and not one more",
        ),
    ],
    ids=["two-against-one", "for-search-engines", "kicker-in-h1", "shorter", "kicker-everywhere", "shared-by-hand"],
)
def test_sources_that_differ(head: str, body: str, expected: str) -> None:
    """Those that agree outvote one that differs, but for the findings that the module lists."""
    assert headline(head, body) == expected


@pytest.mark.parametrize(
    ("announced", "expected"),
    [
        (TO_SHARE, TO_SHARE),
        ("harbour closed for a WEEK", TO_READ),
        ("Har\u00adbour closed for a week!", TO_READ),
        ("More", TO_READ),
        ("", TO_READ),
        (None, TO_READ),
    ],
)
def test_the_announced_headline_decides_among_the_pages_own(announced: str | None, expected: str) -> None:
    """In the page's spelling; what the page does not say counts for nothing."""
    head = f"<title>{TO_READ} | Tidewatch</title>{meta(og_title=TO_SHARE)}"
    assert headline(head, f"<h1>{TO_READ}</h1>", announced) == expected


def test_a_page_without_any_title_has_no_headline() -> None:
    """Nor has one that tells the outlet's name alone."""
    assert headline("", "<p>Lock grows.</p>") is None
    assert headline("<title>Tidewatch</title>") is None


def test_the_words_of_a_name_spell_its_host() -> None:
    """In their order, others between; a clause that holds the name does not tell the outlet."""
    outlet = Outlet("https://news.gull-gazette.example/a", ["The Gull Gazette"])
    told = ["Gull Gazette", "the GULL gazette online", "gull-gazette.example", "Sport | Gull Gazette", "News"]
    told += ["from gull-gazette.example", "Gull Gazette Sport"]
    assert [part for part in told if not outlet.is_told_by(part)] == []
    assert [
        part
        for part in ["Gulls", "Harbour", "News for gulls", "News Today", "why the gull gazette came out late"]
        if outlet.is_told_by(part)
    ] == []


@given(
    st.lists(st.text() | st.sampled_from([" | ", " - ", "Tidewatch", "<h1>", "</h1>", "&lt;"])).map("".join), st.text()
)
def test_no_title_escapes(text: str, announced: str) -> None:
    """Whatever stands in titles and headings: a text or None."""
    found = headline(f"<title>{text}</title>", f"<h1>{text}</h1>{text}", announced)
    assert found is None or found.strip()
