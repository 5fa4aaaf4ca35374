"""What a source announced last, in short: which entries are new, and did some pass between two polls?

Requirements:
    A source with ten entries or ten thousand is remembered in at most 344 characters of ASCII, and one with up to 64
    exactly. Whatever stands where a sketch should be is read as one, or as nothing; it is never an error.

Theory of operation:
    An entry is its canonical URL here, as it is in the frontier, which decides what is fetched: ids and tracking
    parameters that change with each answer make nothing new.
    A sketch holds the smallest 64 of the entries' 32-bit hashes (bottom-k, a sample by chance that is the same for
    the same entries). It *reaches* up to its largest hash, and has all there is below. Sketches are compared as far as
    both reach; what is true of the entries within reach is true of the others in proportion.
    Out of reach a date of publication after the last look is better evidence, unless an entry within reach has one that
    was known then: dates move in this source (a feed that stamps its entries, a wrong clock). A date of update is no
    evidence at all: pages are edited, and sitemaps written anew with all their pages dated today.
    What is dated over a week before the last look is an archive, not news.

Known exceptions:
    Two of 64 entries share a hash once in two million sources.
    A large source without dates of publication is known by its sample alone: that is right in the long run, but of a
    sitemap of 5,000 with 30 new pages a day the sample has one every three days, which then stands for 80.
    A small part of a large sitemap index may have no entry within reach, and nothing then tells that its dates move.
    What is announced at a new address counts as new, whatever its id: the frontier has it fetched, too.
"""

import base64
import binascii
import hashlib
import struct
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from crawler.news.entry import Entry
from crawler.news.errors import UrlError
from crawler.news.urls import canonicalise

MOST = 64  # hashes; feeds have 10 to 50 entries, and of a sitemap's thousands a sample of 64 tells a third from a half
_ALL = 2**32
_ARCHIVE = timedelta(weeks=1)


class News(NamedTuple):
    """What is new: the entries that are known to be, and how many more there are likely to be."""

    entries: list[Entry]
    more: int


def numbered(entries: Iterable[Entry]) -> dict[int, Entry]:
    """Return the entries by their hashes, in order: one for each canonical URL. Some 6 µs an entry, so do it once."""
    return {_hash(entry): entry for entry in entries}


def sketch(hashes: Iterable[int]) -> str:
    """Return what entries of these hashes leave behind, in ASCII; "" for none."""
    return _write(set(hashes))


def is_exact(text: str) -> bool:
    """Tell whether a sketch has all entries, and is no sample of them."""
    return _reach(_read(text)) == _ALL


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


def news(old: str, announced: Mapping[int, Entry], *, since: datetime) -> News:
    """Return which entries, by their hashes, are news since the last look (aware), after which the sketch was left."""
    known = _read(old)
    reach = _reach(known)
    within = {number for number in announced if number <= reach}
    beyond = announced.keys() - within
    young = {number for number, entry in announced.items() if entry.published and entry.published > since}
    if young & within & known:  # dates move
        told, untold = set[int](), beyond
    else:
        told, untold = young & beyond, {number for number in beyond if not announced[number].published}
    new = {number for number in within - known if not _is_archive(announced[number], since)}
    more = round(len(untold) * len(new) / len(within)) if within else 0
    return News([entry for number, entry in announced.items() if number in new or number in told], more)


def date_of(entry: Entry) -> datetime | None:
    """Return the only date that tells when an entry appeared: of publication, else of update."""
    return entry.published or entry.updated


def _is_archive(entry: Entry, since: datetime) -> bool:
    date = date_of(entry)
    return date is not None and date <= since - _ARCHIVE


def _hash(entry: Entry) -> int:
    try:
        identity = canonicalise(entry.url).encode("ascii")
    except UrlError:
        identity = entry.url.encode("utf-8", "surrogatepass")
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
