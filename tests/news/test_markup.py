"""Character references and crowded tags."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.news.markup import MOST_ATTRIBUTES, crowded_tag, unescaped


@given(st.text(max_size=80), st.integers(0, 0x10FFFF), st.integers(0, 6))
def test_references_are_resolved_as_html_does(text: str, code: int, noughts: int) -> None:
    """By name or number, with noughts before it or not."""
    written = f"{text}&amp;&#{'0' * noughts}{code};&#x{code:x};"
    assert unescaped(written) == html.unescape(f"{text}&amp;&#{code};&#x{code:x};")


@pytest.mark.parametrize("text", ["&#" + "9" * 5_000, "&#" + "9" * 5_000 + ";", "&#99999999;"])
def test_what_is_no_character_is_none(text: str) -> None:
    """However many digits it has."""
    assert unescaped(f"a {text} b") == "a \ufffd b"


def test_noughts_before_a_number_are_none_of_it() -> None:
    """However many there are."""
    assert unescaped("&#" + "0" * 100_000 + "65;") == "A"


def test_a_crowded_tag_is_counted() -> None:
    """The limit itself is still allowed, and names within a script or a value are none."""
    names = " ".join(f"a{number}" for number in range(MOST_ATTRIBUTES))
    assert crowded_tag(f"<p {names}>x</p>".encode()) == 0
    assert crowded_tag(f"<p {names} z>x</p>".encode()) == MOST_ATTRIBUTES + 1
    assert crowded_tag(f"<p title='{names} y z'>x</p><script>var a = '<p {names} y z>'</script>".encode()) == 0
    assert crowded_tag(b"") == 0
