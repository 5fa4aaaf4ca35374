"""The gate before the browser, asked as Chromium asks it and as somebody else would."""

import asyncio
import base64
import contextlib
import socket
import tracemalloc
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from crawler.network import gate as module
from crawler.network.gate import Gate
from tests.network.servers import Server

Story = Callable[["Scene"], Awaitable[None]]


class Scene:
    """A gate, a server whose host is permitted, and one whose host is not."""

    def __init__(self, gate: Gate, permitted: Server, other: Server) -> None:
        self.gate = gate
        self.permitted = permitted
        self.other = other

    async def ask(self, line: str, *fields: str, after: bytes = b"", known: bool = True) -> bytes:
        """Send one request to the gate and return all that comes back."""
        reader, writer = await asyncio.open_connection("127.0.0.1", int(self.gate.url.rpartition(":")[2]))
        pass_word = base64.b64encode(f"{self.gate.user}:{self.gate.secret}".encode()).decode()
        lines = [line, *fields, *([f"Proxy-Authorization: Basic {pass_word}"] if known else [])]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + after)
        try:
            return await asyncio.wait_for(reader.read(-1), 5)
        except ConnectionResetError:
            return b""
        finally:
            writer.close()

    def get(self, server: Server, path: str) -> str:
        """The request line for a page, as a proxy hears it."""
        return f"GET http://127.0.0.1:{server.port}/{path} HTTP/1.1"


def play(story: Story) -> None:
    """Play a story between open and close."""

    async def played() -> None:
        permitted, other = await Server().open(["127.0.0.1"]), await Server().open(["127.0.0.1"])
        gate = Gate(frozenset({f"127.0.0.1:{permitted.port}"}))
        await gate.open()
        try:
            await story(Scene(gate, permitted, other))
        finally:
            await gate.close()
            await permitted.close()
            await other.close()

    asyncio.run(played())


def test_a_page_comes_through() -> None:
    """The server sees a request as from a browser without a proxy, and nothing of the secret."""

    async def story(scene: Scene) -> None:
        answer = await scene.ask(scene.get(scene.permitted, "page?a=1"), "Host: h", "Proxy-Connection: keep-alive")
        assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
        assert answer.endswith(b"\r\n\r\nfine")
        (head,) = scene.permitted.heads
        assert head == "GET /page?a=1 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"

    play(story)


def test_what_is_sent_along_arrives() -> None:
    """A form's body goes with its request."""

    async def story(scene: Scene) -> None:
        line = scene.get(scene.permitted, "page").replace("GET", "POST")
        answer = await scene.ask(line, "Content-Length: 4", after=b"a=1\n")
        assert answer.endswith(b"fine")

    play(story)


async def post(body: bytes, length: int, serve: Callable[[StreamReader, StreamWriter], Awaitable[None]]) -> None:
    """Send a body to a server through a gate, until it is taken or nothing moves for half a second."""
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    gate = Gate(frozenset({f"127.0.0.1:{port}"}))
    await gate.open()
    reader, writer = await asyncio.open_connection("127.0.0.1", int(gate.url.rpartition(":")[2]))
    pass_word = base64.b64encode(f"{gate.user}:{gate.secret}".encode()).decode()
    head = [f"POST http://127.0.0.1:{port}/ HTTP/1.1", f"Content-Length: {length}"]
    writer.write("\r\n".join([*head, f"Proxy-Authorization: Basic {pass_word}", "", ""]).encode())
    with contextlib.suppress(TimeoutError):
        for at in range(0, len(body), 100_000):
            writer.write(body[at : at + 100_000])
            await asyncio.wait_for(writer.drain(), 0.5)
        await asyncio.wait_for(reader.read(), 0.5)
    writer.transport.abort()
    await gate.close()
    server.close()
    await asyncio.sleep(0)


