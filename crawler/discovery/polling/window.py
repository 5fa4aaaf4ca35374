"""What a source announced last, in short: which entries are new, and did some pass between two polls?

Requirements:
    A source with ten entries or ten thousand is remembered in at most 344 characters of ASCII, and one with up to 64
    exactly. Whatever stands where a sketch should be is read as one, or as nothing; it is never an error.

Theory of operation:
    A sketch holds the smallest 64 of the entries' 32-bit hashes (bottom-k, a sample by chance that is the same for
    the same entries). It *reaches* up to its largest hash, and has all there is below. Sketches are compared as far as
    both reach; what is true of the entries within reach is true of the others in proportion.

Known exceptions:
    Two of 64 entries share a hash once in two million sources. An outlet that gives its entries new ids with each
    answer announces new entries each time, as far as can be told here.
"""

import base64
import binascii
import hashlib
import struct
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from crawler.news.entry import Entry

MOST = 64  # hashes; feeds have 10 to 50 entries, and of a sitemap's thousands a sample of 64 tells a third from a half
_ALL = 2**32


class News(NamedTuple):
    """What is new: the entries that are known to be, and how many more there are likely to be."""

    entries: list[Entry]
    more: int


def sketch(entries: Iterable[Entry]) -> str:
    """Return what the entries leave behind, in ASCII; "" for none."""
    return _write({_hash(entry) for entry in entries})


def merged(one: str, other: str) -> str:
    """Return the sketch of two sketches' entries together."""
    first, second = _read(one), _read(other)
    reach = min(_reach(first), _reach(second))
    return _write({number for number in first | second if number <= reach})


def overlap(old: str, new: str) -> float | None:
    """Return which part of the shorter one of two sketches the other has, too; None where there is nothing to compare.

    The shorter one, because a source that announces less than before has lost nothing.
    """
    first, second = _read(old), _read(new)
    reach = min(_reach(first), _reach(second))
    first, second = ({number for number in numbers if number <= reach} for numbers in (first, second))
    fewer = min(len(first), len(second))
    return len(first & second) / fewer if fewer else None


def news(old: str, entries: Sequence[Entry], *, since: datetime) -> News:
    """Return which of the entries the sketch does not know.

    Out of its reach a date tells: what is dated after `since`, the last look (aware), is new. Of what has no date
    either, as much is taken for new as of the entries within reach.
    """
    known = _read(old)
    reach = _reach(known)
    hashes = [_hash(entry) for entry in entries]
    within = [entry for entry, number in zip(entries, hashes, strict=True) if number <= reach]
    beyond = [(entry, date_of(entry)) for entry, number in zip(entries, hashes, strict=True) if number > reach]
    new = [entry for entry, number in zip(entries, hashes, strict=True) if number <= reach and number not in known]
    undated = sum(date is None for _, date in beyond)
    more = round(undated * len(new) / len(within)) if within else 0
    return News([*new, *(entry for entry, date in beyond if date and date > since)], more)


def date_of(entry: Entry) -> datetime | None:
    """Return the only date that tells when an entry appeared: of publication, else of update."""
    return entry.published or entry.updated


def _hash(entry: Entry) -> int:
    identity = (entry.id or entry.url).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(identity, digest_size=4).digest(), "big")


def _reach(numbers: set[int]) -> int:
    """Return up to which hash the sketch has all there is: without end, if it has room left."""
    return max(numbers) if len(numbers) >= MOST else _ALL


def _write(numbers: set[int]) -> str:
    smallest = sorted(numbers)[:MOST]
    return base64.b64encode(struct.pack(f">{len(smallest)}I", *smallest)).decode("ascii")


def _read(text: str) -> set[int]:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):  # the latter for what is not ASCII
        return set()
    if len(raw) % 4:
        return set()
    return set(struct.unpack(f">{len(raw) // 4}I", raw))
