"""An outlet's own CSS selectors, which overrule what extraction finds: body, headline, authors, date, remove."""

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from crawler.extraction.text import one_line, tidy
from crawler.news.errors import ExtractionError

_NO_SELECTOR = (SelectolaxError, ValueError)  # the latter: half a surrogate pair, which no encoding can write


def is_selector(text: str) -> bool:
    """Tell whether the CSS engine takes a text for a selector.

    It is Lexbor: CSS selectors level 4, `:is()`, `:has()`, `:not()` and `:nth-child(2 of p)` among them; no
    pseudo-elements (`::text`), no `:contains()`, `:scope` or `:lang()`.
    """
    try:
        LexborHTMLParser("<p>").css(text)
    except _NO_SELECTOR:
        return False
    return True


class Selectors:
    """The selectors of one outlet, by field."""

    def __init__(self, selectors: dict[str, str] | None) -> None:
        self._selectors = selectors or {}

    def elements(self, tree: LexborHTMLParser, field: str) -> list[LexborNode]:
        """Return the elements that the field's selector finds, [] without one.

        Raises:
            ExtractionError: "bad-selector", it is not valid CSS.
        """
        selector = self._selectors.get(field)
        if not selector:
            return []
        try:
            return tree.css(selector)
        except _NO_SELECTOR as error:
            raise ExtractionError(
                "bad-selector", f"selectors.{field}: {selector!r} is not a CSS selector. Correct it in the watchlist."
            ) from error

    def texts(self, tree: LexborHTMLParser, field: str) -> list[str]:
        """Return their texts; of <time> and <meta> the machine-readable value."""
        return [text for element in self.elements(tree, field) if (text := _value(element))]

    def remove(self, tree: LexborHTMLParser) -> None:
        """Take out of the page what `remove` finds, and what stands in it."""
        for element in self.elements(tree, "remove"):
            if element.parent is not None and element.tag != "html":  # a class of <html> is no reason to lose the page
                element.remove()


def _value(element: LexborNode) -> str:
    attributes = element.attributes
    return tidy(attributes.get("datetime") or attributes.get("content")) or one_line(element.text())
