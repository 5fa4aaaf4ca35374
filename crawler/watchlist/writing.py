"""Outlets to TOML, added to the end of a file. What stands there already is never touched.

The whole watchlist is read as it would be then, before a byte is written.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import Any

from crawler.news.durations import duration_text
from crawler.news.errors import ConfigurationError
from crawler.news.source import Outlet
from crawler.watchlist.documents import Tell, shown
from crawler.watchlist.keys import OUTLET
from crawler.watchlist.model import Watchlist
from crawler.watchlist.reader import load

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_LINE = 100  # a longer list takes a line for each of its items


def toml_of(outlets: Iterable[Outlet]) -> str:
    """Return tables that `load` reads as these outlets. Keys at their defaults are left out."""
    return "\n".join("".join(f"{line}\n" for line in _lines(outlet)) for outlet in outlets)


def _lines(outlet: Outlet) -> Iterator[str]:
    yield "[[outlet]]"
    for field in fields(Outlet):
        value = getattr(outlet, field.name)
        if field.name not in OUTLET.defaults or value != OUTLET.defaults[field.name]:
            yield f"{field.name} = {_value(value)}"


def _value(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case timedelta():
            return _text(duration_text(value))
        case dict():
            return f"{{ {', '.join(f'{key} = {_value(item)}' for key, item in value.items())} }}"
        case tuple():
            items = [_value(item) for item in value]
            short = f"[{', '.join(items)}]"
            return short if len(short) <= _LINE else "\n".join(["[", *(f"    {item}," for item in items), "]"])
        case _:
            return _text(str(value))


def _text(text: str) -> str:
    return '"' + "".join(_ESCAPES.get(c) or (c if c.isprintable() else f"\\U{ord(c):08x}") for c in text) + '"'


class Addition:
    """Outlets on their way into a file of the watchlist.

    Attributes:
        file: where they go.
        is_apart: whether that is a watchlist of its own, no part of the one that was named.
        watchlist: what must load then: the one that was named, or the file alone.
    """

    def __init__(self, watchlist: Path, file: Path | None = None) -> None:
        """`watchlist`: a file or a folder, which need not be there yet; `file`: where to write (default: outlets.toml).

        Raises:
            ConfigurationError: the file cannot be one of a watchlist.
        """
        self.file = file or (watchlist if _is_file(watchlist) else watchlist / "outlets.toml")
        if self.file.suffix != ".toml":
            raise ConfigurationError(
                f"{shown(self.file)}: a watchlist's files end in .toml. Name one like outlets.toml."
            )
        self.is_apart = not _belongs(self.file, watchlist)
        self.watchlist = self.file if self.is_apart else watchlist

    def current(self, *, shortest_poll: timedelta, tell: Tell | None = None) -> Watchlist:
        """Return the watchlist as it is; an empty one where there is no outlet yet.

        Raises:
            WatchlistError: everything that is wrong with it.
        """
        if not self.watchlist.exists():
            return Watchlist()
        return load(self.watchlist, shortest_poll=shortest_poll, bare=True, tell=tell)

    def write(self, outlets: Sequence[Outlet], *, shortest_poll: timedelta, tell: Tell | None = None) -> None:
        """Append the outlets, if all can be read then.

        Raises:
            WatchlistError: the watchlist would not load. Nothing was written.
            ConfigurationError: the file cannot be written.
        """
        before = self._read()
        added = _joint(before) + toml_of(outlets)
        added = added.replace("\n", "\r\n") if b"\r\n" in before else added
        after = before + added.encode()
        # Bare: outlets come before the tags that a topic may ask for.
        load(self.watchlist, shortest_poll=shortest_poll, drafts={self.file: after}, bare=True, tell=tell)
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            _append(self.file, added.encode())
        except OSError as error:
            raise self._refused("written", error) from None

    def _read(self) -> bytes:
        try:
            return self.file.read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise self._refused("read", error) from None

    def _refused(self, done: str, error: OSError) -> ConfigurationError:
        return ConfigurationError(f"{shown(self.file)}: cannot be {done} ({error.strerror}). Nothing was added.")


def _is_file(path: Path) -> bool:
    return path.is_file() or (path.suffix == ".toml" and not path.is_dir())


def _belongs(file: Path, watchlist: Path) -> bool:
    file, watchlist = file.absolute(), watchlist.absolute()
    return file == watchlist or (file.parent == watchlist and not file.name.startswith("."))


def _joint(before: bytes) -> str:
    """Return what stands between the file and what is added: an empty line."""
    if not before.strip():
        return ""
    return "\n" if before.endswith(b"\n") else "\n\n"


def _append(file: Path, added: bytes) -> None:
    """Append all or nothing: what a full disk cut off is taken back.

    Raises:
        OSError: nothing was written.
    """
    with file.open("ab", buffering=0) as stream:
        begun = stream.seek(0, os.SEEK_END)
        try:
            written = 0
            while written < len(added):
                written += stream.write(added[written:]) or 0
        except OSError:
            with suppress(OSError):
                stream.truncate(begun)
            raise
