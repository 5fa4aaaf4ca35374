"""Edits of the watchlist count for a crawl that is running. A single pass keeps to the watchlist it began with."""

import asyncio
import contextlib
from collections.abc import Sequence
from functools import partial
from typing import Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler

from crawler.extensions.browser import make_out_without
from crawler.extensions.newsdesk import Newsdesk
from crawler.extensions.rereading import Prepare, Rereading, TakeOver
from crawler.extensions.worker import Worker
from crawler.watchlist import Watchlist


class Edits:
    """Brings edits to the worker and to the desk beside it.

    Not in a single pass: it is short, and what it did is to be told from one watchlist.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._task: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        edits = cls(crawler)
        crawler.signals.connect(edits.opened, signals.spider_opened)
        crawler.signals.connect(edits.closed, signals.spider_closed)
        return edits

    def opened(self, spider: Spider) -> None:
        if not getattr(spider, "once", False):
            worker, outlets = Worker.of(self.crawler), getattr(spider, "outlets", None) or ()
            rereading = Rereading(self.crawler.settings, self._followers(worker, outlets), worker.count)
            self._task = asyncio.get_running_loop().create_task(rereading.follow())

    def _followers(self, worker: Worker, outlets: Sequence[str]) -> list[Prepare]:
        """Whoever may object comes first."""
        newsdesk = self.crawler.get_extension(Newsdesk)
        desk = [newsdesk.prepare] if newsdesk else []
        asked_for = partial(check_outlets, outlets)
        return [asked_for, *desk, worker.prepare, partial(make_out_without, self.crawler.settings)]

    async def closed(self) -> None:
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task


def check_outlets(names: Sequence[str], watchlist: Watchlist) -> TakeOver:
    """Object, as at the start, to a watchlist that lacks an outlet which the crawl was asked for (-a outlets=A,B).

    Raises:
        WatchlistError
    """
    watchlist.only(names)
    return _nothing


def _nothing() -> None:
    """Nothing is to be taken over."""
