"""The worker: sees that every piece of work in hand ends, and ends once.

Nothing but what stands here (and publish, for articles) may end a lease: callbacks and errbacks come here, and what
they forget (a bug, a dropped item or request) is caught by Scrapy's signals.
"""

import logging
from typing import Any, Self

from protego import Protego
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.extensions.hands import Hands
from crawler.extensions.policy import CHALLENGE, CHALLENGE_COUNTS, ROBOTS_TTL_MS, ROBOTS_UNREACHABLE_TTL_MS, Policy
from crawler.extensions.poll import FIRST_LOOK, Fault, Poll, notices
from crawler.extensions.visit import Visit
from crawler.extensions.watching import watchlist_of
from crawler.news.errors import FetchError, ReaderError, StoreError
from crawler.news.outcome import Outcome
from crawler.news.source import SourceState
from crawler.store.frontier import Answer, Lease
from crawler.store.robots import Rules
from crawler.store.schedule import Discovered

logger = logging.getLogger(__name__)


class Worker(Hands):
    """The extension that spiders, middlewares and pipelines turn to."""

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

    async def settle(self, lease: Lease, outcome: Outcome, *, rest_ms: int = 0) -> None:
        """End a page that brought no article, with its reason; `rest_ms`: how long its host is left alone at least."""
        gap_ms = max(await self.gap_of(lease), rest_ms)
        recheck = self.policy.next_recheck(lease, outcome.reason)
        answer = await self.store.frontier.settle(lease, outcome, gap_ms=gap_ms, recheck=recheck)
        self.count_outcome(lease, outcome.name, answer)
        await self.ended(lease, answer, gap_ms=gap_ms)

    async def failed_page(self, lease: Lease, fault: FetchError, patch: dict[str, Any] | None = None) -> None:
        """End a page that could not be fetched: for good, or until later when the fault may pass.

        `patch`: what is to be different then.
        """
        if not fault.passing:
            await self.settle(lease, Outcome("rejected", fault.reason, str(fault)))
            return
        gap_ms = max(await self.gap_of(lease), self.policy.host_wait_ms(fault))
        answer = await self.store.frontier.retry(
            lease,
            gap_ms=gap_ms,
            wait_ms=self.policy.retry_wait_ms(lease, fault),
            counted=CHALLENGE_COUNTS if fault.reason == CHALLENGE else 1,
            reason=fault.reason,
            detail=str(fault),
            patch=patch,
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

    async def put_off(self, lease: Lease, due_ms: int, why: str) -> None:
        """Put a poll back until it is welcome. Nothing was asked of its host."""
        patch, wait_ms = {"due_ms": due_ms, "why": why}, due_ms - self.now_ms()
        answer = await self.store.frontier.retry(lease, gap_ms=0, wait_ms=wait_ms, patch=patch)
        self.count("put_off")
        await self.ended(lease, answer, gap_ms=0)

    def cannot_read(self, error: ReaderError) -> None:
        """Stop, for nothing can be read; what is in hand goes back. On the way out that is no news."""
        if not self._stopping:
            self.stop(error)

    async def bug(self, lease: Lease, error: BaseException | None) -> None:
        """End work on which our own code failed: dead for an entry, a failed poll for a source, a host out of reach."""
        self.count("bugs")
        detail = f"{type(error).__name__}: {error}"
        if lease.kind == "source":
            await self.failed_poll(lease, FetchError("bug", detail))
        elif lease.kind == "robots":
            await self.no_robots(lease, FetchError("bug", detail))  # given back, it would fail again at once, for ever
        else:
            await self.settle(lease, Outcome("dead", "bug", detail))

    async def polled(self, lease: Lease, poll: Poll) -> None:
        """End a poll: what it brought goes to the frontier, and the source knows when it is due next."""
        gap_ms = max(await self.gap_of(lease), self.policy.host_wait_ms(poll.fault) if poll.fault else 0)
        done = await self.store.schedule.discovered(
            lease,
            poll.state,
            poll.discoveries,
            gap_ms=gap_ms,
            goes_on=poll.goes_on,
            compared=self.watchlist.has_siblings(poll.state.outlet),
        )
        if done.answer != "STALE":
            self._tell(lease.source, poll, done)
        await self.ended(lease, done.answer, gap_ms=gap_ms, changed=done.fetch > 0 or poll.goes_on)

    def _tell(self, before: SourceState, poll: Poll, done: Discovered) -> None:
        """Count what a poll brought, and log what a person may want to act upon."""
        if not poll.goes_on:
            self.count(f"poll/{poll.result}")
        self.count("entries/new", done.fetch + done.ended)
        if done.ended:
            self.count(f"outcome/{FIRST_LOOK}", done.ended)
        for notice in notices(before, poll):
            self.count(notice.stat, notice.number)
            logger.warning("%s", notice)
        if done.twin and done.twin != before.twin:
            twin = self.sources.get(done.twin, done.twin)
            logger.warning("%s: it is the same as %s, which is polled instead", before.url, twin)

    async def failed_poll(self, lease: Lease, error: Fault) -> None:
        """End a poll that failed: the source backs off, and says why."""
        state = self.policy.after_failure(lease.source, error, self.now_ms())
        why = str(error).removeprefix(f"{state.url}: ")
        logger.warning("%s, %s %s: %s", state.outlet, state.kind, state.url, why)
        await self.polled(lease, Poll(state, result=f"failed:{error.reason}", fault=error))

    async def save_robots(self, lease: Lease, text: str) -> None:
        """Keep what a host's robots.txt says; the work that waited for it comes next, after its crawl-delay."""
        rules = Rules(Protego.parse(text), self.policy.robots_name)
        await self._end_robots(lease, text, "", ROBOTS_TTL_MS, gap_ms=max(self.policy.gap_ms, rules.delay_ms))

    async def no_robots(self, lease: Lease, fault: FetchError) -> None:
        """Keep why a host's robots.txt is out of reach: nothing of the host is fetched before it is asked again."""
        wait_ms = self.policy.asked_wait_ms(fault)
        ttl_ms = max(ROBOTS_UNREACHABLE_TTL_MS, wait_ms)
        await self._end_robots(lease, "", f"{fault.reason}: {fault}", ttl_ms, gap_ms=max(self.policy.gap_ms, wait_ms))

    async def _end_robots(self, lease: Lease, text: str, unreachable: str, ttl_ms: int, *, gap_ms: int) -> None:
        answer = await self.store.frontier.save_robots(
            lease, text=text, unreachable=unreachable, ttl_ms=ttl_ms, gap_ms=gap_ms
        )
        self.count("robots")
        await self.ended(lease, answer, gap_ms=gap_ms, changed=True)

    def count_outcome(self, lease: Lease, outcome: str, answer: Answer) -> None:
        """Count an outcome, unless the work was no longer ours."""
        if answer != "STALE":
            self.count(f"recheck/{outcome}" if lease.kind == "recheck" else f"outcome/{outcome}")

    # -- what callbacks, errbacks and pipelines forgot

    def spider_error(self, failure: Failure, response: Response | Failure | None) -> None:
        """From a callback Scrapy passes the response, from an errback the failure; both know their request."""
        request: Request | None = getattr(response, "request", None)
        self._end_forgotten(request.meta.get("lease") if request else None, failure.value)

    def item_error(self, item: Any, failure: Failure) -> None:
        if isinstance(item, Visit):
            self._end_forgotten(item.lease, failure.value)

    def item_dropped(self, item: Any, exception: BaseException) -> None:
        if isinstance(item, Visit):
            self._end_forgotten(item.lease, exception)

    def request_dropped(self, request: Request) -> None:
        if "lease" in request.meta:
            self._keep(self.give_back(request.meta["lease"]))

    def _end_forgotten(self, lease: Lease | None, error: BaseException | None) -> None:
        if isinstance(error, StoreError):
            self.store_lost(error)
        elif lease is None:
            self.count("bugs")
        elif self.holds(lease):
            self._keep(self.bug(lease, error))
