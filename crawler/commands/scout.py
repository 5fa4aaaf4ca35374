"""Fetching a few pages of a stranger's site for a command: as polite as a crawl, without its store.

Requests go through Scrapy's downloader with the project's settings, one after the other.
"""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from scrapy.settings import Settings
from w3lib.url import safe_url_string

from crawler.extensions.browser import meta_for_browser
from crawler.extensions.faults import fault_of, fault_of_status, robots_text
from crawler.extensions.manners import check_agent
from crawler.extensions.policy import Policy
from crawler.middlewares.redirect import MOST_HOPS, PERMANENT, REDIRECTS, target_of
from crawler.news.errors import FetchError, UrlError
from crawler.news.urls import dialled, host_of
from crawler.store.robots import Rules

Download = Callable[[Request], Awaitable[Response]]

MOST_REQUESTS = 25  # of one search, robots.txt and redirects included

# What a crawl has and a search does not: a worker with its store, redirects that go back to it, items.
WITHOUT: Mapping[str, Any] = {
    "ADDONS": {},
    "EXTENSIONS": {"scrapy.extensions.logstats.LogStats": None},
    "ITEM_PIPELINES": {},
    "LOG_LEVEL": "CRITICAL",
}
REDIRECT = "crawler.middlewares.redirect.Redirect"
BROWSER: Mapping[str, int] = {"crawler.extensions.browser.Browser": 0}


@dataclass(frozen=True, slots=True)
class Page:
    """What was fetched.

    Attributes:
        url: where it came from in the end.
        settled: as far as permanent redirects alone led: the address to write down.
        headers: names as sent, Latin-1.
        fault: what its status means, where that is none of success.
    """

    url: str
    settled: str
    body: bytes
    headers: dict[str, str]
    fault: FetchError | None = None


class Errands:
    """Fetches page after page. A host that asks for rest, or is down, is not asked again.

    Attributes:
        last: the address that was asked for last.

    Args:
        download: Scrapy's, with all its middlewares.
        tell: hears of each request before it is made.
    """

    def __init__(
        self,
        download: Download,
        policy: Policy,
        *,
        allow_private: bool,
        tell: Callable[[str], object],
    ) -> None:
        self._download = download
        self._policy = policy
        self._meta = {"allow_private": allow_private}
        self._tell = tell
        self._rules: dict[str, Rules] = {}
        self._rested_at: dict[str, float] = {}
        self._closed: dict[str, FetchError] = {}
        self._asked = 0
        self.last = ""

    async def get(self, url: str) -> Page:
        """Fetch a page, following redirects; each is a request like any other.

        Raises:
            FetchError: it cannot be had, or not by us.
        """
        page = await self.fetch(url)
        if page.fault:
            raise page.fault
        return page

    async def fetch(self, url: str, *, browser: bool = False) -> Page:
        """Fetch a page as `get` does, or as a browser shows it. What a server sends with an error, comes, too.

        Raises:
            FetchError: nothing comes, or we may not ask.
        """
        url = settled = _dialled(url)
        astray = False
        how = meta_for_browser() if browser else {}
        for _ in range(MOST_HOPS + 1):
            response = await self._ask(url, await self.rules(url), how)
            if response.status not in REDIRECTS or "Location" not in response.headers:
                fault = fault_of_status(response, now_ms=0)
                return Page(response.url, settled, response.body, _headers(response), fault)
            url, astray = _dialled(target_of(response)), astray or response.status not in PERMANENT
            settled = settled if astray else url
        raise FetchError("redirects", f"more than {MOST_HOPS} redirects, the last to {url}")

    async def rules(self, url: str) -> Rules:
        """Return what the URL's host allows us, asking its robots.txt once.

        Raises:
            FetchError: the host cannot be reached.
        """
        host = host_of(url)
        if host not in self._rules:
            self._rules[host] = await self._robots(f"{urlsplit(url).scheme.lower()}://{host}/robots.txt")
            self._rest(host, self._rules[host])
        return self._rules[host]

    async def _robots(self, url: str) -> Rules:
        """Fetch a robots.txt."""
        for _ in range(MOST_HOPS + 1):
            response = await self._ask(url, None, {})
            if response.status not in REDIRECTS or "Location" not in response.headers:
                break
            url = target_of(response)
        try:
            text, unreachable = robots_text(response, now_ms=0), ""
        except FetchError as fault:
            text, unreachable = "", str(fault)
        return Rules(Protego.parse(text), self._policy.robots_name, unreachable)

    async def _ask(self, url: str, rules: Rules | None, how: Mapping[str, Any]) -> Response:
        """Make one request, when its host has rested.

        Raises:
            FetchError: it brought no response, or must not be made.
        """
        host = host_of(url)
        if host in self._closed:
            raise self._closed[host]
        if self._asked >= MOST_REQUESTS:
            raise FetchError("enough", f"not asked: {MOST_REQUESTS} requests are enough for one search")
        await asyncio.sleep(self._rested_at.get(host, 0) - time.monotonic())
        self._asked += 1
        self.last = url
        self._tell(f"{self._asked:2} of at most {MOST_REQUESTS}: {url}")
        try:
            response = await self._download(Request(url, meta={**self._meta, **how, "rules": rules}))
        except Exception as error:
            fault = fault_of(error)
            if fault is None:
                raise
            if fault.passing:
                self._closed[host] = fault
            raise fault from error
        finally:
            self._rest(host, rules)
        if response.status in {429, 503}:
            self._closed[host] = FetchError("rests", f"{host} answered {response.status}: it wants to be left alone")
        return response

    def _rest(self, host: str, rules: Rules | None) -> None:
        gap_ms = max(self._policy.gap_ms, rules.delay_ms if rules else 0)
        self._rested_at[host] = time.monotonic() + gap_ms / 1000


