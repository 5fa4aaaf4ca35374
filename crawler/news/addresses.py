"""Which IP addresses are on the public internet: the only ones that a stranger's words may send us to.

Requirements:
    A page, a feed, a redirect or a name's DNS record is written by strangers. None of them may reach what stands behind
    our firewall: this machine, its network, the cloud's metadata service. A public address is never refused.

Theory of operation:
    IPv6 is judged by what is handed out (2000::/3, RFC 4291 section 2.4) less the special blocks in it, IPv4 by IANA's
    register of special blocks. Python's own `is_global` differs between patch releases and takes multicast for global.
    An address that carries an IPv4 address to which the system or a gateway delivers is judged by that one: mapped
    (RFC 4291 section 2.5.5.2) and NAT64 (RFC 6052: there *every* IPv4 name resolves so, hence no flat refusal).
    6to4 and Teredo are refused with all they carry: nobody publishes news from a tunnel that was retired in 2015
    (RFC 7526).

Known exceptions:
    A NAT64 gateway under a prefix of its own looks like any public address.
    So do our own public addresses: what listens there is for the firewall to guard.
"""

import ipaddress
import socket
from ipaddress import IPv4Address, IPv6Address

Address = IPv4Address | IPv6Address

# https://www.iana.org/assignments/iana-ipv4-special-registry, and multicast, and one more.
_IPV4 = {
    "0.0.0.0/8": "this machine",
    "10.0.0.0/8": "private",
    "100.64.0.0/10": "shared behind a carrier's NAT",  # 100.100.100.200 in it is Alibaba's metadata service
    "127.0.0.0/8": "loopback",
    "169.254.0.0/16": "link-local",  # 169.254.169.254 is most clouds' metadata service
    "172.16.0.0/12": "private",
    "192.0.0.0/24": "reserved for protocols",  # 192.0.0.192 is Oracle's metadata service
    "192.0.2.0/24": "for documentation",
    "192.88.99.0/24": "a retired 6to4 relay",
    "192.168.0.0/16": "private",
    "198.18.0.0/15": "for benchmarks",
    "198.51.100.0/24": "for documentation",
    "203.0.113.0/24": "for documentation",
    "224.0.0.0/4": "multicast",
    "240.0.0.0/4": "reserved",
    "168.63.129.16/32": "Azure's host agent",  # written like a public address, answered by the machine's host
}
# https://www.iana.org/assignments/iana-ipv6-special-registry: those within 2000::/3.
_IPV6 = {
    "2001::/23": "reserved for protocols",  # Teredo is among them
    "2001:db8::/32": "for documentation",
    "2002::/16": "a retired 6to4 tunnel",
    "3fff::/20": "for documentation",
}
# Outside 2000::/3 all is refused; these are named, because people meet them.
_IPV6_ELSEWHERE = {
    "::/128": "this machine",
    "::1/128": "loopback",
    "64:ff9b:1::/48": "a local NAT64",  # RFC 8215: where in it the IPv4 address stands is the network's own affair
    "fc00::/7": "private",  # fd00:ec2::254 is AWS's metadata service
    "fe80::/10": "link-local",
    "ff00::/8": "multicast",
}

_SPECIAL_IPV4 = [(ipaddress.IPv4Network(block), word) for block, word in _IPV4.items()]
_SPECIAL_IPV6 = [(ipaddress.IPv6Network(block), word) for block, word in (_IPV6 | _IPV6_ELSEWHERE).items()]
_UNICAST = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def why_private(address: Address) -> str | None:
    """Return what an address is, if it is not on the public internet ("loopback"), or None."""
    if isinstance(address, IPv4Address):
        return next((word for block, word in _SPECIAL_IPV4 if address in block), None)
    inner = address.ipv4_mapped or (IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None)
    if inner:
        return why_private(inner)
    word = next((word for block, word in _SPECIAL_IPV6 if address in block), None)
    return word or (None if address in _UNICAST else "reserved")


def written_address(host: str) -> Address | None:
    """Return the address that a host name is a spelling of, without brackets, or None: then it is a name.

    inet_aton's spellings count, because every dialler understands them: "127.1", "0x7f.1", "017700000001".
    """
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError):  # ValueError: a NUL or a letter beyond ASCII
        return None
