"""What the commands that look at the store share: opening it, showing events, telling times."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from typing import Any, TypeVar

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text
from scrapy.settings import BaseSettings

from crawler.extensions.opening import open_for
from crawler.store import Store
from crawler.store.streams import StoredEvent

Answer = TypeVar("Answer")

COLOURS = {"created": "green", "revised": "bold yellow", "merged": "magenta"}


def with_store(settings: BaseSettings, look: Callable[[Store], Awaitable[Answer]], *, whole: bool = True) -> Answer:
    """Open the store (`whole`: not one into which a load was broken off), await `look(store)`, close it."""

    async def opened() -> Answer:
        async with await open_for(settings, whole=whole) as store:
            return await look(store)

    return asyncio.run(opened())


def console() -> Console:
    """Standard output. In a pipe a table is as wide as it needs to be, not cut to a terminal that isn't there."""
    plain = Console()
    return plain if plain.is_terminal else Console(width=200, no_color=True, highlight=False)


def show_event(out: Console, event: StoredEvent) -> None:
    """Print an event for a person: when, what, who, and why."""
    cloud = json.loads(event.event)
    kind = event.type.rpartition(".")[2]
    line = Text.assemble((cloud["time"][11:19], "dim"), (f"  {kind:<8}", COLOURS.get(kind, "cyan")), "  ")
    details = _story_lines(line, cloud) if ".story." in event.type else _article_lines(line, cloud["data"])
    out.print(line, soft_wrap=True)
    for detail in details:
        out.print(Text(f"{'':>20}{detail}", style="dim"), soft_wrap=True)


def _article_lines(line: Text, data: dict[str, Any]) -> list[str]:
    """Say in `line` whose article it is; return for each topic why."""
    line.append(f"{data.get('outlet', '')}: ").append(data.get("headline") or data.get("url", ""), "bold")
    return [
        f"{match['topic']}: {match['evidence'][0]['snippet'] if match['evidence'] else ''}"
        for match in data.get("topics", [])
    ]


def _story_lines(line: Text, cloud: dict[str, Any]) -> list[str]:
    """Say in `line` what became of a story; return who tells it."""
    data = cloud["data"]
    line.append("story: ").append(data["headline"], "bold")
    if "mergedInto" in data:
        return [f"is part of story {data['mergedInto']}"]
    change = data.get("change") or {"kind": "", "article": {"outlet": ""}}
    told = f"{many(len(data.get('outlets', [])), 'outlet')}, {many(data['copies'], 'copy', 'copies')}"
    copied = change["article"].get("copyOf")
    how = f"a copy of {copied}" if copied else "edited" if change["kind"] == "revision" else "its own report"
    return [f"{told}; {change['article']['outlet']}: {how} (scrapy stories {cloud['subject']})"]


def many(number: int, one: str, more: str = "") -> str:
    """ "1 outlet", "3 outlets", "2 copies"."""
    return f"{number} {one if number == 1 else more or one + 's'}"


def table(*columns: str, numbers: tuple[str, ...] = ()) -> Table:
    """A table without frames; columns named in `numbers` stand right."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        made.add_column(column, justify="right" if column in numbers else "left", overflow="fold")
    return made


def print_columns(header: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: Collection[str] = ()) -> None:
    """Print what may have a hundred thousand rows, in columns as wide as need be; those in `numbers` stand right."""
    lines = [header, *rows]
    widths = [max(cell_len(line[at]) for line in lines) for at in range(len(header))]
    for line in lines:
        cells = []
        for name, text, width in zip(header, line, widths, strict=True):
            space = " " * (width - cell_len(text))
            cells.append(space + text if name in numbers else text + space)
        print("  ".join(cells).rstrip())


def span(ms: int) -> str:
    """A time span for a person: "12 s", "5 min", "3 h", "2 d"."""
    seconds = abs(ms) / 1000
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


def ago(then_ms: int, now_ms: int) -> str:
    """ "5 min ago", "in 3 h", or "never" for 0."""
    if not then_ms:
        return "never"
    return f"in {span(then_ms - now_ms)}" if then_ms > now_ms else f"{span(now_ms - then_ms)} ago"
