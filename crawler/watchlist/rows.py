"""Outlets from files that other programs wrote: rows to outlets, each bad one told with its line, value and mend.

Rows of different names are never one outlet: who shares a host may share nothing else. Rows that the file says are one
are; else those of one name and site are, which is told, for it may be wrong.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from crawler.news.errors import UrlError
from crawler.news.source import Outlet
from crawler.news.urls import is_private
from crawler.watchlist.addresses import WebAddress
from crawler.watchlist.checks import SOURCE_KEYS, Item, check_outlet
from crawler.watchlist.documents import Tell
from crawler.watchlist.keys import OUTLET
from crawler.watchlist.kinds import Refused
from crawler.watchlist.known import Known, address_key, home_of, site_key
from crawler.watchlist.model import Watchlist, sources_of
from crawler.watchlist.wording import quote, toml

TOLD_EVERY = 1_000


@dataclass(frozen=True, slots=True)
class Row:
    """What a file says of an outlet, or of one source of it.

    Attributes:
        place: "outlets.csv, line 3".
        given: values by key, as a watchlist would hold them.
        group: the outlet's name, where all rows that say so are one; "": those of one name and site are.
        wrong: why this is no row for us, and its mend.
    """

    place: str
    given: dict[str, Any]
    group: str = ""
    wrong: str = ""


@dataclass
class Import:
    """What came of the rows.

    Attributes:
        outlets: new ones.
        problems: one line for each thing that is wrong.
        joined: one line for each outlet that was made of several rows because they have one name and site.
        rows: how many there were.
        watched, repeated: sources that the watchlist, or an earlier row, has already.
        homeless: rows whose home page is no address; that of their source is taken.
    """

    outlets: list[Outlet] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    joined: list[str] = field(default_factory=list)
    rows: int = 0
    watched: int = 0
    repeated: int = 0
    homeless: int = 0


def outlets_of(
    rows: Iterable[Row], known: Known, *, shortest_poll: timedelta, tell: Tell, allow_private: bool = False
) -> Import:
    """Return the outlets that the rows bring: the good ones, and what is wrong with the others.

    An outlet that is on the watchlist already cannot grow by appending: its further sources are a problem.
    `allow_private`: those at private addresses are permitted.
    """
    result = Import()
    groups: dict[tuple[str, str], list[Item]] = {}  # by name and site; those that the file makes one have no site
    for row in rows:
        result.rows += 1
        if result.rows % TOLD_EVERY == 0:
            tell(f"{result.rows:,} rows read")
        item = _item(row, shortest_poll, allow_private=allow_private)
        if item.faults:
            result.problems += item.problems()
            continue
        result.homeless += bool(row.given.get("url")) and "url" not in item.given
        key = (row.group, "") if row.group else (item.values["name"], site_key(item.values["url"]))
        groups.setdefault(key, []).append(item)
    seen = Known(Watchlist())
    for (_, site), items in groups.items():
        if not site:
            result.problems += _contradictions(items)
        agreeing = [item for item in items if not item.faults]
        item = _merged(agreeing)
        owner = _owner(item, known, site)
        outlet = _take(item, owner, result, known, seen)
        if outlet and site and len(agreeing) > 1:
            result.joined.append(f"{quote(outlet.name)}: {item.file}, and {len(agreeing) - 1:,} more")
    return result


def _item(row: Row, shortest_poll: timedelta, *, allow_private: bool) -> Item:
    """Read a row. `given` keeps what it says; what it leaves out follows from that."""
    given = {key: value for key, value in row.given.items() if value not in ("", [], None)}
    sources = [url for key in SOURCE_KEYS for url in given.get(key, ())]
    if sources and not _is_address(given.get("url")):
        given.pop("url", None)
    if allow_private and any(map(_is_private, sources)):
        given["allow_private"] = True
    derived = _derived(given, sources)
    values, faults = OUTLET.kind.read_partly(given | derived)
    told = [fault for fault in faults if fault.path not in derived]  # what follows from a fault is none of its own
    item = Item(row.place, OUTLET, 0, given, values, told)
    if row.wrong:
        item.blame("", row.wrong)
    check_outlet(item, shortest_poll=shortest_poll, permission="say --allow-private")
    return item


def _derived(given: Mapping[str, Any], sources: Sequence[str]) -> dict[str, Any]:
    """Return what follows from a row: the home page from a source, the name from the site."""
    derived: dict[str, Any] = {}
    if "url" not in given and sources:
        derived["url"] = _home(sources[0])
    url = given.get("url") or derived.get("url")
    if "name" not in given and url:
        derived["name"] = site_key(url)
    return derived


def _home(url: str) -> str:
    try:
        return home_of(url)
    except UrlError:
        return url  # its own fault is told


def _is_address(url: object) -> bool:
    try:
        WebAddress().read(url)
    except Refused:
        return False
    return True


def _is_private(url: str) -> bool:
    try:
        return is_private(url)
    except UrlError:
        return False


def _contradictions(items: Sequence[Item]) -> list[str]:
    """Blame the rows of an outlet that say otherwise than the first that says it; return the problems."""
    for key in ("url", "every"):
        says = [item for item in items if key in item.given]
        for item in says:
            if _spelled(item, key) != _spelled(says[0], key):
                item.blame(
                    key,
                    f"{toml(item.given[key])} differs from {toml(says[0].given[key])} ({says[0].file}). "
                    "Rows of one name are one outlet: write one of the two, or another name.",
                )
    return [problem for item in items for problem in item.problems()]


def _spelled(item: Item, key: str) -> Any:
    return address_key(item.values[key]) if key == "url" else item.values[key]


def _merged(items: Sequence[Item]) -> Item:
    """Return the first row of an outlet, with the sources and tags of all, and what the others say beside."""
    first = items[0]
    for key in (*SOURCE_KEYS, "tags"):
        first.values[key] = tuple(dict.fromkeys(value for item in items for value in item.values.get(key, ())))
    for item in reversed(items):
        first.values |= {key: item.values[key] for key in ("url", "every", "allow_private") if key in item.given}
    return first


def _owner(item: Item, known: Known, site: str) -> str:
    """Return the name of the outlet on the watchlist that this is, or ""."""
    name, url = item.values["name"], item.values["url"]
    if "name" not in item.given:
        return known.outlet_of(url)
    return name if known.is_one(name, url) or (known.has(name) and not site) else ""


def _take(item: Item, owner: str, result: Import, known: Known, seen: Known) -> Outlet | None:
    """Keep and return an outlet with those of its sources that nobody watches, unless it has a table already."""
    outlet: Outlet = item.made()
    urls = [source.url for source in sources_of(outlet)]
    new = seen.new(known.new(urls))
    watched = sum(bool(known.watcher(url)) for url in urls)
    result.watched += watched
    result.repeated += len(urls) - watched - len(new)
    if not new:
        return None
    if owner:
        result.problems.append(
            f"{item.file}: outlet {quote(owner)} is on the watchlist already, and appending cannot change its table. "
            f"Add to it by hand: {toml(list(new))}. If this is another outlet, give it another name."
        )
        return None
    wanted = frozenset(new)
    feeds, sitemaps, pages = (tuple(url for url in getattr(outlet, key) if url in wanted) for key in SOURCE_KEYS)
    name = known.free(outlet.name, outlet.url)
    kept = replace(outlet, name=name, feeds=feeds, sitemaps=sitemaps, pages=pages)
    result.outlets.append(kept)
    seen.add(kept)
    return kept
