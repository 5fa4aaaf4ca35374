"""Which of an outlet's sources found what: who was first, and what each missed that another had. Pure.

Requirements:
    Tell a user which source is worth its polls: one that finds nothing first can go, one that alone finds half of the
    news must stay.

Theory of operation:
    An entry is missed by a source that did not announce it although it was watched before the entry was found, and
    was polled again since. Other entries tell nothing of that source.

Known exceptions:
    A source that announces an entry two weeks after another is taken to have missed it.

Times are milliseconds by the store's clock.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

from crawler.news.source import SourceState


@dataclass(frozen=True, slots=True)
class Found:
    """An entry, and when each source announced it for the first time: source id -> ms, the first one first."""

    url: str
    by: dict[str, int]

    @property
    def first(self) -> str:
        """The source that found it."""
        return next(iter(self.by))

    @property
    def first_ms(self) -> int:
        """When it was found."""
        return self.by[self.first]


@dataclass(slots=True)
class Coverage:
    """What one source found.

    Attributes:
        announced: entries, of those that any source of the outlet found while this one was watched, too.
        first: of these, those that it found before all others; alone: that nobody else had.
        behind_ms: how long after the first it announced the others, the median; None: there are none.
        missed: what others had, and it had not.
    """

    source: SourceState
    announced: int = 0
    first: int = 0
    alone: int = 0
    behind_ms: int | None = None
    missed: list[Found] = field(default_factory=list)


def coverage(sources: Sequence[SourceState], found: Iterable[Found]) -> list[Coverage]:
    """Return what each source of one outlet found, in their order. Twins are left out: they are not polled."""
    rows = [Coverage(source) for source in sources if not source.twin]
    behind: dict[str, list[int]] = {row.source.id: [] for row in rows}
    for entry in found:
        for row in rows:
            own = row.source.id
            if own in entry.by:
                row.announced += 1
                row.first += entry.first == own
                row.alone += len(entry.by) == 1
                if entry.first != own:
                    behind[own].append(entry.by[own] - entry.first_ms)
            elif _could_have_told(row.source, entry):
                row.missed.append(entry)
    for row in rows:
        late = behind[row.source.id]
        row.behind_ms = int(median(late)) if late else None
    return rows


def _could_have_told(source: SourceState, entry: Found) -> bool:
    return 0 < source.looked_ms <= entry.first_ms < source.polled_ms


def read_found(texts: Iterable[str]) -> Iterator[Found]:
    """Yield entries as the store keeps them: the URL, then "source ms" a line, in the order in which they came."""
    for text in texts:
        url, *lines = text.split("\n")
        yield Found(url, {source: int(ms) for source, ms in (line.split(" ") for line in lines)})
