"""The address that a saved page says it has."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.saved import own_address
from crawler.news.errors import ExtractionError

URL = "https://www.tidewatch.example/2026/lock"


@pytest.mark.parametrize(
    ("head", "address"),
    [
        (f'<link rel="canonical" href="{URL}">', URL),
        (f'<link rel="canonical" href="/2026/lock"><meta property="og:url" content="{URL}">', URL),
        (f'<base href="{URL}"><link rel="canonical" href="key">', "https://www.tidewatch.example/2026/key"),
        ('<link rel="canonical" href="/2026/lock">', None),
        ('<meta property="og:url" content="http://[broken/">', None),
        ("<title>Lock</title>", None),
    ],
)
def test_a_page_names_its_address(head: str, address: str | None) -> None:
    """By rel=canonical, else og:url; one that is relative to nowhere is none."""
    assert own_address(f"<html><head>{head}</head><body><p>Text.</p></body></html>".encode()) == address


@given(st.binary())
def test_arbitrary_bytes_are_read_or_refused(body: bytes) -> None:
    """A property."""
    with suppress(ExtractionError):
        own_address(body)
