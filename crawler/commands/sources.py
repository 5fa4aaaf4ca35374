"""`scrapy sources`: every source, how it is, when it is polled next, and what it is worth."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, replace

from crawler.commands.base import DONE, FAILED, Command
from crawler.commands.looking import ago, many, print_columns, span, with_store
from crawler.discovery.coverage import Coverage, coverage
from crawler.news.errors import ConfigurationError
from crawler.news.source import SourceState
from crawler.store import Store

NAMED = 10  # of what a source missed
# What stands in front of an outlet's articles: its name, and what helps. Challenged pages are tried again anyway.
WALLS = {
    "bot-challenge": (
        "bot challenge",
        'set render = "always" for the outlet, or ask it to let us in (setting CONTACT); once pages are dead of it: '
        "scrapy dead retry --reason bot-challenge",
    ),
    "consent-wall": (
        "consent wall",
        'set render = "always" for the outlet, or watch another source of it; then: '
        "scrapy dead retry --reason consent-wall",
    ),
}
SHORT_REST_MS = 60_000  # a host that is asked for something now is free again by then

EPILOG = """examples:
  scrapy sources                          all of them, those with a problem first
  scrapy sources "BBC News"               one outlet's, each with all that is known of it, and why it waits
  scrapy sources --coverage               which source found what first, and what it missed that another had
  scrapy sources "BBC News" --coverage    the same, with the addresses that were missed
  scrapy sources "BBC News" --poll        poll them now, also those that were given up as gone
  scrapy sources --json                   for programs: one source a line
