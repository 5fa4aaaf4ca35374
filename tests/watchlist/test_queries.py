"""Queries of topics: by language, by whose rules, with whose tags."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.topics import parse
from crawler.topics.stems import LANGUAGES
from crawler.watchlist.kinds import Fault, Refused
from crawler.watchlist.queries import Inflected, Queries, Query, tags_of

QUERIES = ["dam", "dam OR bridge", '"old dam"~2', "dam AND", "(dam", "a*", "", " dam ", "two\nlines"]


@given(st.dictionaries(st.sampled_from(["en", "pt-br", "ru"]), st.sampled_from(QUERIES) | st.text(), min_size=1))
def test_a_table_is_as_good_as_its_queries(table: dict[str, str]) -> None:
    """Each is read, or refused, as it is alone; the faults say which query they are of."""
    read: dict[str, str] = {}
    faults: list[Fault] = []
    for language, query in table.items():
        try:
            read[language] = Query().read(query)
        except Refused as refused:
            faults += [fault.under(language) for fault in refused.faults]
    if not faults:
        assert Queries().read(table) == read
        return
    with pytest.raises(Refused) as refused_table:
        Queries().read(table)
    assert refused_table.value.faults == faults


@pytest.mark.parametrize("query", QUERIES)
def test_one_query_is_read_as_ever(query: str) -> None:
    """A text is that query, or refused as that."""
    try:
        read = Query().read(query)
    except Refused as refused:
        with pytest.raises(Refused) as again:
            Queries().read(query)
        assert again.value.faults == refused.faults
    else:
        assert Queries().read(query) == read


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_with_rules_bends_a_query(language: str) -> None:
    """What the watchlist lets through, the matcher can stem by."""
    assert Inflected().read(language) == language
    parse("dam OR плотина OR سد", inflect=[language])


@pytest.mark.parametrize(
    "query, names",
    [
        ("tag:agency", ["agency"]),
        ("dam TAG:state-media", ["state-media"]),
        ('tag:"wire service" OR tag:=Local', ["wire service", "Local"]),
        ("dam AND tag:(agency OR (local blog))", ["agency", "local", "blog"]),
        ("tag：通讯社", ["通讯社"]),
        ("dam -tag:agency", []),
        ("dam NOT (tag:agency OR tag:local)", []),
        ("tag:agen* dam", []),
        ('tag:"wire serv*" dam', []),
        ("tag outlet:agency headline:tag", []),
        ('"tag:agency"', []),
    ],
)
def test_tags_that_are_asked_for(query: str, names: list[str]) -> None:
    """By their whole names and as written; not what stands under NOT, nor beginnings, nor the word itself."""
    assert [tag.name for tag in tags_of(query)] == names


def test_a_tag_is_known_by_its_folded_words() -> None:
    """As the matcher compares it: no case, no accents, no dashes."""
    assert [tag.words for tag in tags_of("tag:État-Média")] == [("etat", "media")]
