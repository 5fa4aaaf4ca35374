"""Articles placed into stories by hand, where the index is not what is tested."""

from datetime import UTC, datetime, timedelta

from crawler.desk.stories import Change, StoryFile, place
from crawler.news.article import Article
from crawler.news.topic import Evidence, Match
from crawler.stories import Placement
from crawler.stories.placement import Evidence as Because
from crawler.stories.placement import Kind

NOON = datetime(2031, 3, 14, 12, tzinfo=UTC)


def article(
    name: str, outlet: str, headline: str = "", *, topics: tuple[str, ...] = ("Corrin",), revision: int = 1
) -> Article:
    """An article by its id, on some topics."""
    url = f"http://{outlet.lower().replace(' ', '')}.example/{name}"
    return Article(
        url=url,
        canonicalUrl=url,
        headline=headline or f"{outlet} on Corrin",
        articleId=name,
        outlet=outlet,
        revision=revision,
        topics=[Match(topic, (Evidence("headline", (topic,), f"about «{topic}»"),)) for topic in topics],
    )


def put(
    file: StoryFile | None,
    written: Article,
    *,
    copy_of: str | None = None,
    credited: str | None = None,
    copies: tuple[str, ...] = (),
    ended: tuple[StoryFile, ...] = (),
    story: str = "s1",
    minutes: int = 0,
) -> Change:
    """Put an article into a story, as the index might; it must change something."""
    because = Because(Kind.NEW if file is None else Kind.SAME_EVENT)
    placement = Placement(
        story, copy_of, because, tuple(f.story.storyId for f in ended), credited=credited, copies=copies
    )
    change = place(written, placement, file, list(ended), seen=NOON + timedelta(minutes=minutes))
    assert change is not None
    return change