"""


class Sources(Command):
    """Lists sources, the ailing ones first."""

    summary = "show every source: how it is, when it spoke last, when it is polled next"
    epilog = EPILOG

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("outlet", nargs="?", help="only this outlet's sources, in detail")
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--coverage", action="store_true", help="compare what the sources of an outlet found")
        form.add_argument("--poll", action="store_true", help="make the outlet's sources due now")
        form.add_argument("--json", action="store_true", help="one source a line, with all that is known of it")

    def execute(self, opts: argparse.Namespace) -> int:
        if opts.poll and not opts.outlet:
            raise ConfigurationError('--poll needs an outlet, for example: scrapy sources "BBC News" --poll')
        return with_store(self.settings, lambda store: _show(store, opts))


async def _show(store: Store, opts: argparse.Namespace) -> int:
    states = sorted(
        {state.id: state async for state in store.schedule.sources()}.values(),
        key=lambda state: (-state.failures, -state.walls, state.outlet, state.kind, state.url),
    )
    chosen = [state for state in states if opts.outlet in (None, state.outlet)]
    if states and not chosen:
        print(f'No source of "{opts.outlet}". Outlets: {", ".join(sorted({s.outlet for s in states}))}')
        return FAILED
    if opts.json:
        for state in chosen:
            print(json.dumps(asdict(state), ensure_ascii=False))
    elif not states:
        print("No sources yet. They appear with the first crawl: scrapy crawl watch -a once=1")
    elif opts.coverage:
        now_ms = (await store.frontier.tally()).now_ms
        await _compare(store, chosen, now_ms, named=NAMED if opts.outlet else 0)
    elif opts.poll:
        await _poll(store, chosen)
    elif opts.outlet:
        _detail(await _with_rests(store, chosen), (await store.frontier.tally()).now_ms)
    else:
        _list(chosen, (await store.frontier.tally()).now_ms)
    return DONE


async def _with_rests(store: Store, states: Sequence[SourceState]) -> list[SourceState]:
    """Sources with the time at which they can be polled in truth: their host may have to be left alone for longer."""
    rests = await store.schedule.rests({state.host for state in states})
    return [
        replace(state, due_ms=until_ms, why=f"{state.host} is to be left alone until then; else: {state.why}")
        if (until_ms := rests.get(state.host, 0)) > state.due_ms + SHORT_REST_MS
        else state
        for state in states
    ]


async def _poll(store: Store, states: Sequence[SourceState]) -> None:
    """Make sources due now, and say which of them have to wait all the same."""
    hastened = await store.schedule.hasten(states, "asked for by hand")
    print(f"{many(hastened, 'source')} due now; the crawl that runs, or the next one, polls them.")
    now_ms = (await store.frontier.tally()).now_ms
    for host, until_ms in sorted((await store.schedule.rests({state.host for state in states})).items()):
        if until_ms > now_ms + SHORT_REST_MS:
            print(f"But {host} is to be left alone: its turn comes {ago(until_ms, now_ms)}.")


def _list(states: Sequence[SourceState], now_ms: int) -> None:
    header = ("outlet", "kind", "health", "polled", "last new", "every", "next", "source")
    rows = (
        (
            state.outlet,
            state.kind,
            health(state),
            ago(state.polled_ms, now_ms),
            ago(state.new_entry_ms, now_ms),
            span(state.learned_ms or state.every_ms),
            _next(state, now_ms),
            state.url,
        )
        for state in states
    )
    print_columns(header, rows, numbers=("every",))


def _detail(states: Sequence[SourceState], now_ms: int) -> None:
    for state in states:
        learned = span(state.learned_ms) if state.learned_ms else "nothing yet"
        lines = [
            ("moved to", state.moved or ""),
            ("health", polling(state)),
            ("", state.detail),
            ("pages", walled(state)),
            ("", WALLS[state.wall][1] if state.wall in WALLS else ""),
            ("last poll", ago(state.polled_ms, now_ms) + (f", number {state.polls}" if state.polls else "")),
            ("last new entry", ago(state.new_entry_ms, now_ms)),
            ("entries", f"{state.entries:,} at the last reading"),
            ("overflows", many(state.overflows, "time") if state.overflows else ""),
            ("interval", f"learned {learned}; from {span(state.every_ms)} to {span(state.longest_ms)}"),
            ("next due", _next(state, now_ms)),
            ("why", state.why),
        ]
        print(f"{state.outlet}, {state.kind}  {state.url}")
        print("".join(f"  {name:<15} {text}\n" for name, text in lines if text))


def health(state: SourceState) -> str:
    """How a source is, in a few words: its polls, or its pages when they are the worse."""
    return polling(state) if state.twin or state.failures else walled(state) or polling(state)


def polling(state: SourceState) -> str:
    """How its polls go, in a few words."""
    if state.twin:
        return "the same as another"
    return f"{state.health} ({state.failures} in a row)" if state.failures else state.health


def walled(state: SourceState) -> str:
    """What the last looks at its pages met instead of articles, in words; "" if the last met one."""
    if state.wall not in WALLS:
        return ""
    name = WALLS[state.wall][0]
    if state.walls == 1:
        return f"the last look at its pages met a {name}"
    return f"the last {state.walls} looks at its pages met {name}s"


def _next(state: SourceState, now_ms: int) -> str:
    return "now" if state.due_ms <= now_ms else ago(state.due_ms, now_ms)


async def _compare(store: Store, states: Sequence[SourceState], now_ms: int, *, named: int) -> None:
    """Compare the sources of each outlet that has several; name up to so many addresses that each missed."""
    by_outlet: dict[str, list[SourceState]] = {}
    for state in states:
        by_outlet.setdefault(state.outlet, []).append(state)
    rows = [
        row
        for outlet, sources in sorted(by_outlet.items())
        if len(sources) > 1
        for row in coverage(sources, await store.schedule.found(outlet, now_ms))
    ]
    if not rows:
        print("Nothing to compare: an outlet needs two sources or more.")
        return
    addresses = {state.id: state.url for state in states}
    print("Of what was found in the last one to two weeks:")
    _print_coverage(rows)
    for row in rows:
        for entry in row.missed[-named:] if named else ():
            who = addresses.get(entry.first, "a source that is no longer watched")
            print(f"\n{row.source.url}\n  missed {entry.url}\n  which {who} had")


def _print_coverage(rows: Sequence[Coverage]) -> None:
    counted = ("announced", "first", "alone", "missed")
    cells = (
        (
            row.source.outlet,
            row.source.kind,
            *map(str, (row.announced, row.first, row.alone, len(row.missed))),
            "" if row.behind_ms is None else span(row.behind_ms),
            row.source.url,
        )
        for row in rows
    )
    print_columns(("outlet", "kind", *counted, "behind", "source"), cells, numbers=(*counted, "behind"))
