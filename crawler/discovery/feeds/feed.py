"""Feeds: from the bytes of RSS, Atom, JSON Feed or WordPress' REST API to the entries that they announce.

Requirements:
    RSS 0.90 to 2.0, Atom 0.3 and 1.0, JSON Feed 1.0 and 1.1 and WordPress' posts, in any encoding and health. Whatever
    a server sends ends in entries or in one `DiscoveryError`, within 2 s of CPU and 300 MB. No entry is lost silently:
    those over the cap are counted. What every reader finds is the same, whichever reads it.

Theory of operation:
    The content decides, for servers call their feeds anything: what begins with "{" or "[" is JSON (`jsonfeed`,
    `wordpress`), all else is XML, turned into UTF-8 first. Well-formed XML, most feeds, is read by `wellformed`, some
    ten times as fast; that reader hands back whatever it is not sure to read as feedparser does. `tolerant`, feedparser
    itself within bounds, reads the rest. `claims` makes entries of what any of them found.
    The fast reader is asked whatever the encoding: both get the same UTF-8, so neither can mistake it.

Known exceptions:
    Over the cap, "<item" and "<entry" within CDATA are counted as entries, too.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from crawler.discovery.body import open_body, refuse_tags, without_cdata
from crawler.discovery.charset import as_utf8
from crawler.discovery.feeds.claims import MOST_ENTRIES, Announced
from crawler.discovery.feeds.hints import FeedHints
from crawler.discovery.feeds.jsonfeed import is_json, read_json
from crawler.discovery.feeds.tolerant import read_tolerantly
from crawler.discovery.feeds.wellformed import read_wellformed
from crawler.news.entry import Entry
from crawler.news.errors import DiscoveryError

MOST_BYTES = 16_000_000  # 0.6 s and 110 MB where it is all text
MOST_REFERENCES = 300_000  # to characters by number; what is no character is mended, at 150 bytes each
MOST_TAGS = 120_000  # opening and closing ones; feedparser: 1.3 s, and 2 s where they are not well-formed

_ENTRY = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>]")
_ENTRY_END = re.compile(rb"</(?:\w+:)?(?:item|entry)\s*>")
# That may be none: halves of characters, and numbers too high. Possessive, else the zeros of "&#000..." without its ";"
# are parted in every way: 40 kB of them took 7 s.
_CHARACTER = re.compile(
    rb"&#(?:0*+(5[5-7][0-9]{3}|[0-9]{7,}+)|[xX]0*+([dD][89a-fA-F][0-9A-Fa-f]{2}|[0-9A-Fa-f]{6,}+));"
)


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
    """Return the entries and hints of a feed of any kind.

    Args:
        url: where the body came from; relative links start here.
        headers: of the response; Content-Type's charset and Content-Language count.
        now: aware, to judge dates by; None: the clock's.

    Raises:
        DiscoveryError: "empty", "too-large", "bad-gzip", "too-complex", "not-a-feed" or "unreadable".
    """
    body = open_body(body, url, most_bytes=MOST_BYTES)
    lower = {name.lower(): value for name, value in (headers or {}).items()}
    found = read_json(body, url) if is_json(body) else _read_xml(body, url, lower)
    entries = tuple(found.entries(url, now or datetime.now(UTC)))
    return FeedReading(entries, found.hints, found.capped)


def _read_xml(body: bytes, url: str, headers: Mapping[str, str]) -> Announced:
    text = as_utf8(body, headers)
    if text.count(b"&#") > MOST_REFERENCES:
        raise DiscoveryError("too-complex", f"{url}: over {MOST_REFERENCES:,} characters by number. Is this a feed?")
    text, capped = _without_surplus(_CHARACTER.sub(_mend_character, text))
    if text.count(b"<") > MOST_TAGS:
        refuse_tags(without_cdata(text), url, most=MOST_TAGS)
    language = headers.get("content-language", "")
    found = read_wellformed(text, language) or read_tolerantly(text, url, language)
    found.capped = capped
    return found


def _mend_character(match: re.Match[bytes]) -> bytes:
    """Return a reference to a character that exists, so that half an emoji ("&#xD83D;") costs no more than itself."""
    code = int(match[1][:8]) if match[1] else int(match[2][:8], 16)
    return match[0] if code < 0xD800 or 0xDFFF < code <= 0x10FFFF else b"&#xFFFD;"


def _without_surplus(text: bytes) -> tuple[bytes, int]:
    """Return the text with its first 5,000 entries, and how many were cut out. What was well-formed remains so."""
    if text.count(b"item") + text.count(b"entry") <= MOST_ENTRIES:  # both tags of most: a quick look first
        return text, 0
    starts = [match.start() for match in _ENTRY.finditer(text)]
    surplus = max(0, len(starts) - MOST_ENTRIES)
    if not surplus:
        return text, 0
    cut = starts[MOST_ENTRIES]
    last_end = _ENTRY_END.search(text, starts[-1])
    return text[:cut] + (text[last_end.end() :] if last_end else b""), surplus
