"""The kinds of values in a watchlist: how to read each, refuse it with its mend, and describe it to editors.

A kind accepts what TOML gives (str, int, float, bool, dates, list, dict) or raises `Refused`, nothing else. Where a
refusal says `Write "x".`, x was tried and is accepted.
"""

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any, ClassVar

from crawler.news.durations import duration_text, parse_duration
from crawler.watchlist.wording import did_you_mean, found, listed, nearest, quote, toml

Schema = dict[str, Any]

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]+")  # the last two cannot stand in XML


@dataclass(frozen=True, slots=True)
class Fault:
    """Attributes:
    path: where inside the value, "" for the value itself: "feeds[0]", "selectors.body".
    text: what is wrong and its mend, one line.
    """

    path: str
    text: str

    def under(self, place: str) -> "Fault":
        """Return the fault as seen from one level up."""
        dot = "." if self.path and not self.path.startswith("[") else ""
        return Fault(f"{place}{dot}{self.path}", self.text)


class Refused(Exception):  # noqa: N818 - an answer inside this room; users see a WatchlistError
    """A value that its kind does not accept, with everything that is wrong in it."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(faults)
        self.faults = faults


class Wrong(Exception):  # noqa: N818 - likewise
    """What is wrong with a text, and the text that may have been meant."""

    def __init__(self, what: str, meant: str | None = None) -> None:
        super().__init__(what)
        self.meant = meant


def refusal(text: str) -> Refused:
    """Return the refusal of a whole value."""
    return Refused([Fault("", text)])


class Kind(ABC):
    """One kind of value."""

    @abstractmethod
    def read(self, value: object) -> Any:
        """Return the value as the news types hold it.

        Raises:
            Refused: with every fault in the value.
        """

    @abstractmethod
    def said(self) -> str:
        """Return what people call it: "time", "list of names"."""

    @abstractmethod
    def sample(self) -> Any:
        """Return a value that it accepts, as TOML holds it."""

    @abstractmethod
    def schema(self) -> Schema:
        """Return its JSON Schema (draft 7)."""


@dataclass(frozen=True)
class Text(Kind):
    """Text of one line, without spaces around it."""

    noun: ClassVar[str] = "text"
    example: str = "Some words"

    def read(self, value: object) -> Any:
        if not isinstance(value, str):
            raise refusal(f"{found(value)} is no {self.noun}. Write one in quotes, for example {quote(self.example)}.")
        try:
            return self._accepted(value)
        except Wrong as wrong:
            raise refusal(f"{wrong}. {self._mend(wrong)}") from None

    def _accepted(self, text: str) -> Any:
        if not text.strip():
            raise Wrong("it is empty")
        if text != text.strip():
            raise Wrong(f"{quote(text)} has spaces around it", meant=text.strip())
        if _CONTROL.search(text):
            raise Wrong(f"{quote(text)} holds a control character", meant=_CONTROL.sub(" ", text))
        return self.of(text)

    def of(self, text: str) -> Any:
        """Return what the text means. It is of one line, stripped, not empty.

        Raises:
            Wrong: it is none of this kind.
        """
        return text

    def _mend(self, wrong: Wrong) -> str:
        """Advise what was meant, mended again if need be, as long as it is accepted in the end."""
        meant = wrong.meant
        for _ in range(4):
            if meant is None:
                break
            try:
                self._accepted(meant)
            except Wrong as still:
                meant = still.meant
            else:
                return f"Write {quote(meant)}."
        return f"Write one like {quote(self.example)}."

    def said(self) -> str:
        return self.noun

    def sample(self) -> str:
        return self.example

    def schema(self) -> Schema:
        return {"type": "string", "minLength": 1, "examples": [self.example]}


@dataclass(frozen=True)
class Name(Text):
    """A name that a list on the command line can hold: `-a outlets=A,B`."""

    noun = "name"
    example: str = "Harbour Post"

    def of(self, text: str) -> str:
        if "," in text:
            without = " ".join(text.replace(",", " ").split())
            raise Wrong(f"{quote(text)} holds a comma, which parts the names in -a outlets=A,B", meant=without)
        return text

    def schema(self) -> Schema:
        return super().schema() | {"pattern": "^[^,]+$"}


@dataclass(frozen=True)
class Duration(Text):
    """A time like "10m", read as a timedelta from `shortest` to `longest`; `because` says why no longer."""

    noun = "time"
    example: str = "10m"
    shortest: timedelta = timedelta(0)
    longest: timedelta = timedelta(days=3650)
    because: str = "that is for ever"

    def of(self, text: str) -> timedelta:
        try:
            duration = parse_duration(text)
        except ValueError:
            raise self._no_time(text) from None
        if duration < self.shortest:
            raise Wrong(f"{quote(text)} is too short", meant=duration_text(self.shortest))
        if duration > self.longest:
            raise Wrong(f"{quote(text)} is too long: {self.because}", meant=duration_text(self.longest))
        return duration

    def _no_time(self, text: str) -> Wrong:
        if re.fullmatch("[0-9]+", text):
            return Wrong(f"{quote(text)} has no unit (s, m, h or d)", meant=f"{text}m")
        compact = re.sub(r"([0-9]+)\s*([dhms])[a-z]*[\s,]*", r"\1\2", text.lower())  # "10 Minutes", "1 h, 30 min"
        return Wrong(f"{quote(text)} is no time", meant=compact)

    def schema(self) -> Schema:
        return super().schema() | {"pattern": "^([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?$"}


@dataclass(frozen=True)
class Language(Text):
    """A language tag (BCP 47), read in lower case: "en", "pt-br"."""

    noun = "language tag"
    example: str = "en"

    def of(self, text: str) -> str:
        if not re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", text.lower()):
            raise Wrong(f"{quote(text)} is no language tag (BCP 47)", meant=text.lower().replace("_", "-"))
        return text.lower()

    def schema(self) -> Schema:
        return super().schema() | {"pattern": "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"}


@dataclass(frozen=True)
class Choice(Text):
    """One of a few words."""

    noun = "choice"
    options: tuple[str, ...] = ()

    def of(self, text: str) -> str:
        if text not in self.options:
            raise Wrong(f"{quote(text)} is none of {listed(self.options)}", meant=nearest(text, self.options))
        return text

    def said(self) -> str:
        return " or ".join(quote(option) for option in self.options)

    def schema(self) -> Schema:
        return {"enum": list(self.options)}


@dataclass(frozen=True)
class Flag(Kind):
    """true or false."""

    def read(self, value: object) -> bool:
        if not isinstance(value, bool):
            raise refusal(f"{found(value)} is neither true nor false. Write true or false, without quotes.")
        return value

    def said(self) -> str:
        return "true or false"

    def sample(self) -> bool:
        return True

    def schema(self) -> Schema:
        return {"type": "boolean"}


@dataclass(frozen=True)
class ListOf(Kind):
    """An array of one kind, read as a tuple."""

    item: Kind

    def read(self, value: object) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise refusal(f"{found(value)} is no list. Write {toml(self._around(value))}.")
        items: list[Any] = []
        faults: list[Fault] = []
        for number, item in enumerate(value):
            try:
                items.append(self.item.read(item))
            except Refused as refused:
                faults += [fault.under(f"[{number}]") for fault in refused.faults]
        if faults:
            raise Refused(faults)
        return tuple(items)

    def _around(self, value: object) -> list[Any]:
        """Return what was meant by a value without brackets."""
        try:
            self.item.read(value)
        except Refused:
            return self.sample()
        return [value]

    def said(self) -> str:
        return f"list of {self.item.said()}" + ("" if isinstance(self.item, Choice) else "s")

    def sample(self) -> list[Any]:
        return [self.item.sample()]

    def schema(self) -> Schema:
        return {"type": "array", "items": self.item.schema()}


@dataclass(frozen=True)
class Key:
    """A key of a table: what it may hold, and what it is for (one line, for editors and the manual alike)."""

    name: str
    kind: Kind
    doc: str


@dataclass(frozen=True)
class TableOf(Kind):
    """A table of known keys, read as a dict of those given."""

    keys: tuple[Key, ...]
    required: frozenset[str] = frozenset()

    @cached_property
    def _kinds(self) -> dict[str, Kind]:
        return {key.name: key.kind for key in self.keys}

    def read(self, value: object) -> dict[str, Any]:
        values, faults = self.read_partly(value)
        if faults:
            raise Refused(faults)
        return values

    def read_partly(self, value: object) -> tuple[dict[str, Any], list[Fault]]:
        """Return what could be read, and every fault of the rest."""
        if not isinstance(value, dict):
            return {}, [Fault("", f"{found(value)} is no table. Write {toml(self.sample())}.")]
        values: dict[str, Any] = {}
        faults = [
            Fault("", f"{name} is missing. Write {name} = {toml(self._kinds[name].sample())}.")
            for name in sorted(self.required - value.keys())
        ]
        for name, item in value.items():
            if name not in self._kinds:
                faults.append(Fault("", f"unknown key {quote(name)}.{did_you_mean(name, self._kinds)}"))
                continue
            try:
                values[name] = self._kinds[name].read(item)
            except Refused as refused:
                faults += [fault.under(name) for fault in refused.faults]
        return values, faults

    def said(self) -> str:
        return "table"

    def sample(self) -> dict[str, Any]:
        return {key.name: key.kind.sample() for key in self.keys[:1]}

    def schema(self) -> Schema:
        return {
            "type": "object",
            "additionalProperties": False,
            "required": sorted(self.required),
            "properties": {key.name: key.kind.schema() | {"description": key.doc} for key in self.keys},
        }
