"""Where a site announces its news: what its home page says of it, and where else to look. From bytes to candidates.

Requirements:
    Name every address that may be a source, the likeliest first, and ask a stranger's server for as few as possible.

Theory of operation:
    A page names its feeds for machines (<link rel="alternate">) and for people (<a>: told by its address or its type),
    and software names itself: WordPress points to its REST API, in the page or in a Link header. robots.txt names
    sitemaps. Addresses that most sites use are tried only where none of these named anything.
    What an address really holds shows when it is fetched: a page where a feed was promised may list the site's feeds.

Known exceptions:
    Feeds of comments, of one article or of embeddings (oEmbed) are never candidates; nor are feeds of other sites,
    but for those of known feed hosts ("feeds.…", FeedBurner).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

from lxml import html

from crawler.discovery.feeds.jsonfeed import is_json
from crawler.discovery.plain import plain_text
from crawler.discovery.section import base_of, in_frame, parse_page
from crawler.discovery.story_urls import is_furniture, looks_like_story
from crawler.news.source import SourceKind
from crawler.news.urls import host_of, is_home_page, loose_key, same_site

# By how often they were said to work: the usual addresses of WordPress, Hugo, Jekyll, Ghost, Drupal and Blogger.
USUAL_FEEDS = ("/feed/", "/rss.xml", "/feed.xml", "/rss", "/atom.xml", "/index.xml", "/feed.json")
USUAL_SITEMAPS = ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_index.xml", "/sitemap.xml")
LINK = "a link"  # for people; it may lead to a page that lists feeds
MOST_FEEDS = 12  # of one page; some name one for each of a hundred tags
MOST_SECTIONS = 4
MOST_TITLE = 300  # characters of a link's title that are looked at: that of an article, and of its site

# What crawler.discovery.read_feed needs of a post; 50 are one request, and the server sends no articles' texts.
_POSTS = "wp/v2/posts"
_POSTS_QUERY = "per_page=50&_fields=id,guid,link,title,excerpt,date_gmt,modified_gmt"
_API = "https://api.w.org/"

_FEED_TYPES = frozenset(
    ["application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "application/json"]
)
_FEED_PATH = re.compile(
    r"(?:^|/)(?:rss|atom|rdf|feeds?)(?:/|$)"
    r"|(?:rss|atom|feed|rdf)[\w.-]*\.(?:xml|json|php)$"
    r"|\.(?:rss|atom|rdf)$"
)
_FEED_WORDS = frozenset(["rss", "rss2", "atom", "rdf", "feed"])
_COMMENTS = re.compile(
    r"/comments?/(?:feed|rss|atom|default)|feed=(?:comments|rss2?-comments)|/comments\.(?:xml|rss|atom)"
)
_COMMENTS_TITLE = re.compile(
    r"\bcomments?\b.*\bfeed\b|^comments (?:on|for)\b|\bcomments? (?:rss|atom)\b", re.IGNORECASE
)
_LINK_HEADER = re.compile(r'<([^<>]{1,2000})>\s*;[^,<]{0,200}?rel\s*=\s*"?([^",;]{1,200})"?')
_TITLE_END = re.compile(r"\s+[|–—·»:-]\s+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address that may be a source. `named_by` says who named it, for a person: "the page", "robots.txt"."""

    kind: SourceKind
    url: str
    named_by: str


@dataclass(frozen=True, slots=True)
class SiteReading:
    """What a page says of its site.

    Attributes:
        name: what the site calls itself, or None.
        feeds: in the page's order, those for machines first; the WordPress API last.
        sections: pages that its navigation leads to, without furniture and stories.
    """

    name: str | None
    feeds: tuple[Candidate, ...]
    sections: tuple[str, ...]


def read_site(body: bytes, url: str, *, headers: Mapping[str, str] | None = None) -> SiteReading:
    """Return what an HTML page says of where its site announces news.

    Args:
        url: where the body came from.
        headers: of the response; Content-Type's charset and Link count.

    Raises:
        DiscoveryError: "empty", "too-large", "bad-gzip", "too-complex" or "not-html".
    """
    page, known = parse_page(body, url, headers or {}), {name.lower(): value for name, value in (headers or {}).items()}
    base = base_of(page, url)
    feeds = [*_linked(page, base, url), *_anchored(page, base, url)]
    found = [Candidate("feed", feed, by) for feed, by in _once(feeds)][:MOST_FEEDS]
    api = _api(page, base, known.get("link", ""))
    if api and same_site(api, url):
        found.append(Candidate("feed", posts_of(api), "WordPress"))
    return SiteReading(_name(page), tuple(found), tuple(_sections(page, base, url)))


def posts_of(api: str) -> str:
    """Return the address of the newest posts, by the root of a WordPress REST API: "…/wp-json/", "…?rest_route=/"."""
    if "rest_route=" in api:
        return f"{api.rstrip('/')}/{_POSTS}&{_POSTS_QUERY}"
    return f"{api.rstrip('/')}/{_POSTS}?{_POSTS_QUERY}"


