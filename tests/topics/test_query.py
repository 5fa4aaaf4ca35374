"""What a query is understood as, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.news.errors import QueryError
from crawler.topics import explain, parse
from crawler.topics.tree import And, Field, Near, Node, Not, Or, Phrase, Word

PIECES = ["AND", "OR", "NOT", "NEAR/3", "NEAR", "&&", "||", "-", "!", "(", ")", '"', "“", "«", "»", "~", "~2", "*", "="]
PIECES += ["headline:", "lang:", "title:", "orvania", "Dam*", "大坝", " ", "\t", "'", "+", "\\", "\0", "\ud800"]
PIECES += [
    "（",
    "＂",
    "‘",
    "’",
    "„",
    "‹",
    "\u200f",
    "|",
    "&",
    "/5",
    "[",
    "^",
    ":",
    "AROUND",
    'צה"ל',
    "🔥",
    "covid-19",
    "5",
]
QUERIES = st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join))


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
    assert explain(parse('"dam Orvania"~5')) == explain(parse("dam NEAR/5 Orvania"))


@pytest.mark.parametrize(
    ("query", "understood"),
    [
        ("dam AND NOT bridge", "dam -bridge"),
        ("dam & bridge | road", "dam bridge OR road"),
        ("dam|bridge", "dam OR bridge"),
        ("headline: dam", "headline:dam"),
        ("HEADLINE:dam", "headline:dam"),
        ('-"old dam" -(a b) c', 'NOT "old dam" NOT (a AND b) AND c'),
        ("（dam　ＯＲ　bridge） －road", "(dam OR bridge) -road"),
        ("\u200fdam\u200f \u202aOR bridge\u202c", "dam OR bridge"),
        ("„old dam“", '"old dam"'),
        ("»old dam«", '"old dam"'),
        ("‹old dam›", '"old dam"'),
        ("「old dam」", '"old dam"'),
        ("《old dam》", '"old dam"'),
        ("=“New Dawn”", '="New Dawn"'),
        ('"צה"ל בגבול"', '"צה ל בגבול"'),
        ("AT&T", '"AT & T"'),
        ("https://a.example/x", '"https a example x"'),
        ("12:30", '"12 30"'),
        ("'90s dam", "90s dam"),
        ("O'Brannick's", '"O Brannick s"'),
        ('headline:"old dam"~3', "headline:(old NEAR/3 dam)"),
        ("NOT NOT dam", "NOT (NOT dam)"),
    ],
)
def test_what_people_write_is_understood(query: str, understood: str) -> None:
    """Habits from elsewhere that can mean one thing alone mean that."""
    assert explain(parse(query)) == explain(parse(understood))


@pytest.mark.parametrize(
    ("query", "written"),
    [
        ("=US", ["=US"]),
        ('"old dam"~2', ['"old dam"~2']),
        ("x (dam  NEAR/5 (bridge OR  road) )", ["x", "dam  NEAR/5 (bridge OR  road)"]),
        ("headline:(covid-19 OR Orv*) -tag:state-media", ["covid-19", "Orv*", "state-media"]),
        ("（ＮＡＴＯ）　『old dam』", ["ＮＡＴＯ", "『old dam』"]),
        ("\u200f“Old Dam”\u200f", ["“Old Dam”"]),
    ],
)
def test_leaves_know_how_they_were_written(query: str, written: list[str]) -> None:
    """A word, phrase or NEAR holds the very text of the query that it comes from, without its field."""
    assert [leaf.written for leaf in leaves(parse(query))] == written


def test_words_of_a_phrase_know_their_piece() -> None:
    """Within a phrase each word holds what stands for it."""
    tree = parse('"Orvania\'s Dam*"')
    assert isinstance(tree, Phrase)
    assert [word.written for word in tree.words] == ["Orvania", "s", "Dam*"]


def test_inflection_gives_words_the_keys_of_their_forms() -> None:
    """Words also stand for their other forms, by the rules of each language asked for."""
    assert parse("Плотины", inflect=["ru", "en"]) == Word(
        "плотины", stems=("ru:плотин", "ru:плотины", "en:плотины"), written="Плотины"
    )
    assert explain(parse('плотина "old dams"', inflect=["ru", "en"])).splitlines() == [
        "AND",
        "  плотина (any form: en, ru)",
        '  "old dams" (any form: en, ru)',
    ]


@pytest.mark.parametrize(
    "query", ["=dams", "dams*", '="old dams"', "2026", "🔥", "大坝", "tag:agencies", "author:Dams"]
)
def test_what_is_never_inflected(query: str) -> None:
    """An exact word, a prefix, a number, a symbol, a script without spaces and names in other fields stay so."""
    assert parse(query, inflect=["en"]) == parse(query)


def test_a_query_of_fifty_thousand_words_is_understood() -> None:
    """No length of query is too much."""
    tree = parse(" OR ".join(["dam", '"old dam"', "-headline:x y"] * 20_000))
    assert isinstance(tree, Or)
    assert len(tree.children) == 60_000


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
        ("dam AND NOT", 9, "must follow NOT"),
        ("dam AND OR bridge", 5, "must follow AND"),
        ('"dam" "bridge', 7, "not closed"),
        ("site:dam", 1, "The fields are headline"),
        ("intitle:dam", 1, "The fields are headline"),
        ("headline : dam", 10, "right behind the name"),
        ("dam NEAR/-1 bridge", 5, "NEAR/5"),
        ("dam NEAR5 bridge", 5, "NEAR/5"),
        ("dam AROUND(5) bridge", 5, "NEAR/5"),
        ("dam w/5 bridge", 5, "NEAR/5"),
        ("dam NEAR/5 -bridge", 5, "must follow NEAR/5"),
        ("dam NEAR/5 headline:bridge", 12, "a field goes around it"),
        ('"old dam"~2x', 10, '"..."~5'),
        ('"old dam" ~2', 11, "right behind the closing quote"),
        ('"old * dam"', 6, '"Iran war"~5'),
        ("dam^2", 4, "Remove the ^"),
        ('"old dam"^2', 10, "Remove the ^"),
        ("[a TO b]", 1, "no ranges"),
        ("dam ‚old bridge‘", 5, 'Write "old bridge"'),
        ("dam 'old bridge'", 5, 'Write "old bridge"'),
        ("dam + bridge", 5, "Every word must be there anyway"),
        ("= dam", 1, "right before its word"),
        ("（dam", 1, "not closed"),
        ("!" * 60 + "dam", 51, "flatter"),
    ],
)
def test_refusals_name_the_column_and_the_mend(query: str, column: int, mend: str) -> None:
    """What could be silently misunderstood is refused, at its column, with what to write instead."""
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert caught.value.column == column
    assert mend in str(caught.value)


@given(QUERIES)
def test_any_text_is_a_query_or_a_query_error(text: str) -> None:
    """Arbitrary text is understood or refused within its columns; nothing else is ever raised."""
    try:
        explain(parse(text, inflect=["en", "ru"]))
    except QueryError as error:
        assert 1 <= error.column <= len(text) + 1


@given(QUERIES)
def test_what_a_leaf_was_written_as_is_understood_as_that_leaf(text: str) -> None:
    """What evidence shows as the part of the query that was met can be tried as a query of its own."""
    try:
        tree = parse(text)
    except QueryError:
        return
    for leaf in leaves(tree):
        assert leaf.written in text
        assert parse(leaf.written) == leaf


def leaves(node: Node) -> list[Word | Phrase | Near]:
    """Return what of the tree is met at a place, in order."""
    match node:
        case And(children) | Or(children):
            return [leaf for child in children for leaf in leaves(child)]
        case Not(child) | Field(_, child):
            return leaves(child)
        case _:
            return [node]
