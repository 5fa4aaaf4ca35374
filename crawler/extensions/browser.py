"""A browser for pages that need one: scrapy-playwright with the system's Chromium, installed only when an outlet asks.

With the handler installed the driver costs 1.2 s at every start, so a watchlist without `render` does without.
"""

import asyncio
import os
import shutil
from collections.abc import Callable
from typing import Any

from scrapy.settings import BaseSettings

from crawler.extensions.watching import watchlist_of
from crawler.news.errors import UrlError
from crawler.news.urls import host_of, is_private
from crawler.watchlist import Watchlist

HANDLER = "scrapy_playwright.handler.ScrapyPlaywrightDownloadHandler"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_BROWSER = (
    "the outlet's pages need a browser and none is here. "
    'Install one ("apt-get install chromium"), or name it in the setting CHROMIUM; then "scrapy dead retry".'
)

# Nothing that phones home, nothing that needs a GPU; a container's /dev/shm is too small for Chromium.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)


# Scripts write a page's text when they please, often after its "load" event: it is read once it stands still.
TEXT_LETTERS = 200  # less is a shell that says "Loading ..."
STILL_S = 0.5
LONGEST_WAIT_S = 8.0  # a page that never stands still is read as it is then


def find_browser(settings: BaseSettings) -> str | None:
    """Return the path of the browser to use, or None."""
    named = settings["CHROMIUM"]
    return shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)


class Browser:
    """A Scrapy add-on: installs the download handler when some outlet's `render` is not "never"."""

    def update_settings(self, settings: BaseSettings) -> None:
        if all(outlet.render == "never" for outlet in watchlist_of(settings).outlets):
            return
        path = find_browser(settings)
        if path is None:
            return
        settings.set("DOWNLOAD_HANDLERS", {"http": HANDLER, "https": HANDLER}, "addon")
        settings.set("PLAYWRIGHT_LAUNCH_OPTIONS", launch_options(path), "addon")
        settings.set("PLAYWRIGHT_ABORT_REQUEST", refuses(watchlist_of(settings)), "addon")
        settings.set("PLAYWRIGHT_MAX_PAGES_PER_CONTEXT", 4, "addon")  # 420 MB with one; each page adds some 50
        settings.set("PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT", settings.getint("DOWNLOAD_TIMEOUT") * 1000, "addon")


def meta_for_browser() -> dict[str, Any]:
    """What a request's meta says when a browser is to fetch its page."""
    from scrapy_playwright.page import PageMethod  # costs 0.2 s, so not before a page asks for it

    return {"playwright": True, "playwright_page_methods": [PageMethod(text_stands_still)]}


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


def refuses(watchlist: Watchlist) -> Callable[[Any], bool]:
    """Return what tells whether the browser may not make a request: one to a private address, on a public page."""
    allowed = frozenset(host_of(outlet.url) for outlet in watchlist.outlets if outlet.allow_private)

    def refuse(request: Any) -> bool:
        try:
            return is_private(request.url) and host_of(request.url) not in allowed
        except UrlError:
            return False  # data: and blob: leave nothing

    return refuse


def launch_options(path: str) -> dict[str, object]:
    """How Chromium is started. It takes the same proxy as everything else; http_proxy alone it does not read."""
    options: dict[str, object] = {"executable_path": path, "args": list(ARGUMENTS)}
    proxy = os.environ.get("http_proxy") or os.environ.get("HTTP_PROXY")
    if proxy:
        # Chromium bypasses a proxy for loopback by itself; a make-believe press has no addresses at all.
        options["proxy"] = {"server": proxy}
    return options
