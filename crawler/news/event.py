"""CloudEvents 1.0 (github.com/cloudevents/spec), JSON: what programs downstream read."""

from collections.abc import Sequence
from dataclasses import MISSING, Field, dataclass, field, fields
from datetime import datetime
from typing import Any, Literal, get_args

import msgspec

from crawler.news.alert import Alert, AlertKind
from crawler.news.article import Article
from crawler.news.story import Story, StoryArticle

ArticleEventType = Literal[
    "storywatch.article.created",
    "storywatch.article.revised",
    "storywatch.article.removed",
]

StoryEventType = Literal[
    "storywatch.story.created",
    "storywatch.story.updated",
    "storywatch.story.merged",
]
AlertEventType = Literal[
    "storywatch.alert.sent",
    "storywatch.alert.held",
    "storywatch.alert.failed",
]

ARTICLE_SOURCE = "/storywatch/articles"
ARTICLE_SCHEMA = "urn:storywatch:schema:article:1"
STORY_SOURCE = "/storywatch/stories"
STORY_SCHEMA = "urn:storywatch:schema:story:1"
ALERT_SOURCE = "/storywatch/alerts"
ALERT_SCHEMA = "urn:storywatch:schema:alert:1"


@dataclass(slots=True)
class StoryChange:
    """The article that changed a story, as it is now, and how.

    Attributes:
        kind: "article": it is new in the story; "revision": it was edited.
        because: why it is in this story: "new", "same-event", "copy" or "revision".
        like: the articleId that it is most like, with a score of 0 to 1 and the words they share.
    """

    kind: str
    article: StoryArticle
    because: str
    like: str | None = None
    score: float = 0.0
    words: list[str] = field(default_factory=list)


@dataclass(slots=True)
class StoryData:
    """A story in an event: what changed, and what it has come to. All of its articles: `scrapy stories NAME --json`.

    Attributes:
        outlets: those with a report of their own, in order of appearance; copies: how many articles are copies.
        articles: articleIds in the order in which we saw them.
        merged: the stories that became part of it with this event. mergedInto: in a "merged" event, the story that this
            one became part of.
    """

    storyId: str
    version: int
    headline: str
    url: str
    firstSeen: datetime
    updated: datetime
    topics: list[str]
    outlets: list[str]
    copies: int
    articles: list[str]
    change: StoryChange | None = None
    merged: list[str] = field(default_factory=list)
    mergedInto: str | None = None


@dataclass(slots=True)
class AlertData:
    """What became of an alert. `why`: of one that was held back or failed; `alert`: what was to be sent."""

    alertId: str
    channel: str
    storyId: str
    kind: AlertKind
    why: str = ""
    alert: Alert | None = None


def story_data(story: Story, change: StoryChange | None = None, *, merged: Sequence[str] = ()) -> StoryData:
    """Return a story as its events tell it."""
    return StoryData(
        storyId=story.storyId,
        version=story.version,
        headline=story.headline,
        url=story.lead.url,
        firstSeen=story.firstSeen,
        updated=story.updated,
        topics=[why.topic for why in story.topics],
        outlets=story.outlets,
        copies=len(story.copies),
        articles=[article.articleId for article in story.articles],
        change=change,
        merged=list(merged),
        mergedInto=story.mergedInto,
    )


def story_event(data: StoryData, kind: StoryEventType, *, time: datetime) -> str:
    """Return the event as JSON text. Its id is deterministic: "storyId/version"."""
    return _event(
        f"{data.storyId}/{data.version}", STORY_SOURCE, kind, data.storyId, STORY_SCHEMA, _present(data), time=time
    )


def alert_event(data: AlertData, kind: AlertEventType, *, time: datetime) -> str:
    """Return the event as JSON text. Its id is deterministic: the alert's, and what became of it."""
    number = f"{data.alertId}/{kind.rpartition('.')[2]}"
    return _event(number, ALERT_SOURCE, kind, data.storyId, ALERT_SCHEMA, _present(data), time=time)


def article_event(article: Article, kind: ArticleEventType, *, time: datetime) -> str:
    """Return the event as JSON text.

    Its id is deterministic, "articleId/revision": whoever sees it twice can tell.
    """
    number = f"{article.articleId}/{article.revision}"
    return _event(number, ARTICLE_SOURCE, kind, article.articleId, ARTICLE_SCHEMA, article_data(article), time=time)


def article_data(article: Article) -> dict[str, Any]:
    """Return an article as its events tell it: the fields under their own names; what is None or empty is left out."""
    return _present(article)


def _event(number: str, source: str, kind: str, subject: str | None, schema: str, data: Any, *, time: datetime) -> str:
    event = {
        "specversion": "1.0",
        "id": number,
        "source": source,
        "type": kind,
        "subject": subject,
        "time": time,
        "datacontenttype": "application/json",
        "dataschema": schema,
        "data": data,
    }
    return msgspec.json.encode(event).decode()


def article_schema() -> dict[str, Any]:
    """Return the JSON Schema of an article event, version 1: the envelope and its data."""
    return _schema(
        "article", Article, ArticleEventType, ARTICLE_SOURCE, ARTICLE_SCHEMA, "articleId/revision", "articleId"
    )


def story_schema() -> dict[str, Any]:
    """Return the JSON Schema of a story event, version 1."""
    return _schema("story", StoryData, StoryEventType, STORY_SOURCE, STORY_SCHEMA, "storyId/version", "storyId")


def alert_schema() -> dict[str, Any]:
    """Return the JSON Schema of an alert event, version 1."""
    return _schema(
        "alert", AlertData, AlertEventType, ALERT_SOURCE, ALERT_SCHEMA, "alertId/sent|held|failed", "storyId"
    )


SCHEMAS = {"article": article_schema, "story": story_schema, "alert": alert_schema}


def _schema(name: str, data: type, types: Any, source: str, schema: str, number: str, subject: str) -> dict[str, Any]:
    schemas, components = msgspec.json.schema_components([data], ref_template="#/$defs/{name}")
    envelope = {
        "specversion": {"const": "1.0"},
        "id": {"type": "string", "description": f"{number}: deterministic"},
        "source": {"const": source},
        "type": {"enum": list(get_args(types))},
        "subject": {"type": "string", "description": subject},
        "time": {"type": "string", "format": "date-time"},
        "datacontenttype": {"const": "application/json"},
        "dataschema": {"const": schema},
        "data": schemas[0],
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": schema,
        "title": f"Storywatch {name} event",
        "type": "object",
        "properties": envelope,
        "required": list(envelope),
        "$defs": components,
    }


def _present(data: Any) -> dict[str, Any]:
    """The fields of a dataclass by name, without those that are None or empty and may be left out."""
    told = ((field, getattr(data, field.name)) for field in fields(data))
    return {field.name: value for field, value in told if _is_required(field) or (value is not None and value != [])}


def _is_required(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING
