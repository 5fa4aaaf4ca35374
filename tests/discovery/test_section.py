"""Section pages, and which of their links are stories."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discovery import read_section
from crawler.discovery.section import MOST_ENTRIES
from crawler.discovery.story_urls import looks_like_story
from crawler.news.errors import DiscoveryError
from tests.discovery.golden import cases, read_case

URL = "https://lantern.example/"

# Address, words of the link, whether they stand in a heading.
STORIES = """
/2026/11/21/ferry | Ferry | no
/news/2026/nov/21/ferry | | no
/2026-11-21-ferry/ | | no
/news/ferry-runs-aground-off-tern-island | | no
/a/ferry-runs-aground-90815 | | no
/article90815123/ferry-runs-aground.html | | no
/stories/3376705/ | Ferry runs aground near island | no
/?p=4711 | Ferry runs aground near island | no
/articles/clymn8zyrp9o | Ferry runs aground near island | no
/world/ferry-aground | Ferry runs aground near island | no
/world/ferry-aground | Ferry aground | yes
/world/ferry | Ferry runs aground near island | yes
/m/%E6%B8%AF/k1029384 | 港のフェリーが座礁、乗客は全員無事 | no
"""
FURNITURE = """
/world/ | World | yes
/climate-and-energy/ | Climate and energy | no
/2026/11/21/ | Saturday | no
/tag/ferry-runs-aground-off-tern-island | Everything on the ferry at Tern Island | yes
/authors/ada-quill-90815 | Ada Quill, our harbour correspondent | yes
/newsletter | Our newsletter every morning at six | no
/img/ferry-runs-aground-off-tern-island.jpg | Ferry runs aground near island | no
/world/ferry-aground | Ferry | no
/ | The Harbour Lantern, your daily paper | no
"""


@pytest.mark.parametrize("name", cases("section"))
def test_golden_sections(name: str) -> None:
    """Each folder's page yields the story links beside it."""
    found, expected = read_case("section", name, read_section)
    assert found == expected


@pytest.mark.parametrize(("table", "is_story"), [(STORIES, True), (FURNITURE, False)], ids=["stories", "furniture"])
def test_stories_and_furniture(table: str, is_story: bool) -> None:
    """The address and the words of a link tell a story from the furniture of a page."""
    for line in table.strip().splitlines():
        path, text, in_heading = (part.strip() for part in line.split("|"))
        url = "https://lantern.example" + path
        assert looks_like_story(url, text, in_heading=in_heading == "yes") is is_story, line


def test_the_cap_is_told() -> None:
    """Of a page with too many stories the first are taken, and the rest is counted."""
    links = "".join(f'<a href="/2026/11/21/ferry-{number}">Ferry</a>' for number in range(MOST_ENTRIES + 3))
    reading = read_section(links.encode(), URL)
    assert (len(reading.entries), reading.capped) == (MOST_ENTRIES, 3)
    assert reading.entries[0].url == "https://lantern.example/2026/11/21/ferry-0"


def test_a_page_without_stories_is_no_error() -> None:
    """Nothing new is a result."""
    assert read_section(b"<html><body><p>Nothing today.</p></body></html>", URL).entries == ()


@pytest.mark.parametrize(
    ("body", "selectors", "reason"),
    [
        (b"", {}, "empty"),
        (b"<!-- -->", {}, "not-html"),
        (b"<a>" * 200_001, {}, "too-complex"),
        (b"<a " + b" ".join(b"x%d" % number for number in range(100_000)) + b">", {}, "too-complex"),
        (b"<p>a</p>", {"links": "a[["}, "bad-selector"),
    ],
)
def test_what_cannot_be_read(body: bytes, selectors: dict[str, str], reason: str) -> None:
    """One error of a stable name, in under 2 s of CPU; a selector's error names the selector."""
    started = time.process_time()
    with pytest.raises(DiscoveryError) as caught:
        read_section(body, URL, selectors=selectors)
    assert time.process_time() - started < 2
    assert caught.value.reason == reason
    assert all(selector in str(caught.value) for selector in selectors.values())


@pytest.mark.parametrize(
    "markup",
    [
        b"<p data-json='" + b'{"a=1 b=2": "<p c=3>"} ' * 10_000 + b"'>",
        b"<p " + b" ".join(b"x%d='>'" % number for number in range(1_000)) + b">",
        b"<script>" + b"let a=1; b <c; " * 10_000 + b"</script>",
        b"<!-- <p " + b" ".join(b"x%d" % number for number in range(5_000)) + b"> -->",
        b"<p>" + b"1 = 1 " * 10_000,
    ],
    ids=["one-long-attribute", "1000-attributes", "script", "comment", "text"],
)
def test_only_attributes_are_counted_as_such(markup: bytes) -> None:
    """What looks like attributes in a value, a script, a comment or a text keeps no page from being read."""
    assert len(read_section(b'<a href="/2026/11/21/ferry">Ferry</a>' + markup, URL).entries) == 1


@pytest.mark.parametrize("opening", [b'<p a=">" ', b"<script>i <n; s='</script><p ", b"<!--><p ", b"<p <b "])
def test_no_tag_hides_its_attributes(opening: bytes) -> None:
    """Neither behind ">" in a value, nor behind what a hasty reader takes for a value or a comment."""
    with pytest.raises(DiscoveryError) as caught:
        read_section(opening + b" ".join(b"x%d" % number for number in range(1_001)) + b">", URL)
    assert caught.value.reason == "too-complex"


def test_a_deep_page_is_read() -> None:
    """A hundred thousand open elements neither crash nor hide what stands before them."""
    body = b'<a href="/2026/11/21/ferry">Ferry</a>' + b"<div>" * 100_000 + b"<a href='/x'>"
    assert len(read_section(body, URL).entries) == 1


@settings(deadline=None)
@given(st.one_of(st.binary(max_size=300), st.text(alphabet="<>/&;!aherf='\"#:[] ", max_size=300).map(str.encode)))
def test_arbitrary_bytes_never_escape_the_error_family(body: bytes) -> None:
    """Anything, bare or as a link, is read or raises DiscoveryError."""
    for document in (body, b"<a href='" + body + b"'>x</a>", b"<base href='" + body + b"'><a href=/x>x</a>"):
        try:
            read_section(document, URL, selectors={"links": "a"})
            read_section(document, URL)
        except DiscoveryError as error:
            assert error.reason
