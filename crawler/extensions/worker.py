"""The worker: claims work from the store, keeps its leases alive, and sees that each of them ends.

Scrapy has no backpressure of its own: start() is drained as fast as it yields. So work is claimed only into free hands, and
a hand is free again only when its lease was settled, retried or given back. Nothing else may end a lease: callbacks,
errbacks and pipelines come here, and what they forget (a bug, a dropped request) is caught by signals.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Coroutine
from typing import Any, Self, TypeVar

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.extensions.opening import open_for
from crawler.extensions.policy import Policy
from crawler.extensions.poll import FIRST_LOOK, Poll
from crawler.extensions.visit import Visit
from crawler.extensions.watching import watchlist_of
from crawler.news.errors import DiscoveryError, FetchError, StoreError
from crawler.news.outcome import Outcome
from crawler.news.source import SourceState
from crawler.store import Store
from crawler.store.frontier import Answer, Lease, Wish
from crawler.store.robots import RobotsRules
from crawler.watchlist import Watchlist

logger = logging.getLogger(__name__)

AHEAD_MS = 60_000  # a pass waits for retries that are due by then; later ones are counted as left
LONGEST_NAP_S = 1.0  # other workers may bring work for us at any time

Result = TypeVar("Result")


class Worker:
    """One process's hands. The only extension that owns a connection to the store."""

    def __init__(self, crawler: Crawler, policy: Policy, watchlist: Watchlist) -> None:
        self.crawler = crawler
        self.policy = policy
        self.watchlist = watchlist
        self.in_hand: dict[str, Lease] = {}
        self.sources: dict[str, str] = {}  # id -> URL, for articles to name what announced them
        self.robots: RobotsRules
        self._store: Store | None = None
        self._changed = asyncio.Event()
        self._wake_ms: int | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._strangers: dict[str, int] = {}  # leases of other workers -> expiry when first seen
        self._clock = (0, 0.0)  # the store's time (ms) and ours (s, monotonic) at the last claim
        self._closed = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        worker = cls(crawler, Policy.from_settings(crawler.settings), watchlist_of(crawler.settings))
        crawler.signals.connect(worker.spider_error, signals.spider_error)
        crawler.signals.connect(worker.item_error, signals.item_error)
        crawler.signals.connect(worker.item_dropped, signals.item_dropped)
        crawler.signals.connect(worker.request_dropped, signals.request_dropped)
        crawler.signals.connect(worker.spider_closed, signals.spider_closed)
        return worker

    @classmethod
    def of(cls, crawler: Crawler) -> "Worker":
        """Return the running crawl's worker, for spiders, middlewares and pipelines."""
        worker = crawler.get_extension(cls)
        if worker is None:
            raise NotConfigured("crawler.extensions.worker.Worker is missing in EXTENSIONS")
        return worker

    @property
    def store(self) -> Store:
        """The open store."""
        assert self._store is not None, "work() opens it"
        return self._store

    def now_ms(self) -> int:
        """The store's clock, as of the last claim plus what has passed here since."""
        at_claim_ms, at_claim_s = self._clock
        return at_claim_ms + int((time.monotonic() - at_claim_s) * 1000)

    # -- claiming

    async def work(
        self, *, kinds: tuple[str, ...], outlets: tuple[str, ...] | None, once: bool
    ) -> AsyncIterator[Lease]:
        """Yield work as hands and hosts are free; with `once`, until this pass is over."""
        try:
            await self._open()
            wish = Wish(self.now_ms() if once else None, kinds, outlets)
            while True:
                for lease in await self._claim(wish):
                    yield lease
                if once and not self.in_hand and await self._pass_is_over(wish):
                    return
                await self._nap()
        except StoreError as error:
            self.crawler.stats.set_value("storywatch/store_lost", str(error))
            logger.error("%s", error)

    async def _open(self) -> None:
        policy = self.policy
        self._store = await open_for(self.crawler.settings)
        self.robots = RobotsRules(self.store.frontier, policy.agent)
        wanted = policy.sources_of(self.watchlist)
        self.sources = {source.id: source.url for source in wanted}
        new, gone = await self.store.schedule.register(wanted)
        logger.info("watching %d sources (%d new, %d no longer on the watchlist)", len(wanted), new, gone)
        self._set_clock((await self.store.frontier.tally()).now_ms)
        self._keep(self._tick())

    async def _claim(self, wish: Wish) -> list[Lease]:
        room = self.policy.hands - len(self.in_hand)
        if room <= 0 or self._stopping:
            return []
        self._changed.clear()
        claim = self._keep(self.store.frontier.claim(room, wish))
        claim.add_done_callback(self._take_in_hand)
        # A shutdown cancels start() in the middle of this; the claim must end all the same, to be given back.
        found = await asyncio.shield(claim)
        self._wake_ms = found.wake_ms
        self._set_clock(self.store.frontier.now_ms)
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
            seconds = min(seconds, max(self._wake_ms - self.now_ms(), 1) / 1000)
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            pass

    async def _pass_is_over(self, wish: Wish) -> bool:
        """Nothing is claimable within a minute, and nobody dead holds anything.

        A lease of another worker whose expiry moves is held by the living, who will see to it. One that doesn't move is
        waited out: it is taken from the dead when it expires.
        """
        pending = await self.store.frontier.pending(wish, AHEAD_MS)
        unmoved = False
        for member, (owner, expiry) in pending.held.items():
            if owner != self.store.frontier.worker:
                unmoved |= self._strangers.setdefault(member, expiry) == expiry
        return pending.next_ms is None and not unmoved

    # -- ending

    async def ended(self, lease: Lease, answer: Answer, *, gap_ms: int, changed: bool = False) -> None:
        """Note that a lease ended. STALE: it was no longer ours, and nothing was written."""
        self.in_hand.pop(lease.member, None)
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

    async def settle(self, lease: Lease, outcome: Outcome) -> None:
        """End a page that brought no article, with its reason."""
        gap_ms = await self.gap_of(lease)
        recheck = self.policy.next_recheck(lease)
        answer = await self.store.frontier.settle(lease, outcome, gap_ms=gap_ms, recheck=recheck)
        self.count_outcome(lease, outcome.name, answer)
        await self.ended(lease, answer, gap_ms=gap_ms)

    async def failed_page(self, lease: Lease, fault: FetchError) -> None:
        """End a page that could not be fetched: for good, or until later when the fault may pass."""
        if not fault.passing:
            await self.settle(lease, Outcome("rejected", fault.reason, str(fault)))
            return
        gap_ms = max(await self.gap_of(lease), self.policy.host_wait_ms(fault))
        answer = await self.store.frontier.retry(
            lease,
            gap_ms=gap_ms,
            wait_ms=self.policy.retry_wait_ms(lease, fault),
            counted=True,
            reason=fault.reason,
            detail=str(fault),
        )
        if answer == "DEAD":
            self.count_outcome(lease, f"dead:{fault.reason}", answer)
        else:
            self.count("retried")
        await self.ended(lease, answer, gap_ms=gap_ms)

    async def send_on(self, lease: Lease, patch: dict[str, Any], *, host: str | None = None) -> None:
        """Put work back with another address (a redirect to another host) or another way to fetch it."""
        gap_ms = await self.gap_of(lease)
        answer = await self.store.frontier.retry(lease, gap_ms=gap_ms, host=host, patch=patch)
        await self.ended(lease, answer, gap_ms=gap_ms, changed=True)

    async def give_back(self, lease: Lease) -> None:
        """Return work unfinished, with nothing counted against it."""
        answer = await self.store.frontier.retry(lease, gap_ms=self.policy.gap_ms)
        self.in_hand.pop(lease.member, None)
        self.count("given_back" if answer == "OK" else "stale")

    async def bug(self, lease: Lease, error: BaseException | None) -> None:
        """End work on which our own code failed: dead for an entry, a failed poll for a source."""
        self.count("bugs")
        detail = f"{type(error).__name__}: {error}"
        if isinstance(lease.record, SourceState):
            await self.failed_poll(lease, FetchError("bug", detail))
        elif lease.kind == "robots":
            await self.give_back(lease)
        else:
            await self.settle(lease, Outcome("dead", "bug", detail))

    async def polled(self, lease: Lease, poll: Poll) -> None:
        """End a poll: what it brought goes to the frontier, and the source knows when it is due next."""
        gap_ms = max(await self.gap_of(lease), poll.host_wait_ms)
        done = await self.store.schedule.discovered(lease, poll.state, poll.discoveries, gap_ms=gap_ms, goes_on=poll.goes_on)
        if done.answer != "STALE":
            if not poll.goes_on:
                self.count(f"poll/{poll.result}")
            self.count("entries/new", done.fetch + done.ended)
            if done.ended:
                self.count(f"outcome/{FIRST_LOOK}", done.ended)
        await self.ended(lease, done.answer, gap_ms=gap_ms, changed=done.fetch > 0 or poll.goes_on)

    async def failed_poll(self, lease: Lease, error: DiscoveryError | FetchError) -> None:
        """End a poll that failed: the source backs off, and says why."""
        assert isinstance(lease.record, SourceState)
        state = self.policy.after_failure(lease.record, error, self.now_ms())
        host_wait_ms = self.policy.host_wait_ms(error) if isinstance(error, FetchError) else 0
        logger.warning("%s: %s %s: %s", state.outlet, state.kind, state.url, error)
        await self.polled(lease, Poll(state, result=f"failed:{error.reason}", host_wait_ms=host_wait_ms))

    async def save_robots(self, lease: Lease, text: str, unreachable: str, ttl_ms: int) -> None:
        """Keep what a host's robots.txt says; the work that waited for it comes next."""
        gap_ms = self.policy.gap_ms
        answer = await self.store.frontier.save_robots(
            lease, text=text, unreachable=unreachable, ttl_ms=ttl_ms, gap_ms=gap_ms
        )
        self.count("robots")
        await self.ended(lease, answer, gap_ms=gap_ms, changed=True)

    async def gap_of(self, lease: Lease) -> int:
        """How long the lease's host rests after this (ms): our own gap or its crawl-delay."""
        if lease.kind == "robots":
            return self.policy.gap_ms
        rules = await self.robots.of(lease)
        return max(self.policy.gap_ms, rules.delay_ms)

    # -- counting

    def count(self, name: str, by: int = 1) -> None:
        """Count under storywatch/NAME in Scrapy's stats."""
        self.crawler.stats.inc_value(f"storywatch/{name}", by)

    def count_outcome(self, lease: Lease, outcome: str, answer: Answer) -> None:
        """Count an outcome, unless the work was no longer ours."""
        if answer != "STALE":
            self.count(f"recheck/{outcome}" if lease.kind == "recheck" else f"outcome/{outcome}")

    # -- what callbacks, errbacks and pipelines forgot

    def spider_error(self, failure: Failure, response: Response | None, spider: Spider) -> None:
        if response is not None and "lease" in response.meta:
            self._end_forgotten(response.meta["lease"], failure.value)
        else:
            self.count("bugs")

    def item_error(self, item: Any, response: Response | None, spider: Spider, failure: Failure) -> None:
        if isinstance(item, Visit):
            self._end_forgotten(item.lease, failure.value)

    def item_dropped(self, item: Any, response: Response | None, exception: BaseException, spider: Spider) -> None:
        if isinstance(item, Visit):
            self._end_forgotten(item.lease, exception)

    def request_dropped(self, request: Request, spider: Spider) -> None:
        if "lease" in request.meta:
            self._keep(self.give_back(request.meta["lease"]))

    def _end_forgotten(self, lease: Lease, error: BaseException | None) -> None:
        if isinstance(error, StoreError):
            self.store_lost(error)
        elif lease.member in self.in_hand:
            self._keep(self.bug(lease, error))

    def store_lost(self, error: StoreError) -> None:
        """The store stayed away too long: stop. What is in hand expires and is taken up again."""
        if not self.crawler.stats.get_value("storywatch/store_lost"):
            self.crawler.stats.set_value("storywatch/store_lost", str(error))
            logger.error("%s", error)
            self.in_hand.clear()
            self._keep(self.crawler.stop_async())

    # -- keeping leases, and letting go of them

    @property
    def _stopping(self) -> bool:
        return not (self.crawler.engine and self.crawler.engine.running)

    async def _tick(self) -> None:
        """Renew what is in hand, several times a lease; when the crawl is told to stop, see that it does."""
        pause = self.policy.limits.lease_ms / 15_000
        renewed = time.monotonic()
        stopping_since: float | None = None
        while not self._closed:
            await asyncio.sleep(min(pause, 0.2))
            now = time.monotonic()
            if now - renewed >= pause and self.in_hand:
                renewed = now
                await self._renew()
            if self._stopping:
                stopping_since = stopping_since or now
                if now - stopping_since > self.policy.grace_s:
                    logger.warning("grace period of %g s is over; %d in hand go back", self.policy.grace_s, len(self.in_hand))
                    await self.close()
                    _stop_reactor()

    async def _renew(self) -> None:
        try:
            for member in await self.store.frontier.renew(list(self.in_hand.values())):
                logger.info("%s was taken from us: its lease had expired", member)
        except StoreError as error:
            self.store_lost(error)

    async def spider_closed(self) -> None:
        await self.close()

    async def close(self) -> None:
        """Give back what is in hand, take the closing figures, and close the store."""
        if self._closed or self._store is None:
            return
        self._closed = True
        if not self.crawler.stats.get_value("storywatch/store_lost"):
            try:
                await self._let_go()
            except StoreError as error:
                self.crawler.stats.set_value("storywatch/store_lost", str(error))
        await self.store.close()

    async def _let_go(self) -> None:
        others = self._tasks - {asyncio.current_task()}
        if others:
            await asyncio.wait(others, timeout=1)  # a claim under way, an end under way
        for lease in list(self.in_hand.values()):
            await self.give_back(lease)
        tally = await self.store.frontier.tally()
        self.crawler.stats.set_value("storywatch/left", tally.waiting)
        self.crawler.stats.set_value("storywatch/leased", tally.leased)

    def _keep(self, coroutine: Coroutine[Any, Any, Result]) -> "asyncio.Task[Result]":
        """Run a coroutine beside the crawl; hold on to it, or it may be collected half done."""
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _set_clock(self, store_ms: int) -> None:
        self._clock = (store_ms, time.monotonic())


def _stop_reactor() -> None:
    from twisted.internet import reactor  # importing it installs it: not before Scrapy has chosen which

    reactor.callLater(0, reactor.stop)  # type: ignore[attr-defined]  # the module object is replaced at run time
