"""`make demo`: the main job against the newsroom, for half a minute, with what comes through as it comes."""

import asyncio
import json
import os
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.rule import Rule
from rich.text import Text
from scrapy.settings import Settings

from crawler.commands.base import DONE, FAILED
from crawler.commands.looking import console, many, show_event
from crawler.desk.files import decode_file
from crawler.extensions.opening import open_for
from crawler.news.story import Story
from crawler.newsroom import Newsroom, expectations
from crawler.store import Store
from crawler.store.frontier import Tally

WATCH_S = 32  # the scenario's last step is at 20 s; a poll every 5 s and a recheck find it soon after

WELCOME = """A make-believe press opens on this machine: {outlets} outlets, all invented, no internet.
Storywatch follows their feeds, sitemaps and section pages for the topics on {watchlist}.
Articles appear and change while you watch, for half a minute. Whoever is alerted hears of each story once.
"""


@dataclass(frozen=True, slots=True)
class End:
    """What there is when the demo is over. `before`: the events of earlier runs; `heard`: the alerts of this one."""

    before: list[dict[str, Any]]
    after: list[dict[str, Any]]
    stories: list[Story]
    heard: list[dict[str, Any]]
    tally: Tally
    code: int

    @property
    def articles(self) -> list[dict[str, Any]]:
        """The events of articles, of all runs."""
        return [event for event in self.after if _is_article(event)]


KNOWN = """You have run the demo before, and the press has moved on since: all that it has was published already.
One pass over all of it, to see that nothing comes twice. (To begin again: rm -r {state_dir})
"""

NEXT = """Where it is     {state_dir} (an embedded Valkey; streams storywatch:articles, :stories and :alerts)
What to type    export SCRAPY_PROJECT=demo          # the demo's settings and data
                scrapy events                       # what you just saw
                scrapy events --json | head -1      # as programs read it
                scrapy stories                      # and one of them by its id, as a timeline
                scrapy alerts list                  # what was told, what was held back and why
                scrapy sources                      # how each source is
                scrapy frontier                     # the books
                scrapy newsroom                     # the press alone, to crawl by hand
Your own        edit watchlist/outlets.toml and watchlist/topics.toml, then: make run
"""


def demonstrate(settings: Settings) -> int:
    """Play the demo; return its exit code."""
    return asyncio.run(_demonstrate(settings, console()))


async def _demonstrate(settings: Settings, out: Console) -> int:
    async with await open_for(settings) as store:
        before = [json.loads(event.event) async for event in store.streams.events()]
        with Newsroom(play=True) as newsroom:
            if before:
                newsroom.advance(60)
                out.print(KNOWN.format(state_dir=_near(settings["STATE_DIR"])))
                code = await _crawl(newsroom, settings, "-a", "once=1", seconds=None)
            else:
                watchlist = _near(settings["WATCHLIST"])
                out.print(WELCOME.format(outlets=len(newsroom.world.outlets), watchlist=watchlist))
                showing = [asyncio.create_task(_show(store, out)), asyncio.create_task(_hear(newsroom, out))]
                code = await _crawl(newsroom, settings, seconds=WATCH_S)
                for task in showing:
                    task.cancel()
                await asyncio.gather(*showing, return_exceptions=True)
        end = End(
            before=before,
            after=[json.loads(event.event) async for event in store.streams.events()],
            stories=[decode_file(text).story async for text in store.stories.recent()],
            heard=newsroom.heard,
            tally=await store.frontier.tally(),
            code=code,
        )
        return _sum_up(out, settings, end)


async def _crawl(newsroom: Newsroom, settings: Settings, *arguments: str, seconds: float | None) -> int:
    """Run `scrapy crawl watch` beside us, to its end or for so long; return its exit code."""
    log = Path(settings["STATE_DIR"]) / "demo.log"
    environment = os.environ | {"http_proxy": newsroom.url}
    with log.open("w") as lines:
        crawl = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "scrapy", "crawl", "watch", *arguments, env=environment, stdout=lines, stderr=lines
        )
        try:
            async with asyncio.timeout(seconds):
                return await crawl.wait()
        except TimeoutError:
            crawl.send_signal(signal.SIGTERM)
            return await crawl.wait()
        except asyncio.CancelledError:  # Ctrl-C went to the crawl, too
            await crawl.wait()
            raise


