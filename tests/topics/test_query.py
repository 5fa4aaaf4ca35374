"""What a query is understood as, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.news.errors import QueryError
from crawler.topics import explain, parse

PIECES = ["AND", "OR", "NOT", "NEAR/3", "NEAR", "&&", "||", "-", "!", "(", ")", '"', "“", "«", "»", "~", "~2", "*", "="]
PIECES += ["headline:", "lang:", "title:", "orvania", "Dam*", "大坝", " ", "\t", "'", "+", "\\", "\0", "\ud800"]


def test_explain_shows_how_operators_bind() -> None:
    """NOT binds before AND, AND before OR; a space is AND; a field takes what directly follows."""
    tree = parse('Orvania -"old dam" OR headline:(brid* || =EU)')
    assert explain(tree).splitlines() == [
        "OR",
        "  AND",
        "    orvania",
        "    NOT",
        '      "old dam"',
        "  headline:",
        "    OR",
        "      brid*",
        "      =EU",
    ]


def test_both_spellings_of_near_are_one() -> None:
    """`"a b"~5` and `a NEAR/5 b` mean the same."""
    assert parse('"dam Orvania"~5') == parse("dam NEAR/5 Orvania")


@pytest.mark.parametrize(
    ("query", "column", "mend"),
    [
        ("", 1, "Write what to look for"),
        ("NOT dam", 1, "Say also what must be there"),
        ("dam OR -bridge", 8, "Say also what must be there"),
        ("Orvania da*", 9, "at least three letters"),
        ("Orvania *dam", 9, "only end a word"),
        ("Or*ania", 3, "only at the end"),
        ('Orvania "dam', 9, "not closed"),
        ("Orvania (dam", 9, "not closed"),
        ("dam)", 4, "Remove it"),
        ("dam ()", 5, "Remove them"),
        ("title:dam", 1, "The fields are headline"),
        ("headline:(body:dam)", 11, "Remove one"),
        ("headline:-dam", 10, "-headline:"),
        ("dam AND", 5, "must follow AND"),
        ("OR dam", 1, "must stand before OR"),
        ("dam NEAR Orvania", 5, "NEAR/5"),
        ("dam near/5 Orvania", 5, "NEAR/5"),
        ("dam NEAR/5000 Orvania", 5, "at most 999"),
        ("a NEAR/5 b NEAR/5 c", 12, '"a b c"~5'),
        ("dam NEAR/5 (a AND b)", 12, "(one OR another)"),
        ('"dam Orvania"~', 14, '"..."~5'),
        ('"dam Orv"*', 10, "before the closing quote"),
        ("Orvania - dam", 9, "leave it out"),
        ("Orvania –dam", 9, "write -word"),
        ("+dam", 1, "Write dam"),
        ("dam~2", 4, "in quotes"),
        ("d?m", 2, "in quotes"),
        ("=EU*", 2, "Write EU* or =EU"),
        ('"..."', 1, "There is no word"),
        ("!" * 60 + "dam", 51, "flatter"),
    ],
)
def test_refusals_name_the_column_and_the_mend(query: str, column: int, mend: str) -> None:
    """What could be silently misunderstood is refused, at its column, with what to write instead."""
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert caught.value.column == column
    assert mend in str(caught.value)


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join)))
def test_any_text_is_a_query_or_a_query_error(text: str) -> None:
    """Arbitrary text is understood or refused within its columns; nothing else is ever raised."""
    try:
        explain(parse(text))
    except QueryError as error:
        assert 1 <= error.column <= len(text) + 1
