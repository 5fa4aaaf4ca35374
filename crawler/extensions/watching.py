"""What the settings and the command line say of the watchlist and of times."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

from scrapy.settings import BaseSettings

from crawler.news.durations import parse_duration
from crawler.news.errors import ConfigurationError
from crawler.watchlist import Watchlist, load
from crawler.watchlist.documents import Tell

TELL_EVERY_S = 2.0

Stamp = tuple[tuple[str, int, int, int, int], ...]
"""Of each file of a watchlist: name, inode, size (bytes), when its contents and its inode changed last (ns since 1970).
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """A watchlist as it was read once.

    Attributes:
        stamp: of its files, before they were read.
        at: when, as people say it.
    """

    watchlist: Watchlist
    stamp: Stamp
    at: str


def watchlist_of(settings: BaseSettings, path: Path | None = None) -> Watchlist:
    """Return the watchlist at `path`, or the one that the settings name, as this process read it first.

    Raises:
        WatchlistError: everything that is wrong with it. ConfigurationError: SHORTEST_POLL is no time.
    """
    return first_reading(settings, path).watchlist


def first_reading(settings: BaseSettings, path: Path | None = None) -> Reading:
    """Return what this process read first, or first since `forget_first_reading`. Errors as `watchlist_of`."""
    return _first_reading(path or Path(settings["WATCHLIST"]), time_setting(settings, "SHORTEST_POLL"))


def forget_first_reading() -> None:
    """A later reading is in force: nobody needs the first one, which may be large."""
    _first_reading.cache_clear()


@cache
def _first_reading(path: Path, shortest_poll: timedelta) -> Reading:
    return read(path, shortest_poll, now_and_then())


def read(path: Path, shortest_poll: timedelta, tell: Tell | None = None) -> Reading:
    """Read a watchlist. With 100,000 outlets it takes seconds; `tell` hears how far it is.

    Raises:
        WatchlistError: everything that is wrong with it.
    """
    stamp, at = stamp_of(path), time.strftime("%H:%M on %d %b")
    return Reading(load(path, shortest_poll=shortest_poll, tell=tell), stamp, at)


def stamp_of(path: Path) -> Stamp:
    """Return what changes when the watchlist at `path`, a file or a folder, is edited; () when nothing is there.

    The inode and its time tell of what the rest does not: a file that may be read again, one put in its place as old as
    it, a link to another that was unpacked in the same moment.
    Hidden files are left out, as the watchlist does: editors keep their own there while somebody types.
    """
    try:
        files = sorted(path.glob("[!.]*.toml")) if path.is_dir() else [path]
        return tuple(_stamp_of(file) for file in files)
    except OSError:  # gone meanwhile, a link to nowhere, or not for us to look at
        return ()


def _stamp_of(file: Path) -> tuple[str, int, int, int, int]:
    found = file.stat()
    return file.name, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


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
