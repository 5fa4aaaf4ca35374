"""The desk: makes stories of articles and alerts of stories, one process at a time.

Requirements
    Each article event becomes part of exactly one story, and each change of a story is told in the stream exactly once,
    whatever is killed. No alert is lost. A receiver hears one twice only where it had it and we could not know.

Theory of operation
    The desk is held by a lease with a fencing token. Events are taken one by one: the index says where an article
    belongs (pure), stories.py and alerts.py say what follows from it (pure), and one script writes all that with the
    new offset, or nothing. What is in memory, index and outbox, is always what the store has, so whoever takes over
    rebuilds it from there. Alerts go out beside the reading; what became of one is written after it was sent. A death
    between the two is the one case in which it is sent again.
    When the watchlist changes, the audience does, between two steps: what is on its way goes where it was sent. Crawls
    may have had the new topics for some seconds: what they published on them is made up for.

Known exceptions
    An article that the desk fails on (a bug) is put among the dead and passed over: one page must not stop the news.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable

from crawler.desk.alerts import LATEST_MS, missed
from crawler.desk.audience import Audience
from crawler.desk.files import decode_file
from crawler.desk.outbox import Outbox
from crawler.desk.placing import Placer, encode
from crawler.desk.stories import when
from crawler.news.errors import FeaturesError, StoreError
from crawler.store import Store
from crawler.store.stories import Changes, Hold, StaleError
from crawler.store.streams import StoredEvent

logger = logging.getLogger(__name__)

BATCH = 64  # events a read
BREATHER = 20  # articles restored (a millisecond each) between two looks at what else goes on
NAP_S = 0.25
PARTING_S = 2.0  # whoever stops us does not wait longer for a slow receiver; it hears that alert again


class Desk:
    """Works until `finish` (all that is there, then end) or `stop` (end soon).

    Args:
        store: a connection of its own.
        audience: who hears what, and how.
        wait_ms: how long a first alert waits for other outlets.
        retry_ms: wait after an alert's first failed attempt; four times longer after each further one.
        lease_ms: of the store's limits.
        count: called with a name and how many: "stories/new", "alerts/sent", ...

    Attributes:
        holder: who has the desk in our place, or None.
    """

    def __init__(
        self,
        store: Store,
        audience: Audience,
        *,
        wait_ms: int,
        retry_ms: int,
        lease_ms: int,
        count: Callable[[str, int], None],
    ) -> None:
        self.holder: str | None = None
        self._store = store
        self._audience = audience
        self._wait_ms = wait_ms
        self._renewal_s = lease_ms / 15_000
        self._count = count
        self._finishing = self._stopping = False
        self._late = frozenset[str]()  # topics that are new to us, and may not be to who found the last articles
        self._changed = asyncio.Event()
        self._renewed = 0.0
        self._outbox = Outbox(store, retry_ms=retry_ms, count=count, wake=self._changed.set)

    @property
    def owed(self) -> int:
        """How many alerts are owed."""
        return len(self._outbox.owed)

    def finish(self) -> None:
        """Do all that is there, then end."""
        self._finishing = True
        self._changed.set()

    def turn_to(self, audience: Audience) -> None:
        """Tell these from the next step on, and what they missed of topics that are new to us."""
        self._late |= audience.hearers.known - self._audience.hearers.known
        self._audience = audience
        self._changed.set()

    def stop(self) -> None:
        """End soon: another may go on where we are."""
        self._stopping = True
        self._changed.set()

    async def run(self) -> None:
        """Hold the desk and work, until told otherwise.

        Raises:
            StoreError: the store is lost.
        """
        while hold := await self._take():
            try:
                await self._work(hold)
                await self._outbox.close(hold, PARTING_S)
                await self._store.stories.release(hold)
                return
            except StaleError:
                logger.warning("the desk is no longer ours: another process took it while we were away")
            finally:
                await self._outbox.close(None, 0)

    # -- the lease

    async def _take(self) -> Hold | None:
        """Claim the desk, or wait until it is free; None: we are to end, and somebody who lives has it."""
        until_ms, moved = 0, -self._renewal_s * 3
        while not self._stopping:
            answer = await self._store.stories.claim()
            if isinstance(answer, Hold):
                self.holder, self._renewed = None, time.monotonic()
                return answer
            if answer.holder != self.holder:
                logger.info("%s has the desk; waiting until it is free", answer.holder)
            if until_ms not in (0, answer.until_ms):
                moved = time.monotonic()
            self.holder, until_ms = answer.holder, answer.until_ms
            # A lease that is renewed has a living owner, who does our work. One that is not runs out.
            if self._finishing and time.monotonic() - moved < 3 * self._renewal_s:
                return None
            await self._nap(self._renewal_s / 2)
        return None

    async def _renew(self, hold: Hold) -> None:
        if time.monotonic() - self._renewed >= self._renewal_s:
            self._renewed = time.monotonic()
            await self._store.stories.renew(hold)

    # -- the work

    async def _work(self, hold: Hold) -> None:
        placer = await self._rebuild(hold)
        while not self._stopping:
            events = await self._store.streams.articles(hold.offset, most=BATCH)
            for event in events:
                if not await self._take_in(hold, placer, event):
                    placer = await self._rebuild(hold)
                await self._renew(hold)
            if self._late:
                await self._make_up(hold)
            drained = self._finishing and not events
            await self._outbox.tend(hold, self._audience, at_once=drained)
            if drained and not self._outbox.busy():
                return
            if not events:
                await self._nap(NAP_S)
            await self._renew(hold)

    async def _rebuild(self, hold: Hold) -> Placer:
        """Bring to memory what the store has."""
        placer, lost = Placer(self._store, wait_ms=self._wait_ms), list[str]()
        async for article_id, features in self._store.stories.features():
            try:
                placer.restore(article_id, features)
            except FeaturesError:
                lost.append(article_id)
            if placer.known % BREATHER == 0:
                await asyncio.sleep(0)
                await self._renew(hold)
            if self._stopping:
                break
        if lost:
            logger.warning("%d articles are kept in another version's form: nothing joins their stories", len(lost))
        old = placer.forget(when(self._store.stories.clock.now_ms()))
        if old or lost:
            await self._store.stories.write(hold, Changes(forgotten=[*old, *lost]))
        self._outbox.owed.clear()
        await self._outbox.load()
        logger.info("the desk is ours: %d articles of the last days, %d alerts owed", placer.known, self.owed)
        return placer

    async def _take_in(self, hold: Hold, placer: Placer, event: StoredEvent) -> bool:
        """Place one article, and write what follows from it. False: a bug of ours, and the index is to be rebuilt."""
        sound = True
        try:
            changes = await placer.changes(event, self._audience.hearers, self._outbox.owed)
        except StoreError:
            raise
        except Exception as error:
            logger.exception("a bug of ours: the desk passes over event %s", event.position)
            self._count("bugs", 1)
            detail = f"{type(error).__name__}: {error}"[:500]
            changes, sound = Changes(dead=[(event.position, "desk-bug", detail, event.event)]), False
        await self._store.stories.write(hold, changes, offset=event.position)
        self._outbox.note(changes.outbox)
        for kind, _ in changes.events:
            self._count(f"stories/{kind.rpartition('.')[2]}", 1)
        if changes.alerts:
            self._count("alerts/held", len(changes.alerts))
        return sound

    async def _make_up(self, hold: Hold) -> None:
        """Owe what stories of the last day have on topics that we learned of late."""
        late, now_ms = self._late, self._store.stories.clock.now_ms()
        async for text in self._store.stories.recent(now_ms - LATEST_MS):
            hearers, file = self._audience.hearers, decode_file(text)
            owed = missed(hearers, file, late, self._outbox.owed, now_ms=now_ms, wait_ms=self._wait_ms)
            if owed:
                changes = Changes(outbox=[(item.id, encode(item)) for item in owed])
                await self._store.stories.write(hold, changes)
                self._outbox.note(changes.outbox)
            await self._renew(hold)
        self._late -= late

    async def _nap(self, seconds: float) -> None:
        """Wait for a little, or until something happens here."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        self._changed.clear()
