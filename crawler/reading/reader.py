"""The worker's side: one body at a time goes to a process of its own, which is replaced when a body kills it.

What kills it once is tried again in a fresh process: the kernel's out-of-memory killer, an administrator, the bodies
before or, where time is up, a clock that leapt may be to blame. What kills that, too, is poison.
"""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from asyncio import IncompleteReadError, StreamReader, StreamWriter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import msgspec

from crawler.news.errors import PoisonError, ReaderError
from crawler.reading.tasks import Reading, Task
from crawler.reading.wire import BUG, LENGTHS, MOST_CPU_S, MOST_DATA_BYTES, OUT_OF_MEMORY, REFUSED, Refusal, frame

COMMAND = (sys.executable, "-P", "-m", "crawler.reading.process")
LONGEST_S = 30.0  # by the clock: several times MOST_CPU_S, for a busy machine; all other bodies wait meanwhile
LONGEST_START_S = 60.0  # half a second on a free machine
LONGEST_END_S = 5.0

HUNG, SILENT, MEMORY, CRASHED = "parser-hung", "parser-silent", "parser-memory", "parser-crashed"


class Reader:
    """Reads bodies for one worker. Its process starts with the first and ends with `close`, or with the worker."""

    def __init__(self) -> None:
        self._process: _Process | None = None
        self._turn = asyncio.Lock()
        self._closed = False

    async def read(self, task: Task[Reading], body: bytes) -> Reading:
        """Return what the body says.

        Raises:
            ExtractionError, DiscoveryError: as the parser that the task is for.
            PoisonError: it kills or hangs the parser.
            ReaderError: nothing can be read now.
            RuntimeError: a bug of ours, with its traceback.
        """
        async with self._turn:
            began = time.monotonic()
            try:
                return await self._read_or_try_again(task, body)
            except PoisonError as error:
                error.took_ms = int((time.monotonic() - began) * 1000)
                raise

    async def _read_or_try_again(self, task: Task[Reading], body: bytes) -> Reading:
        try:
            return await self._read(task, body)
        except PoisonError as error:
            if error.reason == HUNG:  # the kernel counted its CPU time: a second try would tell the same
                raise
        return await self._read(task, body)

    async def _read(self, task: Task[Reading], body: bytes) -> Reading:
        if self._closed:
            raise _closing()
        self._process = self._process or await _started()
        try:
            async with asyncio.timeout(LONGEST_S):
                kind, answer = await self._process.ask(msgspec.json.encode(task), body)
        except (IncompleteReadError, ConnectionError):
            raise _poison(task.url, await self._lose(kill=False)) from None
        except TimeoutError:
            await self._lose(kill=True)
            raise PoisonError(
                SILENT, f"{task.url}: reading it took over {LONGEST_S:g} s by the clock, twice."
            ) from None
        except BaseException:  # cancelled in the middle of an answer
            await self._lose(kill=True)
            raise
        return _unpack(task, kind, answer)

    async def _lose(self, *, kill: bool) -> int:
        """Give up the process; return how it ended."""
        process, self._process = self._process, None
        if process is None:  # close() was first
            raise _closing()
        return await process.end(kill=kill)

    async def close(self) -> None:
        """End the process. What it still reads has gone back to the frontier by now."""
        self._closed = True
        if self._process is not None:
            await self._lose(kill=True)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.close()


@dataclass(frozen=True, slots=True)
class _Process:
    """A process that reads, and the socket that leads there."""

    popen: "subprocess.Popen[bytes]"
    incoming: StreamReader
    outgoing: StreamWriter

    @classmethod
    async def start(cls) -> Self:
        """Start one; return when it is ready.

        Raises:
            ReaderError: it does not get ready.
        """
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                popen = await asyncio.to_thread(_launch, theirs.fileno())
        except OSError as error:
            ours.close()
            raise ReaderError(f"{sys.executable}: the process that reads pages does not start: {error}.") from error
        process = cls(popen, *await asyncio.open_unix_connection(sock=ours))
        try:
            async with asyncio.timeout(LONGEST_START_S):
                await process.hear()
        except (IncompleteReadError, ConnectionError, TimeoutError) as error:
            code = await process.end(kill=True)
            raise ReaderError(
                f"{sys.executable}: the process that reads pages ended at its start ({_manner(code)}). "
                "What it said stands above."
            ) from error
        return process

    async def ask(self, task: bytes, body: bytes) -> tuple[bytes, bytes]:
        """Send a request; return kind and content of the answer."""
        self.outgoing.write(frame(task, body))
        return await self.hear()

    async def hear(self) -> tuple[bytes, bytes]:
        """Return kind and content of the next answer."""
        lengths = LENGTHS.unpack(await self.incoming.readexactly(LENGTHS.size))
        return await self.incoming.readexactly(lengths[0]), await self.incoming.readexactly(lengths[1])

    async def end(self, *, kill: bool) -> int:
        """Hang up and wait for its end; return its exit code (negative: the signal that killed it)."""
        if kill:
            self.popen.kill()
        self.outgoing.transport.abort()  # close() would first wait until a frozen process takes the rest
        with suppress(ConnectionError):
            await self.outgoing.wait_closed()
        try:
            return await asyncio.to_thread(self.popen.wait, LONGEST_END_S)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            return await asyncio.to_thread(self.popen.wait)


async def _started() -> _Process:
    """Start a process, a second time where the first does not get ready: a leap of the clock looks the same."""
    try:
        return await _Process.start()
    except ReaderError:
        return await _Process.start()


def _launch(stdin: int) -> "subprocess.Popen[bytes]":
    """Start the process. It imports what we import, wherever that is; a terminal's Ctrl-C is not for it."""
    path = os.pathsep.join(str(Path(folder).absolute()) for folder in sys.path)
    environment = os.environ | {"PYTHONPATH": path}
    return subprocess.Popen(COMMAND, stdin=stdin, stdout=subprocess.DEVNULL, env=environment, process_group=0)


def _closing() -> ReaderError:
    return ReaderError("The crawl ends: nothing is read any more.")


def _unpack(task: Task[Reading], kind: bytes, answer: bytes) -> Reading:
    if kind == REFUSED:
        raise msgspec.msgpack.decode(answer, type=Refusal).error
    if kind == BUG:
        raise RuntimeError(f"{task.url}: {msgspec.msgpack.decode(answer)}")
    reading: Reading = msgspec.msgpack.decode(answer, type=task.gives)
    return reading


def _poison(url: str, code: int) -> PoisonError:
    """Say what a body did to whoever read it."""
    if code == -signal.SIGXCPU:
        return PoisonError(HUNG, f"{url}: reading it took over {MOST_CPU_S} s of CPU, which means for ever.")
    if code == OUT_OF_MEMORY:
        return PoisonError(MEMORY, f"{url}: reading it takes over {MOST_DATA_BYTES // 10**6:,} MB of memory.")
    return PoisonError(CRASHED, f"{url}: reading it killed the parser ({_manner(code)}), twice.")


def _manner(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"
