"""Articles against the topics of a watchlist: what a query sees of an article."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from crawler.news.article import Article
from crawler.news.topic import Match, Topic
from crawler.topics.matcher import Text, TopicMatcher

Tags = Mapping[str, Sequence[str]]  # of the watchlist's outlets, by name

NO_TAGS: Tags = MappingProxyType({})


class ArticleMatcher:
    """Matches articles against many topics.

    Raises:
        QueryError: a query cannot be understood; the message begins with the topic's name.
    """

    def __init__(self, topics: Iterable[Topic], tags: Tags = NO_TAGS) -> None:
        self._matcher = TopicMatcher.of(topics)
        self._tags = tags

    def match(self, article: Article) -> list[Match]:
        """Return the topics that an article meets, in the order of the watchlist, with the evidence of each."""
        return self._matcher.match(**fields_of(article, self._tags))


def fields_of(article: Article, tags: Tags = NO_TAGS) -> dict[str, Text]:
    """Return what a query sees of an article, and of the tags of its outlet."""
    return {
        "headline": article.headline,
        "description": article.description,
        "body": article.articleBody,
        "author": [author.name for author in article.authors],
        "outlet": article.outlet,
        "section": article.articleSection,
        "url": article.url,
        "lang": article.inLanguage,
        "tag": tags.get(article.outlet or "", ()),
    }
