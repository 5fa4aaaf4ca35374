"""Which addresses are on the public internet."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.news.addresses import why_private, written_address

PRIVATE = {
    "127.0.0.1": "loopback",
    "0.0.0.0": "this machine",
    "10.255.255.255": "private",
    "172.16.0.1": "private",
    "172.31.255.255": "private",
    "192.168.0.1": "private",
    "169.254.169.254": "link-local",
    "100.64.0.1": "shared behind a carrier's NAT",
    "100.127.255.255": "shared behind a carrier's NAT",
    "192.0.0.192": "reserved for protocols",
    "198.19.255.255": "for benchmarks",
    "203.0.113.1": "for documentation",
    "224.0.0.251": "multicast",
    "255.255.255.255": "reserved",
    "168.63.129.16": "Azure's host agent",
    "::": "this machine",
    "::1": "loopback",
    "fd00:ec2::254": "private",
    "fe80::1": "link-local",
    "fe80::1%eth0": "link-local",
    "ff02::1": "multicast",
    "fec0::1": "reserved",
    "2001:db8::1": "for documentation",
    "2001:0:7f00:1::": "reserved for protocols",
    "2002:7f00:1::": "a retired 6to4 tunnel",
    "64:ff9b:1::5db8:d822": "a local NAT64",
    # by the IPv4 address within
    "::ffff:127.0.0.1": "loopback",
    "::ffff:169.254.169.254": "link-local",
    "64:ff9b::10.0.0.1": "private",
    "::127.0.0.1": "reserved",
}
PUBLIC = [
    *["1.1.1.1", "93.184.216.34", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0", "223.255.255.255"],
    *["2606:4700::1111", "2a00:1450:4001::1", "2001:4860:4860::8888", "::ffff:93.184.216.34", "64:ff9b::93.184.216.34"],
]


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_public_is_named(address: str) -> None:
    """In a word or two, for the person who reads why a page was refused."""
    assert why_private(ipaddress.ip_address(address)) == PRIVATE[address]


@pytest.mark.parametrize("address", PUBLIC)
def test_what_is_public_is_not(address: str) -> None:
    """The neighbours of special blocks, and addresses that carry a public one."""
    assert why_private(ipaddress.ip_address(address)) is None


@given(st.ip_addresses())
def test_nothing_that_python_calls_private_is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    """Ours is stricter everywhere but for NAT64, where it looks at the address within."""
    if address.is_private or address.is_multicast or address.is_loopback or address.is_link_local:
        assert why_private(address) or address in ipaddress.ip_network("64:ff9b::/96")


@given(st.ip_addresses(v=4))
def test_a_mapped_address_is_judged_as_what_it_maps(address: ipaddress.IPv4Address) -> None:
    """The system delivers both to the same machine."""
    assert why_private(ipaddress.IPv6Address(f"::ffff:{address}")) == why_private(address)


@given(st.text(max_size=30))
def test_arbitrary_text_is_an_address_or_none(text: str) -> None:
    """No spelling is an error."""
    assert written_address(text) is None or why_private(written_address(text) or ipaddress.ip_address(0)) in {
        None,
        *PRIVATE.values(),
        "a retired 6to4 relay",
    }
