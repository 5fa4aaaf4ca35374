"""Words, offsets and folding."""

import unicodedata
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

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


def test_every_character_folds() -> None:
    """Each character of Unicode, alone, folds for good in one step, composed or not, and never to nothing."""
    for character in map(chr, range(0x110000)):
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


@given(st.text(alphabet="abcçéğıłñöřşüß", min_size=1))
def test_case_does_not_matter(word: str) -> None:
    """A Latin word in capitals is the same word, Turkish dotless ı included."""
    assert fold(word.upper()) == fold(word)


def test_a_word_has_an_end() -> None:
    """A run of letters without end comes in words of 255, so that no page can fill the memory with one word."""
    assert [len(word) for word in words("x" * 600)] == [255, 255, 90]
