"""What a feed says about itself: how often to ask, when not to, who pushes.

Requirements:
    RSS <ttl> and <skipHours>/<skipDays>, the syndication module's period and frequency, Atom's and JSON Feed's own
    address, hubs, language and title. Nonsense is ignored, never an error.

Theory of operation:
    One mapping under feedparser's names, which both readers of XML fill, becomes the hints. Of hours and days to skip
    feedparser keeps the last one only, so they are read from the text itself.

Known exceptions:
    skipHours counts from 0 to 23 here; some feeds count to 24, whose 24 is ignored.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from crawler.discovery.plain import plain_text
from crawler.news.urls import host_of

_HOURS = tuple(map(str, range(24)))
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
MOST_HUBS = 5


@dataclass(frozen=True, slots=True)
class FeedHints:
    """A feed's own claims about itself; None or empty where it makes none that is sane.

    Attributes:
        title: plain text.
        language: BCP 47.
        self_url: the address the feed calls its own (Atom rel="self").
        hubs: WebSub hubs, absolute http(s) URLs.
        ttl: RSS 2.0 <ttl>.
        update_every: sy:updatePeriod divided by sy:updateFrequency.
        skip_hours: hours of the day, 0 to 23 UTC, in which not to ask (RSS 2.0 <skipHours>).
        skip_days: days of the week, Monday is 0, UTC.
    """

    title: str | None = None
    language: str | None = None
    self_url: str | None = None
    hubs: tuple[str, ...] = ()
    ttl: timedelta | None = None
    update_every: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()

    @property
    def asks_every(self) -> timedelta:
        """The longest interval that the feed asks for; zero where it does not care."""
        return max(self.ttl or timedelta(0), self.update_every or timedelta(0))


def hints_of(channel: Mapping[str, Any], body: bytes) -> FeedHints:
    """Return the hints of feedparser's `feed` dictionary and of the body in UTF-8.

    The body is asked for skipHours and skipDays, of which feedparser keeps the last value only.
    """
    return FeedHints(
        title=plain_text(channel.get("title")),
        language=language_tag(channel.get("language")),
        self_url=next(_links(channel, "self"), None),
        hubs=tuple(_links(channel, "hub"))[:MOST_HUBS],
        ttl=_ttl(channel.get("ttl")),
        update_every=_update_every(channel.get("sy_updateperiod"), channel.get("sy_updatefrequency")),
        skip_hours=_positions(_skipped(body, b"skipHours", b"hour"), _HOURS),
        skip_days=_positions(_skipped(body, b"skipDays", b"day"), _DAYS),
    )


def language_tag(raw: object) -> str | None:
    """Return a BCP 47 tag ("pt-BR" for "pt_BR"), or None for anything that does not look like one."""
    tag = raw.strip().replace("_", "-") if isinstance(raw, str) else ""
    return tag if _LANGUAGE.fullmatch(tag) else None


def _links(channel: Mapping[str, Any], rel: str) -> Iterator[str]:
    for link in channel.get("links", ()):
        href = link.get("href", "")
        if link.get("rel") == rel and is_http(href):
            yield href


def is_http(url: str) -> bool:
    """Tell whether a text is an absolute http(s) URL."""
    try:
        url.encode("utf-8")
        host_of(url)
    except ValueError:  # UrlError, or half a character from JSON
        return False
    return True


def _number(raw: object) -> int:
    """Return a whole number of one to six digits, or 0."""
    text = raw.strip() if isinstance(raw, str) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else 0


def _ttl(raw: object) -> timedelta | None:
    return timedelta(minutes=_number(raw)) or None


def _update_every(period: object, frequency: object) -> timedelta | None:
    """Return the RSS 1.0 syndication module's interval; its frequency defaults to once a period."""
    length = _PERIODS.get(period.strip().lower()) if isinstance(period, str) else None
    return length / (_number(frequency) or 1) if length else None


def _skipped(body: bytes, block: bytes, item: bytes) -> list[str]:
    """Return the texts of the items in the first such block, in lower case."""
    start = body.find(b"<" + block)
    end = body.find(b"</" + block, start)
    if start < 0 or end < 0:
        return []
    values = re.findall(rb"<%b>\s*(\w+)\s*<" % item, body[start:end])
    return [value.decode("ascii").lower() for value in values]


def _positions(values: Iterable[str], known: tuple[str, ...]) -> frozenset[int]:
    return frozenset(
        known.index(text) for text in (value.lstrip("0") or value[-1:] for value in values) if text in known
    )
