"""Which URL is the article's identity, and of which other page it says to be a copy.

`rel=canonical` on the page's own site is the identity. On another site it says where the text comes from: that is
`isBasedOn`, never the identity, else a copy would vanish into its original. One that points at the home page is a
template's mistake and is ignored. Both results are spelled by `canonicalise`, scheme included: where http and https
differ, the page's own canonical link decides.
"""

from dataclasses import dataclass

from crawler.extraction.page import Page
from crawler.news.errors import UrlError
from crawler.news.urls import canonicalise, is_home_page, same_site


@dataclass(frozen=True, slots=True)
class Address:
    """`canonical`: the article's identity. `based_on`: the original elsewhere that the page names, or None."""

    canonical: str
    based_on: str | None = None


def read_address(page: Page, canonical_url: str) -> Address:
    """Return the identity of a page.

    Args:
        canonical_url: the fetched URL, canonicalised.
    """
    claimed = _canonical_or_none(page.link("canonical"))
    if claimed is None or (is_home_page(claimed) and not is_home_page(canonical_url)):
        return Address(canonical_url, _original(page, canonical_url))
    if same_site(claimed, canonical_url):
        return Address(claimed, _original(page, canonical_url))
    return Address(canonical_url, based_on=claimed)


def _original(page: Page, canonical_url: str) -> str | None:
    """Return the JSON-LD's `isBasedOn` where it is another site's article."""
    for url in page.data.urls(page.node.get("isBasedOn")):
        claimed = _canonical_or_none(url)
        if claimed and not is_home_page(claimed) and not same_site(claimed, canonical_url):
            return claimed
    return None


def _canonical_or_none(url: str | None) -> str | None:
    try:
        return canonicalise(url) if url else None
    except UrlError:
        return None
