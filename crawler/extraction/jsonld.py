"""JSON-LD: what a page says of itself to search engines, read tolerantly.

*Requirements.* Find the node that describes this page's article among all that a page carries: breadcrumbs,
organisations, teasers of other articles. Broken JSON is common and must not cost the whole block.

*Theory of operation.* Every block is parsed, repaired once if it must be, and flattened into its nodes (lists,
`@graph`, `mainEntity`, `mainEntityOfPage`). References by `@id` are resolved when they are read. The article is the
node of an article type that fits the page best by URL and headline; one whose URL and headline both differ from the
page's describes another page.

*Known exceptions.* Of a page with several articles (a live blog and its posts) the first fitting one is taken. A block
that stays broken after the repair is ignored.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from crawler.extraction.text import fold, tidy

Node = dict[str, Any]

_MAX_BLOCK_CHARS = 2_000_000
_MAX_NODES = 2_000
_MAX_DEPTH = 8
_NESTED = ("@graph", "mainEntity", "mainEntityOfPage")
# Where a value begins. What stands before it and between two is a comment mark, CDATA, a comma or a semicolon.
_VALUE = re.compile(r"(?<!CDATA)(?<!<!)[{\[]")
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_MISSING_COMMA = re.compile(r"(?<=[}\]])\s*(?=\{)")
_BAD_ESCAPE = re.compile(r'\\(?!["\\/bfnrtu])')
_ARTICLE_TYPE = re.compile(r"(?:Article|Posting|Report)$|^Review$")


@dataclass(slots=True)
class LinkedData:
    """All nodes of a page, in page order, and those with an `@id` by it."""

    nodes: list[Node] = field(default_factory=list)
    by_id: dict[str, Node] = field(default_factory=dict)

    def resolve(self, value: object) -> list[object]:
        """Return a property's values as a flat list, references replaced by the nodes that they name."""
        values = value if isinstance(value, list) else [value]
        return [self._dereference(item) for item in values if item is not None]

    def nodes_of(self, value: object) -> list[Node]:
        """Return the values of a property that are nodes."""
        return [item for item in self.resolve(value) if isinstance(item, dict)]

    def texts(self, value: object) -> list[str]:
        """Return the values of a property as texts: strings as they are, nodes by their name."""
        texts = (tidy(item.get("name") if isinstance(item, dict) else item) for item in self.resolve(value))
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
        return (node for node in self.nodes if not types_of(node).isdisjoint(names))

    def _dereference(self, item: object) -> object:
        if isinstance(item, dict) and set(item) <= {"@id", "@type"} and isinstance(item.get("@id"), str):
            return self.by_id.get(item["@id"], item)
        return item


def read_linked_data(blocks: Iterable[str]) -> LinkedData:
    """Return the nodes of a page's `application/ld+json` blocks. A block that cannot be read yields none."""
    data = LinkedData()
    for block in blocks:
        for value in _parse(block):
            _flatten(value, data.nodes, 0)
    data.by_id = {node["@id"]: node for node in reversed(data.nodes) if isinstance(node.get("@id"), str)}
    return data


def types_of(node: Node) -> set[str]:
    """Return the types of a node without their vocabulary: "http://schema.org/NewsArticle" is "NewsArticle"."""
    value = node.get("@type")
    names = value if isinstance(value, list) else [value]
    return {re.split(r"[/:#]", name)[-1] for name in names if isinstance(name, str)}


def choose_article(data: LinkedData, *, addresses: set[str], headlines: Iterable[str]) -> Node:
    """Return the node that describes this page's article, or an empty one.

    Args:
        addresses: the page's own URLs (fetched, canonical), without scheme and trailing slash.
        headlines: what the page calls itself elsewhere (og:title, <h1>, <title>).
    """
    candidates = [node for node in data.nodes if any(_ARTICLE_TYPE.search(name) for name in types_of(node))]
    titles = [folded for headline in headlines if (folded := fold(headline))]
    ranked = [(_fit(node, data, addresses, titles), node) for node in candidates]
    best = max(ranked, key=lambda pair: pair[0], default=(0, {}))
    return best[1] if best[0] >= 0 else {}


def bare_address(url: str) -> str:
    """Return a URL as addresses are compared here: without scheme, query, fragment and trailing slash."""
    address = re.split(r"[?#]", url.strip(), maxsplit=1)[0].lower()
    return re.sub(r"^https?://(?:www\.|m\.|amp\.)?", "", address).rstrip("/")


def _fit(node: Node, data: LinkedData, addresses: set[str], titles: list[str]) -> int:
    """Return how well a node fits the page: 2 for its URL, 1 for its headline; -1 if both are there and differ."""
    own = {bare_address(url) for key in ("url", "mainEntityOfPage", "@id") for url in data.urls(node.get(key))}
    headline = fold(data.text(node.get("headline")) or data.text(node.get("name")))
    same_url = bool(own & addresses)
    same_headline = bool(headline) and any(headline in title or title in headline for title in titles)
    if same_url or same_headline:
        return 2 * same_url + same_headline
    return -1 if own and headline and titles else 0


def _parse(block: str) -> Iterator[object]:
    """Yield the values of one block; pages put several in a row, or wrap them in comments."""
    text = block[:_MAX_BLOCK_CHARS]
    for candidate in (text, _repair(text)):
        try:
            yield from list(_decode_all(candidate))
            return
        except (ValueError, RecursionError):
            continue


def _decode_all(text: str) -> Iterator[object]:
    decoder = json.JSONDecoder(strict=False)  # not strict: line breaks inside strings are common
    start = _VALUE.search(text)
    while start:
        value, end = decoder.raw_decode(text, start.start())
        yield value
        start = _VALUE.search(text, end)


def _repair(text: str) -> str:
    text = _MISSING_COMMA.sub(",", _TRAILING_COMMA.sub("", text))
    return _BAD_ESCAPE.sub("", text)


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
