"""The zone of every block of a page."""

import re
import time

import pytest

from crawler.extraction import extract
from crawler.extraction.page import parse
from crawler.extraction.selectors import Selectors
from crawler.extraction.zones import Passage, Zone
from crawler.extraction.zoning import body_of, read_zones, selected_zones
from crawler.news.errors import ExtractionError
from crawler.newsroom.expectations import expectations
from crawler.newsroom.pages import Dated, article_page
from crawler.newsroom.press import read_press
from crawler.topics import TopicMatcher
from tests.extraction.golden import NOW
from tests.extraction.pages import page

HEADLINE = "The northern lock is widened"
LINES = (
    "The harbour board voted on Tuesday evening to widen the northern lock by four metres for the ferries.",
    "Bram Oxley, who has kept the lock for thirty years, said that the gates were older than the town hall.",
    "The work begins in spring and ends, if the council's engineers are right, before the herons return.",
    "Nine fishermen had asked for a new crane instead, and will be heard again in the autumn session.",
)
STORY = "".join(f"<p>{line}</p>" for line in LINES)
TITLE = f"<h1>{HEADLINE}</h1>"


def zones(body: str, *, headline: str = HEADLINE, description: str = "") -> list[Passage]:
    return read_zones(page(body=body), headline, description)


def body(markup: str, **fields: str) -> list[str]:
    return body_of(zones(markup, **fields))


def zone_of(text: str, passages: list[Passage]) -> Zone:
    return next(passage.zone for passage in passages if passage.block.text.startswith(text))


def test_paragraphs_lists_quotes_and_subheadings_in_their_order() -> None:
    """All that is set like text between the headline and the article's end is its body."""
    middle = (
        "<h2>What it costs</h2><ul><li>Two gates</li><li>One crane</li></ul><blockquote>It leaks.</blockquote>"
        "<dl><dt>Start</dt><dd>March</dd></dl>"
    )
    text = body(f"<article>{TITLE}{STORY}{middle}{STORY[:-1]}</article>")
    expected = ["What it costs", "Two gates", "One crane", "It leaks.", "Start", "March"]
    assert text == [*LINES, *expected, *LINES]


def test_every_block_has_a_zone_and_a_reason() -> None:
    """In page order, the ones that are left out, too."""
    passages = zones(f'<nav><a href="/">Home</a></nav><article>{TITLE}{STORY}</article><footer>Ours</footer>')
    assert [passage.block.text for passage in passages] == ["Home", HEADLINE, *LINES, "Ours"]
    found = [passage.zone for passage in passages]
    assert found == [Zone.NAVIGATION, Zone.HEADLINE, *[Zone.BODY] * len(LINES), Zone.NAVIGATION]
    assert all(passage.why for passage in passages)


def test_a_page_without_prose_has_no_body() -> None:
    """Menus and prices are none."""
    assert body("<ul><li>Home</li><li>Prices</li></ul><div>3 crowns</div>") == []
    assert body("") == []


@pytest.mark.parametrize("name", ["section--ads", "read-more-content", "related", "hidden-slide"])
def test_names_that_would_take_most_of_the_article_are_not_believed(name: str) -> None:
    """Templates call parts of the article advertisements, read-more boxes and slides that do not show yet."""
    hidden = ' style="display:none"' if name == "hidden-slide" else ""
    parts = "".join(f'<section class="{name}"{hidden}><p>{line}</p></section>' for line in LINES[1:])
    assert body(f"<article>{TITLE}<p>{LINES[0]}</p>{parts}</article>") == list(LINES)


@pytest.mark.parametrize("name", ["promo", "share-text", "c-teaser", "legal-text", "callout"])
def test_a_page_that_says_it_is_an_article_has_one(name: str) -> None:
    """Though each of its paragraphs bears a name that says otherwise."""
    story = STORY.replace("<p>", f'<p class="{name}">')
    shared = '<meta property="og:type" content="article">'
    assert body_of(read_zones(page(shared, f"<div>{TITLE}{story}</div>"), HEADLINE, "")) == list(LINES)


