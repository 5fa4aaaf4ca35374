"""What a query is understood as, and what is refused."""

import re

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
    "\u200b",
    "|",
    "&",
    "/5",
    "[",
    "^",
    ":",
    ",",
    "、",
    "‐",
    "AROUND",
    "XOR",
]
PIECES += ['צה"ל', "🔥", "covid-19", "5", "ADJ5", "tag:", "min_faves:", "EN-gb"]
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
    """`"a b"~5` and `a NEAR/5 b` mean the same, and so with 0."""
    for number in (5, 0):
        assert explain(parse(f'"dam Orvania"~{number}')) == explain(parse(f"dam NEAR/{number} Orvania"))


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
        ("Orvania \u200bNOT\u2060 dam", "Orvania NOT dam"),
        ("\ufeffN\u00adOT dam Orvania", "NOT dam Orvania"),
        ("headline\u200e:\u200fdam", "headline:dam"),
        ('"old dam"\u200b~5', '"old dam"~5'),
        ("Orvania\ufeff*\u2069", "Orvania*"),
        ("lang:e\u200bn", "lang:en"),
        ("lang:pt_BR dam", "lang:pt-br dam"),
        ("lang:(en-GB OR ru)", "lang:(EN_gb OR ru)"),
        ("〝old dam〟", '"old dam"'),
        ("〈old dam〉", '"old dam"'),
        ("1,000 $2,50", '"1 000" "$ 2 50"'),
        ("Orvania, dam", "Orvania dam"),
        ("dam D'OR =OR", 'dam "D OR" =OR'),
        ("N5 W5 R&D-X", '"N5" "W5" "R & D X"'),
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
        ("\u200bOrva\u00adnia\u200b NEAR/2\u200b dam\u200b", ["Orva\u00adnia\u200b NEAR/2\u200b dam"]),
        ("Orva\ufeffnia =U\u200bS", ["Orva\ufeffnia", "=U\u200bS"]),
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
        ("Or*ania", 3, "only end a word"),
        ("Orvania*, dam", 8, "Write Orvania*"),
        ('dam "Orvania*." x', 13, "Write Orvania*"),
        ('"(Orvania*) dam"', 10, "Write Orvania*"),
        ("Orvania**", 8, "Write Orvania*"),
        ('"te*t"', 4, "only end a word"),
        ('"=US troops"', 2, 'the opening quote: ="US troops"'),
        ('"US =troops"', 5, 'the opening quote: ="US troops"'),
        ("=headline:dam", 1, "headline:=US"),
        ("\u200bdam \u200b(b\u00adridge", 7, "not closed"),
        ("dam\u200b OR \u200b", 6, "must follow OR"),
        *((f"dam {dash}sport", 5, "write -word") for dash in "‐‑‒–—―−﹣﹘⸺֊־"),
        ("min_faves:100", 1, "The fields are headline"),
        ("covid19:dam", 1, "The fields are headline"),
        ('+"old dam"', 1, "Remove the +"),
        ("+(old dam)", 1, "Remove the +"),
        ("Orvania OR-war", 9, "a space before and after OR"),
        ("Orvania AND!war", 9, "a space before and after AND"),
        ("Orvania OR'war'", 9, "a space before and after OR"),
        ("Orvania AND/OR dam", 9, "a space before and after AND"),
        ("Orvania,OR,dam", 9, "a space before and after OR"),
        ("dam XOR bridge", 5, "(a OR b) NOT (a AND b)"),
        ("dam ANDNOT bridge", 5, "Write NOT"),
        ("dam ADJ5 bridge", 5, "Write NEAR/5"),
        *((f"dam {near} bridge", 5, "is written NEAR/5") for near in ("W/5", "N/5", "PRE/5", "/s", "/p", "w/s")),
        ("Orvania,Tollmark,Dam", 8, '(Orvania OR Tollmark OR Dam), or "Orvania Tollmark Dam"'),
        ("大坝、桥", 3, '(大坝 OR 桥), or "大坝 桥"'),
        ("大坝，桥", 3, "(大坝 OR 桥)"),
        ("COVID-19;dam", 9, "(COVID-19 OR dam)"),
        ("dam,2026", 4, "(dam OR 2026)"),
        ("’old dam’", 1, 'Write "old dam"'),
        ("''old dam''", 1, 'Write "old dam"'),
        ('tag:"state media"~1', 5, "Remove the ~1"),
        ("tag:(state NEAR/2 media)", 12, "Remove the NEAR/2"),
        ("dam lang:English", 10, "a code like en"),
        ("lang:en*", 6, "a code like en"),
        ("lang:=en", 6, "a code like en"),
        ('lang:(en OR "ru de")', 13, "a code like en"),
        *(
            (f"dam lang:{wrong}", 10, f"Write {right}")
            for wrong, right in (("ua", "uk"), ("JP", "ja"), ("cn-hans", "zh"))
        ),
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
        ("+dam", 1, "Remove the +"),
        ("dam~2", 4, "Remove it"),
        ("d?m", 2, "Remove it"),
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
        ('"Old Dam"-based', 10, "write -word"),
        ("«Орвания»-2", 10, "write -word"),
        ("(Orvania)-Tollmark", 10, "write -word"),
        ("Orvania ! dam", 9, "no word"),
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


@given(QUERIES, st.sampled_from("\u00ad\u200b\u200c\u200e\u202b\u2060\u2067\ufe0f\ufeff"))
def test_invisible_characters_make_no_difference(text: str, unseen: str) -> None:
    """Wherever they stand, a query is understood, or refused at the same character, as without them."""
    spread = unseen + "".join(c + unseen for c in text)
    try:
        understood = explain(parse(text))
    except QueryError as error:
        with pytest.raises(QueryError, match=re.escape(str(error))) as caught:
            parse(spread)
        assert caught.value.column == 2 * error.column
    else:
        assert explain(parse(spread)) == understood


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
