"""What one poll of a source brought, ready for the store."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crawler.discovery.polling import GONE, is_capped
from crawler.news.errors import DiscoveryError, FetchError, PoisonError
from crawler.news.source import SourceState
from crawler.store.schedule import Discovery

Fault = DiscoveryError | FetchError | PoisonError
"""Why a poll fails."""

FIRST_LOOK = "rejected:first-look"  # what was old when a source was seen for the first time is remembered, not fetched


@dataclass(frozen=True, slots=True)
class Poll:
    """Attributes:
    state: the source after this poll, with the time it is due next.
    discoveries: what it announces, known entries included.
    result: "ok", "not-modified", "same-bytes" or "failed:REASON".
    fault: what went wrong.
    capped: entries left out because it announces too many at once.
    """

    state: SourceState
    discoveries: Sequence[Discovery] = ()
    result: str = "ok"
    fault: Fault | None = None
    capped: int = 0

    @property
    def goes_on(self) -> bool:
        """Whether it has more to read (sitemaps of an index), at once."""
        return bool(self.state.trail)


@dataclass(frozen=True, slots=True)
class Notice:
    """What a person may want to act upon, and the stat that counts it."""

    stat: str
    url: str
    text: str
    number: int = 1

    def __str__(self) -> str:
        return f"{self.stat}: {self.url}: {self.text}"


def notices(before: SourceState, poll: Poll) -> Iterator[Notice]:
    """Yield what a poll changed for good, or lost."""
    after = poll.state
    if poll.capped:
        text = f"it announces {poll.capped:,} entries more than we take at once; they were left out"
        yield Notice("entries/capped", after.url, text, poll.capped)
    if is_capped(after) and not is_capped(before):
        yield Notice("source.capped", after.url, after.why)
    if after.overflows > before.overflows:
        yield Notice("source.overflow", after.url, "most of what it announces is new; some may have passed unseen")
    if after.health == GONE and before.health != GONE:
        yield Notice("source.gone", after.url, "its server says that it is gone for good; it is polled no more")
    if after.moved and after.moved != before.moved:
        yield Notice("source.moved", after.url, f"it moved for good to {after.moved}, where it is polled from now on")
