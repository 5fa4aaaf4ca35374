"""Addresses on the web and of channels, and places within a page: selectors."""

import ipaddress
import re
from dataclasses import dataclass
from typing import ClassVar

from cssselect import SelectorError
from lxml.cssselect import CSSSelector
from lxml.etree import XPathError

from crawler.extraction.selectors import is_selector
from crawler.watchlist.kinds import Schema, Text, Wrong, refusal
from crawler.watchlist.wording import quote

_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)(.*)", re.DOTALL)
_AUTHORITY = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^:\[\]]+)(?::([0-9]{1,5}))?")
_PSEUDO_ELEMENT = re.compile(r"::[\w-]+(\([^()]*\))?")  # Scrapy's own "::text" and "::attr(href)", for one
_ASCII_HOST = re.compile(r"[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*\.?")


@dataclass(frozen=True)
class WebAddress(Text):
    """An absolute http(s) URL without user name and password. Scheme and host are read in lower case."""

    noun = "URL"
    example: str = "https://outlet.example/feed.xml"

    def of(self, text: str) -> str:
        if re.search(r"""[\s\\<>"]""", text):
            without = re.sub(r"\s", "%20", text.replace("\\", "/"))
            raise Wrong(f"{quote(text)} holds a character that no URL may hold", meant=without)
        parts = _URL.fullmatch(text)
        if not parts:
            bare = text.removeprefix("feed:").lstrip("/")
            raise Wrong(f"{quote(text)} has no scheme", meant=bare if _URL.match(bare) else f"https://{bare}")
        scheme, authority, rest = parts.groups()
        if scheme.lower() not in ("http", "https"):
            raise Wrong(f"{quote(text)} is not on the web: its scheme is {scheme}", meant=f"https://{authority}{rest}")
        if "@" in authority:
            without = f"{scheme}://{authority.rpartition('@')[2]}{rest}"
            raise Wrong(f"{quote(text)} holds a user name or password, which would end in logs", meant=without)
        if not _is_authority(authority):
            raise Wrong(f"{quote(text)} has no valid host and port: {quote(authority)}")
        return f"{scheme.lower()}://{authority.lower()}{rest}"

    def schema(self) -> Schema:
        return super().schema() | {"pattern": r"^[Hh][Tt][Tt][Pp][Ss]?://[^/?#@\s]+([/?#]\S*)?$"}


def _is_authority(text: str) -> bool:
    """Tell whether the text is a host name (RFC 1123, or IDNA) or IP address, and a port if any."""
    parts = _AUTHORITY.fullmatch(text)
    if not parts or (parts[2] and not 0 < int(parts[2]) < 65536):
        return False
    host = parts[1]
    if host.startswith("["):
        return _is_ipv6(host[1:-1])
    if len(host) > 253:
        return False
    return _ASCII_HOST.fullmatch(host) is not None if host.isascii() else _is_idna(host)


def _is_ipv6(text: str) -> bool:
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return True


def _is_idna(host: str) -> bool:
    try:
        host.encode("idna")
    except UnicodeError:
        return False
    return True


@dataclass(frozen=True)
class ChannelAddress(Text):
    """An Apprise URL (`mailto://…`), or env:NAME or file:PATH that holds one.

    It is never resolved here, and no error shows it: a careless one is itself the secret.
    """

    noun = "channel address"
    example: str = "env:STORYWATCH_CHANNEL"
    shapes: ClassVar[str] = r"^(env:[A-Za-z_][A-Za-z0-9_]*|file:\S.*|(?!env:|file:)[A-Za-z][A-Za-z0-9+.-]*://.*)$"

    def read(self, value: object) -> str:
        if not isinstance(value, str):
            raise refusal(f"a {self.noun} is text. Write one like {quote(self.example)}.")
        if not value.isprintable() or not re.fullmatch(self.shapes, value):
            raise refusal(
                f"what stands here (not shown: it may be secret) is no {self.noun}. "
                'Write an Apprise URL like "mailto://…", "env:NAME" or "file:PATH".'
            )
        return value

    def schema(self) -> Schema:
        return super().schema() | {"pattern": self.shapes}


@dataclass(frozen=True)
class Selector(Text):
    """A CSS selector for articles' pages, as extraction's engine understands it."""

    noun = "CSS selector"
    example: str = "div.article-body"

    def of(self, text: str) -> str:
        if not is_selector(text):
            # That engine does not say what it dislikes. The other one does, unless it knows more.
            why = _why_no_selector(text) or "the engine that reads articles knows no such pseudo-class"
            raise Wrong(f"{quote(text)} is no CSS selector: {why}", meant=_PSEUDO_ELEMENT.sub("", text))
        return text


@dataclass(frozen=True)
class LinkSelector(Selector):
    """A CSS selector for section pages, as discovery's engine understands it: `cssselect`, level 3 and some of 4."""

    example: str = "main h2 a"

    def of(self, text: str) -> str:
        why = _why_no_selector(text)
        if why:
            raise Wrong(f"{quote(text)} is no CSS selector: {why}")
        return text


def _why_no_selector(text: str) -> str:
    """Return what cssselect dislikes about a selector, or ""."""
    try:
        CSSSelector(text, translator="html")  # as crawler.discovery.section does
    except (SelectorError, XPathError, RecursionError) as error:
        return str(error).rstrip(".")
    return ""
