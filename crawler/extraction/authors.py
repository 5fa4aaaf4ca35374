"""Who signed the article.

*Requirements.* Names of people or agencies, one each: no "By", no address, no role. The outlet itself is an author only
where it alone is named as one.

*Theory of operation.* The best kind of evidence that yields a name wins: JSON-LD of the article, <meta>, microdata,
links and bylines in the visible page, the feed's claim. Each text is cleaned and split into names.

*Known exceptions.* A name that is also a joining word ("Und") is split. A role or place behind a name without a comma
("Ann Example Staff Writer") stays.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from crawler.extraction.page import Page, text_of
from crawler.extraction.text import fold, tidy
from crawler.news.article import Author
from crawler.news.entry import Entry

_MAX_NAME_CHARS = 60
_MAX_NAME_WORDS = 6
_MAX_AUTHORS = 20
_META = (
    "author",
    "article:author",
    "article:author_name",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "byl",
    "cxenseparse:author",
)
_BY = re.compile(
    r"^(?:(?:written|reported|posted|words|text|texte?|story|article|analysis|interview|photos?)\s+(?:by|von|de|par|di)\b|"
    r"by\b|von\b|vom\b|por\b|par\b|di\b|door\b|af\b|av\b|text:|texte\s*:|autor(?:in|es)?\s*:|redacci[oó]n\s*:)\s*:?\s*",
    re.IGNORECASE,
)
_JOINT = re.compile(r"\s*[,;|•·/\n]\s*|\s+(?:and|und|y|et|e|og|och|en|i|&)\s+", re.IGNORECASE)
_NO_NAME = re.compile(r"https?:|www\.|@\w|\d{2,}", re.IGNORECASE)
_MAX_BYLINE_CHARS = 120
_BYLINES = (
    ".//*[" + " or ".join(f"contains(@class, '{name}')" for name in ("byline", "Byline", "author", "Author")) + "]"
)
_ROLES = frozenset[str]().union(
    ["admin", "administrator", "author", "webmaster", "editor", "editors", "editorial", "staff", "newsroom"],
    ["redaktion", "redaction", "redacción", "redazione", "reporter", "correspondent"],
    ["null", "none", "undefined", "unknown"],
)


def read_authors(page: Page, publisher: str | None, entry: Entry | None, selected: list[str]) -> list[Author]:
    """Return the authors, in the page's order. `selected` is what the outlet's own selector found; it overrules."""
    outlet = fold(publisher or "")
    claims = entry.authors if entry else ()
    signed_by_outlet: list[Author] = []
    for evidence in (selected, _linked(page), page.said(*_META), _marked_up(page), _bylines(page), claims):
        authors = _unique(_names(evidence))
        people = [author for author in authors if fold(author.name) != outlet]
        if people:
            return people[:_MAX_AUTHORS]
        signed_by_outlet = signed_by_outlet or authors
    return signed_by_outlet


def _linked(page: Page) -> Iterator[str]:
    for key in ("author", "creator"):
        yield from page.data.texts(page.node.get(key))


def _marked_up(page: Page) -> Iterator[str]:
    for element in page.microdata.get("author", ()):
        name = element.find(".//*[@itemprop='name']")
        yield text_of(element if name is None else name)


def _bylines(page: Page) -> Iterator[str]:
    """Yield the texts of the author links, or else of the first byline that holds a name."""
    links = [text_of(element) for element in page.root.xpath(".//a[@rel='author'] | .//address//a")]
    yield from links
    if not links:
        bylines = (text_of(element) for element in page.root.xpath(_BYLINES))
        named = (text for text in bylines if len(text) <= _MAX_BYLINE_CHARS and _unique(_names([text])))
        yield from islice(named, 1)


def _names(texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each name with the byline that it was read from."""
    for raw in texts:
        if _NO_NAME.search(raw):
            continue
        for part in _JOINT.split(_BY.sub("", tidy(raw))):
            if name := _BY.sub("", part).strip(" .:-–—*()[]\"'"):
                yield name, raw


def _unique(names: Iterable[tuple[str, str]]) -> list[Author]:
    authors: dict[str, Author] = {}
    for name, raw in names:
        if fold(name) and fold(name) not in _ROLES and _is_name(name):
            authors.setdefault(fold(name), Author(name=name, nameRaw=raw))
    return list(authors.values())


def _is_name(text: str) -> bool:
    return len(text) <= _MAX_NAME_CHARS and len(text.split()) <= _MAX_NAME_WORDS
