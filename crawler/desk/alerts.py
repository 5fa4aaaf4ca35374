"""Who is told what of a story, and when. Pure.

Requirements
    One alert per story and channel, with all its topics; after that only what is new: always a further topic, further
    outlets and edits by the channel's rules. Nobody is told the same thing twice, and of all that was not told it is
    known why.

Theory of operation
    What a channel knows of a story is kept with the story (`Told`). What is new to it is the difference, whenever we
    look. So the outbox needs no contents at first: an item says that a channel is owed an alert of a story, and not
    before when. Only when it is due is it worded, from all that is known by then, and sealed; from there on it never
    changes, so that a repeat is the same to the letter. The wait lets the copies of the first minute into the first
    alert, where they belong.

    Each process takes up an edited watchlist by itself. Where a crawl has a new topic before the desk does, articles on
    it come by unheard; so when the desk learns of a topic it looks back at the stories of the last day (`missed`).

Known exceptions
    What the rules spare a channel counts as known to it: a rule written later brings no old news.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from crawler.desk.stories import Change, StoryFile, Told, ms_of
from crawler.news.alert import Alert, AlertKind, Report, alert_id
from crawler.news.source import Channel
from crawler.news.story import Story, StoryArticle, Why
from crawler.news.topic import Topic

MOST_ATTEMPTS = 6  # with waits of 15 s, 1 min, 4 min, 16 min and 1 h: a receiver's outage of an hour loses nothing
LATEST_MS = 86_400_000  # what the desk sees a day late (it was off, or began later than the crawl) alarms nobody


@dataclass(slots=True)
class Owed:
    """An item of the outbox. Times in ms since 1970.

    Attributes:
        id: "storyId/channel" until it is worded, then the alert's.
        alert: what is sent; None: not worded yet.
        attempts: failed ones; error: how the last one failed.
    """

    id: str
    channel: str
    story_id: str
    due_ms: int
    alert: Alert | None = None
    attempts: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class News:
    """What is new to a channel in a story. `edits`: edited articles, with the headline that the channel knows."""

    topics: list[Why] = field(default_factory=list)
    outlets: list[str] = field(default_factory=list)
    edits: list[tuple[StoryArticle, str]] = field(default_factory=list)

    def allowed(self, rules: Iterable[str]) -> "News":
        """Without what a channel with these rules does not ask for."""
        return News(
            self.topics,
            self.outlets if "new-outlets" in rules else [],
            self.edits if "revision" in rules else [],
        )

    @property
    def kind(self) -> AlertKind | None:
        """What a follow-up of it is called, by its weightiest part; None: there is nothing new."""
        if self.topics:
            return "new-topic"
        if self.edits:
            return "revision"
        return "new-outlets" if self.outlets else None


class Hearers:
    """Which channels hear of which topics, and what else each wants to hear."""

    def __init__(self, topics: Sequence[Topic], channels: Sequence[Channel]) -> None:
        self._topics: Mapping[str, frozenset[str]] = {topic.name: frozenset(topic.channels) for topic in topics}
        self._rules = {channel.name: channel.rules for channel in channels}

    @property
    def known(self) -> frozenset[str]:
        """The topics of the watchlist, by name."""
        return frozenset(self._topics)

    def of(self, story: Story) -> list[str]:
        """The channels that hear of a story, by its topics."""
        return [name for name in self._rules if self.topics_for(name, story)]

    def topics_for(self, channel: str, story: Story) -> list[Why]:
        """The story's topics that a channel hears of."""
        return [why for why in story.topics if channel in self._topics.get(why.topic, ())]

    def rules(self, channel: str) -> tuple[str, ...] | None:
        """A channel's rules; None: it is no longer on the watchlist."""
        return self._rules.get(channel)

    def news(self, channel: str, file: StoryFile) -> News:
        """All that a channel does not know of a story."""
        story, told = file.story, file.told.get(channel, Told())
        return News(
            [why for why in self.topics_for(channel, story) if why.topic not in told.topics],
            [outlet for outlet in story.outlets if outlet not in told.outlets],
            [
                (article, new[0].headlineBefore)
                for article in story.articles
                if (new := [edit for edit in article.edits if _edit_id(article, edit.revision) not in told.edits])
            ],
        )


@dataclass(frozen=True, slots=True)
class Held:
    """An alert that is not sent, and why."""

    channel: str
    story_id: str
    kind: AlertKind
    why: str


