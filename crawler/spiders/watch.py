"""`scrapy crawl watch`: follows every source of the watchlist until it is stopped."""

import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, ClassVar

from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.discovery.feeds.wordpress import poll_address
from crawler.discovery.polling import conditional_headers
from crawler.discovery.polling.wishes import after_skips
from crawler.extensions.browser import MAY_NEED_BROWSER, meta_for_browser, no_browser
from crawler.extensions.faults import asked_wait_ms, fault_of, fault_of_status, robots_text
from crawler.extensions.policy import CHALLENGE
from crawler.extensions.visit import Visit
from crawler.extensions.watching import outlets_named
from crawler.extensions.worker import Worker
from crawler.extraction import OPT_OUT_HEADERS
from crawler.news.errors import (
    DiscoveryError,
    ExtractionError,
    FetchError,
    MovedError,
    PoisonError,
    ReaderError,
    StoreError,
)
from crawler.news.outcome import Outcome
from crawler.news.source import Outlet, SourceState
from crawler.news.urls import canonicalise, dialled, host_of
from crawler.reading import ReadPage
from crawler.spiders.polls import read_poll
from crawler.spiders.trails import pass_over
from crawler.store.frontier import Lease
from crawler.store.records import PageRecord, RobotsRecord

MOST_MOVES = 5  # redirects from host to host
CHALLENGING = frozenset({403, 405, 429, 503})  # statuses with which bot challenges come, if not with 200


