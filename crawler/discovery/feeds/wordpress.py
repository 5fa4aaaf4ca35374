"""WordPress' REST API as a source: `/wp-json/wp/v2/posts`, an array of posts, and how to ask for few of them.

Its dates in GMT carry no zone, which `crawler.news.dates` takes for UTC; those of the site's own clock are not used.
https://developer.wordpress.org/rest-api/reference/posts/
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from crawler.discovery.feeds.claims import Claims

_ROUTE = "/wp/v2/posts"
_MARGIN = timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def poll_address(url: str, newest_ms: int) -> str:
    """Return the address to poll: of WordPress' posts only those after the newest known, less a day; else unchanged.

    The day is for posts that appear late under an earlier date, and for old WordPress (before 5.3), which compares
    with the site's own clock. Rounded down to the hour, the address stays the same for a while, and caches work.
    A post that appears under a date more than a day before the newest is missed; feeds and sitemaps have it.

    Args:
        newest_ms: the newest date that the source has announced, Unix milliseconds; 0: none is known.
    """
    if newest_ms <= 0 or not is_posts_address(url):
        return url
    address = urlsplit(plain_address(url))
    after = (_EPOCH + timedelta(milliseconds=newest_ms) - _MARGIN).replace(minute=0, second=0, microsecond=0)
    query = f"after={after:%Y-%m-%dT%H:%M:%SZ}"
    return address._replace(query=f"{address.query}&{query}" if address.query else query).geturl()


def plain_address(url: str) -> str:
    """Return an address of posts without the date after which they are asked for; any other as it is."""
    if not is_posts_address(url):
        return url
    address = urlsplit(url)
    return address._replace(query="&".join(p for p in address.query.split("&") if not p.startswith("after="))).geturl()


def is_posts_address(url: str) -> bool:
    """Tell whether the address is that of a site's posts, in its usual form or in that of sites without permalinks."""
    try:
        address = urlsplit(url)
    except ValueError:  # a broken IPv6 address
        return False
    route = dict(parse_qsl(address.query)).get("rest_route", "")
    return route.rstrip("/") == _ROUTE or unquote(address.path).rstrip("/").endswith("/wp-json" + _ROUTE)


def is_posts(posts: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether any of these objects looks like a post."""
    return any(
        isinstance(post.get("link"), str) and not {"title", "guid", "date_gmt"}.isdisjoint(post) for post in posts
    )


def post_claims(post: Mapping[str, Any]) -> Claims:
    """Take an entry from a post."""
    identity = post.get("id")
    return Claims(
        link=_rendered(post, "link"),
        id=_rendered(post, "guid") or (identity if isinstance(identity, str) else None),
        title=_rendered(post, "title"),
        summary=_rendered(post, "excerpt") or _rendered(post, "content"),
        published=_rendered(post, "date_gmt"),
        updated=_rendered(post, "modified_gmt"),
        authors=list(_authors(post)),
    )


def _rendered(post: Mapping[str, Any], name: str) -> str | None:
    """Return a field's text, which WordPress wraps in an object and some plugins unwrap."""
    value = post.get(name)
    if isinstance(value, dict):
        value = value.get("rendered")
    return value if isinstance(value, str) else None


def _authors(post: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names that stand in the answer where the address asks for `_embed`; else there are numbers alone."""
    embedded = post.get("_embedded")
    authors = embedded.get("author") if isinstance(embedded, dict) else None
    for author in authors if isinstance(authors, list) else ():
        name = author.get("name") if isinstance(author, dict) else None
        if isinstance(name, str):
            yield name
