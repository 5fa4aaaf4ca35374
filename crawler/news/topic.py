"""Topics, and why an article meets one."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Topic:
    """A named query on the watchlist.

    Attributes:
        query: for all articles, or one for each language (BCP 47, lower case: "en", "pt-br").
        languages: only articles in these, if any are named; where each query has its language, there are none.
        inflect: by whose rules (a primary language: "ru") a word of the query also stands for its other forms.
        channels: names of those that hear of it.
    """

    name: str
    query: str | Mapping[str, str]
    languages: tuple[str, ...] = ()
    inflect: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """The part of an article that met a topic.

    Attributes:
        field: "headline", "description" or "body" (or a named field of the query).
        words: the words as the article spells them, in order of appearance, without repeats. A phrase is one of them.
        snippet: about 160 characters around the first of them, on one line, the words marked «so».
        offsets: start and end of the occurrences in the field's text, in code points, in order: the first 200, and the
            first of every part. Two overlap only where two parts of the query meet the same words.
        parts: for each of the offsets the word, phrase or NEAR of the query that is met there, as the query writes it.
    """

    field: str
    words: tuple[str, ...]
    snippet: str
    offsets: tuple[tuple[int, int], ...] = ()
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """A topic that an article meets, with its evidence."""

    topic: str
    evidence: tuple[Evidence, ...] = field(default=())
