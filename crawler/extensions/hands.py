"""The hands of a worker: claim work from the store, keep its leases alive, give back what is left.

Scrapy has no backpressure of its own: start() is drained as fast as it yields. So work is claimed only into free hands,
and a hand is free again only when its lease ended.
"""

import asyncio
import contextlib
import logging
import math
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from scrapy.crawler import Crawler

from crawler.extensions.opening import open_for
from crawler.extensions.policy import Policy
from crawler.news.errors import StoreError, StorywatchError
from crawler.reading import Reader
from crawler.store import Store
from crawler.store.clock import Clock
from crawler.store.frontier import Answer, Lease, Wish
from crawler.store.robots import RobotsRules
from crawler.topics import ArticleMatcher
from crawler.watchlist import Watchlist

logger = logging.getLogger(__name__)

AHEAD_MS = 60_000  # a pass waits for retries that are due by then; later ones are counted as left
LONGEST_NAP_S = 1.0  # other workers may bring work for us at any time
CLOSING_PATIENCE_S = 2.0  # whoever stops us by a signal does not wait for an outage; what is not given back expires
SHORTEST_NAP_MS = 20  # and may be due all the time with what is not for us

Result = TypeVar("Result")


class Hands:
    """What one process holds of the frontier, and the only connection it has to the store."""

    def __init__(self, crawler: Crawler, policy: Policy, watchlist: Watchlist) -> None:
        self.crawler = crawler
        self.policy = policy
        self.watchlist = watchlist
        self.matcher = ArticleMatcher(watchlist.topics, watchlist.tags)
        self.in_hand: dict[str, Lease] = {}
        self.sources: dict[str, str] = {}  # id -> URL, for articles to name what announced them
        self.robots: RobotsRules
        self.reader = Reader()
        self._store: Store | None = None
        self._changed = asyncio.Event()
        self._registered: Watchlist | None = None  # what the store was last told
        self._comebacks = 0  # of the store, by then
        self._wake_ms: int | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._strangers: dict[str, tuple[int, float]] = {}  # leases not in hand -> expiry, when it last moved (s)
        self._clock = Clock()
        self._lost = False
        self._closed = False

    @property
    def store(self) -> Store:
        """The open store."""
        assert self._store is not None, "work() opens it"
        return self._store

    def now_ms(self) -> int:
        """The store's clock, as of the last claim plus what has passed here since."""
        return self._clock.now_ms()

    def count(self, name: str, by: int = 1) -> None:
        """Count under storywatch/NAME in Scrapy's stats."""
        assert self.crawler.stats is not None
        self.crawler.stats.inc_value(f"storywatch/{name}", by)

    def note(self, name: str, value: Any) -> None:
        """Set storywatch/NAME in Scrapy's stats."""
        assert self.crawler.stats is not None
        self.crawler.stats.set_value(f"storywatch/{name}", value)

    # -- claiming

    async def work(
        self, *, kinds: tuple[str, ...], outlets: tuple[str, ...] | None, once: bool
    ) -> AsyncIterator[Lease]:
        """Yield work as hands and hosts are free; with `once`, until this pass is over."""
        try:
            await self._open(spread=not once)
            wish = Wish(self.now_ms() if once else None, kinds, outlets)
            while True:
                for lease in await self._claim(wish):
                    yield lease
                if await self._keep_in_step(spread=not once):
                    wish = replace(wish, horizon_ms=self.now_ms() if once else None)
                if once and not self.in_hand and await self._pass_is_over(wish):
                    return
                await self._nap()
        except StoreError as error:
            self.store_lost(error)

    async def _open(self, *, spread: bool) -> None:
        policy = self.policy
        self._store = await open_for(self.crawler.settings)
        self.robots = RobotsRules(self.store.frontier, policy.robots_name)
        await self._register(spread=spread)
        self._keep(self._tick())

    async def _register(self, *, spread: bool) -> int:
        """Bring the schedule in step with the watchlist; return how many sources are new to it.

        `spread`: their first polls are spread; a single pass takes them all at once. What another worker added stays
        while our own watchlist is the same: at each outage of the store, the last to come back would undo its edit.
        """
        watchlist, self._comebacks = self.watchlist, self.store.connection.comebacks
        is_edited = self._registered is not watchlist
        wanted = await asyncio.to_thread(self.policy.sources_of, watchlist)
        self.sources = {source.id: source.url for source in wanted}
        new, gone = await self.store.schedule.register(wanted, spread=spread, forget=is_edited)
        logger.info("watching %d sources (%d new, %d no longer on the watchlist)", len(wanted), new, gone)
        await self.store.running.note(watchlist.topics, worker=self.store.frontier.worker)
        self._clock.set((await self.store.frontier.tally()).now_ms)
        self._registered = watchlist
        return new

    async def _keep_in_step(self, *, spread: bool) -> bool:
        """Register again when the watchlist is another, or when the store may be another that missed it, after an
        outage; tell whether sources were new to it.
        """
        comebacks = self.store.connection.comebacks
        if self._registered is self.watchlist and self._comebacks == comebacks:
            return False
        is_behind = await self._register(spread=spread) > 0
        if is_behind:
            self._changed.set()  # they are due now, not when the last claim said
        return is_behind

    def prepare(self, watchlist: Watchlist) -> Callable[[], None]:
        """Make ready for another watchlist, in a thread; return what takes it over, for all work from then on.

        Polls of sources that left it end STALE, once the store knows. Pages that they announced before are fetched
        all the same.
        """
        return partial(self._take_over, watchlist, ArticleMatcher(watchlist.topics, watchlist.tags))

    def _take_over(self, watchlist: Watchlist, matcher: ArticleMatcher) -> None:
        self.watchlist, self.matcher = watchlist, matcher
        self._changed.set()

    async def _claim(self, wish: Wish) -> list[Lease]:
        room = self.policy.hands - len(self.in_hand)
        if room <= 0 or self._stopping:
            return []
        claim = self._keep(self.store.frontier.claim(room, wish))
        claim.add_done_callback(self._take_in_hand)
        # A shutdown cancels start() in the middle of this; the claim must end all the same, to be given back.
        found = await asyncio.shield(claim)
        self._wake_ms = found.wake_ms
        self._clock.set(self.store.frontier.now_ms)
        if self.store.frontier.expired:
            await self._reap()
        return found.leases

    def _take_in_hand(self, claim: asyncio.Task[Any]) -> None:
        if not claim.cancelled() and claim.exception() is None:
            self.in_hand.update({lease.member: lease for lease in claim.result().leases})

    async def _reap(self) -> None:
        returned, buried = await self.store.frontier.reap(self.policy.gap_ms)
        self.count("reaped", returned + buried)
        self._changed.set()

    async def _nap(self) -> None:
        """Wait until a hand or host may be free: something ended here, or the next host is due."""
        seconds = LONGEST_NAP_S
        if self._wake_ms is not None and len(self.in_hand) < self.policy.hands:
            seconds = min(seconds, max(self._wake_ms - self.now_ms(), SHORTEST_NAP_MS) / 1000)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        self._changed.clear()  # here, not before the wait: what changes during a claim is looked at next

    async def _pass_is_over(self, wish: Wish) -> bool:
        """Nothing is claimable within a minute, and nobody dead holds anything. Called with empty hands.

        A lease whose expiry moves is held by another worker that lives and will see to it. One that doesn't move is
        waited out: it is taken from the dead when it expires. One of our own is among those when the store gave it to
        us, but the connection broke before we heard of it.
        """
        pending = await self.store.frontier.pending(wish, AHEAD_MS)
        living = [self._moves(member, expiry) for member, (_owner, expiry) in pending.held.items()]
        return pending.next_ms is None and all(living)

    def _moves(self, member: str, expiry_ms: int) -> bool:
        """Whether a lease's expiry was seen to move within three renewals: its owner lives."""
        now = time.monotonic()
        seen_ms, moved = self._strangers.get(member, (expiry_ms, -math.inf))
        moved = now if seen_ms != expiry_ms else moved
        self._strangers[member] = (expiry_ms, moved)
        return now - moved < 3 * self._renewal_s

    @property
    def _renewal_s(self) -> float:
        """How often leases are renewed: several times in their life, so that a slow reply or two cost nothing."""
        return self.policy.limits.lease_ms / 15_000

    # -- letting go

    async def gap_of(self, lease: Lease) -> int:
        """How long the lease's host rests after this (ms): our own gap or its crawl-delay."""
        if lease.kind == "robots":
            return self.policy.gap_ms
        rules = await self.robots.of(lease)
        return max(self.policy.gap_ms, rules.delay_ms)

    async def ended(self, lease: Lease, answer: Answer, *, gap_ms: int, changed: bool = False) -> None:
        """Note that a lease ended. STALE: it was no longer ours, and nothing was written."""
        self._drop(lease)
        if answer == "STALE":
            self.count("stale")
            logger.info("%s was no longer ours when it was done; another worker has it", lease.member)
        if gap_ms == 0:
            self.store.frontier.hint(lease.host)
        else:
            free_ms = self.now_ms() + gap_ms
            self._wake_ms = free_ms if self._wake_ms is None else min(self._wake_ms, free_ms)
        if gap_ms == 0 or changed or self._stopping or len(self.in_hand) == 0:
            self._changed.set()

    def holds(self, lease: Lease) -> bool:
        """Whether this very lease is still in hand. The same work may have come back to us under a new one."""
        return self.in_hand.get(lease.member) is lease

    def _drop(self, lease: Lease) -> None:
        if self.holds(lease):
            del self.in_hand[lease.member]

    async def give_back(self, lease: Lease) -> None:
        """Return work unfinished, with nothing counted against it."""
        answer = await self.store.frontier.retry(lease, gap_ms=await self.gap_of(lease))
        self._drop(lease)
        self.count("given_back" if answer == "OK" else "stale")

    # -- keeping leases

    def store_lost(self, error: StoreError) -> None:
        """The store stayed away too long: stop. What is in hand expires and is taken up again."""
        if not self._lost:
            self._lost = True
            self.in_hand.clear()
            self.stop(error)

    def stop(self, error: StorywatchError) -> None:
        """Nothing can be done any more: stop, with exit code 1. What is in hand goes back."""
        self.note("stopped", str(error))
        logger.error("%s", error)
        if not self._stopping:
            self._keep(self.crawler.stop_async())

    @property
    def _stopping(self) -> bool:
        return not (self.crawler.engine and self.crawler.engine.running)

    async def _tick(self) -> None:
        """Renew what is in hand, several times a lease; when the crawl is told to stop, see that it does."""
        renewed = time.monotonic()
        stopping_since: float | None = None
        while not self._closed:
            await asyncio.sleep(min(self._renewal_s, 0.2))
            now = time.monotonic()
            if now - renewed >= self._renewal_s and self.in_hand:
                renewed = now
                # Not awaited: an outage must not hold up the grace period. What is STALE shows when it ends.
                self._keep(self.store.frontier.renew(list(self.in_hand.values())))
            if self._stopping:
                stopping_since = stopping_since or now
                if now - stopping_since > self.policy.grace_s:
                    logger.warning(
                        "grace period of %g s is over; %d in hand go back", self.policy.grace_s, len(self.in_hand)
                    )
                    await self.close()
                    _stop_reactor()

    async def spider_closed(self) -> None:
        await self.close()

    async def close(self) -> None:
        """Give back what is in hand, take the closing figures, and close the store."""
        if self._closed or self._store is None:
            return
        self._closed = True
        if self._stopping:
            self.store.connection.patience_s = min(self.policy.patience_s, CLOSING_PATIENCE_S)
        if not self._lost:
            try:
                await self._let_go()
            except StoreError as error:
                self.note("stopped", str(error))
        await self.reader.close()
        await self.store.close()

    async def _let_go(self) -> None:
        others = self._tasks - {asyncio.current_task()}
        if others:
            await asyncio.wait(others, timeout=1)  # a claim under way, an end under way
        for lease in list(self.in_hand.values()):
            await self.give_back(lease)
        tally = await self.store.frontier.tally()
        self.note("left", tally.waiting)
        self.note("leased", tally.leased)

    def _keep(self, coroutine: Coroutine[Any, Any, Result]) -> "asyncio.Task[Result]":
        """Run a coroutine beside the crawl; hold on to it, or it may be collected half done."""
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if isinstance(error, StoreError):
            self.store_lost(error)
        elif error is not None:
            self.count("bugs")
            logger.error("a bug of ours", exc_info=error)


def _stop_reactor() -> None:
    from twisted.internet import reactor  # importing it installs one, so not before Scrapy has chosen which

    asyncio.get_running_loop().call_soon(reactor.stop)  # type: ignore[misc]  # typed as an interface, so mypy misses self
