"""The <time> elements of a page: what each says, and of what.

*Theory of operation.* An element's own class comes first ("entry-date published"); a <time> without one is labelled by
the text around it, as readers see it: "Updated <time>2 hours ago</time>". One that stands in a sentence, among comments
or among other articles is not the article's.

*Known exceptions.* Comments and other articles in boxes without a telling name are known by what stands before them:
three paragraphs of text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from crawler.extraction.date_labels import LABEL_REACH, is_in_sentence, label_before, label_behind
from crawler.extraction.layout import Block, Box
from crawler.extraction.page import Page, text_of
from crawler.extraction.text import tidy
from crawler.extraction.visible_dates import headline_index, label_block, stands_with_others

_MOST_TIMES = 40
_MOST_PARENTS = 40
_LONGEST = 2_000  # characters of a block that are looked at
_PARAGRAPH = 150  # characters
_AFTER = 3  # paragraphs of them after the headline begin comments and other articles
_ASIDE = frozenset({"aside", "nav", "footer"})
_MODIFIED_HINT = re.compile(r"modif|updat|aktualis|actuali|mise-a-jour", re.IGNORECASE)
# hAtom wants "updated" on every post: with one of these beside it, it is the date of publication.
_PUBLISHED_HINT = re.compile(r"publi|(?:entry|post)-?date|pubdate|posted", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Moment:
    """A date and time of a <time>.

    Attributes:
        label: "published", "modified" or "".
    """

    raw: str
    label: str


def marked_times(page: Page) -> list[Moment]:
    """Return the <time> elements that are in no side box, each with what its class says."""
    return [Moment(moment(element), _hint(element)) for element in _times(page)]


def placed_times(page: Page) -> list[Moment]:
    """Return those that can be the article's, each with what its class or the text around it says."""
    elements = list(_times(page))
    if not elements:
        return []
    boxes = {box.node.mem_id: box for box in page.layout.boxes}
    headline = headline_index(page, page.layout.blocks)
    placed: list[Moment] = []
    past = ""
    for element in elements:
        label = _label_by_place(page, element, past, boxes, headline)
        past = text_of(element)[:_LONGEST]
        if label is not None:
            placed.append(Moment(moment(element), _hint(element) or label))
    return placed


def moment(element: LexborNode) -> str:
    """Return what an element tells machines, else its text."""
    attributes = element.attributes
    said = attributes.get("datetime") or attributes.get("content")
    if not said and element.tag == "abbr":  # hAtom and Blogger
        said = attributes.get("title")
    return tidy(said) or text_of(element)


def _times(page: Page) -> Iterator[LexborNode]:
    return (element for element in page.elements.get("time", ())[:_MOST_TIMES] if not _stands_aside(element))


def _hint(element: LexborNode) -> str:
    attributes = element.attributes
    names = f"{attributes.get('class') or ''} {attributes.get('itemprop') or ''}"
    if "pubdate" in attributes or _PUBLISHED_HINT.search(names):
        return "published"
    return "modified" if _MODIFIED_HINT.search(names) else ""


def _stands_aside(element: LexborNode) -> bool:
    parent = element.parent
    for _ in range(_MOST_PARENTS):
        if parent is None:
            return False
        if parent.tag in _ASIDE:
            return True
        parent = parent.parent
    return False


def _label_by_place(
    page: Page, element: LexborNode, past: str, boxes: dict[int, Box], headline: int | None
) -> str | None:
    """Return what the text around a <time> says, or None if it is not the article's.

    Args:
        past: the text of the <time> before; what stands before that is its label.
    """
    box = _box_around(element, boxes)
    if box is None:
        return ""
    words = text_of(element)[:_LONGEST]
    blocks = page.layout.blocks
    index = next((at for at in range(box.start, min(box.end, box.start + 10)) if words in blocks[at].text), box.start)
    if stands_with_others(box, headline) or (headline is not None and _paragraphs(blocks[headline:index]) > _AFTER):
        return None
    text = blocks[index].text[:_LONGEST] if index < box.end else ""
    before, _, behind = text.partition(words) if words else (text, "", "")
    if not before.strip() and text:
        nearest = label_block(blocks, index)
    else:
        nearest = (before.rpartition(past)[2] if past else before)[-LABEL_REACH:]
    label = label_before(nearest) or label_behind(behind)
    return label if label or not is_in_sentence(before, behind) else None


def _paragraphs(blocks: list[Block]) -> int:
    return sum(len(block.text) >= _PARAGRAPH for block in blocks)


def _box_around(element: LexborNode, boxes: dict[int, Box]) -> Box | None:
    parent = element.parent
    for _ in range(_MOST_PARENTS):
        if parent is None or parent.mem_id in boxes:
            break
        parent = parent.parent
    return boxes.get(parent.mem_id) if parent is not None else None
