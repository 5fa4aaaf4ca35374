"""What the watchlist knows already: sources by their addresses, outlets by their names and sites.

Theory of operation:
    A site is a host, without "www."; where each author has a path with "@" or "~", host and author. It is no
    registrable domain: thousands of outlets share those of their hosters.

Known exceptions:
    Other hosts of many (video channels, forwarded feeds) are one site. So a site only joins what has no name, and
    never keeps out what has a name of its own.
"""

from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urljoin

from crawler.news.errors import UrlError
from crawler.news.source import Outlet
from crawler.news.urls import host_of, loose_key
from crawler.watchlist.model import Watchlist, sources_of


class Known:
    """Tells what is there. `add` what comes on the way."""

    def __init__(self, watchlist: Watchlist) -> None:
        self._names: dict[str, str] = {}
        self._sources: dict[str, str] = {}
        self._sites: dict[str, str] = {}
        self._taken: set[str] = set()
        self._numbers: dict[str, int] = {}
        for outlet in watchlist.outlets:
            self.add(outlet)

    def add(self, outlet: Outlet) -> None:
        """Know one more outlet."""
        site = site_key(outlet.url)
        self._names[outlet.name] = site
        self._taken.add(outlet.name)
        self._sites.setdefault(site, outlet.name)
        for source in sources_of(outlet):
            self._sources.setdefault(address_key(source.url), outlet.name)

    def has(self, name: str) -> bool:
        """Tell whether an outlet is called so."""
        return name in self._names

    def is_one(self, name: str, url: str) -> bool:
        """Tell whether an outlet is called so, and this is its site."""
        return self._names.get(name) == site_key(url)

    def free(self, name: str, url: str) -> str:
        """Return the name; with its site, then a number, where it is taken. What is returned is taken from then on."""
        free = next((free for free in (name, f"{name} ({site_key(url)})") if free not in self._taken), "")
        number = self._numbers.get(name, 2)  # where the last search ended: many a feed is called "News"
        while not free:
            free = f"{name} ({number})" if f"{name} ({number})" not in self._taken else ""
            number += 1
        self._numbers[name] = number
        self._taken.add(free)
        return free

    def watcher(self, *urls: str) -> str:
        """Return the name of the outlet under which one of the addresses is watched, or ""."""
        return next((name for url in urls if (name := self._sources.get(address_key(url), ""))), "")

    def outlet_of(self, url: str) -> str:
        """Return the name of the outlet whose site this is (the first, where it has several), or ""."""
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
        host, *path = loose_key(url).partition("?")[0].removeprefix("www.").split("/")
    except UrlError:
        return url
    return "/".join([host, *[part for part in path if part.startswith(("@", "~"))][:1]])


def home_of(url: str) -> str:
    """Return the home page of the site that a source belongs to.

    Raises:
        UrlError: the URL is none.
    """
    host_of(url)
    return urljoin(url, f"/{site_key(url).partition('/')[2]}")
