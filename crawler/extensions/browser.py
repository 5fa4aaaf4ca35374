"""A browser for pages that need one: scrapy-playwright with the system's Chromium, installed only when an outlet asks.

With the handler installed the driver costs 1.2 s at every start, so a watchlist without `render` does without.
"""

import asyncio
import logging
import os
import shutil
from collections.abc import Callable
from typing import Any

from scrapy.settings import BaseSettings

from crawler.extensions.watching import watchlist_of
from crawler.news.errors import UrlError
from crawler.news.urls import host_of, is_private
from crawler.watchlist import Watchlist

logger = logging.getLogger(__name__)

HANDLER = "crawler.network.browser.BrowserDownload"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_BROWSER = (
    "the outlet's pages need a browser and none is here. "
    'Install one ("apt-get install chromium"), or name it in the setting CHROMIUM; then "scrapy dead retry".'
)
NOT_STARTED = (
    "the outlet's pages need a browser, and this crawl began without one, as nothing on its watchlist asked for it. "
    'Restart the crawl; then "scrapy dead retry".'
)
# What a page is without a browser, where one may help.
MAY_NEED_BROWSER = frozenset({"no-text", "bot-challenge", "consent-wall"})

# Nothing that phones home, nothing that needs a GPU, no UDP (QUIC, WebRTC), as that would go around every proxy;
# a container's /dev/shm is too small for Chromium.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--no-referrers",
)


UNREAD = frozenset({"image", "media", "font"})  # no text depends on them, and they are most of what a page weighs

# Scripts write a page's text when they please, often after its "load" event: it is read once it stands still.
TEXT_LETTERS = 200  # less is a shell that says "Loading ..."
STILL_S = 0.5
LONGEST_WAIT_S = 8.0  # a page that never stands still is read as it is then


def find_browser(settings: BaseSettings) -> str | None:
    """Return the path of the browser to use, or None."""
    named = settings["CHROMIUM"]
    return shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)


def no_browser(settings: BaseSettings) -> str:
    """Return why a crawl with these settings has no browser, "" if it has one."""
    if settings.getdict("DOWNLOAD_HANDLERS").get("https") == HANDLER:
        return ""
    return NO_BROWSER if find_browser(settings) is None else NOT_STARTED


def make_out_without(settings: BaseSettings, watchlist: Watchlist) -> Callable[[], None]:
    """Return what warns of the outlets on a new watchlist whose pages need a browser that this crawl does not have."""
    why, names = no_browser(settings), [outlet.name for outlet in watchlist.outlets if outlet.render == "always"]

    def warn() -> None:
        if why and names:
            logger.warning("%s: %s", ", ".join(names), why)

    return warn


class Browser:
    """A Scrapy add-on: installs the download handler when some outlet's `render` is not "never"."""

    def update_settings(self, settings: BaseSettings) -> None:
        outlets = watchlist_of(settings).outlets
        if all(outlet.render == "never" for outlet in outlets):
            return
        path = find_browser(settings)
        if path is None:
            return
        from crawler.network.browser import gated  # costs 0.2 s, so not without need

        permitted = frozenset(host_of(outlet.url) for outlet in outlets if outlet.allow_private)
        handlers = settings.getdict("DOWNLOAD_HANDLERS") | {"http": HANDLER, "https": HANDLER}
        settings.set("DOWNLOAD_HANDLERS", handlers, "project")  # as ours in settings/base.py, which it replaces
        settings.set("PLAYWRIGHT_LAUNCH_OPTIONS", launch_options(path, settings["USER_AGENT"]), "addon")
        settings.set("PLAYWRIGHT_ABORT_REQUEST", refuses(permitted), "addon")
        if not configured_proxy():
            settings.set("PLAYWRIGHT_BROWSER_PROVIDER", gated(permitted), "addon")
        settings.set("PLAYWRIGHT_MAX_PAGES_PER_CONTEXT", 4, "addon")  # 420 MB with one; each page adds some 50
        settings.set("PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT", settings.getint("DOWNLOAD_TIMEOUT") * 1000, "addon")


def meta_for_browser() -> dict[str, Any]:
    """What a request's meta says when a browser is to fetch its page."""
    from scrapy_playwright.page import PageMethod  # costs 0.2 s, so not before a page asks for it

    return {
        "playwright": True,
        "playwright_page_methods": [PageMethod(text_stands_still)],
        "playwright_page_init_callback": forget_cookies,
        "playwright_context_kwargs": {"service_workers": "block"},  # they outlive their page, and nobody needs them
    }


async def forget_cookies(page: Any, _request: Any) -> None:
    """Begin each page as a stranger, as plain requests do: pages share one browser."""
    await page.context.clear_cookies()


async def text_stands_still(page: Any) -> None:
    """Wait until there is text and it has not changed for STILL_S; at most LONGEST_WAIT_S.

    Selectors see the page from a world of their own, which a page's Content-Security-Policy cannot forbid.
    """
    clock = asyncio.get_running_loop().time
    began = changed = clock()
    text = ""
    while clock() - began < LONGEST_WAIT_S:
        latest = await page.inner_text("body")
        if latest != text:
            text, changed = latest, clock()
        elif len(text) >= TEXT_LETTERS and clock() - changed >= STILL_S:
            return
        await asyncio.sleep(0.1)


def refuses(permitted: frozenset[str]) -> Callable[[Any], bool]:
    """Return what tells whether the browser may not make a request: a picture, or a URL written as a private address.

    The gate refuses the latter, too. Behind a configured proxy, which resolves names by itself, this is all that can
    be told.
    """

    def refuse(request: Any) -> bool:
        if request.resource_type in UNREAD:
            return True
        try:
            return is_private(request.url) and host_of(request.url) not in permitted
        except UrlError:
            return False  # data: and blob: leave nothing

    return refuse


def launch_options(path: str, agent: str) -> dict[str, object]:
    """How Chromium is started: under our name, also in what it asks for by itself.

    It takes the same proxy as everything else; http_proxy alone it does not read.
    """
    options: dict[str, object] = {"executable_path": path, "args": [*ARGUMENTS, f"--user-agent={agent}"]}
    proxy = configured_proxy()
    if proxy:
        options["proxy"] = {"server": proxy}
    return options


def configured_proxy() -> str | None:
    """Return the proxy that the environment names for plain HTTP; the browser takes it for everything."""
    return os.environ.get("http_proxy") or os.environ.get("HTTP_PROXY")
