"""`scrapy desk`: the desk on its own, for crawls that run with DESK=off."""

import argparse
import asyncio
import contextlib
import logging
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine
from functools import partial

from crawler.commands.base import DONE, FAILED, Command
from crawler.commands.looking import many
from crawler.desk.audience import audience_of
from crawler.desk.desk import Desk as Newsdesk
from crawler.extensions.newsdesk import desk_of
from crawler.extensions.opening import open_for
from crawler.extensions.rereading import Rereading
from crawler.extensions.watching import watchlist_of
from crawler.watchlist import Watchlist

GONE_ON = "{holder} has the desk, and makes the stories."


class Desk(Command):
    """Makes stories and alerts until it is stopped."""

    summary = "make stories of articles and alerts of stories, apart from any crawl"
    epilog = """examples:
  scrapy desk             until Ctrl-C; waits if another process has the desk
  scrapy desk --once      what is there now, then end

A crawl does this itself, unless DESK=off. Only one process has the desk at a time; any other one waits for it.
"""

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is there, then end")

    def execute(self, opts: argparse.Namespace) -> int:
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", datefmt="%H:%M:%S")
        return asyncio.run(self._work(once=opts.once))

    async def _work(self, *, once: bool) -> int:
        counts = Counter[str]()

        def count(name: str, by: int) -> None:
            counts[name] += by

        audience = audience_of(watchlist_of(self.settings), os.environ)
        async with await open_for(self.settings) as store:
            desk = desk_of(self.settings, store, audience, count)
            loop = asyncio.get_running_loop()
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(number, _stop, desk, loop, number)
            if once:  # with the watchlist it began with, as a crawl's single pass
                desk.finish()
                await desk.run()
            else:
                edits = Rereading(self.settings, [partial(_prepare, desk)], count)
                async with _beside(edits.follow()):
                    await desk.run()
        if desk.holder:
            print(GONE_ON.format(holder=desk.holder))
        if desk.holder and not counts:
            return DONE
        stories = many(counts["stories/created"], "new story", "new stories")
        print(f"{stories}, {counts['stories/updated']} updated; {many(counts['alerts/sent'], 'alert')} sent.")
        if desk.owed:
            print(f"{many(desk.owed, 'alert')} for later: scrapy alerts list")
        return FAILED if counts["bugs"] else DONE


def _prepare(desk: Newsdesk, watchlist: Watchlist) -> Callable[[], None]:
    """Make ready for an edited watchlist; return what turns the desk to it."""
    return partial(desk.turn_to, audience_of(watchlist, os.environ))


@contextlib.asynccontextmanager
async def _beside(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Do some work for as long as the block takes."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def _stop(desk: Newsdesk, loop: asyncio.AbstractEventLoop, number: int) -> None:
    """Stop soon; a second signal does not wait for anything."""
    desk.stop()
    loop.remove_signal_handler(number)
