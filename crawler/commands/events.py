"""`scrapy events`: the CloudEvents of both streams, for people and for pipes."""

import argparse
import json
from typing import Any

from rich.console import Console
from rich.text import Text

from crawler.commands.base import DONE, Command
from crawler.commands.looking import console, with_store
from crawler.news.event import article_schema
from crawler.store import Store
from crawler.store.streams import StoredEvent


class Events(Command):
    """Prints events, oldest first."""

    summary = "show what was published: the events of the streams, oldest first"
    epilog = """examples:
  scrapy events                               what came through, for reading
  scrapy events --follow                      and what comes from now on
  scrapy events --type revised                edits alone
  scrapy events --topic "Energy prices"       one topic
  scrapy events --json | jq .data.headline    CloudEvents 1.0, one a line

A program reads the same events from the Redis stream storywatch:articles, field "event".
"""

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--follow", "-f", action="store_true", help="wait for more, until interrupted")
        parser.add_argument("--type", metavar="T", help='type or its end: "created", "storywatch.article.revised"')
        parser.add_argument("--topic", metavar="T", help="only articles that meet this topic")
        parser.add_argument("--schema", action="store_true", help="print the JSON Schema of the events instead")
        parser.add_argument("--json", action="store_true", help="the CloudEvents themselves, one a line")

    def execute(self, opts: argparse.Namespace) -> int:
        if opts.schema:
            print(json.dumps(article_schema(), indent=2))
            return DONE
        out = console()

        async def look(store: Store) -> int:
            async for event in store.streams.events(follow=opts.follow):
                if _wanted(event, opts.type, opts.topic):
                    _print(event, out, as_json=opts.json)
            return DONE

        return with_store(self.settings, look)


def _wanted(event: StoredEvent, kind: str | None, topic: str | None) -> bool:
    if kind and event.type != kind and not event.type.endswith(f".{kind}"):
        return False
    return not topic or topic in _topics(json.loads(event.event)["data"])


def _topics(data: dict[str, Any]) -> list[str]:
    return [match["topic"] for match in data.get("topics", [])]


def _print(event: StoredEvent, out: Console, *, as_json: bool) -> None:
    if as_json:
        print(event.event, flush=True)
        return
    cloud = json.loads(event.event)
    data = cloud["data"]
    line = Text.assemble(
        (cloud["time"][:19].replace("T", " "), "dim"),
        "  ",
        (f"{event.type.rpartition('.')[2]:<8}", "green" if event.type.endswith("created") else "yellow"),
        f" {data.get('outlet', '')}: ",
        (data.get("headline") or data.get("url", ""), "bold"),
    )
    out.print(line, soft_wrap=True)
    for match in data.get("topics", []):
        evidence = match.get("evidence") or [{"snippet": ""}]
        out.print(Text(f"    {match['topic']}: {evidence[0]['snippet']}", style="dim"), soft_wrap=True)
