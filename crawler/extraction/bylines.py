"""Where a page signs its article for all to see.

*Requirements.* The byline of this article, not those of others on the page, of comments or of pictures.

*Theory of operation.* Bylines stand at three places: between the headline and the text, right above the headline, and
at the end of the text. There they are told by their opening ("By", "Von", "Author:"), by a class ("byline", "author"),
by a link to an author's page, or by being a name and nothing else: right above the text, at its end, or by a date.
Elsewhere on the page only an opening counts that can mean nothing else ("Author:", "Written by"). Captions, and what
stands below a heading behind the text ("2 Comments"), sign nothing.

*Known exceptions.* A byline over 200 characters, or one that is an image. Which block is the headline is guessed; where
no heading is, no byline is found.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from selectolax.lexbor import LexborNode

from crawler.extraction.layout import Block, Box, upwards
from crawler.extraction.names import MAX_BYLINE_CHARS, declared, help_credited, introduced, looks_personal
from crawler.extraction.page import Page
from crawler.extraction.signs import zone_of_title
from crawler.extraction.text import fold, one_line
from crawler.extraction.zones import Zone

# Halving or doubling any one of these changes the verdict on 5 of 423 pages with known authors at most.
_ABOVE = 3  # blocks above the headline that may sign it
_BELOW = 12  # blocks below it that are looked at, unless the text begins before
_PARAGRAPH_CHARS = 150  # a block so long is text, or the standfirst
_PARAGRAPHS = 2  # so many are above the last byline that stands at the top
_AROUND_END = 3  # blocks before and behind the end of the text
_HEADINGS = frozenset({"h1", "h2", "h3"})
_ALL_HEADINGS = _HEADINGS | {"h4", "h5", "h6"}
_HEADLINE_CHARS = 300
_MAX_HEADINGS = 5
_BARE_CHARS = 40
_BARE_WORDS = 4
_SMALL = 6  # blocks in a box whose class may speak for each
_MOST_LEVELS = 100  # up the tree, of an element that is marked as author
_LEVELS = 2  # boxes around a block that are asked for their class
_LABELLED = 8  # names below a label of their own ("Authors")
_MAX_DECLARED = 8
_MOST_BLOCKS = 5_000  # of a page; an average one has 120
_DECLARED_CHARS = 120
_MAX_INNER = 20  # elements in a block that are looked at
_MAX_INNER_CHARS = 80
_BARE_TAGS = frozenset({"p", "div", "li", "h5", "h6"})
_SIGNS = (
    *("byline", "by-line", "author", "autor", "auteur"),
    *("writer", "signature", "journalist", "redakt", "contributor"),
)
_SIGN = re.compile("|".join(_SIGNS))
# Classes of what is not a name, or is somebody else's: "author-bio", "comment-author".
_NO_SIGN = re.compile(
    "comment|kommentar|related|teaser|bio|caption|credit|photo|share|social|avatar|recommend|newsletter|description|about|"
    "role|title|contribut|date|time|sidebar|(?<!v)card|popular|list-item|job"
)
_FOREIGN = re.compile("comment|kommentar|related|teaser|sidebar|recommend|popular")
_AUTHOR_PAGE = re.compile(
    r"/(?:author|autor|auteur|autore|autori|profile|people|person|staff|contributor|journalist|writer|redak|team|reporter|"
    r"medarbeider|periodista|firma)s?[/-]|mailto:|[?&]author=|/@",
    re.IGNORECASE,
)
# Two words in a row that do not begin with a small Latin letter, or two characters of a script without capitals.
_TWO_CAPITALS = re.compile(
    r"(?<!\w)[^\W\d_a-z][\w.'’-]*\s(?:[a-z']{1,4}\s){0,2}[^\W\d_a-z]|[\u0590-\u109f\u3040-\ud7af]{2}"
)
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\d:\d\d")
_BEHIND_NAME = re.compile(r"\s*[,|•·/–—(\d]")


@dataclass(frozen=True, slots=True)
class Byline:
    """One visible signature.

    Attributes:
        at: the number of its block.
        text: of the whole block.
        sign: what tells that it is one: "introduced", "class", "link", "bare" or "dated".
        hints: texts of the links in it, and of other elements that look like a name.
        links: addresses of author pages by the text that they stand behind.
    """

    at: int
    text: str
    sign: str
    hints: tuple[str, ...]
    links: dict[str, str]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The places where a page signs its article: blocks below the headline, above it, and at the end of the text.

    Attributes:
        holders: `mem_id` of the elements around the headline: what stands in them is not another's for their names.
    """

    blocks: list[Block]
    places: tuple[range, ...]
    holders: frozenset[int] = frozenset()

    def texts(self) -> Iterator[str]:
        """Yield the texts there that are short enough for a byline."""
        for place in self.places:
            for block in self.blocks[place.start : place.stop]:
                if len(block.text) <= MAX_BYLINE_CHARS:
                    yield block.text

    def links(self) -> Iterator[tuple[str, str]]:
        """Yield texts and addresses of the links there, in blocks that are short enough for a byline."""
        for place in self.places:
            for block in self.blocks[place.start : place.stop]:
                if block.linked and len(block.text) <= MAX_BYLINE_CHARS:
                    for link in block.box.node.css("a[href]")[:_MAX_INNER]:
                        yield short_text(link), link.attributes.get("href") or ""

    def bylines(self, place: range) -> Iterator[Byline]:
        """Yield what may be a signature at one of the places, in page order."""
        return _signed(self.blocks, place)

    def is_own(self, element: LexborNode) -> bool:
        """Return whether an element is in no comment, aside or teaser."""
        level = element.parent
        for _ in range(_MOST_LEVELS):
            if level is None or level.tag == "body" or level.mem_id in self.holders:
                return True
            if level.tag == "aside" or _is_called_foreign(level.attributes):
                return False
            level = level.parent
        return True


