"""The frames between a worker and its reading process: two lengths, then two parts. No pickle: what comes back was made
from what strangers sent.

    greeting  "ready", nothing: once, when the process can read
    request   the task as JSON, the body as it came
    answer    what kind of answer it is, the answer in MessagePack
"""

import struct

import msgspec

from crawler.news.errors import DiscoveryError, ExtractionError

LENGTHS = struct.Struct(">II")

READY, READ, REFUSED, BUG = b"ready", b"read", b"refused", b"bug"

# What one body may take. The parsers promise 2 s and 300 MB of themselves, so only what breaks them comes here.
MOST_CPU_S = 10
MOST_DATA_BYTES = 600_000_000
OUT_OF_MEMORY = 3  # the exit code of a process that needed more

FAMILIES: dict[str, type[ExtractionError] | type[DiscoveryError]] = {
    family.__name__: family for family in (ExtractionError, DiscoveryError)
}


class Refusal(msgspec.Struct, frozen=True):
    """An error of a parser's family, on its way to the worker."""

    family: str
    reason: str
    message: str

    @classmethod
    def of(cls, error: ExtractionError | DiscoveryError) -> "Refusal":
        """Pack an error."""
        return cls(type(error).__name__, error.reason, str(error))

    @property
    def error(self) -> ExtractionError | DiscoveryError:
        """Unpack it."""
        return FAMILIES[self.family](self.reason, self.message)


def frame(first: bytes, second: bytes) -> bytes:
    """Return both parts, behind their lengths."""
    return LENGTHS.pack(len(first), len(second)) + first + second
