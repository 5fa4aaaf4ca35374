"""Why an article meets a topic or not: what is nearest, the judged tree, and that it agrees with the matcher."""

import re
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.news.errors import QueryError
from crawler.news.topic import Topic
from crawler.topics import TopicMatcher, parse
from crawler.topics.account import Account, Failing, Verdict, account
from crawler.topics.passage import Passage, Span
from crawler.topics.text import words
from crawler.topics.tree import Node

TextOrTexts = str | list[str] | None
BODY = "The Orvanian minister opened the old lock, and us and them saw the Tollmark dam near Miran."


def explain(query: str | Mapping[str, str], **fields: TextOrTexts) -> Account:
    """Return the account of a topic with this query."""
    return account(Topic("topic", query), **fields)


def reasons(query: str, **fields: TextOrTexts) -> list[tuple[str, str]]:
    """Return the parts that fail and why, without the snippets."""
    return [(failing.part, failing.why) for failing in explain(query, **fields).nearest]


NEARER = [
    ('"road lock" OR dam NEAR/4 lock', "dam NEAR/4 lock"),  # too far apart is nearer than a missing word
    ("dam NEAR/1 lock OR dam NEAR/6 lock", "dam NEAR/6 lock"),  # fewer words too many
    ("bridge OR headline:dam", "headline:dam"),  # in another field
    ("bridge OR Iran OR Orvania", "Orvania"),  # a star would do
    ("Iran OR bridge", "Iran"),  # inside another word
    ("Orvania OR =US", "=US"),  # the very word, in another spelling
    ('"old bridge" OR "new bridge"', '"old bridge"'),  # one word missing, not two
    ('"old Orvania" OR sights OR "Orvania minister"', '"Orvania minister"'),  # a star would do, not only for one word
    ("section:sport OR bridge", "bridge"),  # a field that is not there at all
    ("(bridge road) OR (dam bridge)", "bridge"),
    ("(dam -lock) OR bridge", "lock"),  # all is there, but something else, too
]


@pytest.mark.parametrize(("query", "nearest"), NEARER, ids=[query for query, _ in NEARER])
def test_of_two_alternatives_the_nearer_is_named(query: str, nearest: str) -> None:
    """Of an OR one child is mended: that which is nearest to being met."""
    assert [failing.part for failing in explain(query, headline="x", body=BODY).nearest] == [nearest]


def test_all_that_an_and_lacks_is_named() -> None:
    """Every missing part of an AND fails, each once; what is met does not."""
    assert [part for part, _ in reasons("dam bridge (road OR =US) bridge", body=BODY)] == ["bridge", "=US"]


def test_alternatives_that_are_equally_far_are_named_together() -> None:
    """Where no alternative is nearer than another, none is singled out."""
    assert reasons("bridge OR road", body=BODY) == [("(bridge OR road)", "neither bridge nor road is in the body")]
    assert reasons("headline:(bridge OR road)", headline="x") == [
        ("headline:(bridge OR road)", "neither bridge nor road is in the headline")
    ]
    assert reasons("bridge OR road OR ship OR ferry OR raft", body=BODY) == [
        ("(bridge OR road OR ship OR ...)", "none of bridge, road, ship and 2 more is in the body")
    ]


def test_a_not_fails_by_what_is_there() -> None:
    """Of an OR that must not be met all that is there is in the way, of an AND one part; NOT NOT is as nothing."""
    assert [part for part, _ in reasons("old NOT (lock OR bridge OR dam)", body=BODY)] == ["lock", "dam"]
    assert [part for part, _ in reasons("old NOT (lock dam)", body=BODY)] == ["lock"]
    assert [part for part, _ in reasons("old NOT NOT bridge", body=BODY)] == ["bridge"]


def test_the_tree_is_judged_node_by_node() -> None:
    """Every node of the query has its verdict: where it is met, or why it is not."""
    found = explain('dam (bridge OR headline:"old lock") -raft', headline="The old  lock", body="a dam, a dam")
    assert found.met
    assert found.nearest == ()
    (query,) = found.judged
    assert query.key == "query"
    assert list(lines(query.verdict)) == [
        "+ AND",
        "  + dam body: «dam»",
        "  + OR",
        "    - bridge bridge is not in the headline or body",
        "    + headline:",
        '      + "old lock" headline: «old  lock»',
        "  + NOT",
        "    - raft raft is not in the headline or body",
    ]
    (dam,) = query.verdict.children[0].where
    assert dam.offsets == ((2, 5), (9, 12))


