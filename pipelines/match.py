"""Match: which topics does the article meet, and why?"""

from typing import Self

from scrapy.crawler import Crawler

from crawler.extensions.visit import Visit
from crawler.extensions.worker import Worker
from crawler.topics import ArticleMatcher


class MatchTopics:
    """Matches each new and revised article against every topic of the watchlist."""

    def __init__(self, matcher: ArticleMatcher) -> None:
        self.matcher = matcher

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(ArticleMatcher(Worker.of(crawler).watchlist.topics))

    async def process_item(self, visit: Visit) -> Visit:
        if visit.recognition != "unchanged":
            visit.article.topics = self.matcher.match(visit.article)
        return visit
