"""A webhook receiver that does as it is told, on the loopback:

with Receiver() as receiver:
    receiver.script(500, "drop")            the first request is answered 500, the second not at all
    ...                                     send to receiver.url
    [heard.answer for heard in receiver.heard]     [500, None, 200]
"""

import json
import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Self

Step = int | timedelta | Literal["hang", "drop"]
"""What happens to a request that was read whole: this status; 200 after so long; no answer while the receiver is open;
a connection closed without an answer."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One request.

    Attributes:
        path: with the query; a whole URL where the receiver is used as a proxy.
        headers: by lower-case name.
        time: seconds since 1970, when it had been read.
        answer: the status it is given, None: none.
    """

    path: str
    headers: dict[str, str]
    body: bytes
    time: float
    answer: int | None

    @property
    def key(self) -> str | None:
        """Its idempotency key."""
        return self.headers.get("idempotency-key")

    @property
    def json(self) -> Any:
        """Its body, read as JSON."""
        return json.loads(self.body)


class Receiver:
    """Answers each request as the next step of its script says, and 200 when that is over.

    Attributes:
        heard: every request that was read, in order.
    """

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self._steps: deque[Step] = deque()
        self._port = 0
        self._server: _Server | None = None

    @property
    def port(self) -> int:
        """Where it listens, or did before `refuse`."""
        return self._port

    @property
    def url(self) -> str:
        """Its address, as Apprise has it."""
        return f"json://127.0.0.1:{self._port}/desk"

    def __enter__(self) -> Self:
        self.listen()
        return self

    def __exit__(self, *_error: object) -> None:
        self.refuse()

    def script(self, *steps: Step) -> None:
        """Say what happens to the next requests, after what was said before."""
        self._steps.extend(steps)

    def listen(self) -> None:
        """Take connections: after `refuse`, at the same port."""
        self._server = _Server(("127.0.0.1", self._port), self)
        self._port = self._server.server_port

    def refuse(self) -> None:
        """Close the port and every connection."""
        if self._server:
            self._server.end()
            self._server = None

    def hear(self, path: str, headers: dict[str, str], body: bytes) -> Step:
        """Note a request and return what happens to it (called by the server's threads)."""
        step: Step = self._steps.popleft() if self._steps else 200
        answer = step if isinstance(step, int) else 200 if isinstance(step, timedelta) else None
        self.heard.append(Heard(path, headers, body, time.time(), answer))
        return step


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # so that closing waits for them
    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], receiver: Receiver) -> None:
        super().__init__(address, _Handler)
        self.receiver = receiver
        self.ending = threading.Event()
        self._thread = threading.Thread(target=lambda: self.serve_forever(0.01), name="receiver")
        self._thread.start()

    def end(self) -> None:
        self.ending.set()
        self.shutdown()
        self._thread.join()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        length = int(self.headers.get("content-length", 0))
        body = self.rfile.read(length)
        if len(body) < length:  # whoever sent it is gone: this was never heard
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        step = self.server.receiver.hear(self.path, headers, body)
        match step:
            case "hang":
                self.server.ending.wait()
            case timedelta():
                self.server.ending.wait(step.total_seconds())
                self._answer(200)
            case int():
                self._answer(step)

    def _answer(self, status: int) -> None:
        with suppress(ConnectionError):  # whoever asked waits no longer
            self.send_response(status)
            self.send_header("content-length", "0")
            self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name it has in the library)
        """Say nothing."""
