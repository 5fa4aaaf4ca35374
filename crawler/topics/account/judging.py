"""Why an article meets a topic, or does not: the query judged node by node, and what comes nearest to failing it.

Requirements. It agrees with the matcher, always. Where the topic is not met it names the *nearest failing part*: the
smallest thing that would have to be different, in the query or in the article.

Theory of operation. Every node knows by how little its verdict could be turned. A leaf that is not met is turned by
mending it (`shortfall.py` says how far that is), one that is met by taking it out of the text. From there on:

    AND that is not met: all its children that are not met; met: the nearest of its children
    OR  that is not met: the nearest of its children; met: all its children that are met
    NOT and a field: as their child

Known exceptions. Distances add up as if parts had nothing to do with one another: where one word would mend two parts,
it counts twice. Cost is no matter here (one topic, one article), so nothing is indexed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crawler.news.topic import Evidence, Topic
from crawler.topics.account.names import in_words
from crawler.topics.account.scope import Scope, field_name, joined
from crawler.topics.account.shortfall import ABSENT, Leaf, as_written, none_of, shortfall
from crawler.topics.evidence import evidence
from crawler.topics.languages import tags
from crawler.topics.matcher import PLAIN_FIELDS, Text, passages_of, texts
from crawler.topics.passage import Passage
from crawler.topics.standing import Standing, is_for, standing
from crawler.topics.tree import And, Field, Near, Node, Not, Or, Phrase, Word

_TAKEN_OUT = 1.0  # the distance of a word that must not be there: everything else is


@dataclass(frozen=True, slots=True)
class Failing:
    """A part of the query that would have to be different, or the article there.

    Attributes:
        part: as the query writes it.
        why: one sentence, without a full stop.
        snippet: where it nearly is met (or, after NOT, is met), the words marked «so»; or "".
    """

    part: str
    why: str
    snippet: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A node of the query, judged.

    Attributes:
        met: whether the article meets it. A NOT is met where its child is not.
        where: of a word, phrase or NEAR that is met: its first places in each text.
        reason: of one that is not met: why, one sentence without a full stop; else "".
        children: in the order of the query.
        turned_by: what would have to be different for the verdict to be the opposite.
        distance: by how much; over 0.
    """

    node: Node
    met: bool
    where: tuple[Evidence, ...]
    reason: str
    children: tuple["Verdict", ...]
    turned_by: tuple[Failing, ...]
    distance: float

    @property
    def part(self) -> str:
        """The node in one line: AND, OR, NOT, `headline:`, or the part as the query writes it."""
        match self.node:
            case Field(name):
                return f"{name}:"
            case And() | Or() | Not():
                return type(self.node).__name__.upper()
            case leaf:
                return as_written(leaf)


@dataclass(frozen=True, slots=True)
class Judged:
    """One query of the topic, judged.

    Attributes:
        key: where it stands in the watchlist: "query", or "query.ru".
    """

    key: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Account:
    """Whether an article meets a topic, and why.

    Attributes:
        judged: the queries that are for an article in this language.
        passed_over: the keys of those that are not.
        nearest: what would have to be different for the topic to be met; () if it is.
    """

    met: bool
    judged: tuple[Judged, ...]
    passed_over: tuple[str, ...]
    nearest: tuple[Failing, ...]


