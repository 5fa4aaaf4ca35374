"""A proxy between a crawl and its store. It counts commands, and strikes at one of them:

    with Proxy(server_socket) as proxy:
        proxy.strike(17, "before", crawl.kill)      the 17th command never reaches the store
        proxy.strike(3, "after", of="publish")      the third publish is done, its reply never arrives

When it strikes it deals the blow, then cuts every connection and refuses new ones until `come_back`. For that its
socket is moved out of sight; it goes on listening, as asyncio leaks a connection that comes while a server closes.
"""

import asyncio
import tempfile
import threading
from asyncio import IncompleteReadError, StreamReader, StreamWriter
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, Self

from tests.faults.resp import is_greeting, name_of, read_message

Moment = Literal["before", "after"]


class Proxy:
    """Listens on a socket of its own, in a thread. Greetings of new connections are passed on uncounted.

    Attributes:
        commands: the names of all that came, in order.
        struck: set once it has struck.
    """

    def __init__(self, server: Path) -> None:
        self.commands: list[str] = []
        self.struck = threading.Event()
        self._server = server
        self._folder = tempfile.TemporaryDirectory(prefix="proxy-")  # pytest's own are too deep for a socket
        self._socket = Path(self._folder.name) / "proxy.sock"
        self._hidden = self._socket.with_suffix(".hidden")
        self._writers: set[StreamWriter] = set()
        self._number, self._of = 0, ""
        self._moment: Moment = "before"
        self._blow: Callable[[], object] = lambda: None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)

    @property
    def url(self) -> str:
        """The store's address, for crawls."""
        return f"unix://{self._socket}"

    def __enter__(self) -> Self:
        self._thread.start()
        self._do(self._listen())
        return self

    def __exit__(self, *_error: object) -> None:
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._folder.cleanup()

    def strike(self, number: int, moment: Moment, blow: Callable[[], object] = lambda: None, *, of: str = "") -> None:
        """Strike at the number-th command (from 1; `of` that name): before the store sees it, or after its reply."""
        self._number, self._of, self._moment, self._blow = number, of, moment, blow

    def come_back(self) -> None:
        """Take connections again."""
        self._hidden.rename(self._socket)

    def _do(self, coroutine: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(timeout=10)

    # -- in the thread

    async def _listen(self) -> None:
        self._listening = await asyncio.start_unix_server(self._serve, self._socket)

    def _cut(self) -> None:
        with suppress(FileNotFoundError):
            self._socket.rename(self._hidden)
        for writer in self._writers:
            writer.transport.abort()

    async def _end(self) -> None:
        """Cut everybody off, and close once nobody is left: an accepted connection is no task for a moment."""
        quiet = 0
        while quiet < 5:
            self._cut()
            others = asyncio.all_tasks() - {asyncio.current_task()}
            quiet = 0 if others else quiet + 1
            if others:
                await asyncio.wait(others, timeout=0.1)
            await asyncio.sleep(0.01)
        self._listening.close()

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        from_server, to_server = await asyncio.open_unix_connection(self._server)
        self._writers |= {writer, to_server}
        if not self._socket.exists():  # it slipped in as the door was closed
            self._cut()
        with suppress(IncompleteReadError, ConnectionError):  # either side has gone, or we cut them off
            while await self._relay(reader, to_server, from_server, writer):
                pass
        for end in (writer, to_server):
            self._writers.discard(end)
            end.close()
            with suppress(ConnectionError):
                await end.wait_closed()

    async def _relay(
        self, reader: StreamReader, to_server: StreamWriter, from_server: StreamReader, writer: StreamWriter
    ) -> bool:
        """Pass on one command and its reply; return whether to go on."""
        command = await read_message(reader)
        struck = self._is_the_one(command)
        if struck and self._moment == "before":
            self._strike()
            return False
        to_server.write(command)
        reply = await read_message(from_server)
        if struck:
            self._strike()
            return False
        writer.write(reply)
        return True

    def _is_the_one(self, command: bytes) -> bool:
        name = name_of(command)
        if is_greeting(name):
            return False
        self.commands.append(name)
        many = self.commands.count(name) if self._of else len(self.commands)
        return self._of in ("", name) and many == self._number

    def _strike(self) -> None:
        self._blow()
        self._cut()
        self.struck.set()
