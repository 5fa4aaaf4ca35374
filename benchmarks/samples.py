"""Articles as the crawl and the desk know them, as many as wanted: a few dozen real ones, under ever new addresses.

The real ones are pages of the newsroom's synthetic press, 300 words each, read by our own extraction, matched with a
topic of two words, and taken into an index of stories. What is stored of an article is as long as theirs.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property

from crawler.desk.stories import StoryFile, place
from crawler.extraction import extract
from crawler.news.article import Article, Metadata
from crawler.news.entry import Entry
from crawler.news.event import (
    ArticleEventType,
    StoryChange,
    StoryEventType,
    article_event,
    story_data,
    story_event,
)
from crawler.news.revision import ArticleState, content_hash, observed
from crawler.news.story import Story
from crawler.news.urls import url_id
from crawler.newsroom import Outlet, Piece, synthetic
from crawler.newsroom.edition import Edition
from crawler.store.records import PageRecord, page_record
from crawler.stories import Placement, StoryIndex
from crawler.stories.placement import Evidence, Kind
from crawler.topics import TopicMatcher

REAL = 60
OUTLETS = 6

CREATED: ArticleEventType = "storywatch.article.created"


@dataclass(frozen=True, slots=True)
class Sample:
    """A real article: as published, and as the index of stories keeps it."""

    article: Article
    features: str


def read_samples() -> list[Sample]:
    """Render the pages, and read them as the crawl and the desk do."""
    world, opened = synthetic(OUTLETS, REAL, page_bytes=8_000), datetime.now(UTC)
    edition, index = Edition(world, opened), StoryIndex()
    return [_read(edition, index, outlet, piece, opened) for outlet in world.outlets for piece in outlet.pieces]


def _read(edition: Edition, index: StoryIndex, outlet: Outlet, piece: Piece, now: datetime) -> Sample:
    url = outlet.url(piece.path)
    page = edition.document(outlet.host, piece.path)
    assert page is not None
    article = extract(page.body, url, content_type=page.content_type)
    here, _who, _did, there, *_ = piece.headline.split()
    matcher = TopicMatcher({"Two places": f"{here} AND {there}"})
    article.topics = matcher.match(headline=article.headline, description=article.description, body=article.articleBody)
    article.outlet, article.articleId = outlet.name, url_id(url)
    article.contentHash = content_hash(article)
    article.revision = 1
    article.metadata = Metadata(now)
    index.add(
        article.articleId,
        headline=article.headline,
        body=article.articleBody,
        published=article.datePublished,
        outlet=outlet.name,
        authors=[author.name for author in article.authors],
        url=url,
        seen=now,
        language=article.inLanguage,
    )
    return Sample(article, index.features(article.articleId))


class Invented:
    """The n-th article of a source that nobody else has, made of a sample."""

    def __init__(self, sample: Sample, number: int, host: str, source: str) -> None:
        self._sample = sample
        self.number = number
        self.host = host
        self.source = source
        path = sample.article.url.partition("/news/")[2]
        self.url = f"http://{host}/news/{path}-{number}"

    @cached_property
    def article(self) -> Article:
        """As it is published."""
        feed = f"http://{self.host}/feed.xml"
        return replace(
            self._sample.article,
            url=self.url,
            canonicalUrl=self.url,
            articleId=url_id(self.url),
            source=feed,
            discoveredVia=[feed],
        )

    @property
    def features(self) -> str:
        """As the index of stories keeps it."""
        return self._sample.features

    def record(self, *, now_ms: int) -> PageRecord:
        """The entry that its source announces."""
        claims = self._sample.article
        entry = Entry(self.url, claims.headline, claims.description, claims.datePublished, language="en")
        return page_record(
            entry, canonical=self.url, outlet=claims.outlet or "", source=self.source, kind="feed", now_ms=now_ms
        )

    def state(self, *, now_ms: int) -> ArticleState:
        """What the store keeps of it after it was published."""
        return observed(self.article, self.url, None, publish=True, now_ms=now_ms)

    def event(self) -> str:
        """The event that publishes it."""
        seen = self.article.metadata.dateDownloaded
        assert seen is not None
        return article_event(self.article, CREATED, time=seen)


def story_of(articles: list[Article], *, seen: datetime) -> tuple[StoryFile, list[tuple[str, str]]]:
    """Return the story that these articles make, and the events that tell of it (type and text)."""
    first = articles[0].articleId
    assert first is not None
    story_id = first[:12]  # as long as the index's
    file = StoryFile(Story(story_id, version=0, firstSeen=seen, updated=seen))
    events: list[tuple[str, str]] = []
    for number, article in enumerate(articles):
        kind = Kind.SAME_EVENT if number else Kind.NEW
        evidence = Evidence(kind, first, 0.417, ("Balholm", "Torquay", "harbour", "inquiry", "strike", "ferry"))
        change = place(article, Placement(story_id, None, evidence), file, [], seen=seen + timedelta(minutes=number))
        assert change is not None
        told = StoryChange(
            change.kind, change.article, evidence.kind, evidence.article, evidence.score, [*evidence.words]
        )
        name: StoryEventType = "storywatch.story.updated" if number else "storywatch.story.created"
        events.append((name, story_event(story_data(file.story, told), name, time=file.story.updated)))
    return file, events
