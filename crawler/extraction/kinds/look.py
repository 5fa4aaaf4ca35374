"""What there is to see on a page, for those who judge what kind of page it is. Measured when asked, once."""

import re
from collections.abc import Sequence
from functools import cached_property
from urllib.parse import urlsplit

from crawler.extraction.jsonld import types_of
from crawler.extraction.kinds.telltales import plain
from crawler.extraction.layout import Block
from crawler.extraction.page import Page
from crawler.extraction.prose import container
from crawler.extraction.signs import is_hidden
from crawler.extraction.text import count_words, fold
from crawler.extraction.zones import Passage, Zone

# Kinds that are told by what a page says are looked for in so much of its text and source.
_TEXT_CHARS = 30_000
_SOURCE_CHARS = 300_000
_TITLE_CHARS = 300
_NEAR = 12  # blocks; farther away the offers are for other articles, or for all
_NOSCRIPT = re.compile(r"<noscript\b[^>]{0,500}>([^<]{0,500}(?:<(?!/noscript)[^<]{0,500}){0,20})", re.IGNORECASE)
_TAG = re.compile(r"<[^>]{0,1000}>")
_ARTICLE_TYPE = re.compile(r"(?:Article|Posting|Report)$|^Review$|^Recipe$")
_OF_OTHERS = frozenset([Zone.RELATED, Zone.TEASER, Zone.NAVIGATION])
_PRESS_TYPES = frozenset(["article", "news", "newsarticle", "blog_post", "blogpost", "post"])


class Look:
    """One page under scrutiny.

    Attributes:
        body: the lines taken for the article's, and the appeals among them; words: how many words they have.
        passages: its blocks with their zones; none: they are not known.
    """

    def __init__(self, page: Page, body: Sequence[str], source: str, passages: Sequence[Passage] = ()) -> None:
        self.page = page
        self.body = body
        self.passages = passages
        self.words = count_words("\n".join(body))
        self._source = source

    @cached_property
    def titles(self) -> list[str]:
        """What the page calls itself: <title>, og:title, its headings of the first rank."""
        titles = [self.page.title(), *self.page.said("og:title"), *self.page.headings()[:5]]
        return list(dict.fromkeys(title[:_TITLE_CHARS] for title in titles[:9]))

    @cached_property
    def path(self) -> str:
        """The path of its address."""
        return urlsplit(self.page.url).path

    @cached_property
    def text(self) -> str:
        """Its visible text, plain, a block a line: the first 30,000 characters."""
        return _text_of(self.page.layout.blocks)

    @cached_property
    def near(self) -> str:
        """What stands in the body and next to it, plain, a block a line; all that is shown, if there is no body.

        Without the labels of other articles ("For subscribers only").
        """
        aside = {id(passage.block) for passage in self.passages if passage.zone in _OF_OTHERS}
        shown, lines = [block for block in self._shown if id(block) not in aside], set(self.body)
        places = [at for at, block in enumerate(shown) if block.text in lines]
        if not places:
            return _text_of(shown)
        return _text_of(shown[max(0, places[0] - _NEAR) : places[-1] + 1 + _NEAR])

    @property
    def _shown(self) -> list[Block]:
        """The blocks but for those that the markup hides: offers and dialogues wait there for a script."""
        blocks, shown, at = self.page.layout.blocks, [], 0
        for box in self.page.layout.boxes:
            if box.attributes and is_hidden(box.attributes):
                shown += blocks[at : box.start]
                at = max(at, box.end)
        return [*shown, *blocks[at:]]

    @cached_property
    def characters(self) -> int:
        """How long all its visible text is."""
        return sum([len(block.text) for block in self.page.layout.blocks])

    @cached_property
    def all_words(self) -> int:
        """Words of `text`."""
        return count_words(self.text)

    @cached_property
    def source(self) -> str:
        """The page as it came, in lower case: the first 300,000 characters."""
        return self._source[:_SOURCE_CHARS].lower()

    @cached_property
    def without_scripts(self) -> str:
        """What it tells readers without JavaScript (<noscript>), plain."""
        return plain(" ".join(_TAG.sub(" ", text) for text in _NOSCRIPT.findall(self._source[:_SOURCE_CHARS])))

    @cached_property
    def og_type(self) -> str:
        """Its og:type, "" without."""
        return next(self.page.said("og:type"), "").lower()

    @cached_property
    def node_types(self) -> frozenset[str]:
        """The types of all its JSON-LD nodes."""
        return frozenset().union(*map(types_of, self.page.data.nodes[:200]))

    @cached_property
    def has_own_node(self) -> bool:
        """Whether its JSON-LD describes an article that bears the page's own title."""
        node = self.page.node
        if not any(map(_ARTICLE_TYPE.search, types_of(node))):
            return False
        said = self.page.data.text(node.get("headline")) or self.page.data.text(node.get("name"))
        headline = fold(said[:_TITLE_CHARS])
        return len(headline) >= 10 and any(headline in title or title in headline for title in self._folded_titles)

    @cached_property
    def claims(self) -> bool:
        """Whether it says of itself that it is an article: of which every other page of an outlet may be a copy."""
        return self.og_type in _PRESS_TYPES or "article:published_time" in self.page.meta or self.has_own_node

    @cached_property
    def claims_well(self) -> bool:
        """Whether it says so in a way that copies do not: by its title in JSON-LD, or as what it is and since when."""
        dated = self.og_type in _PRESS_TYPES and "article:published_time" in self.page.meta
        return dated or self.has_own_node

    @cached_property
    def outlet(self) -> frozenset[str]:
        """What its outlet is called, folded."""
        return frozenset(map(fold, self.page.said("og:site_name", "application-name")))

    @cached_property
    def own(self) -> list[str]:
        """The body without the appeals in it, as far as zones are known."""
        if not self.passages:
            return list(self.body)
        return [passage.block.text for passage in self.passages if passage.zone == Zone.BODY]

    @cached_property
    def _folded_titles(self) -> list[str]:
        return [folded for title in self.titles if len(folded := fold(title)) >= 10]

    @cached_property
    def box_names(self) -> str:
        """Classes and ids of its boxes, in lower case."""
        return " ".join(filter(None, (box.names for box in self.page.layout.boxes))).lower()

    @cached_property
    def body_names(self) -> list[str]:
        """Those of <body>, where many systems say what kind of page this is."""
        boxes = self.page.layout.boxes
        return boxes[0].names.lower().split() if boxes else []


def with_appeals(passages: Sequence[Passage]) -> list[str]:
    """Return the lines of the body and the appeals in the same box: walls are made of these, reports quote them."""
    body = [at for at, passage in enumerate(passages) if passage.zone == Zone.BODY]
    if not body:
        return []
    box = container(passages[body[0]].block.box)
    while box.end <= body[-1] and box.parent is not None:
        box = box.parent
    around = passages[box.start : box.end]
    return [passage.block.text for passage in around if passage.zone in (Zone.BODY, Zone.APPEAL)]


def _text_of(blocks: Sequence[Block]) -> str:
    lines, left = [], _TEXT_CHARS
    for block in blocks:
        lines.append(block.text)
        left -= len(block.text)
        if left < 0:
            break
    return plain("\n".join(lines))
