"""Sitemaps: news sitemaps, plain ones, and the indexes that nest them (sitemaps.org, Google's news extension).

Requirements:
    What sitemaps.org allows: XML, an index, a text with an address a line, an RSS or Atom feed; gzipped or not.
    Whatever else comes ends in one `DiscoveryError`, within 2 s of CPU and 300 MB.

Theory of operation:
    Read by lxml with entities, network and huge trees off; cut or not well-formed, a sitemap yields what can be read of
    it. Elements are told by their name without namespace, case, "_" and "-", because half of the namespaces out there
    are misspelt, and "publication_date" has been seen in four spellings. A feed goes to `read_feed`.

Known exceptions:
    Pages in other languages (xhtml:link), pictures and videos that an entry names beside its own address are ignored.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from lxml import etree

from crawler.discovery.body import open_body, refuse_tags
from crawler.discovery.feeds.claims import absolute
from crawler.discovery.feeds.feed import read_feed
from crawler.discovery.feeds.hints import is_http, language_tag
from crawler.discovery.plain import plain_text
from crawler.news.dates import EARLIEST, parse_date
from crawler.news.entry import Entry
from crawler.news.errors import DiscoveryError

MOST_BYTES = 20_000_000  # the protocol allows 50 MB; a sitemap of its 50,000 URLs has 5 to 10 MB
MOST_TAGS = 500_000  # opening and closing ones: 50,000 URLs with four claims each; 2.5 s and 140 MB
MOST_ENTRIES = 10_000
MOST_NESTED = 1_000
MOST_READ = 5  # of an index, a poll: each is a request

_FEEDS = frozenset(["rss", "feed", "rdf"])
_ADDRESS_FIRST = re.compile(rb"(?:\xef\xbb\xbf)?\s*https?://[^\s<>]+\s*(?:\n|\Z)", re.IGNORECASE)
_BARE_AMPERSAND = re.compile(rb"&(?!#?\w{1,31};)")


@dataclass(frozen=True, slots=True)
class NestedSitemap:
    """A sitemap that an index names. `updated` is the index's claim, aware UTC, or None."""

    url: str
    updated: datetime | None = None


Dated = TypeVar("Dated", Entry, NestedSitemap)


@dataclass(frozen=True, slots=True)
class SitemapReading:
    """What one sitemap announces: entries, or further sitemaps where it is an index.

    Attributes:
        capped: entries and nested sitemaps left out over the caps (10,000 and 1,000). The newest stay, because
            archives stand in any order.
    """

    entries: tuple[Entry, ...] = ()
    sitemaps: tuple[NestedSitemap, ...] = ()
    capped: int = 0


def read_sitemap(body: bytes, url: str, *, now: datetime | None = None) -> SitemapReading:
    """Return what a sitemap or sitemap index names. <lastmod> is a date of update, never of publication.

    Args:
        url: where the body came from; relative addresses start here.
        now: aware, to judge dates by; None: the clock's.

    Raises:
        DiscoveryError: "empty", "too-large", "bad-gzip", "too-complex", "not-a-sitemap" or, of a feed, "unreadable".
    """
    body = open_body(body, url, most_bytes=MOST_BYTES)
    refuse_tags(body, url, most=MOST_TAGS)
    now = now or datetime.now(UTC)
    if _ADDRESS_FIRST.match(body):
        return _read_lines(body)
    root = _parse(body)
    kind = "" if root is None else _name(root)
    if root is not None and kind == "urlset":
        entries, capped = _newest((_entry(element, url, now) for element in root), MOST_ENTRIES)
        return SitemapReading(entries=entries, capped=capped)
    if root is not None and kind == "sitemapindex":
        nested, capped = _newest((_nested(element, url, now) for element in root), MOST_NESTED)
        return SitemapReading(sitemaps=nested, capped=capped)
    if kind in _FEEDS:
        feed = read_feed(body, url, now=now)
        return SitemapReading(entries=feed.entries, capped=feed.capped)
    raise DiscoveryError("not-a-sitemap", f"{url}: no sitemap, it begins {body[:60]!r}. Check the address.")


