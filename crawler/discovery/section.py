"""Section pages: the stories that a page of an outlet links to, for outlets without a feed.

Links to other sites, in navigation, and in the page's own header and footer are left out; the rest is judged by
`crawler.discovery.story_urls`. The outlet's own `selectors.links` overrules all of this.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urljoin

from lxml import etree, html
from lxml.cssselect import CSSSelector

from crawler.discovery.body import open_body, refuse_attributes, refuse_tags
from crawler.discovery.charset import page_text
from crawler.discovery.plain import plain_text
from crawler.discovery.story_urls import looks_like_story
from crawler.news.entry import Entry
from crawler.news.errors import DiscoveryError
from crawler.news.urls import canonicalise, is_home_page, same_site

MOST_BYTES = 8_000_000  # front pages have up to 3 MB, most of it scripts
MOST_TAGS = 200_000  # and up to 20,000 tags; 0.8 s and 90 MB
MOST_LINKS = 5_000  # looked at, because each asks all its ancestors; front pages have up to 1,500
MOST_ENTRIES = 200  # front pages of large outlets link 50 to 150 stories

_NAVIGATION = frozenset(["nav", "menu"])
_FRAME = frozenset(["header", "footer"])  # the page's, unless a story or the main part has its own
_CONTENT = frozenset(["article", "main"])
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])


@dataclass(frozen=True, slots=True)
class SectionReading:
    """What one section page announces.

    Attributes:
        entries: story links in the page's order, each once, with the link's words as title and no dates.
        capped: story links left out because there are more than 200.
    """

    entries: tuple[Entry, ...]
    capped: int = 0


@dataclass(slots=True)
class _Link:
    """One address on the page: a picture, a headline and a "read more" may all link to it."""

    url: str
    canonical: str
    text: str = ""
    in_heading: bool = False


def read_section(
    body: bytes, url: str, *, selectors: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
) -> SectionReading:
    """Return the story links of an HTML page. A page without any is an empty reading, not an error.

    Args:
        url: where the body came from; relative links start here or at the page's <base>.
        selectors: the outlet's; "links" is a CSS selector of the story links, or of elements that hold them.
        headers: of the response; Content-Type's charset counts.

    Raises:
        DiscoveryError: "empty", "too-large", "bad-gzip", "too-complex", "not-html" or "bad-selector".
    """
    page = parse_page(body, url, headers or {})
    base, own = base_of(page, url), canonicalise(url)
    selector = (selectors or {}).get("links")
    if selector:
        stories = [link for link in _collect(_selected(page, selector, url), base) if link.canonical != own]
    else:
        links = _collect((anchor for anchor in page.iter("a") if not in_frame(anchor)), base)
        stories = [link for link in links if link.canonical != own and _is_story(link, own)]
    entries = tuple(Entry(url=link.url, title=link.text or None) for link in stories[:MOST_ENTRIES])
    return SectionReading(entries, capped=len(stories) - len(entries))


def parse_page(body: bytes, url: str, headers: Mapping[str, str]) -> html.HtmlElement:
    """Return the root of an HTML page.

    Raises:
        DiscoveryError: "empty", "too-large", "bad-gzip", "too-complex" or "not-html".
    """
    body = open_body(body, url, most_bytes=MOST_BYTES)
    refuse_tags(body, url, most=MOST_TAGS)
    content_type = next((value for name, value in headers.items() if name.lower() == "content-type"), None)
    text = page_text(body, content_type).encode("utf-8", "replace")
    refuse_attributes(text, url)
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True)
    try:
        return html.document_fromstring(text, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise DiscoveryError("not-html", f"{url}: no HTML page: {error}.") from error


def base_of(page: html.HtmlElement, url: str) -> str:
    """Return where relative links start."""
    href = next((str(element.get("href")) for element in page.iter("base") if element.get("href")), "")
    try:
        return urljoin(url, href)
    except ValueError:
        return url


def _selected(page: html.HtmlElement, selector: str, url: str) -> Iterable[html.HtmlElement]:
    """Yield the links that the outlet's selector chooses, or that stand in what it chooses."""
    try:
        chosen = CSSSelector(selector, translator="html")(page)
    except Exception as error:  # cssselect's errors and XPath's have no common family
        raise DiscoveryError("bad-selector", f"{url}: selectors.links {selector!r}: {error}.") from error
    for element in chosen:
        yield from element.iter("a")


def _collect(anchors: Iterable[html.HtmlElement], base: str) -> list[_Link]:
    """Return one link for each address, in the page's order, with the best of its headlines."""
    links: dict[str, _Link] = {}
    for anchor in islice((anchor for anchor in anchors if anchor.get("href")), MOST_LINKS):
        try:
            address = urljoin(base, anchor.get("href").strip()).partition("#")[0]
            canonical = canonicalise(address)
        except ValueError:  # mailto:, javascript:, broken
            continue
        _add_words(links.setdefault(canonical, _Link(address, canonical)), anchor)
    return list(links.values())


def _add_words(link: _Link, anchor: html.HtmlElement) -> None:
    """Give the link this anchor's words where they are better: a heading's, and the longest, are the headline."""
    heading = next(anchor.iter(*_HEADINGS), None)
    in_heading = heading is not None or any(parent.tag in _HEADINGS for parent in anchor.iterancestors())
    text = plain_text((anchor if heading is None else heading).text_content()) or ""
    if (in_heading, len(text)) > (link.in_heading, len(link.text)):
        link.in_heading, link.text = in_heading, text


def in_frame(anchor: html.HtmlElement) -> bool:
    """Tell whether the link belongs to the page's frame: navigation, or a header or footer of the page itself."""
    framed = False
    for parent in anchor.iterancestors():
        if parent.tag in _NAVIGATION or parent.get("role") == "navigation":
            return True
        if parent.tag in _CONTENT:
            return False
        framed |= parent.tag in _FRAME
    return framed


def _is_story(link: _Link, page: str) -> bool:
    return (
        same_site(link.canonical, page)
        and not is_home_page(link.canonical)
        and looks_like_story(link.url, link.text, in_heading=link.in_heading)
    )
