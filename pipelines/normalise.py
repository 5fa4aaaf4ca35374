"""Normalise: what extraction found becomes the article as the store and programs downstream know it."""

from datetime import UTC, datetime
from typing import Self

from scrapy.crawler import Crawler

from crawler.extensions.visit import Visit
from crawler.extensions.worker import Worker
from crawler.news.revision import content_hash
from crawler.news.urls import url_id


class Normalise:
    """Fills in who the article is (id, outlet, sources, content hash) and when we saw it."""

    def __init__(self, worker: Worker) -> None:
        self.worker = worker

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(Worker.of(crawler))

    async def process_item(self, visit: Visit) -> Visit:
        article, record = visit.article, visit.lease.page
        article.articleId = url_id(article.canonicalUrl)
        article.outlet = record.outlet
        article.source = self._address(record.source)
        article.discoveredVia = [self._address(source) for source in record.via.split()]
        article.contentHash = content_hash(article)
        article.metadata.dateDownloaded = datetime.fromtimestamp(self.worker.now_ms() / 1000, UTC)
        return visit

    def _address(self, source_id: str) -> str:
        """The source's URL; its id when it left the watchlist meanwhile."""
        return self.worker.sources.get(source_id, source_id)
