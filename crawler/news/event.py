"""CloudEvents 1.0 (github.com/cloudevents/spec), JSON: what programs downstream read."""

from dataclasses import fields
from datetime import datetime
from typing import Any, Literal

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

    Its id is deterministic, "articleId/revision": whoever sees it twice can tell. `data` holds the article's fields under
    their own names; what is None or empty is left out.
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


def article_data(article: Article) -> dict[str, Any]:
    """Return the article's fields by name, without those that are None or empty."""
    named = ((field.name, getattr(article, field.name)) for field in fields(article))
    return {name: value for name, value in named if value is not None and value != []}
