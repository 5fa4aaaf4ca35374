"""What the index keeps of an article, and its compact, versioned text."""

from array import array
from base64 import b85decode, b85encode
from dataclasses import dataclass
from sys import byteorder

import msgspec

from crawler.news.errors import FeaturesError
from crawler.stories.portrait import Portrait, Weights

VERSION = "1"


@dataclass(slots=True)
class Known:
    """An article as the index knows it.

    Attributes:
        story: the story's id.
        outlet: who published it, as given.
        time: when it happened as far as we know, the outlet's claim unless that lies after `seen`: seconds since 1970.
        seen: when we saw it first, seconds since 1970.
        brief: it is no more than a headline.
        language: ISO 639 code, or "" if nobody said.
        url: where it is.
        based_on: the original's URL, as the page claims.
        credited: whose text it is, in words.
        copy_of: the original's articleId.
    """

    story: str
    outlet: str
    time: int
    seen: int
    brief: bool
    language: str
    portrait: Portrait
    shingles: "array[int]"
    url: str | None = None
    based_on: str | None = None
    credited: str | None = None
    copy_of: str | None = None

    @property
    def counts(self) -> bool:
        """Whether it makes its story what it is; copies don't: a story is not more about what many have reprinted."""
        return self.copy_of is None


class _Stored(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    """The form in which features are stored: names and plain words apart, hashes as little-endian 32-bit integers."""

    story: str
    outlet: str
    time: int
    seen: int
    brief: bool
    language: str
    names: Weights
    plain: Weights
    shingles: bytes
    url: str | None
    based_on: str | None
    credited: str | None
    copy_of: str | None


def to_features(known: Known) -> str:
    """Return what is known of an article as text: about 6 kB for 600 words."""
    packed = msgspec.msgpack.encode(
        _Stored(
            known.story,
            known.outlet,
            known.time,
            known.seen,
            known.brief,
            known.language,
            known.portrait.names,
            known.portrait.plain,
            _little_endian(known.shingles).tobytes(),
            known.url,
            known.based_on,
            known.credited,
            known.copy_of,
        )
    )
    return f"{VERSION}:{b85encode(packed).decode()}"


def from_features(features: str) -> Known:
    """Return what `to_features` was told.

    Raises:
        FeaturesError: it is broken, or of another version.
    """
    version, _, packed = features.partition(":")
    if version != VERSION:
        raise FeaturesError(
            f"features: version {version[:20]!r} is not {VERSION!r}. Add the article to the index anew."
        )
    try:
        stored = msgspec.msgpack.decode(b85decode(packed), type=_Stored)
        shingles = _little_endian(array("I", stored.shingles))
    except (ValueError, msgspec.MsgspecError) as error:
        raise FeaturesError(
            f"features: {packed[:20]!r}... is broken ({error}). Add the article to the index anew."
        ) from error
    return Known(
        stored.story,
        stored.outlet,
        stored.time,
        stored.seen,
        stored.brief,
        stored.language,
        Portrait(stored.names, stored.plain),
        shingles,
        stored.url,
        stored.based_on,
        stored.credited,
        stored.copy_of,
    )


def _little_endian(hashes: "array[int]") -> "array[int]":
    """Swap the bytes on the few machines that have them the other way round."""
    if byteorder == "little":
        return hashes
    swapped = array("I", hashes)
    swapped.byteswap()
    return swapped
