"""`scrapy newsroom`: run the make-believe press until Ctrl-C."""

import argparse
import os
import signal
import threading

from crawler.commands.base import DONE, Command
from crawler.commands.demonstration import demonstrate
from crawler.news.errors import ConfigurationError
from crawler.newsroom import WATCHLIST, Newsroom, Step

_TICK_SECONDS = 0.5  # how late a step of the scenario may be

_WELCOME = """\
The newsroom is open: {outlets} outlets answer through the proxy {url}
Their watchlist: {watchlist}

Crawl it from another terminal:

  http_proxy={url} SCRAPY_PROJECT=demo scrapy crawl watch -s WATCHLIST={watchlist} -a once=1

Read a page yourself, see who asked for what:

  curl -x {url} {page}
  curl {url}/requests

Ctrl-C closes it.
"""


class NewsroomCommand(Command):
    """See `scrapy newsroom --help`."""

    summary = "run a make-believe press to crawl, until Ctrl-C"
    epilog = """\
It answers as an HTTP proxy on loopback for invented outlets under *.example: feeds, sitemaps, a wire copy with rude
comments, a page that needs JavaScript, a slow host, a dead one. Nothing leaves this machine.

  scrapy newsroom                      on a free port; prints what to type to crawl it
  scrapy newsroom --port 8900 --play   publishes and edits articles while you watch, in the first half minute
  scrapy newsroom --demo               opens it, crawls it, and shows what came through (make demo)

Script it from anywhere; its own address is the control desk:

  curl http://127.0.0.1:8900/                                 outlets, steps of the scenario, what else can be posted
  curl http://127.0.0.1:8900/requests                         who asked for what
  curl http://127.0.0.1:8900/play -d '{"name": "recount"}'    edit an article now
  curl http://127.0.0.1:8900/fault -d '{"target": "openquay.example", "kind": "status", "code": 503}'
  curl http://127.0.0.1:8900/heal -d '{"target": "openquay.example"}'

Its texts are files to read and edit, in crawler/newsroom/press; docs/newsroom.md tells the rest.
"""

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (default: any free one)")
        parser.add_argument("--demo", action="store_true", help="crawl it for half a minute and show what came through")
        parser.add_argument("--play", action="store_true", help="play the scenario: articles appear and change")

    def execute(self, opts: argparse.Namespace) -> int:
        if opts.demo:
            return demonstrate(self.settings)
        closing = _closing_time()
        try:
            with Newsroom(opts.port, play=opts.play, told=_tell) as newsroom:
                print(_welcome(newsroom), flush=True)
                while not closing.wait(_TICK_SECONDS):
                    newsroom.catch_up()
        except OSError as error:
            message = f"--port {opts.port}: {error.strerror}. Leave it out to take a free one."
            raise ConfigurationError(message) from error
        return DONE


def _welcome(newsroom: Newsroom) -> str:
    outlet = newsroom.world.outlets[0]
    return _WELCOME.format(
        outlets=len(newsroom.world.outlets),
        url=newsroom.url,
        watchlist=os.path.relpath(WATCHLIST),
        page=outlet.url("/"),
    )


def _tell(step: Step) -> None:
    print(f"{step.at.total_seconds():3.0f} s  {step.action} {step.arguments.get('url', '')}", flush=True)


def _closing_time() -> threading.Event:
    """Return an event that Ctrl-C and SIGTERM set."""
    closing = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: closing.set())
    return closing
