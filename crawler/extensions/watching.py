"""What the settings and the command line say of the watchlist and of times."""

from datetime import timedelta
from functools import cache
from pathlib import Path

from scrapy.settings import BaseSettings

from crawler.news.errors import ConfigurationError
from crawler.watchlist import Watchlist, load, parse_duration


def watchlist_of(settings: BaseSettings, path: Path | None = None) -> Watchlist:
    """Return the watchlist at `path`, or the one that the settings name; read once a process.

    Raises:
        WatchlistError: everything that is wrong with it. ConfigurationError: SHORTEST_POLL is no time.
    """
    return _load(path or Path(settings["WATCHLIST"]), time_setting(settings, "SHORTEST_POLL"))


@cache
def _load(path: Path, shortest_poll: timedelta) -> Watchlist:
    return load(path, shortest_poll=shortest_poll)


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
