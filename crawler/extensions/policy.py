"""The crawl's manners and patience, read from the settings once. Decisions that need no store and no network."""

import random
from dataclasses import dataclass

import msgspec
from scrapy.settings import BaseSettings

from crawler.discovery.polling import after_failure
from crawler.extensions.poll import Fault
from crawler.extensions.watching import time_of, time_setting
from crawler.news.errors import ConfigurationError, FetchError, PoisonError
from crawler.news.source import SourceState
from crawler.store.frontier import Lease
from crawler.store.limits import Limits, in_ms
from crawler.store.records import PageRecord
from crawler.store.schedule import new_source
from crawler.watchlist import Watchlist

LONGEST_WAIT_MS = 86_400_000  # nobody may send us away for longer than a day
# A page that ended for one of these reasons is not looked at again.
UNWANTED = frozenset({"refused", "barred", "paywall", "gone", "opted-out"})
LONGEST_POISON_REST_MS = 600_000
CHALLENGE = "bot-challenge"
# Such a guard lets us in later, or never: we ask again after 16 minutes and 17 hours (RETRY_AFTER of 15 s), and then no
# more, while a server in trouble is asked four times.
CHALLENGE_COUNTS = 2
ROBOTS_TTL_MS = 86_400_000  # RFC 9309, 2.4: not longer than 24 hours
ROBOTS_UNREACHABLE_TTL_MS = 300_000  # a host that is down is asked again before its next work, not before every one


