"""One spelling for one address: canonical URLs, and what is derived from them.

Requirements:
    The same page announced twice (by two feeds, by a newsletter, by a reader who shares it) gets one identity; two
    pages never share one. `canonicalise` runs for every entry of every poll, so it costs a few microseconds.

Theory of operation:
    Syntax is normalised as RFC 3986 section 6.2.2 and the WHATWG URL Standard do, which never changes the page:
    case, default port, dot segments, percent-encoding. Beyond that only what by wide convention tells *where the
    reader came from*, never *which page*: tracking parameters, session ids, the fragment, credentials.
    Parameters are sorted by name (as w3lib, url-normalize and most caches do), because feeds of one outlet differ in
    their order; values of a repeated name keep theirs.

Known exceptions:
    A query with a part without "=" may be positional ("?article,4711&de") and stays in its order.
    Names that are a place of origin here and an identity there ("ref", "source") go only with a value that says
    where the reader came from ("ref=rss"), so "ref=4711" stays.
    http and https, "www." and bare, with and without a trailing slash remain different addresses: a server may
    answer them differently, and redirects and rel=canonical tell us when it does not.
"""

import base64
import hashlib
import ipaddress
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote

import idna

from crawler.news.addresses import why_private, written_address
from crawler.news.errors import UrlError

if TYPE_CHECKING:
    from tldextract import TLDExtract

# RFC 9110 section 4.1 asks servers to take at least 8,000 octets; hardly any takes more.
MAX_URL_CHARACTERS = 8192

_DEFAULT_PORTS = {"http": 80, "https": 443}

