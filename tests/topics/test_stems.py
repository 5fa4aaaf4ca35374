"""What the forms of a word share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.topics.stems import LANGUAGES, sought_keys, stem_key
from crawler.topics.text import words

FORMS = {
    "ar": ["مهندس المهندس المهندسون مهندسين مُهَنْدِس", "وزير الوزير للوزير", "أورفانيا وأورفانيا"],
    "cs": ["přehrada přehrady přehradu přehradou PŘEHRADY"],
    "de": ["Staudamm Staudamms Staudämme Staudämmen", "Wahl Wahlen WAHLEN", "Straße Strassen", "Köstler Köstlers"],
    "el": ["φράγμα φράγματα φράγματος ΦΡΑΓΜΑΤΑ"],
    "en": ["dam dams Dams", "sanction sanctions sanctioned", "city cities", "Orvanian Orvanians"],
    "es": ["presa presas", "elección elecciones eleccion", "ministro ministros ministra", "votar votó votaron"],
    "fr": ["élection élections ELECTIONS", "barrage barrages"],
    "hi": ["चुनाव चुनावों", "मंत्री मंत्रियों"],
    "pl": [
        "tama tamy tamę tamą tamie",
        "wybory wyborów wyborach WYBORÓW",
        "Łódź Łodzi Łodzią",
        "sankcje sankcji sankcjami",
    ],
    "ru": [
        "плотина плотины плотину плотиной плотинам плотин ПЛОТИНЫ",
        "Востриков Вострикова Вострикову Востриковым",
        "Орвания Орвании Орванию",
        "выборы выборов выборам",
        "ёлка ёлки елки",
    ],
    "tr": ["baraj barajlar barajı barajın BARAJLAR", "kadın kadınlar KADINLAR", "seçim seçimler SEÇİMLER"],
}
CASES = [(language, *forms.split(maxsplit=1)) for language, lines in FORMS.items() for forms in lines]


@pytest.mark.parametrize(("language", "sought", "forms"), CASES)
def test_a_word_meets_its_forms(language: str, sought: str, forms: str) -> None:
    """The dictionary's form of a word meets the others, accents and capitals or not."""
    keys = sought_keys([language], sought)
    assert {form for form in forms.split() if stem_key(language, form) not in keys} == set()


@pytest.mark.parametrize(
    ("language", "word", "other"),
    [
        ("en", "dam", "damage"),
        ("ru", "плотина", "плоть"),
        ("pl", "tama", "temat"),
        ("de", "Wahl", "Wal"),
        ("es", "presa", "presidente"),
    ],
)
def test_a_word_does_not_meet_another(language: str, word: str, other: str) -> None:
    """Words that only begin alike stay apart."""
    assert stem_key(language, other) not in sought_keys([language], word)


def test_languages_stay_apart() -> None:
    """A stem is of one language, and a word has those of each language asked for."""
    assert sought_keys(["ru", "en"], "Dams") == ("ru:dams", "en:dam", "en:dams")


@pytest.mark.parametrize("word", ["2026", "🔥", "大", "ไ", "%"])
def test_what_has_no_forms(word: str) -> None:
    """Numbers, symbols and characters of scripts without spaces have no other forms."""
    assert sought_keys(LANGUAGES, word) == ()


@given(st.sampled_from(LANGUAGES), st.text())
def test_any_word_has_a_key(language: str, text: str) -> None:
    """Whatever the word: its key names the language, and a query for the word meets it."""
    for word in words(text):
        key = stem_key(language, word)
        assert key.startswith(f"{language}:")
        assert key in sought_keys([language], word) or not sought_keys([language], word)
