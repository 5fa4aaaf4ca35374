"""Bytes to text: what the standards say, unless the bytes say otherwise.

*Requirements.* The text that the page's author saw. Pages declare wrongly, twice and differently, or not at all; no
page that can be read is lost for that.

*Theory of operation.* A byte order mark decides (WHATWG HTML, 13.2.3.2). Then UTF-8, whatever is declared: text in
another charset is not valid UTF-8 by chance. So most pages (793 of 801) cost one decoding and nothing else. The others,
in the standard's order: the charset of the HTTP header, then the page's own (<meta> in both forms, XML declaration),
each read as the Encoding standard reads its label (w3lib knows them: "latin-1" is Windows-1252, "gb2312" GB 18030).
What comes out is judged: a charset that leaves many bytes without a character, or strings of letters that no language
has, loses. A UTF-8 page with a few broken bytes stays one. If no claim holds, the charset is detected
(charset-normalizer) by the page's text without its markup, which is the same in all of them.

The standard wants declarations in the first 1,024 bytes; w3lib looks in 4,096, and that misses none of 801 real pages.

*Known exceptions.* A short page in an undeclared charset may be detected as its neighbour; undeclared ISO 8859-2 is
taken for Windows-1252. Which of two charsets of one script a page means is judged for Cyrillic alone. Bytes that are
still compressed are refused, not unpacked: that is the network's work, which knows how much it may unpack.
"""

import re

from charset_normalizer import from_bytes
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom

from crawler.news.errors import ExtractionError


def _names(text: str) -> list[str]:
    return text.split()


# The Encoding standard's charsets, as Python calls them. Python has others that are none, and one of them
# ("punycode") takes time in the square of its input.
_CHARSETS = _names(
    "utf-8 utf-16 utf-16-le utf-16-be big5hkscs cp932 cp949 euc_jp gb18030 iso2022_jp "
    "cp866 cp874 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 koi8-r koi8-u mac-roman mac-cyrillic "
    "iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-10 iso8859-13 iso8859-14 iso8859-15 "
    "iso8859-16"
)
_WIDER = {"iso2022_jp": "iso2022_jp_ext"}  # with half-width letters, as the standard has it
# Those that undeclared pages are in, as charset-normalizer calls them. Of charsets that fit as well the first counts.
_DETECTED = _names(
    "cp1252 cp1251 gb18030 big5hkscs cp932 euc_jp cp949 cp1250 iso8859_2 koi8_r koi8_u cp1253 iso8859_7 cp1254 cp1256 "
    "cp1255 iso8859_8 cp874 cp1257 cp1258 iso8859_5 cp866"
)

_SAMPLE_BYTES = 16_384
_BINARY_SHARE = 0.05  # of control characters; random or compressed bytes have 0.11, text has none
_CONTROLS = bytes(sorted(set(range(32)) - set(b"\t\n\x0b\x0c\r\x1b")))
_SIGNATURES = (b"%PDF-", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PK\x03\x04", b"\x1f\x8b\x08")

_MOST_DAMAGE = 0.1  # of the characters that are not ASCII. The wrong charset damages half of them, a cut page one.
_MOST_ODD = 0.5
_NOT_ASCII = re.compile("[^\x00-\x7f]")
_DAMAGED = re.compile("[\ufffd\x80-\x9f\ue000-\uf8ff]")
_ODD = re.compile(
    "[\xa1-\xff]{5,}"  # no Western language puts five accented letters in a row: another script is
    "|[\u0410-\u042f]"  # Cyrillic in capitals: where Windows-1251 has these, KOI8-R has small letters
    "|[\uff61-\uff9f]"  # half-width kana: EUC, Japanese or other, as Shift_JIS
)


def decode(body: bytes, content_type: str | None) -> str:
    """Return the text of a page.

    Args:
        body: the bytes, content encoding (gzip, br) already undone.
        content_type: the HTTP header of that name, or None.

    Raises:
        ExtractionError: "not-html", the bytes are no text.
    """
    encoding, mark = read_bom(body)
    if encoding is not None and mark is not None:
        return body[len(mark) :].decode(encoding, "replace")
    if encoding := _unmarked_utf16(body):
        return body.decode(encoding, "replace")
    _refuse_binary(body)
    text = _as_utf8(body)
    return text if text is not None else _by_claims(body, content_type)


def _as_utf8(body: bytes) -> str | None:
    """Return the body if it is UTF-8, and not Japanese that hides in ASCII behind escapes."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    return None if "\x1b" in text and "\x1b$" in text else text  # the first alone is found ten times as fast


def _by_claims(body: bytes, content_type: str | None) -> str:
    claims = (http_content_type_encoding(content_type), html_body_declared_encoding(body), "utf-8")
    for encoding in dict.fromkeys(claims):
        if encoding in _CHARSETS:
            text = body.decode(_WIDER.get(encoding, encoding), "replace")
            if _makes_sense(text):
                return text
    return body.decode(_detect(body), "replace")


def _makes_sense(text: str) -> bool:
    """Judge a decoded text by its characters that are not ASCII."""
    characters = len(_NOT_ASCII.findall(text))
    damaged, odd = (sum(map(len, pattern.findall(text))) for pattern in (_DAMAGED, _ODD))
    return damaged <= _MOST_DAMAGE * characters and odd <= _MOST_ODD * characters


def _detect(body: bytes) -> str:
    pieces = (piece for piece in re.split(rb"[<>]", body) if not piece.isascii())
    matches = from_bytes(b" ".join(pieces)[:_SAMPLE_BYTES], cp_isolation=_DETECTED)
    best = matches.best()
    as_good = [
        match.encoding for match in matches if best and (match.chaos, match.coherence) == (best.chaos, best.coherence)
    ]
    return min(as_good, key=_DETECTED.index, default="cp1252")


def _unmarked_utf16(body: bytes) -> str | None:
    """UTF-16 without a mark shows by its zeros: in ASCII markup every other byte is one, so four letters tell."""
    opening = body[:8]
    if len(opening) < 8:
        return None
    if not any(opening[0::2]) and all(opening[1::2]):
        return "utf-16-be"
    if not any(opening[1::2]) and all(opening[0::2]):
        return "utf-16-le"
    return None


def _refuse_binary(body: bytes) -> None:
    sample = body[:_SAMPLE_BYTES].rstrip(b"\0")  # some servers pad with zeros
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if controls > _BINARY_SHARE * len(sample) or sample.startswith(_SIGNATURES):
        raise ExtractionError(
            "not-html",
            f"the page is no text: it begins with {body[:8]!r}, and {controls} of its first {len(sample)} bytes are "
            "control characters. Announce a web page instead, or leave this link out.",
        )
