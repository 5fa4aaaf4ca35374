"""The first look at a source: which of its entries are news to a new user, and which are only remembered.

A feed opened for the first time holds weeks of old news, a sitemap years. What is remembered is never fetched, and is
not new when it is announced again.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from crawler.news.entry import Entry
from crawler.news.source import SourceKind

UNDATED = 20  # about what a feed without dates holds from one day; outlets put the newest first


class FirstLook(NamedTuple):
    """What to fetch and what only to remember; together every entry, each once, in the source's order."""

    fetch: list[Entry]
    remember: list[Entry]


def first_look(entries: Iterable[Entry], kind: SourceKind, *, now: datetime, window: timedelta) -> FirstLook:
    """Return what the first poll of a source fetches.

    Of a section page every story link; of a feed or sitemap the entries dated within the window before `now` (by
    publication, else by update), and of those without a date the first 20.
    """
    look = FirstLook([], [])
    undated = 0
    for entry in entries:
        date = entry.published or entry.updated
        if date is None:
            undated += 1
        is_news = kind == "page" or (now - date <= window if date else undated <= UNDATED)
        (look.fetch if is_news else look.remember).append(entry)
    return look
