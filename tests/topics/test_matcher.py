"""Many topics against one article, and the evidence."""

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crawler.news.errors import QueryError
from crawler.news.topic import Evidence, Match, Topic
from crawler.topics import TopicMatcher, parse, passage
from crawler.topics.evidence import MOST_HITS
from crawler.topics.passage import Passage
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


def test_places_that_share_a_word_are_one() -> None:
    """Of one part of the query they are joined; two parts that meet the same words are told apart."""
    (found,) = match_one('"old old" AND "old dam"', body="old old old dam")
    assert found.offsets == ((0, 11), (8, 15))
    assert found.parts == ('"old old"', '"old dam"')
    assert found.words == ("old old old dam",)
    (found,) = match_one('("old dam bursts" OR dam) NEAR/5 river', body="old dam bursts the river")
    assert found.words == ("old dam bursts", "river")


def test_evidence_is_bounded() -> None:
    """A page that says a word for ever gives its first places, and the first of every other part."""
    (found,) = match_one("dam bridge old*", body="dam " * 1_000 + "old bridge " * 3)
    assert found.parts == ("dam",) * MOST_HITS + ("old*", "bridge")
    assert found.offsets[MOST_HITS - 1 :] == ((796, 799), (4000, 4003), (4004, 4010))
    (found,) = match_one('"dam dam"~1', body="dam " * 1_000)
    assert found.offsets[0] == (0, 3)
    assert len(found.offsets) <= MOST_HITS


HOSTILE = [  # a query, the function that tries a place for it, and how often it may
    ('"dam dam dam dam dam dam dam"~9', passage, "_window", MOST_HITS),
    ('"dam dam dam dam dam dam bridge"~9', passage, "_window", 10_001),  # at each place once, not for each "dam"
    ('"dam dam dam"', Passage, "_is_at", MOST_HITS),
    ('"dam dam dam bridge"', Passage, "_is_at", 1),
]


