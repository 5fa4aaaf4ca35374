"""No words of a stranger make us dial a private address: 40 ways to try, each played at the handler and in a crawl.

A crawl resolves names by a script and dials for real. The server on the private side must never be called; that it
would answer is shown at the end, where an outlet's own permission opens the way.
"""

from typing import Any

import pytest

from tests.network.playing import Played, act, play
from tests.network.servers import PUBLIC

V4, V6, NAT64 = PUBLIC
LOOP = ["127.0.0.1"]
PERMITTED = {"allow_private": True}

# How a URL can name this machine, or another that is none of the public's business.
WRITTEN = {
    "dotted": "http://127.0.0.1:{private}/page",
    "decimal": "http://2130706433:{private}/page",
    "octal": "http://0177.0.0.1:{private}/page",
    "hexadecimal": "http://0x7f000001:{private}/page",
    "hexadecimal, in parts": "http://0x7f.0x0.0x0.0x1:{private}/page",
    "hexadecimal, shortened": "http://0x7f.1:{private}/page",
    "shortened": "http://127.1:{private}/page",
    "another loopback": "http://127.255.0.9:{private}/page",
    "all zeros": "http://0.0.0.0:{private}/page",
    "zero": "http://0:{private}/page",
    "IPv6": "http://[::1]:{private}/page",
    "IPv6 unspecified": "http://[::]:{private}/page",
    "IPv6, written out": "http://[0:0:0:0:0:0:0:1]:{private}/page",
    "mapped": "http://[::ffff:127.0.0.1]:{private}/page",
    "mapped, hexadecimal": "http://[::ffff:7f00:1]:{private}/page",
    "IPv4-compatible": "http://[::127.0.0.1]:{private}/page",
    "NAT64": "http://[64:ff9b::127.0.0.1]:{private}/page",
    "NAT64 of the network's own": "http://[64:ff9b:1::7f00:1]:{private}/page",
    "6to4": "http://[2002:7f00:1::]:{private}/page",
    "Teredo": "http://[2001:0:7f00:1::80ff:fffe]:{private}/page",
    "IDN dots": "http://127。0。0。1:{private}/page",
    "full-width digits": "http://１２７．０．０．１:{private}/page",
    "behind a backslash": "http://127.0.0.1:{private}\\@gazette.example/page",
    "HTTPS": "https://127.0.0.1:{private}/page",
    "private 10/8": "http://10.0.0.1:{private}/page",
    "private 172.16/12": "http://172.31.255.1:{private}/page",
    "private 192.168/16": "http://192.168.1.1:{private}/page",
    "carrier's NAT": "http://100.64.0.1:{private}/page",
    "link-local": "http://169.254.7.7:{private}/page",
    "metadata": "http://169.254.169.254/latest/meta-data/",
    "metadata, decimal": "http://2852039166/latest/meta-data/",
    "metadata, IPv6": "http://[fd00:ec2::254]/latest/meta-data/",
    "Azure's host agent": "http://168.63.129.16/machine",
    "benchmarks": "http://198.18.0.1:{private}/page",
    "multicast": "http://224.0.0.1:{private}/page",
    "broadcast": "http://255.255.255.255:{private}/page",
    "IPv6 link-local": "http://[fe80::1]:{private}/page",
    "documentation": "http://203.0.113.7:{private}/page",
    # names
    "localhost": "http://localhost:{private}/page",
    "a name under localhost": "http://foo.localhost:{private}/page",
    "localhost, trailing dot": "http://localhost.:{private}/page",
    "localhost in other letters": "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:{private}/page",
}
RESOLVED = [
    act("a name at a private address", "http://intern.example:{private}/page", intern_example=[LOOP]),
    act("a name at a private IPv6 address", "http://intern.example:{private}/page", intern_example=[["::1"]]),
    act("a name at a mapped address", "http://intern.example:{private}/page", intern_example=[["::ffff:127.0.0.1"]]),
    act("a name of the cloud's", "http://metadata.google.internal/", metadata_google_internal=[["169.254.169.254"]]),
    act("robots.txt", ("http://intern.example:{private}/robots.txt", {"kind": "robots"}), intern_example=[LOOP]),
]
REDIRECTED = [
    act(
        "a redirect to an address",
        "http://gazette.example:{public}/to?http://127.0.0.1:{private}/page",
        gazette_example=[[V4]],
    ),
    act(
        "a redirect to a name",
        "http://gazette.example:{public}/to?http://intern.example:{private}/page",
        gazette_example=[[V4]],
        intern_example=[LOOP],
    ),
    act(
        "a redirect on the same host, which has moved home since",
        "http://gazette.example:{private}/to?http://gazette.example:{private}/page",
        gazette_example=[[V4], LOOP],
    ),
    act(
        "robots.txt that redirects",
        ("http://gazette.example:{public}/to?http://intern.example:{private}/page", {"kind": "robots"}),
        gazette_example=[[V4]],
        intern_example=[LOOP],
    ),
]
# No address at all: not even a name that resolves, or no protocol of ours.
NOWHERE = {
    "credentials before an address": ("http://public@127.0.0.1:{private}/page", {"dns", "private-address"}),
    "an address before a name": ("http://127.0.0.1@intern.example:{private}/page", {"dns", "private-address"}),
    "percent-encoded": ("http://127%2e0%2e0%2e1:{private}/page", {"dns", "private-address"}),
    "a file": ("file:///etc/passwd", {"bad-address"}),
    "FTP": ("ftp://127.0.0.1:{private}/page", {"bad-address"}),
    "a unix socket": ("http+unix://%2Frun%2Fstore.sock/page", {"bad-address"}),
    "IPv6 with a zone": ("http://[::1%25lo]:{private}/page", {"bad-address", "private-address"}),
    "a redirect to a file": ("http://gazette.example:{public}/to?file:///etc/passwd", {"bad-address", "redirects"}),
}
OTHERS = [
    act("rebinding", "http://rebind.example:{private}/page", rebind_example=[[V4], LOOP]),
    act("one private address of two", "http://mixed.example:{private}/page", mixed_example=[["127.0.0.1", V4]]),
    act("IPv6 alone", "http://six.example/page", six_example=[[V6]]),
    act("a network without IPv4", "http://dns64.example/page", dns64_example=[[NAT64]]),
    act(
        "a name with very many addresses",
        "http://many.example/page",
        many_example=[[V4] + [f"93.184.216.{n}" for n in range(99)]],
    ),
    act("HTTPS, public", "https://gazette.example:{secure}/page", gazette_example=[[V4]]),
    act("a name that nobody knows", "http://nobody.example/page"),
    act("permission", ("http://127.0.0.1:{private}/page", PERMITTED)),
    act(
        "permission is not inherited",
        ("http://intern.example:{private}/page", PERMITTED),
        ("http://intern.example:{private}/page", PERMITTED),
        "http://intern.example:{private}/page",
        intern_example=[LOOP],
    ),
    act("a proxy", ("http://intern.example:1/page", {"proxy": "http://127.0.0.1:{private}"})),
    act("a proxy, and a written address", ("http://127.0.0.1:1/page", {"proxy": "http://127.0.0.1:{private}"})),
]


