"""Match: which topics does the article meet, and why?"""

from typing import Self

from scrapy.crawler import Crawler

from crawler.extensions.visit import Visit
from crawler.extensions.worker import Worker


class MatchTopics:
    """Matches each new and revised article against every topic that is on the watchlist now."""

    def __init__(self, worker: Worker) -> None:
        self.worker = worker

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(Worker.of(crawler))

    async def process_item(self, visit: Visit) -> Visit:
        if visit.recognition != "unchanged":
            visit.article.topics = self.worker.matcher.match(visit.article)
        return visit