def test_a_body_arrives_whole_and_nothing_behind_it() -> None:
    """Many pieces of it. What follows is not for this server."""
    body = bytes(range(256)) * 10_000
    came: list[bytes] = []

    async def serve(reader: StreamReader, writer: StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        with contextlib.suppress(TimeoutError):
            while data := await asyncio.wait_for(reader.read(100_000), 0.3):
                came.append(data)
        writer.transport.abort()

    asyncio.run(post(body + b"GET /next", len(body), serve))
    assert b"".join(came) == body


def test_a_body_is_not_gathered() -> None:
    """A server that reads nothing leaves the body with who sends it: 64 MB of it were in our memory once."""
    gone = asyncio.Event()

    async def serve(_: StreamReader, writer: StreamWriter) -> None:
        await gone.wait()
        writer.transport.abort()

    async def played() -> None:
        await post(body, len(body), serve)
        gone.set()

    body = bytes(40_000_000)
    tracemalloc.start()
    try:
        asyncio.run(played())
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("length", ["-1", str(module.MOST_BYTES + 1), "many"])
def test_a_body_beyond_bounds_is_not_begun(length: str) -> None:
    """Nor is its server dialled."""

    async def story(scene: Scene) -> None:
        line = scene.get(scene.permitted, "page").replace("GET", "POST")
        assert await scene.ask(line, f"Content-Length: {length}", after=b"a=1\n") == b""
        assert scene.permitted.connections == 0

    play(story)


def test_a_tunnel_passes_bytes_both_ways() -> None:
    """CONNECT, as for HTTPS and WebSockets."""

    async def story(scene: Scene) -> None:
        answer = await scene.ask(
            f"CONNECT 127.0.0.1:{scene.permitted.port} HTTP/1.1", after=b"GET /fields HTTP/1.1\r\n\r\n"
        )
        assert answer.startswith(b"HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 200 OK\r\nX-More: and more\r\n")

    play(story)


@pytest.mark.parametrize("known", [False, True])
def test_nobody_else_goes_through(known: bool) -> None:
    """Without the secret of this crawl, not even a permitted host is reached."""

    async def story(scene: Scene) -> None:
        answer = await scene.ask(scene.get(scene.permitted, "page"), known=known)
        assert (b"407 Proxy Authentication Required" in answer) != known
        assert scene.permitted.connections == (1 if known else 0)

    play(story)


def test_a_wrong_secret_is_no_secret() -> None:
    """Nor is one with letters beyond ASCII a bug."""

    async def story(scene: Scene) -> None:
        for wrong in ("Basic YnJvd3Nlcjo=", "Basic ÄÖÜ", "Bearer x"):
            answer = await scene.ask(scene.get(scene.permitted, "page"), f"Proxy-Authorization: {wrong}", known=False)
            assert answer.startswith(b"HTTP/1.1 407 ")
        assert scene.permitted.connections == 0

    play(story)


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "localhost", "[::1]", "[::ffff:127.0.0.1]"])
def test_what_is_private_is_not_dialled(host: str) -> None:
    """A tunnel is refused, and a plain request ends: an answer of ours would pass for the outlet's page."""

    async def story(scene: Scene) -> None:
        tunnel = await scene.ask(f"CONNECT {host}:{scene.other.port} HTTP/1.1")
        assert tunnel.startswith(b"HTTP/1.1 403 ")
        assert await scene.ask(f"GET http://{host}:{scene.other.port}/page HTTP/1.1") == b""
        assert scene.other.connections == 0

    play(story)


def test_a_name_is_resolved_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rebinding: what the DNS would say the second time is never heard."""
    asked: list[str] = []

    def answers(host: str, *_: Any, **__: Any) -> list[tuple[Any, ...]]:
        asked.append(host)
        address = "93.184.216.34" if len(asked) == 1 else "127.0.0.1"
        return [(None, None, 6, "", (address, 0))]

    dialled: list[object] = []
    connect = asyncio.open_connection

    async def open_connection(host: object, port: object, **kwargs: Any) -> Any:
        dialled.append(host)
        if host == "93.184.216.34":
            raise OSError("nobody there")
        return await connect(host, port, **kwargs)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(socket, "getaddrinfo", answers)
    monkeypatch.setattr(asyncio, "open_connection", open_connection)

    async def story(scene: Scene) -> None:
        answer = await scene.ask(f"CONNECT rebind.example:{scene.other.port} HTTP/1.1")
        assert answer.startswith(b"HTTP/1.1 502 ")
        assert (asked, dialled[1:]) == (["rebind.example"], ["93.184.216.34"])
        assert scene.other.connections == 0

    play(story)


def test_a_connection_serves_one_plain_request() -> None:
    """The browser's next request, for another server, is not handed to this one, even if it keeps the connection."""

    async def story(scene: Scene) -> None:
        next_one = scene.get(scene.other, "secret").encode() + b"\r\n\r\n"
        reader, writer = await asyncio.open_connection("127.0.0.1", int(scene.gate.url.rpartition(":")[2]))
        pass_word = base64.b64encode(f"{scene.gate.user}:{scene.gate.secret}".encode())
        first = scene.get(scene.permitted, "page/stubborn").encode() + b"\r\nProxy-Authorization: Basic " + pass_word
        writer.write(first + b"\r\n\r\n" + next_one)
        answer = await reader.readuntil(b"fine")
        assert b"Connection: close" in answer
        writer.close()
        assert len(scene.permitted.heads) == 1
        assert scene.other.connections == 0

    play(story)


@pytest.mark.parametrize("path", ["body", "chunks"])
def test_a_connection_brings_so_much_and_no_more(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A body without end is cut."""
    monkeypatch.setattr(module, "MOST_BYTES", 300_000)

    async def story(scene: Scene) -> None:
        assert len(await scene.ask(scene.get(scene.permitted, path))) < 310_000

    play(story)


@pytest.mark.parametrize("path", ["fields", "line", "interim"])
def test_a_head_without_end_is_not_awaited(path: str) -> None:
    """Nothing of it reaches the browser."""

    async def story(scene: Scene) -> None:
        assert await scene.ask(scene.get(scene.permitted, path)) == b""

    play(story)


@pytest.mark.parametrize(
    "line",
    ["", "GET", "GET / HTTP/1.1", "CONNECT :1 HTTP/1.1", "CONNECT 127.0.0.1:99999 HTTP/1.1", "GET http://[ HTTP/1.1"],
)
def test_nonsense_ends_the_connection_and_nothing_else(line: str) -> None:
    """The gate serves the next one."""

    async def story(scene: Scene) -> None:
        assert b"200" not in await scene.ask(line)
        assert (await scene.ask(scene.get(scene.permitted, "page"))).endswith(b"fine")

    play(story)


def test_it_closes_with_the_crawl() -> None:
    """What is open is cut, and nobody listens any more."""

    async def story(scene: Scene) -> None:
        port = int(scene.gate.url.rpartition(":")[2])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.sleep(0)
        await scene.gate.close()
        assert await reader.read() == b""
        writer.close()
        with pytest.raises(OSError, match="Connect call failed"):
            await asyncio.open_connection("127.0.0.1", port)

    play(story)
