"""The hand-written press: its files, its pages, and the table of what a crawl should make of them."""

import re
from datetime import timedelta
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import pytest

from crawler.newsroom import WATCHLIST, Expected, Newsroom, PressError, expectations, read_press
from crawler.newsroom.press import read_piece
from tests.newsroom.reader import read

TABLE = {row.url: row for row in expectations()}
SHOWN = [row for row in TABLE.values() if row.body and not row.held and row.outlet != "Slowtide Review"]


def words(html: str) -> str:
    """The text between the tags, and what scripts hold."""
    return unescape(re.sub(r"<[^>]+>", " ", html)).replace('\\"', '"')


@pytest.mark.parametrize("row", SHOWN, ids=lambda row: row.url)
def test_a_page_holds_its_text_and_what_does_not_belong_to_it(newsroom: Newsroom, row: Expected) -> None:
    """The paragraphs and the texts that must be kept out all stand on the page: both halves of the table can fail."""
    page = words(read(newsroom, row.url).text)
    missing = [text for text in (row.headline, *row.body, *row.never) if text not in page]
    assert missing == []


def test_a_page_for_browsers_is_empty_without_its_script(newsroom: Newsroom) -> None:
    """Outside of script elements it holds neither headline nor text, and it loads nothing from elsewhere."""
    (row,) = (row for row in TABLE.values() if row.needs_browser)
    page = read(newsroom, row.url).text
    bare = re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)
    assert row.headline not in bare
    assert not any(text in bare for text in row.body)
    assert "src=" not in page


@pytest.mark.parametrize("row", SHOWN, ids=lambda row: row.url)
def test_the_topics_of_the_table_are_those_of_the_text(row: Expected) -> None:
    """Headline and body hold both names of the topic where it should match, and not both where it should not."""
    text = " ".join((row.headline, *row.body))
    if row.outcome in ("published", "unmatched"):
        assert ("Vostria and Maravela" in row.topics) == ("Vostria" in text and "Maravela" in text)
        assert ("Kestrel Bridge" in row.topics) == ("Kestrel Bridge" in text)


def test_the_case_is_there() -> None:
    """One event in seven outlets and two languages, one copy of the wire, one trap in the comments, every outcome."""
    exchange = [row for row in TABLE.values() if row.event == "exchange"]
    assert len({row.outlet for row in exchange}) >= 7
    assert {row.language for row in exchange} == {"en", "es"}
    (copy,) = (row for row in exchange if row.copy_of)
    assert sum(paragraph in TABLE[copy.copy_of].body for paragraph in copy.body) >= 4
    trap = [row for row in TABLE.values() if not row.topics and any("Maravela" in text for text in row.never)]
    assert trap
    outcomes = {row.outcome for row in TABLE.values()}
    assert outcomes == {"published", "unmatched", "rejected"}
    assert any(len(row.announced_by) > 1 for row in TABLE.values())


def test_every_article_is_of_a_readable_length() -> None:
    """Articles that a crawl should keep have 140 to 400 words."""
    lengths = {row.url: len(" ".join(row.body).split()) for row in TABLE.values() if row.outcome == "published"}
    assert {url: n for url, n in lengths.items() if not 140 <= n <= 400} == {}


def test_sources_announce_every_entry_of_the_table(newsroom: Newsroom) -> None:
    """Each link stands in each source that should announce it."""
    newsroom.heal("slowtide.example")
    for row in TABLE.values():
        for source in row.announced_by if not row.held else ():
            assert row.link in unescape(read(newsroom, source).text), (row.url, source)


def test_feeds_and_sitemaps_are_well_formed_but_for_the_broken_one(newsroom: Newsroom) -> None:
    """XML parses everywhere, except where breaking is the point."""
    newsroom.heal("slowtide.example")
    newsroom.heal("silentobserver.example")
    for outlet in newsroom.world.outlets:
        for path, kind in outlet.sources.items():
            body = read(newsroom, outlet.url(path)).body
            if kind == "broken":
                with pytest.raises(ElementTree.ParseError):
                    ElementTree.fromstring(body)
            elif kind not in ("section", "html"):
                ElementTree.fromstring(body)


def test_robots_txt_says_what_the_outlet_wants(newsroom: Newsroom) -> None:
    """The Courier names its sitemap, asks for a delay and forbids one page."""
    lines = read(newsroom, "http://www.northerncourier.example/robots.txt").text.splitlines()
    assert "Crawl-delay: 1" in lines
    assert "Disallow: /letters/staff-notice-mail-boat-desk-rota-7702" in lines
    assert "Sitemap: http://www.northerncourier.example/sitemaps/index.xml" in lines


def test_the_watchlist_follows_every_outlet() -> None:
    """Its outlets.toml names each outlet of the press by one of its own sources."""
    watchlist = (WATCHLIST / "outlets.toml").read_text("utf-8")
    for outlet in read_press().outlets:
        assert f'name = "{outlet.name}"' in watchlist
        assert any(outlet.url(path) in watchlist for path in outlet.sources)


def test_a_piece_is_a_file_a_person_can_write() -> None:
    """Front matter, paragraphs over several lines, and comments."""
    piece = read_piece(
        "---\nheadline: Rain: more of it\npath: /rain\nage: 45m\nsources: /a, /b\n---\nOne\ntwo.\n\nThree.\n\n"
        "--- comments\nAnn: No!\n",
        Path("rain.md"),
    )
    assert (piece.headline, piece.age, piece.sources) == ("Rain: more of it", timedelta(minutes=45), ("/a", "/b"))
    assert piece.paragraphs == ("One two.", "Three.")
    assert [(comment.name, comment.text) for comment in piece.comments] == [("Ann", "No!")]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("Just text", "no front matter"),
        ("---\nheadline: x\n", "no front matter"),
        ("---\nheadlin: x\n---\n", "no known key"),
        ("---\nheadline: x\npath: /x\nage: soon\n---\n", "no duration"),
        ("---\nheadline: x\npath: /x\nheld: maybe\n---\n", "neither yes nor no"),
        ("---\nheadline: x\n---\n", "path"),
        ("---\nheadline: x\npath: /x\n---\n--- comments\nshout\n", "has no name"),
    ],
)
def test_a_mistake_in_a_piece_names_the_file(text: str, complaint: str) -> None:
    """The error says which file, what is wrong and what would be right."""
    with pytest.raises(PressError, match=rf"rain\.md: .*{complaint}"):
        read_piece(text, Path("rain.md"))
