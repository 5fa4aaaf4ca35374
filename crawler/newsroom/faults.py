"""What can go wrong on the way to a reader: each kind takes the reply that would have gone out, and spoils it.

A fault holds for a host ("www.pulse.example") or for one address ("www.pulse.example/feed.xml"), until it is healed or
has struck `times` times. An address goes before its host.
"""

import inspect
import random
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from crawler.newsroom.messages import Reply, Request

_MEGABYTE = 1_000_000
_HTML = {"Content-Type": "text/html; charset=utf-8"}
_MAINTENANCE = (
    b"<!doctype html><html><head><title>Back soon</title></head><body><h1>Back soon</h1>"
    b"<p>We are oiling the presses. Please come again in an hour.</p></body></html>"
)


def slow(_request: Request, reply: Reply, *, seconds: float = 2) -> Reply:
    """The reply comes late."""
    return replace(reply, delay_seconds=seconds)


def dead(_request: Request, reply: Reply) -> Reply:
    """The connection closes without a byte."""
    return replace(reply, ending="dead")


def cut(_request: Request, reply: Reply, *, chunked: bool = False) -> Reply:
    """The connection closes after half the body; `chunked`: one whose length was not told before."""
    return replace(reply, ending="cut", stream=_half(reply) if chunked else None)


def stall(_request: Request, reply: Reply, *, chunked: bool = False) -> Reply:
    """Half the body comes, then nothing, and the connection stays open; `chunked` as for `cut`."""
    return replace(reply, ending="stall", stream=_half(reply) if chunked else None)


def status(_request: Request, _reply: Reply, *, code: int, headers: dict[str, str] | None = None) -> Reply:
    """Any status with any headers: 429 with Retry-After, 302 with a Location, 410."""
    return Reply(code, {"Content-Type": "text/plain", **(headers or {})}, f"{code}\n".encode())


def instead(
    _request: Request, _reply: Reply, *, html: str, code: int = 200, headers: dict[str, str] | None = None
) -> Reply:
    """Another page in its place: a consent wall, a bot challenge."""
    return Reply(code, {**_HTML, **(headers or {})}, html.encode())


def headers(_request: Request, reply: Reply, *, headers: dict[str, str]) -> Reply:
    """Nothing goes wrong; the reply says more: an X-Robots-Tag, a cookie."""
    return replace(reply, headers={**reply.headers, **headers})


def html_for_feed(_request: Request, _reply: Reply) -> Reply:
    """A web page, with status 200."""
    return Reply(200, _HTML, _MAINTENANCE)


def huge(_request: Request, reply: Reply, *, megabytes: int = 200) -> Reply:
    """A body without end in sight, streamed in chunks."""
    return replace(reply, status=200, headers=_plain(reply), body=b"", stream=_filler(megabytes))


def gzip_bomb(_request: Request, reply: Reply, *, megabytes: int = 200) -> Reply:
    """A small body that unpacks to a huge one."""
    squeeze = zlib.compressobj(level=9, wbits=31)
    packed = b"".join(squeeze.compress(part) for part in _filler(megabytes)) + squeeze.flush()
    return replace(reply, status=200, headers={**_plain(reply), "Content-Encoding": "gzip"}, body=packed)


def endless_redirect(request: Request, _reply: Reply) -> Reply:
    """Each answer points to the next; no two addresses are the same."""
    path, _, hop = request.path.partition("?hop=")
    return Reply(302, {"Location": f"http://{request.host}{path}?hop={int(hop or 0) + 1}"})


def garbage(_request: Request, reply: Reply) -> Reply:
    """Bytes that are no UTF-8, said to be; the same ones each time."""
    return replace(reply, status=200, headers=_plain(reply), body=random.Random(0).randbytes(20_000))


def _plain(reply: Reply) -> dict[str, str]:
    return {"Content-Type": reply.headers.get("Content-Type", _HTML["Content-Type"])}


def _half(reply: Reply) -> list[bytes]:
    return [reply.body[: len(reply.body) // 2]]


def _filler(megabytes: int) -> Iterator[bytes]:
    part = b"<p>and so on and on</p>\n" * (_MEGABYTE // 24)
    return (part for _ in range(megabytes))


Kind = Callable[..., Reply]
KINDS: dict[str, Kind] = {
    kind.__name__.replace("_", "-"): kind
    for kind in (
        slow,
        dead,
        cut,
        stall,
        status,
        instead,
        headers,
        html_for_feed,
        huge,
        gzip_bomb,
        endless_redirect,
        garbage,
    )
}


@dataclass(slots=True)
class _Fault:
    kind: Kind
    arguments: dict[str, Any]
    left: int | None


class Faults:
    """The faults in force, by target."""

    def __init__(self) -> None:
        self._by_target: dict[str, _Fault] = {}

    def set(self, target: str, kind: str, *, times: int | None = None, **arguments: Any) -> None:
        """Let `kind` befall `target` from now on; it takes the place of an earlier fault.

        Raises:
            ValueError: no such kind, or arguments that it does not take.
        """
        if kind not in KINDS:
            raise ValueError(f'no fault "{kind}". There are: {", ".join(KINDS)}')
        try:
            inspect.signature(KINDS[kind]).bind(None, None, **arguments)
        except TypeError as error:
            raise ValueError(f"fault {kind}: {error}") from error
        self._by_target[_address(target)] = _Fault(KINDS[kind], arguments, times)

    def heal(self, target: str) -> None:
        """End the fault of `target`, if it has one."""
        self._by_target.pop(_address(target), None)

    def apply(self, request: Request, reply: Reply) -> Reply:
        """Return `reply` as it goes out."""
        for target in (request.address, request.host):
            if fault := self._by_target.get(target):
                if fault.left is not None:
                    fault.left -= 1
                    if fault.left <= 0:
                        del self._by_target[target]
                return fault.kind(request, reply, **fault.arguments)
        return reply


def _address(target: str) -> str:
    """Host, or host and path, of a URL written with or without its scheme."""
    bare = target.removeprefix("http://").partition("?")[0]
    host, slash, path = bare.partition("/")
    return host + slash + path if path else host
