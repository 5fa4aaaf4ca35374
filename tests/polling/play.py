"""Three days of a crawl in some seconds: real processes and a real store, but servers and clock follow a script."""

import os
import signal
import socket
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from crawler.news.source import SourceState
from crawler.newsroom.messages import Reply, Request
from crawler.newsroom.server import HOST, Server
from crawler.store import Store, keys
from tests.faults.stage import LEASE_MS, Run, Stage, wait_until
from tests.polling.scripted import DAY, DOOR, Ask, Played, Scripts, without_after
from tests.store.acting import know_robots

OPENS = datetime(2031, 3, 3, 6, tzinfo=UTC)  # a Monday: what goes by hours and weekdays goes the same at each run
LASTS = 3 * DAY
LONGEST_STEP_S = 20.0


def play(scripts: Scripts, folder: Path) -> Played:
    """Watch all scripted sources for three days.

    A script may kill the crawl. Then another takes over, whose RETRY_AFTER_HOLDS is "source".
    """
    with Theatre(scripts, folder) as theatre:
        crawl = theatre.start(theatre.proxy.url, "host")
        theatre.let_pass(LASTS)
        killed, held, planned = theatre.now(), tuple(theatre.leases()), theatre.states()
        if crawl.process.poll() == -signal.SIGKILL:
            theatre.start(theatre.stage.embedded.url, "source")
            theatre.jump(LEASE_MS)
            theatre.let_pass(LASTS)
        log = theatre.end()
        return Played(
            asks=tuple(theatre.asks),
            states=theatre.states(),
            killed=killed,
            held=held,
            planned=planned,
            log=log,
            door=theatre.door,
            knocked=theatre.knocked(),
        )


