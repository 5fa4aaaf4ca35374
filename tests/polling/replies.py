"""What scripted servers say."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from email.utils import format_datetime
from xml.sax.saxutils import escape

from crawler.newsroom.messages import Reply

RSS = "application/rss+xml; charset=utf-8"


def feed(*stories: str, dates: Mapping[str, datetime] | None = None, channel: str = "", **headers: str) -> Reply:
    """An RSS feed that announces these stories: slugs, or whole addresses.

    Args:
        dates: when they were published; who is not named has no date.
        channel: what else the channel holds, as XML.
        headers: with "_" for "-": cache_control="max-age=60".
    """
    items = "".join(_item(slug, (dates or {}).get(slug)) for slug in stories)
    body = f'<rss version="2.0" {NAMESPACES}><channel><title>Scripted</title>{channel}{items}</channel></rss>'
    return Reply(200, {"Content-Type": RSS} | _named(headers), body.encode())


NAMESPACES = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'


def _item(slug: str, date: datetime | None) -> str:
    dated = f"<pubDate>{format_datetime(date, usegmt=True)}</pubDate>" if date else ""
    return f"<item><title>{escape(slug)}</title><link>{escape(_link(slug))}</link>{dated}</item>"


def _link(slug: str) -> str:
    return slug if "://" in slug else f"/story/{slug}"


def sitemap(*stories: str, dates: Mapping[str, datetime] | None = None, **headers: str) -> Reply:
    """A sitemap that names these stories; what stands for what is as in `feed`."""
    return _urls("urlset", "url", map(_link, stories), list(map((dates or {}).get, stories)), headers)


def index(*sitemaps: str, **headers: str) -> Reply:
    """A sitemap index that names these addresses."""
    return _urls("sitemapindex", "sitemap", sitemaps, [None] * len(sitemaps), headers)


def _urls(
    root: str, element: str, links: Iterable[str], dates: Iterable[datetime | None], headers: Mapping[str, str]
) -> Reply:
    named = "".join(f"<{element}>{_loc(link, date)}</{element}>" for link, date in zip(links, dates, strict=True))
    body = f'<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{named}</{root}>'
    return Reply(200, {"Content-Type": "application/xml"} | _named(headers), body.encode("ascii", "xmlcharrefreplace"))


def _loc(link: str, date: datetime | None) -> str:
    return f"<loc>{escape(link)}</loc>" + (f"<lastmod>{date.isoformat()}</lastmod>" if date else "")


def section(*stories: str, **headers: str) -> Reply:
    """A section page that links to these stories."""
    links = "".join(f'<li><h3><a href="{_link(slug)}">{slug.replace("-", " ")}</a></h3></li>' for slug in stories)
    body = f"<!doctype html><title>News</title><main><ul>{links}</ul></main>"
    return Reply(200, {"Content-Type": "text/html; charset=utf-8"} | _named(headers), body.encode())


def posts(dates: Mapping[str, datetime]) -> Reply:
    """What WordPress answers: these stories, published then."""
    listed = [_post(slug, date) for slug, date in dates.items()]
    return Reply(200, {"Content-Type": "application/json; charset=UTF-8"}, json.dumps(listed).encode())


def _post(slug: str, date: datetime) -> dict[str, object]:
    return {"link": _link(slug), "title": {"rendered": slug}, "date_gmt": f"{date:%Y-%m-%dT%H:%M:%S}"}


def not_modified(**headers: str) -> Reply:
    """A 304."""
    return Reply(304, _named(headers))


def status(code: int, **headers: str) -> Reply:
    """A status with a word of explanation."""
    return Reply(code, {"Content-Type": "text/plain"} | _named(headers), f"{code}\n".encode())


def moved(code: int, url: str) -> Reply:
    """A redirect."""
    return status(code, location=url)


def page(text: str = "We are oiling the presses.") -> Reply:
    """A web page, with status 200."""
    return Reply(200, {"Content-Type": "text/html"}, f"<!doctype html><title>Soon</title><p>{text}</p>".encode())


def seconds(span: timedelta) -> str:
    """A span as Retry-After and max-age have it."""
    return f"{span.total_seconds():.0f}"


def http_date(at: datetime) -> str:
    """A moment as headers have it."""
    return format_datetime(at, usegmt=True)


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-").title(): value for name, value in headers.items()}
