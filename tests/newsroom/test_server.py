"""The newsroom as an HTTP server: proxy and origin form, conditional requests, compression, connections."""

import gzip
import socket
from urllib.parse import urlsplit

import pytest

from crawler.newsroom import Newsroom
from crawler.newsroom.messages import BadRequestError, parse_head
from tests.newsroom.reader import FEED, GAZETTE, PAGE, connect, read


def test_it_answers_as_a_proxy_for_every_outlet(newsroom: Newsroom) -> None:
    """A whole URL as the target reaches the outlet it names."""
    for outlet in newsroom.world.outlets:
        newsroom.heal(outlet.host)
        assert read(newsroom, outlet.url("/robots.txt")).text.startswith("User-agent: *")


def test_it_answers_by_the_host_header(newsroom: Newsroom) -> None:
    """A path as the target, with the host in its header, reaches the same page."""
    by_header = read(newsroom, urlsplit(PAGE).path, Host="www.harbourgazette.example")
    assert by_header.body == read(newsroom, PAGE).body


def test_tracking_parameters_change_nothing(newsroom: Newsroom) -> None:
    """A query does not lead to another page, and is kept in the log."""
    assert read(newsroom, f"{PAGE}?utm_source=rss").body == read(newsroom, PAGE).body
    assert newsroom.requests[0].path.endswith("?utm_source=rss")


def test_an_alias_redirects_to_its_page(newsroom: Newsroom) -> None:
    """A short link answers 301 with the canonical URL."""
    answer = read(newsroom, f"{GAZETTE}/go/41896?utm_source=rss")
    assert answer.status == 301
    assert answer.headers["Location"].endswith("analysis-what-vostria-maravela-really-traded-41896")


def test_nobody_is_behind_other_hosts_and_paths(newsroom: Newsroom) -> None:
    """An unknown host is the proxy's 502, an unknown path the outlet's 404; readers only read."""
    assert read(newsroom, "http://nobody.example/").status == 502
    assert read(newsroom, f"{GAZETTE}/nothing").status == 404
    assert read(newsroom, PAGE, "DELETE").status == 405


@pytest.mark.parametrize("url", [FEED, PAGE])
def test_what_a_reader_has_already_is_not_sent_again(newsroom: Newsroom, url: str) -> None:
    """Either validator gives 304 without a body."""
    first = read(newsroom, url)
    for validators in (
        {"If_None_Match": first.headers["ETag"]},
        {"If_None_Match": f'"other", {first.headers["ETag"]}'},
        {"If_Modified_Since": first.headers["Last-Modified"]},
    ):
        again = read(newsroom, url, **validators)
        assert (again.status, again.body) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]


def test_validators_that_do_not_fit_give_the_page(newsroom: Newsroom) -> None:
    """A foreign tag decides even beside a date that fits; a date that is none is ignored."""
    date = read(newsroom, PAGE).headers["Last-Modified"]
    assert read(newsroom, PAGE, If_None_Match='"other"', If_Modified_Since=date).status == 200
    assert read(newsroom, PAGE, If_Modified_Since="once upon a time").status == 200


def test_pages_are_compressed_for_who_takes_it(newsroom: Newsroom) -> None:
    """gzip holds the same bytes."""
    packed = read(newsroom, PAGE, Accept_Encoding="gzip, br")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == read(newsroom, PAGE).body


def test_head_sends_no_body(newsroom: Newsroom) -> None:
    """HEAD tells the length that GET would have."""
    head = read(newsroom, PAGE, "HEAD")
    assert head.body == b""
    assert int(head.headers["Content-Length"]) == len(read(newsroom, PAGE).body)


def test_a_connection_serves_many_requests(newsroom: Newsroom) -> None:
    """Keep-alive: the same socket answers again, and ends when asked to."""
    connection = connect(newsroom)
    connection.connect()
    first = connection.sock
    for _ in range(3):
        connection.request("GET", PAGE)
        assert connection.getresponse().read()
        assert connection.sock is first
    connection.request("GET", PAGE, headers={"Connection": "close"})
    answer = connection.getresponse()
    answer.read()
    assert answer.headers["Connection"] == "close"
    connection.close()


@pytest.mark.parametrize(
    "head", [b"CONNECT bank.example:443 HTTP/1.1\r\nHost: x", b"nonsense", b"GET / HTTP/1.1", b"\xff"]
)
def test_what_is_no_request_is_refused(newsroom: Newsroom, head: bytes) -> None:
    """CONNECT, a missing host and bytes that are no request get a 400 that says why, and the end."""
    with pytest.raises(BadRequestError):
        parse_head(head)
    proxy = urlsplit(newsroom.url)
    with socket.create_connection((proxy.hostname, proxy.port), timeout=5) as raw:
        raw.sendall(head + b"\r\n\r\n")
        answer = raw.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 400 ")


def test_every_request_is_logged(newsroom: Newsroom) -> None:
    """The log tells time, host, path, headers and status, and is searched by host and path."""
    read(newsroom, PAGE, X_Reader="one")
    read(newsroom, "http://meridianwire.example/nothing")
    assert [visit.status for visit in newsroom.requests] == [200, 404]
    assert newsroom.requests[0].at_seconds <= newsroom.requests[1].at_seconds
    (visit,) = newsroom.requests_of("www.harbourgazette.example", urlsplit(PAGE).path)
    assert (visit.method, visit.headers["x-reader"]) == ("GET", "one")


def test_a_taken_port_is_an_error(newsroom: Newsroom) -> None:
    """Two newsrooms cannot share a port: the second says so at once."""
    port = urlsplit(newsroom.url).port
    assert port
    with pytest.raises(OSError, match="in use"), Newsroom(port):
        pass
