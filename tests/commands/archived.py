"""A store that keeps articles of the last days, as its scripts leave them there, and commands over it."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import redis

from crawler.news.article import Article
from crawler.news.event import ArticleEventType, article_event
from crawler.news.urls import url_id
from crawler.store import keys
from crawler.store.clippings import pack
from crawler.store.embedded import open_embedded
from settings import base
from tests.commands.test_watchlist import scrapy

HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Told:
    """An article that was seen `hours` ago."""

    hours: int
    outlet: str
    headline: str
    body: str = ""
    language: str = "en"
    published: bool = False

    def article(self) -> Article:
        """The article as a query sees it."""
        slug = self.headline.lower().replace(" ", "-")
        url = f"https://{self.outlet.lower().replace(' ', '-')}.example/{slug}"
        return Article(
            url=url,
            canonicalUrl=url,
            headline=self.headline,
            articleBody=self.body,
            inLanguage=self.language,
            outlet=self.outlet,
            articleId=url_id(url),
            revision=1,
        )


@contextmanager
def archive(state_dir: Path, told: Iterable[Told]) -> Iterator[None]:
    """Keep a store up that has these articles."""
    now_ms = int(time.time() * 1000)
    with open_embedded(state_dir) as store, redis.Redis.from_url(store.url) as client:
        for one in sorted(told, key=lambda one: -one.hours):
            at_ms = now_ms - one.hours * HOUR_MS
            _keep(client, one, at_ms)
        yield


def _keep(client: redis.Redis, told: Told, at_ms: int) -> None:
    article = told.article()
    if told.published:
        kind: ArticleEventType = "storywatch.article.created"
        event = article_event(article, kind, time=datetime.fromtimestamp(at_ms / 1000, UTC))
        client.xadd(keys.ARTICLES_STREAM, {"type": kind, "event": event}, id=f"{at_ms}-*")
    else:
        fields: dict[str, str | bytes] = {"id": article.articleId or "", "article": pack(article)}
        client.xadd(keys.UNMATCHED_STREAM, fields, id=f"{at_ms}-*")  # type: ignore[arg-type]  # bytes will do


def topics(folder: Path, *args: object, **settings: object) -> int:
    """Run `scrapy topics ARGS` on a folder's store and watchlist; return its exit code."""
    project = {name: value for name, value in vars(base).items() if name.isupper()}
    own = {"WATCHLIST": folder / "watchlist.toml", "STATE_DIR": folder / "state"}
    return scrapy("topics", *args, **project | own | settings)
