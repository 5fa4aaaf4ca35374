"""Where a fault is played: a real store, a newsroom, and crawls as processes that can be killed."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol, Self, TypeVar

import msgspec
import redis

from crawler.newsroom import Newsroom, World, watchlist_toml
from crawler.store import Store, keeper
from crawler.store.connection import Connection
from crawler.store.embedded import open_embedded
from crawler.store.frontier import Tally, Wish
from crawler.store.limits import Limits
from tests.desk.receiver import Receiver
from tests.faults.proxy import Proxy
from tests.store.acting import assert_balanced, run
from tests.store.leaks import leaked_keys

ROOT = Path(__file__).parents[2]
WATCHLIST = Path(__file__).parent / "watchlist"
LEASE_MS = 30_000
HASTE = MappingProxyType({"HOST_GAP": "0s", "RETRY_AFTER": "1s", "LONGEST_POLL": "1s"})
ALONE = MappingProxyType({"DESK": "off"})  # a crawl whose commands to the store can be counted
NOTHING = MappingProxyType[str, str]({})
LONGEST_CRAWL_S = 120  # many times what any takes; a crawl that hangs is a failure, not an endless test

Reply = TypeVar("Reply")

Revision = tuple[str, str, int]
"""A published revision: type of its event, article id, number."""

Snapshot = Mapping[bytes, tuple[bytes, int]]
"""Every key of a store: its serialised value and its time to live (ms; 0: for ever)."""


def wait_until(true: Callable[[], bool], seconds: float = 30) -> None:
    """Return once `true()`; fail if that takes too long."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)


class Run:
    """A `scrapy ...` in a process group of its own, so that a kill takes its browser along."""

    def __init__(self, log: Path, arguments: list[str], environment: Mapping[str, str]) -> None:
        self._log = log
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "scrapy", *arguments],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal to all of it."""
        os.killpg(self.process.pid, number)

    def end(self, seconds: float = LONGEST_CRAWL_S) -> int:
        """Wait for its end, and return its exit code (negative: the signal that killed it)."""
        return self.process.wait(seconds)

    @property
    def log(self) -> str:
        """What it has said so far."""
        return self._log.read_text()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self.process.poll() is None:
            self.kill()
            self.process.wait()


class Server(Protocol):
    """Where a store's server listens, and the folder of its data."""

    @property
    def url(self) -> str: ...
    @property
    def socket(self) -> Path: ...

    state_dir: Path