def lines(verdict: Verdict, indent: str = "") -> Sequence[str]:
    """Return a tree as lines of text."""
    where = ", ".join(f"{one.field}: «{one.words[0]}»" for one in verdict.where)
    title = f"{indent}{'+' if verdict.met else '-'} {verdict.part} {where}{verdict.reason}".rstrip()
    return [title, *(line for child in verdict.children for line in lines(child, indent + "  "))]


# --- languages ---


def test_only_queries_in_the_language_of_the_article_are_judged() -> None:
    """Of a topic with a query for each language those are judged that are for the article."""
    query = {"en": "dam", "ru": "плотина", "pt-br": "barragem"}
    english = explain(query, lang="en-GB", body="x")
    assert [judged.key for judged in english.judged] == ["query.en"]
    assert english.passed_over == ("query.ru", "query.pt-br")
    assert [failing.part for failing in english.nearest] == ["dam"]
    assert len(explain(query, body="плотина").judged) == 3
    assert explain(query, body="плотина").met


def test_no_query_in_the_language_of_the_article() -> None:
    """Where no query is for the article, its language is what fails."""
    several = explain({"en": "dam", "ru": "плотина"}, lang="de", body="dam")
    assert several.judged == ()
    assert several.nearest == (Failing("en, ru", "the article is in German (de); the topic has queries for en, ru"),)
    one = account(Topic("topic", "dam", languages=("en", "fr")), lang="tlh", body="dam")
    assert one.nearest == (Failing("en, fr", "the article is in tlh; the topic is for en, fr"),)


def test_of_several_queries_the_nearest_counts() -> None:
    """An article that does not say its language is tried with all queries, and needs to meet only one."""
    assert [part for part, _ in reasons_of(Topic("topic", {"en": "bridge", "fr": "Orvania"}), body=BODY)] == ["Orvania"]


def reasons_of(topic: Topic, **fields: TextOrTexts) -> list[tuple[str, str]]:
    """Return the parts that fail and why, without the snippets."""
    return [(failing.part, failing.why) for failing in account(topic, **fields).nearest]


# --- agreement ---

TERMS = st.sampled_from(["dam", "dams", "Dam", "old", "orvania", "大", "坝", "en"])
WORDS = st.one_of(TERMS, st.sampled_from(["dam*", "orv*", "=Dam", "大坝", "old-dam"]))
PHRASES = st.lists(st.one_of(TERMS, st.just("dam*")), min_size=2, max_size=3).map(" ".join).map('"{}"'.format)
PLACES = st.one_of(WORDS, PHRASES, st.builds("({} OR {})".format, WORDS, PHRASES))
LEAVES = st.one_of(
    PLACES,
    st.builds("{}~{}".format, PHRASES, st.integers(1, 4)),
    st.builds("{} NEAR/{} {}".format, PLACES, st.integers(0, 4), PLACES),
)
FIELDS = ["headline", "body", "author", "lang", "tag"]
QUERIES = st.recursive(
    LEAVES,
    lambda query: st.one_of(
        st.builds("({} {})".format, query, query),
        st.builds("({} OR {})".format, query, query),
        st.builds("NOT {}".format, query),
        st.builds("{}:({})".format, st.sampled_from(FIELDS), LEAVES),
    ),
).filter(lambda query: is_query(query))
LANGUAGES = st.sampled_from(["en", "ru", "pt-br"])
TOPICS = st.one_of(
    st.builds(
        Topic,
        name=st.just("topic"),
        query=QUERIES,
        languages=st.lists(LANGUAGES, max_size=2).map(tuple),
        inflect=st.sampled_from([(), ("en",), ("en", "ru")]),
    ),
    st.builds(
        Topic,
        name=st.just("topic"),
        query=st.dictionaries(LANGUAGES, QUERIES, min_size=1),
        inflect=st.sampled_from([(), ("en",)]),
    ),
)
TEXTS = st.lists(TERMS, max_size=8).map(" ".join)
ARTICLES = st.fixed_dictionaries(
    {
        "headline": TEXTS,
        "body": st.one_of(st.none(), TEXTS),
        "author": st.lists(TEXTS, max_size=2),
        "lang": st.sampled_from([None, "en", "en-GB", "ru", "pt", "pt_BR"]),
        "tag": st.lists(st.sampled_from(["dam", "old-dam", "orvania-dam"]), max_size=2),
    }
)


