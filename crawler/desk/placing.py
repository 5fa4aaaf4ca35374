"""From an article event to all that follows from it: its story's next version, the events that tell of it, the alerts
that are owed. Reads the store and decides; the desk writes.
"""

from datetime import datetime, timedelta

import msgspec

from crawler.desk.alerts import Hearers, Held, Owed, owe
from crawler.desk.files import encode_file, read_file
from crawler.desk.stories import Change, StoryFile, ms_of, place
from crawler.news.alert import alert_id
from crawler.news.article import Article
from crawler.news.event import AlertData, StoryChange, StoryEventType, alert_event, story_data, story_event
from crawler.store import Store
from crawler.store.stories import Changes
from crawler.store.streams import StoredEvent
from crawler.stories import Placement, StoryIndex

WINDOW = timedelta(days=14)  # an article joins no story whose articles are all older
FORGET_EVERY = 200  # articles; what is too old is looked for that often


class _ArticleEvent(msgspec.Struct):
    """What we read of an article's event."""

    time: datetime
    data: Article


_decoder = msgspec.json.Decoder(_ArticleEvent)


class Placer:
    """Holds the index of stories in memory. After a refused write it is no longer what the store has: make another.

    Attributes:
        known: how many articles the index was rebuilt of.
    """

    def __init__(self, store: Store, *, wait_ms: int) -> None:
        self.known = 0
        self._store = store
        self._wait_ms = wait_ms
        self._index = StoryIndex()
        self._since_forgetting = 0

    def restore(self, article_id: str, features: str) -> None:
        """Take an article into the index, from what the store keeps of it."""
        self._index.restore(article_id, features)
        self.known += 1

    async def changes(self, event: StoredEvent, hearers: Hearers, outbox: dict[str, Owed]) -> Changes:
        """Return what follows from an event. `hearers`: who hears what; `outbox`: the alerts owed already."""
        if event.type not in ("storywatch.article.created", "storywatch.article.revised"):
            return Changes()
        cloud = _decoder.decode(event.event)
        article, seen = cloud.data, cloud.time
        assert article.articleId is not None
        if self._is_no_news(article, event.type, seen):
            return Changes()
        placement = self._place(article, seen)
        file = await read_file(self._store, placement.story_id)
        ended = await self._ended(placement, file)
        change = place(article, placement, file, ended, seen=seen)
        if change is None:
            return Changes()
        changes = self._told(change, placement, is_new=file is None)
        changes.forgotten = self._forget_sometimes(seen)
        self._owe(changes, change, seen, hearers, outbox)
        changes.stories = [encode_file(change.file), *map(encode_file, ended)]
        return changes

    async def _ended(self, placement: Placement, survivor: StoryFile | None) -> list[StoryFile]:
        """The files of the stories that the placement ended: each once, as some may be parts of one another by now."""
        found = [await read_file(self._store, story_id) for story_id in placement.merged]
        ended = {file.story.storyId: file for file in found if file}
        ended.pop(survivor.story.storyId if survivor else placement.story_id, None)
        return list(ended.values())

    def _is_no_news(self, article: Article, kind: str, seen: datetime) -> bool:
        """An edit of an article whose story is long over."""
        assert article.articleId is not None
        known = self._index.story_of(article.articleId) is not None
        old = article.datePublished is not None and seen - article.datePublished > WINDOW
        return kind.endswith("revised") and old and not known

    def _place(self, article: Article, seen: datetime) -> Placement:
        assert article.articleId is not None
        return self._index.add(
            article.articleId,
            headline=article.headline,
            body=article.articleBody,
            published=article.datePublished,
            outlet=article.outlet or "",
            authors=[author.name for author in article.authors],
            based_on=article.isBasedOn,
            url=article.canonicalUrl,
            seen=seen,
            language=article.inLanguage,
        )

    def _told(self, change: Change, placement: Placement, *, is_new: bool) -> Changes:
        """The story's events, and the features of all articles whose place changed."""
        evidence, story = placement.evidence, change.file.story
        told = StoryChange(
            kind=change.kind,
            article=change.article,
            because=evidence.kind,
            like=evidence.article,
            score=evidence.score,
            words=list(evidence.words),
        )
        data = story_data(story, told, merged=placement.merged)
        kind: StoryEventType = "storywatch.story.created" if is_new else "storywatch.story.updated"
        changes = Changes(events=[(kind, story_event(data, kind, time=story.updated))])
        for ended in change.ended:
            gone: StoryEventType = "storywatch.story.merged"
            changes.events.append((gone, story_event(story_data(ended), gone, time=story.updated)))
        renewed = (change.article.articleId, *placement.changed)
        changes.features = [(name, self._index.features(name)) for name in renewed]
        return changes

    def forget(self, now: datetime) -> list[str]:
        """Forget the articles that no story waits for any more; return their ids."""
        self._since_forgetting = 0
        return self._index.forget_before(now - WINDOW)

    def _forget_sometimes(self, now: datetime) -> list[str]:
        self._since_forgetting += 1
        return self.forget(now) if self._since_forgetting >= FORGET_EVERY else []

    def _owe(self, changes: Changes, change: Change, seen: datetime, hearers: Hearers, outbox: dict[str, Owed]) -> None:
        story, now_ms = change.file.story, self._store.stories.clock.now_ms()
        owed, held = owe(hearers, change, outbox, seen_ms=ms_of(seen), now_ms=now_ms, wait_ms=self._wait_ms)
        changes.outbox = [(item.id, encode(item)) for item in owed]
        changes.alerts = [held_event(item, str(story.version), story.updated) for item in held]


def held_event(held: Held, what: str, time: datetime) -> tuple[str, str]:
    """Return the type and text of the event that tells of an alert that is not sent; `what` tells it from others."""
    number = alert_id(held.story_id, held.channel, held.kind, f"held/{what}")
    data = AlertData(number, held.channel, held.story_id, held.kind, why=held.why)
    return "storywatch.alert.held", alert_event(data, "storywatch.alert.held", time=time)


def encode(owed: Owed) -> str:
    """Return an item of the outbox as the store keeps it."""
    return msgspec.json.encode(owed).decode()
