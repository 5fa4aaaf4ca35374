"""The fast reader: well-formed RSS and Atom, with the result that feedparser would have, in a tenth of its time.

Requirements:
    Whatever comes out is exactly what `tolerant` would have found. A document that might be read otherwise by it is not
    read here: None is returned, and it costs no more than a look.

Theory of operation:
    feedparser reads a well-formed document with expat, through three layers of Python for each piece of it. Python's
    ElementTree has the same expat under a tree built in C. So both agree on what is well-formed and on every text; what
    remains is to mean the same by each element (`names`) and by several of them in one entry (`settling`).
    Where that is not sure, `Unsure` ends the reading: with a DOCTYPE, xml:base, two meanings of one prefix, markup in
    texts that is not escaped (Atom's XHTML), or any element that feedparser knows in a place where it is unusual.

Known exceptions:
    None: `tests/discovery/test_wellformed.py` compares the two on feeds made to differ.
"""

import re
from collections.abc import Set
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from crawler.discovery.feeds.claims import Announced, Claims
from crawler.discovery.feeds.hints import hints_of
from crawler.discovery.feeds.names import Names, Unsure
from crawler.discovery.feeds.settling import Gathered, address_in, mended, repaired, without_email

MOST_ATTRIBUTES = 300_000  # in all, and "=" in texts; 60 MB where they are attributes
_MOST_DEPTH = 4  # of media:group and media:content in each other

_OF_RSS_1 = {"http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/"}
_RDF_CHANNELS = frozenset(f"{{{uri}}}channel" for uri in _OF_RSS_1)
_OF_ATOM = "http://www.w3.org/2005/atom"
_LEAVES_OF_PEOPLE = frozenset(["name", "email", "url", "uri", "homepage", "itunes_name", "itunes_email"])
_LEAVES_OF_IMAGES = frozenset(["title", "link", "url", "width", "height", "description"])
_LEAVES_OF_SEARCH = frozenset(["title", "link", "name", "description"])
_LEAVES_OF_SOURCES = frozenset(
    ["title", "link", "id", "updated", "published", "category", "generator", "rights", "subtitle", "icon", "logo"]
)
_TYPES = frozenset(["text", "plain", "html", "text/plain", "text/html"])
_BASE = re.compile(rb"base\s*=")
_PASSED = frozenset(["harmless", "unknown"])
_OF_CDF = frozenset(["href", "lastmod"])  # attributes of an older format, which feedparser takes for elements
_RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"


def read_wellformed(text: bytes, language: str) -> Announced | None:
    """Return what a feed announces, or None where only feedparser can tell.

    Args:
        text: UTF-8 that says so (`as_utf8`).
        language: the response's Content-Language, or "".
    """
    if b"<!DOCTYPE" in text or _BASE.search(text.lower()) or text.count(b"=") > MOST_ATTRIBUTES:
        return None
    try:
        return _Document(text).read(ElementTree.fromstring(text), language or None)
    except (ElementTree.ParseError, Unsure):
        return None


