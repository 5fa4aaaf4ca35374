"""The newsroom: a world, a clock and a server that answers for every outlet of that world."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from crawler.newsroom.control import CONTROL_HOST, answer_control
from crawler.newsroom.edition import Edition
from crawler.newsroom.faults import Faults
from crawler.newsroom.messages import Reply, Request, reply_with
from crawler.newsroom.press import read_press
from crawler.newsroom.server import HOST, Server
from crawler.newsroom.world import Step, World


@dataclass(frozen=True, slots=True)
class Visit:
    """One request as it came in.

    Attributes:
        at_seconds: time.monotonic() on arrival.
        path: with its query.
        headers: names in lower case.
        status: what was answered; 0 where the connection closed without a byte.
    """

    at_seconds: float
    method: str
    host: str
    path: str
    headers: dict[str, str]
    status: int


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Newsroom:
    """A make-believe press, reached as an HTTP proxy on loopback:

        with Newsroom() as newsroom:
            newsroom.fault("www.pulse.example", "status", code=429, headers={"Retry-After": "5"})
            fetch("http://www.pulse.example/feed.xml", proxy=newsroom.url)

    Every method may be called from any thread. A URL may be written without its "http://".

    Attributes:
        url: the address to use as http_proxy.
        requests: every request to an outlet, in order of arrival.
        heard: every alert sent to the newsroom itself (`watchlist/channels.toml`), as it came.
    """

    def __init__(
        self,
        port: int = 0,
        *,
        world: World | None = None,
        clock: Callable[[], datetime] = _utc_now,
        play: bool = False,
        told: Callable[[Step], None] | None = None,
    ) -> None:
        """`port` 0 takes a free one; `clock` gives aware UTC; `play` lets the world's scenario happen as its clock
        passes each step, and `told` hears of it.
        """
        self.world = world or read_press()
        self.url = ""
        self.requests: list[Visit] = []
        self.heard: list[dict[str, Any]] = []
        self._clock = clock
        self._ahead = timedelta()
        self._opened = clock()
        self._edition = Edition(self.world, self._opened)
        self._faults = Faults()
        for outlet in self.world.outlets:
            if outlet.fault:
                self._faults.set(outlet.host, **outlet.fault)
        self._coming = list(self.world.steps) if play else []
        self._told = told
        self._lock = threading.RLock()
        self._server = Server(port, self._answer, self.now)

    def __enter__(self) -> Self:
        port = self._server.start()
        self.url = f"http://{HOST}:{port}"
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.stop()

    def now(self) -> datetime:
        """Return the time in this world."""
        return self._clock() + self._ahead

    def advance(self, seconds: float) -> None:
        """Move the world's clock forward, and play the steps it passes."""
        with self._lock:
            self._ahead += timedelta(seconds=seconds)
            self.catch_up()

    def catch_up(self) -> None:
        """Play the steps of the scenario whose time has come. Each request does so, too."""
        with self._lock:
            while self._coming and self._opened + self._coming[0].at <= self.now():
                self._do(self._coming.pop(0))

    def play(self, name: str) -> None:
        """Do the step of that name now, whatever the clock says.

        Raises:
            LookupError: the scenario has no such step.
        """
        with self._lock:
            steps = {step.name: step for step in self.world.steps}
            if name not in steps:
                raise LookupError(f'no step "{name}". There are: {", ".join(steps)}')
            self._coming = [step for step in self._coming if step.name != name]
            self._do(steps[name])

    def publish(self, url: str) -> None:
        """Let a piece that was held back appear, dated now.

        Raises:
            LookupError: no piece has that URL.
        """
        with self._lock:
            self._edition.publish(url, self._age())

    def edit(self, url: str, *, headline: str = "", replace: Mapping[str, str] | None = None) -> None:
        """Change a headline, and wordings of the text (old -> new); `dateModified` becomes now.

        Raises:
            LookupError: no piece has that URL.
            ValueError: an old wording is not in the text, or nothing would change.
        """
        with self._lock:
            self._edition.edit(url, self._age(), headline, replace)

    def fault(self, target: str, kind: str, *, times: int | None = None, **arguments: Any) -> None:
        """Let something go wrong at a host or URL: the kinds and their arguments stand in `faults`.

        Raises:
            ValueError: no such kind, or arguments that it does not take.
        """
        with self._lock:
            self._faults.set(target, kind, times=times, **arguments)

    def heal(self, target: str) -> None:
        """End the fault of a host or URL."""
        with self._lock:
            self._faults.heal(target)

    def hear(self, **alert: Any) -> None:
        """Take an alert: the newsroom is its own channel in the demo."""
        self.heard.append(alert)

    def warm(self) -> None:
        """Render everything now: for benchmarks, so that no request pays for it."""
        with self._lock:
            self._edition.warm()

    def requests_of(self, host: str = "", path: str | None = None) -> list[Visit]:
        """Return the requests to `host` ("": any), and to `path` (with its query) if one is given."""
        return [v for v in list(self.requests) if host in ("", v.host) and path in (None, v.path)]

    def _age(self) -> timedelta:
        """Now, as the world counts: before opening, so negative."""
        return self._opened - self.now()

    def _do(self, step: Step) -> None:
        getattr(self, step.action)(**step.arguments)
        if self._told:
            self._told(step)

    def _answer(self, request: Request) -> Reply:
        at_seconds = time.monotonic()
        if request.host == CONTROL_HOST or f"http://{request.host}" == self.url:
            return answer_control(self, request)
        with self._lock:
            self.catch_up()
            reply = self._faults.apply(request, self._show(request))
        status = 0 if reply.ending == "dead" else reply.status
        self.requests.append(Visit(at_seconds, request.method, request.host, request.path, request.headers, status))
        return reply

    def _show(self, request: Request) -> Reply:
        if request.method not in ("GET", "HEAD"):
            return Reply(405, {"Allow": "GET, HEAD", "Content-Type": "text/plain"}, b"readers only read\n")
        document = self._edition.document(request.host, request.path.partition("?")[0])
        if document is None:
            return Reply(502, {"Content-Type": "text/plain"}, f"no outlet is called {request.host}\n".encode())
        return reply_with(document, request)
