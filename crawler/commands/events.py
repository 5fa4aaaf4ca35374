"""`scrapy events`: the CloudEvents of both streams, for people and for pipes."""

import argparse
import json
from typing import Any

from crawler.commands.base import DONE, Command
from crawler.commands.looking import console, show_event, with_store
from crawler.news.event import SCHEMAS
from crawler.store import Store
from crawler.store.streams import StoredEvent


class Events(Command):
    """Prints events, oldest first."""

    summary = "show what was published: the events of the streams, oldest first"
    epilog = """examples:
  scrapy events                               what came through, for reading
  scrapy events --follow                      and what comes from now on
  scrapy events --type revised                edits alone
  scrapy events --type storywatch.story       stories alone
  scrapy events --topic "Energy prices"       one topic
  scrapy events --json | jq .data.headline    CloudEvents 1.0, one a line

A program reads the same events from the Redis streams storywatch:articles and storywatch:stories, field "event".
"""

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--follow", "-f", action="store_true", help="wait for more, until interrupted")
        parser.add_argument("--type", metavar="T", help='type, its start or end: "revised", "storywatch.article"')
        parser.add_argument("--topic", metavar="T", help="only articles and stories that meet this topic")
        parser.add_argument(
            "--schema",
            nargs="?",
            const="article",
            choices=list(SCHEMAS),
            help="print the JSON Schema of events instead",
        )
        parser.add_argument("--json", action="store_true", help="the CloudEvents themselves, one a line")

    def execute(self, opts: argparse.Namespace) -> int:
        if opts.schema:
            print(json.dumps(SCHEMAS[opts.schema](), indent=2))
            return DONE
        out = console()

        async def look(store: Store) -> int:
            async for event in store.streams.events(follow=opts.follow):
                if not _wanted(event, opts.type, opts.topic):
                    continue
                if opts.json:
                    print(event.event, flush=True)
                else:
                    show_event(out, event)
            return DONE

        return with_store(self.settings, look)


def _wanted(event: StoredEvent, kind: str | None, topic: str | None) -> bool:
    if kind and not f".{event.type}.".endswith(f".{kind}.") and not f"{event.type}.".startswith(f"{kind}."):
        return False
    return not topic or topic in _topics(json.loads(event.event)["data"])


def _topics(data: dict[str, Any]) -> list[str]:
    """The topics of an article, or of a story."""
    return [topic if isinstance(topic, str) else topic["topic"] for topic in data.get("topics", [])]
