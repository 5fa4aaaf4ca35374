"""What a server can make a request cost: its head, its body and its time are bounded, and so is what it unpacks to."""

from typing import Any

import pytest
from twisted.internet.testing import StringTransport

from crawler.network.heads import BoundedFactory
from tests.network.playing import Played, act, play
from tests.network.servers import ENDLESS

HERE = "http://127.0.0.1:{private}/"
PERMITTED = {"allow_private": True, "download_timeout": 10}
BRIEFLY = PERMITTED | {"download_timeout": 0.5}
DECODED = ["page", "gzip", "deflate", "br", "zstd", "twice", "hints"]
REFUSED = {
    **dict.fromkeys(["fields", "folded", "line", "interim", "body", "chunks", "crumbs", "too-long"], "too-large"),
    **dict.fromkeys(["gzip-bomb", "br-bomb", "zstd-bomb"], "too-large"),
    **dict.fromkeys(["thrice", "members", "not-gzip"], "bad-encoding"),
    "long-location": "redirects",
    "cut": "connection-lost",
}


@pytest.fixture(scope="module")
def played() -> Played:
    """All of it, in one process."""
    acts = [act(path, (HERE + path, PERMITTED)) for path in [*DECODED, *REFUSED, "flushed", "trailers"]]
    drip = act("drip", (HERE + "drip", BRIEFLY))
    short = act("short", (HERE + "lies-short", PERMITTED), (HERE + "page", PERMITTED))
    cookies = act("cookies", (HERE + "cookie", PERMITTED), (HERE + "page", PERMITTED))
    return play([*acts, drip, short, cookies])


def whole(played: Played, name: str) -> list[dict[str, Any]]:
    """What became of an act's requests in a crawl."""
    requests: list[dict[str, Any]] = played[name]["whole"]["requests"]
    return requests


@pytest.mark.parametrize("path", DECODED)
def test_what_is_honest_is_read(played: Played, path: str) -> None:
    """Each encoding that we offer, two of them, and a server that announces its response."""
    assert [(one["end"], one["words"]) for one in whole(played, path)] == [("200", "fine")]


@pytest.mark.parametrize("path", REFUSED)
def test_what_has_no_end_or_lies_ends_in_a_named_fault(played: Played, path: str) -> None:
    """Long before the time of the request is over."""
    (one,) = whole(played, path)
    assert one["end"] == REFUSED[path]
    assert one["seconds"] < 2


@pytest.mark.parametrize("path", ["fields", "line", "interim"])
def test_the_fault_says_what_was_too_much(played: Played, path: str) -> None:
    """Lines or bytes, and how many are allowed."""
    assert whole(played, path)[0]["words"].startswith("the head of the response has more than ")


def test_crumbs_are_counted(played: Played) -> None:
    """Chunks of a byte end by their number, long before their sum: a million of them took 6 s of the only thread."""
    (one,) = whole(played, "crumbs")
    assert one["words"] == "its body comes in more than 50,000 pieces of less than 64 bytes"


def test_a_page_in_small_chunks_is_read(played: Played) -> None:
    """A server that flushes now and then is no attacker."""
    (one,) = whole(played, "flushed")
    assert (one["end"], one["bytes"]) == ("200", "20000")


def test_who_speaks_unasked_is_hung_up_on() -> None:
    """At once. Over TLS, a goodbye would wait for the other's, who may go on sending for ever."""
    factory: Any = BoundedFactory  # Twisted's classes have no types
    transports: Any = StringTransport
    connection, transport = factory(lambda _: None, "").buildProtocol(None), transports()
    connection.makeConnection(transport)
    connection.dataReceived(b"more")
    assert transport.disconnected


def test_endless_trailers_end(played: Played) -> None:
    """Fields behind the last chunk are bounded by Twisted; the whole is a lost response."""
    (one,) = whole(played, "trailers")
    assert one["end"] in {"connection", "connection-lost"}
    assert one["seconds"] < 2


def test_a_drip_is_cut_by_the_time_of_the_whole_request(played: Played) -> None:
    """A byte now and then does not keep a request alive."""
    (one,) = whole(played, "drip")
    assert one["end"] == "timeout"
    assert one["seconds"] < 2


def test_what_comes_after_a_response_is_not_the_next_one(played: Played) -> None:
    """A server that sends more than it said cannot answer a request that is made later."""
    first, second = whole(played, "short")
    assert first["words"] == "fi"
    assert second["words"] != "smuggled"


def test_requests_offer_every_encoding_and_tell_nothing_of_us(played: Played) -> None:
    """gzip, br and zstd are offered; no cookie comes back, and no Referer is sent."""
    heads = [head.lower() for head in played["cookies"]["whole"]["private"]["heads"]]
    assert len(heads) == 2
    for head in heads:
        assert "accept-encoding: gzip, deflate, br, zstd" in head
        assert "cookie:" not in head
        assert "referer:" not in head


def test_every_endless_server_is_tried() -> None:
    """None was forgotten here."""
    assert set(ENDLESS) <= {*REFUSED, "trailers"}
