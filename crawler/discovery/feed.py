"""RSS and Atom: from the bytes of a feed to its entries.

Requirements:
    Whatever a server sends ends in entries or in one `DiscoveryError`, within 2 s of CPU and 300 MB. No entry is lost
    silently: those over the cap are counted.

Theory of operation:
    feedparser 6.0.14 reads what no faster parser reads (a bare "&", an unclosed <br>, a wrong encoding), at costs that
    a hostile feed can choose. So the body is measured first, in UTF-8 and without CDATA, which is free for feedparser:
    entries over the cap are cut out; too many tags, or too many attributes in one of them, are refused.
    feedparser gets bytes in a stream, never `str`, which it might take for an address to fetch.
    Its dates are not used (see `crawler.news.dates`), nor its cleaning of HTML, half of its time: text is all we keep.

Known exceptions:
    Over the cap, "<item" and "<entry" within CDATA are counted as entries, too.
    A guid stands for a missing link only where it is an absolute URL.
"""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

import feedparser
from feedparser.encodings import convert_to_utf8

from crawler.discovery.body import open_body, refuse_tags
from crawler.discovery.hints import FeedHints, hints_of, language_tag
from crawler.discovery.plain import plain_text
from crawler.news.dates import parse_date
from crawler.news.entry import Entry
from crawler.news.errors import DiscoveryError
from crawler.news.urls import host_of

MOST_BYTES = 16_000_000  # 0.6 s and 110 MB where it is all text
MOST_ENTRIES = 5_000  # 1.1 s at 230 us an entry with the five usual elements
MOST_TAGS = 120_000  # opening and closing ones; 1.3 s, and 2 s where they are not well-formed
MOST_ATTRIBUTES = 250  # of one element; feedparser's time grows with their square (20,000 take 4 s)

_ENTRY = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>]")
_ENTRY_END = re.compile(rb"</(?:\w+:)?(?:item|entry)\s*>")
_CHARACTER = re.compile(rb"&#(?:([0-9]+)|[xX]([0-9A-Fa-f]+));")
_LONG_TAG = re.compile(rb"<[A-Za-z][^<>]{%d,}" % (4 * MOST_ATTRIBUTES))  # an attribute has at least 4 bytes: a=''


@dataclass(frozen=True, slots=True)
class FeedReading:
    """What one feed announces.

    Attributes:
        entries: in the feed's order.
        hints: the feed's claims about itself.
        capped: entries left out because the feed has more than 5,000.
    """

    entries: tuple[Entry, ...]
    hints: FeedHints
    capped: int = 0


def read_feed(
    body: bytes, url: str, *, headers: Mapping[str, str] | None = None, now: datetime | None = None
) -> FeedReading:
    """Return the entries and hints of an RSS or Atom feed of any version.

    Args:
        url: where the body came from; relative links start here.
        headers: of the response; Content-Type's charset and Content-Language count.
        now: aware, to judge dates by; None: the clock's.

    Raises:
        DiscoveryError: "empty", "too-large", "bad-gzip", "too-complex", "not-a-feed" or "unreadable".
    """
    body = open_body(body, url, most_bytes=MOST_BYTES)
    try:
        return _read(
            body, url, {name.lower(): value for name, value in (headers or {}).items()}, now or datetime.now(UTC)
        )
    except (DiscoveryError, MemoryError):
        raise
    except Exception as error:  # feedparser's loose parser raises what it meets: AssertionError, ValueError, ...
        raise DiscoveryError("unreadable", f"{url}: the feed cannot be read: {error!r:.200}.") from error


