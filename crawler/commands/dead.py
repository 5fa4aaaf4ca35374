"""`scrapy dead`: what was given up, why, and another chance for it."""

import argparse
import json

import msgspec

from crawler.commands.base import DONE, FAILED, Command
from crawler.commands.looking import console, table, with_store
from crawler.store import Store
from crawler.store.streams import Dead as DeadEntry


class Dead(Command):
    """Lists, shows and retries what ended in dead."""

    summary = "look at what was given up, and try it again"
    epilog = """examples:
  scrapy dead list                     all, oldest first
  scrapy dead show n4e7zyc267jbykal    one, with all that is known of it
  scrapy dead retry n4e7zyc267jbykal   give it another chance
  scrapy dead retry --reason timeout   all that died of one reason
  scrapy dead retry --all
"""

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        self.action(parser, "list", self.list_all, "what was given up, oldest first")
        show = self.action(parser, "show", self.show, "one entry, with all that is known of it")
        show.add_argument("id", help="as `scrapy dead list` prints it")
        retry = self.action(parser, "retry", self.retry, "give entries another chance; the next pass fetches them")
        retry.add_argument("id", nargs="*", help="as `scrapy dead list` prints it")
        retry.add_argument("--reason", metavar="R", help="all that died of this")
        retry.add_argument("--all", action="store_true", help="all of them")

    def list_all(self, _opts: argparse.Namespace) -> int:
        """Print one line each."""
        found = with_store(self.settings, _all)
        if not found:
            print("Nothing is dead.")
            return DONE
        rows = table("id", "outlet", "reason", "attempts", "url", numbers=("attempts",))
        for dead in found:
            rows.add_row(dead.id, *_row(dead))
        console().print(rows)
        return DONE

    def show(self, opts: argparse.Namespace) -> int:
        """Print everything about one."""
        found = [dead for dead in with_store(self.settings, _all) if dead.id == opts.id]
        for dead in found:
            print(f"{dead.id}: {dead.reason}: {dead.detail}")
            known = msgspec.to_builtins(dead.record) if dead.record else json.loads(dead.event)
            print(json.dumps(known, indent=2, ensure_ascii=False))
        return DONE if found else _unknown([opts.id])

    def retry(self, opts: argparse.Namespace) -> int:
        """Send some back to the frontier."""
        if not (opts.id or opts.reason or opts.all):
            print("Say which: ids, --reason R or --all.")
            return FAILED

        async def look(store: Store) -> tuple[int, set[str]]:
            revived = set()
            for dead in await _all(store):
                wanted = opts.all or dead.id in opts.id or dead.reason == opts.reason
                if wanted and await store.streams.revive(dead) == "OK":
                    revived.add(dead.id)
            return len(revived), set(opts.id) - revived

        revived, unknown = with_store(self.settings, look)
        print(f"{revived} back in the frontier. The next pass fetches them: scrapy crawl watch -a once=1")
        return _unknown(sorted(unknown)) if unknown else DONE


def _row(dead: DeadEntry) -> tuple[str, ...]:
    """Outlet, reason, attempts, URL."""
    if dead.record is None:
        return "", dead.reason, "", dead.detail
    return dead.record.outlet, dead.reason, str(dead.record.attempts), dead.record.url


async def _all(store: Store) -> list[DeadEntry]:
    return [dead async for dead in store.streams.dead()]


def _unknown(ids: list[str]) -> int:
    print(f'not among the dead: {", ".join(ids)}. "scrapy dead list" shows which are.')
    return FAILED
