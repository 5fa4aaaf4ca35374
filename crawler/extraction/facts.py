"""The smaller facts of a page: description, section, keywords, publisher, access, breadcrumbs."""

from collections.abc import Iterable, Iterator

from crawler.extraction.jsonld import Node
from crawler.extraction.page import Page, text_of
from crawler.extraction.text import fold, tidy
from crawler.news.article import Breadcrumb

_MAX_KEYWORDS = 50
_TIERS = {"free": True, "locked": False, "paid": False, "premium": False}  # Facebook's article:content_tier


def read_description(page: Page) -> str | None:
    """Return what the outlet gives as a summary or standfirst, or None."""
    claims = [*page.said("og:description"), *page.data.texts(page.node.get("description"))]
    return next(iter([*claims, *page.said("description", "twitter:description")]), None)


def read_publisher(page: Page) -> str | None:
    """Return the outlet's name as the page gives it, or None."""
    claims = [*page.data.texts(page.node.get("publisher")), *page.said("og:site_name")]
    organisations = page.data.of_type("NewsMediaOrganization", "Organization", "WebSite")
    claims += [name for node in organisations if (name := page.data.text(node.get("name")))]
    return next(iter([*claims, *page.said("application-name")]), None)


def read_section(page: Page) -> str | None:
    """Return the section that the article stands in, or None."""
    return next(iter([*page.data.texts(page.node.get("articleSection")), *page.said("article:section")]), None)


def read_keywords(page: Page) -> list[str]:
    """Return the outlet's own keywords, without repeats."""
    sources: tuple[Iterable[str], ...] = (
        page.data.texts(page.node.get("keywords")),
        page.said("article:tag"),
        page.said("news_keywords"),
        page.said("keywords"),
    )
    for source in sources:
        words = {fold(word): word for text in source for part in text.split(",") if (word := tidy(part))}
        if words:
            return list(words.values())[:_MAX_KEYWORDS]
    return []


def read_access(page: Page) -> bool | None:
    """Return whether everybody may read it, as the page says; None if it does not say."""
    for value in page.data.resolve(page.node.get("isAccessibleForFree")):
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value.strip().lower() in ("true", "false"):
            return value.strip().lower() == "true"
    return next((_TIERS[tier] for text in page.said("article:content_tier") if (tier := text.lower()) in _TIERS), None)


def read_breadcrumbs(page: Page) -> list[Breadcrumb]:
    """Return the page's own path, outermost first."""
    for node in page.data.of_type("BreadcrumbList"):
        crumbs = [_crumb(page, item) for item in sorted(page.data.nodes_of(node.get("itemListElement")), key=_position)]
        if crumbs:
            return crumbs
    return list(_visible_crumbs(page))


def _crumb(page: Page, item: Node) -> Breadcrumb:
    urls = page.data.urls(item.get("item")) or page.data.urls(item.get("url"))
    name = page.data.text(item.get("name")) or next(
        (text for node in page.data.nodes_of(item.get("item")) if (text := page.data.text(node.get("name")))), None
    )
    return Breadcrumb(name=name or None, url=page.absolute(urls[0]) if urls else None)


def _position(item: Node) -> float:
    try:
        return float(item.get("position", 0))
    except (TypeError, ValueError):
        return 0.0


def _visible_crumbs(page: Page) -> Iterator[Breadcrumb]:
    trails = page.root.xpath(
        "(.//nav | .//ol | .//ul)[contains(@aria-label, 'readcrumb') or contains(@class, 'readcrumb')]"
    )
    for link in trails[0].iter("a") if trails else ():
        if name := text_of(link):
            yield Breadcrumb(name=name, url=page.absolute(link.get("href") or ""))
