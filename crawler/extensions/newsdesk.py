"""The desk in a crawl: stories and alerts are made by the process that finds the articles, unless DESK=off."""

import asyncio
import contextlib
import logging
import os
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.settings import BaseSettings

from crawler.desk.audience import Audience, audience_of
from crawler.desk.desk import Desk
from crawler.extensions.opening import open_for
from crawler.extensions.policy import Policy
from crawler.extensions.watching import time_setting, watchlist_of
from crawler.news.errors import ConfigurationError, StoreError
from crawler.store import Store
from crawler.store.limits import in_ms
from crawler.watchlist import Watchlist

logger = logging.getLogger(__name__)

OFF = {"off", "0", "no", "false"}
ON = {"on", "1", "yes", "true", ""}
NAP_S = 0.2
LONGEST_PAUSE_S = 60.0  # before it is tried again
LONGEST_STOP_S = 5.0  # after a signal; a desk that stops by itself takes at most 2 s


class Newsdesk:
    """Runs the desk beside the crawl, on a store connection of its own. At the end of a pass it does what is left."""

    def __init__(self, crawler: Crawler, audience: Audience) -> None:
        self.crawler = crawler
        self._audience = audience
        self._desk: Desk | None = None
        self._task: asyncio.Task[None] | None = None
        self._ending = asyncio.Event()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not is_on(crawler.settings):
            raise NotConfigured
        newsdesk = cls(crawler, audience_of(watchlist_of(crawler.settings), os.environ))
        crawler.signals.connect(newsdesk.opened, signals.spider_opened)
        crawler.signals.connect(newsdesk.closed, signals.spider_closed)
        return newsdesk

    def prepare(self, watchlist: Watchlist) -> Callable[[], None]:
        """Make ready for another watchlist, in a thread; return what turns to it.

        Raises:
            ChannelError: channels of it cannot be reached as they are written.
        """
        return partial(self._turn_to, audience_of(watchlist, os.environ))

    def _turn_to(self, audience: Audience) -> None:
        self._audience = audience
        if self._desk:
            self._desk.turn_to(audience)

    def opened(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def closed(self, spider: Spider, reason: str) -> None:
        """At the end of a pass finish, at a signal stop. Scrapy waits for this."""
        if self._task is None:
            return
        self._ending.set()
        finishing = reason == "finished" and getattr(spider, "once", False)
        if finishing and self._desk and self._desk.owed:
            logger.info("the pass is over; %d alerts are still to go out", self._desk.owed)
        signalled: float | None = None
        while not self._task.done():
            if finishing and self.crawler.engine and self.crawler.engine.running:
                if self._desk:
                    self._desk.finish()
            else:
                signalled = signalled or time.monotonic()
                if self._desk:
                    self._desk.stop()
                if time.monotonic() - signalled > LONGEST_STOP_S:
                    self._task.cancel()  # it waits for the store
            await asyncio.wait([self._task], timeout=NAP_S)
        self._note_end()

    async def _run(self) -> None:
        """Work until the end, again and again if need be: neither an outage nor a bug may silence it for good."""
        pause_s = 1.0
        while True:
            last = self._ending.is_set()
            try:
                async with await open_for(self.crawler.settings) as store:
                    self._desk = desk_of(self.crawler.settings, store, self._audience, self._count)
                    await self._desk.run()
                return
            except StoreError as error:
                logger.error("the desk: %s", error)
                if last:
                    self._note("stopped", str(error))
            except Exception:
                self._count("bugs", 1)
                logger.exception("a bug of ours: the desk broke off")
            if last:
                return
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause_s):
                    await self._ending.wait()
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    def _note_end(self) -> None:
        if self._desk:
            self._note("alerts/left", self._desk.owed)
            if self._desk.holder:
                self._note("desk/holder", self._desk.holder)

    def _count(self, name: str, by: int) -> None:
        assert self.crawler.stats is not None
        self.crawler.stats.inc_value(f"storywatch/{name}", by)

    def _note(self, name: str, value: Any) -> None:
        assert self.crawler.stats is not None
        self.crawler.stats.set_value(f"storywatch/{name}", value)


def is_on(settings: BaseSettings) -> bool:
    """Whether a crawl with these settings makes stories and alerts.

    Raises:
        ConfigurationError: DESK is neither on nor off.
    """
    value = str(settings["DESK"]).strip().lower()
    if value not in ON | OFF:
        raise ConfigurationError(f'setting DESK: "{settings["DESK"]}" is neither on nor off. Write on or off.')
    return value in ON


def desk_of(settings: BaseSettings, store: Store, audience: Audience, count: Callable[[str, int], None]) -> Desk:
    """Return the desk that the settings mean.

    Raises:
        ConfigurationError
    """
    policy = Policy.from_settings(settings)
    return Desk(
        store,
        audience,
        wait_ms=in_ms(time_setting(settings, "ALERT_AFTER")),
        retry_ms=policy.retry_ms,
        lease_ms=policy.limits.lease_ms,
        count=count,
    )
