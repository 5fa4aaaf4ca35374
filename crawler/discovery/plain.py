"""Markup to plain text, for the titles and summaries that sources announce."""

import re

from crawler.news.markup import unescaped

MOST_CHARACTERS = 1000
MOST_MARKUP = 20_000  # what 1,000 characters of text can need; more is not looked at

_HIDDEN = re.compile(r"<(script|style)\b[^<>]*>.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.IGNORECASE | re.DOTALL)
_BLOCK = re.compile(r"</?(?:p|br|div|li|ul|ol|h[1-6]|tr|td|th|table|blockquote|hr)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")  # not the "<" of "5 < 7"
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")  # and halves of characters, from JSON


def plain_text(markup: str | None) -> str | None:
    """Return text of at most 1,000 characters on one line, or None where nothing is left.

    Takes text and HTML alike: tags and control characters go, entities become characters, white space one space.
    """
    if not markup:
        return None
    text = markup[:MOST_MARKUP]
    if "<" in text:
        text = _TAG.sub("", _BLOCK.sub(" ", _HIDDEN.sub(" ", text)))
    if "&" in text:
        text = unescaped(text)
    return " ".join(_CONTROL.sub("", text).split())[:MOST_CHARACTERS].rstrip() or None
