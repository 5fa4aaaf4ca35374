"""From bytes to an article, or to one error of a stable name."""

import dataclasses
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extraction import ExtractionError, extract
from crawler.extraction.article import MAX_BYTES
from crawler.news.entry import Entry
from tests.extraction.golden import DATA, NOW, cases, expected, known, read_case, without

URL = "https://saltmere-gazette.example/story"
SENTENCE = "The harbour board voted on Tuesday evening to widen the northern lock by four metres for the ferries. "
STORY = f"<p>{SENTENCE * 2}</p><p>{SENTENCE[4:] * 2}</p><p>Bram Oxley said that {SENTENCE.lower()}</p>"


def page(body: str = STORY, head: str = "<title>Lock</title>") -> bytes:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'.encode()
    )


def reason(body: bytes, url: str = URL, selectors: dict[str, str] | None = None) -> str:
    with pytest.raises(ExtractionError) as caught:
        extract(body, url, selectors=selectors, now=NOW)
    return caught.value.reason


@pytest.mark.parametrize("name", cases())
def test_golden_pages(name: str) -> None:
    """Each folder's page yields the article or error beside it, field by field, but for lines known to be wrong."""
    found, wanted = read_case(name), expected(name)
    taken, missed = known(name, "taken"), known(name, "missed")
    if taken or missed:
        assert [line for line in taken if line not in found["articleBody"].split("\n")] == [], "mended: take it out"
        assert [line for line in missed if line in found["articleBody"].split("\n")] == [], "mended: take it out"
        found, wanted = without(found, taken), without(wanted, missed)
    assert found == wanted


def test_the_golden_pages_are_of_many_shapes_and_languages() -> None:
    """At least 30 pages hold an article, in at least 12 languages, some right to left and some without spaces."""
    articles = [case for case in map(expected, cases()) if "articleBody" in case]
    languages = {article["inLanguage"] for article in articles}
    assert len(articles) >= 30
    assert len(languages) >= 12
    assert languages >= {"ar", "fa", "he", "ja", "th", "zh"}


def test_no_boilerplate_of_the_golden_pages_is_text() -> None:
    """No sentence of a comment, appeal, consent box, related story or disclaimer is in any body."""
    unwanted = "Tunnel people|My cat|bump|túnel querían|reme de paso|lamps lit|inbox|donation|cookies|umbrella|Gulls"
    words = f"{unwanted}|Disclaimer|old newspapers".split("|")
    bodies = {name: read_case(name).get("articleBody", "") for name in cases()}
    pages = "".join((DATA / name / "input.html").read_bytes().decode("utf-8", "replace") for name in cases())
    assert [word for word in words if word not in pages] == []
    assert [(name, word) for name, text in bodies.items() for word in words if word in text] == []


def test_the_feed_fills_in_where_the_page_is_silent() -> None:
    """Title, date, authors, summary and language of the entry serve only where the page tells nothing."""
    announced = datetime(2026, 3, 4, 8, tzinfo=UTC)
    entry = Entry(URL, "Feed title", "Feed summary", announced, authors=("Ida Fenn",), language="EN")
    silent = page(head="").replace(b' lang="en"', b"")
    article = extract(silent, URL, entry=entry, now=NOW)
    assert (article.headline, article.description, article.datePublished) == ("Feed title", "Feed summary", announced)
    assert ([author.name for author in article.authors], article.inLanguage) == (["Ida Fenn"], "en")

    told = page(
        head='<title>Own title</title><meta name="pubdate" content="2026-03-01"><meta name="author" content="Al Roe">'
    )
    article = extract(told, URL, entry=entry, now=NOW)
    assert (article.headline, article.authors[0].name) == ("Own title", "Al Roe")
    assert article.datePublished == datetime(2026, 3, 1, tzinfo=UTC)


def test_a_date_is_never_borrowed_from_a_modification() -> None:
    """With dateModified alone, in JSON-LD, <meta> or microdata, datePublished stays empty."""
    node = '<script type="application/ld+json">{"@type": "NewsArticle", "dateModified": "2026-03-04"}</script>'
    time_tag = '<time itemprop="dateModified" datetime="2026-03-04">4 March</time>'
    meta = '<meta property="article:modified_time" content="2026-03-04T12:00:00Z">'
    for body in (page(head=node), page(head=meta), page(time_tag + STORY)):
        article = extract(body, URL, now=NOW)
        assert article.datePublished is None
        assert article.dateModified is not None and article.dateModified.date().isoformat() == "2026-03-04"


