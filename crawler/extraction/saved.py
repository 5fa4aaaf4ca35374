"""Of a page that was saved to a file: which address does it say it has?"""

from crawler.extraction.decode import decode
from crawler.extraction.hazards import refuse_costly
from crawler.extraction.page import parse
from crawler.extraction.selectors import Selectors
from crawler.news.errors import UrlError
from crawler.news.urls import canonicalise

NOWHERE = "https://saved-page.invalid/article"
"""The address of a page that names none (RFC 2606: .invalid is no host's)."""


def own_address(body: bytes) -> str | None:
    """Return the absolute address that a page names as its own by rel=canonical or og:url, or None.

    Raises:
        ExtractionError: the page cannot be read at all.
    """
    text = decode(body, None)
    refuse_costly(text)
    page = parse(text, NOWHERE, Selectors(None))
    named = [page.link("canonical"), *map(page.absolute, page.said("og:url"))]
    return next((url for url in named if url and _is_elsewhere(url)), None)


def _is_elsewhere(url: str) -> bool:
    """Tell whether it is an address, and not one relative to nowhere."""
    try:
        return not canonicalise(url).startswith("https://saved-page.invalid")
    except UrlError:
        return False
