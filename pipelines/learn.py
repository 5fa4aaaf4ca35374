"""Learn: what do the outlet's articles repeat, and so is to be left out of its next ones?"""

from typing import Self

from scrapy.crawler import Crawler

from crawler.extensions.visit import Visit
from crawler.extensions.worker import Worker


class Learn:
    """Remembers each version of an article that was not seen before, whatever its topics.

    The visit is settled by now: a lesson that is lost with its worker costs nothing but the lesson.
    """

    def __init__(self, worker: Worker) -> None:
        self.worker = worker

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(Worker.of(crawler))

    async def process_item(self, visit: Visit) -> Visit:
        if visit.refusal is None and visit.recognition != "unchanged":
            await self._learn(visit)
        return visit

    async def _learn(self, visit: Visit) -> None:
        article, lessons = visit.article, self.worker.store.lessons
        assert article.articleId is not None
        assert article.outlet is not None
        await lessons.learn(
            article.outlet, article.articleId, article.headline, visit.lines, now_ms=self.worker.now_ms()
        )
