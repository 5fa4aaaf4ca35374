"""What is common to all who read markup: character references, and tags that cost too much."""

import html
import re
from collections.abc import Sized
from contextlib import suppress

from lxml import etree

MOST_ATTRIBUTES = 1_000  # of one tag; the most of 801 real pages has 59

_NOUGHTS = re.compile(r"&#0++(?=[0-9])")
_NO_CHARACTER = re.compile(r"&#[0-9]{8,}+;?")  # the last one has seven digits; Python refuses to read thousands of them


def unescaped(text: str) -> str:
    """Return a text with its character references resolved, whatever they are; what is no character becomes U+FFFD."""
    if "&#" in text:
        text = _NO_CHARACTER.sub("\ufffd", _NOUGHTS.sub("&#", text))
    return html.unescape(text)


def crowded_tag(page: bytes) -> int:
    """Return how many attributes a tag of an HTML page has, if over 1,000; 0: none has so many.

    In a tree they cost time in their square (50,000: 3 s). libxml2 itself counts them, because only it knows where its
    tags begin and end. Without a tree its time grows with the page alone: 1 ms for the average of 801 real pages (200
    kB), which are read in 27 ms.

    Args:
        page: UTF-8.
    """
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, target=_Tags())
    try:
        with suppress(etree.LxmlError):  # no page at all: the parsing that makes the tree says so
            etree.fromstring(page, parser)
    except _CrowdedError as error:
        return error.attributes
    return 0


class _CrowdedError(Exception):
    """Ends the parsing."""

    def __init__(self, attributes: int) -> None:
        super().__init__()
        self.attributes = attributes


class _Tags:
    """Is told each tag by the parser, and keeps nothing."""

    def start(self, _tag: str, attributes: Sized) -> None:
        if len(attributes) > MOST_ATTRIBUTES:
            raise _CrowdedError(len(attributes))

    def close(self) -> None:
        pass
