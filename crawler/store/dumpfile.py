"""A dump as a file: the whole state of a store, portable between Redis and Valkey, their versions, and machines.

JSON Lines in UTF-8, gzipped where the name ends in .gz: a header, then a key (or a page of a large key) a line, an end.

    {"storywatch-dump":1,"created":"2026-03-01T12:00:00Z","store":"valkey 9.1.2"}
    {"type":"string","key":"storywatch:article:mfrgg","expires_ms":1774872000000,"value":"{...}"}
    {"type":"hash","key":"storywatch:entries","items":[["mfrgg","{...}"],["onxw2","{...}"]]}
    {"type":"zset","key":"storywatch:hosts","items":[["gazette.example","1772366400000"]]}
    {"type":"set","key":"storywatch:seen","items":["mfrgg","onxw2"]}
    {"type":"stream","key":"storywatch:dead","items":[["1772366400000-0",[["id","onxw2"],["reason","gone"]]]]}
    {"type":"stream-end","key":"storywatch:dead","last_id":"1772366400000-0","entries_added":1,"max_deleted_id":"0-0",
        "groups":[["archive","1772366399999-18446744073709551615"]]}
    {"type":"end","lines":6,"items":8,"sha256":"..."}

(Each is one line.)

- `expires_ms`: when the key expires (since 1970), in each line of the key. Without it, never.
- Scores are texts: exact, and JSON knows no infinity. A text that is no UTF-8 is {"base64":"..."} instead.
- `groups`: the consumer groups of a stream, and after which event each goes on: the one before its oldest that was
  delivered and not acknowledged, so that this comes again. Who in the group had it is not told.
- `end` counts the lines and items between header and end; its sum is over all bytes before it. Without it, the file is
  cut off. An item that a scan returned twice (it may, while the server resizes a table) counts twice, and loads as one.

The version grows with every change that an older Storywatch would misread.
"""

import contextlib
import gzip
import hashlib
import os
import sys
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from io import BufferedReader
from pathlib import Path
from typing import Annotated, BinaryIO, TypeAlias, cast

import msgspec

from crawler.news.errors import StoreError
from crawler.store import keys

VERSION = 1
STANDARD = "-"  # in place of a file's name: standard input or output
GZIP_MAGIC = b"\x1f\x8b"
GZIP_LEVEL = 1  # a third of the time of the usual 6 for a file an eighth larger (60 MB of synthetic dump: 0.6 s, 26 MB)
LONGEST_HEADER = 400  # bytes; what is no dump is told without reading a first line of gigabytes

ANOTHER = "Load another copy of the dump, or dump the store anew."


class Binary(msgspec.Struct, frozen=True):
    """Bytes that are no UTF-8."""

    base64: bytes


Text: TypeAlias = str | Binary
Score: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[-+]?(inf|[0-9][-+.0-9e]*)$")]
StreamId: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[0-9]+-[0-9]+$")]


class Header(msgspec.Struct, rename={"version": "storywatch-dump"}, frozen=True):
    """What wrote the dump, and when."""

    version: int
    created: str
    store: str


class _Line(msgspec.Struct, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, tag_field="type"):
    key: Text
    expires_ms: int | None = None


class String(_Line, tag="string", kw_only=True):
    """A plain value."""

    value: Text


class Hash(_Line, tag="hash", kw_only=True):
    """Fields and their values."""

    items: list[tuple[Text, Text]]


class Set(_Line, tag="set", kw_only=True):
    """Members."""

    items: list[Text]


class SortedSet(_Line, tag="zset", kw_only=True):
    """Members and their scores."""

    items: list[tuple[Text, Score]]


class Stream(_Line, tag="stream", kw_only=True):
    """Events: ids, fields and their values."""

    items: list[tuple[StreamId, list[tuple[Text, Text]]]]


class StreamEnd(_Line, tag="stream-end", kw_only=True):
    """What a stream knows beside its events; after all of those."""

    last_id: StreamId
    entries_added: int
    max_deleted_id: StreamId
    groups: list[tuple[Text, StreamId]]


class End(msgspec.Struct, forbid_unknown_fields=True, tag_field="type", tag="end", frozen=True):
    """The proof that the dump is whole."""

    lines: int
    items: int
    sha256: str


Line: TypeAlias = String | Hash | Set | SortedSet | Stream | StreamEnd

_HEADER = msgspec.json.Decoder(Header)
_LINE: "msgspec.json.Decoder[Line | End]" = msgspec.json.Decoder(Line | End)
_ENCODER = msgspec.json.Encoder()

_NAMES: dict[Text, str] = {
    keys.ENTRIES: "entries",
    keys.SOURCES: "sources",
    keys.ARTICLES_STREAM: "events",
    keys.STORIES_STREAM: "events",
}
_FAMILIES = {keys.article(""): "articles", keys.story(""): "stories"}


@dataclass(slots=True)
class Contents:
    """What has been written or read so far.

    Attributes:
        named: how many "articles", "stories", "sources", "events" and "entries" (open ones) are among the items.
        size: bytes, before compression.
    """

    lines: int = 0
    items: int = 0
    size: int = 0
    named: Counter[str] = field(default_factory=Counter)

    def add(self, line: Line) -> None:
        """Count a line."""
        number = 1 if isinstance(line, String | StreamEnd) else len(line.items)
        self.lines += 1
        self.items += number
        name = _name(line)
        if name and not isinstance(line, StreamEnd):
            self.named[name] += number


