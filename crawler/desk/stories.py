"""What an article changes in its story. Pure: the desk loop (desk.py) reads and writes.

Requirements
    A story holds every article about its event, once, in whatever order originals, copies and edits come. Each change
    is one event, small enough that a story of a thousand articles does not fill the stream.

Theory of operation
    The index (crawler/stories) says to which story an article belongs, and whose copy it is. Here that becomes the
    story's next version: an article more, an edit, or another story taken in. An article is never moved.

Known exceptions
    An original that turns up after its copies makes copies of them; who was told of them as own reports is not told so.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from crawler.news.article import Article
from crawler.news.story import Edit, Story, StoryArticle, Why
from crawler.stories import Placement


@dataclass(slots=True)
class Told:
    """What a channel knows of a story: it was told, or its rules spare it.

    Attributes:
        alerts: how many it was sent or is about to be.
        edits: "articleId/revision" of each.
    """

    alerts: int = 0
    topics: list[str] = field(default_factory=list)
    outlets: list[str] = field(default_factory=list)
    edits: list[str] = field(default_factory=list)


@dataclass(slots=True)
class StoryFile:
    """A story as the store keeps it, with what each channel knows of it."""

    story: Story
    told: dict[str, Told] = field(default_factory=dict)


ChangeKind = Literal["article", "revision"]


@dataclass(frozen=True, slots=True)
class Change:
    """What an article did to its story. `ended`: the stories that became part of it."""

    kind: ChangeKind
    file: StoryFile
    article: StoryArticle
    ended: tuple[Story, ...] = ()


def place(
    article: Article, placement: Placement, file: StoryFile | None, ended: list[StoryFile], *, seen: datetime
) -> Change | None:
    """Return what `article`, seen at `seen`, changes in its story; None: nothing, this revision is in it already.

    `file` is the story that it was placed into (None: a new one), `ended` are those that the placement merged into it.
    """
    assert article.articleId is not None
    if file is None:
        file = StoryFile(Story(placement.story_id, version=0, firstSeen=seen, updated=seen))
    story = file.story
    for other in ended:
        _take_in(file, other)
    known = story.article(article.articleId)
    if known is None:
        entry = _entry(article, placement, seen)
        story.articles.append(entry)
    else:
        entry = known
        if not _revise(entry, article, seen) and not ended:
            return None
    for copied in filter(None, map(story.article, placement.copies)):
        copied.copyOf, copied.copyOfArticle = entry.outlet, entry.articleId
    topics = [
        Why(match.topic, article.articleId, match.evidence[0].snippet) for match in article.topics if match.evidence
    ]
    _add_topics(story, topics, better=entry is story.lead)
    story.version += 1
    story.updated = max(story.updated, seen)
    kind: ChangeKind = "article" if known is None else "revision"
    return Change(kind, file, entry, tuple(other.story for other in ended))


def _entry(article: Article, placement: Placement, seen: datetime) -> StoryArticle:
    assert article.articleId is not None
    return StoryArticle(
        articleId=article.articleId,
        url=article.canonicalUrl,
        outlet=article.outlet or "",
        headline=article.headline or "",
        firstSeen=seen,
        datePublished=article.datePublished,
        copyOf=placement.credited,
        copyOfArticle=placement.copy_of,
        revision=article.revision or 1,
    )


def _revise(entry: StoryArticle, article: Article, seen: datetime) -> bool:
    """Note an edit; return whether it was one that we did not know."""
    revision = article.revision or 1
    if revision <= entry.revision:
        return False
    headline = article.headline or ""
    entry.edits.append(Edit(seen, revision, headlineBefore=entry.headline, headline=headline))
    entry.revision, entry.headline = revision, headline
    return True


def _add_topics(story: Story, topics: list[Why], *, better: bool = False) -> None:
    """Add topics that the story did not have; `better`: what speaks for those that it has is better evidence, too."""
    new = {why.topic: why for why in topics}
    if better:
        story.topics = [new.get(why.topic, why) for why in story.topics]
    known = {why.topic for why in story.topics}
    story.topics += [why for why in topics if why.topic not in known]


def _take_in(file: StoryFile, other: StoryFile) -> None:
    """Make another story part of this one: its articles in order of time, its topics, and what channels know of it."""
    story, ended = file.story, other.story
    assert story.storyId != ended.storyId
    known = {article.articleId for article in story.articles}
    story.articles += [article for article in ended.articles if article.articleId not in known]
    story.articles.sort(key=lambda article: article.firstSeen)
    story.firstSeen = min(story.firstSeen, ended.firstSeen)
    _add_topics(story, ended.topics)
    for channel, told in other.told.items():
        ours = file.told.setdefault(channel, Told())
        ours.alerts = max(ours.alerts, told.alerts)
        for known_to_it, more in ((ours.topics, told.topics), (ours.outlets, told.outlets), (ours.edits, told.edits)):
            known_to_it += [what for what in more if what not in known_to_it]
    ended.mergedInto = story.storyId
    ended.version += 1


def ms_of(time: datetime) -> int:
    """Return a time in ms since 1970, as the store has it."""
    return int(time.timestamp() * 1000)


def when(ms: int) -> datetime:
    """Return a time of the store (ms since 1970) as aware UTC."""
    return datetime.fromtimestamp(ms / 1000, UTC)
