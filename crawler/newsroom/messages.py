"""HTTP/1.1 as a small origin server behind a proxy address needs it: requests in, replies out (RFC 9110, 9112)."""

import asyncio
import hashlib
import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import cached_property
from http import HTTPStatus
from typing import Any, Literal
from urllib.parse import urlsplit

Ending = Literal["whole", "dead", "cut", "stall"]


class BadRequestError(Exception):
    """Bytes that are no request this server understands; the connection ends."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request to one host. `path` keeps its query; header names are lower case."""

    method: str
    host: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def address(self) -> str:
        """Host and path without the query, as faults name it."""
        return self.host + self.path.partition("?")[0]

    @property
    def keep_alive(self) -> bool:
        return "close" not in (self.headers.get("connection", "") + self.headers.get("proxy-connection", "")).lower()


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back, and how.

    Attributes:
        stream: sent in chunks instead of `body`.
        delay_seconds: waited before the first byte.
        ending: "dead" closes without a byte, "cut" closes after half the body, "stall" falls silent there.
    """

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    stream: Iterable[bytes] | None = None
    delay_seconds: float = 0
    ending: Ending = "whole"


@dataclass
class Document:
    """What an address shows: bytes kept ready, with their validators."""

    body: bytes
    content_type: str
    modified: datetime | None = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    @cached_property
    def etag(self) -> str:
        """Weak, for one tag stands for the plain and the compressed bytes (RFC 9110, section 8.8.1)."""
        return f'W/"{hashlib.sha1(self.body, usedforsecurity=False).hexdigest()[:16]}"'

    @cached_property
    def gzipped(self) -> bytes:
        squeeze = zlib.compressobj(level=1, wbits=31)
        return squeeze.compress(self.body) + squeeze.flush()


def json_reply(value: Any, status: int = 200) -> Reply:
    return Reply(status, {"Content-Type": "application/json"}, json.dumps(value, indent=1).encode() + b"\n")


def reply_with(document: Document, request: Request) -> Reply:
    """Return the reply that shows `document`: 304 if the client has it already, gzip if it takes that."""
    headers = {"Content-Type": document.content_type, "Vary": "Accept-Encoding", **document.headers}
    if document.status != HTTPStatus.OK:
        return Reply(document.status, headers, document.body)
    headers["ETag"] = document.etag
    if document.modified:
        headers["Last-Modified"] = format_datetime(document.modified, usegmt=True)
    if _not_modified(document, request.headers):
        return Reply(HTTPStatus.NOT_MODIFIED, headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Reply(HTTPStatus.OK, {**headers, "Content-Encoding": "gzip"}, document.gzipped)
    return Reply(HTTPStatus.OK, headers, document.body)


def _not_modified(document: Document, headers: dict[str, str]) -> bool:
    """If-None-Match alone decides where it came (RFC 9110, section 13.2.2); a date that is none is ignored."""
    if tags := headers.get("if-none-match"):
        return document.etag in (tag.strip() for tag in tags.split(","))
    if not document.modified or not (since := headers.get("if-modified-since")):
        return False
    try:
        return document.modified.replace(microsecond=0) <= parsedate_to_datetime(since)
    except (ValueError, TypeError):
        return False


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """Return the next request of a connection, or None at its end.

    Raises:
        BadRequestError: it is malformed, or a CONNECT (this press speaks plain http alone).
    """
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    except asyncio.LimitOverrunError as error:
        raise BadRequestError("the head is over 64 KB") from error
    request, length = parse_head(head)
    if not length:
        return request
    try:
        body = await reader.readexactly(length)
    except asyncio.IncompleteReadError:
        return None
    return Request(request.method, request.host, request.path, request.headers, body)


def parse_head(head: bytes) -> tuple[Request, int]:
    """Return the request that `head` opens, and the length of its body in bytes.

    The target is a whole URL, as a proxy is asked (absolute-form), or a path with the host in its header (origin-form).

    Raises:
        BadRequestError: see `read_request`.
    """
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    try:
        method, target, _version = first.split(" ")
        headers = {name.strip().lower(): value.strip() for name, value in (line.split(":", 1) for line in lines)}
        length = int(headers.get("content-length", "0"))
        if target.startswith("http://"):
            parts = urlsplit(target)
            host, path = parts.netloc, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        else:
            host, path = headers["host"], target
    except (ValueError, KeyError) as error:
        raise BadRequestError(f"no request: {first[:80]!r}") from error
    if method == "CONNECT" or not path.startswith("/"):
        raise BadRequestError(f"{first[:80]!r}: only plain http is spoken here. Ask for an http:// address")
    return Request(method, host.lower().removesuffix(":80"), path, headers), max(0, length)


def encode_head(reply: Reply, *, date: datetime, keep_alive: bool) -> bytes:
    """Return the status line and headers of `reply`, up to and with the empty line."""
    try:
        phrase = HTTPStatus(reply.status).phrase
    except ValueError:
        phrase = "Unheard Of"
    lines = [f"HTTP/1.1 {reply.status} {phrase}", f"Date: {format_datetime(date, usegmt=True)}"]
    lines += [f"{name}: {value}" for name, value in reply.headers.items()]
    if reply.stream is not None:
        lines.append("Transfer-Encoding: chunked")
    elif reply.status != HTTPStatus.NOT_MODIFIED:
        lines.append(f"Content-Length: {len(reply.body)}")
    lines.append(f"Connection: {'keep-alive' if keep_alive else 'close'}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")