def test_linked_headings_make_no_teasers_of_most_of_an_article() -> None:
    """A guide whose sections are linked is read whole."""
    items = "".join(
        f'<div class="item"><h2><a href="/{n}">Quay number {n}</a></h2><p>{LINES[n]}</p></div>' for n in (2, 3)
    )
    items += "".join(
        f'<div class="item"><h2><a href="/x{n}">Lock number {n}</a></h2><p>{LINES[n]}</p></div>' for n in (0, 1)
    )
    text = body(f"<article>{TITLE}<p>{LINES[0]}</p>{items}</article>")
    assert [line for line in text if line in LINES] == [LINES[0], LINES[2], LINES[3], LINES[0], LINES[1]]


def test_a_longer_article_below_is_another() -> None:
    """The article is the one under the page's own headline, however short it is."""
    following = "".join(
        f"<p>Another harbour, far away, has a story of its own, and this is sentence {n} of it.</p>" for n in range(20)
    )
    text = body(f"<main><article>{TITLE}{STORY}</article><article><h2>Another</h2>{following}</article></main>")
    assert text == list(LINES)


def test_comments_are_believed_however_long_they_are() -> None:
    """Readers may write more than the reporter did."""
    readers = "".join(
        f"<p>I have read this {number} times, and I still want my money back for it.</p>" for number in range(25)
    )
    markup = f'<main>{TITLE}<div>{STORY}</div><div class="comments">{readers}</div></main>'
    assert body(markup) == list(LINES)


def test_an_appeal_is_no_article() -> None:
    """Not even where it is all the prose there is, but for an outlet that wraps its articles in one."""
    appeal = f'<div class="support-banner">{STORY}</div>'
    assert body(f"{appeal}<main>{TITLE}<img src=x></main>") == []
    assert body(f'<div class="modal">{TITLE}{STORY}</div>') == list(LINES)


@pytest.mark.parametrize("title", ["Comments (2)", "Kommentarer", "Diskuse (2)", "댓글 2", "תגובות (2)", "Komentar"])
def test_a_box_that_opens_with_comments_is_of_comments(title: str) -> None:
    """Though its names say nothing."""
    readers = "<p>Nobody in town would ever want a lock that wide, and they are right about it, all of them.</p>"
    passages = zones(f"<main>{TITLE}<div>{STORY}</div><div class=x7><h3>{title}</h3>{readers}</div></main>")
    assert body_of(passages) == list(LINES)
    assert zone_of("Nobody", passages) == Zone.COMMENTS


def test_the_standfirst_stands_at_the_head() -> None:
    """Named so, or saying what the description says, or a whole sentence below the headline."""
    lead = "Four metres are enough for everybody, the board says."
    named = f'<header>{TITLE}<p class="standfirst">{lead}</p></header><div>{STORY}</div>'
    described = f"<header>{TITLE}<h2>{lead[:-1]}</h2><p>by Ida Fenn</p></header><div>{STORY}</div>"
    for markup in (named, described):
        assert body(f"<article>{markup}</article>", description=lead)[:2] in ([lead, LINES[0]], [lead[:-1], LINES[0]])


def test_a_subheading_heads_text_or_another_of_a_lower_rank() -> None:
    """A part's title above a chapter's stays; one above the links at the end goes."""
    tail = '<h2>More from the harbour</h2><ul><li><a href="/1">The heron who never paid for a berth</a></li></ul>'
    markup = f"<article>{TITLE}<h2>Part one</h2><h3>The gates</h3>{STORY}{tail}</article>"
    assert body(markup) == ["Part one", "The gates", *LINES]
    same = body(f"<article>{TITLE}{STORY}<h3>An idle one</h3><h3>The gates</h3>{STORY[:-1]}</article>")
    assert "The gates" in same and "An idle one" not in same


def test_when_and_by_whom_is_no_sentence() -> None:
    """A date with its time makes a byline of a short line, in any language and calendar."""
    for stamp in (
        "Af Ida Fenn 19. august 2026 kl. 06.00",
        "Ida Fenn, 2. června 2026 v 15:30, přečteno 1 204×.",
        "มาลัย 9 มิ.ย. 2569 เวลา 08.30 น.",
    ):
        passages = zones(f"<article>{TITLE}<p>{stamp}</p>{STORY}</article>")
        assert body_of(passages) == list(LINES), stamp
        assert zone_of(stamp[:5], passages) == Zone.BYLINE


