"""OPML 1.0 and 2.0 (opml.org/spec2.opml), in which feed readers exchange their subscriptions.

Requirements:
    What other readers write is read; what we write, they read, and we read it back: names, addresses, feeds and tags.
    A stranger's file costs no more than its size: no entities, no network, no deep trees.

Theory of operation:
    An <outline> with xmlUrl is a feed, one without is a folder. Folders and `category` become tags. Feeds of one title
    and site are one outlet. We write the outlet's own name beside each feed, in a namespace of our own as section
    "Namespaces" of the specification wants it; where it stands, name and category are taken as they are.

Known exceptions:
    An address that is relative to htmlUrl, which the specification does not know, is resolved where it looks like one.
    Sitemaps and section pages have no place in OPML, nor have selectors and intervals.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import groupby
from typing import Any
from urllib.parse import urljoin
from xml.sax.saxutils import quoteattr

from lxml import etree

from crawler.news.errors import WatchlistError
from crawler.news.source import Outlet
from crawler.watchlist.rows import Row
from crawler.watchlist.wording import quote

MOST_BYTES = 100_000_000  # 100,000 feeds take some 25 MB
NAMESPACE = "https://github.com/storywatch/storywatch/opml"
_OUTLET = f"{{{NAMESPACE}}}outlet"
_RELATIVE = re.compile(r"[./?][^:]*|[^/.:?]+([/?].*)?|[^/:]+\.(xml|rss|atom|json)")  # "/feed", "rss", "feed.xml"
_BARE_AMPERSAND = re.compile(rb"&(?!#?\w{1,31};)")


def read_opml(content: bytes, file: str) -> Iterator[Row]:
    """Yield a row for each feed, in the file's order. `file` is how errors call it.

    Raises:
        WatchlistError: it is no OPML.
    """
    root = _parse(content, file)
    if etree.QName(root).localname.lower() != "opml":
        raise WatchlistError([f"{file}: no OPML, its root is <{etree.QName(root).localname}>. Export it as OPML."])
    body = root.find("{*}body")
    if body is None:
        raise WatchlistError([f"{file}: an <opml> without <body> lists nothing. Export it again."])
    return _rows(body, file, ())


def _parse(content: bytes, file: str) -> etree._Element:
    if len(content) > MOST_BYTES:
        raise WatchlistError([f"{file}: over {MOST_BYTES:,} bytes. Split it."])
    try:
        return etree.fromstring(content, _parser())
    except (etree.XMLSyntaxError, ValueError):
        pass
    try:  # the usual fault: an address with a bare "&"
        return etree.fromstring(_BARE_AMPERSAND.sub(b"&amp;", content), _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        what = error.msg if isinstance(error, etree.XMLSyntaxError) else error  # str() would add a made-up file name
        raise WatchlistError([f"{file}: not well-formed: {what}. Export it again, or mend that line."]) from None


def _parser() -> etree.XMLParser:
    """libxml2 refuses trees deeper than 256 and texts over 10 MB by itself, as long as huge_tree is off."""
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def _rows(parent: etree._Element, file: str, folders: tuple[str, ...]) -> Iterator[Row]:
    for outline in parent.iterchildren("{*}outline"):
        known = {str(name).lower(): str(value).strip() for name, value in outline.attrib.items()}
        title = _one_line(known.get("title") or known.get("text") or "")
        if known.get("xmlurl"):
            yield _row(known, title, folders, f"{file}, line {outline.sourceline}")
            yield from _rows(outline, file, folders)
        else:
            yield from _rows(outline, file, (*folders, title) if title else folders)


def _row(known: dict[str, str], title: str, folders: tuple[str, ...], place: str) -> Row:
    home, feed, categories = known.get("htmlurl", ""), known["xmlurl"], known.get("category", "").split(",")
    outlet = known.get(_OUTLET.lower(), "")
    if outlet:  # ours: the folder is the first of the categories
        tags = [tag for tag in categories if tag]
    else:
        cleaned = (_one_line(tag) for tag in (*folders, *(category.strip().strip("/") for category in categories)))
        tags = list(dict.fromkeys(tag for tag in cleaned if tag))
    if home and _RELATIVE.fullmatch(feed):
        with suppress(ValueError):  # "http://[x": told as any bad address is
            feed = urljoin(home, feed)
    given: dict[str, Any] = {"name": outlet or title, "url": home, "feeds": [feed], "tags": tags}
    return Row(place, given, group=outlet, wrong=_no_feed(known.get("type", ""), feed))


def _no_feed(kind: str, url: str) -> str:
    """Say what is wrong with an outline that another program makes a feed of: FreshRSS' "HTML+XPath", "JSON+…"."""
    if "+" not in kind:
        return ""
    return f"{quote(url)} is no feed but {quote(kind)}. Write it under pages by hand, if it links to articles."


def _one_line(text: str) -> str:
    """Return a text as a name may be written: on one line, without commas."""
    return " ".join("".join(c if c.isprintable() else " " for c in text.replace(",", " ")).split())


def opml_of(outlets: Iterable[Outlet], *, title: str) -> Iterator[str]:
    """Yield the lines of an OPML 2.0 document of the outlets' feeds; the first tag of each is its folder."""
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<opml version="2.0" xmlns:storywatch="{NAMESPACE}">'
    yield f"  <head><title>{_escaped(title)}</title></head>"
    yield "  <body>"
    for folder, inside in groupby(sorted(outlets, key=_folder), _folder):
        if folder:
            yield f"    <outline text={quoteattr(folder)}>"
        for outlet in inside:
            yield from _outlines(outlet, "      " if folder else "    ")
        if folder:
            yield "    </outline>"
    yield "  </body>"
    yield "</opml>"


def _folder(outlet: Outlet) -> str:
    return outlet.tags[0] if outlet.tags else ""


def _outlines(outlet: Outlet, indent: str) -> Iterator[str]:
    name, home = quoteattr(outlet.name), quoteattr(outlet.url)
    category = f" category={quoteattr(','.join(outlet.tags))}" if outlet.tags else ""
    for feed in outlet.feeds:
        yield (
            f"{indent}<outline type={quoteattr('rss')} text={name} title={name} xmlUrl={quoteattr(feed)} "
            f"htmlUrl={home}{category} storywatch:outlet={name}/>"
        )


def _escaped(text: str) -> str:
    return quoteattr(text)[1:-1]