_TRACKING_PREFIXES = (
    "utm_",  # Google and everyone since
    "at_",  # AT Internet (BBC, Le Monde)
    "mtm_",  # Matomo
    "pk_",  # Matomo when it was Piwik
    "hsa_",  # HubSpot
    "ns_",  # comScore
    "guce_",  # Yahoo
    "wt_",  # Webtrekk (Die Zeit: wt_zmc)
)
_TRACKING_NAMES = frozenset[str]().union(
    # clicks counted by advertisers and social networks
    ["fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "ysclid", "twclid", "ttclid"],
    ["li_fat_id", "igshid", "igsh", "srsltid", "rb_clickid", "__twitter_impression", "soc_src", "soc_trk", "sr_share"],
    # newsletters
    ["mc_cid", "mc_eid", "mkt_tok", "_hsenc", "_hsmi", "vero_id", "oly_enc_id", "oly_anon_id"],
    # campaigns and internal promotion, as outlets name them
    ["cmp", "cmpid", "intcmp", "icid", "ncid", "ocid", "s_cid", "ex_cid", "mbid", "xtor", "smid", "smtyp", "emc"],
    ["ito", "ftag", "wprss", "feedtype", "feedname", "traffic_source", "guccounter", "taid", "ref_src", "ref_url"],
    ["ico", "maca", "dicbo"],
    # analytics and sessions
    ["_ga", "_gl", "spm", "phpsessid", "jsessionid"],
)
_ORIGIN_NAMES = frozenset(["ref", "referrer", "referer", "source", "src", "from", "partner", "via"])
_ORIGIN_VALUES = frozenset[str]().union(
    ["rss", "rssfeed", "feed", "feeds", "atom", "newsletter", "newsletters", "email", "home", "homepage", "share"],
    ["app", "apple", "facebook", "fb", "social", "telegram", "twitter", "whatsapp", "x"],
)

_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_URL = re.compile(r"(https?):[/\\]{2}([^/\\?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.IGNORECASE | re.DOTALL)
_ESCAPED_OR_UNSAFE = re.compile(r"%[0-9A-Fa-f]{2}|%|[^A-Za-z0-9._~!$&'()*+,;=:@/?%-]+")
_PART_START = re.compile(r"(?:^|&)(?:amp;)*")  # "&amp;" in a query is a feed that escaped twice
_SESSION_IN_PATH = re.compile(r";jsessionid=[^/;]*", re.IGNORECASE)
_C0_AND_SPACE = "".join(map(chr, range(33)))
_HOST = re.compile(r"(?!.{254})[a-z0-9_][a-z0-9_-]{0,62}(\.[a-z0-9_-]{1,63})*")
_HOME_PATH = re.compile(
    r"/(?:[a-z]{2}(?:[-_][a-z]{2})?(?:/|$))?(?:(?:index|home|default)(?:\.[a-z]+)?/?)?", re.IGNORECASE
)


def canonicalise(url: str) -> str:
    """Return the one spelling of an http(s) URL: its identity. Idempotent; ASCII only.

    "HTTP://Www.Example:80/a/../b%7e?utm_source=x&id=7#top" becomes "http://www.example/b~?id=7".
    A fragment stays only as "#!…", with which old single-page sites name the page itself.

    Raises:
        UrlError: not an absolute http(s) URL with a valid host, or over 8,192 characters. It is a ValueError, too.
    """
    scheme, authority, path, query, fragment = _split(url)
    path = _canonical_path(path)
    if query:
        query = _canonical_query(query)
    tail = f"?{query}" if query else ""
    if fragment and len(fragment) > 1 and fragment[0] == "!":
        tail += "#" + _normalise_escapes(fragment)
    canonical = f"{scheme}://{authority}{path}{tail}"
    _check_length(canonical)
    return canonical


def host_of(url: str) -> str:
    """Return the lower-case ASCII host, with the port when it is not the scheme's default: the key of politeness.

    Raises:
        UrlError: as `canonicalise`.
    """
    return _split(url)[1]


def dialled(url: str) -> str:
    """Return the URL to ask for: its host as `host_of` has it, no credentials, no fragment, the rest as it came.

    So what is asked for is what was judged and waited for: HTTP libraries read odd hosts otherwise (IDNA of 2003 makes
    "fass.de" of "faß.de"), or not at all ("http://[x@host/").

    Raises:
        UrlError: as `canonicalise`.
    """
    scheme, authority, path, query, _ = _split(url)
    path = path.replace("\\", "/") or "/"
    return f"{scheme}://{authority}{path}" + ("" if query is None else f"?{query}")


def url_id(url: str) -> str:
    """Return 16 characters of a-z and 2-7 that stand for the canonical URL: 80 bits of its SHA-256.

    Among a billion URLs the chance of any collision is under one in a million (10^18 / 2 / 2^80).

    Raises:
        UrlError: as `canonicalise`.
    """
    digest = hashlib.sha256(canonicalise(url).encode("ascii")).digest()
    return base64.b32encode(digest[:10]).decode("ascii").lower()


def is_home_page(url: str) -> bool:
    """Tell whether the URL is a site's front door ("/", "/index.html", "/en/"): never an article.

    Raises:
        UrlError: as `canonicalise`.
    """
    _, _, path, query, _ = _split(canonicalise(url))
    return not query and _HOME_PATH.fullmatch(path) is not None


def is_private(url: str) -> bool:
    """Tell whether the URL's host is written as an address that is not on the public internet, in any spelling.

    "127.0.0.1", "2130706433", "0x7f.1", "[::ffff:10.0.0.1]" and "localhost" are; what a name resolves to shows only
    when it is dialled.

    Raises:
        UrlError: as `canonicalise`.
    """
    host = host_of(url)
    host = host[1 : host.index("]")] if host.startswith("[") else host.partition(":")[0]
    if host == "localhost" or host.endswith(".localhost"):  # RFC 6761, section 6.3
        return True
    address = written_address(host)
    return address is not None and why_private(address) is not None


def same_site(a: str, b: str) -> bool:
    """Tell whether two URLs belong to one registrable domain ("amp.bbc.co.uk" and "www.bbc.co.uk" do).

    By the public suffix list, private suffixes included: two blogs of one blog host are two sites.

    Raises:
        UrlError: as `canonicalise`.
    """
    host_a, host_b = host_of(a), host_of(b)
    return host_a == host_b or _registrable(host_a) == _registrable(host_b)


def loose_key(url: str) -> str:
    """Return what the spellings of one address have in common that people mix up: for telling what is known already.

    http and https, with and without a slash at the end, are one here; as identities they stay apart.

    Raises:
        UrlError: as `canonicalise`.
    """
    return canonicalise(url).partition("://")[2].rstrip("/")


def without_controls(url: str) -> str:
    """Return the URL as browsers dial it: without control characters and spaces around, line breaks and tabs inside."""
    stripped = url.strip(_C0_AND_SPACE)
    if "\n" in stripped or "\t" in stripped or "\r" in stripped:
        stripped = stripped.replace("\n", "").replace("\t", "").replace("\r", "")
    return stripped


def _split(url: str) -> tuple[str, str, str, str | None, str | None]:
    """Return scheme, canonical authority, path, query and fragment; the last three as they came."""
    stripped = without_controls(url)
    _check_length(stripped)
    match = _URL.fullmatch(stripped)
    if match is None:
        raise UrlError(f'{stripped[:200]!r} is not an absolute URL. Write it with "https://" and a host.')
    scheme, authority, path, query, fragment = match.groups()
    scheme = scheme.lower()
    return scheme, _canonical_authority(scheme, authority), path, query, fragment


def _check_length(url: str) -> None:
    if len(url) > MAX_URL_CHARACTERS:
        raise UrlError(f"URL {url[:60]!r}... has {len(url)} characters. The most is {MAX_URL_CHARACTERS}.")


@lru_cache(maxsize=10_000)
def _canonical_authority(scheme: str, authority: str) -> str:
    """Return "host" or "host:port". Credentials are dropped: no identity, and they must not reach a stream."""
    host, colon, port = authority.rpartition("@")[2].rpartition(":")
    if not colon or port.endswith("]"):  # no port, or an IPv6 address that ends here
        host, port = host + colon + port, ""
    host = _canonical_host(host, authority)
    if not port:
        return host
    number = int(port) if len(port) <= 5 and port.isascii() and port.isdigit() else 0
    if not 1 <= number <= 65_535:
        raise UrlError(f"Host {authority!r} has the port {port!r}. Ports are 1 to 65535.")
    return host if number == _DEFAULT_PORTS[scheme] else f"{host}:{number}"


def _canonical_host(raw: str, authority: str) -> str:
    """Return the host in lower case: IDNA by UTS 46 as browsers do it, IPv6 in its shortest form."""
    try:
        if raw.startswith("[") and raw.endswith("]"):
            address = ipaddress.IPv6Address(raw[1:-1])
            if address.scope_id:
                raise ValueError("a zone id means nothing to another machine")
            return f"[{address.compressed}]"
        host = unquote(raw)
        if not host.isascii():
            host = idna.encode(host, uts46=True).decode("ascii")
    except ValueError as error:  # AddressValueError and IDNAError are ValueErrors
        raise UrlError(f"Host {authority!r} is not valid: {error}.") from error
    host = host.lower().removesuffix(".")
    if not _HOST.fullmatch(host):
        raise UrlError(f"Host {authority!r} is not a valid host name.")
    return host


def _canonical_path(path: str) -> str:
    path = _normalise_escapes(path.replace("\\", "/")) or "/"
    if ";" in path:
        path = _SESSION_IN_PATH.sub("", path)
    return _without_dot_segments(path) if "/." in path else path


def _without_dot_segments(path: str) -> str:
    """Return an absolute path with "." and ".." resolved (RFC 3986 section 5.2.4)."""
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)


def _canonical_query(query: str) -> str:
    parts = [part for part in _PART_START.split(_normalise_escapes(query)) if part and not _says_origin(part)]
    if len(parts) > 1 and all("=" in part for part in parts):
        parts.sort(key=lambda part: part.partition("=")[0])
    return "&".join(parts)


def _says_origin(part: str) -> bool:
    """Tell whether "name=value" says where the reader came from, not which page this is."""
    name, _, value = part.lower().partition("=")
    return (
        name in _TRACKING_NAMES
        or name.startswith(_TRACKING_PREFIXES)
        or (name in _ORIGIN_NAMES and value in _ORIGIN_VALUES)
    )


def _normalise_escapes(text: str) -> str:
    """Percent-encode what a URL cannot hold, decode what needs no encoding, write the rest in upper case."""
    return _ESCAPED_OR_UNSAFE.sub(_normalise_escape, text)


def _normalise_escape(match: re.Match[str]) -> str:
    found = match[0]
    if found[0] == "%" and len(found) == 3:  # "%7e"; a "%" alone becomes "%25"
        character = chr(int(found[1:], 16))
        return character if character in _UNRESERVED else found.upper()
    return "".join(f"%{byte:02X}" for byte in found.encode("utf-8", "replace"))


@lru_cache(maxsize=10_000)
def _registrable(host: str) -> str:
    """Return the registrable domain ("bbc.co.uk"); an IP address or a single label stands for itself."""
    name = host.partition(":")[0]
    if host.startswith("[") or name.replace(".", "").isdigit():
        return host
    # Where the list does not know the suffix, its default rule "*" holds: the last label is the suffix.
    return _suffix_list().extract_str(name).top_domain_under_public_suffix or ".".join(name.split(".")[-2:])


@cache
def _suffix_list() -> "TLDExtract":
    """Return the public suffix list that tldextract brings along: never fetched, never written to disk."""
    from tldextract import TLDExtract  # here: it pulls in requests, 130 ms that most commands need not pay

    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
