"""Small text helpers."""

from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.text import count_words, fold, tidy


def test_scripts_without_spaces_have_words_too() -> None:
    """Two characters of Chinese count as a word, so a Chinese page is not "without text"."""
    assert count_words("港务局周二晚间投票决定") == 5
    assert count_words("Four metres, no more") == 4


def test_metadata_are_often_escaped_twice() -> None:
    """Entities that the parser left are resolved, space is folded, what nobody can see is gone."""
    assert tidy(" R&uuml;ck\u00adbau\n am&#32; Kai\u200b ") == "Rückbau am Kai"
    assert tidy(None) == tidy(7) == ""


@given(st.text())
def test_texts_are_compared_by_their_words(text: str) -> None:
    """Case, marks and space are no difference; folding twice changes nothing."""
    assert fold(f"«{text}» !") == fold(text)
    assert fold(fold(text)) == fold(text)
