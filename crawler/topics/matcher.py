"""Many standing queries against one article at a time.

Requirements. Every topic that the article meets, in the order of the watchlist, each with its evidence; ten thousand
topics cost hardly more than ten.

Theory of operation. The article's words are folded once; the index (`index.py`) names the few queries that they could
meet; only those are evaluated, on the positions of their words. A query without a field looks at headline, description
and body, each by itself: no phrase or NEAR spans two of them, nor two authors.

Known exceptions. What holds for words (`text.py`) and for NEAR of three or more phrases (`passage.py`).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from crawler.news.errors import QueryError
from crawler.news.topic import Match
from crawler.topics.evidence import evidence
from crawler.topics.index import QueryIndex
from crawler.topics.passage import Passage, Span
from crawler.topics.query import parse
from crawler.topics.tree import And, Field, Node, Not, Or

Text = str | Sequence[str] | None
Hits = set[tuple[int, Span]]  # which passage, and where in it

_PLAIN_FIELDS = ("headline", "description", "body")


class TopicMatcher:
    """The topics of a watchlist, ready to match articles.

    Args:
        topics: query by topic name.

    Raises:
        QueryError: a query cannot be understood; the message begins with the topic's name.
    """

    def __init__(self, topics: Mapping[str, str]) -> None:
        self._topics = [(name, _parse(name, query)) for name, query in topics.items()]
        self._index = QueryIndex(tree for _, tree in self._topics)

    def match(
        self,
        *,
        headline: Text = None,
        description: Text = None,
        body: Text = None,
        author: Text = None,
        outlet: Text = None,
        section: Text = None,
        url: Text = None,
        lang: Text = None,
    ) -> list[Match]:
        """Return the topics that this article meets, in the order they were given, with the evidence of each.

        A field is a text, several (authors), or None. Evidence is in the order of the fields above.
        """
        fields = {
            "headline": headline,
            "description": description,
            "body": body,
            "author": author,
            "outlet": outlet,
            "section": section,
            "url": url,
            "lang": lang,
        }
        passages = [Passage(field, text) for field, value in fields.items() for text in _texts(value)]
        vocabulary = set().union(*(passage.vocabulary() for passage in passages))
        return list(self._matches(self._index.candidates(vocabulary), passages))

    def _matches(self, candidates: list[int], passages: list[Passage]) -> Iterator[Match]:
        for number in candidates:
            name, tree = self._topics[number]
            hits = _meet(tree, passages, _PLAIN_FIELDS)
            if hits is not None:
                places: dict[int, set[Span]] = defaultdict(set)
                for passage, place in hits:
                    places[passage].add(place)
                yield Match(name, tuple(evidence(passages[i], places[i]) for i in sorted(places)))


def _parse(name: str, query: str) -> Node:
    try:
        return parse(query)
    except QueryError as error:
        raise QueryError(f'topic "{name}", column {error.column}: {error}', error.column) from error


def _texts(value: Text) -> Sequence[str]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else value


def _meet(node: Node, passages: list[Passage], fields: tuple[str, ...]) -> Hits | None:
    """Return where the passages of these fields meet the node, or None if they do not.

    A NOT that holds is met nowhere in particular: its hits are the empty set.
    """
    match node:
        case Field(name, child):
            return _meet(child, passages, (name,))
        case Not(child):
            return set() if _meet(child, passages, fields) is None else None
        case And(children):
            return _meet_all(children, passages, fields)
        case Or(children):
            met = [hits for child in children if (hits := _meet(child, passages, fields)) is not None]
            return set().union(*met) if met else None
        case _:
            found = {
                (number, place)
                for number, passage in enumerate(passages)
                if passage.field in fields
                for place in passage.places(node)
            }
            return found or None


def _meet_all(children: tuple[Node, ...], passages: list[Passage], fields: tuple[str, ...]) -> Hits | None:
    found: Hits = set()
    for child in children:
        hits = _meet(child, passages, fields)
        if hits is None:
            return None
        found |= hits
    return found