def test_data_tables_are_left_out_and_layout_tables_read() -> None:
    """A cell is text if it is prose."""
    data = "<table><tr><td>Gate</td><td>Width in metres</td></tr><tr><td>North</td><td>14</td></tr></table>"
    assert body(f"<article>{TITLE}{STORY}{data}{STORY[:-1]}</article>") == [*LINES, *LINES]
    layout = "<table><tr><td>Menu</td><td>" + f"{TITLE}{STORY}</td></tr></table>"
    assert body(layout) == list(LINES)


def test_teasers_go_and_a_figures_text_is_a_caption() -> None:
    """Boxes of one look with a linked line and a sentence each are other articles."""
    teaser = '<div class="card"><h3><a href="/{0}">The heron and the {0}th berth</a></h3><p>{1}</p></div>'
    others = "".join(teaser.format(number, LINES[0]) for number in range(4))
    caption = "<p>The lock at dawn, seen from the bridge of the ferry to the islands.</p>"
    figure = f"<figure><img src=x><div>{caption}</div></figure>"
    passages = zones(f"<main>{TITLE}<div>{figure}{STORY}</div><div>{others}</div></main>")
    assert body_of(passages) == list(LINES)
    assert zone_of("The lock at dawn", passages) == Zone.CAPTION


def test_a_headline_below_the_article_cuts_nothing_off() -> None:
    """It is another box's; the text is above it."""
    assert body(f"<main><div>{STORY}{STORY}</div><aside>{TITLE}</aside></main>", headline="Other") == [*LINES, *LINES]
    assert body(f"<main>{STORY}{STORY}<h1>My latest video</h1></main>", headline="Other")[:4] == list(LINES)


def test_an_outlets_own_selector_overrules() -> None:
    """What it finds is the body, but for the headline; nothing else is."""
    markup = f'<div id="a">{TITLE}{STORY}</div><div id="b"><p>Short.</p><div><p>Inside.</p></div></div>'
    read = parse(f"<body>{markup}", "https://lantern.example/x", Selectors(None))
    assert body_of(selected_zones(read, read.tree.css("#b, #b div"), HEADLINE)) == ["Short.", "Inside."]
    assert body_of(selected_zones(read, read.tree.css("#a"), HEADLINE)) == list(LINES)


NESTED = 12_000
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param("<div>The herons came back, and nobody knew why. " * NESTED, id="nested-text"),
        pytest.param("<ul><li>The herons came back, and nobody knew why. " * NESTED, id="nested-lists"),
        pytest.param("<article>The herons came back, and nobody knew why. " * NESTED, id="nested-articles"),
        pytest.param(f"<article>{TITLE}" * NESTED, id="nested-headlines"),
        pytest.param('<div><a href="/x">The herons came back</a></div>' * 5 * NESTED, id="links"),
        pytest.param(f"<div class='{'x ' * 20_000}'>" + "<p>Text</p><div>More</div>" * NESTED, id="names"),
    ],
)
def test_the_time_grows_with_the_page_alone(markup: str) -> None:
    """Depth, links and repeated headlines cost no square: each of these takes a fraction of a second."""
    read = page(body=f"{TITLE}<div>{STORY}</div>{markup}")
    started = time.process_time()
    read_zones(read, HEADLINE, LINES[0])
    assert time.process_time() - started < 3


def test_no_sentence_around_the_newsrooms_articles_is_read_or_matched() -> None:
    """Comments, consent, appeals, disclaimers and links of all its pages are in no body; no topic hears of them."""
    never = {row.url: row.never for row in expectations()}
    read = 0
    for outlet in read_press().outlets:
        for piece in outlet.pieces:
            url = outlet.url(piece.path)
            try:
                article = extract(article_page(outlet, Dated(piece, NOW, NOW)).encode(), url, now=NOW)
            except ExtractionError:
                continue  # its page is for a browser, or the piece is no article
            read += 1
            text = article.articleBody or ""
            sentences = [part for around in never.get(url, ()) for part in _SENTENCE_END.split(around) if part]
            assert [part for part in sentences if part in text] == [], url
            topics = TopicMatcher({str(at): f'"{part}"' for at, part in enumerate(sentences)})
            assert topics.match(headline=article.headline, description=article.description, body=text) == [], url
    assert read >= 15
