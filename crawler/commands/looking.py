"""What the commands that look at the store share: opening it, showing events, telling times."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import TypeVar

from rich.console import Console
from rich.table import Table
from rich.text import Text
from scrapy.settings import BaseSettings

from crawler.extensions.opening import open_for
from crawler.store import Store
from crawler.store.streams import StoredEvent

Answer = TypeVar("Answer")


def with_store(settings: BaseSettings, look: Callable[[Store], Awaitable[Answer]]) -> Answer:
    """Open the store, await `look(store)`, close it."""

    async def opened() -> Answer:
        async with await open_for(settings) as store:
            return await look(store)

    return asyncio.run(opened())


def console() -> Console:
    """Standard output. In a pipe a table is as wide as it needs to be, not cut to a terminal that isn't there."""
    plain = Console()
    return plain if plain.is_terminal else Console(width=200, no_color=True, highlight=False)


def show_event(out: Console, event: StoredEvent) -> None:
    """Print an event for a person: when, what, who, and for each topic why."""
    cloud = json.loads(event.event)
    data = cloud["data"]
    kind = event.type.rpartition(".")[2]
    line = Text.assemble(
        (cloud["time"][11:19], "dim"),
        (f"  {kind:<8}", "green" if kind == "created" else "bold yellow"),
        f"  {data.get('outlet', '')}: ",
        (data.get("headline") or data.get("url", ""), "bold"),
    )
    out.print(line, soft_wrap=True)
    for match in data.get("topics", []):
        snippet = match["evidence"][0]["snippet"] if match["evidence"] else ""
        out.print(Text(f"{'':>20}{match['topic']}: {snippet}", style="dim"), soft_wrap=True)


def table(*columns: str, numbers: tuple[str, ...] = ()) -> Table:
    """A table without frames; columns named in `numbers` stand right."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        made.add_column(column, justify="right" if column in numbers else "left", overflow="fold")
    return made


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
