"""Read the hand-written press: `press/outlets.toml`, `press/scenario.toml` and one text file a piece.

A piece is a file `press/<folder>/<name>.md`:

    ---
    headline: Vostria and Maravela trade detained sailors
    path: /world/vostria-maravela-trade-detained-sailors-41877
    age: 3h
    expect: published
    topics: Vostria and Maravela
    ---
    The first paragraph; a blank line ends it.

    --- comments
    Name: what the reader wrote, on one line.

The keys are the fields of `world.Piece`. Durations are a number and s, m, h or d; lists are separated by commas.
"""

import re
import tomllib
from collections.abc import Callable
from dataclasses import fields
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from crawler.newsroom.world import Comment, Expectation, Outlet, Piece, Step, World

PRESS = Path(__file__).parent / "press"

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


class PressError(ValueError):
    """A file of the press that cannot be read. Its text names the file, the value and the mend."""


@cache
def read_press(folder: Path = PRESS) -> World:
    """Return the hand-written world.

    Raises:
        PressError: a piece with an unknown key, an unreadable value or no headline.
    """
    tables = tomllib.loads((folder / "outlets.toml").read_text("utf-8"))["outlet"]
    return World(
        outlets=tuple(_read_outlet(folder / table.pop("folder"), table) for table in tables),
        steps=_read_steps(folder / "scenario.toml"),
    )


def _read_outlet(folder: Path, table: dict[str, Any]) -> Outlet:
    table["nav"] = tuple(table.get("nav", ()))
    pieces = tuple(read_piece(file.read_text("utf-8"), file) for file in sorted(folder.glob("*.md")))
    return Outlet(**table, pieces=pieces)


def _read_steps(file: Path) -> tuple[Step, ...]:
    tables = tomllib.loads(file.read_text("utf-8"))["step"]
    steps = [Step(t.pop("name"), duration(t.pop("at")), t.pop("action"), t) for t in tables]
    return tuple(sorted(steps, key=lambda step: step.at))


def duration(text: str) -> timedelta:
    """Return the time that "20s", "45m", "3h" or "2d" says.

    Raises:
        ValueError: it says none.
    """
    match = re.fullmatch(r"(\d+)\s*([smhd])", text.strip())
    if not match:
        raise ValueError(f'"{text}" is no duration. Write a number and s, m, h or d, like "45m"')
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _yes(text: str) -> bool:
    if text not in ("yes", "no"):
        raise ValueError(f'"{text}" is neither yes nor no')
    return text == "yes"


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


_READERS: dict[str, Callable[[str], Any]] = {
    "age": duration,
    "sources": _list,
    "status": int,
    "held": _yes,
    "disallowed": _yes,
}
_EXPECTATION = ("expect", "reason", "topics")
_KEYS = {f.name for f in fields(Piece)} - {"paragraphs", "comments", "revised"} | set(_EXPECTATION)


def read_piece(text: str, file: Path) -> Piece:
    """Return the piece that `text` describes; `file` is named in errors.

    Raises:
        PressError: see `read_press`.
    """
    before, _, opened = text.partition("---\n")
    front, closed, rest = opened.partition("---\n")
    if before or not closed:
        raise PressError(f'{file}: no front matter. Open the file with "---", keys, and "---"')
    body, _, comments = rest.partition("--- comments\n")
    try:
        values = _front_matter(front)
        return Piece(
            **values,
            paragraphs=tuple(" ".join(part.split()) for part in body.split("\n\n") if part.strip()),
            comments=tuple(_comment(line) for line in comments.splitlines() if line.strip()),
        )
    except (ValueError, TypeError) as error:
        raise PressError(f"{file}: {error}") from error


def _front_matter(front: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    expected = dict.fromkeys(_EXPECTATION, "")
    for line in front.splitlines():
        key, colon, value = (part.strip() for part in line.partition(":"))
        if not colon or key not in _KEYS:
            raise ValueError(f'"{line}" is no known key. Known: {", ".join(sorted(_KEYS))}')
        if key in expected:
            expected[key] = value
        else:
            values[key] = _READERS.get(key, str)(value)
    values["expect"] = Expectation(expected["expect"], expected["reason"], _list(expected["topics"]))
    return values


def _comment(line: str) -> Comment:
    name, colon, text = line.partition(": ")
    if not colon:
        raise ValueError(f'comment "{line}" has no name. Write "Name: text"')
    return Comment(name, text)
