"""Bytes to text, by the standard's rules.

The order is WHATWG's: byte order mark, the charset of the HTTP header, the charset of the page's own <meta>, then
detection. A declaration counts only if the bytes agree with it; pages declare wrongly, and text that is not ASCII does
not happen to be valid UTF-8 by chance. So UTF-8 is tried before a declared single-byte charset that would
accept anything. w3lib (Scrapy's own) knows the labels and the browsers' readings of them ("latin-1" is Windows-1252).

Known exception: a short page in an undeclared Eastern charset may be detected as its neighbour.
"""

from charset_normalizer import from_bytes
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom

from crawler.news.errors import ExtractionError

_DETECTION_SAMPLE_BYTES = 32_768
_BINARY_SHARE = 0.05  # of control characters; random or compressed bytes have 0.11, text has none
_CONTROLS = bytes(sorted(set(range(32)) - set(b"\t\n\x0b\x0c\r\x1b")))


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
    declared = http_content_type_encoding(content_type) or html_body_declared_encoding(body)
    for encoding in _candidates(declared):
        if encoding and (text := _strictly(body, encoding)) is not None:
            return text
    return body.decode(declared or _detect(body), "replace")


def _candidates(declared: str | None) -> tuple[str | None, ...]:
    # ISO-2022 writes Japanese and Korean in ASCII bytes, so it must be believed before UTF-8 takes it.
    return (declared, "utf-8") if declared and declared.startswith("iso2022") else ("utf-8", declared)


def _strictly(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


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
    sample = body[:_DETECTION_SAMPLE_BYTES].rstrip(b"\0")  # some servers pad with zeros
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if controls > _BINARY_SHARE * len(sample):
        raise ExtractionError(
            "not-html",
            f"the page is no text: {controls} of its first {len(sample)} bytes are control characters. "
            "Announce a web page instead, or leave this link out.",
        )


def _detect(body: bytes) -> str:
    best = from_bytes(body[:_DETECTION_SAMPLE_BYTES]).best()
    return best.encoding if best else "windows-1252"