def surroundings(page: Page) -> Surroundings:
    """Return where to look for bylines; nowhere, if the page has no headline."""
    blocks = page.layout.blocks
    headline = _headline(page)
    if headline is None:
        return Surroundings(blocks, ())
    begun = _text_begins(blocks, headline)
    above = range(max(0, headline - _ABOVE), headline)
    holders = frozenset(level.node.mem_id for level in islice(upwards(blocks[headline].box), _MOST_LEVELS))
    return Surroundings(blocks, (range(headline + 1, begun), above, _foot(blocks, begun)), holders)


def declarations(page: Page) -> Iterator[Byline]:
    """Yield what is said to be the author in so many words ("Author: ...", "Written by ..."), wherever it stands."""
    return islice(_declared(page.layout.blocks), _MAX_DECLARED)


def short_text(element: LexborNode) -> str:
    """Return the text of an element, "" if it is no byline's: longer, or of more than 20 elements.

    Never reads further than that: a page can nest its bylines 20,000 deep.
    """
    first = element.first_child
    if first is not None and first.next is None and first.tag == "-text":
        line = one_line((first.text_content or "")[: 4 * MAX_BYLINE_CHARS])
        return line if len(line) <= MAX_BYLINE_CHARS else ""
    pieces, chars = [], 0
    for count, node in enumerate(element.traverse(include_text=True)):
        if node.tag == "-text":
            pieces.append(node.text_content or "")
            chars += len(pieces[-1])
        if count > 2 * _MAX_INNER or chars > 4 * MAX_BYLINE_CHARS:
            return ""
    line = one_line("".join(pieces))
    return line if len(line) <= MAX_BYLINE_CHARS else ""


def _headline(page: Page) -> int | None:
    """Return which block is the headline: an <h1> that says the title, a heading that is it, or else the first <h1>."""
    blocks = page.layout.blocks
    titles = [*page.said("og:title", "twitter:title"), page.title(), page.data.text(page.node.get("headline"))]
    folded = [title for title in map(fold, dict.fromkeys(titles)) if title]
    highest: list[int] = []
    for text in page.headings()[:_MAX_HEADINGS]:
        at = _block_of(page, text)
        if at is not None:
            if text in titles or _is_title(fold(text), folded):
                return at
            highest.append(at)
    for box in page.layout.boxes:
        if box.tag in _HEADINGS and box.end > box.start:
            text = fold(blocks[box.start].text[:_HEADLINE_CHARS])
            if text in folded or (not highest and _is_title(text, folded)):
                return box.end - 1
    return highest[0] if highest else None


