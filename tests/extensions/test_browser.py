"""What a running crawl says of a browser that it did not start with."""

import pytest
from scrapy.settings import BaseSettings

from crawler.extensions.browser import HANDLER, NO_BROWSER, NOT_STARTED, make_out_without, no_browser
from crawler.news.source import Outlet, Render
from crawler.watchlist import Watchlist

PLAIN = "crawler.network.download.CheckedDownload"


def settings(handler: str, chromium: str) -> BaseSettings:
    """Those of a crawl that began with this handler. `sh` stands for a browser: it is looked for, not started."""
    return BaseSettings({"DOWNLOAD_HANDLERS": {"https": handler}, "CHROMIUM": chromium})


@pytest.mark.parametrize(
    ("handler", "chromium", "why"),
    [(HANDLER, "sh", ""), (PLAIN, "sh", NOT_STARTED), (PLAIN, "no-such-browser", NO_BROWSER)],
)
def test_why_there_is_none(handler: str, chromium: str, why: str) -> None:
    """None is installed, or the crawl began without: the mends differ."""
    assert no_browser(settings(handler, chromium)) == why


@pytest.mark.parametrize(
    ("handler", "render", "told"),
    [(PLAIN, "always", [f"Pulse: {NOT_STARTED}"]), (PLAIN, "never", []), (HANDLER, "always", [])],
)
def test_an_edit_that_asks_for_one(
    caplog: pytest.LogCaptureFixture, handler: str, render: Render, told: list[str]
) -> None:
    """Is taken over all the same; the outlets that have to wait for a restart are named."""
    watchlist = Watchlist((Outlet("Pulse", "http://pulse.example/", render=render),))
    make_out_without(settings(handler, "sh"), watchlist)()
    assert caplog.messages == told
