"""What scripted servers say."""

from collections.abc import Mapping
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
    link = slug if "://" in slug else f"/story/{slug}"
    return f"<item><title>{escape(slug)}</title><link>{escape(link)}</link>{dated}</item>"


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
