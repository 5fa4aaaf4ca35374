"""Publish: every visit that comes here is settled, in one step of the store."""

from typing import Self

from scrapy.crawler import Crawler

from crawler.extensions.visit import Visit
from crawler.extensions.worker import Worker
from crawler.news.article import Article
from crawler.news.event import ArticleEventType, article_event
from crawler.news.outcome import Outcome
from crawler.news.revision import ArticleState, observed, reread
from crawler.store.frontier import Answer
from pipelines.match import MatchTopics
from pipelines.recognise import Recognise


class Publish:
    """Sends the event, or notes why there is none.

    The decision rests on the article's state as recognise read it. If another worker published a revision meanwhile,
    the store answers CONFLICT, and the visit is recognised and matched anew.
    """

    def __init__(self, worker: Worker) -> None:
        self.worker = worker
        self._anew = (Recognise(worker), MatchTopics(worker))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(Worker.of(crawler))

    @property
    def publish_all(self) -> bool:
        """Whether also what meets no topic is published. A watchlist without topics is one that wants everything."""
        return self.worker.policy.publish_unmatched or not self.worker.watchlist.topics

    async def process_item(self, visit: Visit) -> Visit:
        gap_ms = await self.worker.gap_of(visit.lease)
        while (answer := await self._end(visit, gap_ms)) == "CONFLICT":
            for step in self._anew:
                visit = await step.process_item(visit)
        await self.worker.ended(visit.lease, answer, gap_ms=gap_ms)
        return visit

    async def _end(self, visit: Visit, gap_ms: int) -> Answer:
        if visit.refusal:
            return await self._settle(visit, visit.refusal, None, gap_ms)
        if visit.recognition == "unchanged":
            assert visit.state is not None
            again = reread(visit.article, visit.visited, visit.state, whole_hash=visit.whole_hash)
            return await self._settle(visit, Outcome("unchanged"), again, gap_ms)
        wanted = self.publish_all or bool(visit.article.topics) or _is_published(visit.state)
        now_ms = self.worker.now_ms()
        after = observed(
            visit.article, visit.visited, visit.state, publish=wanted, now_ms=now_ms, whole_hash=visit.whole_hash
        )
        visit.article.revision = after.revision
        if wanted:
            return await self._publish(visit, after, gap_ms)
        return await self._settle(visit, Outcome("unmatched"), after, gap_ms, unmatched=visit.article)

    async def _publish(self, visit: Visit, after: ArticleState, gap_ms: int) -> Answer:
        article, lease, policy = visit.article, visit.lease, self.worker.policy
        kind: ArticleEventType = "storywatch.article.created"
        if _is_published(visit.state):
            kind = "storywatch.article.revised"
        assert article.metadata.dateDownloaded is not None
        recheck = policy.next_recheck(lease) if lease.kind == "recheck" else policy.first_recheck(lease, article.url)
        answer = await self.worker.store.frontier.publish(
            lease,
            after,
            base_revision=_revision(visit.state),
            event_type=kind,
            event=article_event(article, kind, time=article.metadata.dateDownloaded),
            gap_ms=gap_ms,
            recheck=recheck,
        )
        if answer == "OK":
            self.worker.count_outcome(lease, "published", answer)
            self.worker.count(f"event/{kind}")
        return answer

    async def _settle(
        self,
        visit: Visit,
        outcome: Outcome,
        after: ArticleState | None,
        gap_ms: int,
        *,
        unmatched: Article | None = None,
    ) -> Answer:
        answer = await self.worker.store.frontier.settle(
            visit.lease,
            outcome,
            gap_ms=gap_ms,
            state=after,
            base_revision=_revision(visit.state),
            recheck=self.worker.policy.next_recheck(visit.lease, outcome.reason),
            unmatched=unmatched,
        )
        if answer == "OK":
            self.worker.count_outcome(visit.lease, outcome.name, answer)
        return answer


def _revision(state: ArticleState | None) -> int:
    """The revision that a decision rests on; 0: none was known."""
    return state.revision if state else 0


def _is_published(state: ArticleState | None) -> bool:
    """Whether readers of the stream know the article. Then they hear of each edit, even of one that loses the topic."""
    return state is not None and state.published