@dataclass(frozen=True, slots=True)
class Policy:
    """Attributes:
    hands: pieces of work at once.
    gap_ms: rest of a host between two requests.
    every_ms: least time between two polls of a source that says nothing else.
    longest_ms: most time between two polls of a source that seldom speaks.
    holds_host: whether a Retry-After holds the whole host, not only what was answered with it.
    retry_ms: wait after an entry's first failed fetch; eight times longer after each further one.
    recheck_ms: waits before each further look at a published article.
    grace_s: how long work in hand may go on after a signal.
    patience_s: how long the store may be away.
    agent: the User-Agent.
    limits: what the store's scripts need.
    """

    hands: int
    gap_ms: int
    every_ms: int
    longest_ms: int
    holds_host: bool
    retry_ms: int
    recheck_ms: tuple[int, ...]
    grace_s: float
    patience_s: float
    agent: str
    publish_unmatched: bool
    limits: Limits

    @property
    def reread_ms(self) -> int:
        """How often a source is read even if its body never changes, so that its entries stay among the seen."""
        return self.limits.seen_ms // 2

    @property
    def robots_name(self) -> str:
        """The product token by which robots.txt knows us (RFC 9309, 2.2.1)."""
        return self.agent.partition("/")[0].strip()

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> "Policy":
        """Read the settings.

        Raises:
            ConfigurationError: a value that is none of its kind, by the setting's name.
        """

        def span_ms(name: str) -> int:
            return in_ms(time_setting(settings, name))

        _check_pace(settings)
        return cls(
            hands=settings.getint("CONCURRENT_REQUESTS"),
            gap_ms=span_ms("HOST_GAP"),
            every_ms=span_ms("POLL_EVERY"),
            longest_ms=span_ms("LONGEST_POLL"),
            holds_host=_holds_host(settings),
            retry_ms=span_ms("RETRY_AFTER"),
            recheck_ms=tuple(in_ms(time_of("RECHECK_AFTER", text)) for text in settings.getlist("RECHECK_AFTER")),
            grace_s=span_ms("GRACE_PERIOD") / 1000,
            patience_s=span_ms("STORE_PATIENCE") / 1000,
            agent=settings["USER_AGENT"],
            publish_unmatched=settings.getbool("PUBLISH_UNMATCHED"),
            limits=Limits(
                lease_ms=span_ms("LEASE"),
                attempts=settings.getint("FETCH_ATTEMPTS"),
                deaths=settings.getint("LEASE_DEATHS"),
                keep_ms=span_ms("KEEP_EVENTS"),
                keep_unmatched_ms=span_ms("KEEP_UNMATCHED"),
                remember_ms=span_ms("REMEMBER_ARTICLES"),
                seen_ms=span_ms("REMEMBER_ENTRIES"),
            ),
        )

    def sources_of(self, watchlist: Watchlist) -> list[SourceState]:
        """Return every source of the watchlist as one that was never polled."""
        states = []
        for source in watchlist.sources():
            outlet = watchlist.outlet(source.outlet)
            assert outlet is not None
            states.append(
                new_source(
                    source.outlet,
                    source.kind,
                    source.url,
                    every_ms=in_ms(outlet.every) if outlet.every else self.every_ms,
                    longest_ms=self.longest_ms,
                    first_look_ms=in_ms(outlet.first_look),
                )
            )
        return states

    def retry_wait_ms(self, lease: Lease, fault: FetchError) -> int:
        """How long to wait before the next attempt at a page: 15 s, 2 min, 16 min ... for the default of 15 s.

        Longer after a bot challenge, when the server says so, or when robots.txt is out of reach: it is not asked again
        before that.
        """
        ahead = CHALLENGE_COUNTS if fault.reason == CHALLENGE else 0
        own = self.retry_ms << (3 * (lease.page.attempts + ahead))
        least = ROBOTS_UNREACHABLE_TTL_MS if fault.reason == "robots-unreachable" else fault.wait_ms or 0
        return min(max(own, least), LONGEST_WAIT_MS)

    def host_wait_ms(self, fault: Fault) -> int:
        """How long a whole host is left alone after a fault.

        What its Retry-After says, if it is to hold the host; and one whose bodies kill the parser may take up a tenth
        of the time in which others want to be read.
        """
        if isinstance(fault, PoisonError):
            return min(9 * fault.took_ms, LONGEST_POISON_REST_MS)
        return self.asked_wait_ms(fault) if isinstance(fault, FetchError) and self.holds_host else 0

    def asked_wait_ms(self, fault: FetchError) -> int:
        """What a Retry-After says, capped."""
        return min(fault.wait_ms or 0, LONGEST_WAIT_MS)

    def first_recheck(self, lease: Lease, visited: str) -> tuple[PageRecord, int] | None:
        """The first look at an article after it was published at the address `visited`, and when (ms from now)."""
        return self._look(lease, 0, url=visited)

    def next_recheck(self, lease: Lease, reason: str = "") -> tuple[PageRecord, int] | None:
        """The look after this one, where the article is now; None when the plan is through, or this is no recheck.

        A look out of turn leaves the plan where it is. `reason` of this one's outcome may end the plan.
        """
        if lease.kind != "recheck" or reason in UNWANTED:
            return None
        record = lease.page
        return self._look(lease, record.step + (0 if record.hurried else 1), url=record.address)

    def _look(self, lease: Lease, step: int, *, url: str) -> tuple[PageRecord, int] | None:
        if step >= len(self.recheck_ms):
            return None
        record = msgspec.structs.replace(
            lease.page, url=url, host=lease.host, visit=None, attempts=0, deaths=0, hops=0, step=step, hurried=False
        )
        return record, self.recheck_ms[step]

    def after_failure(self, state: SourceState, error: Fault, now_ms: int) -> SourceState:
        """The source after a failed poll."""
        wait_ms = error.wait_ms if isinstance(error, FetchError) else None
        return after_failure(state, error.reason, str(error), wait_ms=wait_ms, now_ms=now_ms, rng=random.Random())


def _holds_host(settings: BaseSettings) -> bool:
    holds = settings["RETRY_AFTER_HOLDS"]
    if holds not in ("host", "source"):
        raise ConfigurationError(f'setting RETRY_AFTER_HOLDS: "{holds}" holds nothing. Write "host" or "source".')
    return bool(holds == "host")


def _check_pace(settings: BaseSettings) -> None:
    every, shortest = time_setting(settings, "POLL_EVERY"), time_setting(settings, "SHORTEST_POLL")
    if not shortest:
        raise ConfigurationError('setting SHORTEST_POLL: "0s" would poll without end. Write "1m".')
    if every < shortest:
        raise ConfigurationError(
            f'setting POLL_EVERY: "{settings["POLL_EVERY"]}" is faster than SHORTEST_POLL, '
            f'"{settings["SHORTEST_POLL"]}". Write a longer time.'
        )
