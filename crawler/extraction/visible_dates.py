"""Dates that readers see: in short blocks of text, by where they stand and what is written beside them.

*Requirements.* The day on which the article was published, and that of its last change, on pages that tell machines
neither (a third of blogs, a tenth of news). Days of other articles, of comments, of photographs and of today in the
page's head are none of these.

*Theory of operation.* A date is written near the headline, in a block with little else, often in a box that is called
"date" or "byline", often after a label in the page's language. Each of these gives points; the place costs some where
others' dates stand (related articles, comments). The best block with enough points wins. A date with a label of change
is a modification date and never anything else; one in a caption or in a box about an event, and one in a sentence
without a label, is not the article's at all.

*Known exceptions.* "2 hours ago" and dates without a year are not read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from crawler.extraction.date_labels import LABEL_REACH, is_in_sentence, label_before, label_behind, says_first
from crawler.extraction.layout import Block, Box
from crawler.extraction.page import Page
from crawler.extraction.text import fold
from crawler.news.days import Day, find_days

_MOST_BLOCKS = 3_000
_MOST_WEIGHED, _MOST_READ = 200, 40  # blocks with figures: a calendar or an archive has thousands
_LONGEST = 300  # characters of a block, title or class that are looked at: a byline may have several lines
_BEFORE, _AFTER = 8, 16  # blocks that are near the headline
_PARENTS = 5  # boxes around a block whose names count

# Points, set by hand. Of 154 development pages that tell machines no date, or one to doubt, 125 come out right and 10
# wrong with any bar from 4 to 7; with 8 three are lost, in each fold over sites alike. No other weight, halved or
# doubled, changes more than one page.
ENOUGH = 6.0
_LABELLED = 5.0
_FIRST_LABELLED = 20.0  # "originally published on" stands anywhere
_CAPTION = 6.0
_MOST_MORE = 8.0  # that a label and little else can bring to a place, the former apart

_MAYBE_DATED = re.compile(r"\d(?:\d{3}|\d?[./年-])")
# What belongs to a date after the day: the mark of day or year, and the time.
_REST = re.compile(
    r"[日일]?(?:\s[гр]\.|\sr\.)?"
    r"(?:[^\d\n]{0,10}?\d{1,2}\s?[:h時点點시]\s?\d\d[分분]?(?::\d\d)?(?:\s?[ap]\.?m\b\.?)?(?:\s?[A-Z]{2,5}\b)?)?",
    re.IGNORECASE,
)
_DATED_BOX = re.compile(
    r"(?<!up)date|datum|fecha|publi|posted|submitted|time(?!line)|stamp|byline|meta(?!l)|info|author", re.IGNORECASE
)
_OTHERS_BOX = re.compile(
    r"related|teaser|sidebar|recommend|latest|recent|popular|archive|calendar|event|copyright|weather|"
    r"today|newsletter|trending|more-|read-?next|promo|carousel|slider|\bads?\b|reply|list-?item|(?:^|\s|site-?|page-?)footer",
    re.IGNORECASE,
)
_COMMENTS_BOX = re.compile(r"comment(?!ary)|kommentar|discuss|respond", re.IGNORECASE)
_OTHERS_TAGS = frozenset({"aside", "nav", "footer"})
_PICTURE_BOX = re.compile(r"caption|pic|image|photo|foto|bild|media-|credit", re.IGNORECASE)
_CAPTION_LETTERS = 25  # beside a date, in a picture's box, are a caption
_PICTURE_TAGS = frozenset({"figcaption", "figure"})
_TEXT_BOX = re.compile(r"entry-content|post-body|article-?body|story-?body|body-?text|content-?body", re.IGNORECASE)
# Dates in these are of an event or a photograph.
_FOREIGN_BOX = re.compile(r"(?<![a-z])events?(?![a-z])", re.IGNORECASE)
_SHORT_DOTS = re.compile(r"\d{1,2}\.\s?\d{1,2}\.\s?\d\d")  # also a version, a price
# Nothing, a weekday, or another part of a byline.
_ENDS_APART = re.compile(r"(?:^|[|·•]|\s[-–—])\s*(?:[^\W\d_]+\.?,\s*)?$")
_BEGINS_APART = re.compile(r"\W*$|\s*(?:[|·•]|[-–—]\s)")
_PARENTHESES = re.compile(r"\s*[(（]([^()（）]{1,30})[)）]")
_COPYRIGHT = re.compile(r"©|\(c\)|copyright|all rights", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sighting:
    """A date in the visible text.

    Attributes:
        raw: as it stands there, with what follows of the time of day.
        label: "published", "modified" or "".
        points: how likely it is the article's.
    """

    day: date
    raw: str
    label: str
    points: float


@dataclass(frozen=True, slots=True)
class Habits:
    """How a page writes dates. See `find_days`."""

    language: str | None
    day_first: bool | None


def see_dates(page: Page, habits: Habits, *, near: bool = False) -> list[Sighting]:
    """Return the dates in the page's short blocks that may be the article's, best first.

    Args:
        near: look at the blocks around the headline alone.
    """
    blocks = page.layout.blocks[:_MOST_BLOCKS]
    headline = headline_index(page, blocks)
    indices = range(len(blocks))
    if near:
        indices = indices[max(0, headline - _BEFORE) : headline + _AFTER] if headline is not None else range(0)
    found: list[Sighting] = []
    weighed = read = 0
    for index in indices:
        text = blocks[index].text
        if len(text) > _LONGEST or not _MAYBE_DATED.search(text) or index == headline or _COPYRIGHT.search(text):
            continue
        weighed += 1
        place = _weigh_place(blocks[index], index, headline)
        if place.points + _MOST_MORE >= ENOUGH or says_first(text):
            found += _sightings(text, label_block(blocks, index), place, habits)
            read += 1
        if read == _MOST_READ or weighed == _MOST_WEIGHED:
            break
    return sorted(found, key=lambda sighting: sighting.points, reverse=True)


@dataclass(frozen=True, slots=True)
class _Place:
    """What the place of a block brings to the dates in it."""

    points: float
    in_picture: bool
    is_ours: bool  # neither in a caption nor in a box about an event


def _sightings(text: str, heading: str, place: _Place, habits: Habits) -> Iterator[Sighting]:
    days = find_days(text, day_first=habits.day_first, language=habits.language)
    letters = len(text) - sum(day.end - day.start for day in days)
    points = place.points + _weigh_length(letters)
    if place.in_picture and letters > _CAPTION_LETTERS:
        points -= _CAPTION
    ends = [_REST.match(text, day.end) for day in days]
    rests = [rest.end() if rest else day.end for day, rest in zip(days, ends, strict=True)]
    labels_behind = bool(days) and not text[: days[0].start].strip() and bool(label_behind(text[rests[-1] :]))
    past = 0
    for number, day in enumerate(days):
        before = text[max(past, day.start - LABEL_REACH) : day.start]
        if not before.strip() and number == 0:
            before = heading
        until = days[number + 1].start if number + 1 < len(days) else len(text)
        behind = text[rests[number] : until]
        label = label_behind(behind) if labels_behind else label_before(before) or _in_parentheses(behind)
        more = _FIRST_LABELLED if says_first(before) else _LABELLED if label == "published" else 0.0
        is_ours = place.is_ours and (label or not _is_of_something_else(text, day, rests[number]))
        yield Sighting(day.date, text[day.start : rests[number]], label, points + more - number if is_ours else 0.0)
        past = day.end


def _in_parentheses(behind: str) -> str:
    """Return the label behind a date that stands in parentheses: "3 May (updated)"."""
    match = _PARENTHESES.match(behind)
    return label_behind(match[1]) if match else ""


def _is_of_something_else(text: str, day: Day, end: int) -> bool:
    """Return whether a date without a label is part of a sentence, or figures like "version 1.2.26"."""
    before, behind = text[: day.start], text[end:]
    if _SHORT_DOTS.fullmatch(text, day.start, day.end):
        return not (_ENDS_APART.search(before) and _BEGINS_APART.match(behind))
    return is_in_sentence(before, behind)


def label_block(blocks: list[Block], index: int) -> str:
    """Return the text of the block before if it may be a label of this one: short, and in the same box."""
    if not index or len(blocks[index - 1].text) > LABEL_REACH:
        return ""
    before, here = blocks[index - 1].box, blocks[index].box
    around = (here, here.parent, here.parent and here.parent.parent)
    return blocks[index - 1].text if before in around or before.parent in around else ""


def stands_with_others(box: Box, headline: int | None) -> bool:
    """Return whether a box belongs to other articles, comments, an event or a picture."""
    here: Box | None = box
    for _ in range(_PARENTS):
        if here is None or here.tag == "body" or (headline is not None and here.start <= headline < here.end):
            return False
        kind = _kind_of(here.tag, here.names[:_LONGEST])
        if kind.others or kind.comments or kind.foreign:
            return True
        here = here.parent
    return False


def _weigh_length(letters: int) -> float:
    """Return what it brings that little or much else is written in the block."""
    return 3 if letters <= 15 else 2 if letters <= 45 else 0 if letters <= 90 else -5


def _weigh_place(block: Block, index: int, headline: int | None) -> _Place:
    points = 0.0
    if headline is not None:
        distance = index - headline
        points += max(0.0, 10 - 0.5 * distance) if distance >= 0 else max(0.0, 8 + 1.0 * distance)
    if block.linked > 20 and block.linked > len(block.text) // 2:
        points -= 4
    return _weigh_boxes(block.box, points, index, headline)


def _weigh_boxes(box: Box | None, points: float, index: int, headline: int | None) -> _Place:
    """Add what the boxes around a block bring; those that the headline stands in, too, say nothing of others."""
    before = headline is not None and index < headline  # a <header> there is the page's, and has today's date
    dated = others = comments = picture = in_text = foreign = False
    for step in range(_PARENTS):
        if box is None or box.tag == "body":
            break
        kind = _kind_of(box.tag, box.names[:_LONGEST])
        dated = dated or (step < 3 and kind.dated)
        if headline is not None and box.start <= headline < box.end:
            break
        others = others or kind.others or (box.tag == "header" and before)
        comments = comments or kind.comments
        picture = picture or (step < 3 and kind.picture)
        in_text = in_text or kind.text
        foreign = foreign or kind.foreign
        box = box.parent
    return _Place(points + 4 * dated - 5 * others - 10 * comments - 3 * in_text, picture, not foreign)


class _Kind(NamedTuple):
    """What the tag, class and id of a box say."""

    dated: bool
    others: bool
    comments: bool
    picture: bool
    text: bool
    foreign: bool


@lru_cache(maxsize=4_000)  # pages and outlets repeat their classes
def _kind_of(tag: str, names: str) -> _Kind:
    return _Kind(
        dated=bool(_DATED_BOX.search(names)),
        others=tag in _OTHERS_TAGS or bool(_OTHERS_BOX.search(names)),
        comments=bool(_COMMENTS_BOX.search(names)),
        picture=tag in _PICTURE_TAGS or bool(_PICTURE_BOX.search(names)),
        text=bool(_TEXT_BOX.search(names)),
        foreign=tag in _PICTURE_TAGS or bool(_FOREIGN_BOX.search(names)),
    )


def headline_index(page: Page, blocks: list[Block]) -> int | None:
    """Return which block is the headline: the <h1> that is most like the title, else a block that is part of it."""
    title = f"{next(page.said('og:title'), '')[:_LONGEST]} {page.title()[:_LONGEST]}"
    words = set(fold(title).split())
    first = [index for index, block in enumerate(blocks) if block.box.tag == "h1"][:20]
    shared = {index: len(words.intersection(fold(blocks[index].text[:_LONGEST]).split())) for index in first}
    best = max(first, key=lambda index: shared[index], default=None)
    if best is not None and shared[best] >= min(3, len(words)):
        return best
    parts = [index for index, block in enumerate(blocks) if 15 < len(block.text) <= _LONGEST and block.text in title]
    return next((index for index in parts if blocks[index].box.tag in ("h2", "h3")), next(iter(parts), best))
