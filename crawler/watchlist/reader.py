"""TOML documents to a watchlist: each table by its keys, then what only shows across tables."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType

from crawler.news.errors import WatchlistError
from crawler.watchlist.checks import Item, check_all, check_channels, check_tags
from crawler.watchlist.documents import Documents, Tell, read_documents, shown
from crawler.watchlist.keys import CHANNEL, OUTLET, TABLES, TOPIC, Table
from crawler.watchlist.model import Watchlist
from crawler.watchlist.wording import did_you_mean, found, quote

TOLD_EVERY = 1_000  # tables; some 50 ms


def load(
    path: Path,
    *,
    shortest_poll: timedelta = timedelta(minutes=1),
    drafts: Mapping[Path, bytes] = MappingProxyType({}),
    bare: bool = False,
    tell: Tell | None = None,
) -> Watchlist:
    """Read the watchlist in one TOML file, or in all `*.toml` of a folder; any table may stand in any file.

    Args:
        shortest_poll: the least time between two polls that an outlet may ask for.
        drafts: what some of the files would be.
        bare: whether it is only being put together: without any outlet yet, or without one that has a topic's tag.
        tell: hears how far it is, hundreds of times with a large watchlist.

    Raises:
        WatchlistError: with every problem of every file.
    """
    tell = tell or _unheard
    documents = read_documents(path, drafts=drafts, tell=tell)
    items = list(_items(documents, tell))
    tell(f"checking {len(items):,} tables")
    check_all(items, shortest_poll=shortest_poll)
    if not documents.problems:  # else what seems missing may stand in what could not be read
        check_channels(items)
        if not bare:
            check_tags(items)
            documents.problems += _no_outlet(path, documents, items)
    problems = documents.problems + [problem for item in items for problem in item.problems()]
    if problems:
        raise WatchlistError(problems)
    return Watchlist(
        outlets=tuple(item.made() for item in items if item.table is OUTLET),
        topics=tuple(item.made() for item in items if item.table is TOPIC),
        channels=tuple(item.made() for item in items if item.table is CHANNEL),
    )


def _unheard(_line: str) -> None:
    """Nobody wants to know."""


def _no_outlet(path: Path, documents: Documents, items: Sequence[Item]) -> list[str]:
    if any(item.table is OUTLET for item in items):
        return []
    if documents.tables:
        return [f"{shown(path)}: no outlet. Write [[outlet]] with its name, url and feeds."]
    return [f"{shown(path)}: no *.toml in this folder. Write your outlets into {shown(path)}/outlets.toml."]


def _items(documents: Documents, tell: Tell) -> Iterator[Item]:
    """Yield each table, telling `documents` of what is none."""
    for file, tables in documents.tables.items():
        for name, given in tables.items():
            table = TABLES.get(name)
            if table is None:
                documents.problems.append(f"{file}: unknown table {quote(name)}.{did_you_mean(name, TABLES)}")
            elif not isinstance(given, list):
                documents.problems.append(f"{file}: {name} is {found(given)}. Write [[{name}]], with double brackets.")
            else:
                for number, one in enumerate(given, start=1):
                    yield _item(file, table, number, one)
                    if number % TOLD_EVERY == 0:
                        tell(f"read {number:,} of {len(given):,} {name}s of {file}")


def _item(file: str, table: Table, number: int, given: object) -> Item:
    values, faults = table.kind.read_partly(given)
    return Item(file, table, number, given if isinstance(given, dict) else {}, values, faults)
