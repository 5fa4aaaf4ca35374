"""How much memory the store needs for the articles that it keeps: `python -m benchmarks.bounds`.

Fills a Valkey of its own as a crawl and its desk do, through the store's own calls, and weighs it on the way. An
article is kept for 30 days. Some of what belongs to it goes sooner, so of all kept articles only the newest have it:
rechecks until their plan ends, features until no story waits for them. Those shares are the same at every size, as in
a store that has run for a month. Beside them it weighs what is kept of an article that meets no topic.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from types import MappingProxyType
from typing import Any

from benchmarks.samples import CREATED, Invented, Sample, read_samples, story_of
from benchmarks.server import Server
from crawler.desk.files import encode_file
from crawler.desk.placing import WINDOW
from crawler.news.durations import parse_duration
from crawler.news.outcome import Outcome
from crawler.news.source import SourceState
from crawler.store import Store, keys
from crawler.store.frontier import Lease, Wish
from crawler.store.limits import in_ms
from crawler.store.schedule import Discovery, new_source
from crawler.store.stories import Changes, Hold
from settings.base import RECHECK_AFTER, REMEMBER_ARTICLES

SIZES = (10_000, 100_000, 1_000_000)
UNMATCHED = 10_000
PER_SOURCE = 100  # articles of a source in the time that they are kept: three a day
PER_STORY = 3
STORIES_A_WRITE = 20  # the desk writes one article at a time; what is stored in the end is the same
WORKERS = 4
WEIGHED = 1_000  # of each sort that has a key for each
LINEAR = 1.1  # hash tables double, and are between half and wholly full: up to some bytes a member
ROBOTS_TXT = "User-agent: *\n" + "".join(f"Disallow: /section-{number}/print\n" for number in range(20))

POLLED: Mapping[str, Any] = MappingProxyType(
    {
        "etag": 'W/"0123456789abcdef"',
        "last_modified": "Sun, 04 Jan 2026 10:00:00 GMT",
        "body_hash": "0123456789abcdef" * 2,
        "entries": PER_SOURCE,
        "polls": 1,
        "window": "0123456789abcdef" * 17,  # 50 entries
        "rhythm": "0123456789abcdef" * 12,
        "why": "learned: some 12 entries a day at this time",
        "health": "ok",
    }
)

KEPT = parse_duration(REMEMBER_ARTICLES)
PLAN = sum(map(parse_duration, RECHECK_AFTER), timedelta())


@dataclass(frozen=True, slots=True)
class Part:
    """What the store keeps of one sort: how many of them, and their bytes."""

    title: str
    count: int
    total_bytes: int

    @property
    def each(self) -> float:
        """Bytes of one."""
        return self.total_bytes / (self.count or 1)


@dataclass(frozen=True, slots=True)
class Weight:
    """A store with so many articles.

    Attributes:
        used_bytes: what it allocated beyond an empty one; resident_bytes: what it takes from the machine, all in all.
    """

    articles: int
    used_bytes: int
    resident_bytes: int
    parts: Sequence[Part]

    @property
    def each(self) -> float:
        """Bytes an article."""
        return self.used_bytes / self.articles


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bounds", description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", default=",".join(map(str, SIZES)), help="sizes, ascending (default: %(default)s)")
    options = parser.parse_args()
    sizes = sorted(int(text) for text in options.articles.split(","))
    with Server() as server:
        print(report(asyncio.run(measure(server, sizes))))
    with Server() as server:
        unmatched = asyncio.run(measure_unmatched(server, UNMATCHED))
    print(f"What is kept of an unmatched article to try queries on: {unmatched.each:,.0f} bytes.")


async def measure(server: Server, sizes: Sequence[int]) -> list[Weight]:
    """Fill the store up to each size, and weigh it there."""
    empty = _data_bytes(server)
    filler = Filler(server, read_samples(), published=True)
    weights = []
    for size in sizes:
        await filler.fill(size)
        weights.append(weigh(server, size, empty))
    await filler.close()
    return weights


async def measure_unmatched(server: Server, articles: int) -> Part:
    """Let a crawl find articles that meet no topic, and weigh what is kept of their texts."""
    filler = Filler(server, read_samples(), published=False)
    await filler.crawl(articles)
    await filler.close()
    total_bytes = server.client.memory_usage(keys.UNMATCHED_STREAM, samples=0)
    return Part("text of an unmatched article", server.client.xlen(keys.UNMATCHED_STREAM), total_bytes or 0)


class Filler:
    """Does to a store what crawls and a desk do, with invented articles; `published`: they meet a topic."""

    def __init__(self, server: Server, samples: Sequence[Sample], *, published: bool) -> None:
        self._samples = samples
        self._end = self._publish if published else self._settle
        self._stores = [server.store() for _ in range(WORKERS)]
        self._sources: list[SourceState] = []
        self._published = self._placed = 0

    async def fill(self, articles: int) -> None:
        """Bring the store to so many articles (in hundreds), and the desk up to them."""
        progress = asyncio.create_task(self._tell(articles))
        await self.crawl(articles)
        await self._make_stories(articles)
        progress.cancel()

    async def crawl(self, articles: int) -> None:
        """Bring the store to so many articles (in hundreds)."""
        self._sources += [_source(number) for number in range(len(self._sources), articles // PER_SOURCE)]
        await self._stores[0].schedule.register(self._sources)
        await asyncio.gather(*map(self._crawl, self._stores))

    async def close(self) -> None:
        """Close all connections."""
        for store in self._stores:
            await store.close()

    async def _tell(self, articles: int) -> None:
        began = time.monotonic()
        while True:
            await asyncio.sleep(5)
            done = f"{self._published:,} of {articles:,} published, {self._placed:,} in stories"
            print(f"{time.monotonic() - began:4.0f} s: {done}", file=sys.stderr, flush=True)

    async def _crawl(self, store: Store) -> None:
        """Do all the work that there is."""
        while leases := (await store.frontier.claim(64, Wish())).leases:
            await asyncio.gather(*(self._work(store, lease) for lease in leases))

    async def _work(self, store: Store, lease: Lease) -> None:
        if lease.kind == "robots":
            text, ttl_ms = ROBOTS_TXT, in_ms(KEPT)
            await store.frontier.save_robots(lease, text=text, unreachable="", ttl_ms=ttl_ms, gap_ms=0)
        elif lease.kind == "source":
            await self._poll(store, lease)
        else:
            await self._end(store, lease)

    async def _poll(self, store: Store, lease: Lease) -> None:
        """The one poll of a source: it announces all its articles, and is not due again."""
        now_ms = store.frontier.now_ms
        first = PER_SOURCE * int(lease.host.partition(".")[0].removeprefix("outlet-"))
        found = [self._article(number) for number in range(first, first + PER_SOURCE)]
        discoveries = [Discovery(article.record(now_ms=now_ms)) for article in found]
        times: dict[str, Any] = dict.fromkeys(("polled_ms", "read_ms", "full_ms", "looked_ms", "newest_ms"), now_ms)
        polled = replace(lease.source, **POLLED, **times, due_ms=now_ms + in_ms(KEPT))
        await store.schedule.discovered(lease, polled, discoveries, gap_ms=0)

    async def _publish(self, store: Store, lease: Lease) -> None:
        record, now_ms = lease.page, store.frontier.now_ms
        article = self._article(int(record.url.rpartition("-")[2]))
        answer = await store.frontier.publish(
            lease,
            article.state(now_ms=now_ms),
            base_revision=0,
            event_type=CREATED,
            event=article.event(),
            gap_ms=0,
            recheck=(record, in_ms(KEPT)) if _is_younger(article.number, PLAN) else None,
        )
        assert answer == "OK", answer
        self._published += 1

    async def _settle(self, store: Store, lease: Lease) -> None:
        article = self._article(int(lease.page.url.rpartition("-")[2]))
        state = article.state(now_ms=store.frontier.now_ms)
        answer = await store.frontier.settle(
            lease, Outcome("unmatched"), gap_ms=0, state=state, unmatched=article.article
        )
        assert answer == "OK", answer

    async def _make_stories(self, articles: int) -> None:
        """Write what the desk would of the articles that are in no story yet."""
        stories = self._stores[0].stories
        hold = await stories.claim()
        assert isinstance(hold, Hold)
        while self._placed < articles:
            end = min(self._placed + PER_STORY * STORIES_A_WRITE, articles)
            changes = _changes([self._article(number) for number in range(self._placed, end)])
            await stories.write(hold, changes, offset=f"{end}-0")
            self._placed = end
        await stories.release(hold)

    def _article(self, number: int) -> Invented:
        source = self._sources[number // PER_SOURCE]
        return Invented(self._samples[number % len(self._samples)], number, source.host, source.id)


def _source(number: int) -> SourceState:
    """Each source has a host, and so a robots.txt, of its own."""
    url = f"http://outlet-{number}.synthetic.example/feed.xml"
    return new_source(f"Synthetic {number}", "feed", url, every_ms=900_000, first_look_ms=in_ms(KEPT))


def _changes(articles: Sequence[Invented]) -> Changes:
    """What the desk makes of articles, three of which tell one event."""
    changes, now = Changes(), datetime.now(UTC)
    for start in range(0, len(articles), PER_STORY):
        file, events = story_of([one.article for one in articles[start : start + PER_STORY]], seen=now)
        changes.stories.append(encode_file(file))
        changes.events += events
    young = [one for one in articles if _is_younger(one.number, WINDOW)]
    changes.features = [(one.article.articleId or "", one.features) for one in young]
    return changes


def _is_younger(number: int, age: timedelta) -> bool:
    """Whether an article is among those that were seen less than `age` ago: evenly spread over all of them."""
    return number * 37 % 1_000 < 1_000 * (age / KEPT)  # 37 and 1,000 have no divisor in common


def weigh(server: Server, articles: int, empty_bytes: int) -> Weight:
    """Return what the store needs now; sorts with a key for each are weighed by a thousand of them."""
    client = server.client

    def of_key(title: str, key: str, count: int) -> Part:
        return Part(title, count, client.memory_usage(key, samples=0) or 0)

    def of_keys(title: str, pattern: str, count: int) -> Part:
        some = list(islice(client.scan_iter(pattern, count=1_000), WEIGHED))
        weights = [client.memory_usage(key, samples=0) or 0 for key in some]
        return Part(title, count, round(sum(weights) / (len(weights) or 1) * count))

    hosts, stories = articles // PER_SOURCE, client.zcard(keys.STORY_TIMES)
    parts = [
        of_key("seen entry", keys.SEEN, client.scard(keys.SEEN)),
        of_keys("article state", keys.article("*"), articles),
        of_key("event in the stream", keys.ARTICLES_STREAM, client.xlen(keys.ARTICLES_STREAM)),
        of_key("recheck", keys.RECHECKS, client.hlen(keys.RECHECKS)),
        of_keys("queue of a host", keys.queue("*"), hosts),
        of_key("source", keys.SOURCES, client.hlen(keys.SOURCES)),
        of_keys("robots.txt", keys.robots("*"), hosts),
        of_keys("story", keys.story("*"), stories),
        of_key("event of a story", keys.STORIES_STREAM, client.xlen(keys.STORIES_STREAM)),
        of_key("features", keys.FEATURES, client.hlen(keys.FEATURES)),
    ]
    used_bytes = _data_bytes(server) - empty_bytes
    rest = used_bytes - sum(part.total_bytes for part in parts)
    parts.append(Part("all else", articles, rest))
    return Weight(articles, used_bytes, server.info("memory")["used_memory_rss"], parts)


def _data_bytes(server: Server) -> int:
    """What the server has allocated, but for the buffers of its clients."""
    memory = server.info("memory")
    return int(memory["used_memory"] - memory["mem_clients_normal"])


def report(weights: Sequence[Weight]) -> str:
    """Return the tables, and whether memory grows as the articles do."""
    lines = [f"{'articles kept':>13}{'used MB':>10}{'resident MB':>13}{'bytes an article':>18}"]
    for weight in weights:
        used, resident = weight.used_bytes / 1e6, weight.resident_bytes / 1e6
        lines.append(f"{weight.articles:>13,}{used:>10,.0f}{resident:>13,.0f}{weight.each:>18,.0f}")
    last = weights[-1]
    lines += ["", f"of {last.articles:,} articles", f"{'':<22}{'how many':>10}{'bytes each':>12}{'MB':>8}{'share':>8}"]
    for part in last.parts:
        figures = f"{part.count:>10,}{part.each:>12,.0f}{part.total_bytes / 1e6:>8,.0f}"
        lines.append(f"{part.title:<22}{figures}{part.total_bytes / last.used_bytes:>8.1%}")
    growth = last.each / weights[0].each
    verdict = "linear" if growth <= LINEAR else "NOT LINEAR"
    lines.append(f"Bytes an article at {last.articles:,} by those at {weights[0].articles:,}: {growth:.2f}, {verdict}.")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
