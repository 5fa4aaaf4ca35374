"""Names to the addresses that may be dialled.

Requirements:
    A name is resolved once for each connection, and what is dialled is one of the addresses that were judged: a name
    that answers differently the second time (DNS rebinding) is never asked a second time.

Theory of operation:
    A name with public and private addresses is dialled at the public ones alone. Refusing it would be no safer, as
    nothing else is dialled, and would lose outlets whose DNS also carries an address of their own office.
    Both IP versions are asked for, in the order that the system prefers (RFC 6724).

Known exceptions:
    Answers are not kept: connections are, and a resolver of the system's or the network's keeps them better. So the
    only limit on a slow resolver is the request's own time; its thread ends when the resolver gives up.
"""

import asyncio
import ipaddress
import socket
from concurrent.futures import ThreadPoolExecutor

from crawler.news.addresses import Address, why_private, written_address
from crawler.news.errors import FetchError

MOST_ADDRESSES = 8  # more than any outlet needs; else a name could make us knock at a thousand doors
# Not asyncio's own threads (6 on two cores): a few names whose servers never answer would hold up all others.
_THREADS = ThreadPoolExecutor(max_workers=32, thread_name_prefix="resolving")


async def addresses_of(host: str, *, allow_private: bool = False) -> list[Address]:
    """Return the addresses to dial for a host: a name, or an address without brackets in any spelling. At most 8.

    Raises:
        FetchError: "private-address", none of them is on the public internet; or "dns", there are none now.
    """
    written = written_address(host)
    found = [written] if written else await _resolve(host)
    if allow_private:
        return found[:MOST_ADDRESSES]
    public = [address for address in found if why_private(address) is None]
    if not public:
        raise FetchError("private-address", _refusal(host, found))
    return public[:MOST_ADDRESSES]


async def _resolve(host: str) -> list[Address]:
    try:
        answers = await asyncio.get_running_loop().run_in_executor(_THREADS, _ask_system, host)
    except (OSError, UnicodeError) as error:  # UnicodeError: a label that is empty or too long
        raise FetchError("dns", f"{host} does not resolve: {error}", passing=True) from None
    return [ipaddress.ip_address(answer) for answer in dict.fromkeys(answers)]


def _ask_system(host: str) -> list[str]:
    return [str(place[0]) for *_, place in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]


def _refusal(host: str, found: list[Address]) -> str:
    first = found[0]
    what = f"{first} ({why_private(first)})"
    subject = what if written_address(host) else f"{host} is at {what}, which"
    return f"{subject} is not on the public internet. allow_private = true in the outlet's table permits it"
