"""Real servers of a test, to be killed, stopped, started again, copied and promoted.

    with Engines(folder) as engines:
        primary = engines.start("primary")
        replica = engines.start("replica", of=primary)

A replica is connected to its primary by a `line`, which can be slow and break: what is on the line is lost then.
"""

import asyncio
import resource
import signal
import socket
import subprocess
import tempfile
import threading
import time
from asyncio import StreamReader, StreamWriter
from collections.abc import Mapping
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import Self

import redis

from crawler.store import keeper
from crawler.store.embedded import server_binary
from tests.faults.stage import Run, Stage, wait_until


class Engine:
    """A Valkey with an append-only file of its own: a socket for crawls, a loopback port for its replicas.

    Attributes:
        state_dir: its folder; socket, url: where it listens; client: to look at it and set it.
        line: to its primary, if it is a replica.
    """

    def __init__(self, state_dir: Path, sockets: Path) -> None:
        state_dir.mkdir(mode=0o700)
        self.state_dir = state_dir
        self.socket = sockets / f"{state_dir.name}.sock"
        self.url = f"unix://{self.socket}"
        self.client = redis.Redis.from_url(self.url, decode_responses=True)
        self.line: Line | None = None
        self._binary = tough_server(state_dir)
        self._port = free_port()

    def start(self, **options: str | int) -> None:
        """Start it, or start it again with what its file holds; return when it answers."""
        self.launch(**options)
        wait_until(lambda: keeper.answers(self.socket))

    def launch(self, **options: str | int) -> None:
        """The same, but don't wait for it."""
        settings = {
            "bind": "127.0.0.1",
            "port": self._port,
            "unixsocket": self.socket,
            "dir": self.state_dir,
            "appendonly": "yes",
            "save": "",
            "repl_diskless_sync_delay": 0,
            **options,
        }
        words = [(f"--{name.replace('_', '-')}", str(value)) for name, value in settings.items()]
        command = [str(self._binary), *chain.from_iterable(words)]
        with (self.state_dir / "valkey.log").open("ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def copy(self, primary: "Engine") -> None:
        """Become a replica; return when all of the primary's data is here."""
        self.line = Line(primary._port)
        self.client.replicaof("127.0.0.1", self.line.port)
        wait_until(lambda: self.client.info("replication")["master_link_status"] == "up")
        wait_until(lambda: self.offset >= primary.offset)

    def promote(self) -> None:
        """Become a primary. What is still on its line never arrives."""
        assert self.line
        self.line.cut()
        self.client.replicaof("NO", "ONE")
        self.line.end()
        self.line = None

    @property
    def offset(self) -> int:
        """How much it has written or copied (bytes of the replication stream)."""
        info = self.client.info("replication")
        return int(info["slave_repl_offset" if info["role"] == "slave" else "master_repl_offset"])

    def kill(self) -> None:
        """Kill it with SIGKILL."""
        self.process.kill()
        self.process.wait()

    def stop(self, seconds: float) -> None:
        """Let it hang for a while: it takes connections, and answers nobody."""
        self.process.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        self.process.send_signal(signal.SIGCONT)

    def end(self) -> None:
        """End it for good."""
        self.kill()
        self.client.close()
        if self.line:
            self.line.end()


class Engines:
    """The servers of one test; all end with it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._all: list[Engine] = []

    def __enter__(self) -> Self:
        self._sockets = tempfile.TemporaryDirectory(prefix="engines-")  # pytest's own are too deep for a socket
        return self

    def __exit__(self, *_error: object) -> None:
        for engine in self._all:
            engine.end()
        self._sockets.cleanup()

    def start(self, name: str, *, of: Engine | None = None, **options: str | int) -> Engine:
        """Start a server; `of`: as a replica that has all of its primary's data."""
        engine = Engine(self._folder / name, Path(self._sockets.name))
        self._all.append(engine)
        engine.start(**options)
        if of:
            engine.copy(of)
        return engine


class Line:
    """What connects a replica to its primary. The replica's words travel at once, the primary's take a while.

    Attributes:
        port: where a primary seems to be; delay_s: how long each byte from it is on its way.
    """

    def __init__(self, primary: int) -> None:
        self.delay_s = 0.0
        self._primary = primary
        self._writers: list[StreamWriter] = []
        self._broken = False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="line", daemon=True)
        self._thread.start()
        opened = asyncio.run_coroutine_threadsafe(asyncio.start_server(self._serve, "127.0.0.1", 0), self._loop)
        self._listening = opened.result(timeout=10)
        self.port = self._listening.sockets[0].getsockname()[1]

    def cut(self) -> None:
        """Break; what is on its way is lost."""
        self._loop.call_soon_threadsafe(self._break)

    def end(self) -> None:
        """Close it. The replica is no longer one, or dead: it would try to connect for ever."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(timeout=10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    # -- in the thread

    def _break(self) -> None:
        self._broken = True
        for writer in self._writers:
            writer.transport.abort()

    async def _end(self) -> None:
        self._break()
        await asyncio.sleep(0.05)  # an accepted connection is no task for a moment
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(others, timeout=0.1)
        self._listening.close()

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        with suppress(OSError):  # the primary is gone, or either breaks off
            from_primary, to_primary = await asyncio.open_connection("127.0.0.1", self._primary)
            self._writers += [writer, to_primary]
            if self._broken:
                self._break()
            await asyncio.gather(self._carry(reader, to_primary), self._carry_late(from_primary, writer))
        writer.transport.abort()

    async def _carry(self, reader: StreamReader, writer: StreamWriter) -> None:
        while data := await reader.read(65_536):
            writer.write(data)
        writer.transport.abort()

    async def _carry_late(self, reader: StreamReader, writer: StreamWriter) -> None:
        while data := await reader.read(65_536):
            self._loop.call_later(self.delay_s, writer.write, data)
        writer.transport.abort()


class OpenStage(Stage):
    """A stage whose store is one of these servers, and another one after a failover."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        super().__init__(folder)
        self._engine = engine

    def __enter__(self) -> Self:
        self.turn_to(self._engine)
        return self

    def turn_to(self, engine: Engine) -> None:
        """From now on the store is this one."""
        self._engine = self.embedded = engine
        self.client = engine.client
        self._raw = self._closing.enter_context(redis.Redis.from_url(engine.url))

    def _run(
        self, arguments: list[str], settings: Mapping[str, str], environment: Mapping[str, str], store: str | None
    ) -> Run:
        return super()._run(arguments, settings, environment, store or self.embedded.url)


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def fill_disk(pid: int, state_dir: Path, *, room: int = 0) -> None:
    """Let a server's append-only file grow by `room` bytes and no more, as if its disk were full then."""
    size = max(path.stat().st_size for path in (state_dir / "appendonlydir").glob("*.incr.aof"))
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size + room, resource.RLIM_INFINITY))


def make_room(pid: int) -> None:
    """Take that limit away."""
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def tough_server(folder: Path) -> Path:
    """Return a server to start in place of the usual one: its file may reach a limit as it may fill a disk.

    There the kernel sends SIGXFSZ, which ends a process that does not ignore it (setrlimit(2)).
    """
    path = folder / "valkey-server"
    path.write_text(f"#!/bin/sh\ntrap '' XFSZ\nexec '{server_binary()}' \"$@\"\n")
    path.chmod(0o700)
    return path
