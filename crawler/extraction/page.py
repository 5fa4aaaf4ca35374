"""A page after its one parse: the tree, and what it says of itself in its head.

Everything else in this room reads a `Page`. The tree is shared: whoever changes it (the body engine prunes) comes last.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from crawler.extraction.jsonld import LinkedData, Node, bare_address, choose_article, read_linked_data
from crawler.extraction.text import tidy
from crawler.news.errors import ExtractionError
from crawler.news.markup import MOST_ATTRIBUTES, crowded_tag

_MARKUP = re.compile(r"<[a-zA-Z!?/]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # XML 1.0 knows none of them, and trafilatura gives up on one
_DEEP = "Excessive depth"


@dataclass(slots=True)
class Page:
    """One parsed page.

    Attributes:
        url: the address that it was fetched from; relative links are resolved against `base`.
        meta: contents of <meta> by lower-cased property, name or itemprop, in page order.
        microdata: elements by their `itemprop`, outside any <meta>.
        data: all JSON-LD; `node` is the article's own, empty if there is none.
        too_deep: the parser cut the page off at 256 nested elements (the deepest of 584 real pages has 138).
    """

    url: str
    base: str
    root: HtmlElement
    meta: dict[str, list[str]]
    microdata: dict[str, list[HtmlElement]]
    data: LinkedData
    node: Node = field(default_factory=dict)
    too_deep: bool = False

    def said(self, *names: str) -> Iterator[str]:
        """Yield the tidy, non-empty contents of these <meta>, in the order of the names."""
        return (text for name in names for content in self.meta.get(name, ()) if (text := tidy(content)))

    def title(self) -> str:
        """Return the text of <title>, or ""."""
        return tidy(self.root.findtext(".//head/title") or self.root.findtext(".//title"))

    def headings(self) -> list[str]:
        """Return the texts of the <h1>, in page order, empty ones left out."""
        return [text for element in self.root.iter("h1") if (text := text_of(element))]

    def link(self, rel: str) -> str | None:
        """Return the absolute address of the first <link> with this `rel`, or None."""
        for element in self.root.iter("link"):
            if rel in (element.get("rel") or "").lower().split() and element.get("href"):
                return self.absolute(element.get("href", ""))
        return None

    def absolute(self, address: str) -> str | None:
        """Return an address of this page as an absolute http(s) URL, or None."""
        try:
            joined = urljoin(self.base, tidy(address))
        except ValueError:
            return None
        return joined if joined.lower().startswith(("http://", "https://")) else None


def parse(text: str, url: str) -> Page:
    """Parse a page, once.

    Raises:
        ExtractionError: "not-html", there is no element in it; "too-large", a tag has over 1,000 attributes.
    """
    root, too_deep = _tree(text)
    meta = _metadata(root)
    page = Page(
        url=url,
        base=_base(root, url),
        root=root,
        meta=meta,
        microdata=_microdata(root),
        data=read_linked_data(_linked_data_blocks(root)),
        too_deep=too_deep,
    )
    addresses = {bare_address(address) for address in (url, page.link("canonical"), *page.said("og:url")) if address}
    titles = [*page.said("og:title", "twitter:title"), *page.headings(), page.title()]
    page.node = choose_article(page.data, addresses=addresses, headlines=titles)
    return page


def text_of(element: HtmlElement) -> str:
    """Return the text of an element on one line."""
    return tidy("".join(element.itertext()))


def _tree(text: str) -> tuple[HtmlElement, bool]:
    if not _MARKUP.search(text):
        raise ExtractionError("not-html", "there is no HTML element in this page. Announce a web page instead.")
    # Encoded again, because libxml2 refuses a str whose prolog declares an encoding.
    markup = _CONTROL.sub("", text).encode("utf-8", "replace")
    _refuse_attributes(markup)
    parser = HTMLParser(
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
        default_doctype=False,
    )
    try:
        root = document_fromstring(markup, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise ExtractionError("not-html", f"this page cannot be parsed as HTML: {error}") from error
    return root, any(_DEEP in entry.message for entry in parser.error_log)


def _refuse_attributes(markup: bytes) -> None:
    crowd = crowded_tag(markup)
    if crowd:
        raise ExtractionError(
            "too-large",
            f"a tag with {crowd:,} attributes, an article's have at most {MOST_ATTRIBUTES:,}. "
            "Announce the article instead.",
        )


def _base(root: HtmlElement, url: str) -> str:
    element = root.find(".//base[@href]")
    try:
        return urljoin(url, tidy(element.get("href"))) if element is not None else url
    except ValueError:
        return url


def _metadata(root: HtmlElement) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        content = element.get("content")
        if content:
            for attribute in ("property", "name", "itemprop", "http-equiv"):
                for name in _names(element.get(attribute)):
                    found.setdefault(name, []).append(content)
    return found


def _names(text: str | None) -> Iterable[str]:
    """Each once: a name that stands there a thousand times is one."""
    return dict.fromkeys((text or "").lower().split())


def _microdata(root: HtmlElement) -> dict[str, list[HtmlElement]]:
    found: dict[str, list[HtmlElement]] = {}
    for element in root.iterfind(".//*[@itemprop]"):
        if element.tag != "meta":
            for name in dict.fromkeys(element.get("itemprop", "").split()):
                found.setdefault(name, []).append(element)
    return found


def _linked_data_blocks(root: HtmlElement) -> Iterator[str]:
    for element in root.iter("script"):
        if "ld+json" in (element.get("type") or "").lower() and element.text:
            yield element.text
