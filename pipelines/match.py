"""Match: which topics does the article meet, and why?"""

from typing import Self

from scrapy.crawler import Crawler

from crawler.extensions.visit import Visit
from crawler.extensions.worker import Worker
from crawler.news.article import Article
from crawler.news.topic import Match, Topic
from crawler.topics import TopicMatcher


class MatchTopics:
    """Matches headline, description and body against every topic of the watchlist."""

    def __init__(self, topics: tuple[Topic, ...]) -> None:
        self.matcher = TopicMatcher({topic.name: topic.query for topic in topics})
        self.languages = {topic.name: topic.languages for topic in topics if topic.languages}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(Worker.of(crawler).watchlist.topics)

    async def process_item(self, visit: Visit) -> Visit:
        if visit.recognition != "unchanged":
            visit.article.topics = self.match(visit.article)
        return visit

    def match(self, article: Article) -> list[Match]:
        """The topics that the article meets, those in other languages left out."""
        found = self.matcher.match(
            headline=article.headline,
            description=article.description,
            body=article.articleBody,
            author=[author.name for author in article.authors],
            outlet=article.outlet,
            section=article.articleSection,
            url=article.url,
            lang=article.inLanguage,
        )
        return [match for match in found if self._speaks(match.topic, article.inLanguage)]

    def _speaks(self, topic: str, language: str | None) -> bool:
        """Whether the topic is meant for that language; a page that names none passes."""
        wanted = self.languages.get(topic)
        return not wanted or language is None or language.split("-")[0] in wanted
