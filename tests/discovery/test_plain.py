"""Markup to plain text."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discovery.plain import MOST_CHARACTERS, plain_text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Ferry &amp; crew", "Ferry & crew"),
        ("<p>One</p><p>two</p> th<b>ree</b>", "One two three"),
        ("5 < 7 > 3", "5 < 7 > 3"),
        ("a<script>alert('<b>')</script>b<!-- c --><style>d", "a b"),
        ("  a\n\u00a0\tb\x00 ", "a b"),
        ("&#xD83D;", "\ufffd"),
        ("<br>", None),
        ("", None),
        (None, None),
    ],
)
def test_text(markup: str | None, text: str | None) -> None:
    """Tags, scripts and control characters go, entities become characters, nothing left is None."""
    assert plain_text(markup) == text


@settings(deadline=None)
@given(st.text(alphabet="<>!-/&;script \n\x00aü", max_size=200))
def test_any_text_is_one_short_line(markup: str) -> None:
    """Whatever comes in, a line of at most 1,000 characters comes out, and JSON can hold it."""
    text = plain_text(markup * 20) or ""
    assert len(text) <= MOST_CHARACTERS
    assert text == " ".join(text.split())
    text.encode("utf-8")


@pytest.mark.parametrize("piece", ["<", "<script", "<!--", "<b ", "&", "<script>", "</"])
def test_repetition_costs_little(piece: str) -> None:
    """No pattern looks twice at a hostile text: under a fifth of a second each."""
    started = time.process_time()
    plain_text(piece * 1_000_000)
    assert time.process_time() - started < 0.2
