"""Many standing queries against one article at a time.

Requirements. Every topic that the article meets, in the order of the watchlist, each with its evidence; ten thousand
topics cost hardly more than ten.

Theory of operation. The article's words are folded once; the index (`index.py`) names the few queries that they could
meet; only those are evaluated, on the positions of their words. A query without a field looks at headline, description
and body, each by itself: no phrase or NEAR spans two of them, nor two authors.

Known exceptions. What holds for words (`text.py`) and for NEAR of three or more phrases (`passage.py`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from crawler.news.topic import Evidence, Match, Topic
from crawler.topics.evidence import MOST_HITS, Hit, evidence
from crawler.topics.index import QueryIndex
from crawler.topics.languages import tags
from crawler.topics.passage import Language, Passage, Tag
from crawler.topics.standing import Standing, is_for, standing
from crawler.topics.tree import And, Field, Node, Not, Or

Text = str | Sequence[str] | None
Fields = Mapping[str, Text]  # by name: the keyword arguments of `TopicMatcher.match`
Hits = set[tuple[int, Hit]]  # which passage, and what was found there

PLAIN_FIELDS = ("headline", "description", "body")  # where a query without a field looks
_KINDS = {"lang": Language, "tag": Tag}  # of passages that are no prose


class TopicMatcher:
    """The topics of a watchlist, ready to match articles.

    Args:
        topics: query by topic name.

    Raises:
        QueryError: a query cannot be understood; the message begins with the topic's name.
    """

    def __init__(self, topics: Mapping[str, str]) -> None:
        self._take(Topic(name, query) for name, query in topics.items())

    @classmethod
    def of(cls, topics: Iterable[Topic]) -> "TopicMatcher":
        """Return a matcher of topics that may have languages, queries for each, and inflection.

        Raises:
            QueryError: as above.
        """
        matcher = cls({})
        matcher._take(topics)
        return matcher

    def _take(self, topics: Iterable[Topic]) -> None:
        topics = list(topics)
        self._standing = [one for topic in topics for one in standing(topic)]
        self._index = QueryIndex(one.tree for one in self._standing)
        self._inflected = sorted({language for topic in topics for language in topic.inflect})

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
        tag: Text = None,
    ) -> list[Match]:
        """Return the topics that this article meets, in the order they were given, with the evidence of each.

        A field is a text, several (authors, tags of the outlet), or None. Evidence is in the order of the fields above.
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
            "tag": tag,
        }
        spoken = tags(texts(lang))
        passages = passages_of(fields, [language for language in self._inflected if is_for([language], spoken)])
        found = self._index.candidates(passage.vocabulary() for passage in passages)
        candidates = (self._standing[number] for number in found)
        return list(_matches((one for one in candidates if is_for(one.languages, spoken)), passages))


def passages_of(fields: Fields, inflect: Sequence[str] = ()) -> list[Passage]:
    """Return the texts of an article; `inflect`: the languages by whose rules their words are also known by stem."""
    return [
        _KINDS.get(name, Passage)(name, text, inflect)
        for name, value in fields.items()
        for text in texts(value)
        if name != "lang" or tags([text])
    ]


def texts(value: Text) -> Sequence[str]:
    """Return the texts of a field."""
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else value


def _matches(candidates: Iterable[Standing], passages: list[Passage]) -> Iterator[Match]:
    met = None
    for one in candidates:
        if one.topic != met and (hits := meet(one.tree, passages)) is not None:  # else another query of it is met
            met = one.topic
            yield Match(met, _evidence(hits, passages))


def _evidence(hits: Hits, passages: list[Passage]) -> tuple[Evidence, ...]:
    found: dict[int, list[Hit]] = {}
    for passage, hit in sorted(hits):
        found.setdefault(passage, []).append(hit)
    return tuple(evidence(passages[number], here) for number, here in found.items())


def meet(node: Node, passages: Sequence[Passage], fields: Sequence[str] = PLAIN_FIELDS) -> Hits | None:
    """Return what of the node is found first in the passages of these fields, or None if they do not meet it.

    A NOT that holds is met nowhere in particular: its hits are the empty set.
    """
    match node:
        case Field(name, child):
            return meet(child, passages, (name,))
        case Not(child):
            return set() if meet(child, passages, fields) is None else None
        case And(children):
            return _meet_all(children, passages, fields)
        case Or(children):
            met = [hits for child in children if (hits := meet(child, passages, fields)) is not None]
            return set().union(*met) if met else None
        case _:
            found = {
                (number, (*place, node.written))
                for number, passage in enumerate(passages)
                if passage.field in fields
                for place in passage.places(node, MOST_HITS)
            }
            return found or None


def _meet_all(children: tuple[Node, ...], passages: Sequence[Passage], fields: Sequence[str]) -> Hits | None:
    found: Hits = set()
    for child in children:
        hits = meet(child, passages, fields)
        if hits is None:
            return None
        found |= hits
    return found