class Theatre:
    """Store, servers and crawl, and the clock that they share.

    Attributes:
        asks: every request so far. opened: when the clock began.
    """

    def __init__(self, scripts: Scripts, folder: Path) -> None:
        self.asks: list[Ask] = []
        self._scripts = scripts
        self._folder = folder
        self._ahead_ms = _ms(OPENS) - _ms(datetime.now(UTC))
        self._hastened: list[str] = []
        self._counts = Counter[str]()
        self._runs: list[Run] = []
        self._closing = ExitStack()
        self.opened = self.now()

    def __enter__(self) -> Self:
        self.stage = self._closing.enter_context(Stage(self._folder))
        self.proxy = self._closing.enter_context(self.stage.proxy())
        self._server = Server(0, self._answer, self.now)
        self._port = self._server.start()
        self._closing.callback(self._server.stop)
        self._door = self._closing.enter_context(socket.create_server((HOST, 0)))
        self.stage.advance(self._ahead_ms)
        # Their names resolved once: else they would be hosts whose robots.txt is out of reach.
        self.stage.ask(lambda store: know_robots(store, *self._scripts.unresolved()))
        self._watchlist = self._folder / "watchlist.toml"
        self._watchlist.write_text(self._scripts.watchlist())
        return self

    def __exit__(self, *_error: object) -> None:
        self._closing.close()

    # -- the clock

    def now(self) -> datetime:
        """The time on stage; the store's is the same."""
        return datetime.fromtimestamp(self._now_ms() / 1000, UTC)

    def jump(self, ms: int) -> None:
        """Push the clock."""
        self._ahead_ms += ms
        self.stage.advance(ms)

    def let_pass(self, age: timedelta) -> None:
        """Let time pass in jumps, until the clock has run for so long or the crawl is killed."""
        until = self.opened + age
        while self.now() < until and (due_ms := self._next_due()):
            if self._hastened:
                self._hasten()
            else:
                self.jump(max(min(due_ms, _ms(until)) - self._now_ms(), 0) + 1)

    def _now_ms(self) -> int:
        return int(time.time() * 1000) + self._ahead_ms

    def _next_due(self) -> int | None:
        """Wait until the crawl has nothing to do; return when it has again, or None if it was killed."""
        hangs = time.monotonic() + LONGEST_STEP_S
        while self._runs[-1].process.poll() is None:
            assert time.monotonic() < hangs, f"{self.leases()} take too long.\n{self._runs[-1].log}"
            with self.stage.client.pipeline() as pipe:
                pipe.zcard(keys.LEASES)
                pipe.zrange(keys.HOSTS, 0, 0, withscores=True)
                leased, first = pipe.execute()
            due_ms = int(first[0][1]) if first else 0
            if not leased and due_ms > self._now_ms():
                return due_ms
            time.sleep(0.003)
        return None

    # -- the servers

    @property
    def door(self) -> str:
        """Host and port at which nobody may knock."""
        return f"{HOST}:{self._door.getsockname()[1]}"

    def knocked(self) -> bool:
        """Whether somebody has connected to the door."""
        self._door.setblocking(False)
        try:
            self._door.accept()[0].close()
        except BlockingIOError:
            return False
        return True

    def _answer(self, request: Request) -> Reply:
        url = without_after(f"http://{request.host}{request.path}")
        self._counts[url] += 1
        ask = Ask(
            number=self._counts[url],
            at=self.now(),
            opened=self.opened,
            host=request.host,
            path=request.path,
            headers=request.headers,
            kill=self._kill_soon,
            hasten=self._hastened.append,
        )
        self.asks.append(ask)
        return self._with_door(self._scripts.answer(ask))

    def _with_door(self, reply: Reply) -> Reply:
        headers = {name: text.replace(DOOR, self.door) for name, text in reply.headers.items()}
        return replace(reply, headers=headers, body=reply.body.replace(DOOR.encode(), self.door.encode()))

    # -- the crawl

    def start(self, store_url: str, holds: str) -> Run:
        """Start a crawl, and wait until it watches."""
        run = Run(
            self._folder / f"crawl-{len(self._runs) + 1}.log",
            ["crawl", "watch", "-s", f"RETRY_AFTER_HOLDS={holds}"],
            {
                "PATH": os.environ["PATH"],
                "SCRAPY_SETTINGS_MODULE": "tests.polling.settings",
                "WATCHLIST": str(self._watchlist),
                "REDIS_URL": store_url,
                "STATE_DIR": str(self._folder / "unused"),
                "http_proxy": f"http://{HOST}:{self._port}",
                "no_proxy": f"{HOST},.invalid",
                "RES_OPTIONS": "timeout:1 attempts:1",  # names that do not resolve should say so soon
            },
        )
        self._runs.append(self._closing.enter_context(run))
        wait_until(lambda: "watching" in run.log or run.process.poll() is not None)
        assert run.process.poll() is None, run.log
        return run

    def end(self) -> str:
        """End the crawl as a user would, and see that the books are in order; return what all have logged."""
        last = self._runs[-1]
        if last.process.poll() is None:
            last.kill(signal.SIGTERM)
        assert last.end(20) == 0, last.log
        self.stage.closed_books()
        return "".join(run.log for run in self._runs)

    def _kill_soon(self) -> None:
        """Kill the crawl when it tells the store what the next poll brought, before the store hears of it."""
        polls = self.proxy.commands.count("discovered")
        self.proxy.strike(polls + 1, "before", self._runs[-1].kill, of="discovered")

    # -- the store

    def _hasten(self) -> None:
        urls, self._hastened = self._hastened, []

        async def hasten(store: Store) -> None:
            chosen = [state async for state in store.schedule.sources() if state.url in urls]
            await store.schedule.hasten(chosen, "asked for by a script")

        self.stage.ask(hasten)

    def leases(self) -> list[str]:
        """What is in hand: members as the store has them."""
        return [str(member) for member in self.stage.client.zrange(keys.LEASES, 0, -1)]

    def states(self) -> dict[str, SourceState]:
        """What the store knows of each source, by its address."""

        async def sources(store: Store) -> dict[str, SourceState]:
            return {state.url: state async for state in store.schedule.sources()}

        return self.stage.ask(sources)


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
