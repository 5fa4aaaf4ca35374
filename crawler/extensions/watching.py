"""What the settings and the command line say of the watchlist and of times."""

import sys
import time
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path

from scrapy.settings import BaseSettings

from crawler.news.durations import parse_duration
from crawler.news.errors import ConfigurationError
from crawler.watchlist import Watchlist, load

TELL_EVERY_S = 2.0


def watchlist_of(settings: BaseSettings, path: Path | None = None) -> Watchlist:
    """Return the watchlist at `path`, or the one that the settings name; read once a process.

    Raises:
        WatchlistError: everything that is wrong with it. ConfigurationError: SHORTEST_POLL is no time.
    """
    return _load(path or Path(settings["WATCHLIST"]), time_setting(settings, "SHORTEST_POLL"))


@cache
def _load(path: Path, shortest_poll: timedelta) -> Watchlist:
    return load(path, shortest_poll=shortest_poll, tell=now_and_then())


def now_and_then() -> Callable[[str], None]:
    """Return what tells on standard error how far a long job is, every TELL_EVERY_S. A short one is not told of."""
    told_at = time.monotonic()

    def tell(line: str) -> None:
        nonlocal told_at
        if time.monotonic() - told_at >= TELL_EVERY_S:
            told_at = time.monotonic()
            print(line, file=sys.stderr, flush=True)

    return tell


def outlets_named(text: str) -> tuple[str, ...] | None:
    """Read `-a outlets=A,B`; None: all."""
    return tuple(name.strip() for name in text.split(",") if name.strip()) or None


def time_setting(settings: BaseSettings, name: str) -> timedelta:
    """Return a setting that holds a time like "15m".

    Raises:
        ConfigurationError: it holds something else.
    """
    return time_of(name, settings[name])


def time_of(name: str, value: object) -> timedelta:
    """Read a time that stands in the setting `name`.

    Raises:
        ConfigurationError: it is none.
    """
    try:
        return parse_duration(str(value))
    except ValueError as error:
        raise ConfigurationError(f"setting {name}: {error}") from None