class Stage:
    """A store of its own, in `folder`, and everything that is asked of it between crawls.

    Attributes:
        watchlist: what crawls watch; the newsroom's outlets, unless `watch` says otherwise.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.watchlist = WATCHLIST
        self.embedded: Server
        self._runs = 0
        self._closing = ExitStack()

    def __enter__(self) -> Self:
        self.embedded = self._closing.enter_context(open_embedded(self.folder / "state"))
        self.client = self._closing.enter_context(redis.Redis.from_url(self.embedded.url, decode_responses=True))
        self._raw = self._closing.enter_context(redis.Redis.from_url(self.embedded.url))
        return self

    def __exit__(self, *_error: object) -> None:
        self._closing.close()

    def proxy(self) -> Proxy:
        """A proxy for the store, not entered yet."""
        return Proxy(self.embedded.socket)

    def crawl(
        self,
        newsroom: Newsroom,
        settings: Mapping[str, str] = ALONE,
        *,
        store: str | None = None,
        once: bool = True,
        environment: Mapping[str, str] = NOTHING,
    ) -> Run:
        """Start a crawl of this newsroom. `store`: its address, if there is a proxy between."""
        arguments = ["crawl", "watch", "-a", f"once={once:d}"]
        surroundings = {"http_proxy": newsroom.url, **environment}
        return self._run(arguments, {**HASTE, **ALONE, **settings}, surroundings, store)

    def command(self, *arguments: str) -> Run:
        """Start another `scrapy ...` over the same store."""
        return self._run(list(arguments), {}, {}, None)

    def desk(self, receiver: Receiver, *, store: str | None = None) -> Run:
        """Start the desk, for all that is there; its channel is the receiver."""
        return self._run(["desk", "--once"], HASTE, {"RECEIVER": receiver.url}, store)

    def watch_and_tell(
        self, newsroom: Newsroom, receiver: Receiver, *, store: str | None = None, once: bool = True
    ) -> Run:
        """Start a crawl that makes stories, too, and tells the receiver."""
        arguments = ["crawl", "watch", "-a", f"once={once:d}"]
        environment = {"http_proxy": newsroom.url, "no_proxy": "127.0.0.1", "RECEIVER": receiver.url}
        return self._run(arguments, {**HASTE, "LEASE": "4s"}, environment, store)

    def _run(
        self, arguments: list[str], settings: Mapping[str, str], environment: Mapping[str, str], store: str | None
    ) -> Run:
        self._runs += 1
        ours = ("SCRAPY_PROJECT", "STRICT", "http_proxy", "DESK", "REDIS_URL")
        inherited = {name: value for name, value in os.environ.items() if name not in ours}
        behind_a_proxy = {"REDIS_URL": store, "STATE_DIR": str(self.folder / "unused")} if store else {}
        return Run(
            self.folder / f"run-{self._runs}.log",
            [*arguments, *(word for name, value in settings.items() for word in ("-s", f"{name}={value}"))],
            inherited
            | {
                "RECEIVER": "terminal://",
                "WATCHLIST": str(self.watchlist),
                "STATE_DIR": str(self.embedded.state_dir),
                **behind_a_proxy,
                **environment,
            },
        )

    def watch(self, world: World, *, every: str = "10m") -> None:
        """Let crawls watch every outlet of a generated world instead."""
        self.watchlist = self.folder / "outlets.toml"
        self.watchlist.write_text(watchlist_toml(world, every=every))

    # -- the store

    def kill_store(self) -> None:
        """Kill the server. A crawl that uses it brings it back."""
        os.kill(int(self.client.info("server")["process_id"]), signal.SIGKILL)

    @property
    def store_answers(self) -> bool:
        """Whether the server is up."""
        return keeper.answers(self.embedded.socket)

    def leases_of(self, crawl: Run) -> list[str]:
        """Return what a crawl has in hand, alive or dead: members like "e:..." (an entry) and "s:..." (a poll)."""
        held = self.ask(lambda store: store.frontier.pending(Wish(), 0)).held
        return [member for member, (owner, _) in held.items() if owner.split(":")[1] == str(crawl.process.pid)]

    def clear(self) -> None:
        """Empty the store; it forgets the scripts, too."""
        self._raw.flushall()
        self._raw.script_flush()

    def snapshot(self) -> Snapshot:
        """Return all that the store holds."""
        return {name: (self._raw.dump(name), max(self._raw.pttl(name), 0)) for name in self._raw.scan_iter()}

    def restore(self, snapshot: Snapshot) -> None:
        """Bring the store back to where it was, scripts forgotten."""
        self.clear()
        for name, (value, ttl_ms) in snapshot.items():
            self._raw.restore(name, ttl_ms, value)

    def advance(self, ms: int) -> None:
        """Push the store's clock."""
        self.client.incrby("storywatch:clock", ms)

    def outlive_leases(self) -> None:
        """Push the clock past the lease of whoever is dead."""
        self.advance(LEASE_MS + 1_000)

    def events(self, stream: str) -> list[dict[str, Any]]:
        """Return every event of a stream ("articles", "stories", "alerts"), in order."""
        return [msgspec.json.decode(fields["event"]) for _, fields in self.client.xrange(f"storywatch:{stream}")]

    def dead(self) -> dict[str, str]:
        """Return what is among the dead: the detail by the reason."""
        return {fields["reason"]: fields["detail"] for _, fields in self.client.xrange("storywatch:dead")}

    def published(self) -> list[Revision]:
        """Return every revision in the articles' stream, in order."""
        return [(event["type"], event["subject"], event["data"]["revision"]) for event in self.events("articles")]

    def books(self) -> Tally:
        """Return the books, balanced at any time, even while crawls are at work."""
        tally = self.ask(lambda store: store.frontier.tally())
        assert tally.balanced, tally
        return tally

    def tally(self) -> Tally:
        """Return the books at rest: balanced, with all that waits in a queue, no revision twice, no leaked key."""
        tally = self.ask(balanced)
        events = self.published()
        assert len(events) == len(set(events)), f"published twice: {sorted(e for e in events if events.count(e) > 1)}"
        assert leaked_keys(self.client) == []
        return tally

    def closed_books(self) -> Tally:
        """The same once all is done: nothing waits, nobody holds anything."""
        tally = self.tally()
        assert (tally.waiting, tally.leased) == (0, 0), f"left: {tally}"
        assert self.client.zcard("storywatch:leases") == 0
        return tally

    def ask(self, question: Callable[[Store], Awaitable[Reply]]) -> Reply:
        """Return what the store's own API answers."""

        async def answer() -> Reply:
            store = Store(Connection(self.embedded.url), Limits())
            try:
                return await question(store)
            finally:
                await store.close()

        return run(answer())


async def balanced(store: Store) -> Tally:
    """Return the books, once they were seen to balance."""
    await assert_balanced(store)
    return await store.frontier.tally()


def share_of(crawl: Run) -> int:
    """How many articles a crawl published, as its summary says."""
    found = re.search(r"^Outcomes +(\d+) published", crawl.log, re.MULTILINE)
    return int(found[1]) if found else 0


def stop(*crawls: Run) -> None:
    """Send SIGTERM, and see that each ends well."""
    for crawl in crawls:
        crawl.kill(signal.SIGTERM)
    for crawl in crawls:
        assert crawl.end(20) == 0, crawl.log