def account(
    topic: Topic,
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
) -> Account:
    """Return why an article meets the topic or not; the fields are those of `TopicMatcher.match`.

    Raises:
        QueryError: a query cannot be understood; the message begins with the topic's name.
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
    inflect = [language for language in topic.inflect if is_for([language], spoken)]
    judge = _Judge(passages_of(fields, inflect), inflect)
    queries = list(standing(topic))
    judged = tuple(Judged(query.key, judge.judge(query.tree)) for query in queries if is_for(query.languages, spoken))
    passed_over = tuple(query.key for query in queries if not is_for(query.languages, spoken))
    met = any(query.verdict.met for query in judged)
    return Account(met, judged, passed_over, () if met else _nearest(judged, queries, spoken))


def _nearest(judged: Sequence[Judged], queries: Sequence[Standing], spoken: Sequence[str]) -> tuple[Failing, ...]:
    if judged:
        return _least([query.verdict for query in judged]).turned_by
    languages = [language for query in queries for language in query.languages]
    said = joined([in_words(language) for language in spoken], "and")
    has = "the topic is for" if len(queries) == 1 else "the topic has queries for"
    return (Failing(", ".join(languages), f"the article is in {said}; {has} {', '.join(languages)}"),)


class _Judge:
    """Judges queries by the texts of one article."""

    def __init__(self, passages: Sequence[Passage], inflect: Sequence[str]) -> None:
        self._passages = passages
        self._inflect = inflect
        self._scopes: dict[tuple[str, ...], Scope] = {}
        self._leaves: dict[tuple[Leaf, tuple[str, ...]], Verdict] = {}

    def judge(self, node: Node, fields: tuple[str, ...] = PLAIN_FIELDS) -> Verdict:
        match node:
            case Word() | Phrase() | Near():
                if (node, fields) not in self._leaves:
                    self._leaves[node, fields] = _judge_leaf(node, self._scope(fields))
                return self._leaves[node, fields]
            case And(children):
                return _judge_and(node, [self.judge(child, fields) for child in children])
            case Or(children):
                return _judge_or(node, [self.judge(child, fields) for child in children], self._scope(fields))
            case Not(child):
                return _judge_not(node, self.judge(child, fields))
            case Field(name, child):
                judged = self.judge(child, (name,))
                return _turned_by_one(node, judged, [judged])

    def _scope(self, fields: tuple[str, ...]) -> Scope:
        if fields not in self._scopes:
            self._scopes[fields] = Scope(self._passages, fields, self._inflect)
        return self._scopes[fields]


def _judge_leaf(leaf: Leaf, scope: Scope) -> Verdict:
    found = scope.find(leaf)
    if not found:
        missed = shortfall(leaf, scope)
        failing = Failing(_in_fields(leaf, scope), missed.why, missed.snippet)
        return Verdict(leaf, False, (), missed.why, (), (failing,), missed.distance)
    hits = [(passage, [(*place, as_written(leaf)) for place in places]) for passage, places in found]
    where = tuple(evidence(passage, here) for passage, here in hits)
    return Verdict(leaf, True, where, "", (), (_in_the_way(leaf, where[0], scope),), _TAKEN_OUT)


def _in_the_way(leaf: Leaf, first: Evidence, scope: Scope) -> Failing:
    """Return what a NOT would say of a leaf that is met."""
    why = f"{as_written(leaf)} stands in the {field_name(first.field)}: «{first.words[0]}»; NOT excludes it"
    return Failing(_in_fields(leaf, scope), why, first.snippet)


def _in_fields(part: Leaf | Or, scope: Scope) -> str:
    return as_written(part) if scope.fields == PLAIN_FIELDS else f"{scope.fields[0]}:{as_written(part)}"


def _judge_and(node: And, children: Sequence[Verdict]) -> Verdict:
    unmet = [child for child in children if not child.met]
    return _turned_by_all(node, unmet, children) if unmet else _turned_by_one(node, _least(children), children)


def _judge_or(node: Or, children: Sequence[Verdict], scope: Scope) -> Verdict:
    met = [child for child in children if child.met]
    if met:
        return _turned_by_all(node, met, children)
    nearest = _least(children)
    alike = [child.node for child in children if isinstance(child.node, Word | Phrase) and child.distance == ABSENT]
    if nearest.distance < ABSENT or len(alike) < 2:
        return _turned_by_one(node, nearest, children)
    failing = Failing(_in_fields(Or(tuple(alike)), scope), none_of(alike, scope))  # to name one would be arbitrary
    return Verdict(node, False, (), "", tuple(children), (failing,), ABSENT)


def _judge_not(node: Not, child: Verdict) -> Verdict:
    return Verdict(node, not child.met, (), "", (child,), child.turned_by, child.distance)


def _turned_by_one(node: Node, turning: Verdict, children: Sequence[Verdict]) -> Verdict:
    """Return the verdict on a node that is met as this child of it is, and turns with it."""
    return Verdict(node, turning.met, (), "", tuple(children), turning.turned_by, turning.distance)


def _turned_by_all(node: Node, turning: Sequence[Verdict], children: Sequence[Verdict]) -> Verdict:
    """Return the verdict on a node that is met as these children of it are, and turns with the last of them."""
    failing = dict.fromkeys(part for child in turning for part in child.turned_by)
    distance = sum(child.distance for child in turning)
    return Verdict(node, turning[0].met, (), "", tuple(children), tuple(failing), distance)


def _least(verdicts: Iterable[Verdict]) -> Verdict:
    return min(verdicts, key=lambda verdict: verdict.distance)
