"""The smaller facts of a page: description, section, keywords, publisher, access, breadcrumbs."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from selectolax.lexbor import LexborNode

from crawler.extraction.jsonld import Node
from crawler.extraction.page import Page, text_of
from crawler.extraction.text import fold, one_line, tidy
from crawler.news.article import Breadcrumb

_MAX_KEYWORDS = 50
_MAX_CLAIMS = 20
_MAX_CRUMBS = 20
_MAX_ITEMS = 20
_TRAIL = "[class*=breadcrumb i], [aria-label*=breadcrumb i]"
_MAX_TRAILS = 5
_LONGEST_KEYWORD = 100
_LONGEST_SUMMARY = 1_000  # longer ones are the article
_COMMA = re.compile(r"[,;，、]")
_TAG = re.compile(r"<[^<>]{0,200}>")
_CUT = ("…", "...", "[...]", "[…]")
_BOOLEANS = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}
_TIERS = {"free": True, "locked": False, "paid": False, "premium": False}  # Facebook's article:content_tier


def read_description(page: Page) -> str | None:
    """Return what the outlet gives as a summary or standfirst, or None.

    The site's own slogan and a mere repetition of the title are none. Of a cut one ("The lock will be...") and a whole
    one that begins like it, the whole one is returned.
    """
    sites = page.data.of_type("NewsMediaOrganization", "Organization", "WebSite")
    no_summaries = {fold(text) for site in sites for text in page.data.texts(site.get("description"))}
    no_summaries |= {fold(text) for text in (*islice(page.said("og:title", "og:site_name"), _MAX_CLAIMS), page.title())}
    claims = [*page.said("og:description"), *page.data.texts(page.node.get("description"))]
    claims += page.said("description", "twitter:description")
    texts = [
        text for claim in claims[:_MAX_CLAIMS] if (text := _without_tags(claim)) and fold(text) not in no_summaries
    ]
    return _whole(texts[0], texts[1:]) if texts else None


def read_publisher(page: Page) -> str | None:
    """Return the outlet's name as the page gives it, or None."""
    claims = [*page.data.texts(page.node.get("publisher")), *page.said("og:site_name")]
    organisations = page.data.of_type("NewsMediaOrganization", "Organization", "WebSite")
    claims += [name for node in organisations if (name := page.data.text(node.get("name")))]
    return next(iter([*claims, *_microdata(page, "publisher"), *page.said("application-name")]), None)


def read_section(page: Page, breadcrumbs: Sequence[Breadcrumb] = ()) -> str | None:
    """Return the section that the article stands in, or None.

    Args:
        breadcrumbs: the page's path; its last step but home and the article itself, where nothing else tells it. Last
            comes the first link that WordPress marks as a category (`rel="category tag"`).
    """
    claims = [*page.data.texts(page.node.get("articleSection")), *page.said("article:section", "articlesection")]
    claims += [*_microdata(page, "articleSection"), *page.said("parsely-section")]
    titles = {fold(text) for text in (*page.said("og:title"), *page.headings()[:5])}
    steps = [crumb.name for crumb in breadcrumbs[1:] if crumb.name and crumb.url and fold(crumb.name) not in titles]
    filed = (
        text for link in page.related.get("category", ())[:_MAX_CLAIMS] if (text := text_of(link)[:_LONGEST_KEYWORD])
    )
    return next(iter([*claims, *steps[-1:]]), None) or next(filed, None)


def read_keywords(page: Page) -> list[str]:
    """Return the outlet's own keywords, without repeats: of the first that has any, JSON-LD, <meta>, links to tags."""
    sources: tuple[Iterable[str], ...] = (
        page.data.texts(page.node.get("keywords")),
        page.said("article:tag"),
        page.said("news_keywords"),
        page.said("keywords"),
        _microdata(page, "keywords"),
        (text_of(link) for link in page.related.get("tag", ())[:_MAX_KEYWORDS] if not _is_category(link)),
    )
    for source in sources:
        texts = islice(source, _MAX_KEYWORDS)
        words = {fold(word): word for text in texts for part in _COMMA.split(text) if (word := tidy(part))}
        if words:
            return [word for word in words.values() if len(word) <= _LONGEST_KEYWORD][:_MAX_KEYWORDS]
    return []


def _is_category(link: LexborNode) -> bool:
    return "category" in (link.attributes.get("rel") or "").lower()


def read_access(page: Page) -> bool | None:
    """Return whether everybody may read it, as the page says; None if it does not say.

    A paywalled page says so of itself or of its part that is behind the wall (`hasPart`, as Google asks for it).
    """
    nodes = [page.node, *page.data.nodes_of(page.node.get("hasPart"))]
    values = [value for node in nodes for value in page.data.resolve(node.get("isAccessibleForFree"))]
    for value in (*values, *page.said("isaccessibleforfree")):
        word = str(value).strip().lower().rpartition("/")[2]  # also "https://schema.org/False"
        if word in _BOOLEANS:
            return _BOOLEANS[word]
    return next((_TIERS[tier] for text in page.said("article:content_tier") if (tier := text.lower()) in _TIERS), None)


def read_breadcrumbs(page: Page) -> list[Breadcrumb]:
    """Return the page's own path, outermost first."""
    for node in islice(page.data.of_type("BreadcrumbList"), _MAX_CRUMBS):
        items = page.data.nodes_of(node.get("itemListElement"))[:_MAX_CRUMBS]
        crumbs = [_crumb(page, item) for item in sorted(items, key=_position)]
        if crumbs:
            return crumbs
    return list(_visible_crumbs(page))


def _microdata(page: Page, name: str) -> Iterator[str]:
    """Yield the texts of an itemprop: of an item, its name."""
    for element in page.microdata.get(name, ())[:_MAX_ITEMS]:
        is_item = "itemscope" in element.attributes
        source = element.css_first('[itemprop~="name"]') if is_item else element
        if source is not None and (text := tidy(source.attributes.get("content")) or text_of(source)):
            yield text[:_LONGEST_KEYWORD]


def _without_tags(text: str) -> str:
    return one_line(_TAG.sub(" ", text)) if "<" in text else text


def _whole(text: str, others: Iterable[str]) -> str:
    """Return the shortest of the others that goes on where this text is cut, or the text itself."""
    if not text.endswith(_CUT):
        return text
    start = text.rstrip(".… ")
    whole = (other for other in others if len(text) < len(other) <= _LONGEST_SUMMARY and not other.endswith(_CUT))
    longer = (other for other in whole if other.startswith(start))
    return min(longer, key=len, default=text)


def _crumb(page: Page, item: Node) -> Breadcrumb:
    urls = page.data.urls(item.get("item")) or page.data.urls(item.get("url"))
    name = page.data.text(item.get("name")) or next(
        (text for node in page.data.nodes_of(item.get("item")) if (text := page.data.text(node.get("name")))), None
    )
    return Breadcrumb(name=name or None, url=page.absolute(urls[0]) if urls else None)


def _position(item: Node) -> float:
    try:
        return float(item.get("position", 0))
    except (TypeError, ValueError, OverflowError):
        return 0.0


def _visible_crumbs(page: Page) -> Iterator[Breadcrumb]:
    """Yield the links of what calls itself the path; not of a whole page that has a class for having one."""
    trails = (element.css("a") for element in page.tree.css(_TRAIL)[:_MAX_TRAILS])
    for link in next((links for links in trails if 0 < len(links) <= _MAX_CRUMBS), ()):
        if name := text_of(link):
            yield Breadcrumb(name=name, url=page.absolute(link.attributes.get("href") or ""))
