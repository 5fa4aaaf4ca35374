"""`scrapy topics`: what your topics are, how they are understood, why an article meets one, what an edit would do."""

import argparse
from collections.abc import Sequence

from rich.text import Text

from crawler.commands import comparing, explaining, trying
from crawler.commands.base import DONE, Command
from crawler.commands.looking import console, table
from crawler.commands.telling import as_json
from crawler.extensions.watching import watchlist_of
from crawler.news.topic import Topic

EPILOG = """\
Nothing is changed and nothing is sent. A crawl that runs takes up an edit within seconds (LOOK_AT_WATCHLIST): to see
what an edit does before it goes live, edit a copy of your watchlist, and compare that.

examples:
  scrapy topics list                                         the topics of your watchlist
  scrapy topics explain "Dams of Orvania"                    how its query is understood
  scrapy topics explain "Dams of Orvania" https://harbour-post.example/news/dam    why this article, or why not
  scrapy topics test 'Orvania* AND dam' --since 30d          what a query finds in what was already seen
  scrapy topics diff edited/                                 what an edited copy of your watchlist gains and loses

docs/topics.md is the page on the query language.
"""


class Topics(Command):
    """Lists, explains, tests and compares topics."""

    summary = "show your topics, why an article meets one or not, and what a query would find"
    epilog = EPILOG

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        listing = self.action(parser, "list", self.list_all, "the topics of your watchlist")
        listing.add_argument("--json", action="store_true", help="one topic a line, for programs")
        how = "how a query is understood, why an article meets it or not"
        explaining.arguments(self.action(parser, "explain", self.explain, how, epilog=explaining.EPILOG))
        trying.arguments(
            self.action(parser, "test", self.test, "try a query on the articles that were seen", epilog=trying.EPILOG)
        )
        comparing.arguments(
            self.action(parser, "diff", self.diff, "what an edited watchlist gains and loses", epilog=comparing.EPILOG)
        )

    def list_all(self, opts: argparse.Namespace) -> int:
        topics = watchlist_of(self.settings).topics
        if opts.json:
            for topic in topics:
                print(as_json(topic))
        elif not topics:
            print("No topics: every article is published. docs/topics.md says how to write one.")
        else:
            _show(topics)
        return DONE

    def explain(self, opts: argparse.Namespace) -> int:
        return explaining.explain(self.settings, opts)

    def test(self, opts: argparse.Namespace) -> int:
        return trying.test(self.settings, opts)

    def diff(self, opts: argparse.Namespace) -> int:
        return comparing.diff(self.settings, opts)


def _show(topics: Sequence[Topic]) -> None:
    """Print one line a query."""
    rows = table("topic", "languages", "channels", "query")
    for topic in topics:
        name, channels = topic.name, ", ".join(topic.channels)
        everywhere = ", ".join(topic.languages) or "all"
        queries = {everywhere: topic.query} if isinstance(topic.query, str) else topic.query
        for languages, query in queries.items():
            rows.add_row(*map(Text, (name, languages, channels, query)))
            name = channels = ""
    console().print(rows)
