"""The standing queries of a topic, and which articles each is for.

A topic has one query for all articles, or one for each language (`languages.py` says which tags mean the same). An
article that does not say its language is tried with every query: better a match too many than a story missed.
"""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from crawler.news.errors import QueryError
from crawler.news.topic import Topic
from crawler.topics.languages import covers, tags
from crawler.topics.query import parse
from crawler.topics.tree import Node


class Standing(Struct, frozen=True, gc=False):
    """One query of a topic.

    Attributes:
        languages: of the articles that it is for; empty: all.
        key: where it stands in the watchlist: "query", or "query.ru".
    """

    topic: str
    tree: Node
    languages: tuple[str, ...] = ()
    key: str = "query"


def standing(topic: Topic) -> Iterator[Standing]:
    """Yield the queries of a topic.

    Raises:
        QueryError: one cannot be understood; the message begins with the topic's name.
    """
    if isinstance(topic.query, str):
        yield Standing(topic.name, _tree(topic, "", topic.query, topic.inflect), topic.languages)
        return
    for language, query in topic.query.items():
        inflect = [rules for rules in topic.inflect if is_for([rules], tags([language]))]
        yield Standing(topic.name, _tree(topic, language, query, inflect), (language,), f"query.{language}")


def _tree(topic: Topic, language: str, query: str, inflect: Sequence[str]) -> Node:
    try:
        return parse(query, inflect=inflect)
    except QueryError as error:
        which = f', query "{language}"' if language else ""
        raise QueryError(f'topic "{topic.name}"{which}, column {error.column}: {error}', error.column) from error


def is_for(languages: Sequence[str], spoken: Sequence[str]) -> bool:
    """Tell whether what is for these languages (none: all) is for an article in those `tags` (none: it says none)."""
    return not languages or not spoken or any(covers(wanted, said) for wanted in tags(languages) for said in spoken)
