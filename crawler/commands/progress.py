"""How far a long job is, on standard error: standard output may be what it makes."""

import sys
import time
from collections.abc import Callable
from typing import Generic, Self, TypeVar

from crawler.store.dumpfile import Contents

SECONDS = 0.5  # between two looks on a terminal, where a line takes the place of the last
SPARSE_SECONDS = 30.0  # in a log
BAR = 30  # columns

Far = TypeVar("Far", contravariant=True)


class Progress(Generic[Far]):
    """Tells how far a job is: `with Progress("dumping", items) as tell: ... tell(contents)`.

    Args:
        doing: what the job does.
        words: says how far it is.
    """

    def __init__(self, doing: str, words: Callable[[Far], str]) -> None:
        self._doing = doing
        self._words = words
        self._live = sys.stderr.isatty()
        self._pause = SECONDS if self._live else SPARSE_SECONDS
        self._next = time.monotonic() + self._pause

    def __call__(self, far: Far) -> None:
        """Tell, if the last time is long enough ago."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + self._pause
        line = f"{self._doing}: {self._words(far)}"
        print(f"\r{line}\033[K" if self._live else line, end="" if self._live else "\n", file=sys.stderr, flush=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._live:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


class OutOf:
    """The words for a number of about so many: a bar, the numbers, the pace."""

    def __init__(self, total: int, things: str) -> None:
        self._total = total
        self._things = things
        self._began = time.monotonic()

    def __call__(self, done: int) -> str:
        total = max(self._total, done, 1)
        bar = ("━" * (BAR * done // total)).ljust(BAR, "─")
        pace = done / max(time.monotonic() - self._began, 1e-3)
        return f"{bar} {done:,} of about {total:,} {self._things}, {pace:,.0f} a second"


def items(contents: Contents) -> str:
    """The words for what has gone over."""
    return f"{contents.items:,} items, {megabytes(contents)}"


def summary(contents: Contents) -> str:
    """What went over, in words: "entries waiting 12, articles 1,204, ..."."""
    names = {"entries": "entries waiting"} | {name: name for name in ("articles", "stories", "sources", "events")}
    told = ", ".join(f"{words} {contents.named[name]:,}" for name, words in names.items())
    return f"{told} ({megabytes(contents)})"


def megabytes(contents: Contents) -> str:
    """How much that is, uncompressed."""
    return f"{contents.size / 1e6:,.1f} MB"
