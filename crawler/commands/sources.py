"""`scrapy sources`: every source, how it is, and when it is polled next."""

import argparse

from crawler.commands.base import DONE, FAILED, Command
from crawler.commands.looking import ago, console, span, table, with_store
from crawler.news.source import SourceState
from crawler.store import Store


class Sources(Command):
    """Lists sources, the ailing ones first."""

    summary = "show every source: how it is, when it spoke last, when it is polled next"
    epilog = """examples:
  scrapy sources                all of them, those with a problem first
  scrapy sources "BBC News"     one outlet's, with the last failure in words
"""

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("outlet", nargs="?", help="only this outlet's sources, in detail")

    def execute(self, opts: argparse.Namespace) -> int:
        async def look(store: Store) -> tuple[list[SourceState], int]:
            states = {state.id: state async for state in store.schedule.sources()}
            return list(states.values()), (await store.frontier.tally()).now_ms

        states, now_ms = with_store(self.settings, look)
        if opts.outlet:
            chosen = [state for state in states if state.outlet == opts.outlet]
            if states and not chosen:
                print(f'No source of "{opts.outlet}". Outlets: {", ".join(sorted({s.outlet for s in states}))}')
                return FAILED
            states = chosen
        if not states:
            print("No sources yet. They appear with the first crawl: scrapy crawl watch -a once=1")
            return DONE
        self._print(
            sorted(states, key=lambda s: (-s.failures, s.outlet, s.kind, s.url)), now_ms, details=bool(opts.outlet)
        )
        return DONE

    def _print(self, states: list[SourceState], now_ms: int, *, details: bool) -> None:
        rows = table("outlet", "kind", "health", "polled", "last new", "every", "next", "source", numbers=("every",))
        for state in states:
            health = state.health if not state.failures else f"{state.health} ({state.failures} in a row)"
            rows.add_row(
                state.outlet,
                state.kind,
                health,
                ago(state.polled_ms, now_ms),
                ago(state.new_entry_ms, now_ms),
                span(state.every_ms),
                "now" if state.due_ms <= now_ms else ago(state.due_ms, now_ms),
                state.url,
            )
        console().print(rows)
        for state in states:
            if details and state.detail:
                print(f"\n{state.url}\n  {state.detail}")