def _dialled(url: str) -> str:
    """Return the URL as it is asked for, and may be written down."""
    try:
        return safe_url_string(dialled(url))
    except UrlError as error:
        raise FetchError("bad-address", str(error)) from None


def _headers(response: Response) -> dict[str, str]:
    return {
        name.decode("latin-1"): b", ".join(response.headers.getlist(name)).decode("latin-1")
        for name in response.headers
    }


class Scout(Spider):
    """Hands a search Scrapy's downloader."""

    name = "scout"

    def __init__(self, search: Callable[[Download], Awaitable[None]]) -> None:
        super().__init__()
        self._search = search

    async def start(self) -> AsyncIterator[Request]:
        assert self.crawler.engine is not None
        await self._search(self.crawler.engine.download_async)
        return
        yield  # which makes it the generator that Scrapy wants


def run(
    settings: Settings, search: Callable[[Errands], Awaitable[None]], *, browser: bool = False, **manners: Any
) -> None:
    """Run `search(errands)` to its end, in this process; `manners` as of Errands.

    `browser`: it may need one, for an outlet of the watchlist that says so.

    Raises:
        ConfigurationError: our User-Agent does not say who we are.
        Exception: what the search raises.
        KeyboardInterrupt: the user ended it.
    """
    check_agent(settings)
    own = settings.copy()
    own.setdict({**WITHOUT, "ADDONS": BROWSER} if browser else WITHOUT, "cmdline")
    own["DOWNLOADER_MIDDLEWARES"][REDIRECT] = None
    policy = Policy.from_settings(own)
    ends: list[Exception | None] = []

    async def whole(download: Download) -> None:
        try:
            await search(Errands(download, policy, **manners))
        except Exception as error:  # Scrapy would log it and go on
            ends.append(error)
        else:
            ends.append(None)

    process = AsyncCrawlerProcess(own)
    process.crawl(Scout, search=whole)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    process.start()
    for number, handler in handlers.items():  # Scrapy's would stay, and Ctrl-C would do nothing from here on
        signal.signal(number, handler)
    if process.bootstrap_failed:
        raise RuntimeError("Scrapy could not start the search; it has said why.")
    if not ends:
        raise KeyboardInterrupt
    if ends[0]:
        raise ends[0]