@pytest.fixture(scope="module")
def played() -> Played:
    """All of it, in one process."""
    written = [act(name, url) for name, url in WRITTEN.items()]
    nowhere = [act(name, url, gazette_example=[[V4]], intern_example=[LOOP]) for name, (url, _) in NOWHERE.items()]
    return play([*written, *RESOLVED, *REDIRECTED, *nowhere, *OTHERS])


@pytest.fixture(params=["straight", "whole"])
def way(request: pytest.FixtureRequest) -> str:
    """At the download handler alone, or through all middlewares of a crawl."""
    return str(request.param)


REFUSED = [*WRITTEN, *(one["name"] for one in [*RESOLVED, *REDIRECTED])]


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_private_is_never_dialled(played: Played, name: str, way: str) -> None:
    """Refused under its own name, for good, without a connection to where it points."""
    result = played[name][way]
    assert ends(result) == ["private-address"]
    assert result["private"]["connections"] == 0
    assert set(result["dialled"]) <= {V4}


@pytest.mark.parametrize("name", NOWHERE)
def test_what_is_no_address_leads_nowhere(played: Played, name: str, way: str) -> None:
    """Neither a host in disguise nor another protocol reaches anything."""
    result = played[name][way]
    assert set(ends(result)) <= NOWHERE[name][1]
    assert result["private"]["connections"] == 0
    assert "root:" not in result["requests"][0]["words"]


