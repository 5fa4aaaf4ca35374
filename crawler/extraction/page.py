"""A page after its one parse: the tree, what it says of itself in its head, and its layout.

Everything else in this room reads a `Page`, and nothing changes it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from crawler.extraction.jsonld import LinkedData, Node, bare_address, choose_article, read_linked_data
from crawler.extraction.layout import Layout, lay_out
from crawler.extraction.selectors import Selectors
from crawler.extraction.text import one_line, tidy
from crawler.news.errors import ExtractionError

# Taken out before anything is read: their text is never the page's, and a third of all elements is in them.
_UNREAD = ["script", "style", "noscript", "template", "svg", "button"]
# What fields ask for by tag: one pass of the CSS engine finds them all (0.1 ms; each query of its own takes that).
_ASKED_FOR = (
    "meta, link, base, title, time, img, amp-img, video, audio, iframe, source, br, "
    "[itemprop], [rel~=author], [rel~=tag]"
)
LONGEST_HEADING = 500  # characters
_MOST_HEADINGS, _MOST_HEADING_LINES = 30, 5


@dataclass(slots=True)
class Page:
    """One parsed page.

    Attributes:
        url: the address that it was fetched from; relative links are resolved against `base`.
        tree: without scripts, styles and templates. `tree.css(...)` takes some 0.15 ms a query.
        meta: contents of <meta> by lower-cased property, name or itemprop, in page order.
        elements: <link>, <title>, <time>, <img>, <amp-img>, <video>, <audio>, <iframe>, <source> by tag, in page order.
        microdata: elements by each word of their `itemprop`, but <meta>.
        related: elements, but <link>, by each word of a `rel` that says "author" or "tag".
        data: all JSON-LD; `node` is the article's own, empty if there is none.
        layout: its blocks of text and boxes.
    """

    url: str
    base: str
    tree: LexborHTMLParser
    meta: dict[str, list[str]]
    elements: dict[str, list[LexborNode]]
    microdata: dict[str, list[LexborNode]]
    related: dict[str, list[LexborNode]]
    data: LinkedData
    layout: Layout
    node: Node = field(default_factory=dict)
    _headings: list[str] | None = None

    def said(self, *names: str) -> Iterator[str]:
        """Yield the tidy, non-empty contents of these <meta>, in the order of the names."""
        return (text for name in names for content in self.meta.get(name, ()) if (text := tidy(content)))

    def title(self) -> str:
        """Return the text of <title>, or ""."""
        titles = self.elements.get("title", ())
        return tidy(titles[0].text()) if titles else ""

    def headings(self) -> list[str]:
        """Return the texts of the first <h1>, in page order; one longer than headlines are holds the page, no title."""
        if self._headings is None:
            self._headings = list(islice(self._find_headings(), _MOST_HEADINGS))
        return self._headings

    def _find_headings(self) -> Iterator[str]:
        for box in self.layout.boxes:
            if box.tag == "h1":
                lines = self.layout.blocks[box.start : min(box.end, box.start + _MOST_HEADING_LINES)]
                text = " ".join(block.text for block in lines)
                if 0 < len(text) <= LONGEST_HEADING:
                    yield text

    def link(self, rel: str) -> str | None:
        """Return the absolute address of the first <link> with this `rel`, or None."""
        for element in self.elements.get("link", ()):
            attributes = element.attributes
            if attributes.get("href") and rel in (attributes.get("rel") or "").lower().split():
                return self.absolute(attributes["href"] or "")
        return None

    def absolute(self, address: str) -> str | None:
        """Return an address of this page as an absolute http(s) URL, or None."""
        try:
            joined = urljoin(self.base, tidy(address))
        except ValueError:
            return None
        return joined if joined.lower().startswith(("http://", "https://")) else None


def parse(text: str, url: str, selectors: Selectors) -> Page:
    """Parse a page, once; what the outlet's own `remove` finds is out of it from the start.

    Raises:
        ExtractionError: "not-html", there is no element in it; "bad-selector".
    """
    tree = _tree(text)
    selectors.remove(tree)
    data = read_linked_data(script.text() for script in tree.css('script[type*="ld+json" i]'))
    tree.strip_tags(_UNREAD)
    page = Page(
        url=url,
        base=url,
        tree=tree,
        meta={},
        elements={},
        microdata={},
        related={},
        data=data,
        layout=lay_out(tree.root) if tree.root else Layout(),
    )
    for element in tree.css(_ASKED_FOR):
        _file(element, page)
    addresses = {bare_address(address) for address in (url, page.link("canonical"), *page.said("og:url")) if address}
    titles = [*page.said("og:title", "twitter:title"), *page.headings(), page.title()]
    page.node = choose_article(page.data, addresses=addresses, headlines=titles)
    return page


def text_of(element: LexborNode) -> str:
    """Return the text of an element on one line."""
    return one_line(element.text())


def _tree(text: str) -> LexborHTMLParser:
    if "<" not in text:
        raise ExtractionError("not-html", "there is no HTML element in this page. Announce a web page instead.")
    try:
        return LexborHTMLParser(text)
    except (SelectolaxError, ValueError, RuntimeError) as error:
        raise ExtractionError("not-html", f"this page cannot be parsed as HTML: {error}") from error


def _file(element: LexborNode, page: Page) -> None:
    """Put an element where its field will look for it."""
    tag = element.tag or ""
    if tag == "br":
        element.insert_before(" ")  # else `element.text()` joins the words on both sides
        return
    attributes = element.attributes
    if tag == "meta":
        _file_meta(attributes, page.meta)
        return
    page.elements.setdefault(tag, []).append(element)
    if tag == "base" and page.base == page.url and attributes.get("href"):
        page.base = page.absolute(attributes["href"] or "") or page.url
    for name in _words(attributes.get("itemprop")):
        page.microdata.setdefault(name, []).append(element)
    if tag != "link":
        for name in _words(attributes.get("rel")):
            page.related.setdefault(name.lower(), []).append(element)


def _file_meta(attributes: dict[str, str | None], meta: dict[str, list[str]]) -> None:
    content = attributes.get("content")
    if content:
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            for name in _words((attributes.get(attribute) or "").lower()):
                meta.setdefault(name, []).append(content)


def _words(text: str | None) -> Iterable[str]:
    """Each once: a name that stands there a thousand times is one."""
    return dict.fromkeys(text.split()) if text else ()
