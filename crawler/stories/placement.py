"""The answer of the index: where an article was put, and why."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Why an article is where it is."""

    NEW = "new"
    SAME_EVENT = "same-event"
    COPY = "copy"
    REVISION = "revision"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why an article was put into its story: for people, and for programs.

    Attributes:
        kind: "new": nothing known was alike enough; "copy": shared wording; "revision": it was in this story before.
        article: the article it is most like, or None: there was none to compare with.
        score: how alike, 0 to 1: of a copy the share of the wording, else the likeness to the story (or, of "new", to
            the nearest one).
        words: the most telling words that both have, as this article spells them.
    """

    kind: Kind
    article: str | None = None
    score: float = 0.0
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an article was put.

    Attributes:
        story_id: the story it belongs to.
        copy_of: the original, if it is known to the index; None: an own report, or the first sight of an agency's text.
        evidence: why.
        merged: stories that this placement ended; they live on under `story_id`.
        credited: whose text it is, in words: an outlet or an agency; None: its outlet's own report.
        copies: earlier articles that this one shows to be copies of it.
        changed: earlier articles whose features are others now and must be stored anew (copies, members of merged
            stories).
    """

    story_id: str
    copy_of: str | None
    evidence: Evidence
    merged: tuple[str, ...] = ()
    credited: str | None = None
    copies: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