def _block_of(page: Page, heading: str) -> int | None:
    """Return the last block of the <h1> with this text, or None."""
    blocks = page.layout.blocks
    for at, block in enumerate(blocks):
        if block.text == heading and block.box.tag == "h1":
            return at
    for box in page.layout.boxes:
        if box.tag == "h1" and box.end > box.start and heading.startswith(blocks[box.start].text):
            return box.end - 1
    return None


def _is_title(folded: str, titles: list[str]) -> bool:
    return folded in titles or (len(folded) > 15 and any(folded in title or title in folded for title in titles))


def _is_paragraph(block: Block) -> bool:
    return len(block.text) >= _PARAGRAPH_CHARS and block.linked * 2 < len(block.text)


def _text_begins(blocks: list[Block], headline: int) -> int:
    """Return the block before which the text is well under way."""
    last = min(len(blocks), headline + 1 + _BELOW)
    paragraphs = (at for at in range(headline + 1, last) if _is_paragraph(blocks[at]))
    return next(islice(paragraphs, _PARAGRAPHS - 1, None), last - 1) + 1


def _foot(blocks: list[Block], begun: int) -> range:
    """Return the blocks around the end of the box in which the text has begun."""
    paragraph = next(
        (block for block in reversed(blocks[max(0, begun - _BELOW) : begun]) if _is_paragraph(block)), None
    )
    if paragraph is None or paragraph.box.parent is None:
        return range(0)
    end = max(paragraph.box.parent.end, begun)
    around = range(max(begun, end - _AROUND_END), min(len(blocks), end + _AROUND_END))
    return range(around.start, next((at for at in around if _ends_search(blocks[at])), around.stop))


def _ends_search(block: Block) -> bool:
    """Return whether another part of the page begins here ("2 Comments"); "Author" and a name begin none."""
    text = block.text
    if any(level.tag == "aside" for level in _around(block.box)):
        return True
    return block.box.tag in _ALL_HEADINGS and introduced(text) is None and not looks_personal(text)


def _signed(blocks: list[Block], places: range) -> Iterator[Byline]:
    help_label = -2  # where "Photos:" or "Contributions from" stand alone: the next block names a helper
    for at in places:
        text = blocks[at].text
        if len(text) > MAX_BYLINE_CHARS or _is_caption(blocks[at].box):
            continue
        helper = help_credited(text)
        if helper is not None or help_label == at - 1:
            help_label = -2 if helper is None or fold(helper) else at
            continue
        name = introduced(text)
        if name is not None and not fold(name):
            yield from _labelled(blocks, at + 1)
        elif name is not None:
            yield _byline(blocks, at, "introduced")
        elif byline := _unannounced(blocks, at):
            yield byline


def _unannounced(blocks: list[Block], at: int) -> Byline | None:
    block = blocks[at]
    classed, named = _is_classed(block.box), _TWO_CAPITALS.search(block.text)
    if not classed and not named and block.linked >= len(block.text):
        return None  # menus and tags: most of the links
    hints, links, signed = _inside(block)
    if classed or signed:
        byline = Byline(at, block.text if classed else ", ".join(signed), "class", hints, links)
    elif any(map(looks_personal, links)):
        byline = Byline(at, block.text, "link", hints, links)
    elif named and (sign := _bare_sign(blocks, at)):
        byline = Byline(at, block.text, sign, (), links)
    else:
        return None
    return None if _is_foreign(block.box) else byline


def _byline(blocks: list[Block], at: int, sign: str) -> Byline:
    hints, links, _ = _inside(blocks[at])
    return Byline(at, blocks[at].text, sign, hints, links)


