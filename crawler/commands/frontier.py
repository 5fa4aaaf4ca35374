"""`scrapy frontier`: the books. Every announced entry waits, is in hand, or has its outcome."""

import argparse

from crawler.commands.base import DONE, FAILED, Command
from crawler.commands.looking import with_store
from crawler.store import Store
from crawler.store.frontier import Tally


class Frontier(Command):
    """Prints announced = outcomes + waiting + leased."""

    summary = "show the books: what was announced, how it ended, what waits"
    epilog = """Every entry that a source announces ends in exactly one outcome:

  published    it is in the stream
  unmatched    it meets no topic (PUBLISH_UNMATCHED=1 publishes it all the same)
  unchanged    the article was known: another address of it
  rejected     for good, by a rule: robots, no-text, gone, first-look (older than the first look at its source) ...
  dead         given up after several attempts; kept: scrapy dead list

The exit code is 1 if the books don't balance, which would be a bug.
"""

    def execute(self, _opts: argparse.Namespace) -> int:
        async def look(store: Store) -> Tally:
            return await store.frontier.tally()

        tally = with_store(self.settings, look)
        print(f"announced {tally.announced} = outcomes {tally.ended} + waiting {tally.waiting} + leased {tally.leased}")
        for name, count in sorted(tally.outcomes.items(), key=lambda item: (-item[1], item[0])):
            print(f"  {count:>8}  {name}")
        if not tally.balanced:
            print("The books don't balance. This is a bug: please report it with this output.")
        return DONE if tally.balanced else FAILED
