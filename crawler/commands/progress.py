"""How far a long job is, on standard error: standard output may be what it makes."""

import sys
import time
from typing import Self

from crawler.store.dumpfile import Contents

SECONDS = 1.0  # between two looks on a terminal, where a line takes the place of the last
SPARSE_SECONDS = 30.0  # in a log


class Progress:
    """Tells what has gone over: `with Progress("dumping") as tell: ... tell(contents)`."""

    def __init__(self, doing: str) -> None:
        self._doing = doing
        self._live = sys.stderr.isatty()
        self._pause = SECONDS if self._live else SPARSE_SECONDS
        self._next = time.monotonic() + self._pause

    def __call__(self, contents: Contents) -> None:
        """Tell, if the last time is long enough ago."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + self._pause
        line = f"{self._doing}: {contents.items:,} items, {megabytes(contents)}"
        print(f"\r{line}\033[K" if self._live else line, end="" if self._live else "\n", file=sys.stderr, flush=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._live:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


def summary(contents: Contents) -> str:
    """What went over, in words: "entries waiting 12, articles 1,204, ..."."""
    names = {"entries": "entries waiting"} | {name: name for name in ("articles", "stories", "sources", "events")}
    told = ", ".join(f"{words} {contents.named[name]:,}" for name, words in names.items())
    return f"{told} ({megabytes(contents)})"


def megabytes(contents: Contents) -> str:
    """How much that is, uncompressed."""
    return f"{contents.size / 1e6:,.1f} MB"