def _bare_sign(blocks: list[Block], at: int) -> str | None:
    """Return what marks a block that is a name alone: the text begins or ends there ("bare"), or a date ("dated")."""
    block = blocks[at]
    if len(block.text) > _BARE_CHARS or block.box.tag not in _BARE_TAGS:
        return None
    name = _BEHIND_NAME.split(block.text, maxsplit=1)[0]
    if len(name.split()) > _BARE_WORDS or not looks_personal(name):
        return None
    before, behind = blocks[at - 1 : at], blocks[at + 1 : at + 2]
    parent = block.box.parent
    if name == block.text and not block.linked and block.box.tag == "p" and parent is not None:
        begins = any(_is_paragraph(other) and other.box.parent is parent for other in behind)
        ends = parent.end == at + 1 and any(other.box.parent is parent for other in before)
        if begins or ends:
            return "bare"
    around = [block.text[len(name) :], *(other.text for other in (*before, *behind) if len(other.text) <= _BARE_CHARS)]
    return "dated" if any(map(_DATE.search, around)) else None


def _labelled(blocks: list[Block], start: int) -> Iterator[Byline]:
    """Yield the block behind a label ("By", "Authors"), and its likes in the same list."""
    for at in range(start, min(len(blocks), start + _LABELLED)):
        box, first = blocks[at].box, blocks[start].box
        if len(blocks[at].text) > MAX_BYLINE_CHARS or (box.tag, box.parent) != (first.tag, first.parent):
            return
        yield _byline(blocks, at, "introduced")
        if box.tag != "li":
            return


def _declared(blocks: list[Block]) -> Iterator[Byline]:
    is_foreign = False  # since the last heading
    for at, block in enumerate(blocks[:_MOST_BLOCKS]):
        if block.box.tag in _ALL_HEADINGS:
            is_link = block.box.tag != "h1" and block.linked * 2 > len(block.text)
            is_foreign = is_link or zone_of_title(block.text) in (Zone.COMMENTS, Zone.RELATED)
        name = declared(block.text) if not is_foreign and len(block.text) <= _DECLARED_CHARS else None
        if name is not None and not _is_foreign(block.box) and not _is_caption(block.box):
            yield from [_byline(blocks, at, "introduced")] if fold(name) else _labelled(blocks, at + 1)


def _is_foreign(box: Box) -> bool:
    return any(level.attributes and _is_called_foreign(level.attributes) for level in _around(box))


def _is_called_foreign(attributes: dict[str, str | None]) -> bool:
    values = map(attributes.get, ("class", "id", "itemprop"))
    return any(value and _FOREIGN.search(value.lower()) for value in values)


def _around(box: Box) -> Iterator[Box]:
    return islice(upwards(box), _LEVELS)


def _is_caption(box: Box) -> bool:
    return any(level.tag in ("figure", "figcaption") for level in _around(box))


def _is_classed(box: Box) -> bool:
    """Return whether the nearest class around that says anything says that this is the author."""
    for level in _around(box):
        if level.end - level.start > _SMALL:
            return False
        if level.attributes and (names := level.names.lower()):
            if _has_sign(names):
                return True
            if _NO_SIGN.search(names):
                return False
    return False


def _has_sign(names: str) -> bool:
    """Return whether these classes (in lower case) are those of a byline."""
    for sign in _SIGNS:
        if sign in names:
            return not _NO_SIGN.search(_SIGN.sub("", names))
    return False


def _inside(block: Block) -> tuple[tuple[str, ...], dict[str, str], list[str]]:
    """Return the texts in a block that may be names, its author links by text, and the texts that a class signs."""
    box = block.box
    if not block.linked and len(block.text) > _BARE_CHARS:
        return (), {}, []
    first = box.node.first_child
    if box.end - box.start > _SMALL or first is None or (first.tag == "-text" and first.next is None):
        return (), {}, []
    hints: dict[str, None] = {}
    links: dict[str, str] = {}
    signed: list[str] = []
    for element in box.node.css("a, span, strong, b, em, i")[:_MAX_INNER]:
        text = short_text(element)
        if not text or len(text) > _MAX_INNER_CHARS or text not in block.text:
            continue
        attributes = element.attributes
        href = attributes.get("href")
        if href and _AUTHOR_PAGE.search(href):
            links[text] = href
        if element.tag == "a" or looks_personal(text):
            hints[text] = None
        classes = map(attributes.get, ("class", "rel", "itemprop"))
        if any(value and _has_sign(value.lower()) for value in classes) and not any(text in outer for outer in signed):
            signed.append(text)
    return tuple(hints), links, signed
