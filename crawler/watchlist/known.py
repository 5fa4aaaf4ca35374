"""What the watchlist knows already: sources by their addresses, outlets by their names and sites.

Known exceptions:
    A site is a registrable domain, so the sections of one outlet are one site. Where one host gives each author a path
    that begins with "@" or "~", each of these is a site; other hosts of many (video channels) count as one.
"""

from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urlsplit

from crawler.news.errors import UrlError
from crawler.news.source import Outlet
from crawler.news.urls import loose_key, site_of
from crawler.watchlist.model import Watchlist, sources_of


class Known:
    """Tells what is there. `add` what comes on the way."""

    def __init__(self, watchlist: Watchlist) -> None:
        self._names: set[str] = set()
        self._sources: dict[str, str] = {}
        self._sites: dict[str, str] = {}
        for outlet in watchlist.outlets:
            self.add(outlet)

    def add(self, outlet: Outlet) -> None:
        """Know one more outlet."""
        self._names.add(outlet.name)
        self._sites.setdefault(site_key(outlet.url), outlet.name)
        for source in sources_of(outlet):
            self._sources.setdefault(address_key(source.url), outlet.name)

    def has(self, name: str) -> bool:
        """Tell whether an outlet is called so."""
        return name in self._names

    def watcher(self, *urls: str) -> str:
        """Return the name of the outlet under which one of the addresses is watched, or ""."""
        return next((name for url in urls if (name := self._sources.get(address_key(url), ""))), "")

    def outlet_of(self, url: str) -> str:
        """Return the name of the outlet whose site this is, or ""."""
        return self._sites.get(site_key(url), "")

    def new(self, urls: Iterable[str]) -> tuple[str, ...]:
        """Return those that nobody watches, each once, in their order."""
        first = {address_key(url): url for url in reversed(list(urls))}
        return tuple(url for key, url in reversed(first.items()) if key not in self._sources)


@lru_cache(maxsize=1_000)  # an import asks several times for each of its addresses, one outlet after the other
def address_key(url: str) -> str:
    """Return what the spellings of a source's address have in common; of what is no address, itself."""
    try:
        return loose_key(url)
    except UrlError:
        return url


@lru_cache(maxsize=1_000)
def site_key(url: str) -> str:
    """Return what the addresses of one site have in common; of what is no address, itself."""
    try:
        site = site_of(url)
    except UrlError:
        return url
    first = urlsplit(url).path[1:].partition("/")[0]
    return f"{site}/{first}" if first.startswith(("@", "~")) else site
