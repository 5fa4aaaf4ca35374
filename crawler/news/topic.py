"""Topics, and why an article meets one."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Topic:
    """A named query on the watchlist.

    `languages` (BCP 47, lower case) restricts it to articles in those languages; empty: all.
    `channels` names the channels that hear of it.
    """

    name: str
    query: str
    languages: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """The part of an article that met a topic.

    Attributes:
        field: "headline", "description" or "body" (or a named field of the query).
        words: the words as the article spells them, in order of appearance, without repeats. A phrase is one of them.
        snippet: about 160 characters around the first of them, on one line, the words marked «so».
        offsets: start and end of every occurrence in the field's text, in code points, in order.
    """

    field: str
    words: tuple[str, ...]
    snippet: str
    offsets: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """A topic that an article meets, with its evidence."""

    topic: str
    evidence: tuple[Evidence, ...] = field(default=())
