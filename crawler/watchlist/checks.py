"""What only shows across keys, tables and files: a name taken twice, one source watched twice, an unknown channel."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from crawler.news.durations import duration_text
from crawler.news.urls import is_private
from crawler.topics.languages import primary, tags
from crawler.topics.text import fold, words
from crawler.watchlist.keys import CHANNEL, OUTLET, TOPIC, Table
from crawler.watchlist.kinds import Fault
from crawler.watchlist.queries import tags_of
from crawler.watchlist.wording import did_you_mean, listed, quote

SOURCE_KEYS = ("feeds", "sitemaps", "pages")


@dataclass(slots=True, eq=False)
class Item:
    """One table of a file, as far as it could be read.

    Attributes:
        number: which of its kind in the file, from 1; 0: `file` says it all.
        given: the table as TOML gives it.
        values: what could be read of it, by key.
        faults: what could not, and what the checks below add.
    """

    file: str
    table: Table
    number: int
    given: dict[str, Any]
    values: dict[str, Any]
    faults: list[Fault]

    @property
    def place(self) -> str:
        """Where it stands: `watchlist/outlets.toml: outlet "BBC"`, or `… outlet 3` if it has no name."""
        name = self.values.get("name")
        which = quote(name) if name is not None else str(self.number or "")
        return f"{self.file}: {self.table.name} {which}".rstrip()

    def blame(self, path: str, text: str) -> None:
        self.faults.append(Fault(path, text))

    def problems(self) -> Iterator[str]:
        """Yield its faults as lines for people."""
        for fault in self.faults:
            yield f"{self.place}{', ' if fault.path else ''}{fault.path}: {fault.text}"

    def made(self) -> Any:
        """Return what it stands for: an Outlet, Topic or Channel."""
        return self.table.type(**self.values)

    def sources(self) -> Iterator[tuple[str, str]]:
        """Yield ("feeds[0]", URL) of each source that could be read."""
        for key in SOURCE_KEYS:
            for number, url in enumerate(self.values.get(key, ())):
                yield f"{key}[{number}]", url

    def queries(self) -> Mapping[str, str]:
        """Return each query that could be read by its place: "query", or "query.ru"."""
        given = self.values.get("query", {})
        return {"query": given} if isinstance(given, str) else {f"query.{key}": text for key, text in given.items()}


def check_all(items: list[Item], *, shortest_poll: timedelta) -> None:
    """Make every check that needs no table but those at hand."""
    _check_names(items)
    outlets = [item for item in items if item.table is OUTLET]
    _check_sources(outlets)
    for outlet in outlets:
        check_outlet(outlet, shortest_poll=shortest_poll)
    for item in items:
        if item.table is TOPIC:
            _check_languages(item)


def check_outlet(outlet: Item, *, shortest_poll: timedelta, permission: str = "write allow_private = true") -> None:
    """Make the checks that one outlet alone can fail. `permission`: how the user permits a private address."""
    if not any(outlet.given.get(key) for key in SOURCE_KEYS):
        outlet.blame("", "it has no source. Write at least one of feeds, sitemaps, pages.")
    _check_pace(outlet, shortest_poll)
    _check_private(outlet, permission)


def _check_names(items: Iterable[Item]) -> None:
    taken: dict[tuple[str, str], Item] = {}
    for item in items:
        name = item.values.get("name")
        if name is None:
            continue
        first = taken.setdefault((item.table.name, name), item)
        if first is not item:
            both = " and ".join(f"{one.table.name} {one.number} of {one.file}" for one in (first, item))
            item.blame("name", f"{both} are both called so. Rename one.")


def _check_sources(outlets: Iterable[Item]) -> None:
    taken: dict[str, tuple[Item, str]] = {}
    for outlet in outlets:
        for path, url in outlet.sources():
            first, first_path = taken.setdefault(_address(url), (outlet, path))
            if (first, first_path) != (outlet, path):
                outlet.blame(
                    path, f"{quote(url)} is watched already: {first.place}, {first_path}. Remove one of the two."
                )


def _address(url: str) -> str:
    """Return what two URLs of one source have in common: no fragment, and a path where it is left out."""
    address = url.partition("#")[0]
    return f"{address}/" if address.count("/") == 2 else address


def _check_pace(outlet: Item, shortest_poll: timedelta) -> None:
    every = outlet.values.get("every", shortest_poll)
    if every < shortest_poll:
        shortest = duration_text(shortest_poll)
        outlet.blame(
            "every",
            f'"{duration_text(every)}" is faster than {shortest}: servers would turn us away. Write "{shortest}".',
        )


def _check_private(outlet: Item, permission: str) -> None:
    """Say now what dialling would refuse later. Names that resolve to private addresses show only then."""
    if outlet.values.get("allow_private"):
        return
    for path, url in outlet.sources():
        if is_private(url):
            outlet.blame(path, f"{quote(url)} is a private address. If that is meant, {permission}.")


def _check_languages(topic: Item) -> None:
    """Check that a topic says its languages once, and that those of `inflect` are among them."""
    query, languages = topic.values.get("query"), topic.values.get("languages", ())
    if languages and isinstance(topic.given.get("query"), dict):
        topic.blame("languages", "each of its queries names its language already. Remove this key.")
    if isinstance(query, str):
        said, what, mend = languages, "is none of its languages", "Add it there"
    else:
        said, what, mend = query or (), "is the language of none of its queries", "Write one for it"
    for number, language in idle(topic.values.get("inflect", ()), said):
        topic.blame(f"inflect[{number}]", f"{quote(language)} {what}: {listed(said)}. {mend}, or remove it here.")


def idle(inflect: Iterable[str], languages: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield, with its number, each language of `inflect` by which no word can bend: the topic is for others."""
    spoken = set(map(primary, tags(languages)))
    for number, language in enumerate(inflect):
        if spoken and not spoken.intersection(tags([language])):
            yield number, language


def check_channels(items: Iterable[Item]) -> None:
    """Check that the channels of each topic are there; only where every file could be read."""
    known = {item.values.get("name"): None for item in items if item.table is CHANNEL}
    names = [name for name in known if name is not None]
    for topic in items:
        for number, name in enumerate(topic.values.get("channels", ())):
            if name not in known:
                advice = did_you_mean(name, names) or f" Write [[channel]] with name = {quote(name)} and its url."
                topic.blame(f"channels[{number}]", f"no channel is called {quote(name)}.{advice}")


def check_tags(items: Iterable[Item]) -> None:
    """Check that some outlet has each tag that a query asks for; only where every file could be read.

    A query that names a tag of nobody can only wait in silence, and most often the name is misspelled, there or at the
    outlet. So it is refused, like the name of an unknown channel; also where topics are shared by several watchlists,
    since from here the two look alike. `tag:word*` and what stands under NOT are let through: neither promises that
    there is such an outlet.
    """
    items = list(items)
    asked = [(item, path, tag) for item in items for path, query in item.queries().items() for tag in tags_of(query)]
    known = {tag for item in items for tag in item.values.get("tags", ())} if asked else set()
    folded = folded_tags(known)
    for topic, path, tag in asked:
        if tag.words not in folded:
            advice = did_you_mean(tag.name, sorted(known)) or f" Write tags = [{quote(tag.name)}] at one, or remove it."
            topic.blame(path, f"no outlet has the tag {quote(tag.name)}.{advice}")


def folded_tags(known: Iterable[str]) -> set[tuple[str, ...]]:
    """Return tags as queries compare them."""
    return {tuple(map(fold, words(tag))) for tag in known}
