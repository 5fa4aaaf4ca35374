"""Many topics against one article, and the evidence."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.news.errors import QueryError
from crawler.news.topic import Evidence, Match
from crawler.topics import TopicMatcher, parse
from crawler.topics.text import fold, spans, words
from crawler.topics.tree import And, Field, Near, Node, Not, Or, Phrase, Word


def match_one(query: str, **fields: str | list[str] | None) -> list[Evidence]:
    """Return the evidence of one topic; [] also if it is not met."""
    met = TopicMatcher({"topic": query}).match(**fields)
    return [evidence for match in met for evidence in match.evidence]


def test_evidence_names_field_words_snippet_and_offsets() -> None:
    """Each field with hits gives its words as spelled, a marked snippet, and offsets into the very text."""
    body = "The ORVANIA\u00adN dam holds.\nOrvanian engineers of the Old  Dam say so."
    found = TopicMatcher({"dams": 'orvanian AND "old dam"'}).match(headline="Orvanian dam", body=body)
    assert found == [
        Match(
            "dams",
            (
                Evidence("headline", ("Orvanian",), "«Orvanian» dam", ((0, 8),)),
                Evidence(
                    "body",
                    ("ORVANIA\u00adN", "Orvanian", "Old  Dam"),
                    "The «ORVANIA\u00adN» dam holds. «Orvanian» engineers of the «Old  Dam» say so.",
                    ((4, 13), (25, 33), (51, 59)),
                ),
            ),
        )
    ]


def test_no_phrase_spans_two_fields() -> None:
    """Words that only meet across headline and description, or two authors, are no phrase and not near."""
    assert not match_one('"old dam"', headline="The old", description="dam bursts", body="")
    assert not match_one("old NEAR/5 dam", headline="The old", description="dam bursts")
    assert not match_one('author:"Vostrikov Ada"', author=["Ilya Vostrikov", "Ada Quist"])
    assert match_one("old dam", headline="The old", description="dam bursts")


def test_only_named_fields_reach_beyond_the_text() -> None:
    """Without a field a query sees headline, description and body; author and the others only by name."""
    article: dict[str, str | list[str] | None] = {
        "headline": "Dam bursts",
        "author": ["Ada Quist"],
        "url": "https://a.example/orvania-dam",
        "lang": "en-GB",
    }
    assert not match_one("Quist", **article)
    assert match_one("author:Quist lang:en url:orvania", **article)
    assert not match_one("dam -lang:en", **article)
    assert not match_one("body:dam", **article)


def test_absent_fields_are_no_text() -> None:
    """None, an empty text and no authors at all are simply not met."""
    assert not match_one("dam", headline=None, description=None, body="", author=[], lang=None)


def test_not_alone_leaves_no_evidence() -> None:
    """A NOT that holds adds no words."""
    assert [evidence.words for evidence in match_one("dam -bridge", body="a dam")] == [("dam",)]


def test_topics_come_in_their_own_order() -> None:
    """Matches stand in the order of the watchlist."""
    matcher = TopicMatcher({"z": "dam", "a": "bur*", "m": "bridge", "b": '"dam bursts"'})
    assert [match.topic for match in matcher.match(headline="Dam bursts")] == ["z", "a", "b"]


def test_a_bad_query_names_its_topic() -> None:
    """The error of one of many queries says which, and where in it."""
    with pytest.raises(QueryError, match='topic "floods", column 5: This quote') as caught:
        TopicMatcher({"dams": "dam", "floods": 'dam "old'})
    assert caught.value.column == 5


@pytest.mark.parametrize("filler", ["word ", "слово ", "水", "naïve’s–", "ไทย", "x" * 70 + " ", "👩‍💻 "])
def test_snippets_are_short_and_cut_no_word(filler: str) -> None:
    """A snippet is about 160 characters around the hit, begins and ends with whole words, and is the text itself."""
    body = filler * 60 + "VOSTRIKOV, " + filler * 60
    (evidence,) = match_one("vostrikov", body=body)
    before, after = evidence.snippet.split("«VOSTRIKOV»")
    assert 0 < len(before) + len(after) <= 160
    start = evidence.offsets[0][0] - len(before)
    assert body[start : start + len(before)] == before
    edges = {start, evidence.offsets[0][1] + len(after)}
    assert not any(first < edge < last for first, last in spans(body) for edge in edges)


TERMS = st.sampled_from(["dam", "dams", "Dam", "old", "orvania", "大", "坝"])
WORDS = st.one_of(TERMS, st.sampled_from(["dam*", "orv*", "=Dam", "大坝"]))
PHRASES = st.lists(st.one_of(TERMS, st.just("dam*")), min_size=2, max_size=3).map(" ".join).map('"{}"'.format)
PLACES = st.one_of(WORDS, PHRASES, st.builds("({} OR {})".format, WORDS, PHRASES))
LEAVES = st.one_of(
    PLACES,
    st.builds("{}~{}".format, PHRASES, st.integers(0, 4)),
    st.builds("{} NEAR/{} {}".format, PLACES, st.integers(0, 4), PLACES),
)
QUERIES = st.recursive(
    LEAVES,
    lambda query: st.one_of(
        st.builds("({} {})".format, query, query),
        st.builds("({} OR {})".format, query, query),
        st.builds("NOT {}".format, query),
        st.builds("{}:({})".format, st.sampled_from(["headline", "body"]), LEAVES),
    ),
)
TEXTS = st.lists(TERMS, max_size=8).map(" ".join)


@given(st.lists(QUERIES, min_size=1, max_size=5), TEXTS, TEXTS)
def test_equals_a_naive_evaluator(queries: list[str], headline: str, body: str) -> None:
    """Index, positions and windows find exactly what trying every query at every place finds."""
    topics = {str(i): query for i, query in enumerate(queries) if is_query(query)}
    article = {"headline": words(headline), "body": words(body)}
    expected = [name for name, query in topics.items() if holds(parse(query), article, tuple(article))]
    assert [match.topic for match in TopicMatcher(topics).match(headline=headline, body=body)] == expected


@given(QUERIES.filter(lambda query: is_query(query)), st.text(alphabet="damDAMs 大坝-’\u0301\u200b\n«", max_size=300))
def test_evidence_is_exact(query: str, body: str) -> None:
    """Whatever the text: offsets are whole words in order, `words` are cut there, and the snippet marks the first."""
    for evidence in match_one(query, body=body):
        cuts = [body[start:end] for start, end in evidence.offsets]
        assert list(dict.fromkeys(cuts)) == list(evidence.words)
        whole = spans(body)
        starts, ends = {start for start, _ in whole}, {end for _, end in whole}
        assert all(start in starts and end in ends for start, end in evidence.offsets)
        assert "«" + " ".join(re.split(r"\s", cuts[0])) + "»" in evidence.snippet


def is_query(query: str) -> bool:
    """Not refused, as one of NOTs alone is."""
    try:
        parse(query)
    except QueryError:
        return False
    return True


def holds(node: Node, article: dict[str, list[str]], fields: tuple[str, ...]) -> bool:
    """The naive evaluator: try everything everywhere."""
    match node:
        case And(children):
            return all(holds(child, article, fields) for child in children)
        case Or(children):
            return any(holds(child, article, fields) for child in children)
        case Not(child):
            return not holds(child, article, fields)
        case Field(name, child):
            return holds(child, article, (name,))
        case _:
            return any(places(node, article[field]) for field in fields)


def places(node: Node, text: list[str]) -> set[tuple[int, int]]:
    """Return where the node stands in the words of one field, by trying every choice of places."""
    match node:
        case Word(term, prefix, exact):
            terms = [word if exact else fold(word) for word in text]
            sought = exact or term
            return {(i, i + 1) for i, word in enumerate(terms) if word == sought or (prefix and word.startswith(term))}
        case Phrase(parts):
            starts = [{start - i for start, _ in places(part, text)} for i, part in enumerate(parts)]
            return {(start, start + len(parts)) for start in set.intersection(*starts)}
        case Or(children):
            return {place for child in children for place in places(child, text)}
        case Near(parts, distance):
            choices = itertools.product(*(places(part, text) for part in parts))
            return {place for choice in choices if gap(choice) in range(distance + 1) for place in choice}
        case _:
            raise AssertionError(node)


def gap(choice: tuple[tuple[int, int], ...]) -> int:
    """Return how many words stand between; -1 if two places share one."""
    taken = [position for place in choice for position in range(*place)]
    return max(taken) + 1 - min(taken) - len(taken) if len(set(taken)) == len(taken) else -1
