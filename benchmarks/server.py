"""A Valkey of a benchmark's own: in memory alone, on a socket, gone with the benchmark."""

import subprocess
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

from redis import Redis

from crawler.store import Store, keeper
from crawler.store.connection import Connection
from crawler.store.embedded import server_binary, wait_until
from crawler.store.limits import Limits


class Server:
    """Start it with `with`; `store()` makes one more worker's view of it.

    Attributes:
        url: its address for clients.
        client: a plain client, to look with.
    """

    def __init__(self) -> None:
        self._closing = ExitStack()

    def __enter__(self) -> Self:
        folder = Path(self._closing.enter_context(TemporaryDirectory(prefix="storywatch-bench-")))
        socket = folder / "valkey.sock"
        self.url = f"unix://{socket}"
        options = ["--port", "0", "--unixsocket", str(socket), "--dir", str(folder), "--save", "", "--appendonly", "no"]
        process = subprocess.Popen([server_binary(), *options], stdout=subprocess.DEVNULL)
        self._closing.callback(process.wait)
        self._closing.callback(process.kill)
        wait_until(lambda: keeper.answers(socket), f"{socket}: Valkey does not answer.")
        self.client = self._closing.enter_context(Redis.from_url(self.url, decode_responses=True))
        return self

    def __exit__(self, *_error: object) -> None:
        self._closing.close()

    def store(self, limits: Limits | None = None) -> Store:
        """Return the store as a worker with a name of its own sees it."""
        return Store(Connection(self.url), limits or Limits())

    def info(self, section: str) -> dict[str, Any]:
        """Return a section of INFO."""
        found: dict[str, Any] = self.client.info(section)
        return found