def _read_lines(body: bytes) -> SitemapReading:
    """Read a text with an address a line. It has no dates, so over the cap the first stay."""
    lines = [line.strip() for line in body.decode("utf-8-sig", "replace").splitlines() if line.strip()]
    entries = tuple(Entry(line) for line in lines[:MOST_ENTRIES] if is_http(line))
    return SitemapReading(entries, capped=max(0, len(lines) - MOST_ENTRIES))


def _parse(body: bytes) -> etree._Element | None:
    """Return the root element, of a document that is not well-formed as far as it can be read; None: no XML at all."""
    body = body[max(body[:4096].find(b"<?xml"), 0) :]  # white space or a PHP warning may stand before it
    try:
        return etree.fromstring(body, _parser(recover=False))
    except (etree.XMLSyntaxError, ValueError):
        pass
    if b"\0" not in body[:4]:  # not UTF-16: lxml would drop a bare "&" from an address, and the next name with it
        body = _BARE_AMPERSAND.sub(b"&amp;", body)
    try:
        return etree.fromstring(body, _parser(recover=True))
    except (etree.XMLSyntaxError, ValueError):
        return None


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        recover=recover,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _entry(element: etree._Element, url: str, now: datetime) -> Entry | None:
    fields = _fields(element)
    address = absolute(fields.get("loc"), url)
    if address is None:
        return None
    updated = parse_date(fields.get("lastmod", ""), now=now)
    news = _child(element, "news")
    news = element if news is None else news  # some forget the element around the news
    claims = _fields(news)
    publication = _child(news, "publication")
    return Entry(
        address,
        title=plain_text(claims.get("title")),
        published=parse_date(claims.get("publicationdate", ""), now=now),
        updated=updated,
        language=None if publication is None else language_tag(_fields(publication).get("language")),
    )


def _nested(element: etree._Element, url: str, now: datetime) -> NestedSitemap | None:
    fields = _fields(element)
    address = absolute(fields.get("loc"), url)
    return NestedSitemap(address, parse_date(fields.get("lastmod", ""), now=now)) if address else None


def _name(element: etree._Element) -> str:
    """Return the name without namespace, prefix, case, "_" and "-"; "" for what is no element."""
    if not isinstance(element.tag, str):
        return ""
    return element.tag.rpartition("}")[2].rpartition(":")[2].lower().replace("_", "").replace("-", "")


def _child(element: etree._Element, name: str) -> etree._Element | None:
    return next((child for child in element if _name(child) == name), None)


def _fields(element: etree._Element) -> dict[str, str]:
    """Return the texts of the children by name; of several with one name the first, so image:loc is never loc."""
    fields: dict[str, str] = {}
    for child in element:
        if name := _name(child):
            text = "".join(child.itertext()) if len(child) else child.text or ""
            fields.setdefault(name, text.strip())
    return fields


def _newest(found: Iterable[Dated | None], most: int) -> tuple[tuple[Dated, ...], int]:
    """Return at most so many in their order, without the Nones, and how many were left out: the oldest."""
    items = [item for item in found if item is not None]
    if len(items) <= most:
        return tuple(items), 0
    by_age = sorted(range(len(items)), key=lambda i: _date(items[i]), reverse=True)
    return tuple(items[i] for i in sorted(by_age[:most])), len(items) - most


def _date(item: Entry | NestedSitemap) -> datetime:
    published = item.published if isinstance(item, Entry) else None
    return published or item.updated or EARLIEST


def worth_reading(nested: Iterable[NestedSitemap], *, now: datetime, window: timedelta) -> tuple[str, ...]:
    """Return the nested sitemaps in which news may stand, at most MOST_READ: an index also names the archive.

    Those dated within the window before `now`; without any date, those that call themselves news; else the first.
    """
    found = tuple(nested)
    fresh = [sitemap.url for sitemap in found if sitemap.updated and now - sitemap.updated <= window]
    undated = [sitemap.url for sitemap in found if sitemap.updated is None]
    named = [url for url in undated if "news" in url.lower()]
    return tuple((fresh + (named or undated))[:MOST_READ])
