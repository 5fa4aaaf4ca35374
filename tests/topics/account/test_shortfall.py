"""The sentences that say why a word, a phrase or a NEAR is not met, and the snippets that show it."""

import pytest

from crawler.news.topic import Topic
from crawler.topics.account import Failing, account

TextOrTexts = str | list[str] | None
BODY = "The Orvanian minister opened the old lock, and us and them saw the Tollmark dam near Miran."


def failing(query: str, **fields: TextOrTexts) -> Failing:
    """Return the one part of a query that fails."""
    (part,) = account(Topic("topic", query), **fields).nearest
    return part


SENTENCES: list[tuple[str, dict[str, TextOrTexts], str, str]] = [
    # words
    ("bridge", {"body": BODY}, "bridge", "bridge is not in the body"),
    ("Bridge", {"headline": "x", "body": BODY}, "Bridge", "Bridge is not in the headline or body"),
    ("bridg*", {"body": BODY}, "bridg*", "bridg* is not in the body"),
    ("=Bridge", {"body": BODY}, "=Bridge", "=Bridge is not in the body"),
    ("=US", {"body": BODY}, "=US", "only «us» is in the body, spelled otherwise than =US"),
    (
        '="Old Lock"',
        {"body": BODY},
        '="Old Lock"',
        'only «old lock» is in the body, spelled otherwise than ="Old Lock"',
    ),
    ("Orvania", {"body": BODY}, "Orvania", "Orvania is not in the body; Orvanian is: Orvania* would find it"),
    ("Iran", {"body": BODY}, "Iran", "Iran is not in the body; Miran contains it, but only whole words count"),
    ("an", {"body": BODY}, "an", "an is not in the body"),
    ("ir", {"body": BODY}, "ir", "ir is not in the body"),
    ("总统府", {"body": "总统在府"}, "总统府", "总统府 is not in the body"),
    ("covid-19", {"body": "19 covid"}, "covid-19", "covid-19 is not in the body"),
    # other fields, and those that the article does not have
    ("headline:dam", {"headline": "x", "body": BODY}, "headline:dam", "dam is in the body, not in the headline"),
    ("sport", {"body": BODY, "section": "sport"}, "sport", "sport is in the section, not in the body"),
    ("section:sport", {"body": BODY}, "section:sport", "the article has no section"),
    ("dam", {"section": "x"}, "dam", "the article has no headline, description or body"),
    ("outlet:x", {"body": "x"}, "outlet:x", "the article does not say its outlet"),
    ("url:sport", {"url": "https://a.example/x"}, "url:sport", "sport is not in the address"),
    ("lang:en", {"lang": "de"}, "lang:en", "the article is in German (de), not en"),
    ("lang:en", {"lang": "tlh"}, "lang:en", "the article is in tlh, not en"),
    ("lang:en", {"body": "en"}, "lang:en", "the article does not say its language"),
    (
        "tag:agency",
        {"tag": ["local", "state-media"]},
        "tag:agency",
        "the outlet has no tag agency; its tags are local and state-media",
    ),
    ("tag:media", {"tag": ["state-media"]}, "tag:media", "the outlet has no tag media; its tag is state-media"),
    ("tag:agency", {"body": "agency", "outlet": "x"}, "tag:agency", "the outlet has no tags"),
    (
        "tag:agency",
        {"body": "agency"},
        "tag:agency",
        "it is of no outlet of the watchlist, and so has no tags",
    ),
    # phrases
    (
        '"old dam"',
        {"body": BODY},
        '"old dam"',
        'the words of "old dam" stand in the body, but not side by side; "old dam"~8 would find them',
    ),
    (
        '"lock old"',
        {"body": BODY},
        '"lock old"',
        'the words of "lock old" stand in the body, but in another order; "lock old"~1 would find them',
    ),
    (
        '"minister Miran"',
        {"body": f"minister {'x ' * 30}Miran"},
        '"minister Miran"',
        'the words of "minister Miran" stand in the body, but not side by side',
    ),
    (
        '"covid-19 case"',
        {"body": "covid 19, a case"},
        '"covid-19 case"',
        'the words of "covid-19 case" stand in the body, but not side by side',
    ),
    ('"old bridge"', {"body": BODY}, '"old bridge"', "bridge is not in the body"),
    ('"new bridge"', {"body": BODY}, '"new bridge"', "neither new nor bridge is in the body"),
    ('"a new long bridge"', {"body": "x"}, '"a new long bridge"', "none of a, new, long and 1 more is in the body"),
    (
        'author:"Ada Quist"',
        {"author": ["Ada Vostrikov", "Ilya Quist"]},
        'author:"Ada Quist"',
        'the words of "Ada Quist" are there, but not in one and the same text',
    ),
    (
        'headline:"old lock"',
        {"headline": "old", "body": BODY},
        'headline:"old lock"',
        '"old lock" is in the body, not in the headline',
    ),
    # NEAR
    (
        "dam NEAR/5 Orvania*",
        {"body": BODY},
        "dam NEAR/5 Orvania*",
        "dam and Orvania* are 12 words apart in the body; NEAR/5 allows 5",
    ),
    ("a NEAR/0 c", {"body": "a b c"}, "a NEAR/0 c", "a and c are 1 word apart in the body; NEAR/0 allows 0"),
    (
        "lock NEAR/3 (bridge OR dam)",
        {"body": BODY},
        "lock NEAR/3 (bridge OR dam)",
        "lock and (bridge OR dam) are 7 words apart in the body; NEAR/3 allows 3",
    ),
    (
        '"old lock dam"~2',
        {"body": BODY},
        '"old lock dam"~2',
        "old, lock and dam are 7 words apart in the body; ~2 allows 2",
    ),
    (
        '"a b c d"~2',
        {"body": "a b c x x x d"},
        '"a b c d"~2',
        'the words of "a b c d"~2 are 3 words apart in the body; ~2 allows 2',
    ),
    ("dam NEAR/5 bridge", {"body": BODY}, "dam NEAR/5 bridge", "bridge is not in the body"),
    (
        "dam NEAR/5 (bridge OR road)",
        {"body": BODY},
        "dam NEAR/5 (bridge OR road)",
        "(bridge OR road) is not in the body",
    ),
    (
        "dam NEAR/5 (bridge OR Orvania)",
        {"body": BODY},
        "dam NEAR/5 (bridge OR Orvania)",
        "Orvania is not in the body; Orvanian is: Orvania* would find that word",
    ),
    (
        "minister NEAR/5 (bridge OR Orvania)",
        {"body": BODY},
        "minister NEAR/5 (bridge OR Orvania)",
        "Orvania is not in the body; Orvanian is: Orvania* would find it",
    ),
    (
        '"Orvania minister"',
        {"body": BODY},
        '"Orvania minister"',
        "Orvania is not in the body; Orvanian is: Orvania* would find it",
    ),
    (
        '"old Orvania"',
        {"body": BODY},
        '"old Orvania"',
        "Orvania is not in the body; Orvanian is: Orvania* would find that word",
    ),
    (
        '"dam old" NEAR/5 lock',
        {"body": BODY},
        '"dam old" NEAR/5 lock',
        'the words of "dam old" stand in the body, but not side by side',
    ),
    (
        "dam NEAR/5 lock",
        {"headline": "a lock", "body": "a dam"},
        "dam NEAR/5 lock",
        "dam and lock are there, but not in one and the same text",
    ),
    ("dam NEAR/5 dam*", {"body": "dam"}, "dam NEAR/5 dam*", "dam and dam* are in the body, but not together"),
    ('"a-b b-c c-d"~1', {"body": "a b c d"}, '"a-b b-c c-d"~1', "a-b, b-c and c-d are in the body, but not together"),
    # what must not be there
    (
        "dam -football",
        {"headline": "Football", "body": "dam"},
        "football",
        "football stands in the headline: «Football»; NOT excludes it",
    ),
    (
        "dam -lang:en",
        {"body": "dam", "lang": "en-GB"},
        "lang:en",
        "en stands in the language: «en-GB»; NOT excludes it",
    ),
]


