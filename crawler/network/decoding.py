"""Content-Encoding undone, within bounds of size and time.

Requirements:
    What a server compresses is decoded as browsers do it, broken ends included. What it makes of some bytes is bounded
    in memory *and* in time: 16 MB of empty zstd frames or gzip members unfold to nothing, and that took Scrapy's
    decoders 18 s and 3 s of the worker's only thread.

Theory of operation:
    Each decoder is asked for pieces of 64 kB until the bytes end or the bound is passed. A body may be several members
    end to end (RFC 1952 section 2.2, RFC 8878 section 3.1), and of several encodings one after the other (RFC 9110
    section 8.4); both are counted.

Known exceptions:
    A stream that breaks after it gave something is taken as far as it goes. Bytes behind its end are ignored; behind
    brotli's they cost its last piece.
    An encoding that nobody knows ("utf-8" is met) leaves the body as it came; whoever reads it will tell.
"""

import sys
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import brotli

from crawler.news.errors import FetchError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ACCEPTED = "gzip, deflate, br, zstd"
MOST_ENCODINGS = 2  # a server and a proxy that both compress are met; more is an attack
MOST_MEMBERS = 100  # of one body; a server that flushes by ending a member may send dozens
PIECE_BYTES = 64 * 1024
ZSTD_WINDOW_LOG = 23  # 8 MB, the most that RFC 9659 allows over HTTP

_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS  # told by the first bytes
_BROKEN = (zlib.error, brotli.error, zstd.ZstdError, EOFError)
Pieces = Iterator[bytes]


def decode(body: bytes, encodings: list[str], *, most_bytes: int) -> bytes:
    """Return a body without its encodings, which stand in the order in which they were applied.

    Raises:
        FetchError: "too-large", more than `most_bytes` at any step; "bad-encoding", broken from the start, too many
            encodings or members.
    """
    if len(encodings) > MOST_ENCODINGS:
        raise FetchError(
            "bad-encoding", f"{len(encodings)} encodings, one within the other. The most is {MOST_ENCODINGS}."
        )
    for name in reversed(encodings):
        decoder = _DECODERS.get(name)
        if decoder is None or not body:  # a 304 names the encoding of the body that it does not have
            break
        body = _gather(name, decoder(body), most_bytes)
    return body


def _gather(name: str, pieces: Pieces, most_bytes: int) -> bytes:
    decoded = bytearray()
    try:
        for piece in pieces:
            decoded += piece
            if len(decoded) > most_bytes:
                raise FetchError("too-large", f"unpacked ({name}) it has more than {most_bytes:,} bytes")
    except _BROKEN as error:
        if not decoded:
            raise FetchError("bad-encoding", f"its {name} is broken: {error}", passing=True) from None
    return bytes(decoded)


def _members(body: bytes, new: Callable[[], Any], name: str) -> Pieces:
    """Decode members end to end; `new` makes what decodes one (zlib's and zstd's interface)."""
    for _ in range(MOST_MEMBERS):
        if not body:
            return
        decoder = new()
        yield from _pieces(decoder, body)
        body = decoder.unused_data
    raise FetchError("bad-encoding", f"{name} in more than {MOST_MEMBERS} members")


def _pieces(decoder: Any, body: bytes) -> Pieces:
    """Decode one member. zlib hands back what it has not read yet, zstd keeps it."""
    while piece := decoder.decompress(body, max_length=PIECE_BYTES):
        yield piece
        if decoder.eof:
            return
        body = getattr(decoder, "unconsumed_tail", b"")
    if not decoder.eof:
        raise EOFError("it ends too early")


def _gzip(body: bytes) -> Pieces:
    return _members(body, lambda: zlib.decompressobj(_GZIP_OR_ZLIB), "gzip")


def _deflate(body: bytes) -> Pieces:
    """With zlib's frame, as RFC 9110 section 8.4.1.2 has it, or bare, as some servers do. Ends with its stream."""
    try:
        zlib.decompressobj().decompress(body, max_length=1)
    except zlib.error:
        return _pieces(zlib.decompressobj(-zlib.MAX_WBITS), body)
    return _pieces(zlib.decompressobj(), body)


def _brotli(body: bytes) -> Pieces:
    decoder = brotli.Decompressor()
    while piece := decoder.process(body, output_buffer_limit=PIECE_BYTES):
        yield piece
        if decoder.is_finished():
            return
        body = b""
    if not decoder.is_finished():
        raise EOFError("it ends too early")


def _zstd(body: bytes) -> Pieces:
    options: dict[int, int] = {zstd.DecompressionParameter.window_log_max: ZSTD_WINDOW_LOG}
    return _members(body, lambda: zstd.ZstdDecompressor(options=options), "zstd")


_DECODERS: dict[str, Callable[[bytes], Pieces]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
