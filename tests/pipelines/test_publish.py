"""Publish on a real store: what is decided anew when another worker was faster."""

import json
from datetime import UTC, datetime
from typing import Any

from crawler.extensions.visit import Visit
from crawler.extensions.worker import Worker
from crawler.news.article import Article, Metadata
from crawler.news.topic import Topic
from crawler.news.urls import canonicalise
from crawler.store.frontier import Lease
from crawler.watchlist import Watchlist
from pipelines.match import MatchTopics
from pipelines.normalise import Normalise
from pipelines.publish import Publish
from pipelines.recognise import Recognise
from tests.store.acting import claim, discover, source
from tests.store.conftest import World
from tests.workers import worker_on

PAGE = "http://gazette.example/ferry"
FIRST, SECOND = "The ferry sails again on Monday.", "The ferry sails again on Tuesday."
WATCHLIST = Watchlist(topics=(Topic("Ferries", "ferry"),))


async def seen(worker: Worker, lease: Lease, body: str) -> Visit:
    """Fetch an entry that leads to the page, and bring it as far as publish."""
    article = Article(PAGE, PAGE, headline="Ferries", articleBody=body, metadata=Metadata(datetime.now(UTC)))
    visit = Visit(lease, article, canonicalise(PAGE))
    for step in (Normalise(worker), Recognise(worker), MatchTopics(worker)):
        visit = await step.process_item(visit)
    return visit


def test_what_another_worker_overtook_is_recognised_and_matched_anew(world: World) -> None:
    """It was unchanged, and so was not matched; against what came meanwhile it is a revision, and has its topics."""

    async def story() -> None:
        store = world.worker()
        worker = worker_on(store, WATCHLIST)
        publish = Publish(worker)
        await store.schedule.register([source()])
        await discover(store, *(f"http://{host}.example/ferry" for host in ("gazette", "amp", "mobile")))
        one, two, three = [lease for lease in await claim(store) if lease.kind == "entry"]
        await publish.process_item(await seen(worker, one, FIRST))
        slow = await seen(worker, two, FIRST)
        assert (slow.recognition, slow.article.topics) == ("unchanged", [])
        slow.whole_hash = "of FIRST and a line that we have learned to leave out"  # so there is something to note
        await publish.process_item(await seen(worker, three, SECOND))
        await publish.process_item(slow)
        assert slow.recognition == "revised"

    world.play(story())
    found: Any = world.client.xrange("storywatch:articles")
    events = [json.loads(fields["event"])["data"] for _, fields in found]
    assert [(event["revision"], event["articleBody"]) for event in events] == [(1, FIRST), (2, SECOND), (3, FIRST)]
    assert [[match["topic"] for match in event["topics"]] for event in events] == [["Ferries"]] * 3
