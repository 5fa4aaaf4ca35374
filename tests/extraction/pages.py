"""Short pages for the tests of single fields."""

import json

from crawler.extraction.page import Page, parse
from crawler.extraction.selectors import Selectors

URL = "https://www.tidewatch.example/2026/lock"


def page(head: str = "", body: str = "", *, url: str = URL, lang: str = "en") -> Page:
    """Return a page with this in its head and body."""
    markup = f'<html lang="{lang}"><head>{head}</head><body>{body}</body></html>'
    return parse(markup, url, Selectors(None))


def linked(*nodes: dict[str, object], **fields: object) -> str:
    """Return a JSON-LD block: of these nodes, or of a NewsArticle with these fields."""
    graph = {"@graph": nodes} if nodes else {"@type": "NewsArticle", **fields}
    return f'<script type="application/ld+json">{json.dumps(graph)}</script>'


def meta(**contents: str) -> str:
    """Return <meta> elements; og_title stands for og:title."""
    return "".join(
        f'<meta property="{name.replace("_", ":", 1)}" content="{content}">' for name, content in contents.items()
    )
