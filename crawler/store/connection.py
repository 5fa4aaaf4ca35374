"""The connection to the store: runs Lua scripts and plain reads, and waits out outages.

Every change of state is one script, so a call that is sent again after a lost reply does no harm: the script finds the
lease gone and answers STALE. A server that refuses (full, read-only, ...) does so at a script's first write or not at
all, so none is ever half done.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from redis import exceptions
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.commands.core import AsyncScript

from crawler.news.errors import StoreError
from crawler.store.keys import LOADING
from crawler.store.outages import AWAY, DENIED, Outage, outage_of

logger = logging.getLogger(__name__)

SCRIPTS = Path(__file__).parent / "scripts"

CONNECT_S = 5.0
# A third of the usual lease, so that a connection that swallows everything costs none; many times what a reply takes.
REPLY_S = 10.0
REPLICAS_MS = 1_000  # within a data centre a replica has a write after a millisecond or two
STEADY_S = 10.0  # leases are renewed every 2 s: that is how often at least something is written

# redis-py calls it a lost connection when it has none left: no more calls than that are ever under way.
MOST_CONNECTIONS = 10_000

OLDEST = (7, 2)

Argument: TypeAlias = str | bytes | int | float
Answer = TypeVar("Answer")


@cache
def script_text(name: str) -> str:
    """Return a script as the server runs it: what it shares first, then what it includes, then itself."""
    own = (SCRIPTS / f"{name}.lua").read_text()
    included = [line.split()[1] for line in own.splitlines() if line.startswith("--@include ")]
    return "\n".join((SCRIPTS / part).read_text() for part in ["_common.lua", *included]) + "\n" + own


@cache
def only_reads(name: str) -> bool:
    """Whether a script writes nothing, as its contract says."""
    return "Changes nothing." in (SCRIPTS / f"{name}.lua").read_text().partition("\n\n")[0]


class Connection:
    """One Redis or Valkey, by its URL (redis://, rediss://, unix://).

    Args:
        url: where the store is.
        patience_s: how long an outage is waited out before StoreError is raised.
        replicas: how many must have what a script wrote before its answer counts (WAIT). With fewer we go on all the
            same after a second each time, and say so once.
        restart: starts the server again if it is ours and has died; blocks, may raise StoreError.

    Attributes:
        comebacks: how often the store came back from an outage. By then it may be another, that knows less.
    """

    def __init__(
        self, url: str, *, patience_s: float = 60.0, replicas: int = 0, restart: Callable[[], None] | None = None
    ) -> None:
        self.url = url
        self.patience_s = patience_s
        self.comebacks = 0
        self._replicas = replicas
        self._lagged: float | None = None  # when replicas were last seen to lag (s)
        self._restart = restart
        self._restarting = asyncio.Lock()
        self._outages: set[Outage] = set()  # of now: those that were told of
        self._held_up = 0  # calls that wait for their end
        self.redis: Redis = Redis.from_url(  # retries are ours: they must be seen, and end some day
            url,
            decode_responses=True,
            socket_timeout=REPLY_S,
            socket_connect_timeout=CONNECT_S,
            retry=Retry(NoBackoff(), 0),
            max_connections=MOST_CONNECTIONS,
        )
        self._scripts: dict[str, AsyncScript] = {}

    async def run(self, script: str, keys: Sequence[str], args: Sequence[Argument]) -> Any:
        """Run a script of scripts/ and return its answer.

        Raises:
            StoreError: the store could not be reached within patience, or refused for good.
        """
        known = self._scripts.get(script)
        if known is None:
            known = self._scripts[script] = self.redis.register_script(script_text(script))
        if self._replicas and not only_reads(script):
            return await self._patiently(lambda: self._replicated(known, keys, args))
        return await self._patiently(lambda: known(keys=list(keys), args=list(args)))

    async def ask(self, *command: str | int) -> Any:
        """Run one plain command that reads, and return its answer as redis-py gives it.

        Raises:
            StoreError: as `run`.
        """
        execute: Callable[..., Awaitable[Any]] = self.redis.execute_command
        return await self._patiently(lambda: execute(*command))

    async def ask_bytes(self, *command: str | int) -> Any:
        """As `ask`, for what need not be text: all that would be str is bytes.

        Raises:
            StoreError: as `run`.
        """
        execute: Callable[..., Awaitable[Any]] = self.redis.execute_command
        return await self._patiently(lambda: execute(*command, NEVER_DECODE=True))

    # -- outages

    async def _patiently(self, call: Callable[[], Awaitable[Answer]]) -> Answer:
        """Await `call()`, again with growing pauses while there is an outage.

        Raises:
            StoreError: it lasted longer than `patience_s`, or the error is not one that passes.
        """
        try:
            answer = await call()
        except (exceptions.RedisError, OSError) as error:
            self._held_up += 1
            try:
                answer = await self._again(call, error)
            finally:
                self._held_up -= 1
            self._is_over()
        else:
            if not self._held_up:  # else it proves little: a full store still answers who only reads
                self._is_over()
        return answer

    async def _again(self, call: Callable[[], Awaitable[Answer]], error: exceptions.RedisError | OSError) -> Answer:
        """Repeat a call that failed with `error` until it gets through."""
        began, pause = time.monotonic(), 0.1
        while True:
            outage = self._outage(error)
            waited = time.monotonic() - began
            if waited + pause > self.patience_s:
                raise StoreError(
                    f"{self.place}: {outage.state} for {waited:.0f} s ({error}). {outage.mend} "
                    "Nothing is lost: what was in hand is taken up again."
                ) from error
            await self._bear_with(outage, error)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 5.0)
            try:
                return await call()
            except (exceptions.RedisError, OSError) as next_error:
                error = next_error

    def _outage(self, error: exceptions.RedisError | OSError) -> Outage:
        """Return the outage that is behind an error.

        Raises:
            StoreError: there is none, and waiting won't help.
        """
        if isinstance(error, DENIED):
            raise StoreError(f"{self.place}: {error}. Mend the user and password in REDIS_URL.") from error
        outage = outage_of(error)
        if outage is None:
            raise StoreError(f"{self.place}: {error}") from error
        return outage

    async def _bear_with(self, outage: Outage, error: BaseException) -> None:
        """Tell of an outage once, however many calls it holds up; see that the next one goes to a server that is well.

        Connections are dialled anew: they may be half-open, and the address may lead to another server by now.
        """
        if outage not in self._outages:
            self._outages.add(outage)
            hint = "" if outage is AWAY else f". {outage.mend}"
            logger.warning(
                "store %s is %s (%s); trying again for up to %g s%s",
                self.place, outage.state, error, self.patience_s, hint,
            )  # fmt: skip
        await self._drop_idle_connections()
        if self._restart and outage is AWAY:
            async with self._restarting:
                with contextlib.suppress(StoreError):  # it may pass as well: a full disk, a server that loads its data
                    await asyncio.to_thread(self._restart)

    async def _drop_idle_connections(self) -> None:
        """Close what nobody uses. The pool's own disconnect() would cut off a call that takes one meanwhile."""
        pool = self.redis.connection_pool
        idle, pool._available_connections = pool._available_connections, []
        await asyncio.gather(*(connection.disconnect(nowait=True) for connection in idle), return_exceptions=True)

    def _is_over(self) -> None:
        if self._outages:
            self._outages.clear()
            self.comebacks += 1
            logger.warning("store %s is back to normal", self.place)

    # -- replicas

    async def _replicated(self, script: AsyncScript, keys: Sequence[str], args: Sequence[Argument]) -> Any:
        """Run a script and wait until the replicas have what it wrote: both travel together, in one round trip.

        Not within MULTI, where WAIT does not wait.
        """
        async with self.redis.pipeline(transaction=False) as pipeline:
            add: Callable[..., Any] = pipeline.execute_command  # which sends nothing before execute()
            add("EVALSHA", script.sha, len(keys), *keys, *args)
            add("WAIT", self._replicas, REPLICAS_MS)
            answer, have_it = await pipeline.execute(raise_on_error=False)
        if isinstance(answer, exceptions.NoScriptError):  # a new server
            await self.redis.script_load(script.script)
            return await self._replicated(script, keys, args)
        if str(have_it).startswith("WAIT cannot be used with replica"):  # where a script that writes nothing succeeds
            have_it = exceptions.ReadOnlyError("READONLY it is a replica")
        for result in (answer, have_it):
            if isinstance(result, Exception):
                raise result
        self._note_replicas(have_it)
        return answer

    def _note_replicas(self, have_it: int) -> None:
        """Tell once when fewer replicas than wanted have a write, and once when that is over.

        A script that happened to write nothing has them all at once, so it takes a while to believe that it is over.
        """
        now = time.monotonic()
        if have_it < self._replicas:
            if self._lagged is None:
                logger.warning(
                    "store %s: %d of %d replicas (STORE_REPLICAS) had the last write within %g s; going on without. "
                    "A failover may lose what is written now",
                    self.place, have_it, self._replicas, REPLICAS_MS / 1000,
                )  # fmt: skip
            self._lagged = now
        elif self._lagged is not None and now - self._lagged > STEADY_S:
            self._lagged = None
            logger.warning("store %s: %d replicas keep up again", self.place, self._replicas)

    # -- the server

    async def check_server(self) -> None:
        """See that the server answers, knows the commands we use, and never forgets what it acknowledged.

        Raises:
            StoreError: out of reach, older than Redis 7.2 (Valkey names the one it is like), or set to evict keys.
        """
        info: dict[str, Any] = await self.ask("INFO")
        version = tuple(int(part) for part in str(info["redis_version"]).split(".")[:2])
        if version < OLDEST:
            raise StoreError(
                f"{self.place}: Redis {info['redis_version']} is too old. Use Redis 7.2 or later, or Valkey 8 or later."
            )
        policy = info.get("maxmemory_policy", "noeviction")
        if info.get("maxmemory") and policy != "noeviction":
            raise StoreError(
                f'{self.place}: maxmemory-policy is "{policy}", so the server would drop articles when it is full. '
                'Set it to "noeviction".'
            )

    async def check_whole(self) -> None:
        """See that no load into this store was broken off, or goes on (crawler.store.transfer).

        Raises:
            StoreError: one was.
        """
        if await self.ask("EXISTS", LOADING):
            raise StoreError(
                f"{self.place}: a load into this store has not ended, so a part of the dump is missing. "
                "Wait for its end; if it was broken off, load again: scrapy store load FILE begins anew."
            )

    @property
    def place(self) -> str:
        """The URL without its password."""
        head, at, tail = self.url.rpartition("@")
        scheme = head.split("://")[0]
        return f"{scheme}://…@{tail}" if at and not self.url.startswith("unix") else self.url

    async def close(self) -> None:
        """Close all sockets."""
        await self.redis.aclose()
