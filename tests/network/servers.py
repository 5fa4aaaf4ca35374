"""A server that does what the path says, honestly or not, and remembers who came."""

import asyncio
import contextlib
import gzip
import ssl
import sys
import zlib
from asyncio import StreamReader, StreamWriter
from collections.abc import Iterator
from urllib.parse import unquote

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

# Public addresses that the tests' servers answer for; nothing is sent there.
PUBLIC = ("93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822")
BOMB = bytes(5_000_000)
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
CRUMB = b"1\r\nx\r\n"


def ok(body: bytes = b"fine", *fields: str, length: int | None = None) -> bytes:
    """An honest response, but for its length perhaps."""
    lines = ["HTTP/1.1 200 OK", f"Content-Length: {len(body) if length is None else length}", *fields]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def packed(body: bytes, encoding: str) -> bytes:
    """A response under a Content-Encoding."""
    return ok(body, f"Content-Encoding: {encoding}")


# What is answered at once, by the first word of the path.
SAID: dict[str, bytes] = {
    "page": ok(),
    "gzip": packed(gzip.compress(b"fine"), "gzip"),
    "deflate": packed(zlib.compress(b"fine"), "deflate"),
    "br": packed(brotli.compress(b"fine"), "br"),
    "zstd": packed(zstd.compress(b"fine"), "zstd"),
    "gzip-bomb": packed(gzip.compress(BOMB), "gzip"),
    "br-bomb": packed(brotli.compress(BOMB), "br"),
    "zstd-bomb": packed(zstd.compress(BOMB), "zstd"),
    "twice": packed(gzip.compress(gzip.compress(b"fine")), "gzip, gzip"),
    "thrice": packed(gzip.compress(gzip.compress(gzip.compress(b"fine"))), "gzip, gzip, gzip"),
    "members": packed(gzip.compress(b"") * 10_000, "gzip"),
    "not-gzip": packed(b"fine", "gzip"),
    "too-long": ok(length=10_000_000),
    "lies-short": ok(b"fine", length=2) + ok(b"smuggled"),
    "hints": b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 3 + ok(),
    "long-location": b"HTTP/1.1 302 Found\r\nLocation: /" + b"x" * 10_000 + b"\r\nContent-Length: 0\r\n\r\n",
    "flushed": CHUNKED + CRUMB * 20_000 + b"0\r\n\r\n",
    "cookie": ok(b"fine", "Set-Cookie: who=you"),
}
# What is said again and again, after a beginning.
ENDLESS: dict[str, tuple[bytes, bytes]] = {
    "fields": (b"HTTP/1.1 200 OK\r\n", b"X-More: and more\r\n" * 100),
    "folded": (b"HTTP/1.1 200 OK\r\nX-More: and\r\n", b" more and more\r\n" * 100),
    "line": (b"HTTP/1.1 200 OK\r\nX-More: ", b"x" * 10_000),
    "interim": (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 100),
    "body": (b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 100_000),
    "crumbs": (CHUNKED, CRUMB * 10_000),
    "chunks": (CHUNKED, b"2710\r\n" + b"x" * 10_000 + b"\r\n"),
    "trailers": (CHUNKED + b"0\r\n", b"X-More: and more\r\n" * 100),
}


@contextlib.contextmanager
def closing(writer: StreamWriter) -> Iterator[None]:
    """Close at the end; when cancelled, without waiting for a reader."""
    try:
        yield
    except asyncio.CancelledError:
        writer.transport.abort()
        raise
    finally:
        writer.close()


class Server:
    """Answers on loopback.

    Attributes:
        pages: HTML by its path.
        connections: opened since the last `forget`.
        datagrams: that came since then, at the port of the same number.
        heads: of the requests since then.
    """

    def __init__(self) -> None:
        self.port = 0
        self.pages: dict[str, str] = {}
        self.connections = 0
        self.datagrams = 0
        self.heads: list[str] = []
        self._servers: list[asyncio.Server] = []
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self, addresses: list[str], tls: ssl.SSLContext | None = None) -> "Server":
        """Listen on one port of these addresses; without IPv6 on this machine, on the others."""
        for address in addresses:
            with contextlib.suppress(OSError):
                self._servers.append(await asyncio.start_server(self._accept, address, self.port, ssl=tls))
                self.port = self._servers[0].sockets[0].getsockname()[1]
        loop = asyncio.get_running_loop()
        place = (addresses[0], self.port)
        self._udp, _ = await loop.create_datagram_endpoint(lambda: Datagrams(self), place)
        return self

    async def close(self) -> None:
        """Listen no more."""
        self._udp.close()
        for server in self._servers:
            server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.sleep(0)  # for the last of each connection

    def forget(self) -> None:
        """Begin to count anew."""
        self.connections = self.datagrams = 0
        self.heads = []

    def seen(self) -> dict[str, object]:
        """What came since."""
        return {"connections": self.connections, "datagrams": self.datagrams, "heads": self.heads}

    def _accept(self, reader: StreamReader, writer: StreamWriter) -> None:
        self.connections += 1
        task = asyncio.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        with contextlib.suppress(OSError, EOFError), closing(writer):
            while head := (await reader.readuntil(b"\r\n\r\n")).decode("latin-1"):
                self.heads.append(head)
                stays = await self._answer(head.split()[1].removeprefix("/"), writer)
                if not stays or ("Connection: close" in head and "/stubborn" not in head):
                    break

    async def _answer(self, path: str, writer: StreamWriter) -> bool:
        """Do what the path says; tell whether the connection stays open."""
        word, _, rest = path.partition("?")

        async def send(data: bytes) -> None:
            writer.write(data)
            await writer.drain()

        if word in ENDLESS:
            begin, again = ENDLESS[word]
            await send(begin)
            while True:
                await send(again)
        elif word == "drip":
            await send(b"HTTP/1.1 200 OK\r\n\r\n")
            while True:
                await send(b"x")
                await asyncio.sleep(0.05)
        elif word == "cut":
            await send(ok(length=1000))
            return False
        elif word in self.pages:
            await send(ok(self.pages[word].encode(), "Content-Type: text/html; charset=utf-8"))
        elif word == "to":
            target = unquote(rest)
            await send(
                f"HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
            )
            return False
        else:
            await send(SAID.get(word.split("/")[0], SAID["page"]))
        return True


class Datagrams(asyncio.DatagramProtocol):
    """Counts what comes over UDP."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def datagram_received(self, _: bytes, __: object) -> None:
        self._server.datagrams += 1
