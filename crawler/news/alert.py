"""An alert: what a person is told of a story, once, and of what is new in it later."""

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Literal

from crawler.news.story import Why

AlertKind = Literal["story", "new-topic", "new-outlets", "revision"]
"""The first alert of a story on a channel, or a follow-up."""

FOLLOW_UPS: tuple[AlertKind, ...] = ("new-outlets", "revision")
"""Follow-ups that a channel asks for in its `rules`. A new topic is always told."""


@dataclass(slots=True)
class Report:
    """One article in an alert. `copyOf`: whose text it is, None: its own."""

    outlet: str
    headline: str
    url: str
    time: datetime
    copyOf: str | None = None


@dataclass(slots=True)
class Alert:
    """What goes to one channel, complete: nothing has to be looked up to word it.

    Attributes:
        id: the idempotency key: the same alert, sent again, has the same one.
        topics: the topics it is about (those that this channel hears of), with why.
        news: what is new, in a sentence, for a follow-up; "" for the first alert.
        reports: own reports in order of appearance, so the first is who had it first; copies: the others.
    """

    id: str
    kind: AlertKind
    channel: str
    storyId: str
    headline: str
    url: str
    topics: list[Why] = field(default_factory=list)
    news: str = ""
    reports: list[Report] = field(default_factory=list)
    copies: list[Report] = field(default_factory=list)


def alert_id(story_id: str, channel: str, kind: AlertKind, what: str = "") -> str:
    """Return an idempotency key, 32 hex characters; `what` tells the follow-ups of a story on a channel apart."""
    return sha256("\n".join((story_id, channel, kind, what)).encode()).hexdigest()[:32]
