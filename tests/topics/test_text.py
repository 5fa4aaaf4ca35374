"""Words, offsets and folding."""

import unicodedata
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from crawler.topics.terms import terms
from crawler.topics.text import fold, spans, spelling, words

# Hypothesis' own text is mostly exotic planes; this one has what news is written in, and what breaks it.
SCRIPTS = "aZéßıİ łøﬁ жйїЁ аб́ αΣς אבּ ل‌مـأ हिन्दी ไทยำ 中国がパ ｶﾞ 푸틴 ᄑ ’'-–_&+#@€%. \n\u200b\u00ad\ufe0f🇺🇳❤👩٣²½"
TEXT = st.one_of(st.text(), st.text(alphabet=SCRIPTS))


@given(TEXT)
def test_offsets_are_exact(text: str) -> None:
    """Each span, cut from the text itself, is the word; spans are in order and do not overlap."""
    found = spans(text)
    assert [text[start:end] for start, end in found] == words(text)
    assert all(start < end for start, end in found)
    assert all(one[1] <= other[0] for one, other in pairwise(found))


@given(TEXT)
def test_fold_is_the_end(text: str) -> None:
    """Folding twice is folding once, and leaves of each word something to look for."""
    for word in words(text):
        assert fold(word)
        assert fold(fold(word)) == fold(word)


def is_assigned(character: str) -> bool:
    """Whether Unicode says what it is: not a surrogate, nor for private use."""
    return unicodedata.category(character) not in {"Cn", "Co", "Cs"}


def test_every_character_folds() -> None:
    """Each character of Unicode, alone, folds for good in one step, composed or not, and never to nothing."""
    for character in filter(is_assigned, map(chr, range(0x110000))):
        folded = [fold(word) for word in words(character)]
        assert "" not in folded
        assert [fold(word) for word in folded] == folded
        assert [fold(word) for word in words(unicodedata.normalize("NFC", character))] == folded


@given(TEXT)
def test_encoding_does_not_matter(text: str) -> None:
    """Composed and decomposed text have the same words, folded and as spelled."""
    composed, decomposed = words(unicodedata.normalize("NFC", text)), words(unicodedata.normalize("NFD", text))
    assert list(map(fold, composed)) == list(map(fold, decomposed))
    assert list(map(spelling, composed)) == list(map(spelling, decomposed))


FOREIGN = str.maketrans("", "", "\ufffdµ¼½¾")  # what `terms` leaves to `fold`
PAGES = [
    bytes(range(256)).decode(f"cp{number}", "replace").translate(FOREIGN)
    for number in (1250, 1251, 1252, 1253, 1254, 1257)
]


@given(TEXT | st.one_of([st.text(alphabet=page) for page in PAGES]))
def test_terms_are_the_folded_words(text: str) -> None:
    """The fast way to all terms of a text finds what folding word by word does."""
    assert terms(text) == list(map(fold, words(text)))


def test_terms_of_every_pair_of_characters() -> None:
    """No character of a code page changes with the one before it."""
    for page in PAGES:
        for one in page:
            text = "-".join(f"{one}{other}" for other in page)
            assert terms(text) == list(map(fold, words(text)))


@given(st.lists(st.sampled_from(["x" * 120, "é" * 9, "\xad" * 100, "ß", " ", "$"]), max_size=12).map("".join))
def test_terms_of_long_words(text: str) -> None:
    """A word that has to be cut is cut in the same place."""
    assert terms(text) == list(map(fold, words(text)))


@given(st.text(alphabet="abcçéğıłñöřşüß", min_size=1))
def test_case_does_not_matter(word: str) -> None:
    """A Latin word in capitals is the same word, Turkish dotless ı included."""
    assert fold(word.upper()) == fold(word)


def test_a_word_has_an_end() -> None:
    """A run of letters without end comes in words of 255, so that no page can fill the memory with one word."""
    assert [len(word) for word in words("x" * 600)] == [255, 255, 90]
