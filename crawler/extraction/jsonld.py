"""JSON-LD: what a page says of itself to search engines, read tolerantly.

*Requirements.* Find the node that describes this page's article among all that a page carries: breadcrumbs,
organisations, teasers of other articles. Broken JSON is common and must not cost the whole block.

*Theory of operation.* Every block is parsed, or mended if it must be, and flattened into its nodes (lists, `@graph`,
`mainEntity`, `mainEntityOfPage`, `blogPost`, `review`; never `hasPart`, `isPartOf` or `liveBlogUpdate`, whose articles
are others). References by `@id` are resolved when they are read. The article is the node of an article type that fits
the page best by URL and headline; one whose URL and headline both differ from the page's describes another page, and so
does one without URL whose headline shares no word with the page's titles. That changes no field of 638 real pages.

*Known exceptions.* Of several that fit alike the first is taken: on the 6 of 801 real pages that have two, it is the
right one.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from crawler.extraction.mending import read_broken_json
from crawler.extraction.text import UNSPACED, fold, one_line, tidy

Node = dict[str, Any]

_MAX_BLOCK_CHARS = 2_000_000
_MAX_MENDED_CHARS = 300_000  # a page; the longest real block has a tenth of it, and mending takes 0.5 s a million
_MAX_NODES = 2_000
_MAX_DEPTH = 8
_MAX_TITLES = 50
_STEM = 4  # letters; shorter words are in every headline
_FEWEST_WORDS = 3  # titles of fewer may be the outlet's name
_NESTED = ("@graph", "mainEntity", "mainEntityOfPage", "blogPost", "review")
# Where a value begins. What stands before it and between two is a comment mark, CDATA, a comma or a semicolon.
_VALUE = re.compile(r"(?<!CDATA)(?<!<!)[{\[]")
_ARTICLE_TYPE = re.compile(r"(?:Article|Posting|Report)$|^Review$")
_TAG = re.compile(r"<[^<>]{0,200}>")


@dataclass(slots=True)
class LinkedData:
    """All nodes of a page, in page order, with the types of each, and those with an `@id` by it."""

    nodes: list[Node] = field(default_factory=list)
    types: list[set[str]] = field(default_factory=list)
    by_id: dict[str, Node] = field(default_factory=dict)

    def resolve(self, value: object) -> list[object]:
        """Return a property's values as a flat list, references replaced by the nodes that they name."""
        values = value if isinstance(value, list) else [value]
        return [self._dereference(item) for item in values if item is not None]

    def nodes_of(self, value: object) -> list[Node]:
        """Return the values of a property that are nodes."""
        return [item for item in self.resolve(value) if isinstance(item, dict)]

    def texts(self, value: object) -> list[str]:
        """Return the values of a property as texts: strings as they are, nodes by their name or `@value`."""
        texts = (
            tidy((item.get("name") or item.get("@value")) if isinstance(item, dict) else item)
            for item in self.resolve(value)
        )
        return [text for text in texts if text]

    def text(self, value: object) -> str:
        """Return the first text of a property, or ""."""
        return next(iter(self.texts(value)), "")

    def urls(self, value: object) -> list[str]:
        """Return the URLs of a property: strings, or nodes by their `url`, `contentUrl`, `embedUrl` or `@id`."""
        found = []
        for item in self.resolve(value):
            keys = ("contentUrl", "url", "embedUrl", "@id")
            choices = [item.get(key) for key in keys] if isinstance(item, dict) else [item]
            found += [choice for choice in choices if isinstance(choice, str) and choice][:1]
        return found

    def of_type(self, *names: str) -> Iterator[Node]:
        """Yield the nodes of one of these types."""
        return (node for node, types in zip(self.nodes, self.types, strict=True) if not types.isdisjoint(names))

    def _dereference(self, item: object) -> object:
        if isinstance(item, dict) and set(item) <= {"@id", "@type"} and isinstance(item.get("@id"), str):
            return self.by_id.get(item["@id"], item)
        return item


def read_linked_data(blocks: Iterable[str]) -> LinkedData:
    """Return the nodes of a page's `application/ld+json` blocks. A block that cannot be read yields none."""
    data = LinkedData()
    to_mend = _MAX_MENDED_CHARS
    for block in blocks:
        text = block[:_MAX_BLOCK_CHARS]
        values = _parse(text)
        if values is None and len(text) <= to_mend:
            to_mend -= len(text)
            values = read_broken_json(text)
        _flatten(values, data.nodes, 0)
    data.types = [types_of(node) for node in data.nodes]
    data.by_id = {node["@id"]: node for node in reversed(data.nodes) if isinstance(node.get("@id"), str)}
    return data


