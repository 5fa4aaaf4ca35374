"""A story: the articles about one event, across outlets, and what the desk knows of each."""

from dataclasses import dataclass, field
from datetime import datetime, time


@dataclass(slots=True)
class Edit:
    """An edit that was noticed. `headlineBefore` and `headline` differ only if the headline was changed."""

    time: datetime
    revision: int
    headlineBefore: str
    headline: str


@dataclass(slots=True)
class StoryArticle:
    """An article as its story knows it. Times are aware UTC; `firstSeen` is ours, `datePublished` the outlet's claim.

    Attributes:
        copyOf: who it is a copy of, in words: an outlet or an agency; None: its outlet's own report.
        copyOfArticle: the articleId of the original, where we have seen it.
        revision: the last one seen.
    """

    articleId: str
    url: str
    outlet: str
    headline: str
    firstSeen: datetime
    datePublished: datetime | None = None
    copyOf: str | None = None
    copyOfArticle: str | None = None
    revision: int = 1
    edits: list[Edit] = field(default_factory=list)

    @property
    def time(self) -> datetime:
        """When it appeared: the outlet's claim, unless that is a bare date, or later than we saw it."""
        claim = self.datePublished
        return self.firstSeen if claim is None or claim.time() == time() or claim > self.firstSeen else claim


@dataclass(slots=True)
class Why:
    """Why a topic is met: `snippet` is from the story's lead if it can be, the words marked «so»."""

    topic: str
    articleId: str
    snippet: str


@dataclass(slots=True)
class Story:
    """The articles about one event, in the order in which we saw them.

    Attributes:
        version: counts its events, from 1.
        topics: every topic that one of its articles meets, in the order of appearance, each with its evidence.
        mergedInto: the story that it turned out to be part of, or None.
    """

    storyId: str
    version: int
    firstSeen: datetime
    updated: datetime
    topics: list[Why] = field(default_factory=list)
    articles: list[StoryArticle] = field(default_factory=list)
    mergedInto: str | None = None

    @property
    def reports(self) -> list[StoryArticle]:
        """Its outlets' own reports, in the order in which they appeared."""
        return sorted((a for a in self.articles if a.copyOf is None), key=lambda article: article.time)

    @property
    def copies(self) -> list[StoryArticle]:
        """The articles whose text is another's, likewise."""
        return sorted((a for a in self.articles if a.copyOf is not None), key=lambda article: article.time)

    @property
    def outlets(self) -> list[str]:
        """Who reports it independently: the outlets of its own reports, each once, in order of appearance."""
        return list(dict.fromkeys(article.outlet for article in self.reports))

    @property
    def lead(self) -> StoryArticle:
        """The article that stands for the story: the first own report, or the first copy while there is none."""
        return (self.reports or self.copies)[0]

    @property
    def headline(self) -> str:
        """The headline of its lead, as it is now."""
        return self.lead.headline

    def article(self, article_id: str) -> StoryArticle | None:
        """Return one of its articles, or None."""
        return next((article for article in self.articles if article.articleId == article_id), None)
