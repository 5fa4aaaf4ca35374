"""`scrapy topics diff`: what an edited watchlist gains and loses over the articles that the store keeps."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text
from scrapy.settings import Settings

from crawler.commands.base import DONE, FAILED, INTERRUPTED
from crawler.commands.explaining import why_not
from crawler.commands.looking import console, with_store
from crawler.commands.studying import is_there
from crawler.commands.telling import (
    NEW,
    Period,
    as_json,
    clock,
    counted,
    hit_data,
    indented,
    looked_at,
    looked_data,
    show_hit,
    tally_data,
    terms,
    time_data,
)
from crawler.commands.trying import period_arguments, samples_of, since_of, tried
from crawler.extensions.watching import watchlist_of
from crawler.news.errors import ConfigurationError
from crawler.news.topic import Topic
from crawler.store.running import Running
from crawler.topics.account import account
from crawler.topics.articles import Tags, fields_of
from crawler.topics.trial import Change, Effect, Hit, Kind, Trial, changes
from crawler.watchlist import Watchlist
from crawler.watchlist.documents import shown

EPILOG = """\
Compares a watchlist, as it stands in its files, with the topics by which the last crawl matches or matched, and says
what each topic that differs gains and loses over the articles that the store keeps. Tags are those of the files for
both. A crawl that runs takes up an edit within seconds (LOOK_AT_WATCHLIST): edit a copy, and compare that.

examples:
  cp -r watchlist edited                        then edit edited/topics.toml
  scrapy topics diff edited/                    what the edits do
  scrapy topics diff                            the watchlist itself, while no crawl runs
  scrapy topics diff --since 2d --samples 10
  scrapy topics diff --json                     for programs

exit code: 0 also if there are differences; 1 no crawl has matched yet, or the store cannot be reached; 2 a wrong
argument or watchlist
"""

COLOURS: dict[Kind, str] = {"new": "bold green", "gone": "bold red", "changed": "bold yellow", "channels": "bold cyan"}
WORDS: dict[Kind, str] = {"new": "new", "changed": "changed", "channels": "with other channels", "gone": "gone"}
INDENT = len("channels  ")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `diff`."""
    parser.add_argument("path", nargs="?", type=Path, help="a TOML file or a folder of them (default: WATCHLIST)")
    period_arguments(parser, samples=3)
    parser.add_argument("--json", action="store_true", help="all of it, for programs")


def diff(settings: Settings, opts: argparse.Namespace) -> int:
    """Do it; return the exit code.

    Raises:
        ConfigurationError, WatchlistError: a wrong argument or watchlist. StoreError: it cannot be reached.
    """
    if opts.path and not is_there(opts.path):
        raise ConfigurationError(f"{shown(opts.path)}: no such file or folder. Name an edited copy of your watchlist.")
    path, since, samples = opts.path or Path(settings["WATCHLIST"]), since_of(opts), samples_of(opts)
    watchlist = watchlist_of(settings, path)
    running = with_store(settings, lambda store: store.running.topics())
    if running is None:
        print(f"Nothing has matched by topics yet that {shown(path)} could be compared with.", file=sys.stderr)
        return FAILED
    differing = changes(running.topics, watchlist.topics)
    trial = Trial(differing, watchlist.tags, samples=samples)
    period = tried(settings, trial, since) if trial.effects else None
    if opts.json:
        print(as_json(_data(running, differing, trial, period, watchlist.tags)))
    else:
        show(console(), running, differing, trial, period, watchlist)
    return INTERRUPTED if period and period.interrupted else DONE


def show(
    out: Console,
    running: Running,
    differing: Sequence[Change],
    trial: Trial,
    period: Period | None,
    watchlist: Watchlist,
) -> None:
    """Print what differs and what comes of it."""
    indented(out, Text(_headline(running, differing, watchlist)), 0)
    if not watchlist.topics:
        print("Without topics every article is published.")
    for line in looked_at(trial, period) if period else ():
        indented(out, Text(line), 0)
    for change in differing:
        print()
        kind = Text(f"{change.kind:<{INDENT}}", COLOURS[change.kind])
        out.print(kind.append(change.name, "bold"), soft_wrap=True)
        for sign, key, value in _edits(change):
            indented(out, Text(f"{sign} {key}  {value}", "green" if sign == "+" else "red"), INDENT)
        effect = trial.effects.get(change.name)
        if effect is None:
            indented(out, Text("meets the same articles"), INDENT)
        else:
            _show_effect(out, change, effect, watchlist.tags)


def _headline(running: Running, differing: Sequence[Change], watchlist: Watchlist) -> str:
    """Return with what is compared, and how many topics differ."""
    kinds = Counter(change.kind for change in differing)
    same = len(watchlist.topics) - len(differing) + kinds["gone"]
    told = [f"{kinds[kind]:,} {words}" for kind, words in WORDS.items() if kinds[kind]]
    by = f"{running.worker} matches by (since {clock(running.since_ms)} UTC)"
    return f"Compared with what {by}: {', '.join([*told, f'{same:,} the same'])}."


def _edits(change: Change) -> Iterator[tuple[str, str, str]]:
    """Yield what changed in a topic, line by line: a sign, the key of the watchlist, its value before or after."""
    old, new = (dict(_keys(topic)) if topic else {} for topic in (change.old, change.new))
    for key in old | new:
        if old.get(key) == new.get(key):
            continue
        if key in old:
            yield "-", key, old[key]
        if key in new:
            yield "+", key, new[key]


def _keys(topic: Topic) -> Iterator[tuple[str, str]]:
    yield from terms(topic)
    if topic.channels:
        yield "channels", ", ".join(topic.channels)


def _show_effect(out: Console, change: Change, effect: Effect, tags: Tags) -> None:
    gained, lost = effect.gained, effect.lost
    if not gained.hits and not lost.hits:
        indented(out, Text("gains and loses nothing"), INDENT)
    if gained.hits:
        indented(out, Text(f"gains {counted(gained.hits, 'article')}, {gained.unmatched:,} of them {NEW}"), INDENT)
        for hit in gained.samples:
            show_hit(out, hit, indent=INDENT + 2)
    if lost.hits:
        indented(out, Text(f"loses {counted(lost.hits, 'article')}"), INDENT)
        for hit in lost.samples:
            show_hit(out, hit, indent=INDENT + 2, lost=True, because=_because(change, hit, tags))


def _because(change: Change, hit: Hit, tags: Tags) -> str:
    """Say why a topic does not meet an article any more; "" if there is no such topic any more."""
    return why_not(account(change.new, **fields_of(hit.seen.article, tags))) if change.new else ""


# For programs.


def _data(
    running: Running, differing: Sequence[Change], trial: Trial, period: Period | None, tags: Tags
) -> dict[str, object]:
    return {
        "running": {"worker": running.worker, "since": time_data(running.since_ms)},
        "looked": looked_data(trial, period) if period else None,
        "topics": [_change_data(change, trial.effects.get(change.name), tags) for change in differing],
    }


def _change_data(change: Change, effect: Effect | None, tags: Tags) -> dict[str, object]:
    told: dict[str, object] = {"name": change.name, "change": change.kind, "old": change.old, "new": change.new}
    if effect:
        lost = [hit_data(hit) | {"because": _because(change, hit, tags)} for hit in effect.lost.samples]
        told |= {"gained": tally_data(effect.gained), "lost": tally_data(effect.lost) | {"samples": lost}}
    return told
