"""When the article was published and modified, as the page claims it.

*Requirements.* `datePublished` is never filled from a modification date: a false date makes a false alert. The
raw text is kept beside the parsed instant.

*Theory of operation.* Evidence in the order of what it is worth: JSON-LD of the article, <meta>, microdata, <time> in
the article, the feed's own claim, the date in the URL. The first that parses wins. Where all are silent, htmldate looks
through the visible text: of 101 such development pages it dates 62 right and 10 wrong.

*Known exceptions.* A day found by htmldate that is also the claimed modification day is dropped; it may be either.
"""

import re
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime

from htmldate import find_date
from lxml.html import HtmlElement

from crawler.extraction.page import Page, text_of
from crawler.extraction.text import tidy
from crawler.news.dates import parse_date
from crawler.news.entry import Entry

_PUBLISHED_META = (
    "article:published_time",
    "article:published",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dcterms.date",
    "dc.date.created",
    "dc.date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "publication_date",
    "date.release",
    "datecreated",
    "cxenseparse:recs:publishtime",
    "article.published",
    "article_date_original",
    "originalpublicationdate",
    "date",
)
_MODIFIED_META = (
    "article:modified_time",
    "article:modified",
    "datemodified",
    "og:updated_time",
    "dcterms.modified",
    "lastmod",
)
_ASIDE = frozenset({"aside", "nav", "footer", "li"})
_MODIFIED_HINT = re.compile(r"modif|updat|aktualis|actuali|mise-a-jour", re.IGNORECASE)
_URL_DATE = re.compile(r"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?=[/-])")
_URL_DATE_COMPACT = re.compile(r"(?<!\d)((?:20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")


@dataclass(frozen=True, slots=True)
class Dates:
    """Claims of the outlet, aware UTC, each with the text that it was read from."""

    published: datetime | None = None
    published_raw: str | None = None
    modified: datetime | None = None
    modified_raw: str | None = None


def read_dates(page: Page, *, now: datetime, entry: Entry | None, selected: list[str]) -> Dates:
    """Return the page's dates. `selected` is what the outlet's own date selector found; it overrules."""
    published, published_raw = _first_date([*selected, *_published_claims(page)], now)
    if published is None and entry is not None and entry.published is not None:
        published, published_raw = entry.published, entry.published.isoformat()
    if published is None:
        published, published_raw = _first_date(_dates_in_url(page.url), now)
    modified, modified_raw = _first_date(_modified_claims(page), now)
    if published is None:
        published, published_raw = _first_date(_visible_day(page), now)
        if published and modified and published.date() == modified.date():
            published, published_raw = None, None
    return Dates(published, published_raw, modified, modified_raw)


def _first_date(claims: Iterable[str], now: datetime) -> tuple[datetime | None, str | None]:
    for raw in claims:
        if raw and (parsed := parse_date(raw, now=now)) is not None:
            return parsed, raw
    return None, None


def _published_claims(page: Page) -> Iterator[str]:
    yield from page.data.texts(page.node.get("datePublished"))
    yield from page.said(*_PUBLISHED_META)
    yield from (_moment(element) for element in page.microdata.get("datePublished", ()))
    yield from page.data.texts(page.node.get("dateCreated"))
    yield from _times(page)
    for node in page.data.of_type("WebPage"):
        yield from page.data.texts(node.get("datePublished"))


def _modified_claims(page: Page) -> Iterator[str]:
    yield from page.data.texts(page.node.get("dateModified"))
    yield from page.said(*_MODIFIED_META)
    yield from (_moment(element) for element in page.microdata.get("dateModified", ()))


def _moment(element: HtmlElement) -> str:
    return tidy(element.get("datetime") or element.get("content")) or text_of(element)


def _times(page: Page) -> Iterator[str]:
    """Yield the <time> elements that are the article's own: not in a side box or list, not said to be an update."""
    for element in page.root.iter("time"):
        hints = " ".join((element.get("class") or "", element.get("itemprop") or ""))
        if not _MODIFIED_HINT.search(hints) and not any(parent.tag in _ASIDE for parent in element.iterancestors()):
            yield _moment(element)


def _visible_day(page: Page) -> Iterator[str]:
    """Yield the day that htmldate finds outside scripts: it would read the JSON-LD of other articles, too."""
    visible = deepcopy(page.root)
    for element in list(visible.iter("script", "style")):
        element.drop_tree()
    yield find_date(visible, original_date=True, extensive_search=False) or ""


def _dates_in_url(url: str) -> Iterator[str]:
    for pattern in (_URL_DATE, _URL_DATE_COMPACT):
        for match in pattern.finditer(url):
            year, month, day = match.groups()
            yield f"{year}-{int(month):02}-{int(day):02}"