def test_a_name_is_resolved_once_and_dialled_where_it_was_judged(played: Played, way: str) -> None:
    """Rebinding: the DNS would answer 127.0.0.1 the second time. It is not asked a second time."""
    result = played["rebinding"][way]
    assert ends(result) == ["200"]
    assert (result["asked"], result["dialled"]) == (["rebind.example"], [V4])
    assert result["private"]["connections"] == 0


def test_https_is_dialled_where_it_was_judged(played: Played, way: str) -> None:
    """The certificate's name is the host's, not the address."""
    result = played["HTTPS, public"][way]
    assert (ends(result), result["asked"], result["dialled"]) == (["200"], ["gazette.example"], [V4])


def test_of_mixed_addresses_the_public_one_is_dialled(played: Played, way: str) -> None:
    """A name that also carries an address of its owner's office is fetched, from outside."""
    result = played["one private address of two"][way]
    assert (ends(result), result["dialled"]) == (["200"], [V4])


def test_both_ip_versions_are_dialled(played: Played, way: str) -> None:
    """An outlet that has IPv6 alone is read."""
    result = played["IPv6 alone"][way]
    assert (ends(result), result["dialled"]) == (["200"], [V6])


def test_behind_a_nat64_gateway_the_public_remains_public(played: Played, way: str) -> None:
    """There every name resolves to an IPv6 address with the IPv4 one in it."""
    result = played["a network without IPv4"][way]
    assert (ends(result), result["dialled"]) == (["200"], [NAT64])


def test_a_name_that_nobody_knows(played: Played, way: str) -> None:
    """It may be known later, so the fault is passing and has its old name."""
    assert ends(played["a name that nobody knows"][way]) == ["dns"]


def test_an_outlets_own_permission_opens_the_way(played: Played, way: str) -> None:
    """`allow_private`: the private server answers, so the other tests would have seen it called."""
    result = played["permission"][way]
    assert ends(result) == ["200"]
    assert result["private"]["connections"] == 1


def test_permission_is_not_inherited_with_a_connection(played: Played, way: str) -> None:
    """A connection that was opened by permission is kept for those who have it, and for nobody else."""
    result = played["permission is not inherited"][way]
    assert ends(result) == ["200", "200", "private-address"]
    assert result["private"]["connections"] == 1
    assert len(result["private"]["heads"]) == 2


def test_a_configured_proxy_is_dialled_as_configured(played: Played, way: str) -> None:
    """It is on the private side, and the name is for it to resolve."""
    result = played["a proxy"][way]
    assert (ends(result), result["asked"]) == (["200"], [])
    assert result["private"]["heads"][0].startswith("GET http://intern.example:1/page ")


def test_no_written_private_address_goes_through_a_proxy(played: Played) -> None:
    """What a proxy would dial we do not see; what is written we do."""
    assert ends(played["a proxy, and a written address"]["whole"]) == ["private-address"]


def test_the_refusal_names_host_address_and_mend(played: Played) -> None:
    """Whoever reads the log knows what to do, if it was meant to be."""
    words = played["a name at a private address"]["straight"]["requests"][0]["words"]
    assert words == (
        "intern.example is at 127.0.0.1 (loopback), which is not on the public internet. "
        "allow_private = true in the outlet's table permits it"
    )


def ends(result: dict[str, Any]) -> list[str]:
    """How the requests of an act ended."""
    return [str(request["end"]) for request in result["requests"]]
