"""Words, their stems, and how common they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.stories.background import share_of_articles
from crawler.stories.words import MOST_WORDS, capitals_tell, read_words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Vostria’s", "Vostrian"),
        ("MÉXICO", "Mexico"),
        ("Präsidenten", "Präsident"),
        ("Зареченск", "Зареченске"),
        ("don’t", "don't"),
        ("38,000", "38.000"),
        ("ｆｕｌｌ", "full"),
    ],
)
def test_forms_of_one_word_share_a_stem(one: str, other: str) -> None:
    """Case, accents, endings and typography make no difference."""
    assert [word.stem for word in read_words(one)] == [word.stem for word in read_words(other)]


def test_capitals_inside_sentences_are_names() -> None:
    """The starts of sentences and quotations don't count, for they say nothing."""
    words = read_words('Officials from Lorrimar waited. Then Vell said: "Nobody, not Hanne, knows."')
    assert [word.spelled for word in words if word.capital] == ["Lorrimar", "Vell", "Hanne"]


def test_title_case_tells_nothing() -> None:
    """In A Headline Like This Every Word Would Be A Name."""
    assert not capitals_tell(read_words("Sailors Walk Free On Windy Pier"))
    assert capitals_tell(read_words("Sailors walk free in Vostria after talks"))


def test_scripts_without_spaces_are_read_in_pairs() -> None:
    """Chinese, Japanese, Korean and Thai; a mark on a letter of India ends no word."""
    assert [word.stem for word in read_words("白石镇 车")] == ["白石", "石镇", "车"]
    assert [word.stem for word in read_words("हिन्दी में")] == ["हिन्दी", "में"]


@given(st.text())
def test_any_text_has_words(text: str) -> None:
    """Every word is in the text's own letters, and has a stem."""
    for word in read_words(text):
        assert word.spelled
        assert word.stem
        assert 0 < share_of_articles(word.stem) <= 1


def test_only_the_first_words_are_read() -> None:
    """A text without end is bounded."""
    assert len(read_words("word " * 2 * MOST_WORDS)) == MOST_WORDS
    assert len(read_words("词" * 100_000)) == MOST_WORDS


def test_what_is_common_in_a_language_tells_little() -> None:
    """In twenty-five languages; invented names are rare, long numbers too, days and years are not."""
    common = ["the", "und", "que", "не", "في", "的一", "monday", "2026", "3"]
    rare = ["quispe", "kolvas", "41.250", "зареч", "白石"]
    assert min(map(share_of_articles, common)) > 0.1
    assert max(map(share_of_articles, rare)) < 0.05
