"""Bodies under a Content-Encoding: whatever their bytes are, they end as a body or as one fault, soon."""

import gzip
import itertools
import random
import sys
import time
import zlib
from collections.abc import Callable

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.network import decoding
from crawler.network.decoding import MOST_MEMBERS, decode
from crawler.news.errors import FetchError
from tests.network.bombs import slow_brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MOST = 16 * 1024 * 1024
PACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
}
PAGE = b"".join(b"<p>The ferry runs again after %d days.</p>" % day for day in range(20_000))
NAMES = st.sampled_from(sorted(PACK))


@given(NAMES, st.binary(max_size=2000))
def test_what_was_packed_comes_back(name: str, body: bytes) -> None:
    """Every encoding, every body."""
    assert decode(PACK[name](body), [name], most_bytes=MOST) == body


@given(st.lists(NAMES, max_size=4), st.binary(max_size=2000))
def test_arbitrary_bytes_never_escape_the_error_family(names: list[str], body: bytes) -> None:
    """A body, or a FetchError with one of two reasons."""
    try:
        assert len(decode(body, names, most_bytes=1000)) <= 2000
    except FetchError as error:
        assert error.reason in {"bad-encoding", "too-large"}


@pytest.mark.parametrize("name", PACK)
def test_a_bomb_is_not_unpacked(name: str) -> None:
    """20 MB of nothing in a few kilobytes: it ends where the bound is passed."""
    with pytest.raises(FetchError, match="more than 1,000,000 bytes") as caught:
        decode(PACK[name](bytes(20_000_000)), [name], most_bytes=1_000_000)
    assert caught.value.reason == "too-large"


@pytest.mark.parametrize("name", ["gzip", "zstd"])
def test_a_body_of_empty_members_costs_no_time(name: str) -> None:
    """A megabyte of members that unfold to nothing. 16 MB took 3 s (gzip) and 18 s (zstd) without a bound."""
    empty = PACK[name](b"")
    began = time.process_time()
    with pytest.raises(FetchError, match=f"{name} in more than {MOST_MEMBERS} members"):
        decode(empty * (1_000_000 // len(empty)), [name], most_bytes=MOST)
    assert time.process_time() - began < 1


@pytest.mark.parametrize("encodings", [["br"], ["br", "gzip"]])
def test_bytes_that_take_long_are_given_up(encodings: list[str]) -> None:
    """6 MB of brotli, 30 kB once they are gzipped, took 10 s and gave 60 kB: no bound of size was in their way."""
    body = slow_brotli(6_000_000)
    began = time.process_time()
    with pytest.raises(FetchError, match=r"unpacking it \(br\) takes more than 1 s of CPU") as caught:
        decode(gzip.compress(body) if "gzip" in encodings else body, encodings, most_bytes=MOST)
    assert time.process_time() - began < 5
    assert caught.value.reason == "bad-encoding"


@pytest.mark.parametrize("name", PACK)
def test_every_encoding_has_its_time(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any, nothing is unpacked."""
    monkeypatch.setattr(decoding, "MOST_S", 0)
    with pytest.raises(FetchError, match="of CPU"):
        decode(PACK[name](PAGE), [name], most_bytes=MOST)


@pytest.mark.parametrize("name", PACK)
def test_encodings_share_the_time(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is enough for one is not for two, by a clock that moves with each look."""
    noise = random.Random(1).randbytes(200_000)  # as long packed as unpacked
    monkeypatch.setattr(decoding, "thread_time", itertools.count().__next__)
    monkeypatch.setattr(decoding, "MOST_S", 80)  # some 50 times 4 kB
    once = PACK[name](noise)
    assert decode(once, [name], most_bytes=MOST) == noise
    with pytest.raises(FetchError, match="of CPU"):
        decode(PACK[name](once), [name, name], most_bytes=MOST)


@pytest.mark.parametrize("name", PACK)
@pytest.mark.parametrize("size", [64 * 1024, 3 * 64 * 1024, 64 * 1024 + 1])
def test_what_ends_with_a_piece_is_whole(name: str, size: int) -> None:
    """Neither a byte too few nor a fault, packed tightly or not at all."""
    for body in (bytes(size), random.Random(1).randbytes(size)):
        assert decode(PACK[name](body), [name], most_bytes=MOST) == body


@pytest.mark.parametrize("name", ["gzip", "zstd"])
def test_members_end_to_end_are_one_body(name: str) -> None:
    """As RFC 1952 and RFC 8878 have it."""
    assert decode(PACK[name](b"The ferry ") + PACK[name](b"runs."), [name], most_bytes=MOST) == b"The ferry runs."


@pytest.mark.parametrize("name", ["gzip", "deflate"])
def test_a_body_that_breaks_off_is_taken_as_far_as_it_goes(name: str) -> None:
    """As browsers do it: most of an article is an article."""
    decoded = decode(PACK[name](PAGE)[:-100], [name], most_bytes=MOST)
    assert PAGE.startswith(decoded)
    assert len(decoded) > len(PAGE) / 2


@pytest.mark.parametrize("name", ["gzip", "deflate", "zstd"])
def test_bytes_behind_the_end_are_ignored(name: str) -> None:
    """Some servers pad."""
    assert decode(PACK[name](PAGE) + b"padding", [name], most_bytes=MOST) == PAGE


def test_bare_deflate_is_read() -> None:
    """Without zlib's frame, as some servers send it."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    assert decode(packer.compress(PAGE) + packer.flush(), ["deflate"], most_bytes=MOST) == PAGE


@pytest.mark.parametrize("name", PACK)
def test_what_is_not_packed_as_said_may_be_another_time(name: str) -> None:
    """The fault is passing: a proxy's slip, most likely."""
    with pytest.raises(FetchError, match="broken") as caught:
        decode(b"<p>Plain text</p>", [name], most_bytes=MOST)
    assert (caught.value.reason, caught.value.passing) == ("bad-encoding", True)


@pytest.mark.parametrize("name", PACK)
def test_no_body_has_no_encoding(name: str) -> None:
    """A 304 names the encoding of the body that it does not have."""
    assert decode(b"", [name], most_bytes=MOST) == b""


def test_an_encoding_that_nobody_knows_is_left() -> None:
    """ "utf-8" is met: a server that took one header for another."""
    assert decode(b"fine", ["utf-8"], most_bytes=MOST) == b"fine"
