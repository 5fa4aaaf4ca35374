"""How errors show values: always one line, written as one would write them in TOML, without passwords."""

import difflib
import re
from collections.abc import Collection, Iterable
from datetime import date, datetime, time


def quote(text: str) -> str:
    """Return the text as a TOML string, cut at 100 characters, with the user name and password of a URL hidden."""
    shown = re.sub(r"://[^/?#\s]*@", "://…@", text)
    shown = shown if len(shown) <= 100 else f"{shown[:99]}…"
    return '"' + "".join(_escaped(character) for character in shown) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    return character if character.isprintable() else f"\\U{ord(character):08x}"


def toml(value: object) -> str:
    """Return a value as one would write it in a watchlist."""
    match value:
        case str():
            return quote(value)
        case bool():
            return str(value).lower()
        case list():
            return f"[{', '.join(toml(item) for item in value)}]"
        case dict():
            return f"{{ {', '.join(f'{key} = {toml(item)}' for key, item in value.items())} }}"
        case _:
            return str(value)


def found(value: object) -> str:
    """Name a value of a wrong kind: "the number 10", "a table"."""
    match value:
        case str() | bool():
            return toml(value)
        case int() if abs(value) >= 10**20:
            return "a huge number"  # Python refuses to print more than 4,300 digits
        case int() | float():
            return f"the number {value}"
        case datetime() | date() | time():
            return f"the date or time {value}"
        case list():
            return "a list"
        case _:
            return "a table"


def listed(names: Iterable[str]) -> str:
    """Return names in quotes with commas."""
    return ", ".join(quote(name) for name in names)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that is spelled most alike, whatever the case of its letters; None if none is near."""
    by_fold = {candidate.casefold(): candidate for candidate in known}
    near = difflib.get_close_matches(name.casefold(), by_fold, n=1, cutoff=0.7)  # "every" and "query" are at 0.6
    return by_fold[near[0]] if near else None


def did_you_mean(name: str, known: Collection[str]) -> str:
    """Return ` Did you mean "feeds"?`, or the known names if none is near and they are few."""
    near = nearest(name, known)
    if near:
        return f" Did you mean {quote(near)}?"
    return f" Known: {listed(known)}." if 0 < len(known) <= 20 else ""