def _name(line: Line) -> str | None:
    """What a person would call the items of a line."""
    if isinstance(line, String) and isinstance(line.key, str):
        return _FAMILIES.get(line.key[: line.key.rfind(":") + 1])
    return _NAMES.get(line.key)


def _is_ours(key: Text) -> bool:
    raw = key.encode() if isinstance(key, str) else key.base64
    return raw.startswith(keys.PREFIX.encode()) and raw != keys.LOADING.encode()


def text(raw: bytes) -> Text:
    """Return a value of the store as a dump has it."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return Binary(raw)


def plain(value: Text) -> str | bytes:
    """Return a text of a dump as a client of the store takes it."""
    return value if isinstance(value, str) else value.base64


class Writer:
    """Writes a dump. It is whole after `end`."""

    def __init__(self, out: BinaryIO, *, store: str, created: datetime) -> None:
        self._out = out
        self._sum = hashlib.sha256()
        self.contents = Contents()
        self._put(Header(VERSION, f"{created.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", store))

    def write(self, line: Line) -> None:
        """Add a line."""
        self.contents.add(line)
        self._put(line)

    def end(self) -> None:
        """Write the end."""
        self._put(End(self.contents.lines, self.contents.items, self._sum.hexdigest()))
        self._out.flush()

    def _put(self, line: Header | Line | End) -> None:
        raw = _ENCODER.encode(line) + b"\n"
        self._sum.update(raw)
        self.contents.size += len(raw)
        self._out.write(raw)


class Reader:
    """Reads a dump, and raises StoreError where it is none, is too new, or is damaged: at once, or in the iteration.

    A dump that was iterated to its end is whole.
    """

    def __init__(self, source: BinaryIO, name: str) -> None:
        self._source = source
        self._name = name
        self._sum = hashlib.sha256()
        self._number = 0
        self.contents = Contents()
        self.header = self._header()

    def _header(self) -> Header:
        raw = self._next(LONGEST_HEADER)
        try:
            header = _HEADER.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise self.broken("this is no dump of Storywatch", "Name a file that `scrapy store dump` wrote.") from error
        if header.version != VERSION:
            mend = "Load it with a Storywatch as new as the one that dumped it."
            raise self.broken(f"the dump is of version {header.version}, and this Storywatch reads {VERSION}", mend)
        return header

    def __iter__(self) -> Iterator[Line]:
        while True:
            summed = self._sum.hexdigest()
            line = self._line(self._next())
            if isinstance(line, End):
                break
            if not _is_ours(line.key):
                raise self.broken(f"{line.key!r} is no key of a store: the file is damaged")
            self.contents.add(line)
            yield line
        if line != End(self.contents.lines, self.contents.items, summed):
            raise self.broken("its sums don't match what stands before: the file is damaged")
        if self._next():
            raise self.broken("there is more after its end: the file is damaged")

    def _line(self, raw: bytes) -> Line | End:
        if not raw.endswith(b"\n"):
            raise self.broken("the file is cut off here")
        try:
            return _LINE.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise self.broken(f"the file is damaged here ({error})") from error

    def _next(self, longest: int = -1) -> bytes:
        self._number += 1
        try:
            raw = self._source.readline(longest)
        except (OSError, EOFError, zlib.error) as error:
            raise self.broken(f"the file can't be read on from here ({error})") from error
        self._sum.update(raw)
        self.contents.size += len(raw)
        return raw

    def broken(self, what: str, mend: str = ANOTHER) -> StoreError:
        """Return the error that says what is wrong with the line that was read last, or with those shortly before."""
        return StoreError(f"{self._name}, line {self._number}: {what}. {mend}")


@contextlib.contextmanager
def written(file: str) -> Iterator[BinaryIO]:
    """A file to write a dump to: FILE.<process>.part until the block ends well, then FILE; gone if it doesn't.

    Raises:
        StoreError: it can't be written.
    """
    if file == STANDARD:
        with _explained("standard output"), open(sys.stdout.fileno(), "wb", closefd=False) as out:
            yield out
        return
    path = Path(file)
    if path.exists() and not path.is_file():
        raise StoreError(f"{file}: is no ordinary file. Name one, or - for standard output.")
    part = path.with_name(f"{path.name}.{os.getpid()}.part")  # two dumps at a time don't write into one
    with _explained(file):
        try:
            with open(part, "xb", opener=partial(os.open, mode=0o600)) as raw:  # as private as the store's own folder
                with _compressed(raw) if path.suffix == ".gz" else contextlib.nullcontext(raw) as out:
                    yield out
                raw.flush()
                os.fsync(raw.fileno())
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise


@contextlib.contextmanager
def opened(file: str) -> Iterator[BinaryIO]:
    """A file to read a dump from, unpacked if need be.

    Raises:
        StoreError: there is none that can be read.
    """
    with contextlib.ExitStack() as closing, _explained("standard input" if file == STANDARD else file):
        raw = sys.stdin.buffer if file == STANDARD else closing.enter_context(Path(file).open("rb"))
        if cast(BufferedReader, raw).peek(2)[:2] == GZIP_MAGIC:
            yield closing.enter_context(cast(BinaryIO, gzip.GzipFile(fileobj=raw)))
        else:
            yield raw


def _compressed(raw: BinaryIO) -> BinaryIO:
    return cast(BinaryIO, gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=GZIP_LEVEL, mtime=0))


@contextlib.contextmanager
def _explained(place: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoreError(f"{place}: {reason}. Name a file that can be read or written, on a disk with room.") from error
