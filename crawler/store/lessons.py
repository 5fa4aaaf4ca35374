"""What the articles of each outlet have taught us: which lines they repeat (crawler.extraction.repeats).

One key an outlet, of some 3 kB, written by one script. An article counts once, by its id: looked at again, revised, or
learned twice after a lost reply, it takes its own place. Nothing rests on it: a lesson lost is one article less.

The worker keeps what it needs of the outlets that it met last, so a page costs no call of the store. What is learned
comes back with all that other workers learned; outlets of which nothing is learned here are asked for now and then.
"""

import base64
import struct
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from crawler.extraction.repeats import REMEMBERED, Repeats, Trace
from crawler.store import keys
from crawler.store.connection import Connection
from crawler.store.limits import Limits

# Once all places are taken, an outlet's articles come in at this pace, so that they span most of a day: else an
# event of a morning fills them at an outlet that publishes every few minutes.
PAUSE_MS = 3_600_000
FRESH_MS = 600_000
KEPT = 2_000  # outlets; about 3 kB each


@dataclass(frozen=True, slots=True)
class Lesson:
    """What an outlet's remembered articles teach.

    Attributes:
        repeats: what is to be left out of its pages.
        articles: ids of those remembered.
        newest_ms: when the last of them came in; read_ms: when this was read.
    """

    repeats: Repeats
    articles: frozenset[str]
    newest_ms: int
    read_ms: int

    @classmethod
    def of(cls, text: str, *, now_ms: int) -> Self:
        """Unpack what the store has (scripts/learn.lua)."""
        rows = [line.split(" ") for line in text.splitlines()]
        traces = [Trace(frozenset(_unpacked(topic)), frozenset(_unpacked(lines))) for _, _, topic, lines in rows]
        newest_ms = int(rows[-1][1]) if rows else 0
        return cls(Repeats.of(traces), frozenset(row[0] for row in rows), newest_ms, now_ms)

    def wants(self, article_id: str, *, now_ms: int) -> bool:
        """Whether an article is to be learned: one more, one that is remembered otherwise, or one that is due."""
        has_room = len(self.articles) < REMEMBERED
        return has_room or article_id in self.articles or now_ms - self.newest_ms >= PAUSE_MS


class Lessons:
    """What is known of each outlet, and what is learned."""

    def __init__(self, connection: Connection, limits: Limits) -> None:
        self._connection = connection
        self._limits = limits
        self._known: OrderedDict[str, Lesson] = OrderedDict()

    async def of(self, outlet: str, *, now_ms: int) -> Lesson:
        """Return what an outlet's articles teach, as it was ten minutes ago at most."""
        known = self._known.get(outlet)
        if known is None or now_ms - known.read_ms >= FRESH_MS:
            text = await self._connection.ask("GET", keys.repeats(outlet))
            known = self._keep(outlet, text or "", now_ms)
        self._known.move_to_end(outlet)
        return known

    async def learn(
        self, outlet: str, article_id: str, headline: str | None, lines: Sequence[int], *, now_ms: int
    ) -> bool:
        """Remember an article by the fingerprints of its lines, unless enough came in lately; tell whether."""
        if not (await self.of(outlet, now_ms=now_ms)).wants(article_id, now_ms=now_ms):
            return False
        trace = Trace.of(headline, lines)
        what = f"{_packed(trace.topic)} {_packed(trace.lines)}"
        arguments: list[str | int] = [article_id, what, REMEMBERED, self._limits.remember_ms]
        text = await self._connection.run("learn", [keys.CLOCK, keys.repeats(outlet)], arguments)
        self._keep(outlet, text, now_ms)
        return True

    def _keep(self, outlet: str, text: str, now_ms: int) -> Lesson:
        lesson = self._known[outlet] = Lesson.of(text, now_ms=now_ms)
        if len(self._known) > KEPT:
            self._known.popitem(last=False)
        return lesson


def _packed(fingerprints: frozenset[int]) -> str:
    """Return fingerprints as text, 4 bytes each in base64."""
    return base64.b64encode(struct.pack(f">{len(fingerprints)}I", *sorted(fingerprints))).decode()


def _unpacked(text: str) -> tuple[int, ...]:
    raw = base64.b64decode(text)
    return struct.unpack(f">{len(raw) // 4}I", raw)