class Watch(Spider):
    """Turns leases into requests, and responses into discoveries and visits. Decisions are made in the pure rooms.

    Arguments (-a):
        once: 1: end when this pass is over.
        outlets: names, separated by commas: only these.
    """

    name = "watch"
    kinds: ClassVar[tuple[str, ...]] = ()  # of source; empty: all
    one_pass: ClassVar[bool] = False

    def __init__(self, once: str = "", outlets: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.once = self.one_pass or once.lower() not in {"", "0", "no", "false"}
        self.outlets = outlets_named(outlets)
        self.rng = random.Random()

    @cached_property
    def worker(self) -> Worker:
        """This process's hands."""
        return Worker.of(self.crawler)

    async def start(self) -> AsyncIterator[Request]:
        try:
            async for lease in self.worker.work(kinds=self.kinds, outlets=self.outlets, once=self.once):
                request = await self._request_unless_ended(lease)
                if request:
                    yield request
        except StoreError as error:
            self.worker.store_lost(error)

    async def _request_unless_ended(self, lease: Lease) -> Request | None:
        """The request that a lease asks for; None: it must not or can't be made, and the lease has ended."""
        if await self._is_unwelcome(lease):
            return None
        try:
            request = await self.request(lease)
        except ValueError as error:  # UrlError, and what Scrapy refuses to take for an address
            await self._give_up(lease, FetchError("bad-address", f"{lease.record.address}: {error}"))
            return None
        if request.meta.get("playwright") and self.no_browser:
            await self.worker.settle(lease, Outcome("dead", "no-browser", self.no_browser))
            return None
        return request

    async def _is_unwelcome(self, lease: Lease) -> bool:
        """Put off a poll that comes late, in an hour in which its source does not want to be asked; tell whether."""
        if lease.kind != "source" or lease.source.visit:
            return False
        now_ms = self.worker.now_ms()
        due_ms = after_skips(lease.source.skips, now_ms)
        if due_ms == now_ms:
            return False
        await self.worker.put_off(lease, due_ms, "does not want to be asked in this hour (skipHours, skipDays)")
        return True

    async def request(self, lease: Lease) -> Request:
        """The request that a lease asks for. Its meta carries what callbacks and middlewares need to end the lease."""
        record = lease.record
        outlet = self.outlet(record)
        meta: dict[str, Any] = {
            "lease": lease,
            "gap_ms": await self.worker.gap_of(lease),
            "allow_private": outlet.allow_private,
        }
        if isinstance(record, RobotsRecord):
            return Request(dialled(record.address), self.save_robots, errback=self.failed, meta=meta)
        meta["rules"] = await self.worker.robots.of(lease)
        if isinstance(record, SourceState):
            meta |= {"settled": record.settled, "astray": record.visit not in (None, record.settled)}
            headers = conditional_headers(record, now_ms=self.worker.now_ms(), reread=self.rereads(record))
            as_sent = {name: text.encode("latin-1") for name, text in headers.items()}  # Scrapy would write UTF-8
            address = record.visit or poll_address(record.home, record.newest_ms)
            return Request(dialled(address), self.poll, errback=self.failed, headers=as_sent, meta=meta)
        if record.browser or outlet.render == "always":
            meta |= meta_for_browser()
        return Request(dialled(record.address), self.page, errback=self.failed, meta=meta)

    @cached_property
    def no_browser(self) -> str:
        """Why there is no browser for pages that need one, "" if there is."""
        return no_browser(self.settings)

    def outlet(self, record: PageRecord | SourceState | RobotsRecord) -> Outlet:
        """What the watchlist says of a record's outlet; defaults when it is no longer there."""
        return self.worker.watchlist.outlet(record.outlet) or Outlet(record.outlet, record.url)

    def rereads(self, source: SourceState) -> bool:
        """Whether a source must be read even if its body is the same: else its entries are forgotten one day."""
        return self.worker.now_ms() - source.read_ms > self.worker.policy.reread_ms

    # -- what comes back

    async def save_robots(self, response: Response) -> None:
        """Keep a host's robots.txt, or why it is out of reach."""
        lease: Lease = response.meta["lease"]
        try:
            text = robots_text(response, now_ms=self.worker.now_ms())
        except FetchError as fault:
            await self.worker.no_robots(lease, fault)
        else:
            await self.worker.save_robots(lease, text)

    async def poll(self, response: Response) -> None:
        """Read what a source announces, and hand it to the frontier."""
        lease: Lease = response.meta["lease"]
        outlet = self.outlet(lease.source)
        try:
            poll = await read_poll(
                lease.source,
                response,
                outlet,
                reads=self.worker.reader,
                now_ms=self.worker.now_ms(),
                reread=self.rereads(lease.source),
                rng=self.rng,
            )
        except (DiscoveryError, FetchError, PoisonError) as error:
            await self.worker.failed_poll(lease, error)
        except ReaderError as error:
            self.worker.cannot_read(error)
        else:
            await self.worker.polled(lease, poll)

    async def page(self, response: Response) -> AsyncIterator[Visit]:
        """Read the article on a page, and send it through the pipelines."""
        lease: Lease = response.meta["lease"]
        fault = fault_of_status(response, now_ms=self.worker.now_ms())
        if fault and response.status not in CHALLENGING:
            await self.worker.failed_page(lease, fault)
            return
        record, outlet = lease.page, self.outlet(lease.page)
        try:
            content_type = (response.headers.get("Content-Type") or b"").decode("latin-1") or None
            now = datetime.fromtimestamp(self.worker.now_ms() / 1000, UTC)
            headers = {name: _texts(response.headers.getlist(name)) for name in OPT_OUT_HEADERS}
            agent = self.worker.policy.robots_name
            lesson = await self.worker.store.lessons.of(record.outlet, now_ms=self.worker.now_ms())
            task = ReadPage(
                response.url, content_type, record.entry(), outlet.selectors, now, headers, agent, lesson.repeats
            )
            reading = await self.worker.reader.read(task, response.body)
        except ExtractionError as error:
            await self._no_article(lease, error, fault, asked_wait_ms(response, now_ms=self.worker.now_ms()))
        except PoisonError as error:
            rest_ms = self.worker.policy.host_wait_ms(error)
            await self.worker.settle(lease, Outcome("dead", error.reason, str(error)), rest_ms=rest_ms)
        except ReaderError as error:
            self.worker.cannot_read(error)
        else:
            if fault:
                await self.worker.failed_page(lease, fault)
                return
            visited = canonicalise(response.url)
            yield Visit(lease, reading.article, visited, lines=reading.lines, whole_hash=reading.whole_hash)

    async def _no_article(
        self, lease: Lease, error: ExtractionError, fault: FetchError | None, wait_ms: int | None
    ) -> None:
        """End a page that yields no article; `fault`: what its status means; `wait_ms`: for how long to stay away.

        A bot challenge may be over later. A consent wall stays, until somebody does something about it: its pages are
        kept among the dead, from where they can be tried again. A browser tries at once, or when a server that asks for
        patience (429, 503, Retry-After) has had it.
        """
        reason, words, record = error.reason, str(error), lease.page
        browser_next = reason in MAY_NEED_BROWSER and self.outlet(record).render == "auto" and not record.browser
        is_busy = fault is not None and (fault.passing or wait_ms is not None)
        if fault and reason != CHALLENGE:
            await self.worker.failed_page(lease, fault)
        elif fault and is_busy and browser_next and not self.no_browser:
            later = FetchError(fault.reason, str(fault), passing=True, wait_ms=wait_ms)
            await self.worker.failed_page(lease, later, {"browser": True})
        elif browser_next and not is_busy:
            await self.worker.send_on(lease, {"browser": True})
        elif reason == CHALLENGE:
            await self.worker.failed_page(lease, FetchError(reason, words, passing=True, wait_ms=wait_ms))
        else:
            may_pass = reason == "consent-wall"
            await self.worker.settle(lease, Outcome("dead" if may_pass else "rejected", reason, words))

    async def failed(self, failure: Failure) -> None:
        """A request that brought no response."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy puts it there
        lease: Lease = request.meta["lease"]
        error = failure.value
        assert error is not None
        if isinstance(error, MovedError):
            await self._move(lease, error)
            return
        fault = fault_of(error)
        if fault is None:
            self.logger.error("%s: a bug of ours", request.url, exc_info=error)
            await self.worker.bug(lease, error)
        else:
            await self._give_up(lease, fault)

    async def _give_up(self, lease: Lease, fault: FetchError) -> None:
        """Nothing was fetched. What fails may be one sitemap of an index: then the poll goes on."""
        if lease.kind == "robots":
            await self.worker.no_robots(lease, fault)
        elif lease.kind != "source":
            await self.worker.failed_page(lease, fault)
        elif lease.source.trail:
            poll = pass_over(lease.source, fault, now_ms=self.worker.now_ms(), rng=self.rng)
            await self.worker.polled(lease, poll)
        else:
            await self.worker.failed_poll(lease, fault)

    async def _move(self, lease: Lease, moved: MovedError) -> None:
        """Send work on to the host that a redirect names."""
        record, url = lease.record, moved.url
        if record.hops >= MOST_MOVES:
            fault = FetchError("redirects", f"sent from host to host more than {MOST_MOVES} times, the last to {url}")
            await self._give_up(lease, fault)
            return
        patch = {"visit": url, "host": host_of(url), "hops": record.hops + 1}
        if lease.kind == "source":
            patch["settled"] = moved.settled
        await self.worker.send_on(lease, patch, host=host_of(url))


def _texts(values: list[bytes]) -> list[str]:
    return [value.decode("latin-1") for value in values]
