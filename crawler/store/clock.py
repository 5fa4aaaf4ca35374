"""The store's clock as a process knows it: what the store last said, plus what has passed here since."""

import time


class Clock:
    """Workers' own clocks don't matter: only how fast they go, between two answers of the store."""

    def __init__(self) -> None:
        self._told = (0, 0.0)  # the store's time (ms) and ours (s, monotonic)

    def set(self, store_ms: int) -> None:
        """Note what the store said just now (ms since 1970)."""
        self._told = (store_ms, time.monotonic())

    def now_ms(self) -> int:
        """The store's time now (ms since 1970)."""
        told_ms, at_s = self._told
        return told_ms + int((time.monotonic() - at_s) * 1000)