def owe(
    hearers: Hearers, change: Change, outbox: Collection[str], *, seen_ms: int, now_ms: int, wait_ms: int
) -> tuple[list[Owed], list[Held]]:
    """Decide whom a change of a story concerns: who is owed an alert of it, and what is held back.

    Who is owed one already (`outbox`: ids) will find this change in it. What is held back is noted as known in the
    story's file. `seen_ms`: when the article was fetched; `wait_ms`: how long a first alert waits for more.
    """
    owed, held = [], []
    file, story_id = change.file, change.file.story.storyId
    for channel in hearers.of(file.story):
        item = _item(story_id, channel)
        if item in outbox:
            continue
        rules, news = hearers.rules(channel) or (), hearers.news(channel, file)
        first = channel not in file.told
        if now_ms - seen_ms > LATEST_MS:
            held.append(Held(channel, story_id, _kind(first, news), "the desk saw it a day late"))
            learn(file, channel, news)
        elif first or news.allowed(rules).kind:
            owed.append(Owed(item, channel, story_id, _due_ms(file, channel, now_ms, wait_ms)))
        elif news.kind:
            why = f'the channel\'s rules do not name "{news.kind}"'
            held.append(Held(channel, story_id, news.kind, why))
            learn(file, channel, news)
    return owed, held


def missed(
    hearers: Hearers, file: StoryFile, late: Collection[str], outbox: Collection[str], *, now_ms: int, wait_ms: int
) -> list[Owed]:
    """Decide whom a story concerns by topics that the desk learned of late: after who found the story's articles.

    Whoever knows of them, or is owed an alert already, is owed none. `late`: names of topics; the rest as for `owe`.
    """
    story = file.story
    if story.mergedInto is not None or now_ms - ms_of(story.updated) > LATEST_MS:
        return []
    return [
        Owed(_item(story.storyId, channel), channel, story.storyId, _due_ms(file, channel, now_ms, wait_ms))
        for channel in hearers.of(story)
        if _item(story.storyId, channel) not in outbox
        and any(why.topic in late for why in hearers.news(channel, file).topics)
    ]


def worded(hearers: Hearers, file: StoryFile, owed: Owed) -> Alert | None:
    """Word the alert that a channel is owed, from what is known by now; None: there is nothing new to it any more.

    What it tells, and what the rules spare, is noted as known in the story's file.
    """
    story, channel = file.story, owed.channel
    rules, news = hearers.rules(channel) or (), hearers.news(channel, file)
    told = file.told.get(channel)
    first = told is None or told.alerts == 0
    kind = "story" if first else news.allowed(rules).kind
    if kind is None:
        return None
    learn(file, channel, news)
    told = file.told[channel]
    told.alerts += 1
    return Alert(
        id=alert_id(story.storyId, channel, kind, str(told.alerts)),
        kind=kind,
        channel=channel,
        storyId=story.storyId,
        headline=story.headline,
        url=story.lead.url,
        topics=hearers.topics_for(channel, story),
        news="" if first else sentence(news.allowed(rules)),
        reports=[_report(article) for article in story.reports],
        copies=[_report(article) for article in story.copies],
    )


def why_not(hearers: Hearers, file: StoryFile | None, channel: str) -> str:
    """Say why a channel is not told what it is owed, "" if it is: the watchlist was changed, or it took too long."""
    if hearers.rules(channel) is None:
        return "the channel is no longer on the watchlist"
    if file is None:
        return "the story is forgotten"
    return "" if hearers.topics_for(channel, file.story) else "none of its topics is for the channel any more"


def learn(file: StoryFile, channel: str, news: News) -> None:
    """Note that a channel knows of these news."""
    told = file.told.setdefault(channel, Told())
    told.topics += [why.topic for why in news.topics]
    told.outlets += news.outlets
    edits = [_edit_id(article, edit.revision) for article, _ in news.edits for edit in article.edits]
    told.edits += [edit for edit in edits if edit not in told.edits]


def sentence(news: News) -> str:
    """Say what is new, in a sentence or two."""
    parts = []
    if news.topics:
        parts.append(f"Now also about {_listed([why.topic for why in news.topics])}.")
    for article, before in news.edits:
        if article.headline != before:
            parts.append(f'{article.outlet} changed its headline from "{before}" to "{article.headline}".')
        else:
            parts.append(f"{article.outlet} changed its text.")
    if news.outlets:
        parts.append(f"Now also reported by {_listed(news.outlets)}.")
    return " ".join(parts)


def next_attempt(owed: Owed, error: str, *, now_ms: int, retry_ms: int) -> bool:
    """Put a failed alert off; return whether it is to be tried again: after `retry_ms`, then four times that, ..."""
    owed.due_ms = now_ms + retry_ms * 4**owed.attempts
    owed.attempts += 1
    owed.error = error
    return owed.attempts < MOST_ATTEMPTS


def _item(story_id: str, channel: str) -> str:
    """The id of what a channel is owed of a story, until it is worded."""
    return f"{story_id}/{channel}"


def _due_ms(file: StoryFile, channel: str, now_ms: int, wait_ms: int) -> int:
    """Only a first alert waits for more."""
    return now_ms + (0 if channel in file.told else wait_ms)


def _kind(first: bool, news: News) -> AlertKind:
    return "story" if first else news.kind or "new-topic"


def _edit_id(article: StoryArticle, revision: int) -> str:
    return f"{article.articleId}/{revision}"


def _report(article: StoryArticle) -> Report:
    return Report(article.outlet, article.headline, article.url, article.time, article.copyOf)


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
