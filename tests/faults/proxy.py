"""A proxy between a crawl and its store. It counts commands, and strikes at one of them:

    with Proxy(server_socket) as proxy:
        proxy.strike(17, "before", crawl.kill)      the 17th command never reaches the store
        proxy.strike(3, "after", of="publish")      the third publish is done, its reply never arrives

When it strikes it deals the blow, then cuts every connection and refuses new ones until `come_back`. For that its
socket is moved out of sight; it goes on listening, as asyncio leaks a connection that comes while a server closes.

It can also deal its blow and cut nothing (cut=False), be slow (`delay_s`), go deaf without a word (`go_deaf`), or lead
to another server (`lead_to`), as the address of a managed store does after a failover.
"""

import asyncio
import tempfile
import threading
from asyncio import IncompleteReadError, StreamReader, StreamWriter
from collections import Counter
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
        answered: how many of each were done and had their reply passed on; "publish, WAIT": also that of its WAIT.
        struck: set once it has struck.
        delay_s: how long each reply takes longer (s).
    """

    def __init__(self, server: Path) -> None:
        self.commands: list[str] = []
        self.answered = Counter[str]()
        self.struck = threading.Event()
        self.delay_s = 0.0
        self._server = server
        self._folder = tempfile.TemporaryDirectory(prefix="proxy-")  # pytest's own are too deep for a socket
        self._socket = Path(self._folder.name) / "proxy.sock"
        self._hidden = self._socket.with_suffix(".hidden")
        self._writers: set[StreamWriter] = set()
        self._deaf: set[StreamWriter] = set()  # connections that swallow everything
        self._last: dict[StreamWriter, str] = {}  # what was answered last, by connection
        self._number, self._of = 0, ""
        self._moment: Moment = "before"
        self._blow: Callable[[], object] = lambda: None
        self._cuts = True
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

    def strike(
        self,
        number: int,
        moment: Moment,
        blow: Callable[[], object] = lambda: None,
        *,
        of: str = "",
        cut: bool = True,
    ) -> None:
        """Strike at the number-th command (from 1; `of` that name): before the store sees it, or after its reply.

        `cut`: and break all connections. Nothing passes while the blow is dealt.
        """
        self._number, self._of, self._moment, self._blow, self._cuts = number, of, moment, blow, cut

    def come_back(self) -> None:
        """Take connections again."""
        self._hidden.rename(self._socket)

    def go_deaf(self) -> None:
        """From now on no byte passes through the connections that are open, and none closes. New ones are well."""
        self._loop.call_soon_threadsafe(lambda: self._deaf.update(self._writers))

    def lead_to(self, server: Path, *, cut: bool) -> None:
        """Lead new connections to another server; `cut`: those that are open, too, as they break."""
        self._server = server
        if cut:
            self._loop.call_soon_threadsafe(self._break)

    def _do(self, coroutine: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(timeout=10)

    # -- in the thread

    async def _listen(self) -> None:
        self._listening = await asyncio.start_unix_server(self._serve, self._socket)

    def _cut(self) -> None:
        with suppress(FileNotFoundError):
            self._socket.rename(self._hidden)
        self._break()

    def _break(self) -> None:
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
        try:
            from_server, to_server = await asyncio.open_unix_connection(self._server)
        except OSError:  # nobody is there
            writer.close()
            return
        self._writers |= {writer, to_server}
        if not self._socket.exists():  # it slipped in as the door was closed
            self._cut()
        with suppress(IncompleteReadError, ConnectionError):  # either side has gone, or we cut them off
            while await self._relay(reader, to_server, from_server, writer):
                pass
        for end in (writer, to_server):
            self._writers.discard(end)
            self._deaf.discard(end)
            self._last.pop(end, None)
            end.close()
            with suppress(ConnectionError):
                await end.wait_closed()

    async def _relay(
        self, reader: StreamReader, to_server: StreamWriter, from_server: StreamReader, writer: StreamWriter
    ) -> bool:
        """Pass on one command and its reply; return whether to go on."""
        command = await read_message(reader)
        if writer in self._deaf:
            return await self._swallow(reader)
        struck = self._is_the_one(command)
        if struck and self._moment == "before" and self._strike():
            return False
        to_server.write(command)
        reply = await read_message(from_server)
        if struck and self._moment == "after" and self._strike():
            return False
        if writer in self._deaf:
            return await self._swallow(reader)
        await asyncio.sleep(self.delay_s)
        self._note_answer(writer, "refused" if reply[:1] == b"-" else name_of(command))
        writer.write(reply)
        return True

    def _note_answer(self, writer: StreamWriter, name: str) -> None:
        self.answered[f"{self._last[writer]}, WAIT" if name == "WAIT" else name] += 1
        self._last[writer] = name

    async def _swallow(self, reader: StreamReader) -> bool:
        """Take in whatever comes, until whoever sends it gives up."""
        while await reader.read(65_536):
            pass
        return False

    def _is_the_one(self, command: bytes) -> bool:
        name = name_of(command)
        if is_greeting(name):
            return False
        self.commands.append(name)
        many = self.commands.count(name) if self._of else len(self.commands)
        return self._of in ("", name) and many == self._number

    def _strike(self) -> bool:
        """Strike; return whether the connections are cut."""
        cuts = self._cuts
        self._blow()
        if cuts:
            self._cut()
        self.struck.set()
        return cuts
