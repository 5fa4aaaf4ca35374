"""Broken JSON, read all the same: what people and templates write into JSON-LD blocks by hand.

*Requirements.* Everything that can be saved of a block, in time that grows with its length alone, and without an error.

*Theory of operation.* One pass over the tokens. A string ends at the quote after which the block goes on as JSON does;
quotes before that are part of it. Commas and colons are read for nothing but that, so missing and trailing ones do no
harm: in an object, keys and values take turns. Comments are left out, words without quotes are keys or null, and
what a cut left open is closed.

*Measured.* 834 of the 842 blocks of 801 real pages are JSON. Of the others 5 hold several values, or marks around one;
2 need this (a string in single quotes, a line commented out); 1 is plain text.

*Known exceptions.* A quoted word before a comma and another quoted word ('she said "yes", "no" and left') ends its
string. A bracket closes the innermost list or object, whichever of the two it is.
"""

import json
import re

_TOKEN = re.compile(
    r"""\s+ | //[^\n]* | <!\[CDATA\[ | (?P<comment>/\*)
    | (?P<quote>["']) | (?P<open>[{\[]) | (?P<close>[}\]]) | (?P<comma>,) | (?P<word>[^\s"'{}\[\],:/]+) | .""",
    re.VERBOSE | re.DOTALL,
)
_KEY = r"""(?:["'][^"'\n]{1,40}["']\s*:|[\w@$]{1,40}\s*:(?!/))"""
_BEGINNING = rf"""(?:["'{{\[}}\]\d-]|true\b|false\b|null\b|undefined\b|/[/*]|{_KEY}|$)"""  # of what follows
_END = rf"""(?<!(?<!\\)\\)%s(?=\s*(?:[}}\]]|,\s*{_BEGINNING}|:\s*(?:{_BEGINNING}|,)|{_KEY}|/[/*]|$))"""
_ENDS = {quote: re.compile(_END % quote) for quote in "\"'"}
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?")
_CONSTANTS = {"true": True, "false": False}
_TO_ESCAPE = re.compile(r'\\(?:["\\/bfnrt\']|u[0-9a-fA-F]{4})|["\\]')


def read_broken_json(text: str) -> list[object]:
    """Return the values of a broken block."""
    if '"' not in text:
        text = text.replace("&quot;", '"').replace("&amp;", "&")
    tree = _Tree()
    position = 0
    while match := _TOKEN.match(text, position):
        position = match.end()
        kind, token = match.lastgroup, match[0]
        if kind == "quote":
            end = _ENDS[token].search(text, position)
            tree.add(_unescaped(text[position : end.start() if end else len(text)]))
            position = end.end() if end else len(text)
        elif kind == "word":
            tree.add(token if tree.expects_key() else _value_of(token))
        elif kind == "open":
            tree.open(token)
        elif kind == "close":
            tree.close()
        elif kind == "comma":
            tree.drop_key()
        elif kind == "comment":
            end_of_comment = text.find("*/", position)
            position = end_of_comment + 2 if end_of_comment >= 0 else len(text)
    return tree.values


class _Tree:
    """The values so far, and the lists and objects that are open, each object with the key that waits for its value."""

    def __init__(self) -> None:
        self.values: list[object] = []
        self._open: list[tuple[list[object] | dict[str, object], str | None]] = [(self.values, None)]

    def expects_key(self) -> bool:
        holder, key = self._open[-1]
        return isinstance(holder, dict) and key is None

    def add(self, value: object) -> None:
        holder, key = self._open[-1]
        if isinstance(holder, list):
            holder.append(value)
        elif key is None:
            self._open[-1] = (holder, value if isinstance(value, str) else None)
        else:
            holder[key] = value
            self.drop_key()

    def drop_key(self) -> None:
        self._open[-1] = (self._open[-1][0], None)

    def open(self, bracket: str) -> None:
        holder: list[object] | dict[str, object] = {} if bracket == "{" else []
        self.add(holder)
        self._open.append((holder, None))

    def close(self) -> None:
        if len(self._open) > 1:
            self._open.pop()


def _value_of(word: str) -> object:
    if _NUMBER.fullmatch(word):
        return float(word) if "." in word else int(word)
    return _CONSTANTS.get(word.lower())


def _unescaped(body: str) -> str:
    """Return the text of a string: what JSON or JavaScript escapes resolved, all else as it stands."""
    return str(json.loads(f'"{_TO_ESCAPE.sub(_as_json, body)}"', strict=False))


def _as_json(match: re.Match[str]) -> str:
    token = match[0]
    if token == "\\'":  # an escape in JavaScript alone
        return "'"
    return token if len(token) > 1 else f"\\{token}"