def test_a_box_with_most_of_the_text_is_the_article() -> None:
    """An article inside an element called "related comments" survives; the same box beside an article does not."""
    inside = extract(page(f'<div class="related comments">{STORY}</div>'), URL, now=NOW)
    assert inside.articleBody is not None and "Bram Oxley" in inside.articleBody
    beside = extract(
        page(f'<article>{STORY}</article><div class="related"><p>Gulls queue at the bakery.</p></div>'), URL
    )
    assert beside.articleBody is not None and "Gulls" not in beside.articleBody


def test_a_report_about_a_fundraiser_keeps_its_sentences() -> None:
    """What a report quotes of an appeal stays; the outlet's own goes."""
    quoted = "<p>“Please donate to the lock fund,” read the banner that the fishermen carried along the quay.</p>"
    own = "<p>Please donate to our lock fund: our journalism relies on readers like you.</p>"
    text = extract(page(f"<article>{STORY}{quoted}{STORY}{own}</article>"), URL, now=NOW).articleBody
    assert text is not None and "read the banner" in text and "our lock fund" not in text


def test_the_standfirst_opens_the_body_where_the_page_shows_it() -> None:
    """Shown above the text it is the first paragraph; in the metadata alone it is the description only."""
    standfirst = "Two years of quarrel end with a vote that nobody on the quay expected."
    head = f'<title>Lock</title><meta name="description" content="{standfirst}">'
    top = f'<header><h1>Lock</h1><p class="intro">{standfirst}</p></header>'
    shown = extract(page(f"{top}<article>{STORY}</article>", head), URL, now=NOW).articleBody or ""
    assert shown.startswith(standfirst) and shown.count(standfirst) == 1
    hidden = extract(page(f"<article>{STORY}</article>", head), URL, now=NOW)
    assert hidden.description == standfirst and standfirst not in (hidden.articleBody or "")


@pytest.mark.parametrize(
    ("body", "expected_reason"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (b"<" + b"x" * MAX_BYTES, "too-large"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50, "not-html"),
        (b"Plain text. " * 100, "not-html"),
        (page(""), "no-text"),
        (page("<p>" + "word " * 14 + "</p>"), "no-text"),
    ],
    ids=["empty", "blank", "large", "png", "plain", "no-text", "14-words"],
)
def test_what_is_no_article_is_named(body: bytes, expected_reason: str) -> None:
    """Each ends in its own reason; what is too costly to read, too: `hostile`."""
    assert reason(body) == expected_reason


def test_15_words_are_enough() -> None:
    """The shortest body that is an article, a flash, has 15 words."""
    words = " ".join(f"word{number}" for number in range(15))
    assert extract(page(f"<article><p>{words}.</p></article>"), URL, now=NOW).wordCount == 15


def test_a_bad_url_and_a_bad_selector_are_named() -> None:
    """Neither is the page's fault, and both say what to write instead."""
    assert reason(page(), url="ftp://saltmere.example/") == "bad-url"
    assert reason(page(), selectors={"body": "div["}) == "bad-selector"


def test_nothing_is_kept_between_pages() -> None:
    """The same bytes give the same article, however often and whatever came between."""
    first = extract(page(), URL, now=NOW)
    read_case("wordpress")
    assert dataclasses.asdict(extract(page(), URL, now=NOW)) == dataclasses.asdict(first)


@settings(deadline=None, max_examples=200)
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "@type",
                        "@id",
                        "@graph",
                        "headline",
                        "author",
                        "name",
                        "url",
                        "datePublished",
                        "keywords",
                        "image",
                        "video",
                        "item",
                        "itemListElement",
                        "position",
                        "isBasedOn",
                        "inLanguage",
                    ]
                ),
                inner | st.sampled_from(["NewsArticle", "BreadcrumbList", "Person"]),
                max_size=5,
            )
        ),
        max_leaves=12,
    )
)
def test_arbitrary_linked_data_never_escapes(value: object) -> None:
    """JSON-LD of any shape costs at most its own fields, never the article."""
    block = json.dumps(value).replace("</", "<\\/")
    article = extract(
        page(head=f'<title>Lock</title><script type="application/ld+json">{block}</script>'), URL, now=NOW
    )
    assert article.articleBody is not None and "Bram Oxley" in article.articleBody
