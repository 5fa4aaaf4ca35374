"""The zone of every block of a page: where the article is, then line by line.

*Requirements.* Paragraphs, quotes, lists and subheadings in their order, without a word that is not the article's. The
standfirst stands at the head where the page shows it there. An outlet's own selector overrules. Each passage says why
it is where it is.

*Theory of operation.* `container` tells the boxes that may hold the article. In them a line is judged by what it says
(`phrases`), what it is set in, and how much of it is links. Then subheadings that head nothing go, and the standfirst
is fetched from above the body.

On the development halves of the public sets (`benchmarks/README.md` has the command and the peers beside): F1 .979 aeb,
.969 fundus, .932 ned, .955 wcxb; .942 of the snippets; forbidden text in 8 to 9 % of the pages that name some, comments
in none.

*Known exceptions.* Data tables are none of the text: their cells are told apart from paragraphs set in a layout table
by being no prose.
"""

import re
from collections.abc import Container, Sequence
from itertools import islice

from selectolax.lexbor import LexborNode

from crawler.extraction.container import Place, find
from crawler.extraction.layout import upwards
from crawler.extraction.page import Page
from crawler.extraction.phrases import zone_of_line
from crawler.extraction.prose import HEADINGS, Line, group, measure
from crawler.extraction.signs import is_standfirst
from crawler.extraction.text import fold
from crawler.extraction.zones import Passage, Zone

_HEADING_WORDS = 15  # a longer heading is a standfirst, or a paragraph in the wrong element
_FRAGMENT_WORDS = 10  # a shorter line outside any <p> or <li> must end like a sentence
_STAMP_LENGTH = 90  # characters: "By Ida Fenn, 4 March 2026, 14:05, updated 5 March 2026, 9:00"
_YEAR = re.compile(r"\b(?:19|20|25)\d\d\b")  # 25: Thailand's
_CLOCK = re.compile(r"(?<![\d.,])(?:[01]?\d|2[0-3])[:.h][0-5]\d(?![\d.,]\d)")
_FIGURE_DEPTH = 5  # boxes that a caption is deep in its figure
_LINKS = 0.6
_NEVER_ARTICLES = frozenset({Zone.NAVIGATION, Zone.COMMENTS})  # of claims, where all others leave no article
_STANDFIRST_WORDS = 4
_STANDFIRST_LINES = 25  # how far below the headline a standfirst may stand


def read_zones(page: Page, headline: str | None, description: str | None) -> list[Passage]:
    """Return the page's blocks in their order, each with its zone.

    Args:
        headline: as it was read; its lines are no body.
        description: as it was read; a line that says the same is the standfirst.
    """
    lines = measure(page.layout)
    groups = group(lines)
    titles = _places_of(headline, lines)
    standfirst = fold(description or "")
    passages = _passages(lines, titles, find(page.layout, lines, groups, titles), standfirst)
    if not any(map(_is_text, passages)) and _says_article(page):
        place = find(page.layout, lines, groups, titles, trusted=_NEVER_ARTICLES)
        return _passages(lines, titles, place, standfirst)
    return passages


def _passages(lines: list[Line], titles: Sequence[int], place: Place, description: str) -> list[Passage]:
    headlines = {place.headline, *titles}
    passages = [_judged(line, at, place, headlines) for at, line in enumerate(lines)]
    if place.heart is not None:
        _drop_idle_headings(passages, lines)
        _fetch_standfirst(passages, lines, place, description)
    return passages


def _says_article(page: Page) -> bool:
    """Return whether a page says that it is an article: then its text is somewhere, whatever its boxes are called."""
    return bool(page.node) or "article" in next(page.said("og:type"), "").lower()


def selected_zones(page: Page, elements: Sequence[LexborNode], headline: str | None) -> list[Passage]:
    """Return the page's blocks, with those in the elements that the outlet's own selector found as the body."""
    chosen = {element.mem_id for element in elements}
    ends = {box.start: box.end for box in reversed(page.layout.boxes) if box.node.mem_id in chosen}
    lines = measure(page.layout)
    headlines = frozenset(_places_of(headline, lines))
    passages, end = [], 0
    for at, line in enumerate(lines):
        end = max(end, ends.get(at, 0))
        if at >= end:
            passages.append(Passage(line.block, Zone.OTHER, "outside the outlet's selector"))
        elif at in headlines:
            passages.append(Passage(line.block, Zone.HEADLINE, "the headline"))
        else:
            passages.append(Passage(line.block, Zone.BODY, "in the outlet's selector"))
    return passages


def body_of(passages: Sequence[Passage]) -> list[str]:
    """Return the lines of the body, none of them twice in a row."""
    texts = [passage.block.text for passage in passages if passage.zone == Zone.BODY]
    return [text for before, text in zip(["", *texts], texts, strict=False) if text != before]


def _places_of(headline: str | None, lines: Sequence[Line]) -> list[int]:
    wanted = fold(headline or "")
    if not wanted or headline is None:
        return []
    least, most = len(headline) // 2, 2 * len(headline) + 20  # folding a line costs more than all else
    return [
        at for at, line in enumerate(lines) if least <= len(line.block.text) <= most and fold(line.block.text) == wanted
    ]