@pytest.mark.parametrize(("query", "owner", "name", "times"), HOSTILE)
def test_one_word_for_ever_costs_little(
    query: str, owner: object, name: str, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is sought is not tried again and again on a page that repeats one word, whether it is there or not."""
    tried = []
    really = getattr(owner, name)

    def counted(*given: object) -> object:
        tried.append(given)
        return really(*given)

    monkeypatch.setattr(owner, name, counted)
    Passage("body", "dam " * 10_000 + "x " * 20 + "bridge").places(parse(query), MOST_HITS)
    assert 0 < len(tried) <= times


def test_no_phrase_spans_two_fields() -> None:
    """Words that only meet across headline and description, or two authors, are no phrase and not near."""
    assert not match_one('"old dam"', headline="The old", description="dam bursts", body="")
    assert not match_one("old NEAR/5 dam", headline="The old", description="dam bursts")
    assert not match_one('author:"Vostrikov Ada"', author=["Ilya Vostrikov", "Ada Quist"])
    assert match_one("old dam", headline="The old", description="dam bursts")


def test_a_phrase_does_not_begin_at_the_end() -> None:
    """A text is no ring: its last word and its first one are no phrase."""
    assert not match_one('"old dam"', body="dam is old, so old")


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


def test_an_article_comes_twice() -> None:
    """What a matcher remembers of an article's words changes nothing when they come again."""
    matcher = TopicMatcher({"topic": "orv* dam"})
    assert matcher.match(body="Orvanian dam") == matcher.match(body="Orvanian dam") != []


def test_a_bad_query_names_its_topic() -> None:
    """The error of one of many queries says which, and where in it."""
    with pytest.raises(QueryError, match='topic "floods", column 5: This quote') as caught:
        TopicMatcher({"dams": "dam", "floods": 'dam "old'})
    assert caught.value.column == 5


def test_a_tag_is_met_whole() -> None:
    """`tag:state` is that tag, or with a star its beginning; never a word within a longer one, and not the text."""
    assert match_one("tag:state-media dam", body="dam", tag=["agency", "state-media"])
    assert match_one("tag:state* dam", body="dam", tag=["state-media"])
    assert match_one('tag:"state med*" dam', body="dam", tag=["state-media-abroad"])
    assert not match_one('tag:"state media" dam', body="dam", tag=["state-media-abroad"])
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


def test_a_topic_is_met_once() -> None:
    """An article that does not say its language is tried with every query, and meets the topic once."""
    matcher = TopicMatcher.of([Topic("dams", {"en": "dam", "nl": "dam OR stuwdam"}), Topic("all", "dam")])
    assert [match.topic for match in matcher.match(body="dam")] == ["dams", "all"]


@pytest.mark.parametrize("lang", [None, "", "und", "mul", "zxx", "und-Latn"])
def test_an_article_without_a_language(lang: str | None) -> None:
    """Tags that name no language are none: every query is tried, and `lang:` is not met."""
    matcher = TopicMatcher.of([Topic("dams", {"en": "dam"}), Topic("not", "dam -lang:en"), Topic("en", "dam lang:en")])
    assert [match.topic for match in matcher.match(body="dam", lang=lang)] == ["dams", "not"]


LANGUAGES = [
    ("en", "en-GB", True),
    ("en-GB", "en", True),
    ("pt-br", "pt_BR", True),
    ("pt_BR", "pt", True),
    ("pt-br", "pt-PT", False),
    ("zh-Hant", "zh-Hant-TW", True),
    ("nb", "no", True),
    ("nb-NO", "nn", True),
    ("no", "nn-NO", True),
    ("id", "in", True),
    ("he", "iw-IL", True),
    ("yi", "ji", True),
    ("ar", "es-AR", False),
    ("ca", "fr-CA", False),
    ("be", "nl-BE", False),
    ("n", "no", False),
    ("en", "eng", False),
]


@pytest.mark.parametrize(("wanted", "said", "met"), LANGUAGES)
def test_which_languages_mean_the_same(wanted: str, said: str, met: bool) -> None:
    """A language stands for its regions and a region for articles without one, of a topic as behind `lang:`."""
    by_topic = TopicMatcher.of([Topic("dams", "dam", languages=(wanted,)), Topic("dams too", {wanted: "dam"})])
    assert len(by_topic.match(body="dam", lang=said)) == 2 * met
    if len(wanted) > 1:  # else the parser refuses it
        assert bool(match_one(f"lang:{wanted} dam", body="dam", lang=said)) == met
        assert bool(match_one(f"lang:({wanted} OR tlh)", body="dam", lang=said)) == met
        assert bool(match_one(f"dam -lang:{wanted}", body="dam", lang=said)) != met


def test_inflection_is_for_its_language() -> None:
    """By the rules of Russian a word stands for its other forms, in Russian articles and those that do not say."""
    matcher = TopicMatcher.of([Topic("dams", '"старая плотина"', inflect=("ru",))])
    assert matcher.match(body="у старой плотины", lang="ru")
    assert matcher.match(body="у старой плотины")
    assert not matcher.match(body="у старой плотины", lang="bg")


def test_each_query_is_inflected_by_its_language() -> None:
    """The rules of Russian are for the Russian query alone; those of Norwegian for one in Bokmål, too."""
    matcher = TopicMatcher.of([Topic("dams", {"en": "плотина", "ru": "мост"}, inflect=("ru",))])
    assert matcher.match(body="мосты")
    assert not matcher.match(body="плотины")
    matcher = TopicMatcher.of([Topic("dams", {"nb": "demning"}, inflect=("no",))])
    assert matcher.match(body="demningen", lang="nn")


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
    st.builds(Field, st.just("lang"), st.sampled_from([Word("en"), Word("en-us"), Word("ru"), Word("nb")])),
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
        "lang": st.sampled_from(["en", "ru", "en-GB", "nn", "und"]),
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


@example(Near((Word("dam"), Word("old")), 0), "old dam x x dam old old", 1)  # "old", with more places, stands first
@given(IN_TEXT, TEXTS, st.integers(1, 4))
def test_the_first_places(tree: Node, text: str, most: int) -> None:
    """The first places are the beginning of all places; of a NEAR they are some of them, the first of all included."""
    sought = parse(render(tree))
    everywhere, first = (Passage("body", text).places(sought, limit) for limit in (None, most))
    if isinstance(sought, Near):
        assert first[:1] == everywhere[:1]
        assert set(first) <= set(everywhere)
    else:
        assert first == everywhere[:most]
    assert len(first) <= most
