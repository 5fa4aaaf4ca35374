"""From bytes to UTF-8."""

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discovery.charset import as_utf8, page_text

DECLARED = "<?xml version='1.0' encoding='utf-8'?>\n"


@pytest.mark.parametrize(
    ("body", "header", "text"),
    [
        ("<a>Fähre</a>".encode(), "", "<a>Fähre</a>"),
        (codecs.BOM_UTF8 + "<a>Fähre</a>".encode(), "", "<a>Fähre</a>"),
        ("<a>Fähre</a>".encode("utf-16"), "", "<a>Fähre</a>"),
        ("<?xml version='1.0'?><a>Fähre</a>".encode("utf-16-be"), "", "<a>Fähre</a>"),
        ("<?xml version='1.0'?><a>Fähre</a>".encode("utf-32"), "", "<a>Fähre</a>"),
        ("<?xml encoding='windows-1251'?><a>Паром</a>".encode("windows-1251"), "", "<a>Паром</a>"),
        ("<?xml encoding='gb2312'?><a>渡轮镕</a>".encode("gb18030"), "", "<a>渡轮镕</a>"),
        ("<a>Fähre</a>".encode("latin-1"), "text/xml; charset=latin-1", "<a>Fähre</a>"),
        ("<a>Fähre</a>".encode("latin-1"), "", "<a>Fähre</a>"),
        ("<a>Fähre</a>".encode(), "text/xml; charset=punycode", "<a>Fähre</a>"),
        (b"<a>\x81\x8d</a>", "", "<a>\x81\x8d</a>"),
    ],
)
def test_encodings(body: bytes, header: str, text: str) -> None:
    """The header's word counts before the document's, its mark before a guess; what makes no sense is passed over."""
    assert as_utf8(body, {"content-type": header}).decode() == DECLARED + text


@settings(deadline=None)
@given(st.binary(max_size=200), st.text(max_size=20))
def test_anything_becomes_utf_8(body: bytes, charset: str) -> None:
    """Whatever comes in under whatever name, UTF-8 that says so comes out."""
    text = as_utf8(b"<?xml encoding='" + charset.encode() + b"'?>" + body, {"content-type": f"a/b; charset={charset}"})
    assert text.decode().startswith(DECLARED)


@pytest.mark.parametrize("charset", ["punycode", "idna", "unicode_escape", "undefined", "rot13", "hex", "none at all"])
def test_pages_under_names_that_are_no_charsets(charset: str) -> None:
    """Codecs of Python's that decode no documents are passed over, in the header and in the page."""
    page = f"<meta charset={charset}><p>Fähre \\u0041</p>".encode()
    assert "Fähre \\u0041" in page_text(page, f"text/html; charset={charset}")
    assert "Fähre \\u0041" in page_text(page, None)
