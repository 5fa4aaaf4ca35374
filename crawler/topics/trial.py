"""Topics on trial: what they find in articles that were seen before, and what an edit gains and loses.

Pure: articles in, tallies out. Whoever reads the store hands the articles over newest first, each once.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Literal, Protocol

from crawler.news.article import Article
from crawler.news.topic import Match, Topic
from crawler.topics.articles import ArticleMatcher, Tags

Kind = Literal["new", "gone", "changed", "channels"]


class Seen(Protocol):
    """An article that was seen before, as the store keeps it."""

    @property
    def article(self) -> Article:
        """What a query sees of it, and who it is."""

    @property
    def seen_ms(self) -> int:
        """When it was seen, in ms since 1970."""

    @property
    def published(self) -> bool:
        """Whether readers of the stream have it; else it met no topic when it was seen."""


@dataclass(frozen=True, slots=True)
class Change:
    """A topic that differs between two watchlists.

    Attributes:
        kind: "channels": nothing else changed, so it meets the same articles.
        old, new: the topic before and after; None: there was none, there is none.
    """

    kind: Kind
    old: Topic | None
    new: Topic | None

    @property
    def name(self) -> str:
        """The topic's name."""
        topic = self.new or self.old
        assert topic is not None
        return topic.name


def changes(old: Iterable[Topic], new: Iterable[Topic]) -> list[Change]:
    """Return the topics that differ, in the order of the new watchlist, then those that are gone."""
    before, after = ({topic.name: topic for topic in topics} for topics in (old, new))
    found = [change for topic in after.values() if (change := _change(before.get(topic.name), topic))]
    return found + [Change("gone", topic, None) for topic in before.values() if topic.name not in after]


def _change(old: Topic | None, new: Topic) -> Change | None:
    if old is None:
        return Change("new", None, new)
    if replace(old, channels=()) != replace(new, channels=()):
        return Change("changed", old, new)
    return Change("channels", old, new) if set(old.channels) != set(new.channels) else None


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that meets a topic, and why."""

    seen: Seen
    match: Match


@dataclass(slots=True)
class Tally:
    """Articles that meet a topic, counted.

    Attributes:
        wanted: how many samples to keep.
        hits, unmatched: how many there are, and how many of them met no topic when they were seen.
        samples: the newest.
        days: hits for each outlet by the day (UTC) on which they were seen.
    """

    wanted: int
    hits: int = 0
    unmatched: int = 0
    samples: list[Hit] = field(default_factory=list)
    days: dict[str, Counter[date]] = field(default_factory=dict)

    def add(self, seen: Seen, match: Match) -> None:
        """Count an article, which is not newer than the one before."""
        self.hits += 1
        self.unmatched += not seen.published
        self.days.setdefault(seen.article.outlet or "", Counter())[day_of(seen.seen_ms)] += 1
        if len(self.samples) < self.wanted:
            self.samples.append(Hit(seen, match))

    def by_day(self) -> Counter[date]:
        """Return the hits of all outlets by day."""
        return sum(self.days.values(), Counter())


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does.

    Attributes:
        gained, lost: articles that only the new topic meets; that only the old one met.
    """

    gained: Tally
    lost: Tally


_OLD, _NEW = "old ", "new "  # topics of one name, told apart; as an error says it: topic "old Dams"


class Trial:
    """Changes tried on many articles, all of them in one pass.

    Attributes:
        published, unmatched: how many articles were looked at.
        effects: by topic; none for one that has only other channels.

    Raises:
        QueryError: a query cannot be understood; the message begins with the topic's name.
    """

    def __init__(self, tried: Sequence[Change], tags: Tags, *, samples: int) -> None:
        effective = [change for change in tried if change.kind != "channels"]
        self.published = self.unmatched = 0
        self.effects = {change.name: Effect(Tally(samples), Tally(samples)) for change in effective}
        old = [replace(change.old, name=_OLD + change.name) for change in effective if change.old]
        new = [replace(change.new, name=_NEW + change.name) for change in effective if change.new]
        self._matcher = ArticleMatcher(old + new, tags)  # one for both: it reads each article once

    @property
    def looked(self) -> int:
        """How many articles were looked at."""
        return self.published + self.unmatched

    def look_at(self, seen: Seen) -> None:
        """Try the next article."""
        self.published += seen.published
        self.unmatched += not seen.published
        found = {match.topic: match for match in self._matcher.match(seen.article)}
        for side, match in found.items():
            name = side[len(_OLD) :]
            effect = self.effects[name]
            if side.startswith(_NEW) and _OLD + name not in found:
                effect.gained.add(seen, replace(match, topic=name))
            elif side.startswith(_OLD) and _NEW + name not in found:
                effect.lost.add(seen, replace(match, topic=name))


def day_of(at_ms: int) -> date:
    """Return the day, UTC, of a time in ms since 1970."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).date()