@pytest.mark.parametrize(("query", "article", "part", "why"), SENTENCES, ids=[f"{q}: {w}" for q, _, _, w in SENTENCES])
def test_sentence(query: str, article: dict[str, TextOrTexts], part: str, why: str) -> None:
    """Each way to fail has its sentence, which names the part as the query writes it."""
    found = failing(query, **article)
    assert (found.part, found.why) == (part, why)


def test_snippets_show_where_it_nearly_is() -> None:
    """The place that comes closest, or what is in the way, is shown with the words marked; of long gaps the edges."""
    assert failing("Iran", body="Miran, Iranian").snippet == "Miran, «Iranian»"
    assert failing("dam -lock", body="dam,\n a lock").snippet == "dam,  a «lock»"
    near = failing("dam NEAR/2 lock", body="dam x x x x x lock,\n y y y Dam x")
    assert near.snippet == "«lock»,  y y y «Dam»"
    assert failing('"old dam"', body=f"old {'x ' * 90}dam").snippet == "«old» ... «dam»"
    assert failing("bridge", body=BODY).snippet == ""


def test_inflection_is_advised_where_it_would_find_the_word() -> None:
    """In the article's own language, if the topic does not inflect by it already."""
    why = 'плотина is not in the body; плотину is: inflect = ["ru"] would find it'
    assert failing("плотина", body="старую плотину", lang="ru").why == why
    assert account(Topic("topic", "плотина", inflect=("ru",)), body="старую плотину", lang="ru").met
    assert failing("плотина", body="плотину").why == "плотина is not in the body"


@pytest.mark.parametrize("field", ["section", "author", "outlet", "url"])
def test_inflection_is_not_advised_where_names_stand(field: str) -> None:
    """The words of a topic bend in headline, description and body only."""
    assert " is: inflect" not in failing(f"{field}:sports", **{field: "sport"}, body="x", lang="en").why
    assert failing("headline:sports", headline="sport", lang="en").why.endswith('inflect = ["en"] would find it')


@pytest.mark.parametrize("said", ["nb", "nn", "no", "nb-NO"])
@pytest.mark.parametrize("topic", ["nb", "nn", "no"])
def test_norwegian_is_one_language(said: str, topic: str) -> None:
    """Inflection that the topic has by one of its names is not advised by another."""
    article = {"body": "en demning brast", "lang": said}
    without = account(Topic("topic", "demningen", languages=(topic,)), **article)
    assert without.nearest[0].why.endswith('; demning is: inflect = ["no"] would find it')
    assert account(Topic("topic", "demningen", languages=(topic,), inflect=("no",)), **article).met
    assert account(Topic("topic", {topic: "demningen"}, inflect=("no",)), **article).met
    assert (
        "inflect" not in account(Topic("topic", "bru", languages=(topic,), inflect=(topic,)), **article).nearest[0].why
    )
