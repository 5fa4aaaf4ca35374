"""Bodies under a Content-Encoding: whatever their bytes are, they end as a body or as one fault, soon."""

import gzip
import sys
import time
import zlib
from collections.abc import Callable

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.network.decoding import MOST_MEMBERS, decode
from crawler.news.errors import FetchError

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
