"""Articles against the topics of a watchlist: which fields of an article a query sees, and in which languages."""

from collections.abc import Collection

from crawler.news.article import Article
from crawler.news.topic import Match, Topic
from crawler.topics.matcher import TopicMatcher


class ArticleMatcher:
    """Matches articles against many topics."""

    def __init__(self, topics: Collection[Topic]) -> None:
        self._matcher = TopicMatcher({topic.name: topic.query for topic in topics})
        self._languages = {topic.name: topic.languages for topic in topics if topic.languages}

    def match(self, article: Article) -> list[Match]:
        """Return the topics that an article meets, those in other languages left out."""
        found = self._matcher.match(
            headline=article.headline,
            description=article.description,
            body=article.articleBody,
            author=[author.name for author in article.authors],
            outlet=article.outlet,
            section=article.articleSection,
            url=article.url,
            lang=article.inLanguage,
        )
        return [match for match in found if self._speaks(match.topic, article.inLanguage)]

    def _speaks(self, topic: str, language: str | None) -> bool:
        """Whether the topic is meant for that language; a page that names none passes."""
        wanted = self._languages.get(topic)
        return not wanted or language is None or language.split("-")[0] in wanted
