"""What one poll of a source brought, ready for the store."""

from collections.abc import Sequence
from dataclasses import dataclass

from crawler.news.source import SourceState
from crawler.store.schedule import Discovery

FIRST_LOOK = "rejected:first-look"  # what was old when a source was seen for the first time is remembered, not fetched


@dataclass(frozen=True, slots=True)
class Poll:
    """Attributes:
    state: the source after this poll, with the time it is due next.
    discoveries: what it announces, known entries included.
    result: "ok", "not-modified", "same-bytes" or "failed:REASON".
    host_wait_ms: how long its host wants to be left alone.
    capped: entries left out because it announces too many at once.
    goes_on: the poll has more to read (sitemaps of an index), at once.
    """

    state: SourceState
    discoveries: Sequence[Discovery] = ()
    result: str = "ok"
    host_wait_ms: int = 0
    capped: int = 0
    goes_on: bool = False