def _read(body: bytes, url: str, headers: Mapping[str, str], now: datetime) -> FeedReading:
    text = convert_to_utf8({"content-type": _content_type(headers)}, body, {})
    text, capped = _without_surplus(_CHARACTER.sub(_mend_character, text))
    _refuse_costly(text, url)
    parsed = feedparser.parse(
        io.BytesIO(text),
        response_headers={"content-type": "application/xml", "content-language": headers.get("content-language", "")},
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    if not parsed.entries and not parsed.version:
        raise DiscoveryError("not-a-feed", f"{url}: neither RSS nor Atom, it begins {body[:60]!r}. Check the address.")
    hints = hints_of(parsed.feed, text)
    is_rss = parsed.version.startswith("rss")
    entries = (_entry(dict(raw), url, hints.language, is_rss, now) for raw in parsed.entries)
    return FeedReading(tuple(entry for entry in entries if entry), hints, capped)


def _content_type(headers: Mapping[str, str]) -> str:
    """Return a Content-Type with the server's charset; without one, the document's own word counts (RFC 7303, 3)."""
    charset = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", headers.get("content-type", ""), re.IGNORECASE)
    return f"application/xml; charset={charset[1]}" if charset else "application/xml"


def _mend_character(match: re.Match[bytes]) -> bytes:
    """Return a reference to a character that exists, so that half an emoji ("&#xD83D;") costs no more than itself."""
    code = int(match[1][:8]) if match[1] else int(match[2][:8], 16)
    return match[0] if code < 0xD800 or 0xDFFF < code <= 0x10FFFF else b"&#xFFFD;"


def _without_surplus(body: bytes) -> tuple[bytes, int]:
    """Return the body with its first 5,000 entries, and how many were cut out. What was well-formed remains so."""
    starts = [match.start() for match in _ENTRY.finditer(body)]
    surplus = max(0, len(starts) - MOST_ENTRIES)
    if not surplus:
        return body, 0
    cut = starts[MOST_ENTRIES]
    last_end = _ENTRY_END.search(body, starts[-1])
    return body[:cut] + (body[last_end.end() :] if last_end else b""), surplus


def _refuse_costly(body: bytes, url: str) -> None:
    """Raise DiscoveryError for markup that would keep feedparser busy for seconds."""
    first, *others = body.split(b"<![CDATA[")
    markup = first + b"".join(part.partition(b"]]>")[2] for part in others)
    refuse_tags(markup, url, most=MOST_TAGS)
    for tag in _LONG_TAG.finditer(markup):
        attributes = tag[0].count(b"=")
        if attributes > MOST_ATTRIBUTES:
            raise DiscoveryError("too-complex", f"{url}: an element with some {attributes:,} attributes is no news.")


def _entry(raw: Mapping[str, Any], url: str, language: str | None, is_rss: bool, now: datetime) -> Entry | None:
    """Return the entry, or None where it has no link that can be fetched.

    `raw` is a plain copy of feedparser's dictionary, whose own `get("updated")` falls back to "published".
    """
    link = _link(raw, url)
    if link is None:
        return None
    published, updated = _date(raw, "published", now), _date(raw, "updated", now)
    if is_rss and published is None:  # RSS 1.0 knows one date only, dc:date, which feedparser calls "updated"
        published, updated = updated, None
    title: Mapping[str, Any] = raw.get("title_detail") or {}
    return Entry(
        url=link,
        title=plain_text(raw.get("title")),
        summary=plain_text(raw.get("summary") or _first_content(raw)),
        published=published,
        updated=updated,
        authors=_authors(raw),
        language=language_tag(title.get("language")) or language,
    )


def _link(raw: Mapping[str, Any], url: str) -> str | None:
    """Return the absolute http(s) link: the publisher's own (FeedBurner), the entry's, or a guid that is a URL."""
    link = str(raw.get("feedburner_origlink") or raw.get("link") or "").strip()
    if not link or (raw.get("guidislink") and "://" not in link):
        return None
    try:
        link = urljoin(url, link)
        host_of(link)
    except ValueError:  # urljoin's for a broken IPv6 address, and UrlError
        return None
    return link


def _date(raw: Mapping[str, Any], name: str, now: datetime) -> datetime | None:
    value = raw.get(name)
    return parse_date(value, now=now) if isinstance(value, str) else None


def _first_content(raw: Mapping[str, Any]) -> str | None:
    contents = raw.get("content") or [{}]
    value = contents[0].get("value")
    return value if isinstance(value, str) else None


def _authors(raw: Mapping[str, Any]) -> tuple[str, ...]:
    names = (plain_text(author.get("name")) for author in raw.get("authors") or ())
    return tuple(dict.fromkeys(name for name in names if name))
