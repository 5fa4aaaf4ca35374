"""RSS and Atom of any version and health, read by feedparser.

Requirements:
    Whatever a server sends ends in entries or in an error, within 2 s of CPU and 300 MB.

Theory of operation:
    feedparser 6.0.14 reads what no faster parser reads (a bare "&", an unclosed <br>), at costs that a hostile feed can
    choose: its time grows with the square of some lengths. So these are measured first: attributes of one element
    (outside CDATA, which is free), the declarations before the root, and the names of authors.
    feedparser gets bytes in a stream, never `str`, which it might take for an address to fetch. Its dates are not used
    (see `crawler.news.dates`), nor its cleaning of HTML, half of its time: text is all we keep.

Known exceptions:
    A guid stands for a missing link only where it is an absolute URL.
    An author's name cut in many pieces by elements gets past its measure, and is ended by the reading process.
"""

import io
import re
from collections.abc import Mapping
from typing import Any

import feedparser

from crawler.discovery.body import without_cdata
from crawler.discovery.feeds.claims import Announced, Claims
from crawler.discovery.feeds.hints import hints_of
from crawler.news.errors import DiscoveryError

MOST_ATTRIBUTES = 250  # of one element; 20,000 take 4 s
MOST_NAMES = 150_000_000  # bytes of authors' names, each squared; feedparser looks for an e-mail address in them: 0.5 s
MOST_PROLOG = 50_000_000  # bytes before the first element times declarations in them; 0.5 s

_LONG_TAG = re.compile(rb"<[A-Za-z][^<>]{%d,}" % (4 * MOST_ATTRIBUTES))  # an attribute has at least 4 bytes: a=''
_NAME = re.compile(rb"<(?:[\w.-]+:)?(?:author|creator|managingeditor|publisher|webmaster|owner)\b", re.IGNORECASE)
_FIRST_ELEMENT = re.compile(rb"<\w")


def read_tolerantly(text: bytes, url: str, language: str) -> Announced:
    """Return what feedparser finds in a feed.

    Args:
        text: UTF-8 that says so (`as_utf8`).
        url: where it came from, for errors.
        language: the response's Content-Language, or "".

    Raises:
        DiscoveryError: "too-complex", "not-a-feed" or "unreadable".
    """
    _refuse_costly(text, url)
    headers = {"content-type": "application/xml", "content-language": language}
    try:
        parsed = feedparser.parse(
            io.BytesIO(text), response_headers=headers, resolve_relative_uris=False, sanitize_html=False
        )
    except MemoryError:
        raise
    except Exception as error:  # its loose parser raises what it meets: AssertionError, ValueError, ...
        raise DiscoveryError("unreadable", f"{url}: the feed cannot be read: {error!r:.200}.") from error
    if not parsed.entries and not parsed.version:
        raise DiscoveryError("not-a-feed", f"{url}: no feed, it begins {_beginning(text)!r}. Check the address.")
    return Announced(
        [_claims(dict(raw)) for raw in parsed.entries],
        hints_of(parsed.feed, text),
        one_date=parsed.version.startswith("rss"),
    )


def _beginning(text: bytes) -> str:
    return text.partition(b"?>")[2].lstrip()[:60].decode("utf-8", "replace")


def _refuse_costly(text: bytes, url: str) -> None:
    """Raise DiscoveryError for what would keep feedparser busy for seconds."""
    for tag in _LONG_TAG.finditer(without_cdata(text)):
        attributes = tag[0].count(b"=")
        if attributes > MOST_ATTRIBUTES:
            raise DiscoveryError("too-complex", f"{url}: an element with some {attributes:,} attributes is no news.")
    if sum(_name_length(text, name.end()) ** 2 for name in _NAME.finditer(text)) > MOST_NAMES:
        raise DiscoveryError("too-complex", f"{url}: its authors have names too long to be any.")
    root = _FIRST_ELEMENT.search(text)
    prolog = text[: root.start()] if root else b""
    if len(prolog) * (prolog.count(b"<!") + prolog.count(b"\n\n")) > MOST_PROLOG:
        raise DiscoveryError("too-complex", f"{url}: too much stands before its first element.")


def _name_length(text: bytes, start: int) -> int:
    """Return how many bytes there are to the next end of an element, looking as far as one name may be long."""
    most = 20_000
    end = text.find(b"</", start, start + most)
    return (most if len(text) > start + most else 0) if end < 0 else end - start


def _claims(raw: dict[str, Any]) -> Claims:
    """Take an entry from a plain copy of feedparser's dictionary, whose own `get("updated")` falls back."""
    return Claims(
        link=_link(raw),
        id=_text(raw.get("id")),
        title=_text(raw.get("title")),
        summary=_text(raw.get("summary")) or _text((_dicts(raw, "content") or [{}])[0].get("value")),
        published=_text(raw.get("published")),
        updated=_text(raw.get("updated")),
        authors=[_text(author.get("name")) for author in _dicts(raw, "authors")],
        language=_text((raw.get("title_detail") or {}).get("language")),
    )


def _link(raw: Mapping[str, Any]) -> str | None:
    """Return the publisher's own link (FeedBurner), the entry's, or a guid that is a URL."""
    link = _text(raw.get("feedburner_origlink")) or _text(raw.get("link"))
    if link and raw.get("guidislink") and "://" not in link:
        return link if any(element.get("href") == link for element in _dicts(raw, "links")) else None
    return link


def _text(value: object) -> str | None:
    """Return a text; None for the dictionary that an unknown element with attributes becomes."""
    return value if isinstance(value, str) else None


def _dicts(raw: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """Return a list of feedparser's, which an element of the same name may have replaced by its text."""
    value = raw.get(name)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
