"""`scrapy stories`: which stories there are, and how each went."""

import argparse
import json
from datetime import datetime

import msgspec
from rich.console import Console
from rich.text import Text

from crawler.commands.base import DONE, FAILED, Command
from crawler.commands.looking import ago, console, many, table, with_store
from crawler.desk.files import decode_file
from crawler.desk.stories import StoryFile
from crawler.news.story import Story, StoryArticle
from crawler.store import Store

SHORTEST_ID = 4  # of an id's beginning that is taken for one
MOST = 50  # stories in the list, unless all are asked for


class Stories(Command):
    """Lists stories; shows one as a timeline."""

    summary = "show the stories: who reports each, who copied whom, what was edited"
    epilog = """examples:
  scrapy stories                        the stories that changed last
  scrapy stories 3f9a0c41d2e8           one of them, as a timeline (the beginning of its id will do)
  scrapy stories "Energy prices"        those about a topic
  scrapy stories --json                 all of them, one a line
"""

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", help="a story's id, or a topic")
        parser.add_argument("--all", action="store_true", help=f"not only the {MOST} that changed last")
        parser.add_argument("--json", action="store_true", help="the stories with all of their articles, one a line")

    def execute(self, opts: argparse.Namespace) -> int:
        async def look(store: Store) -> tuple[list[StoryFile], int]:
            files = [decode_file(text) async for text in store.stories.recent()]
            return files, (await store.frontier.tally()).now_ms

        files, now_ms = with_store(self.settings, look)
        if opts.name:
            chosen = [file for file in files if _is_meant(file.story, opts.name)]
            if not chosen:
                print(f'No story or topic is called "{opts.name}". "scrapy stories" lists them.')
                return FAILED
        else:
            chosen = [file for file in files if file.story.mergedInto is None]
        if opts.json:
            for file in chosen:
                print(json.dumps(_builtins(file.story), ensure_ascii=False))
        elif opts.name and len(chosen) == 1:
            _timeline(console(), chosen[0])
        elif chosen:
            _list(chosen if opts.all or opts.name else chosen[:MOST], len(chosen), now_ms)
        else:
            print("No stories yet. They appear with the first articles: scrapy crawl watch -a once=1")
        return DONE


def _is_meant(story: Story, name: str) -> bool:
    if len(name) >= SHORTEST_ID and story.storyId.startswith(name):
        return True
    return story.mergedInto is None and name in [why.topic for why in story.topics]


def _builtins(story: Story) -> dict[str, object]:
    """The story as JSON has it, with what follows from its articles."""
    named: dict[str, object] = msgspec.to_builtins(story)
    return {"headline": story.headline, "url": story.lead.url, "outlets": story.outlets, **named}


def _list(files: list[StoryFile], there_are: int, now_ms: int) -> None:
    rows = table(
        "id", "changed", "outlets", "copies", "edits", "headline", "topics", numbers=("outlets", "copies", "edits")
    )
    for file in files:
        story = file.story
        edits = sum(len(article.edits) for article in story.articles)
        rows.add_row(
            story.storyId,
            ago(int(story.updated.timestamp() * 1000), now_ms),
            str(len(story.outlets)),
            str(len(story.copies) or ""),
            str(edits or ""),
            story.headline,
            ", ".join(why.topic for why in story.topics),
        )
    console().print(rows)
    if there_are > len(files):
        print(f"and {there_are - len(files)} more: scrapy stories --all")


def _timeline(out: Console, file: StoryFile) -> None:
    """Print a story from its beginning: who reported, who copied, what was edited, what was told."""
    story = file.story
    out.print(Text(story.headline, style="bold"), soft_wrap=True)
    told = [many(len(story.outlets), "outlet"), many(len(story.copies), "copy", "copies") if story.copies else ""]
    facts = [f"story {story.storyId}", f"first seen {_clock(story.firstSeen)}", ", ".join(filter(None, told))]
    out.print(Text("  ·  ".join(facts), style="dim"), soft_wrap=True)
    if story.mergedInto:
        out.print(f"It turned out to be part of story {story.mergedInto}.")
    out.print()
    width = max(len(article.outlet) for article in story.articles)
    lines = [line for article in story.articles for line in _lines(article, width, is_lead=article is story.lead)]
    for _, line in sorted(lines, key=lambda dated: dated[0]):
        out.print(line, soft_wrap=True)
    out.print()
    for why in story.topics:
        out.print(Text.assemble((f"{why.topic}: ", "bold"), why.snippet), soft_wrap=True)
    for channel, knows in file.told.items():
        out.print(Text(f'channel "{channel}" was sent {many(knows.alerts, "alert")}', style="dim"), soft_wrap=True)


def _lines(article: StoryArticle, width: int, *, is_lead: bool) -> list[tuple[datetime, Text]]:
    """An article's appearance and its edits, each with its time."""
    how = f"copy of {article.copyOf}" if article.copyOf else "first" if is_lead else ""
    first = article.edits[0].headlineBefore if article.edits else article.headline
    shown = Text.assemble(
        (f"{_clock(article.time)}  ", "dim"),
        (f"{article.outlet:<{width}}  ", "cyan" if article.copyOf is None else "dim"),
        first,
        (f"  ({how})" if how else "", "magenta" if article.copyOf else "green"),
    )
    lines = [(article.time, shown), (article.time, Text(f"{'':18}{'':{width}}  {article.url}", style="dim"))]
    for edit in article.edits:
        what = f'"{edit.headline}"' if edit.headline != edit.headlineBefore else "its text"
        edited = Text.assemble((f"{_clock(edit.time)}  ", "dim"), (f"{article.outlet:<{width}}  ", "cyan"))
        lines.append((edit.time, edited.append(f"edited: {what}", "yellow")))
    return lines


def _clock(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M}"