def usual(url: str, paths: Iterable[str], kind: SourceKind) -> Iterator[Candidate]:
    """Yield candidates at usual addresses of the site that `url` belongs to."""
    for path in paths:
        yield Candidate(kind, urljoin(url, path), "a guess")


def kind_of(body: bytes) -> SourceKind:
    """Tell by its first words what a body is: a feed, a sitemap, or else a page. Readers judge; this only sorts."""
    start = body[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"\x1f\x8b"):  # feeds are zipped in transfer alone
        return "sitemap"
    if is_json(start):
        return "feed"
    if re.search(rb"<(?:\w+:)?(?:urlset|sitemapindex)\b", start):
        return "sitemap"
    return "feed" if re.search(rb"<(?:rss|feed|rdf:rdf|channel)\b", start) else "page"


def _linked(page: html.HtmlElement, base: str, url: str) -> Iterator[tuple[str, str]]:
    """Yield the feeds that the page names for machines."""
    for link in page.iter("link"):
        rels = (link.get("rel") or "").lower().split()
        kind = (link.get("type") or "").partition(";")[0].strip().lower()
        if not {"alternate", "feed"} & set(rels) or (kind not in _FEED_TYPES and "feed" not in rels):
            continue
        address = _address(link.get("href"), base)
        if address is None or (kind == "application/json" and "wp-json" in address):
            continue  # WordPress names the record of each page as its JSON alternate: no feed
        if _is_of_site(address, url) and not _is_of_comments(address, link.get("title") or ""):
            yield address, "the page"


def _anchored(page: html.HtmlElement, base: str, url: str) -> Iterator[tuple[str, str]]:
    """Yield what looks like a feed among the links for people."""
    for anchor in page.iter("a"):
        kind = (anchor.get("type") or "").lower()
        href = anchor.get("href") or ""
        if not (kind in _FEED_TYPES or _looks_like_feed(href)):
            continue
        address = _address(href, base)
        if address and _is_of_site(address, url) and not _is_of_comments(address, anchor.get("title") or ""):
            yield address, LINK


def _looks_like_feed(href: str) -> bool:
    path, _, query = href[:2_000].strip().lower().partition("#")[0].partition("?")
    asked = (value for name, value in parse_qsl(query) if name in {"feed", "format", "type"})
    return path.startswith("feed:") or _FEED_PATH.search(path) is not None or not _FEED_WORDS.isdisjoint(asked)


def _is_of_comments(address: str, title: str) -> bool:
    return _COMMENTS.search(address.lower()) is not None or _COMMENTS_TITLE.search(title[:MOST_TITLE]) is not None


def _is_of_site(address: str, url: str) -> bool:
    return same_site(address, url) or host_of(address).startswith(("feeds.", "feed.", "rss."))


def _address(href: str | None, base: str) -> str | None:
    """Return the absolute http(s) address, or None."""
    if not href:
        return None
    bare = re.sub(r"^feed:(?://)?(?=https?:)", "", href.strip(), flags=re.IGNORECASE)
    try:
        address = urljoin(base, re.sub(r"^feed://", "http://", bare, flags=re.IGNORECASE)).partition("#")[0]
        host_of(address)
    except ValueError:
        return None
    return address


def _once(found: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    seen = set()
    for address, by in found:
        name = loose_key(address)
        if name not in seen:
            seen.add(name)
            yield address, by


def _api(page: html.HtmlElement, base: str, link_header: str) -> str | None:
    """Return the root of the site's WordPress REST API."""
    for link in page.iter("link"):
        if _API in (link.get("rel") or ""):
            return _address(link.get("href"), base)
    for target, rel in _LINK_HEADER.findall(link_header[:8_000]):
        if rel.strip() == _API:
            return _address(target, base)
    return None


def _name(page: html.HtmlElement) -> str | None:
    """Return the site's own name: og:site_name, else what its title begins or ends with."""
    for meta in page.iter("meta"):
        if meta.get("property") == "og:site_name" and (name := plain_text(meta.get("content"))):
            return name
    title = next(page.iter("title"), None)
    words = plain_text(title.text_content()) if title is not None else None
    return _TITLE_END.split(words)[0] if words else None


def _sections(page: html.HtmlElement, base: str, url: str) -> Iterator[str]:
    """Yield the pages of the same host that the navigation leads to, and that may list stories."""
    seen = {loose_key(url)}
    for anchor in page.iter("a"):
        address = _address(anchor.get("href"), base) if in_frame(anchor) else None
        if address is None or host_of(address) != host_of(url) or loose_key(address) in seen:
            continue
        seen.add(loose_key(address))
        path = unquote(urlsplit(address).path)
        segments = [segment for segment in path.split("/") if segment]
        stands_out = is_home_page(address) or is_furniture(path, segments) or looks_like_story(address, "")
        if 1 <= len(segments) <= 2 and not stands_out:
            yield address
            if len(seen) > 200:
                return
