"""`scrapy store`: keep the embedded store up for other programs, move a store to another place."""

import argparse
import shlex
import signal
import sys
import threading
from pathlib import Path

from crawler.commands.base import DONE, Command
from crawler.commands.looking import with_store
from crawler.commands.progress import Progress, items, summary
from crawler.extensions.opening import check_store
from crawler.news.errors import ConfigurationError
from crawler.store import Store as OpenStore
from crawler.store.dumpfile import STANDARD, Contents, Reader, opened, written
from crawler.store.embedded import EmbeddedStore, open_embedded
from crawler.store.transfer import dump, load

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

HOW_TO_DUMP = """\
All that Storywatch knows goes over: sources and when each is due, what waits, articles, stories, streams with their
consumer groups, alerts owed. Stop the crawls and the desk before; a dump of a store that changes meanwhile fails.

examples:
  scrapy store dump monday.jsonl.gz      gzipped, by its name; *.part until it is whole
  scrapy store dump | ssh other 'cd storywatch && scrapy store load'
  REDIS_URL=redis://old:6379/0 scrapy store dump | REDIS_URL=redis://new:6379/0 scrapy store load

The format is JSON Lines, for any Redis 7.2 or Valkey 8 and later (docs/store.md).
"""

HOW_TO_LOAD = """\
The store must be empty; nothing is replaced. A load that was broken off leaves a store that every other command
refuses: load again, which begins anew. A damaged file loads nothing.

examples:
  scrapy store load monday.jsonl.gz                      gzipped or not
  scrapy store load monday.jsonl.gz -s STATE_DIR=/data   into the embedded store of another folder
  REDIS_URL=redis://new:6379/0 scrapy store load monday.jsonl.gz
"""


class Store(Command):
    summary = "keep the embedded store up for your own programs; move a store to another place"
    epilog = """\
Storywatch keeps its data in a Valkey of its own, in the folder STATE_DIR (.storywatch beside scrapy.cfg). It runs while
any command uses it. To look into it between crawls, keep it up in a second terminal:

  scrapy store run                       until Ctrl-C; tells where it is and how to read it
  scrapy store run -s STATE_DIR=/data    the store in another folder

With REDIS_URL set, that Redis or Valkey is the store, and there is nothing to run.

To move a store, from the embedded one to a Redis of your own, say, or to keep a copy of it:

  scrapy store dump FILE                 all of it into a file
  scrapy store load FILE                 and into an empty store
"""

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        self.action(parser, "run", self.keep_up, "keep the store up until Ctrl-C or SIGTERM")
        out = self.action(parser, "dump", self.dump, "write the whole state of the store to a file", epilog=HOW_TO_DUMP)
        out.add_argument("file", nargs="?", default=STANDARD, metavar="FILE", help="- or nothing: standard output")
        into = self.action(parser, "load", self.load, "fill an empty store from a dump", epilog=HOW_TO_LOAD)
        into.add_argument("file", nargs="?", default=STANDARD, metavar="FILE", help="- or nothing: standard input")

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

    def dump(self, opts: argparse.Namespace) -> int:
        with Progress("dumping", items) as tell, written(opts.file) as out:

            async def dumped(store: OpenStore) -> Contents:
                return await dump(store.connection, out, tell=tell)

            contents = with_store(self.settings, dumped)
        print(f"dumped: {summary(contents)}", file=sys.stderr)
        return DONE

    def load(self, opts: argparse.Namespace) -> int:
        with Progress("loading", items) as tell, opened(opts.file) as source:
            reader = Reader(source, "standard input" if opts.file == STANDARD else opts.file)

            async def loaded(store: OpenStore) -> Contents:
                return await load(store.connection, reader, tell=tell)

            contents = with_store(self.settings, loaded, whole=False)
        print(f"loaded: {summary(contents)}", file=sys.stderr)
        return DONE


def how_to_read(store: EmbeddedStore) -> str:
    """Return where the store is and how other programs read it."""
    return HOW_TO_READ.format(socket=store.socket, quoted=shlex.quote(str(store.socket)), url=store.url)
