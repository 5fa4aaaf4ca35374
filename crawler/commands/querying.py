"""A topic on the command line: one of the watchlist, by its name, or a query to try."""

import argparse
import sys
from collections.abc import Sequence

from rich.cells import cell_len

from crawler.news.errors import ConfigurationError, QueryError
from crawler.news.topic import Topic
from crawler.topics import parse
from crawler.watchlist import Watchlist
from crawler.watchlist.checks import folded_tags, idle
from crawler.watchlist.kinds import Kind, Language, Refused
from crawler.watchlist.queries import Inflected, tags_of
from crawler.watchlist.wording import did_you_mean, listed, quote

TRIED = "this query"  # the name of a topic that is on no watchlist


def query_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what a topic of the watchlist may say beside its query."""
    parser.add_argument(
        "--lang", action="append", default=[], metavar="L", help="only articles in this language (may be repeated)"
    )
    parser.add_argument(
        "--inflect",
        action="append",
        default=[],
        metavar="L",
        help='words of the query in this language also mean their other forms: "ru" (may be repeated)',
    )


def topic_named(watchlist: Watchlist, name: str) -> Topic:
    """Return a topic of the watchlist.

    Raises:
        ConfigurationError: none is called so.
    """
    topics = {topic.name: topic for topic in watchlist.topics}
    if name not in topics:
        advice = did_you_mean(name, topics)
        raise ConfigurationError(f"no topic of the watchlist is called {quote(name)}.{advice}")
    return topics[name]


def topic_of(query: str, opts: argparse.Namespace, watchlist: Watchlist) -> Topic:
    """Return a topic with this query and what `query_arguments` say, checked as a topic of the watchlist would be.

    A tag that no outlet has is told, and no error: whoever tries a query may be about to write it at one.

    Raises:
        ConfigurationError: it cannot be understood, and where.
    """
    one_line = " ".join(query.split())  # as the watchlist reads it
    languages = _read(Language(), "--lang", opts.lang)
    inflect = _read(Inflected(), "--inflect", opts.inflect)
    try:
        parse(one_line, inflect=inflect)
    except QueryError as error:
        raise ConfigurationError(pointed_at(one_line, error)) from None
    for _, language in idle(inflect, languages):
        raise ConfigurationError(
            f"--inflect: {quote(language)} is none of the languages of --lang: {listed(languages)}. "
            f"Add --lang {language}, or leave --inflect {language} out."
        )
    _tell_unknown_tags(one_line, watchlist)
    return Topic(TRIED, one_line, languages, inflect)


def _tell_unknown_tags(query: str, watchlist: Watchlist) -> None:
    known = sorted({tag for tags in watchlist.tags.values() for tag in tags})
    folded = folded_tags(known)
    for tag in tags_of(query):
        if tag.words not in folded:
            advice = did_you_mean(tag.name, known)
            print(f"No outlet of the watchlist has the tag {quote(tag.name)}.{advice}", file=sys.stderr)


def pointed_at(query: str, error: QueryError) -> str:
    """Return an error in three lines: what is wrong, the query, and a caret below the place. One for an empty query."""
    if not query:
        return str(error)
    line = "".join(character if character.isprintable() else " " for character in query)
    return f"column {error.column}: {error}\n  {line}\n  {' ' * cell_len(line[: error.column - 1])}^"


def _read(kind: Kind, option: str, values: Sequence[str]) -> tuple[str, ...]:
    """Read values as the watchlist does."""
    try:
        return tuple(dict.fromkeys(kind.read(value) for value in values))
    except Refused as refused:
        raise ConfigurationError(f"{option}: {refused.faults[0].text}") from None
