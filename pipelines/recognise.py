"""Recognise: is the article new, revised, or unchanged?"""

from typing import Self

from scrapy.crawler import Crawler

from crawler.extensions.visit import Visit
from crawler.extensions.worker import Worker
from crawler.news.revision import recognise


class Recognise:
    """Reads what the store knows of the article and compares. Done again if another worker was faster (publish.py)."""

    def __init__(self, worker: Worker) -> None:
        self.worker = worker

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(Worker.of(crawler))

    async def process_item(self, visit: Visit) -> Visit:
        assert visit.article.articleId is not None
        visit.state = await self.worker.store.articles.state(visit.article.articleId)
        visit.recognition = recognise(visit.article, visit.visited, visit.state, whole_hash=visit.whole_hash)
        return visit
