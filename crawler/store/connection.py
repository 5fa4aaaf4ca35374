"""The connection to the store: runs Lua scripts and plain reads, and waits out outages.

Every change of state is one script, so a call that is sent again after a lost reply does no harm: the script finds the
lease gone and answers STALE.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from redis import exceptions
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.commands.core import AsyncScript

from crawler.news.errors import StoreError

logger = logging.getLogger(__name__)

SCRIPTS = Path(__file__).parent / "scripts"

# What passes by itself: a server that restarts, fails over, loads its data or is out of memory for a moment.
PASSING = (
    exceptions.ConnectionError,
    exceptions.TimeoutError,
    exceptions.BusyLoadingError,
    exceptions.ReadOnlyError,
    exceptions.TryAgainError,
    exceptions.OutOfMemoryError,
    OSError,
)
# ConnectionError's children that no waiting mends.
FINAL = (exceptions.AuthenticationError, exceptions.AuthorizationError)

OLDEST = (7, 2)

Answer = TypeVar("Answer")


@cache
def script_text(name: str) -> str:
    """Return a script as the server runs it: what it shares first, then what it includes, then itself."""
    own = (SCRIPTS / f"{name}.lua").read_text()
    included = [line.split()[1] for line in own.splitlines() if line.startswith("--@include ")]
    return "\n".join((SCRIPTS / part).read_text() for part in ["_common.lua", *included]) + "\n" + own


class Connection:
    """One Redis or Valkey, by its URL (redis://, rediss://, unix://).

    Args:
        url: where the store is.
        patience_s: how long an outage is waited out before StoreError is raised.
        restart: starts the server again if it is ours and has died; blocks, may raise StoreError.
    """

    def __init__(self, url: str, *, patience_s: float = 60.0, restart: Callable[[], None] | None = None) -> None:
        self.url = url
        self.patience_s = patience_s
        self._restart = restart
        self._restarting = asyncio.Lock()
        self._away = False
        self.redis: Redis = Redis.from_url(  # retries are ours: they must be seen, and end some day
            url,
            decode_responses=True,
            socket_timeout=30,
            socket_connect_timeout=5,
            retry=Retry(NoBackoff(), 0),
        )
        self._scripts: dict[str, AsyncScript] = {}

    async def run(self, script: str, keys: Sequence[str], args: Sequence[str | int | float]) -> Any:
        """Run a script of scripts/ and return its answer.

        Raises:
            StoreError: the store could not be reached within patience, or refused for good.
        """
        known = self._scripts.get(script)
        if known is None:
            known = self._scripts[script] = self.redis.register_script(script_text(script))
        return await self._patiently(lambda: known(keys=list(keys), args=list(args)))

    async def ask(self, *command: str | int) -> Any:
        """Run one plain command that reads, and return its answer as redis-py gives it.

        Raises:
            StoreError: as `run`.
        """
        execute: Callable[..., Awaitable[Any]] = self.redis.execute_command
        return await self._patiently(lambda: execute(*command))

    async def _patiently(self, call: Callable[[], Awaitable[Answer]]) -> Answer:
        """Await `call()`, again with growing pauses while the store is away.

        Raises:
            StoreError: it stayed away longer than `patience_s`, or the error is not one that passes.
        """
        began, pause = time.monotonic(), 0.1
        while True:
            try:
                answer = await call()
            except FINAL as error:
                raise StoreError(f"{self.place}: {error}. Mend the user and password in REDIS_URL.") from error
            except PASSING as error:
                waited = time.monotonic() - began
                if waited + pause > self.patience_s:
                    raise StoreError(
                        f"{self.place}: out of reach for {waited:.0f} s ({error}). "
                        "Is it running, and is REDIS_URL right? Nothing is lost: what was in hand is taken up again."
                    ) from error
                await self._bear_with(error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)
            except exceptions.RedisError as error:
                raise StoreError(f"{self.place}: {error}") from error
            else:
                if self._away:
                    self._away = False
                    logger.warning("store %s is back", self.place)
                return answer

    async def _bear_with(self, error: BaseException) -> None:
        """Tell of an outage once, however many calls it stops; bring our own server back if it died."""
        if not self._away:
            self._away = True
            logger.warning(
                "store %s is out of reach (%s); trying again for up to %g s", self.place, error, self.patience_s
            )
        if self._restart:
            async with self._restarting:
                with contextlib.suppress(StoreError):  # it may pass as well: a full disk, a server that loads its data
                    await asyncio.to_thread(self._restart)

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

    @property
    def place(self) -> str:
        """The URL without its password."""
        head, at, tail = self.url.rpartition("@")
        scheme = head.split("://")[0]
        return f"{scheme}://…@{tail}" if at and not self.url.startswith("unix") else self.url

    async def close(self) -> None:
        """Close all sockets."""
        await self.redis.aclose()
