"""Pages through a browser that has no way out but the gate. Imported only when an outlet needs it: it costs 0.2 s."""

from collections.abc import Callable
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response
from scrapy_playwright.handler import Config, ScrapyPlaywrightDownloadHandler
from scrapy_playwright.provider import PlaywrightBrowserProvider

from crawler.network.download import CheckedDownload
from crawler.network.gate import Gate
from crawler.network.resolving import addresses_of


class BrowserDownload(ScrapyPlaywrightDownloadHandler, CheckedDownload):  # type: ignore[misc]  # it has no types
    """Scrapy-playwright's handler; what needs no browser is fetched by ours."""

    async def download_request(self, request: Request) -> Response:
        if request.meta.get("playwright") and not request.meta.get("proxy"):
            # Only to say why in good words: Chromium would say that a tunnel failed. The gate judges what is dialled.
            host = urlsplit(request.url).hostname or ""
            await addresses_of(host, allow_private=bool(request.meta.get("allow_private")))
        return await super().download_request(request)


class GatedBrowser(PlaywrightBrowserProvider):  # type: ignore[misc]  # it has no types
    """A browser and its gate: they start and end together."""

    def __init__(self, config: Config, gate: Gate) -> None:
        super().__init__(config)
        self._gate = gate

    async def start(self) -> None:
        await self._gate.open()
        # Chromium goes around a proxy for loopback unless told not to.
        proxy = {
            "server": self._gate.url,
            "username": self._gate.user,
            "password": self._gate.secret,
            "bypass": "<-loopback>",
        }
        self.config.launch_options = {**self.config.launch_options, "proxy": proxy}
        await super().start()

    async def close(self) -> None:
        await super().close()
        await self._gate.close()


def gated(permitted: frozenset[str]) -> Callable[[Config], GatedBrowser]:
    """Return what makes a browser, for PLAYWRIGHT_BROWSER_PROVIDER. Only `permitted` hosts may be private."""
    return lambda config: GatedBrowser(config, Gate(permitted))