def _judged(line: Line, at: int, place: Place, headlines: Container[int]) -> Passage:
    block = line.block
    claim = place.zones[block.box]
    if claim is not None:
        return Passage(block, claim, "its box says so")
    if at in headlines:
        return Passage(block, Zone.HEADLINE, "the headline")
    member = place.members.get(line.home)
    if member is None:
        return Passage(block, Zone.OTHER, "outside the article's box")
    if at < place.headline:
        return Passage(block, Zone.OTHER, "above the headline")
    zone, why = _zone_of_text(line)
    return Passage(block, zone, f"{why}, {member}" if zone == Zone.BODY else why)


def _zone_of_text(line: Line) -> tuple[Zone, str]:
    """Return the zone of a line that stands where the article does, and why."""
    text, tag = line.block.text, line.block.box.tag
    said = zone_of_line(text, line.words, line.linked)
    if said is not None:
        return said, "its words say so"
    if _is_stamp(line):
        return Zone.BYLINE, "a date with its time"
    if tag in HEADINGS and line.words < _HEADING_WORDS:
        return Zone.BODY, "a subheading"
    if _is_in_figure(line):
        return Zone.CAPTION, "in a figure"
    if line.linked > _LINKS and not (line.words >= 12 and line.is_sentence):
        return Zone.RELATED, "all links"
    if tag == "p" or line.prose:
        return Zone.BODY, "a paragraph"
    if tag in ("li", "dt", "dd"):
        return Zone.BODY, "a list item"
    if tag in ("blockquote", "pre"):
        return Zone.BODY, "a quote"
    if (line.words >= _FRAGMENT_WORDS and tag != "td") or (line.words >= 4 and line.is_sentence):
        return Zone.BODY, "a sentence"
    return Zone.OTHER, "a fragment"


def _is_stamp(line: Line) -> bool:
    """Return whether a line says when, to the minute, and little else."""
    text = line.block.text
    return len(text) <= _STAMP_LENGTH and bool(_CLOCK.search(text) and _YEAR.search(text))


def _is_in_figure(line: Line) -> bool:
    around = islice(upwards(line.block.box), _FIGURE_DEPTH)
    return next((box.tag for box in around if box.tag in ("figure", "table", "blockquote")), "") == "figure"


def _fetch_standfirst(passages: list[Passage], lines: Sequence[Line], place: Place, description: str) -> None:
    """Make body what stands between headline and body and says so, says what the description says, or is a sentence."""
    first = next((at for at, passage in enumerate(passages) if _is_text(passage)), len(passages))
    below = " ".join(fold(passage.block.text) for passage in passages[first : first + 6] if passage.zone == Zone.BODY)
    start = place.headline + 1 if place.headline >= 0 else max(0, first - _STANDFIRST_LINES // 2)
    told: set[str] = set()
    for at in range(start, min(first, start + _STANDFIRST_LINES)):
        passage, line = passages[at], lines[at]
        if not _may_be_standfirst(passage, line, at, place):
            continue
        text = fold(passage.block.text)
        named = any(map(is_standfirst, islice(upwards(passage.block.box), 3)))
        described = len(text) > 20 and bool(description) and _say_the_same(text, description)
        if text in told or text in below or not (line.is_sentence or described or (named and line.words > 8)):
            continue
        unclaimed = passage.zone == Zone.OTHER and place.zones[passage.block.box] is None
        if named or described or (unclaimed and line.words >= 12):
            passage.zone, passage.why = Zone.BODY, "the standfirst"
            told.add(text)


def _may_be_standfirst(passage: Passage, line: Line, at: int, place: Place) -> bool:
    assert place.realm is not None
    return (
        passage.zone in (Zone.OTHER, Zone.RELATED)
        and line.words >= _STANDFIRST_WORDS
        and line.linked <= 0.5
        and not _is_stamp(line)
        and passage.block.box.tag != "li"
        and place.realm.start <= at < place.realm.end
        and zone_of_line(passage.block.text, line.words, line.linked) is None
    )


def _say_the_same(text: str, description: str) -> bool:
    return text in description or description in text or text[:60] == description[:60]


def _drop_idle_headings(passages: Sequence[Passage], lines: Sequence[Line]) -> None:
    """Take subheadings out of the body that head none of it; above a part's first chapter two stand in a row."""
    headed = ""  # what the lines below are headed by: "p" is text, "" is nothing of the article
    for passage, line in zip(reversed(passages), reversed(lines), strict=True):
        tag = passage.block.box.tag
        if passage.zone == Zone.BODY:
            if _is_text(passage) or line.words >= _HEADING_WORDS:
                headed = "p"
            elif tag < headed:
                headed = tag
            else:
                passage.zone, passage.why = Zone.RELATED, "heads nothing of the article"
        elif line.words > 3 and passage.zone not in (Zone.CAPTION, Zone.ADVERTISEMENT):
            headed = ""


def _is_text(passage: Passage) -> bool:
    return passage.zone == Zone.BODY and passage.block.box.tag not in HEADINGS
