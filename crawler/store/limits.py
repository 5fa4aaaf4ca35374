"""The few numbers that the store's scripts need, with their reasons. Settings of the same names overrule them."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Limits:
    """Attributes:
    lease_ms: how long work stays with a worker that gives no sign of life; renewed at a fifteenth of it.
    attempts: fetches of one entry before it is given up.
    deaths: workers that one page may take along before it is given up.
    keep_ms: how long streams keep events; consumers that are away longer miss some.
    keep_unmatched_ms: how long what a query sees of unmatched articles is kept; 0: none is.
    remember_ms: how long an article's state outlives its last change.
    seen_ms: how long an entry that no source announces any more is remembered, at least.
    """

    lease_ms: int = 30_000
    attempts: int = 5
    deaths: int = 3
    keep_ms: int = 30 * 86_400_000
    keep_unmatched_ms: int = 14 * 86_400_000
    remember_ms: int = 30 * 86_400_000
    seen_ms: int = 30 * 86_400_000


def in_ms(span: timedelta) -> int:
    """A span in milliseconds."""
    return int(span.total_seconds() * 1000)
