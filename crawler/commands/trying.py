"""`scrapy topics test`: a query over the articles that the store keeps."""

import argparse
import asyncio
import time
from datetime import timedelta

from rich.console import Console
from rich.text import Text
from scrapy.settings import Settings

from crawler.commands.base import DONE, INTERRUPTED
from crawler.commands.looking import console, with_store
from crawler.commands.progress import OutOf, Progress
from crawler.commands.querying import query_arguments, topic_named, topic_of
from crawler.commands.telling import (
    NEW,
    Period,
    as_json,
    counted,
    indented,
    looked_at,
    looked_data,
    show_days,
    show_hit,
    show_outlets,
    show_terms,
    tally_data,
)
from crawler.extensions.watching import time_setting, watchlist_of
from crawler.news.durations import parse_duration
from crawler.news.errors import ConfigurationError
from crawler.news.topic import Topic
from crawler.store import Store
from crawler.store.limits import in_ms
from crawler.topics.trial import Change, Trial
from crawler.watchlist import Watchlist

SINCE = "14d"

EPILOG = """\
Looks at the articles that the store keeps: those that were published, and those that met no topic. The latter are new
to you. Days are those on which an article was seen, in UTC.

examples:
  scrapy topics test 'Orvania AND dam'                     over the last two weeks
  scrapy topics test 'Orvania* dam*' --since 30d --samples 20
  scrapy topics test 'плотина' --inflect ru --lang ru      with its other forms; only articles in Russian
  scrapy topics test --topic "Dams of Orvania"             one of your watchlist, as it stands in the file
  scrapy topics test 'dam' --json | jq .hits               for programs

Where a query begins with a dash, write NOT for the dash, or -- before the query: scrapy topics test -- '-sport dam'

exit code: 0 also without a hit; 1 the store cannot be reached; 2 a wrong argument or query, with the column
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `test`."""
    parser.add_argument("query", nargs="*", help="the query, in quotes")
    parser.add_argument("--topic", metavar="NAME", help="instead: a topic of your watchlist")
    query_arguments(parser)
    period_arguments(parser, samples=5)
    parser.add_argument("--json", action="store_true", help="all of it, for programs")


def period_arguments(parser: argparse.ArgumentParser, *, samples: int) -> None:
    """Add how far back to look, and how many samples to show."""
    parser.add_argument("--since", default=SINCE, metavar="TIME", help=f"how far back: 12h, 30d (default: {SINCE})")
    parser.add_argument(
        "--samples", type=int, default=samples, metavar="N", help=f"show the newest N (default: {samples})"
    )


def test(settings: Settings, opts: argparse.Namespace) -> int:
    """Do it; return the exit code.

    Raises:
        ConfigurationError, WatchlistError: a wrong argument, query or watchlist. StoreError: it cannot be reached.
    """
    watchlist = watchlist_of(settings)
    topic = _topic(watchlist, opts)
    trial = Trial([Change("new", None, topic)], watchlist.tags, samples=samples_of(opts))
    period = tried(settings, trial, since_of(opts))
    if opts.json:
        tally = trial.effects[topic.name].gained
        print(as_json({"topic": topic, "looked": looked_data(trial, period), **tally_data(tally)}))
    else:
        show(console(), topic, trial, period)
    return INTERRUPTED if period.interrupted else DONE


def _topic(watchlist: Watchlist, opts: argparse.Namespace) -> Topic:
    if len(opts.query) > 1:
        raise ConfigurationError("A query with spaces stands in quotes: scrapy topics test 'Orvania AND dam'")
    if bool(opts.query) == (opts.topic is not None):
        raise ConfigurationError("Name a query or a --topic, one of them: scrapy topics test 'Orvania AND dam'")
    if opts.query:
        return topic_of(opts.query[0], opts, watchlist)
    if opts.lang or opts.inflect:
        raise ConfigurationError("--lang and --inflect go with a query. A topic of the watchlist has its own.")
    return topic_named(watchlist, opts.topic)


def show(out: Console, topic: Topic, trial: Trial, period: Period) -> None:
    """Print what the topic finds."""
    tally = trial.effects[topic.name].gained
    show_terms(out, topic)
    for line in looked_at(trial, period):
        indented(out, Text(line), 0)
    if not tally.hits:
        print("No hits. scrapy topics explain says how a query is understood.")
        return
    print(f"{counted(tally.hits, 'hit')}, {tally.unmatched:,} of them {NEW}.\n")
    show_outlets(out, tally, period.days)
    print()
    show_days(out, tally, period.days)
    if tally.samples:
        print("\nThe newest:")
    for hit in tally.samples:
        show_hit(out, hit)


def since_of(opts: argparse.Namespace) -> timedelta:
    """Return how far back to look.

    Raises:
        ConfigurationError: --since is no time.
    """
    try:
        return parse_duration(opts.since)
    except ValueError as error:
        raise ConfigurationError(f"--since: {error}") from None


def samples_of(opts: argparse.Namespace) -> int:
    """Return how many samples to show.

    Raises:
        ConfigurationError: --samples is no such number.
    """
    if opts.samples < 0:
        raise ConfigurationError(f"--samples: {opts.samples} is no number of samples. Write 0, 1, 2 ...")
    return int(opts.samples)


def tried(settings: Settings, trial: Trial, since: timedelta) -> Period:
    """Hand the articles that are kept to the trial, newest first. Ctrl-C ends it early, which the answer says.

    Raises:
        StoreError: it cannot be reached.
    """
    period = _period(settings, since)

    async def look_back(store: Store) -> None:
        words = OutOf(await store.archive.count(period.since_ms), "articles")
        with Progress("looked at", words) as tell:
            async for kept in store.archive.articles(period.since_ms):
                trial.look_at(kept)
                tell(trial.looked)
                await _heed_interrupt()

    try:
        with_store(settings, look_back)
    except KeyboardInterrupt:
        period.interrupted = True
    return period


async def _heed_interrupt() -> None:
    """Let Ctrl-C end this task.

    It asks asyncio to cancel the task where that waits next. Mostly an article is being matched then, and the next to
    wait is redis-py (8.1), which looks for stale replies under a timeout of 0 s and takes the cancellation for its end.
    """
    task = asyncio.current_task()
    if task and task.cancelling():
        await asyncio.sleep(0)  # where it is cancelled
        raise asyncio.CancelledError  # unless redis-py has swallowed that


def _period(settings: Settings, since: timedelta) -> Period:
    now_ms = int(time.time() * 1000)
    return Period(
        since_ms=max(0, now_ms - in_ms(since)),
        until_ms=now_ms,
        published_kept=time_setting(settings, "KEEP_EVENTS"),
        unmatched_kept=time_setting(settings, "KEEP_UNMATCHED"),
    )