@given(TOPICS, ARTICLES)
def test_agrees_with_the_matcher(topic: Topic, article: dict[str, TextOrTexts]) -> None:
    """A topic is met by the account if the matcher says so; else something fails, and each says why."""
    found = account(topic, **article)
    assert found.met == bool(TopicMatcher.of([topic]).match(**article))
    assert bool(found.nearest) == (not found.met)
    assert all(failing.part and failing.why for failing in found.nearest)
    assert all(query.verdict.distance > 0 for query in found.judged)


@given(st.one_of(QUERIES, st.builds("{}:({})".format, st.sampled_from(["headline", "body"]), LEAVES)), ARTICLES)
def test_advice_is_good(query: str, article: dict[str, TextOrTexts]) -> None:
    """What "would find it" makes the article meet that part, whole; what "would find that word" the word alone."""
    for failing in explain(query, **article).nearest:
        if advised := ADVICE.search(failing.why):
            better = advise(failing.part, *advised.groups(default=""))
            assert TopicMatcher.of([better]).match(**article), (failing, better)


ADVICE = re.compile(r'(?:(\S+) is not in .+ is: |; )(\S+\*|inflect = \["en"\]|"[^"]+"~\d+) would find (.+)')
NAMED = re.compile(rf"(?:{'|'.join(FIELDS)}):")


def advise(part: str, word: str, advice: str, finds: str) -> Topic:
    """Return the part as a topic that follows the advice."""
    field = named[0] if (named := NAMED.match(part)) else ""
    mended = word if finds == "that word" else part.removeprefix(field)
    if advice.startswith("inflect"):
        return Topic("topic", f"{field}({mended})", inflect=("en",))
    if finds == "them":
        return Topic("topic", field + advice)
    alone = re.compile(rf"(?<![\w=-]){re.escape(word)}(?![\w*-])")
    return Topic("topic", f"{field}({alone.sub(advice, mended)})")


def is_query(query: str) -> bool:
    """Not refused, as one of NOTs alone is."""
    try:
        parse(query)
    except QueryError:
        return False
    return True


# --- hostile sizes ---

MANY = [f"x{i:04}" for i in range(1000)]  # words of the query; in the text stand longer ones
HOSTILE = {
    "words that are inside longer ones": " ".join(word[1:] for word in MANY),
    "words that a star would find": " OR ".join(MANY),
    "exact words": " ".join(f"=X{word[1:]}a" for word in MANY),
    "words that must not be there": "x0001a " + " ".join(f"-{word}a" for word in MANY),
    "phrases the wrong way round": " ".join(
        f'"{one}a {other}a"' for one, other in zip(MANY[1::2], MANY[::2], strict=True)
    ),
    "one long phrase": f'"{" ".join(f"{word}a" for word in reversed(MANY))}"',
    "one word again and again": "bridge " * 1000,
}


@pytest.mark.parametrize("query", HOSTILE.values(), ids=HOSTILE)
def test_cost_grows_with_query_and_text_not_with_their_product(query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many parts fail, the text is cut into words once more, and each part is looked for a few times."""
    looked_for, cut = [], []
    places = Passage.places

    def counted_places(passage: Passage, sought: Node, most: int | None = None) -> list[Span]:
        looked_for.append(sought)
        return places(passage, sought, most)

    def counted_words(text: str) -> list[str]:
        cut.append(text)
        return words(text)

    monkeypatch.setattr(Passage, "places", counted_places)
    monkeypatch.setattr("crawler.topics.account.scope.words", counted_words)
    body = " ".join(f"{word}a" for word in MANY) * 3
    assert not explain(query, body=body, lang="en").met
    assert len(looked_for) <= 6 * 1000
    assert len(cut) <= 1


def test_a_near_is_measured_in_one_pass() -> None:
    """Of two words that stand everywhere, never near enough, the closest places are found among 100,000 words."""
    body = "lock x x dam x x x " * 14_000
    assert reasons("dam NEAR/1 lock", body=body)[0][1] == "dam and lock are 2 words apart in the body; NEAR/1 allows 1"