async def _show(store: Store, out: Console) -> None:
    began = time.monotonic()
    async for event in store.streams.events(follow=True):
        show_event(out, event)
        if time.monotonic() - began > WATCH_S:
            return


async def _hear(newsroom: Newsroom, out: Console) -> None:
    """Show each alert as it arrives at the newsroom, which is its own channel."""
    shown = 0
    while True:
        for alert in newsroom.heard[shown:]:
            text = Text.assemble(("   ALERT  ", "bold white on red"), "  ", (alert["title"], "bold"))
            out.print(text, soft_wrap=True)
            for line in alert["message"].splitlines():
                out.print(Text(f"{'':12}{line}"), soft_wrap=True)
        shown = len(newsroom.heard)
        await asyncio.sleep(0.2)


def _sum_up(out: Console, settings: Settings, end: End) -> int:
    out.print(Rule(style="dim"))
    new = end.articles[len([event for event in end.before if _is_article(event)]) :]
    created = sum(event["type"].endswith("created") for event in new)
    doubled = len(end.after) - len({event["id"] for event in end.after})
    leaked = _leaks(end.articles)
    tally = end.tally
    outcomes = ", ".join(f"{count} {name}" for name, count in tally.outcomes.most_common())
    lines = [
        ("Came through", f"{created} new articles, {len(new) - created} edited, {doubled} doubled"),
        ("Edits noticed", "; ".join(_edits(new)) or "none"),
        *(("Stories" if number == 0 else "", text) for number, text in enumerate(_stories(end.stories))),
        ("Alerts", _alerts(end.heard)),
        ("Kept out", _kept_out(leaked)),
        ("The books", f"{tally.announced} announced = {tally.ended} outcomes ({outcomes}) + {tally.waiting} waiting"),
    ]
    for name, text in lines:
        out.print(f"[bold]{name:<15}[/] {escape(text)}", soft_wrap=True, highlight=False)
    out.print()
    out.print(NEXT.format(state_dir=_near(settings["STATE_DIR"])), highlight=False, soft_wrap=True)
    if end.code != DONE:
        out.print(f"The crawl ended with exit code {end.code}; its log: {_near(settings['STATE_DIR'])}/demo.log")
    sound = created + len(end.before) > 0 and not doubled and not leaked and tally.balanced
    return end.code if end.code != DONE else DONE if sound else FAILED


def _is_article(event: dict[str, Any]) -> bool:
    return ".article." in event["type"]


def _stories(stories: list[Story]) -> list[str]:
    """Each story that was not merged into another, the widest reported first: who has it, and who copied whom."""
    lines = []
    apart = [story for story in stories if story.mergedInto is None]
    for story in sorted(apart, key=lambda story: -len(story.articles)):
        copies = [f"{copy.outlet} copies {copy.copyOf}" for copy in story.copies]
        told = ", ".join([many(len(story.outlets), "outlet"), *copies])
        lines.append(f"{story.headline} ({told})")
    return lines or ["none"]


def _alerts(heard: list[dict[str, Any]]) -> str:
    if not heard:
        return "none: nothing is told twice"
    kinds = Counter(alert["kind"] for alert in heard)
    first = kinds.pop("story", 0)
    later = ", ".join(f"{count} for {'an edit' if kind == 'revision' else kind}" for kind, count in kinds.items())
    return f"{many(first, 'story', 'stories')} told, each once; follow-ups: {later or 'none'}"


def _edits(events: list[dict[str, Any]]) -> list[str]:
    """The edited articles by outlet and new headline."""
    return [f"{e['data']['outlet']}: {e['data']['headline']}" for e in events if e["type"].endswith("revised")]


def _leaks(events: list[dict[str, Any]]) -> list[str]:
    """Sentences of comments, appeals and disclaimers that got into a text. There must be none."""
    never = [text for row in expectations() for text in row.never]
    return [text for text in never for event in events if text in event["data"].get("articleBody", "")]


def _kept_out(leaked: list[str]) -> str:
    if leaked:
        return f"not all: {leaked[0]!r} got into a text"
    rows = expectations()
    comment = next(row.never[0] for row in rows if row.copy_of)
    many = len({text for row in rows for text in row.never})
    return f'{many} reader comments, appeals, disclaimers and link lists, like "{comment}"'


def _near(path: str | os.PathLike[str]) -> str:
    """A path as short as it is from here."""
    return os.path.relpath(path)
