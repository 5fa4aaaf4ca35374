"""Many topics against one article, and the evidence."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.news.errors import QueryError
from crawler.news.topic import Evidence, Match, Topic
from crawler.topics import TopicMatcher, parse
from crawler.topics.tree import And, Field, Near, Node, Not, Or, Phrase, Word
from tests.topics.naive import meets, render


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
                Evidence("headline", ("Orvanian",), "«Orvanian» dam", ((0, 8),), ("orvanian",)),
                Evidence(
                    "body",
                    ("ORVANIA\u00adN", "Orvanian", "Old  Dam"),
                    "The «ORVANIA\u00adN» dam holds. «Orvanian» engineers of the «Old  Dam» say so.",
                    ((4, 13), (25, 33), (51, 59)),
                    ("orvanian", "orvanian", '"old dam"'),
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


def test_a_tag_is_met_whole() -> None:
    """`tag:state` is that tag, or with a star its beginning; never a word within a longer one, and not the text."""
    assert match_one("tag:state-media dam", body="dam", tag=["agency", "state-media"])
    assert match_one("tag:state* dam", body="dam", tag=["state-media"])
    assert not match_one("tag:state dam", body="dam", tag=["state-media"])
    assert not match_one("tag:media dam", body="dam", tag=["state-media"])
    assert not match_one("agency", body="dam", tag=["agency"])


def test_each_language_has_its_query() -> None:
    """A query in one language is for articles in it and its regions, and for those that do not say theirs."""
    matcher = TopicMatcher.of([Topic("dams", {"en": "dam", "ru": "плотина", "pt-br": "barragem"})])
    assert matcher.match(body="dam", lang="en-GB")
    assert matcher.match(body="плотина")
    assert matcher.match(body="barragem", lang="pt_BR")
    assert matcher.match(body="barragem", lang="pt")
    assert not matcher.match(body="barragem", lang="pt-PT")
    assert not matcher.match(body="dam", lang="ru")


def test_inflection_is_for_its_language() -> None:
    """By the rules of Russian a word stands for its other forms, in Russian articles and those that do not say."""
    matcher = TopicMatcher.of([Topic("dams", '"старая плотина"', inflect=("ru",))])
    assert matcher.match(body="у старой плотины", lang="ru")
    assert matcher.match(body="у старой плотины")
    assert not matcher.match(body="у старой плотины", lang="bg")


TERMS = ["dam", "dams", "old", "orvania", "плотина", "плотины", "大", "坝"]
WORDS = st.builds(Word, st.sampled_from(TERMS))
STARRED = st.builds(Word, st.sampled_from(["dam", "orv", "плотин"]), st.just(True))
EXACT = st.just(Word("dam", exact="Dam"))
PHRASES = st.builds(Phrase, st.lists(WORDS | STARRED, min_size=2, max_size=3).map(tuple))
CHOICES = st.builds(Or, st.tuples(WORDS | STARRED, PHRASES | EXACT))
PLACES = WORDS | STARRED | EXACT | PHRASES | CHOICES
NEAR = st.builds(Near, st.tuples(PLACES, PLACES), st.integers(0, 3))
LOOSE = st.builds(Near, st.tuples(WORDS, WORDS | STARRED, WORDS), st.integers(1, 3))
IN_TEXT = PLACES | NEAR | LOOSE
TAGS = st.sampled_from([Word("state"), Word("sta", prefix=True), Phrase((Word("state"), Word("media"))), Word("media")])
NAMED = st.one_of(
    st.builds(Field, st.sampled_from(["headline", "body", "author"]), IN_TEXT),
    st.builds(Field, st.just("tag"), TAGS),
    st.builds(Field, st.just("lang"), st.sampled_from([Word("en"), Word("ru")])),
)


def _combined(tree: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(tree, min_size=2, max_size=3).map(tuple)
    return st.builds(And, several) | st.builds(Or, several) | st.builds(Not, tree)


def is_query(tree: Node) -> bool:
    """Whether the tree can stand alone: one that is met by an article without a word is refused."""
    try:
        parse(render(tree))
    except QueryError as error:
        assert "With NOT alone" in str(error), "anything else is a fault of `render`"
        return False
    return True


LEAVES: st.SearchStrategy[Node] = IN_TEXT | NAMED
TREES = st.recursive(LEAVES, _combined, max_leaves=6).filter(is_query)
BY_LANGUAGE = st.dictionaries(st.sampled_from(["en", "ru"]), TREES, min_size=1)
TOPICS = st.tuples(
    TREES.map(lambda tree: {"": tree}) | BY_LANGUAGE,
    st.sampled_from([(), ("en",), ("ru", "en")]),
    st.sampled_from([(), ("ru",), ("en", "ru")]),
)
TEXTS = st.lists(st.sampled_from([*TERMS, "Dam", "Orvanian", "плотиной", "大坝"]), max_size=8).map(" ".join)
ARTICLES = st.fixed_dictionaries(
    {"headline": TEXTS, "body": TEXTS},
    optional={
        "author": st.lists(TEXTS, max_size=2),
        "tag": st.lists(st.sampled_from(["state", "state-media", "media"]), max_size=2),
        "lang": st.sampled_from(["en", "ru", "en-GB"]),
    },
)


@settings(max_examples=150, deadline=None)
@given(st.lists(TOPICS, min_size=1, max_size=5), ARTICLES)
def test_equals_a_naive_evaluator(
    drawn: list[tuple[dict[str, Node], tuple[str, ...], tuple[str, ...]]], article: dict[str, Any]
) -> None:
    """Parser, index, positions, stems, languages and tags together find what trying every topic everywhere finds."""
    topics = [_topic(str(i), *parts) for i, parts in enumerate(drawn)]
    texts = [
        (field, text) for field, value in article.items() for text in ([value] if isinstance(value, str) else value)
    ]
    expected = [topic.name for topic, (trees, _, _) in zip(topics, drawn, strict=True) if meets(topic, trees, texts)]
    assert [match.topic for match in TopicMatcher.of(topics).match(**article)] == expected


def _several(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _topic(name: str, trees: dict[str, Node], languages: tuple[str, ...], inflect: tuple[str, ...]) -> Topic:
    if "" in trees:
        return Topic(name, render(trees[""]), languages, inflect)
    return Topic(name, {language: render(tree) for language, tree in trees.items()}, (), inflect)


@settings(max_examples=50, deadline=None)
@given(st.lists(TREES, min_size=1, max_size=5), ARTICLES)
def test_topics_do_not_see_one_another(trees: list[Node], article: dict[str, Any]) -> None:
    """A topic among others is met with the very evidence that it is met with alone."""
    queries = {str(i): render(tree) for i, tree in enumerate(trees)}
    alone = [match for name, query in queries.items() for match in TopicMatcher({name: query}).match(**article)]
    assert TopicMatcher(queries).match(**article) == alone
