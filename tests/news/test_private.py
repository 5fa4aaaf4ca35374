"""Private addresses in every spelling that a dialler understands."""

import pytest

from crawler.news.urls import is_private


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "10.1.2.3",
        "192.168.0.1",
        "172.16.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "localhost",
        "LOCALHOST",
        "news.localhost",
        "[::1]",
        "[::ffff:10.0.0.1]",
        "[fe80::1]",
        "[fd00::1]",
        "127.0.0.1:8080",
        "１２７。０。０。１",
    ],
)
def test_a_private_address_is_seen_through(host: str) -> None:
    """Decimal, octal, hexadecimal, shortened, mapped, full-width: all the same machine."""
    assert is_private(f"http://{host}/feed.xml")


@pytest.mark.parametrize(
    "host", ["www.gazette.example", "93.184.216.34", "[2606:4700::1111]", "10.example", "1e100.net"]
)
def test_a_public_one_is_not(host: str) -> None:
    """Names, and addresses on the public internet."""
    assert not is_private(f"http://{host}/feed.xml")
