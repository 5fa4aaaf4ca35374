"""`scrapy store run`: keep the embedded store up for other programs."""

import argparse
import shlex
import signal
import threading
from pathlib import Path

from crawler.commands.base import DONE, Command
from crawler.extensions.opening import check_store
from crawler.news.errors import ConfigurationError
from crawler.store.embedded import EmbeddedStore, open_embedded

CHECK_SECONDS = 1.0

HOW_TO_READ = """\
The store is up at {socket}

Read the articles with redis-cli:

  redis-cli -s {quoted} XRANGE storywatch:articles - + COUNT 5

or with redis-py:

  import redis
  client = redis.Redis.from_url("{url}", decode_responses=True)
  for position, entry in client.xrange("storywatch:articles"):
      print(position, entry["event"])

Ctrl-C lets go of it. It stops when nothing else uses it, and keeps what it has.
"""


class Store(Command):
    summary = "keep the embedded store up for redis-cli and your own programs"
    epilog = """\
Storywatch keeps its data in a Valkey of its own, in the folder STATE_DIR (.storywatch beside scrapy.cfg). It runs while
any command uses it. To look into it between crawls, keep it up in a second terminal:

  scrapy store run                       until Ctrl-C; tells where it is and how to read it
  scrapy store run -s STATE_DIR=/data    the store in another folder

With REDIS_URL set, that Redis or Valkey is the store, and there is nothing to run.
"""

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        self.action(parser, "run", self.keep_up, "keep the store up until Ctrl-C or SIGTERM")

    def keep_up(self, _opts: argparse.Namespace) -> int:
        if self.settings.get("REDIS_URL"):
            raise ConfigurationError(
                "REDIS_URL: names the store, so there is nothing to run. Unset it for an embedded one."
            )
        check_store(self.settings)
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        with open_embedded(Path(self.settings["STATE_DIR"])) as store:
            print(how_to_read(store), flush=True)
            while not stop.wait(CHECK_SECONDS):
                store.ensure()  # after a crash it starts again, with all that it had acknowledged
        return DONE


def how_to_read(store: EmbeddedStore) -> str:
    """Return where the store is and how other programs read it."""
    return HOW_TO_READ.format(socket=store.socket, quoted=shlex.quote(str(store.socket)), url=store.url)
