"""Every way in which the press can fail its readers."""

import gzip
import time
from http.client import IncompleteRead, RemoteDisconnected

import pytest

from crawler.newsroom import Newsroom
from crawler.newsroom.faults import KINDS
from tests.newsroom.reader import FEED, PAGE, connect, read

HOST = "www.harbourgazette.example"


def test_slow_answers_late(newsroom: Newsroom) -> None:
    """The whole reply comes after the seconds asked for."""
    newsroom.fault(PAGE, "slow", seconds=0.2)
    asked = time.monotonic()
    assert read(newsroom, PAGE).status == 200
    assert time.monotonic() - asked >= 0.2


def test_dead_hangs_up(newsroom: Newsroom) -> None:
    """The connection closes without a byte, and the log says 0."""
    newsroom.fault(HOST, "dead")
    with pytest.raises(RemoteDisconnected):
        read(newsroom, PAGE)
    assert newsroom.requests[-1].status == 0


@pytest.mark.parametrize("chunked", [False, True])
def test_cut_breaks_off_in_the_body(newsroom: Newsroom, chunked: bool) -> None:
    """Fewer bytes come than were promised, or the last chunk never does."""
    newsroom.fault(HOST, "cut", chunked=chunked)
    with pytest.raises(IncompleteRead):
        read(newsroom, PAGE)


def test_stall_falls_silent_in_the_body(newsroom: Newsroom) -> None:
    """Half the body comes, then nothing more."""
    newsroom.fault(HOST, "stall")
    connection = connect(newsroom)
    connection.timeout = 0.2
    connection.request("GET", PAGE)
    answer = connection.getresponse()
    half = int(answer.headers["Content-Length"]) // 2
    assert len(answer.read(half)) == half
    with pytest.raises(TimeoutError):
        answer.read(1)
    connection.close()


def test_stall_falls_silent_between_chunks(newsroom: Newsroom) -> None:
    """Half the body comes in a chunk, and no other chunk follows."""
    whole = read(newsroom, PAGE).body
    newsroom.fault(HOST, "stall", chunked=True)
    connection = connect(newsroom)
    connection.timeout = 0.2
    connection.request("GET", PAGE)
    answer = connection.getresponse()
    assert answer.read(len(whole) // 2) == whole[: len(whole) // 2]
    with pytest.raises(TimeoutError):
        answer.read(1)
    connection.close()


def test_status_answers_any_code(newsroom: Newsroom) -> None:
    """With the headers it is given."""
    newsroom.fault(FEED, "status", code=429, headers={"Retry-After": "7"})
    answer = read(newsroom, FEED)
    assert (answer.status, answer.headers["Retry-After"]) == (429, "7")
    assert read(newsroom, PAGE).status == 200


def test_html_for_feed(newsroom: Newsroom) -> None:
    """A web page with status 200 stands where the feed was."""
    newsroom.fault(FEED, "html-for-feed")
    answer = read(newsroom, FEED)
    assert (answer.status, answer.headers.get_content_type()) == (200, "text/html")
    assert b"<rss" not in answer.body


def test_huge_streams_without_a_length(newsroom: Newsroom) -> None:
    """The body comes in chunks; a reader who leaves early is let go."""
    newsroom.fault(PAGE, "huge")
    connection = connect(newsroom)
    connection.request("GET", PAGE)
    answer = connection.getresponse()
    assert answer.headers["Content-Length"] is None
    assert len(answer.read(3_000_000)) == 3_000_000
    connection.close()
    newsroom.fault(PAGE, "huge", megabytes=2)
    assert len(read(newsroom, PAGE).body) == pytest.approx(2_000_000, rel=0.01)


def test_gzip_bomb_is_small_on_the_wire(newsroom: Newsroom) -> None:
    """It unpacks to a hundred times its size and more."""
    newsroom.fault(PAGE, "gzip-bomb", megabytes=5)
    packed = read(newsroom, PAGE).body
    assert len(gzip.decompress(packed)) > 100 * len(packed)


def test_endless_redirect_never_repeats_itself(newsroom: Newsroom) -> None:
    """Each hop points to an address not seen before."""
    newsroom.fault(PAGE, "endless-redirect")
    seen = [PAGE]
    for _ in range(5):
        seen.append(read(newsroom, seen[-1]).headers["Location"])
    assert len(set(seen)) == 6


def test_garbage_is_not_text(newsroom: Newsroom) -> None:
    """The bytes are no UTF-8 though the header says so, and the same each time."""
    newsroom.fault(FEED, "garbage")
    answer = read(newsroom, FEED)
    assert answer.headers.get_content_charset() == "utf-8"
    with pytest.raises(UnicodeDecodeError):
        answer.body.decode()
    assert read(newsroom, FEED).body == answer.body


def test_a_fault_ends_when_healed(newsroom: Newsroom) -> None:
    """Healing what has no fault is no error."""
    newsroom.fault(HOST, "status", code=500)
    assert read(newsroom, PAGE).status == 500
    newsroom.heal(f"http://{HOST}/")
    newsroom.heal(HOST)
    assert read(newsroom, PAGE).status == 200


def test_a_fault_may_strike_a_few_times_only(newsroom: Newsroom) -> None:
    """After `times` requests the page is back."""
    newsroom.fault(PAGE, "status", times=2, code=503)
    assert [read(newsroom, PAGE).status for _ in range(3)] == [503, 503, 200]


def test_an_address_goes_before_its_host(newsroom: Newsroom) -> None:
    """The fault of the URL strikes there, that of the host elsewhere."""
    newsroom.fault(HOST, "status", code=500)
    newsroom.fault(PAGE, "status", code=410)
    assert (read(newsroom, f"{PAGE}?a=b").status, read(newsroom, FEED).status) == (410, 500)


@pytest.mark.parametrize(("kind", "arguments"), [("gremlin", {}), ("slow", {"minutes": 1}), ("status", {})])
def test_a_fault_that_cannot_be_is_refused(newsroom: Newsroom, kind: str, arguments: dict[str, int]) -> None:
    """An unknown kind, an argument it does not take, one that is missing."""
    with pytest.raises(ValueError, match=kind):
        newsroom.fault(HOST, kind, **arguments)


def test_every_kind_says_what_it_does() -> None:
    """The docs list the kinds by their docstrings."""
    assert all(kind.__doc__ for kind in KINDS.values())