class _Document:
    """One document on its way to its entries."""

    def __init__(self, text: bytes) -> None:
        self._text = text
        self._names = Names(text)

    def read(self, root: Element, language: str | None) -> Announced:
        """Return what the document announces."""
        kind = self._names.key(root.tag)
        outer = self._language(root, language)
        if kind == "rdf_rdf" and _OF_ATOM not in self._names.uris:
            channel, entries = self._parts_of_rdf(root)
            hints, inner = self._channel(channel, language), outer
        elif kind == "rss" or (root.tag.lower() == f"{{{_OF_ATOM}}}feed" and not self._names.uris & _OF_RSS_1):
            channel = self._only_child(root) if kind == "rss" else root
            entries = [child for child in channel if self._is_entry(child)]
            hints, inner = self._channel(channel, outer or language), self._language(channel, outer)
        else:
            raise Unsure
        if not entries:
            raise Unsure
        claims = [self._entry(entry, inner) for entry in entries]
        return Announced(claims, hints_of(hints, self._text), one_date=kind != "feed")

    def _only_child(self, root: Element) -> Element:
        if len(root) != 1 or self._names.role(root[0].tag) != "channel":
            raise Unsure
        return root[0]

    def _parts_of_rdf(self, root: Element) -> tuple[Element, list[Element]]:
        """Return the channel and the entries, which stand beside it, as do a picture and a search field."""
        if not len(root) or root[0].tag not in _RDF_CHANNELS or any(self._is_entry(child) for child in root[0]):
            raise Unsure
        channel, *others = root
        for other in others:
            if self._names.role(other.tag) == "image":
                self._furniture(other)
            elif not self._is_entry(other):
                raise Unsure
        return channel, [other for other in others if self._is_entry(other)]

    def _is_entry(self, element: Element) -> bool:
        return self._names.role(element.tag) == "entry"

    def _channel(self, channel: Element, language: str | None) -> dict[str, Any]:
        """Return what hints are made of, under feedparser's names."""
        found: dict[str, Any] = {"language": language, "links": []}
        if self._names.attributes(channel).keys() & _OF_CDF:
            raise Unsure
        for child in channel:
            key, role = self._names.key(child.tag), self._names.role(child.tag)
            if role == "entry":
                continue
            if role == "title" and "title" not in found:
                found["title"] = mended(self._words(child))
            elif role == "link":
                rel, _, href = self._link(child)
                found["links"].append({"rel": rel, "href": href})
            elif role == "language":
                found["language"] = mended(_leaf(child))
            elif role == "image":
                self._furniture(child)
            elif role == "owner":  # of an entry, feedparser makes an author
                self._leaves(child, _LEAVES_OF_PEOPLE)
            elif key in ("ttl", "sy_updateperiod", "sy_updatefrequency"):
                found[key] = None if child.attrib else mended(_leaf(child))
            elif key == "description" or role in ("published", "updated", "id"):
                _leaf(child)
            elif role == "author":
                self._author(child)
            else:
                self._pass(child, role)
        return found

    def _furniture(self, element: Element) -> None:
        """Pass over the feed's picture or search field."""
        of_search = self._names.key(element.tag) == "textinput"
        self._leaves(element, _LEAVES_OF_SEARCH if of_search else _LEAVES_OF_IMAGES)

    def _entry(self, entry: Element, language: str | None) -> Claims:
        if self._names.attributes(entry).keys() & _OF_CDF:
            raise Unsure
        inner = self._language(entry, language)
        claims = Gathered(entry.get(_RDF_ABOUT) or None)
        for child in entry:
            self._child(child, claims, inner)
        return claims.settled()

    def _child(self, child: Element, claims: Gathered, language: str | None) -> None:
        """Take in one element of an entry."""
        role = self._names.role(child.tag)
        if role == "title":
            claims.add_title(self._words(child), self._language(child, language))
        elif role == "link":
            claims.add_link(*self._link(child))
        elif role == "id":
            is_link = self._names.attributes(child).get("ispermalink", "true") == "true"
            claims.add_id(_leaf(child), is_link)
        elif role == "published":
            claims.published = _leaf(child)
        elif role == "updated":
            claims.updated = _leaf(child)
        elif role == "summary":
            claims.add_summary(self._words(child), 0)
        elif role == "content":
            claims.add_content(self._words(child))
        elif role == "author":
            claims.authors.append(self._author(child))
            claims.author_kinds.add(len(child) > 0)
        elif role == "original link" and not child.attrib:
            claims.original = _leaf(child)
        elif role == "language":
            _leaf(child)
        else:
            self._aside(child, role, claims)

    def _aside(self, child: Element, role: str, claims: Gathered) -> None:
        """Take in what stands beside the story."""
        if role in ("group", "media-title"):
            self._media(child, role, claims, 0)
        elif role == "image" and self._names.key(child.tag) == "image":
            self._leaves(child, {"url", "width", "height"})
            claims.retitled = True
        elif role == "source":
            self._source(child)
            claims.retitled = True
        else:
            self._pass(child, role)

    def _media(self, element: Element, role: str, claims: Gathered, depth: int) -> None:
        """Take in a picture's claims, which stand in for the entry's where it has none, the nearer the sooner."""
        if role == "media-title":
            self._words(element)
            claims.other_title = True
        elif role == "summary":
            claims.add_summary(self._words(element), depth)
        elif role != "group" or depth > _MOST_DEPTH:
            self._pass(element, role)
        else:
            for child in element:
                self._media(child, self._names.role(child.tag), claims, depth + 1)

    def _source(self, source: Element) -> None:
        """Pass over the feed that an entry was taken from."""
        for child in source:
            if self._names.role(child.tag) == "author":
                self._author(child)
            elif self._names.key(child.tag) not in _LEAVES_OF_SOURCES:
                raise Unsure
            else:
                self._words(child)

    def _author(self, element: Element) -> str | None:
        """Return the last <name> in it (Atom), or the name beside an e-mail address in its text (RSS)."""
        if not len(element):
            return without_email(mended(_leaf(element)))
        if (element.text or "").strip() or any((child.tail or "").strip() for child in element):
            raise Unsure
        self._leaves(element, _LEAVES_OF_PEOPLE)
        names = [_leaf(child) for child in element if self._names.key(child.tag) in ("name", "itunes_name")]
        if not names:
            raise Unsure
        return names[-1]

    def _link(self, element: Element) -> tuple[str, str, str]:
        """Return relation and type in lower case, and the address."""
        attributes = self._names.attributes(element)
        rel = attributes.get("rel", "alternate").lower()
        kind = attributes.get("type", "text/html").lower()
        href = attributes.get("url", attributes.get("uri", attributes.get("href"))) or attributes.get("href")
        if href is not None:
            _leaf(element)
            return rel, kind, repaired(href)
        return rel, "", address_in(_leaf(element))

    def _words(self, element: Element) -> str:
        """Return the text of an element that may say of which type it is."""
        if element.attrib:
            attributes = self._names.attributes(element)
            if attributes.get("type", "text").lower() not in _TYPES or "mode" in attributes:
                raise Unsure
        return _leaf(element)

    def _pass(self, element: Element, role: str) -> None:
        """Pass over an element that touches nothing of ours."""
        if role == "people":
            self._leaves(element, _LEAVES_OF_PEOPLE)
        elif role == "words":
            _leaf(element)
        elif role not in _PASSED or (
            len(element) and any(self._names.role(e.tag) not in _PASSED for e in element.iter())
        ):
            raise Unsure

    def _leaves(self, element: Element, keys: Set[str]) -> None:
        """Pass over an element that may have these children only."""
        for child in element:
            if self._names.key(child.tag) not in keys:
                raise Unsure
            _leaf(child)

    def _language(self, element: Element, outer: str | None) -> str | None:
        if not element.attrib:
            return outer
        attributes = self._names.attributes(element)
        language = attributes.get("xml:lang", attributes.get("lang"))
        return outer if language is None else language or None


def _leaf(element: Element) -> str:
    """Return the text of an element without children."""
    if len(element):
        raise Unsure
    return (element.text or "").strip()
