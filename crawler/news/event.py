"""CloudEvents 1.0 (github.com/cloudevents/spec), JSON: what programs downstream read."""

from dataclasses import fields
from datetime import datetime
from typing import Any, Literal, get_args

import msgspec

from crawler.news.article import Article

ArticleEventType = Literal[
    "storywatch.article.created",
    "storywatch.article.revised",
    "storywatch.article.removed",
]

ARTICLE_SOURCE = "/storywatch/articles"
ARTICLE_SCHEMA = "urn:storywatch:schema:article:1"


def article_event(article: Article, kind: ArticleEventType, *, time: datetime) -> str:
    """Return the event as JSON text.

    Its id is deterministic, "articleId/revision": whoever sees it twice can tell. `data` holds the article's fields
    under their own names; what is None or empty is left out.
    """
    event = {
        "specversion": "1.0",
        "id": f"{article.articleId}/{article.revision}",
        "source": ARTICLE_SOURCE,
        "type": kind,
        "subject": article.articleId,
        "time": time,
        "datacontenttype": "application/json",
        "dataschema": ARTICLE_SCHEMA,
        "data": article_data(article),
    }
    return msgspec.json.encode(event).decode()


def article_schema() -> dict[str, Any]:
    """Return the JSON Schema of an article event, version 1: the envelope and its data."""
    schemas, components = msgspec.json.schema_components([Article], ref_template="#/$defs/{name}")
    envelope = {
        "specversion": {"const": "1.0"},
        "id": {"type": "string", "description": "articleId/revision: deterministic"},
        "source": {"const": ARTICLE_SOURCE},
        "type": {"enum": list(get_args(ArticleEventType))},
        "subject": {"type": "string", "description": "articleId"},
        "time": {"type": "string", "format": "date-time"},
        "datacontenttype": {"const": "application/json"},
        "dataschema": {"const": ARTICLE_SCHEMA},
        "data": schemas[0],
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": ARTICLE_SCHEMA,
        "title": "Storywatch article event",
        "type": "object",
        "properties": envelope,
        "required": list(envelope),
        "$defs": components,
    }


def article_data(article: Article) -> dict[str, Any]:
    """Return the article's fields by name, without those that are None or empty."""
    named = ((field.name, getattr(article, field.name)) for field in fields(article))
    return {name: value for name, value in named if value is not None and value != []}
