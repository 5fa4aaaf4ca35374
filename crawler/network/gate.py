"""The gate before the browser: the only way out that it has, a forward proxy of our own on this machine.

Requirements:
    A page in a browser connects wherever its scripts please: images, redirects, sockets, workers. Each connection is
    judged when it is dialled, as for plain requests (`resolving`), and none goes around.

Theory of operation:
    Chromium is told to use the gate for everything, loopback included, and to use no UDP. With a proxy it resolves no
    names by itself. HTTPS and WebSockets come as CONNECT, plain HTTP with the whole URL in the request line.
    The gate listens on 127.0.0.1 and asks for a secret that is drawn anew for each crawl, so that nobody else on the
    machine goes through it to the hosts that the watchlist permits.
    A plain request gets a connection of its own, and both sides are told so: else a server that keeps it open could
    answer the browser's next request, which is meant for another.

Known exceptions:
    What the watchlist permits (`allow_private`) is permitted by host to every page, not to that outlet's alone.
    A refused CONNECT shows in the browser as a failed tunnel, a refused plain request as an empty response: an answer
    of ours would pass for the outlet's page.
"""

import asyncio
import base64
import hmac
import secrets
from asyncio import StreamReader, StreamWriter
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from crawler.network.messages import Head, read_head
from crawler.network.resolving import addresses_of
from crawler.news.errors import FetchError, UrlError
from crawler.news.urls import host_of

MOST_BYTES = 64 * 1024 * 1024  # that a connection may bring; the heaviest honest pages have some 20 MB over many
MOST_CONNECTIONS = 64  # at a time; Chromium opens 32 to a proxy
MOST_HEAD_BYTES = 64 * 1024
MOST_INTERIM = 10  # 1xx responses before the real one
DIAL_S = 10.0  # for one address; then the next is tried
HEAD_S = 30.0  # for a request to say what it wants, and for a response to begin
IDLE_S = 300.0  # Chromium gives up an unused connection after as long
CHUNK_BYTES = 64 * 1024

# What Chromium asks for on its own account, at its start, in spite of all switches that are said to stop it.
ITS_OWN = frozenset({"update.googleapis.com", "optimizationguide-pa.googleapis.com", "clients2.google.com"})

# RFC 9110, section 7.6.1: these are between neighbours. Transfer-Encoding stays, for the body passes as it is.
_BETWEEN_NEIGHBOURS = ("connection", "proxy-connection", "keep-alive", "proxy-authorization", "te", "upgrade")


