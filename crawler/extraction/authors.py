"""Who signed the article.

*Requirements.* Names of people or agencies, one each: no "By", no address, no job title, not the outlet itself.

*Theory of operation.* The best kind of evidence that yields a name wins: JSON-LD of the article, <meta>, microdata, then
`rel=author` and bylines in the visible page. Each text is cleaned and split into names.

*Known exceptions.* A family name that is also a joining word ("Und") is split.
"""

import re
from collections.abc import Iterable, Iterator

from crawler.extraction.page import Page, text_of
from crawler.extraction.text import fold, tidy
from crawler.news.article import Author

_MAX_NAME_CHARS = 60
_MAX_NAME_WORDS = 6
_MAX_AUTHORS = 20
_META = ("author", "article:author", "article:author_name", "parsely-author", "sailthru.author", "dc.creator",
         "dcterms.creator", "byl", "cxenseparse:author", "twitter:creator:name")
_BY = re.compile(
    r"^(?:(?:written|reported|posted|words|text|texte?|story|article|analysis|interview|photos?)\s+(?:by|von|de|par|di)\b|"
    r"by\b|von\b|vom\b|por\b|par\b|di\b|door\b|af\b|av\b|text:|texte\s*:|autor(?:in|es)?\s*:|redacci[oó]n\s*:)\s*:?\s*",
    re.IGNORECASE,
)
_JOINT = re.compile(r"\s*[,;|•·/\n]\s*|\s+(?:and|und|y|et|e|og|och|en|i|&)\s+", re.IGNORECASE)
_NO_NAME = re.compile(r"https?:|www\.|@|\d{3,}|\.(?:com|org|net|de|html)\b", re.IGNORECASE)
_ROLES = frozenset(
    "admin administrator author editor editors editorial staff redaktion redaction redacción redazione newsroom webmaster "
    "reporter correspondent null none undefined unknown".split()
)


def read_authors(page: Page, publisher: str | None, selected: list[str] | None = None) -> list[Author]:
    """Return the authors, in the page's order. `selected` is what the outlet's own selector found; it overrules."""
    outlet = fold(publisher or "")
    for evidence in (selected or [], _linked(page), page.said(*_META), _marked_up(page), _bylines(page)):
        authors = _unique(_names(evidence), outlet)
        if authors:
            return authors
    return []


def _linked(page: Page) -> Iterator[str]:
    for key in ("author", "creator"):
        yield from page.data.texts(page.node.get(key))


def _marked_up(page: Page) -> Iterator[str]:
    for element in page.microdata.get("author", ()):
        name = element.find(".//*[@itemprop='name']")
        yield text_of(element if name is None else name)


def _bylines(page: Page) -> Iterator[str]:
    for element in page.root.xpath(".//a[@rel='author' or contains(@href, '/author/')] | .//address[@rel='author']"):
        yield text_of(element)
    for element in page.root.xpath(".//*[contains(@class, 'byline') or contains(@class, 'author-name')]"):
        yield text_of(element)


def _names(texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each name with the byline that it was read from."""
    for raw in texts:
        byline = _BY.sub("", tidy(raw))
        for part in _JOINT.split(byline):
            name = _BY.sub("", part).strip(" .:-–—*()[]\"'")
            if name:
                yield name, raw


def _unique(names: Iterable[tuple[str, str]], outlet: str) -> list[Author]:
    authors: dict[str, Author] = {}
    for name, raw in names:
        key = fold(name)
        if key and key != outlet and key not in _ROLES and _is_name(name):
            authors.setdefault(key, Author(name=name, nameRaw=raw))
    return list(authors.values())[:_MAX_AUTHORS]


def _is_name(text: str) -> bool:
    return len(text) <= _MAX_NAME_CHARS and len(text.split()) <= _MAX_NAME_WORDS and not _NO_NAME.search(text)
