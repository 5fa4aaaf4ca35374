"""`scrapy watchlist`: check what the user wrote, and say what may be written."""

import argparse
from collections import Counter
from datetime import timedelta
from pathlib import Path

from crawler.commands import adding, importing
from crawler.commands.base import DONE, Command
from crawler.extensions.watching import time_setting, watchlist_of
from crawler.watchlist import Watchlist
from crawler.watchlist.documents import shown
from crawler.watchlist.schema import reference, schema_text

CHECKING = """\
Reads one TOML file, or all *.toml of a folder, just as `scrapy crawl watch` will. Nothing is fetched.

examples:
  scrapy watchlist check                    what the setting WATCHLIST names
  scrapy watchlist check my/outlets.toml    another file or folder

exit code: 0 if all is well; 2 if not, with every problem on stderr, one a line:
  watchlist/outlets.toml: outlet "BBC", feeds[0]: "bbc.co.uk/rss" has no scheme. Write "https://bbc.co.uk/rss".
"""

SCHEMA = """\
Editors with a TOML plugin (Even Better TOML, Taplo) complete and check a watchlist that begins with:
  #:schema ../docs/schema/watchlist.schema.json

example, to have it beside a watchlist elsewhere:
  scrapy watchlist schema > my/watchlist.schema.json
"""

OVERVIEW = """\
A watchlist is TOML: [[outlet]] (who publishes), [[topic]] (what you want to hear of), [[channel]] (who is told).
The smallest one:

  [[outlet]]
  name = "Harbour Post"
  url = "https://harbour-post.example/"
  feeds = ["https://harbour-post.example/feed.xml"]

You need not look for feeds yourself, nor type what another program knows:
  scrapy watchlist add https://harbour-post.example/
  scrapy watchlist import subscriptions.opml
"""


class WatchlistCommand(Command):
    """See `scrapy watchlist --help`."""

    summary = "check your watchlist, add to it, or look up what may stand in it"
    epilog = OVERVIEW

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        check = self.action(parser, "check", self.check, "list everything that is wrong with it", epilog=CHECKING)
        check.add_argument("path", nargs="?", type=Path, help="a TOML file or a folder of them (default: WATCHLIST)")
        adding.arguments(
            self.action(parser, "add", self.add, "find an outlet's sources and add it", epilog=adding.EPILOG)
        )
        importing.importing_arguments(
            self.action(parser, "import", self.import_file, "add outlets from OPML or CSV", epilog=importing.IMPORTING)
        )
        importing.exporting_arguments(
            self.action(parser, "export", self.export, "write its feeds as OPML", epilog=importing.EXPORTING)
        )
        self.action(parser, "keys", self.keys, "print every key, what it may hold and what it is for")
        self.action(parser, "schema", self.schema, "print its JSON Schema, by which editors complete it", epilog=SCHEMA)

    def check(self, opts: argparse.Namespace) -> int:
        path = opts.path or Path(self.settings["WATCHLIST"])
        text = summary(watchlist_of(self.settings, path), every=time_setting(self.settings, "POLL_EVERY"))
        print(f"{shown(path)}: all is well.\n{text}")
        return DONE

    def add(self, opts: argparse.Namespace) -> int:
        return adding.add(self.settings, opts)

    def import_file(self, opts: argparse.Namespace) -> int:
        return importing.import_file(self.settings, opts)

    def export(self, opts: argparse.Namespace) -> int:
        return importing.export(self.settings, opts)

    def keys(self, _opts: argparse.Namespace) -> int:
        print(reference(), end="")
        return DONE

    def schema(self, _opts: argparse.Namespace) -> int:
        print(schema_text(), end="")
        return DONE


def summary(watchlist: Watchlist, *, every: timedelta) -> str:
    """Return what is watched, for people; `every` is the time between polls where an outlet names none."""
    kinds = Counter(source.kind for source in watchlist.sources())
    sources = f"{kinds['feed']} feeds, {kinds['sitemap']} sitemaps, {kinds['page']} section pages"
    unmatched = "" if watchlist.topics else "  (none: every article is published)"
    return "\n".join(
        [
            f"  outlets   {len(watchlist.outlets):,}",
            f"  sources   {kinds.total():,}  ({sources})",
            f"  topics    {len(watchlist.topics):,}{unmatched}",
            f"  channels  {len(watchlist.channels):,}",
            f"  polls     {polls_an_hour(watchlist, every=every):,.0f} an hour at most",
        ]
    )


def polls_an_hour(watchlist: Watchlist, *, every: timedelta) -> float:
    """Return how many polls an hour the watchlist asks for, before any server asks for fewer."""
    return sum(
        timedelta(hours=1) / (outlet.every or every) * (len(outlet.feeds) + len(outlet.sitemaps) + len(outlet.pages))
        for outlet in watchlist.outlets
    )