class Gate:
    """A forward proxy on loopback for one browser.

    Attributes:
        url: where it listens, once it is open.
        user, secret: the credentials that it asks for.
    """

    def __init__(self, permitted: frozenset[str] = frozenset()) -> None:
        """`permitted`: hosts (as `host_of` writes them) that may be private."""
        self.url = ""
        self.user = "browser"
        self.secret = secrets.token_urlsafe(32)
        self._permitted = permitted
        self._server: asyncio.Server | None = None
        self._serving: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Listen on a free port."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=MOST_HEAD_BYTES)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def close(self) -> None:
        """Listen no more, and cut what is open."""
        if self._server:
            self._server.close()
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)
        await asyncio.sleep(0)  # asyncio ends a connection in its next turn

    def _accept(self, reader: StreamReader, writer: StreamWriter) -> None:
        if len(self._serving) >= MOST_CONNECTIONS:
            writer.close()
            return
        task = asyncio.create_task(self._serve(reader, writer))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Serve one connection. Whatever goes wrong ends it, and it alone."""
        try:
            async with asyncio.timeout(HEAD_S):
                request = await read_head(reader)
            method, target, _ = request.words
            if not self._knows(request):
                writer.write(_answer("407 Proxy Authentication Required", 'Basic realm="gate"'))
            elif method == "CONNECT":
                await self._tunnel(target, reader, writer)
            else:
                await self._forward(request, reader, writer)
        except (OSError, EOFError, ValueError, asyncio.LimitOverrunError, FetchError):  # TimeoutError is an OSError
            pass
        except asyncio.CancelledError:
            writer.transport.abort()
            raise
        finally:
            writer.close()

    def _knows(self, request: Head) -> bool:
        expected = base64.b64encode(f"{self.user}:{self.secret}".encode()).decode()
        given = request.get("proxy-authorization")
        return hmac.compare_digest(given.encode("latin-1"), f"Basic {expected}".encode())

    async def _tunnel(self, target: str, reader: StreamReader, writer: StreamWriter) -> None:
        """CONNECT host:port: pass on bytes until either side ends."""
        try:
            server_reader, server_writer = await self._dial(f"https://{target}", 443)
        except (FetchError, OSError) as error:
            writer.write(_answer("403 Forbidden" if isinstance(error, FetchError) else "502 Bad Gateway"))
            return
        try:
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await _first_of(_copy(server_reader, writer, MOST_BYTES), _copy(reader, server_writer))
        finally:
            server_writer.transport.abort()

    async def _forward(self, request: Head, reader: StreamReader, writer: StreamWriter) -> None:
        """Pass on one plain request and its response."""
        method, url, version = request.words
        length = int(request.get("content-length") or 0)
        if request.get("transfer-encoding"):
            raise ValueError("Chromium sends no chunked bodies over HTTP/1.1")
        if not 0 <= length <= MOST_BYTES:
            raise ValueError(f"a body of {length:,} bytes")
        server_reader, server_writer = await self._dial(url, 80)
        try:
            parts = urlsplit(url)
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            server_writer.write(_alone(Head(f"{method} {path} {version}", request.fields)).encode())
            await _send(reader, server_writer, length)
            writer.write(_alone(await _response_head(server_reader)).encode())
            # What the browser sends from here on is not for this server; that it leaves, we want to know.
            await _first_of(_copy(server_reader, writer, MOST_BYTES), _copy(reader, None))
        finally:
            server_writer.transport.abort()

    async def _dial(self, url: str, default_port: int) -> tuple[StreamReader, StreamWriter]:
        """Connect to the host of a URL, at an address that was judged.

        Raises:
            FetchError: it is refused, or does not resolve. OSError: none of its addresses answers. ValueError: no URL.
        """
        parts = urlsplit(url)
        if parts.hostname in ITS_OWN:
            raise FetchError("not-ours", f"{parts.hostname} is asked by the browser itself")
        permitted = _host_of(url) in self._permitted
        for address in await addresses_of(parts.hostname or "", allow_private=permitted):
            with suppress(OSError):
                async with asyncio.timeout(DIAL_S):
                    port = parts.port or default_port
                    return await asyncio.open_connection(str(address), port, limit=MOST_HEAD_BYTES)
        raise OSError(f"{parts.hostname} does not answer")


def _host_of(url: str) -> str | None:
    with suppress(UrlError):
        return host_of(url)
    return None


def _answer(status: str, challenge: str = "") -> bytes:
    head = Head(f"HTTP/1.1 {status}", (("Content-Length", "0"), ("Connection", "close")))
    return (head.having("Proxy-Authenticate", challenge) if challenge else head).encode()


def _alone(head: Head) -> Head:
    """The head of a message after which its connection ends."""
    return head.without(*_BETWEEN_NEIGHBOURS).having("Connection", "close")


async def _response_head(reader: StreamReader) -> Head:
    """Read the head of the response, past those that announce it (103 Early Hints)."""
    async with asyncio.timeout(HEAD_S):
        for _ in range(MOST_INTERIM):
            head = await read_head(reader)
            if not head.first.partition(" ")[2].startswith("1"):
                return head
    raise ValueError("no end of interim responses")


async def _first_of(*copies: Coroutine[Any, Any, None]) -> None:
    """Run these until the first ends."""
    tasks = [asyncio.ensure_future(copy) for copy in copies]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _copy(reader: StreamReader, writer: StreamWriter | None, most_bytes: int | None = None) -> None:
    """Pass on what comes until there is no more, nothing for IDLE_S, or too much; without a writer, drop it."""
    passed = 0
    while True:
        async with asyncio.timeout(IDLE_S):
            data = await reader.read(CHUNK_BYTES)
        passed += len(data)
        if not data or (most_bytes and passed > most_bytes):
            return
        if writer:
            writer.write(data)
            await writer.drain()


async def _send(reader: StreamReader, writer: StreamWriter, length: int) -> None:
    """Pass on a body of so many bytes and not one more, as fast as it is taken.

    Raises:
        EOFError: it ends too early. TimeoutError: neither side moves for IDLE_S.
    """
    while length:
        async with asyncio.timeout(IDLE_S):
            data = await reader.read(min(length, CHUNK_BYTES))
            writer.write(data)
            await writer.drain()
        if not data:
            raise EOFError("the body ends too early")
        length -= len(data)
