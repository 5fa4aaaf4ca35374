"""Bytes to text: mark, header, <meta>, detection, and what the bytes themselves say."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.decode import decode
from crawler.news.errors import ExtractionError

RUSSIAN = "Совет порта решил расширить северный шлюз на четыре метра, чтобы паромы могли проходить при любом приливе. "


def tagged(text: str, charset: str) -> str:
    return f'<html><head><meta charset="{charset}"></head><body><p>{text}</p></body></html>'


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (codecs.BOM_UTF8 + f"<p>{RUSSIAN}".encode(), "text/html; charset=windows-1251"),
        (codecs.BOM_UTF16_LE + f"<p>{RUSSIAN}".encode("utf-16-le"), None),
        (f"<html><p>{RUSSIAN}".encode("utf-16-be"), None),
        (f"<p>{RUSSIAN}".encode("koi8-r"), 'text/html; charset="KOI8-R"'),
        (tagged(RUSSIAN, "windows-1251").encode("cp1251"), "text/html"),
        (tagged(RUSSIAN, "iso-8859-1").encode(), "text/html; charset=iso-8859-1"),
        (tagged(RUSSIAN, "utf-8").encode("cp1251"), "text/html; charset=windows-1251"),
        (tagged(RUSSIAN * 20, "x-no-such").encode("cp1251"), None),
    ],
    ids=["mark-wins", "utf-16-mark", "utf-16-bare", "header", "meta", "utf-8-mislabelled", "meta-wrong", "detected"],
)
def test_the_right_charset_is_found(body: bytes, content_type: str | None) -> None:
    """Each body is read as it was written, whatever else it claims."""
    assert RUSSIAN.strip() in decode(body, content_type)


def test_latin_1_is_windows_1252_as_in_browsers() -> None:
    """Pages that say Latin-1 mean Windows-1252: its quotation marks come through."""
    assert "“Lock”" in decode("<p>“Lock”".encode("cp1252"), "text/html; charset=iso-8859-1")


def test_japanese_in_seven_bits_is_believed_before_utf_8() -> None:
    """ISO-2022-JP is made of ASCII bytes, so its label counts first."""
    assert "水門" in decode("<p>水門".encode("iso2022_jp"), "text/html; charset=iso-2022-jp")


def test_one_bad_byte_does_not_cost_the_page() -> None:
    """A damaged UTF-8 page keeps its other words."""
    assert RUSSIAN.strip() in decode(tagged(RUSSIAN, "utf-8").encode() + b"\xff", "text/html; charset=utf-8")


@given(st.binary(max_size=500), st.none() | st.text(max_size=40))
def test_arbitrary_bytes_never_escape(body: bytes, content_type: str | None) -> None:
    """Any bytes under any header are text or "not-html"."""
    try:
        assert isinstance(decode(body, content_type), str)
    except ExtractionError as error:
        assert error.reason == "not-html"
