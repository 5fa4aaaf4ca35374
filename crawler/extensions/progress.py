"""Signs of life while a crawl runs: one line that is rewritten on a terminal, a log line a minute elsewhere."""

import asyncio
import contextlib
import logging
import sys
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler

from crawler.extensions.summary import headline

logger = logging.getLogger(__name__)

TERMINAL_S = 0.5
LOG_S = 60.0
WIPE = "\r\x1b[2K"  # back to the start of the line, and clear it


class Progress:
    """Says how far the crawl has come."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.terminal = sys.stderr.isatty()
        self._task: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        progress = cls(crawler)
        crawler.signals.connect(progress.opened, signals.spider_opened)
        crawler.signals.connect(progress.closed, signals.spider_closed)
        return progress

    def opened(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._report())
        if self.terminal:
            for handler in logging.root.handlers:
                handler.addFilter(_wipe)

    async def closed(self) -> None:
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        if self.terminal:
            sys.stderr.write(WIPE)

    async def _report(self) -> None:
        while True:
            await asyncio.sleep(TERMINAL_S if self.terminal else LOG_S)
            line = headline(self.crawler.stats.get_stats())
            if self.terminal:
                sys.stderr.write(f"{WIPE}{line}")
                sys.stderr.flush()
            else:
                logger.info("%s", line)


def _wipe(_record: logging.LogRecord) -> bool:
    """A log record comes: make room, so that it does not stand behind the progress line."""
    sys.stderr.write(WIPE)
    return True
