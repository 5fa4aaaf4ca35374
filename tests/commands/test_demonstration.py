"""The demonstration's closing lines."""

from datetime import UTC, datetime

from crawler.commands.demonstration import _stories
from crawler.news.story import Story, StoryArticle

NOW = datetime(2031, 3, 4, tzinfo=UTC)


def story(story_id: str, merged_into: str | None = None) -> Story:
    """A story of one article, headed by its id."""
    article = StoryArticle(story_id, f"https://post.example/{story_id}", "Harbour Post", story_id, NOW)
    return Story(story_id, 1, NOW, NOW, articles=[article], mergedInto=merged_into)


def test_a_merged_story_is_told_once() -> None:
    """As part of that into which it was merged; `scrapy stories` counts likewise."""
    assert _stories([story("ferry"), story("quay", "ferry")]) == ["ferry (1 outlet)"]
