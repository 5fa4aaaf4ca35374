"""Edits of the watchlist, taken up by a process that goes on running.

Requirements
    An edit counts without a restart, and in one step: all who follow the watchlist have the old one or all have the new
    one. What no process could be started with is not taken up: the watchlist that was read last stays in force, and
    everything that is wrong is said, once, until it is mended, in these files or where they point.

Theory of operation
    The files are looked at every few seconds. (Notification by the kernel would save that, but does not reach through
    network file systems and some mounts of containers.) When two looks in a row find the same, nobody is writing any
    more. Then the watchlist is read, and each follower makes ready for it, all in a thread: with 100,000 outlets and as
    many topics that takes half a minute. If nobody objects, all take it over in one turn of the event loop. If somebody
    does, it is tried again, for the mend may lie elsewhere: a secret's file that was missing, a folder's permission.

Known exceptions
    What stands behind env:NAME and file:PATH is read together with the watchlist, and not looked at by itself. Each
    process looks for itself: for some seconds one may have the new watchlist and another still the old one. A desk that
    meets articles on a topic before it has it makes up for that (crawler/desk/alerts.py), unless it is started anew in
    between: then it cannot tell which topics are new.
"""

import asyncio
import contextlib
import gc
import logging
import math
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from scrapy.settings import BaseSettings

from crawler.extensions.differences import differences, warning
from crawler.extensions.watching import (
    Reading,
    first_reading,
    forget_first_reading,
    read,
    stamp_of,
    time_setting,
)
from crawler.news.errors import ConfigurationError, WatchlistError
from crawler.watchlist import Watchlist

logger = logging.getLogger(__name__)

BROKEN = "the watchlist was edited, and has problems:\n%s\nThe watchlist of %s stays in force until this is mended."

SELDOM = 10  # times as long as it took to find that an edit cannot be taken up passes before that is tried again

TakeOver = Callable[[], None]
Prepare = Callable[[Watchlist], TakeOver]
"""Makes ready for a new watchlist and returns what takes it over. Called in a thread; may take its time, and may object
(WatchlistError, ConfigurationError). What it returns is called in the event loop, and must neither wait nor fail."""


class _ClosingError(Exception):
    """The process ends: nobody needs what is being read."""


class Rereading:
    """Looks at the watchlist that the settings name, and brings what changed to those who follow it.

    Args:
        count: called with a name and how many: "watchlist/changed", "watchlist/broken", "bugs".

    Raises:
        ConfigurationError: LOOK_AT_WATCHLIST is no time.
    """

    def __init__(self, settings: BaseSettings, followers: Sequence[Prepare], count: Callable[[str, int], None]) -> None:
        self._path = Path(settings["WATCHLIST"])
        self._shortest_poll = time_setting(settings, "SHORTEST_POLL")
        self._every_s = time_setting(settings, "LOOK_AT_WATCHLIST").total_seconds()
        self._followers = followers
        self._count = count
        self._in_force = first_reading(settings)
        self._read = self._seen = self._in_force.stamp
        self._problems = ""  # of what was read last
        self._again_s = math.inf  # when it is tried again (monotonic)
        self._closing = False

    async def follow(self) -> None:
        """Look for ever; with LOOK_AT_WATCHLIST=0s not at all. Cancelled, it leaves no long reading behind."""
        try:
            while self._every_s:
                await asyncio.sleep(self._every_s)
                await self.look()
        finally:
            self._closing = True

    async def look(self) -> None:
        """Look once: read the watchlist if it stands as it did at the last look, and is not what was read last, or that
        could not be taken up.
        """
        stamp = await asyncio.to_thread(stamp_of, self._path)
        if stamp == self._seen and (stamp != self._read or time.monotonic() >= self._again_s):
            self._read, self._again_s = stamp, math.inf
            await self._take_up()
        self._seen = stamp

    async def _take_up(self) -> None:
        begun_s = time.monotonic()
        try:
            reading, ready, told = await asyncio.to_thread(self._prepare)
        except (WatchlistError, ConfigurationError) as error:
            now_s = time.monotonic()
            self._again_s = now_s + SELDOM * (now_s - begun_s)
            self._tell(str(error))
        except Exception:
            self._count("bugs", 1)
            logger.exception("a bug of ours: the watchlist of %s stays in force", self._in_force.at)
        else:
            for take_over in ready:
                take_over()
            if warned := warning(self._in_force.watchlist, reading.watchlist):
                logger.warning("the watchlist changed: %s", warned)
            self._in_force, self._problems = reading, ""
            forget_first_reading()
            self._count("watchlist/changed", 1)
            logger.info("the watchlist changed: %s", told or "it says the same in other words")

    def _tell(self, problems: str) -> None:
        """Say what is wrong, unless it was said."""
        if problems != self._problems:
            self._problems = problems
            self._count("watchlist/broken", 1)
            logger.error(BROKEN, problems, self._in_force.at)

    def _prepare(self) -> tuple[Reading, list[TakeOver], str]:
        """Read, and let everyone make ready.

        Raises:
            WatchlistError, ConfigurationError: somebody cannot do with what was read.
        """
        with _uncollected():
            reading = read(self._path, self._shortest_poll, self._go_on)
            ready = [prepare(reading.watchlist) for prepare in self._followers]
            return reading, ready, differences(self._in_force.watchlist, reading.watchlist)

    def _go_on(self, _how_far: str) -> None:
        """Hear how far the reading is; break it off when the process ends, which would wait for it."""
        if self._closing:
            raise _ClosingError


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Do without the garbage collector, which stops all threads: so many new objects call it in again and again.

    With 50,000 outlets and as many topics each time takes 0.5 s, and the reading twice as long with it.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
