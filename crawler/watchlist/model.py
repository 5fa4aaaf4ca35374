"""The watchlist as the rest of Storywatch sees it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from crawler.news.errors import WatchlistError
from crawler.news.source import Channel, Outlet, Source
from crawler.news.topic import Topic
from crawler.watchlist.wording import did_you_mean, quote


@dataclass(frozen=True)
class Watchlist:
    """Who is watched, for what, and who hears of it. Names are unique in each kind, addresses of sources in all."""

    outlets: tuple[Outlet, ...] = ()
    topics: tuple[Topic, ...] = ()
    channels: tuple[Channel, ...] = ()

    def outlet(self, name: str) -> Outlet | None:
        """Return the outlet of that name, or None."""
        return self._outlets.get(name)

    def has_siblings(self, name: str) -> bool:
        """Tell whether the outlet of that name has more than one source."""
        outlet = self.outlet(name)
        return outlet is not None and len(outlet.feeds) + len(outlet.sitemaps) + len(outlet.pages) > 1

    def sources(self) -> Iterator[Source]:
        """Yield every source, outlet by outlet."""
        for outlet in self.outlets:
            yield from sources_of(outlet)

    def only(self, names: Iterable[str]) -> "Watchlist":
        """Return the watchlist narrowed to some outlets; its topics and channels stay.

        Raises:
            WatchlistError: names that are not on it.
        """
        wanted = set(names)
        unknown = sorted(wanted - self._outlets.keys())
        if unknown:
            raise WatchlistError(
                [
                    f"outlet {quote(name)} is not on the watchlist.{did_you_mean(name, self._outlets)}"
                    for name in unknown
                ]
            )
        return replace(self, outlets=tuple(outlet for outlet in self.outlets if outlet.name in wanted))

    @cached_property
    def tags(self) -> Mapping[str, tuple[str, ...]]:
        """The tags of the outlets that have some, by the outlet's name."""
        return {outlet.name: outlet.tags for outlet in self.outlets if outlet.tags}

    @cached_property
    def _outlets(self) -> dict[str, Outlet]:
        return {outlet.name: outlet for outlet in self.outlets}


def sources_of(outlet: Outlet) -> Iterator[Source]:
    """Yield the sources of one outlet."""
    for url in outlet.feeds:
        yield Source(outlet.name, "feed", url)
    for url in outlet.sitemaps:
        yield Source(outlet.name, "sitemap", url)
    for url in outlet.pages:
        yield Source(outlet.name, "page", url)
