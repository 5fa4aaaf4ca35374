"""JSON-LD as pages write it: broken, hostile, and of several articles."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.jsonld import Node, article_body, read_linked_data
from crawler.extraction.mending import read_broken_json
from tests.extraction.pages import linked, page


def nodes(*blocks: str) -> list[Node]:
    return read_linked_data(blocks).nodes


@pytest.mark.parametrize(
    "block",
    [
        '<!-- {"name": "x"} -->',
        '/*<![CDATA[*/{"name": "x"}/*]]>*/',
        '\ufeff{"name": "x"}',
        '{"name": "x",}',
        '[{"name": "x"} {"name": "y"}]',
        '{"name": "x"}{"name": "y"};',
        '{"a": "it\\\'s\n", "name": "x"}',
        '{"a": "They said "no", then left", "name": "x"}',
        '{"a": "A "lock"", "name": "x"}',
        '{"a": 1 "name": "x"}',
        '{"a": , "name": "x"}',
        '{"a": undefined, "name": "x"}',
        '{//"b": "",\n"a": "https://tidewatch.example/", /* y */ "name": "x"}',
        "{'a': 'it's', name: 'x'}",
        "{&quot;name&quot;: &quot;x&quot;}",
        '{"name": "x", "a": [1, {"b": "cut of',
    ],
)
def test_broken_blocks_are_mended(block: str) -> None:
    """Comments, quotes, commas, words and ends that are wrong do not cost the block."""
    assert "x" in [node.get("name") for node in nodes(block)]


def test_escaped_apostrophes_are_apostrophes() -> None:
    """JavaScript escapes them, JSON does not; an escaped backslash before one is a backslash."""
    assert nodes(r"""{"name": "Ida O\'Fenn",}""")[0]["name"] == "Ida O'Fenn"
    assert nodes(r"""{"name": "Ida O\\'Fenn",}""")[0]["name"] == "Ida O\\'Fenn"


@given(st.text(), st.lists(st.sampled_from([*"{}[]\"':,/*\\ \n", "null", "1e9", "//", '"@id"', "&quot;", "\\ud800"])))
def test_no_block_escapes(text: str, tokens: list[str]) -> None:
    """Whatever is in a block: nodes or none."""
    for block in (text, "".join(tokens), "{" + "".join(tokens)):
        assert isinstance(nodes(block), list)
        assert isinstance(read_broken_json(block), list)


@pytest.mark.parametrize(
    "block",
    [
        "[" * 100_000 + "]" * 100_000,
        '{"a":' * 50_000,
        '{ "' + '" ' * 150_000,
        "{ /*" + "/* " * 90_000,
        '[{"@id":"x"},' * 20_000,
    ],
    ids=["deep", "deep-and-cut", "quotes", "comments", "nested"],
)
def test_hostile_blocks_cost_little(block: str) -> None:
    """Time grows with the length alone; one second is 30 times what they take."""
    started = time.process_time()
    assert len(nodes(block, block)) <= 2_000
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    ("others", "body"),
    [
        ([{"@type": "NewsArticle", "headline": "Gulls", "url": "https://tidewatch.example/gulls"}], ""),
        ([{"@type": "WebPage", "hasPart": {"@type": "NewsArticle", "headline": "Lock grows"}}], ""),
        ([{"@type": "Review", "name": "Five stars"}], ""),
        ([{"@type": "NewsArticle", "headline": "Lock"}], "<h1>Lock grows</h1>"),
    ],
    ids=["another-page's", "part-of-the-page", "a-reader's-review", "like-the-headline"],
)
def test_the_article_among_several(others: list[Node], body: str) -> None:
    """The node that fits the page best by URL and headline, wherever it stands."""
    own: Node = {"@type": ["ReportageNewsArticle"], "headline": "Lock grows", "identifier": "own"}
    assert page(linked(*others, own) + "<title>Lock grows</title>", body).node["identifier"] == "own"


def test_another_pages_article_is_none() -> None:
    """One whose URL and headline both differ describes another page."""
    head = linked(headline="Gulls", url="https://tidewatch.example/gulls") + "<title>Lock grows</title>"
    assert page(head).node == {}


@pytest.mark.parametrize(
    ("headline", "is_own"),
    [
        ("Fish market opens to the public", False),
        ("魚市場開幕", False),
        ("Locks: what the councillors want", True),
        ("Lock", True),
        ("", True),
    ],
)
def test_an_article_without_address_is_known_by_its_headline(headline: str, is_own: bool) -> None:
    """One that shares no word with any of the page's titles is another's, endings and little words aside."""
    told = page(linked(headline=headline) + "<title>Council votes to repair the old lock</title>")
    assert bool(told.node) == is_own


def test_a_title_that_is_too_short_tells_nothing() -> None:
    """It may be the outlet's name."""
    assert page(linked(headline="Fish market opens") + "<title>Tidewatch</title>").node


def test_a_live_blog_is_the_article_not_its_posts() -> None:
    """Posts of a live blog are articles of their own."""
    post = {"@type": "BlogPosting", "headline": "Lock grows, says mayor"}
    told = page(linked({"@type": "LiveBlogPosting", "headline": "Lock: live", "liveBlogUpdate": [post]}))
    assert told.node["@type"] == "LiveBlogPosting"


def test_references_and_language_tags_are_followed() -> None:
    """By `@id`, and `@value` where a text is tagged with its language."""
    head = linked(
        {"@type": "Organization", "@id": "#us", "name": "Tidewatch"},
        {"@type": "NewsArticle", "headline": {"@language": "en", "@value": "Lock grows"}, "publisher": {"@id": "#us"}},
    )
    told = page(head)
    assert told.data.text(told.node["publisher"]) == "Tidewatch"
    assert told.data.text(told.node["headline"]) == "Lock grows"


def test_the_text_that_json_ld_tells() -> None:
    """Without tags, on one line; "" where there is none, or no text."""
    told = page(linked(articleBody="<p>The lock grows.</p>\n<p>By four metres.</p>"))
    assert article_body(told.data, told.node) == "The lock grows. By four metres."
    assert article_body(told.data, {"articleBody": {"x": [1]}}) == ""
