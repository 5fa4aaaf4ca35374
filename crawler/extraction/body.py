"""The text of the article: trafilatura between our pruning and our cleaning. One function, `read_body`, is the engine.

*Requirements.* Paragraphs, quotes, lists and subheadings in their order, without a word that is not the article's. The
standfirst stands at the head where the page shows it there. An outlet's own selector overrules the engine.

*Theory of operation.* trafilatura in its fast form does nearly everything; its full form (with readability and jusText
as second opinions) runs only where the fast one took under a third of the page's paragraph text. On the development
sets that reaches F1 .967 aeb, .964 fundus, .912 ned, .932 wcxb; fast alone .967, .951, .925, .916; full alone
.961, .961, .902, .931, at a third more CPU. Any share between .2 and .5 gives the same.

*Known exceptions.* A page with little of its own and much beside it (a podcast, a gallery) is read too long.
"""

import logging
import re

from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Document

from crawler.extraction.boilerplate import clean, paragraph_chars, prune
from crawler.extraction.page import Page, text_of
from crawler.extraction.text import fold, tidy
from crawler.news.errors import ExtractionError

_FAST_IS_ENOUGH = 0.3
# The largest of 766 real pages has 10,106 elements before pruning; trafilatura's time grows faster than their number
# (26,000 paragraphs: 1.7 s).
MAX_ELEMENTS = 20_000
_BULLET = re.compile(r"^\s*(?:[-+>]|\d+\.)\s+")
_MIN_STANDFIRST_CHARS = 40
_MOST_OPENINGS = 20  # places that begin like the description; a page has one or two
_OPENING_CHARS = 20
_UNSEEN = frozenset({"script", "style", "noscript", "title", "template"})
_BLOCKS = ("p", "h2", "h3", "h4", "li", "blockquote", "pre")

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # "discarding data" is our "no-text", told in our words


def read_body(
    page: Page, *, selected: list[HtmlElement], titles: list[str], names: list[str], description: str | None
) -> str:
    """Return the text of the article, a paragraph a line; "" if there is none. Prunes the page's tree.

    Args:
        selected: what the outlet's own body selector found; it overrules the engine.
        titles: the page's names for the article, which are no part of its text.
        names: the authors.

    Raises:
        ExtractionError: "too-large", over 20,000 elements are left after pruning.
    """
    standfirst = shown_standfirst(page, description)
    prune(page.root)
    _check_size(page)
    text = "\n".join(map(_text_of_blocks, selected)) or _read(page.root)
    lines = clean((tidy(_BULLET.sub("", line)) for line in text.split("\n")), titles=titles, names=names)
    if lines and standfirst and fold(standfirst) not in fold(" ".join(lines)):
        lines.insert(0, standfirst)
    return "\n".join(lines)


def shown_standfirst(page: Page, description: str | None) -> str | None:
    """Return the description as the page itself shows it (there in full, where the metadata cut it), or None."""
    wanted = fold((description or "").rstrip("….").rstrip())
    if description is None or len(wanted) < _MIN_STANDFIRST_CHARS:
        return None
    is_cut = description.endswith(("…", "..."))
    pieces = page.root.xpath(".//body//text()[contains(., $opening)]", opening=description[:_OPENING_CHARS])
    for piece in pieces[:_MOST_OPENINGS]:
        parent = piece.getparent()
        for element in (parent, *list(parent.iterancestors())[:3]):
            shown = "" if parent.tag in _UNSEEN else text_of(element)
            if fold(shown) == wanted or (
                is_cut and fold(shown).startswith(wanted) and len(shown) < 3 * len(description)
            ):
                return shown
    return None


def _check_size(page: Page) -> None:
    elements = sum(1 for _ in page.root.iter())
    if elements > MAX_ELEMENTS:
        raise ExtractionError(
            "too-large",
            f"{page.url}: {elements:,} elements, an article has at most {MAX_ELEMENTS:,}. "
            'If it is one, name what is not its text in the outlet\'s selectors (remove = "...").',
        )


def _read(root: HtmlElement) -> str:
    fast = _trafilatura(root, fast=True)
    if len(fast) >= _FAST_IS_ENOUGH * paragraph_chars(root):
        return fast
    return max(fast, _trafilatura(root, fast=False), key=len)


def _trafilatura(root: HtmlElement, *, fast: bool) -> str:
    document = bare_extraction(root, fast=fast, include_comments=False, with_metadata=False)
    return (document.text or "") if isinstance(document, Document) else ""


def _text_of_blocks(element: HtmlElement) -> str:
    """Return an element's blocks a line each, or its whole text where it has none."""
    blocks = [
        block
        for block in element.iter(*_BLOCKS)
        if not any(parent.tag in _BLOCKS for parent in block.iterancestors(*_BLOCKS))
    ]
    return "\n".join(filter(None, map(text_of, blocks))) or text_of(element)