def article_body(data: LinkedData, node: Node) -> str:
    """Return the article's text as its own node tells it, on one line and without tags; "" if it does not.

    It is told on 2 to 27 % of pages, often cut, sometimes of another article: evidence, no more.
    """
    return one_line(_TAG.sub(" ", data.text(node.get("articleBody"))))


def types_of(node: Node) -> set[str]:
    """Return the types of a node without their vocabulary: "http://schema.org/NewsArticle" is "NewsArticle"."""
    value = node.get("@type")
    names = value if isinstance(value, list) else [value]
    return {name[max(name.rfind(mark) for mark in "/:#") + 1 :] for name in names if isinstance(name, str)}


def choose_article(data: LinkedData, *, addresses: set[str], headlines: Iterable[str]) -> Node:
    """Return the node that describes this page's article, or an empty one.

    Args:
        addresses: the page's own URLs (fetched, canonical), without scheme and trailing slash.
        headlines: what the page calls itself elsewhere (og:title, <h1>, <title>).
    """
    typed = zip(data.nodes, data.types, strict=True)
    candidates = [node for node, types in typed if any(_ARTICLE_TYPE.search(name) for name in types)]
    titles = [folded for headline in islice(headlines, _MAX_TITLES) if (folded := fold(headline))]
    ranked = [(_fit(node, data, addresses, titles), node) for node in candidates]
    best = max(ranked, key=lambda pair: pair[0], default=(0, {}))
    return best[1] if best[0] >= 0 else {}


def bare_address(url: str) -> str:
    """Return a URL as addresses are compared here: without scheme, query, fragment and trailing slash."""
    address = re.split(r"[?#]", url.strip(), maxsplit=1)[0].lower()
    return re.sub(r"^https?://(?:www\.|m\.|amp\.)?", "", address).rstrip("/")


def _fit(node: Node, data: LinkedData, addresses: set[str], titles: list[str]) -> int:
    """Return how well a node fits the page: 4 for its URL, up to 2 for its headline; -1 if it is another page's."""
    own = {bare_address(url) for key in ("url", "mainEntityOfPage", "@id") for url in data.urls(node.get(key))}
    headline = fold(data.text(node.get("headline")) or data.text(node.get("name")))
    fit = 4 * bool(own & addresses) + _likeness(headline, titles)
    is_unlike = headline and titles and (own or not _share_words(headline, titles))
    is_anothers = is_unlike or "Review" in types_of(node)  # readers review, too
    return fit or (-1 if is_anothers else 0)


def _likeness(headline: str, titles: list[str]) -> int:
    """Return 2 if the headline is one of the titles, 1 if one is part of the other."""
    if not headline or not titles:
        return 0
    if headline in titles:
        return 2
    return int(any(headline in title or title in headline for title in titles))


def _share_words(headline: str, titles: list[str]) -> bool:
    """Return whether a word of the headline is in a title; also True where they are too short to tell."""
    words, others = _telling_words(headline), _telling_words(" ".join(titles))
    return not words or len(others) < _FEWEST_WORDS or not words.isdisjoint(others)


def _telling_words(text: str) -> set[str]:
    """Return the beginnings of the longer words, endings aside; in scripts without spaces, the characters."""
    return {word[:_STEM] for word in text.split() if len(word) >= _STEM} | set(UNSPACED.findall(text))


def _parse(text: str) -> list[object] | None:
    """Return the values of one block, or None if it is broken; pages put several in a row, or wrap them in comments."""
    decoder = json.JSONDecoder(strict=False)  # not strict: line breaks inside strings are common
    values: list[object] = []
    try:
        start = _VALUE.search(text)
        while start:
            value, end = decoder.raw_decode(text, start.start())
            values.append(value)
            start = _VALUE.search(text, end)
    except ValueError:
        return None
    except RecursionError:  # nobody nests a thousand deep but to do harm
        return []
    return values


def _flatten(value: object, nodes: list[Node], depth: int) -> None:
    if depth > _MAX_DEPTH or len(nodes) >= _MAX_NODES:
        return
    if isinstance(value, list):
        for item in value:
            _flatten(item, nodes, depth + 1)
    elif isinstance(value, dict):
        nodes.append(value)
        for key in _NESTED:
            _flatten(value.get(key), nodes, depth + 1)
