"""Plays requests through a crawl's real downloader, in a process of its own, and prints what became of them.

The script is JSON on stdin:

    {"acts": [{"name": ..., "urls": [[url, meta], ...], "names": {host: [[address, ...], ...]}}, ...],
     "watchlist": path or null, "pages": {path: html}}

`names` is what the DNS answers, list by list; the last answer stays. {private}, {public} and {secure} in URLs and pages
are the ports of servers on this machine. The latter two (one with TLS) stand behind the addresses in PUBLIC: what dials
them is bent to connect there, the only thing that is bent between Scrapy and the socket. With a watchlist, a browser
fetches the pages.

The answer, JSON on stdout, tells per act how each request ended ("200", or the reason of its FetchError), the words,
the body, which addresses were dialled, how often the DNS was asked, and what each server saw.
"""

import asyncio
import json
import socket
import sys
import time
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from scrapy.settings import Settings
from scrapy.utils.defer import maybe_deferred_to_future

from crawler.extensions.browser import meta_for_browser
from crawler.extensions.faults import fault_of
from crawler.news.errors import MovedError
from tests.network.certificate import tls_for
from tests.network.servers import PUBLIC, Server

DNS: dict[str, list[list[str]]] = {}
asked: list[str] = []
dialled: list[str] = []


def answers(host: str | None, *_: Any, **__: Any) -> list[tuple[Any, ...]]:
    """In place of socket.getaddrinfo: what the script says, and localhost as everywhere."""
    asked.append(str(host))
    name = str(host).rstrip(".")
    script = DNS.get(name) or ([["::1", "127.0.0.1"]] if name.endswith("localhost") else [[]])
    addresses = script.pop(0) if len(script) > 1 else script[0]
    if not addresses:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    return [(None, None, 6, "", (address, 0)) for address in addresses]


class Player(Spider):
    """Plays the script straight at the download handler, then through all middlewares."""

    name = "player"
    script: dict[str, Any]

    async def start(self) -> AsyncIterator[Any]:
        self.private = await Server().open(["127.0.0.1", "::1"])
        self.public = await Server().open(["127.0.0.1"])
        self.secure = await Server().open(["127.0.0.1"], tls_for("gazette.example"))
        bend_dialling(self.public.port, self.secure.port)
        self.public.pages = {path: self.ports(html) for path, html in self.script["pages"].items()}
        ways = ["whole"] if self.script["watchlist"] else ["straight", "whole"]
        results = {act["name"]: {way: await self.play(act, way) for way in ways} for act in self.script["acts"]}
        print(json.dumps(results))
        for server in (self.private, self.public, self.secure):
            await server.close()
        return
        yield

    async def play(self, act: dict[str, Any], way: str) -> dict[str, Any]:
        """Play one act."""
        DNS.clear()
        DNS.update({host: [list(answer) for answer in script] for host, script in act.get("names", {}).items()})
        asked.clear()
        dialled.clear()
        await self.hang_up()
        self.private.forget()
        self.public.forget()
        requests = [await self.fetch(url, act.get("meta", {}) | meta, way) for url, meta in act["urls"]]
        return {
            "requests": requests,
            "asked": list(asked),
            "dialled": list(dialled),
            "private": self.private.seen(),
            "public": self.public.seen(),
        }

    async def fetch(self, url: str, meta: dict[str, Any], way: str) -> dict[str, Any]:
        """Fetch one page. What moves to another host comes back, as the frontier would bring it."""
        url = self.ports(url)
        if "proxy" in meta:
            meta = meta | {"proxy": self.ports(meta["proxy"])}
        if self.script["watchlist"]:
            meta = meta | meta_for_browser()
        lease = SimpleNamespace(kind=meta.get("kind", "page"))
        began = time.monotonic()
        try:
            request = Request(url, meta={"lease": lease, "gap_ms": 0, **meta}, dont_filter=True)
            response = await self.download(request, way)
        except MovedError as moved:
            return await self.fetch(moved.url, meta, way)
        except Exception as error:
            fault = fault_of(error)
            ended = {"end": fault.reason if fault else repr(error), "words": str(fault or error)}
        else:
            text = response.body[:1000].decode("latin-1")
            ended = {"end": str(response.status), "words": text, "bytes": str(len(response.body))}
        return ended | {"seconds": round(time.monotonic() - began, 2)}

    async def hang_up(self) -> None:
        """Close the connections that are kept, so that every act dials anew."""
        assert self.crawler.engine
        handlers: dict[str, Any] = self.crawler.engine.downloader.handlers._handlers
        for handler in handlers.values():
            await maybe_deferred_to_future(handler._pool.closeCachedConnections())

    def ports(self, url: str) -> str:
        """Write the servers' ports into a URL."""
        for word in ("private", "public", "secure"):
            url = url.replace(f"{{{word}}}", str(getattr(self, word).port))
        return url

    async def download(self, request: Request, way: str) -> Response:
        """Straight at the handler, redirects followed as a careless client would; or as a crawl does it."""
        engine = self.crawler.engine
        assert engine
        if way == "whole":
            return await engine.download_async(request)
        response = await engine.downloader.handlers.download_request_async(request)
        for _ in range(3):
            location = response.headers.get("Location")
            if location is None:
                break
            request = request.replace(url=response.urljoin(location.decode("latin-1")))
            response = await engine.downloader.handlers.download_request_async(request)
        return response


def bend_dialling(public_port: int, secure_port: int) -> None:
    """Have the addresses in PUBLIC lead to the public servers; remember what is dialled."""
    from twisted.internet import reactor as installed

    reactor: Any = installed
    connect, open_connection = reactor.connectTCP, asyncio.open_connection

    def bent(host: str, port: int) -> tuple[str, int]:
        dialled.append(host)
        return ("127.0.0.1", port if port == secure_port else public_port) if host in PUBLIC else (host, port)

    reactor.connectTCP = lambda host, port, *args, **kwargs: connect(*bent(host, port), *args, **kwargs)
    streams: Any = asyncio
    streams.open_connection = lambda host, port, **kwargs: open_connection(*bent(host, port), **kwargs)


def main() -> None:
    """Read the script, play it, print what happened."""
    script = json.load(sys.stdin)
    settings = Settings()
    settings.setmodule("settings.base", "project")
    for name in ("EXTENSIONS", "ITEM_PIPELINES"):
        settings.set(name, {}, "cmdline")
    if script["watchlist"]:
        settings.set("WATCHLIST", script["watchlist"], "cmdline")
    else:
        settings.set("ADDONS", {}, "cmdline")
    settings.set("DOWNLOAD_MAXSIZE", 1_000_000, "cmdline")
    settings.set("LOG_LEVEL", "CRITICAL", "cmdline")
    socket.getaddrinfo = answers  # type: ignore[assignment]
    process = AsyncCrawlerProcess(settings)
    process.crawl(Player, script=script)
    process.start()


if __name__ == "__main__":
    main()
