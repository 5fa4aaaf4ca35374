"""Offsets and snippets are exact, in every script of the golden cases."""

import re
import unicodedata
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.news.topic import Evidence
from crawler.topics import TopicMatcher, parse
from crawler.topics.text import spans, words
from crawler.topics.tree import Near
from tests.topics.naive import places
from tests.topics.test_cases import CASES

Span = tuple[int, int]

MET = [case for case in CASES if case["match"]]
AROUND = {  # a sentence of each script, by the first word of its letters' names; it meets none of the cases
    "LATIN": "Zwölf naïve Ænglish café-owners’ pets slept.",
    "CYRILLIC": "Щенки́ съели пирог, её нашёл юный вождь.",
    "GREEK": "Ξεσκεπάζω τὴν ψυχοφθόρα βδελυγμία.",
    "ARMENIAN": "Բարև՛ ձեզ, ընկերներ։",
    "GEORGIAN": "ძაღლი და კატა.",
    "CJK": "猫睡在椅子上。",
    "HIRAGANA": "ねこがねている。",
    "KATAKANA": "ネコトｲﾇ。",
    "HANGUL": "고양이가 잔다. \u1100\u1161\u11a8",
    "THAI": "แมวกำลังนอนหลับอยู่ใต้ต้นไม้ ",
    "LAO": "ແມວນອນ ",
    "KHMER": "ឆ្មា\u200bដេក ",
    "MYANMAR": "ကြောင်အိပ်",
    "ARABIC": "نامَت القِطّـــةُ تحت الشجرة، می\u200cخوابد ۱۲.",
    "HEBREW": "הֶחָתוּל יָשַׁן, צה״כ.",
    "DEVANAGARI": "बिल्ली पेड़ के नीचे सो रही है।",
    "BENGALI": "বিড়াল ঘুমায়।",
    "TAMIL": "பூனை தூங்குகிறது.",
}
GLUE = st.sampled_from(
    [" ", "\n", "\n\n", "\r\n\t", "\u3000", " 😀 ", " 👩‍💻\u2028", " 𐐷e\u0301 ", " \u0301x ", " \ufeff"]
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(MET), st.lists(GLUE, max_size=6), st.lists(GLUE, max_size=6))
def test_every_script(case: dict[str, str], before: list[str], after: list[str]) -> None:
    """Within a longer text of its script, with line breaks, astral characters and stray marks around it."""
    sentence = _sentence(case["text"])
    text = "".join(sentence + glue for glue in before) + case["text"] + "".join(glue + sentence for glue in after)
    assert_exact(text, case["query"])


def _sentence(text: str) -> str:
    scripts = (unicodedata.name(character, "?").split()[0] for character in text if character.isalpha())
    return AROUND.get(next(scripts, "LATIN"), AROUND["LATIN"])


@pytest.mark.parametrize(
    "filler", ["word ", "слово ", "水", "naïve’s–", "ไทย", "x" * 70 + " ", "👩‍💻 ", "e\u0301" * 9 + "\n"]
)
def test_a_long_text(filler: str) -> None:
    """Far from both ends a snippet has something on both sides of the hit."""
    (evidence,) = assert_exact(filler * 60 + "VOSTRIKOV, " + filler * 60, "vostrikov")
    before, after = evidence.snippet.split("«VOSTRIKOV»")
    assert before
    assert after


QUERIES = st.sampled_from(
    ["dam", "dam*", "=DAM", '"dam dam"', "dam OR 大坝", '"dam 大坝"~3', 'dam AND "dam 大"', "坝 -DAM*"]
)


@settings(deadline=None)
@given(QUERIES, st.text(alphabet="damDAMs 大坝-’\u0301\u200b\n", max_size=300))
def test_any_text(query: str, text: str) -> None:
    """Marks where no letter bears them, words of nothing but line breaks, hits at both ends."""
    if TopicMatcher({"topic": query}).match(body=text):
        assert_exact(text, query)


def assert_exact(text: str, query: str) -> tuple[Evidence, ...]:
    """Assert that the text meets the query, and that the evidence tells the truth about the text; return it."""
    (match,) = TopicMatcher({"topic": query}).match(body=text)
    for evidence in match.evidence:
        _assert_offsets(evidence, text, query)
        _assert_snippet(evidence, text)
    return match.evidence


def _assert_offsets(evidence: Evidence, text: str, query: str) -> None:
    """Offsets are of whole words, in order; each is what its part asks for; `words` are what stands there."""
    starts, ends = ({span[i] for span in spans(text)} for i in (0, 1))
    assert list(evidence.offsets) == sorted(evidence.offsets)
    assert all(start in starts and end in ends for start, end in evidence.offsets)
    for (start, end), part in zip(evidence.offsets, evidence.parts, strict=True):
        assert part in query
        assert _asks_for(part, text[start:end])
    assert evidence.words == tuple(dict.fromkeys(text[start:end] for start, end in _joined(evidence.offsets)))


def _asks_for(part: str, found: str) -> bool:
    tree, text = parse(part), words(found)
    sought = tree.parts if isinstance(tree, Near) else (tree,)
    return any((0, len(text)) in places(one, text) for one in sought)


def _assert_snippet(evidence: Evidence, text: str) -> None:
    """Without its marks it is a piece of the text on one line that cuts no word; the marks stand around the hits."""
    hits = _joined(evidence.offsets)
    pieces = re.split("[«»]", evidence.snippet)
    left = hits[0][0] - len(pieces[0])
    edges = list(accumulate(map(len, pieces), initial=left))
    right = edges[-1]
    assert "".join(pieces) == re.sub(r"\s", " ", text[left:right])
    assert list(zip(edges[1::2], edges[2::2], strict=False)) == [hit for hit in hits if hit[1] <= right]
    assert not any(first < edge < last for first, last in spans(text) for edge in (left, right))
    assert right - left <= max(160, hits[0][1] - hits[0][0])


def _joined(offsets: tuple[Span, ...]) -> list[Span]:
    """Return the offsets with those that overlap, as two parts of a query may, joined."""
    joined: list[Span] = []
    for start, end in offsets:
        if joined and start < joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined
