"""`scrapy desk`: the desk on its own, for crawls that run with DESK=off."""

import argparse
import asyncio
import logging
import signal
from collections import Counter

from crawler.commands.base import DONE, FAILED, Command
from crawler.commands.looking import many
from crawler.desk.desk import Desk as Newsdesk
from crawler.extensions.newsdesk import desk_of
from crawler.extensions.opening import open_for

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
        async with await open_for(self.settings) as store:
            desk = desk_of(self.settings, store, lambda name, by: counts.update({name: by}))
            loop = asyncio.get_running_loop()
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(number, _stop, desk, loop, number)
            if once:
                desk.finish()
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


def _stop(desk: Newsdesk, loop: asyncio.AbstractEventLoop, number: int) -> None:
    """Stop soon; a second signal does not wait for anything."""
    desk.stop()
    loop.remove_signal_handler(number)
