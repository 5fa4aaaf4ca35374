"""Content-Encoding undone, within bounds of size and time.

Requirements:
    What a server compresses is decoded as browsers do it, broken ends included. What it makes of some bytes is bounded
    in memory *and* in time: 16 MB of empty zstd frames or gzip members unfold to nothing, and that took Scrapy's
    decoders 18 s and 3 s of the worker's only thread; 16 MB of brotli that rebuild 256 codes for each byte, 40 kB once
    they are gzipped, took 18 s too.

Theory of operation:
    Each decoder is fed 4 kB and asked for 64 kB at a time, until the bytes end or a bound is passed: then one call is
    over soon, whatever the bytes are, and between two calls size and time are looked at. The time is the CPU's, so that
    a busy machine condemns nobody. A body may be several members end to end (RFC 1952 section 2.2, RFC 8878 section
    3.1), and of several encodings one after the other (RFC 9110 section 8.4); both are counted, and share the time.

Known exceptions:
    A stream that breaks after it gave something is taken as far as it goes. Bytes behind its end are ignored; behind
    brotli's they cost its last piece.
    An encoding that nobody knows ("utf-8" is met) leaves the body as it came; whoever reads it will tell.
"""

import sys
import zlib
from collections.abc import Callable, Iterator
from io import SEEK_CUR, BytesIO
from time import thread_time
from typing import Protocol

import brotli

from crawler.news.errors import FetchError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ACCEPTED = "gzip, deflate, br, zstd"
MOST_ENCODINGS = 2  # a server and a proxy that both compress are met; more is an attack
MOST_MEMBERS = 100  # of one body; a server that flushes by ending a member may send dozens
MOST_S = 1.0  # of CPU for one body; the slowest honest one, 16 MB in gzip, takes 0.1 s
FED_BYTES = 4 * 1024  # at a time; the worst brotli that we could think of takes 2 ms for each kB
PIECE_BYTES = 64 * 1024
ZSTD_WINDOW_LOG = 23  # 8 MB, the most that RFC 9659 allows over HTTP

_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS  # told by the first bytes
_BROKEN = (zlib.error, brotli.error, zstd.ZstdError, EOFError)
Pieces = Iterator[bytes]


def decode(body: bytes, encodings: list[str], *, most_bytes: int) -> bytes:
    """Return a body without its encodings, which stand in the order in which they were applied.

    Raises:
        FetchError: "too-large", more than `most_bytes` at any step; "bad-encoding", broken from the start, too many
            encodings or members, or more than MOST_S of work.
    """
    if len(encodings) > MOST_ENCODINGS:
        raise FetchError(
            "bad-encoding", f"{len(encodings)} encodings, one within the other. The most is {MOST_ENCODINGS}."
        )
    until = thread_time() + MOST_S
    for name in reversed(encodings):
        pieces_of = _DECODERS.get(name)
        if pieces_of is None or not body:  # a 304 names the encoding of the body that it does not have
            break
        body = _gather(name, pieces_of(BytesIO(body)), most_bytes, until)
    return body


def _gather(name: str, pieces: Pieces, most_bytes: int, until: float) -> bytes:
    decoded = bytearray()
    try:
        for piece in pieces:
            decoded += piece
            if len(decoded) > most_bytes:
                raise FetchError("too-large", f"unpacked ({name}) it has more than {most_bytes:,} bytes")
            if thread_time() > until:
                raise FetchError("bad-encoding", f"unpacking it ({name}) takes more than {MOST_S:g} s of CPU")
    except _BROKEN as error:
        if not decoded:
            raise FetchError("bad-encoding", f"its {name} is broken: {error}", passing=True) from None
    return bytes(decoded)


class _Decoder(Protocol):
    """What is common to the libraries, by zstd's names."""

    @property
    def eof(self) -> bool:
        """Whether the member is at its end."""

    @property
    def needs_input(self) -> bool:
        """Whether it has no more to give for what it was fed."""

    @property
    def unused_data(self) -> bytes:
        """What it was fed behind the end."""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Return the next so many bytes, or fewer; none does not mean the end."""


class _Zlib:
    """zlib hands back what it has not read yet."""

    def __init__(self, wbits: int) -> None:
        self._decoder = zlib.decompressobj(wbits)

    @property
    def eof(self) -> bool:
        return self._decoder.eof

    @property
    def needs_input(self) -> bool:
        return not self._decoder.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._decoder.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._decoder.decompress(self._decoder.unconsumed_tail + data, max_length)


class _Brotli:
    """brotli keeps it, and takes no byte behind the end."""

    unused_data = b""

    def __init__(self) -> None:
        self._decoder = brotli.Decompressor()

    @property
    def eof(self) -> bool:
        return bool(self._decoder.is_finished())

    @property
    def needs_input(self) -> bool:
        return bool(self._decoder.can_accept_more_data())

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return bytes(self._decoder.process(data, output_buffer_limit=max_length))


def _pieces(decoder: _Decoder, body: BytesIO) -> Pieces:
    """Decode one member, and leave the body where it ends."""
    while not decoder.eof:
        hungry = decoder.needs_input
        data = body.read(FED_BYTES) if hungry else b""
        piece = decoder.decompress(data, max_length=PIECE_BYTES)
        if hungry and not data and not piece and not decoder.eof:
            raise EOFError("it ends too early")
        yield piece
    body.seek(-len(decoder.unused_data), SEEK_CUR)


def _members(body: BytesIO, new: Callable[[], _Decoder], name: str) -> Pieces:
    """Decode members end to end; `new` makes what decodes one."""
    size = len(body.getvalue())
    for _ in range(MOST_MEMBERS):
        if body.tell() == size:
            return
        yield from _pieces(new(), body)
    raise FetchError("bad-encoding", f"{name} in more than {MOST_MEMBERS} members")


def _gzip(body: BytesIO) -> Pieces:
    return _members(body, lambda: _Zlib(_GZIP_OR_ZLIB), "gzip")


def _deflate(body: BytesIO) -> Pieces:
    """With zlib's frame, as RFC 9110 section 8.4.1.2 has it, or bare, as some servers do. Ends with its stream."""
    try:
        zlib.decompressobj().decompress(body.getvalue()[:FED_BYTES], max_length=1)
    except zlib.error:
        return _pieces(_Zlib(-zlib.MAX_WBITS), body)
    return _pieces(_Zlib(zlib.MAX_WBITS), body)


def _brotli(body: BytesIO) -> Pieces:
    return _pieces(_Brotli(), body)


def _zstd(body: BytesIO) -> Pieces:
    options: dict[int, int] = {zstd.DecompressionParameter.window_log_max: ZSTD_WINDOW_LOG}
    return _members(body, lambda: zstd.ZstdDecompressor(options=options), "zstd")


_DECODERS: dict[str, Callable[[BytesIO], Pieces]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
