"""Outlets from files that other programs wrote: rows to outlets, each bad one told with its line, value and mend."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import chain, count
from typing import Any
from urllib.parse import urljoin

from crawler.news.errors import UrlError
from crawler.news.source import Outlet
from crawler.news.urls import host_of
from crawler.watchlist.checks import SOURCE_KEYS, Item, check_outlet
from crawler.watchlist.documents import Tell
from crawler.watchlist.keys import OUTLET
from crawler.watchlist.known import Known, site_key
from crawler.watchlist.model import Watchlist, sources_of
from crawler.watchlist.wording import quote, toml

TOLD_EVERY = 1_000


@dataclass(frozen=True, slots=True)
class Row:
    """What a file says of an outlet, or of one source of it.

    Attributes:
        place: "outlets.csv, line 3".
        given: values by key, as a watchlist would hold them.
        group: rows of one group are one outlet; "": those of one site are.
    """

    place: str
    given: dict[str, Any]
    group: str = ""


@dataclass
class Import:
    """What came of the rows.

    Attributes:
        outlets: new ones.
        problems: one line for each thing that is wrong.
        rows: how many there were.
        watched, repeated: sources that the watchlist, or an earlier row, has already.
    """

    outlets: list[Outlet] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    rows: int = 0
    watched: int = 0
    repeated: int = 0


def outlets_of(rows: Iterable[Row], known: Known, *, shortest_poll: timedelta, tell: Tell) -> Import:
    """Return the outlets that the rows bring: the good ones, and what is wrong with the others.

    An outlet that is on the watchlist already cannot grow by appending: its further sources are a problem.
    """
    result = Import()
    groups: dict[str, list[Item]] = {}
    for row in rows:
        result.rows += 1
        if result.rows % TOLD_EVERY == 0:
            tell(f"{result.rows:,} rows read")
        item = _item(row, shortest_poll)
        if item.faults:
            result.problems += item.problems()
        else:
            groups.setdefault(row.group or site_key(item.values["url"]), []).append(item)
    seen = Known(Watchlist())
    for items in groups.values():
        _take(_merged(items), result, known, seen)
    return result


def _item(row: Row, shortest_poll: timedelta) -> Item:
    """Read a row. What it leaves out follows from the rest: the home page from a source, the name from the host."""
    given = {key: value for key, value in row.given.items() if value not in ("", [], None)}
    left_out = {"url", "name"} - given.keys()
    sources = [url for key in SOURCE_KEYS for url in given.get(key, ())]
    if "url" not in given and sources:
        given["url"] = _home(sources[0])
    if "name" not in given and "url" in given:
        given["name"] = _host(given["url"])
    values, faults = OUTLET.kind.read_partly(given)
    told = [fault for fault in faults if fault.path not in left_out]  # what follows from a fault is none of its own
    item = Item(row.place, OUTLET, 0, given, values, told)
    check_outlet(item, shortest_poll=shortest_poll)
    return item


def _home(url: str) -> str:
    try:
        host_of(url)
    except UrlError:
        return url  # its own fault is told
    return urljoin(url, "/")


def _host(url: str) -> str:
    try:
        return host_of(url).removeprefix("www.")
    except UrlError:
        return url


def _merged(items: Sequence[Item]) -> Item:
    """Return the first row of an outlet, with the sources and tags of all."""
    first = items[0]
    for key in (*SOURCE_KEYS, "tags"):
        first.values[key] = tuple(dict.fromkeys(value for item in items for value in item.values.get(key, ())))
    return first


def _take(item: Item, result: Import, known: Known, seen: Known) -> None:
    """Keep an outlet with those of its sources that nobody watches, unless it has a table already."""
    outlet: Outlet = item.made()
    urls = [source.url for source in sources_of(outlet)]
    new = seen.new(known.new(urls))
    watched = sum(bool(known.watcher(url)) for url in urls)
    result.watched += watched
    result.repeated += len(urls) - watched - len(new)
    owner = outlet.name if known.has(outlet.name) else known.outlet_of(outlet.url)
    if new and owner:
        result.problems.append(
            f"{item.file}: outlet {quote(owner)} is on the watchlist already, and appending cannot change its table. "
            f"Add to it by hand: {toml(list(new))}."
        )
    elif new:
        wanted = frozenset(new)
        feeds, sitemaps, pages = (tuple(url for url in getattr(outlet, key) if url in wanted) for key in SOURCE_KEYS)
        kept = replace(outlet, name=_free(outlet, seen), feeds=feeds, sitemaps=sitemaps, pages=pages)
        result.outlets.append(kept)
        seen.add(kept)


def _free(outlet: Outlet, seen: Known) -> str:
    """Return the outlet's name; with its host, then a number, where another one is called so."""
    name, host = outlet.name, _host(outlet.url)
    names = chain([name, f"{name} ({host})"], (f"{name} ({number})" for number in count(2)))
    return next(name for name in names if not seen.has(name))
