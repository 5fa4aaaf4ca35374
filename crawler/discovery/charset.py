"""From bytes to text: XML documents as UTF-8, whatever they say of themselves, and pages as browsers read them.

Requirements:
    Every reader of feeds gets the same text, and no document is too mislabelled to be read: its letters may be wrong,
    its links are not.

Theory of operation:
    What the server says counts before what the document says (RFC 7303, 3), a byte order mark before a guess. The first
    encoding in which all bytes make sense wins; after the claims come UTF-8, Windows-1252 and, in which everything
    makes sense, ISO 8859-2. GB 2312 is read as its superset GB 18030.
    feedparser's `convert_to_utf8` does the same, but looks for the declaration in the whole first line, which is the
    whole feed where it is minified: some "encoding=" in its texts cost minutes. We look where a declaration can stand.

Known exceptions:
    A header that names the wrong charset wins wherever the bytes make sense in it.
"""

import codecs
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress

from w3lib.encoding import html_body_declared_encoding, html_to_unicode, http_content_type_encoding

_BOMS = [  # UTF-32 first: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
]
_OPENINGS = {"<?".encode(name): name for name in ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be", "cp037")}
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_MOST_DECLARATION = 400  # characters; usual ones have 40
_DECLARATION = re.compile(r"<\?xml\b[^>]*?>")
_ENCODING = re.compile(r"encoding\s*=\s*[\"']\s*([\w.:-]+)")
_GUESSES = ("utf-8", "windows-1252", "iso-8859-2")
_SUPERSETS = {"gb2312": "gb18030"}
_NO_CHARSETS = frozenset(["punycode", "idna", "undefined", "unicode_escape", "raw-unicode-escape", "unicode-escape"])
"""Python's names for codecs that are no charset of any document; the first takes time in the square of its input."""


def page_text(body: bytes, content_type: str | None) -> str:
    """Return the text of an HTML page, by its header, its mark or its <meta>, as browsers read it."""
    claims = {http_content_type_encoding(content_type), html_body_declared_encoding(body)}
    if not claims & _NO_CHARSETS:
        with suppress(LookupError):  # "hex" and "rot13", which decode no bytes to text
            return html_to_unicode(content_type, body)[1]
    return body.decode("utf-8", "replace")


def as_utf8(body: bytes, headers: Mapping[str, str]) -> bytes:
    """Return the document in UTF-8, under an XML declaration that says so, on a line of its own.

    Args:
        headers: of the response, names in lower case; Content-Type's charset counts.
    """
    marked, body = _byte_order_mark(body)
    said = _CHARSET.search(headers.get("content-type", ""))
    claims = [said[1] if said else "", marked, _declared(body, marked or "latin-1")]
    text = next(_decoded(body, [*claims, *_GUESSES]))
    declaration = _DECLARATION.match(text[:_MOST_DECLARATION])
    rest = text[declaration.end() :] if declaration else text
    return b"<?xml version='1.0' encoding='utf-8'?>\n" + rest.encode("utf-8")


def _byte_order_mark(body: bytes) -> tuple[str, bytes]:
    """Return the encoding that the first bytes tell, or "", and the body without its mark."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return name, body[len(mark) :]
    return next((name for opening, name in _OPENINGS.items() if body.startswith(opening)), ""), body


def _declared(body: bytes, encoding: str) -> str:
    declaration = _DECLARATION.match(body[: 4 * _MOST_DECLARATION].decode(encoding, "replace")[:_MOST_DECLARATION])
    found = _ENCODING.search(declaration[0]) if declaration else None
    return found[1] if found else ""


def _decoded(body: bytes, encodings: list[str]) -> Iterator[str]:
    """Yield the body as text in each of the encodings in which it makes sense."""
    for encoding in encodings:
        try:
            name = codecs.lookup(_SUPERSETS.get(encoding.lower(), encoding)).name
            if name not in _NO_CHARSETS:
                yield body.decode(name)
        except (LookupError, ValueError):  # no encoding, not in this encoding, or an encoding of no text
            continue
