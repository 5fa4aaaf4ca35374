"""The watchlist in force, read once a process."""

from functools import cache
from pathlib import Path

from scrapy.settings import BaseSettings

from crawler.watchlist import Watchlist, load, parse_duration


def watchlist_of(settings: BaseSettings) -> Watchlist:
    """Return the watchlist that the settings name.

    Raises:
        WatchlistError: everything that is wrong with it.
    """
    return _load(str(settings["WATCHLIST"]), str(settings["SHORTEST_POLL"]))


def outlets_named(text: str) -> tuple[str, ...] | None:
    """Read `-a outlets=A,B`; None: all."""
    return tuple(name.strip() for name in text.split(",") if name.strip()) or None


@cache
def _load(path: str, shortest_poll: str) -> Watchlist:
    return load(Path(path), shortest_poll=parse_duration(shortest_poll))
