"""`scrapy alerts`: what went out, what is owed, and whether a channel works."""

import argparse
import asyncio
import json
import os
from datetime import UTC, datetime
from typing import Any

import msgspec

from crawler.commands.base import DONE, FAILED, Command
from crawler.commands.looking import ago, console, table, with_store
from crawler.desk.alerts import Owed
from crawler.desk.channels import open_channel
from crawler.desk.wording import message_of
from crawler.extensions.watching import watchlist_of
from crawler.news.alert import Alert, Report
from crawler.news.errors import DeliveryError
from crawler.news.story import Why
from crawler.store import Store


class Alerts(Command):
    """Lists alerts, tests channels."""

    summary = "look at alerts: sent, held back, failed, still owed; and test a channel"
    epilog = """examples:
  scrapy alerts list                    what became of each, the last ones last
  scrapy alerts list --channel desk     of one channel
  scrapy alerts list --json             CloudEvents, one a line, as in the stream storywatch:alerts
  scrapy alerts test desk               send a test alert, and see whether it arrives
"""

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        listing = self.action(parser, "list", self.list_all, "what became of each alert, and what is owed")
        listing.add_argument("--channel", metavar="C", help="only this channel's")
        listing.add_argument("--json", action="store_true", help="the CloudEvents themselves, one a line")
        test = self.action(parser, "test", self.test, "send a test alert to a channel")
        test.add_argument("channel", help="its name in your watchlist")

    def list_all(self, opts: argparse.Namespace) -> int:
        """Print one line each."""

        async def look(store: Store) -> tuple[list[str], list[Owed], int]:
            past = [event.event async for event in store.streams.alerts()]
            owed = [msgspec.json.decode(text, type=Owed) for text in (await store.stories.outbox()).values()]
            return past, owed, (await store.frontier.tally()).now_ms

        past, owed, now_ms = with_store(self.settings, look)
        events = [(text, json.loads(text)) for text in past]
        events = [(text, event) for text, event in events if opts.channel in (None, event["data"]["channel"])]
        if opts.json:
            for text, _ in events:
                print(text)
            return DONE
        owed = [item for item in owed if opts.channel in (None, item.channel)]
        if not events and not owed:
            print("No alerts yet. A topic's `channels` say who hears of it.")
            return DONE
        rows = table("time", "channel", "kind", "result", "story", "")
        for _, event in events:
            rows.add_row(*_row(event))
        for item in sorted(owed, key=lambda item: item.due_ms):
            kind = item.alert.kind if item.alert else ""
            what = item.alert.headline if item.alert else ""
            due = "now" if item.due_ms <= now_ms else ago(item.due_ms, now_ms)
            rows.add_row("", item.channel, kind, "owed", item.story_id, f"{what} (due {due}) {item.error}".strip())
        console().print(rows)
        return DONE

    def test(self, opts: argparse.Namespace) -> int:
        """Send a test alert."""
        channels = {channel.name: channel for channel in watchlist_of(self.settings).channels}
        if opts.channel not in channels:
            print(f'no channel is called "{opts.channel}". There are: {", ".join(channels) or "none"}')
            return FAILED
        alert = _test_alert(opts.channel)
        sender = open_channel(channels[opts.channel], os.environ)
        try:
            asyncio.run(sender.send(message_of(alert), alert))
        except DeliveryError as error:
            print(f'channel "{opts.channel}": {error}. Nothing arrived, or nobody said so.')
            return FAILED
        print(f'channel "{opts.channel}": the test alert was taken.')
        return DONE


def _row(event: dict[str, Any]) -> tuple[str, ...]:
    data = event["data"]
    result = event["type"].rpartition(".")[2]
    what = data["alert"]["headline"] if "alert" in data else ""
    time = event["time"][:16].replace("T", " ")
    return time, data["channel"], data["kind"], result, data["storyId"], f"{what} {data.get('why', '')}".strip()


def _test_alert(channel: str) -> Alert:
    """An alert that says that it is none. Its id is new each time, for receivers that drop repeats."""
    now = datetime.now(UTC)
    report = Report("Storywatch", "This is a test", "https://storywatch.example/test", now)
    return Alert(
        id=f"test-{now.timestamp():.0f}",
        kind="story",
        channel=channel,
        storyId="test",
        headline="Storywatch: a test alert",
        url=report.url,
        topics=[Why("Your topic", "test", f"a test, sent to the channel «{channel}» by hand")],
        reports=[report],
    )
