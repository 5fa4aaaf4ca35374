"""Short words for what workers do, so that tests read like stories. Every helper uses the store's own API."""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from crawler.news.article import Article, Author
from crawler.news.entry import Entry
from crawler.news.outcome import Outcome
from crawler.news.revision import ArticleState
from crawler.news.source import SourceState
from crawler.news.urls import canonicalise, url_id
from crawler.store import Store
from crawler.store.frontier import Answer, Lease, Wish
from crawler.store.records import PageRecord, page_record
from crawler.store.schedule import Discovered, Discovery, new_source

FEED = "http://gazette.example/feed.xml"
Result = TypeVar("Result")


def run(story: Coroutine[Any, Any, Result]) -> Result:
    """Play a story to its end."""
    return asyncio.run(story)


def source(
    url: str = FEED, *, outlet: str = "Gazette", every_ms: int = 900_000, longest_ms: int = 0, kind: str = "feed"
) -> SourceState:
    """A source as the watchlist has it."""
    return new_source(outlet, kind, url, every_ms=every_ms, longest_ms=longest_ms, first_look_ms=86_400_000)


async def claim(store: Store, wanted: int = 16, wish: Wish | None = None) -> list[Lease]:
    """Claim work; robots.txt of hosts that have none yet is answered on the way."""
    found: list[Lease] = []
    for _ in range(8):
        claimed = (await store.frontier.claim(wanted - len(found), wish or Wish())).leases
        if not claimed:
            break
        for lease in claimed:
            if lease.kind == "robots":
                await store.frontier.save_robots(lease, text="", unreachable="", ttl_ms=86_400_000, gap_ms=0)
            else:
                found.append(lease)
        if len(found) >= wanted:
            break
    return found


async def know_robots(store: Store, *hosts: str) -> None:
    """Nobody needs to fetch the robots.txt of these hosts."""
    for host in hosts:
        await store.connection.redis.hset(f"storywatch:robots:{host}", mapping={"stamp": "1", "text": ""})
        await store.connection.redis.expire(f"storywatch:robots:{host}", 86_400)


async def discover(
    store: Store, *urls: str, lease: Lease | None = None, gap_ms: int = 0, landed: str = "", compared: bool = False
) -> Discovered:
    """Poll the (only) due source, and find these URLs; `landed`: the address at which redirects ended."""
    lease = lease or (await claim(store, 1))[0]
    state = lease.source
    now_ms = store.frontier.now_ms
    discoveries = [
        Discovery(
            page_record(
                Entry(url=url),
                canonical=canonicalise(url),
                outlet=state.outlet,
                source=state.id,
                kind=state.kind,
                now_ms=now_ms,
            )
        )
        for url in urls
    ]
    state.looked_ms = state.looked_ms or now_ms
    state.landed = url_id(landed) if landed else ""
    state.polled_ms, state.due_ms, state.polls = now_ms, now_ms + state.every_ms, state.polls + 1
    return await store.schedule.discovered(lease, state, discoveries, gap_ms=gap_ms, compared=compared)


async def publish(
    store: Store,
    lease: Lease,
    *,
    revision: int = 1,
    url: str | None = None,
    gap_ms: int = 0,
    recheck: tuple[PageRecord, int] | None = None,
) -> Answer:
    """Publish a revision of the leased page's article."""
    address = url or lease.page.url
    state = article_state(address, revision)
    return await store.frontier.publish(
        lease,
        state,
        base_revision=revision - 1,
        event_type="storywatch.article.created" if revision == 1 else "storywatch.article.revised",
        event=f'{{"id":"{state.id}/{revision}"}}',
        gap_ms=gap_ms,
        recheck=recheck,
    )


async def settle_unmatched(store: Store, lease: Lease, *, revision: int = 1, url: str | None = None) -> Answer:
    """End the work with a revision of the leased page's article, which meets no topic."""
    address = url or lease.page.url
    return await store.frontier.settle(
        lease,
        Outcome("unmatched"),
        gap_ms=0,
        state=article_state(address, revision),
        base_revision=revision - 1,
        unmatched=unmatched_article(address, revision),
    )


def unmatched_article(url: str, revision: int = 1) -> Article:
    """A revision of an article, with all that a query sees."""
    return Article(
        url=f"{url}?from=feed",
        canonicalUrl=url,
        headline=f"Harbour, as of {revision}",
        description="Ferries sail again.",
        datePublished=datetime(2026, 3, 1, 12, tzinfo=UTC),
        authors=[Author("Ida Holm")],
        articleBody="Ferries sail again.\nZwölf Seeleute sind frei.",
        articleSection="Local",
        inLanguage="en",
        articleId=url_id(url),
        outlet="Gazette",
        revision=revision,
    )


def article_state(url: str, revision: int) -> ArticleState:
    """What is known of an article after its n-th revision."""
    return ArticleState(
        id=url_id(url),
        url=canonicalise(url),
        revision=revision,
        content_hash=f"hash-{revision}",
        visited=canonicalise(url),
        published=True,
        headline="A headline",
        outlet="Gazette",
        first_seen_ms=1,
    )


async def assert_balanced(store: Store) -> None:
    """Guarantee 1, and that what waits really stands in a queue. A look that a running crawl disturbed is repeated."""
    for _ in range(50):
        tally = await store.frontier.tally()
        assert tally.balanced, tally
        queued = await waiting_in_queues(store)
        later = await store.frontier.tally()
        if replace(later, now_ms=tally.now_ms) == tally:
            break
    assert len(queued) == len(set(queued)) == tally.waiting


async def waiting_in_queues(store: Store) -> list[str]:
    """Every entry that stands in some host's queue."""
    redis = store.connection.redis
    queued: list[str] = []
    async for name in redis.scan_iter("storywatch:queue:*"):
        queued += [member for member in map(str, await redis.zrange(name, 0, -1)) if member.startswith("e:")]
    return queued
