"""An outlet's own CSS selectors, which overrule what extraction finds: body, headline, authors, date, remove."""

from cssselect import SelectorError
from lxml.cssselect import CSSSelector
from lxml.etree import XPathError
from lxml.html import HtmlElement

from crawler.extraction.page import Page, text_of
from crawler.extraction.text import tidy
from crawler.news.errors import ExtractionError


class Selectors:
    """The selectors of one outlet, applied to one page."""

    def __init__(self, page: Page, selectors: dict[str, str] | None) -> None:
        self._root = page.root
        self._selectors = selectors or {}

    def elements(self, field: str) -> list[HtmlElement]:
        """Return the elements that the field's selector finds, [] without one.

        Raises:
            ExtractionError: "bad-selector", it is not valid CSS.
        """
        selector = self._selectors.get(field)
        if not selector:
            return []
        try:
            return list(CSSSelector(selector, translator="html")(self._root))
        except (SelectorError, XPathError) as error:
            raise ExtractionError(
                "bad-selector",
                f"selectors.{field}: {selector!r} is not a CSS selector ({error}). Correct it in the watchlist.",
            ) from error

    def texts(self, field: str) -> list[str]:
        """Return their texts; of <time> and <meta> the machine-readable value."""
        return [text for element in self.elements(field) if (text := _value(element))]

    def remove(self) -> None:
        """Take out of the page what `remove` finds."""
        for element in self.elements("remove"):
            if element.getparent() is not None:
                element.drop_tree()


def _value(element: HtmlElement) -> str:
    return tidy(element.get("datetime") or element.get("content")) or text_of(element)
