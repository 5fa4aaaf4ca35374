"""The head of a response is bounded: its lines and its bytes. So are the crumbs that a body comes in.

Twisted bounds a line, and nothing else. A server that sends headers, or "103 Early Hints", without end fills the memory
until the request's time is over: at 100 MB/s, 3 GB in 30 s. One that sends its body in chunks of a byte ("1 CRLF x
CRLF") keeps the worker's only thread busy for as long, with 27 MB: Twisted and Scrapy take 6 us for each.
"""

from typing import Any

from scrapy.core.downloader.handlers.http11 import (
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress
from twisted.web._newclient import HTTP11ClientProtocol
from twisted.web.iweb import IResponse

from crawler.news.errors import FetchError

MOST_LINES = 200  # of all heads of one response, 1xx included; outlets behind two CDNs send some 60
MOST_BYTES = 64 * 1024  # half of what curl and Chromium take; the longest Content-Security-Policies have 16 kB

# Of a body. A crumb is a chunk, or what one read from the network (with TLS: one record) brings.
MOST_CRUMBS = 50_000  # some 0.4 s of CPU; a server may flush after every word of a page
CRUMB_BYTES = 64  # that each crumb has on average, where there are more


class _Parser(_LenientHTTPClientParser):
    """Counts what it reads: lines and bytes until the body begins, then crumbs.

    It holds its state in class attributes first: Scrapy's protocol turns a finished parser object into its own class,
    and ours does the same after it.
    """

    MAX_LENGTH = MOST_BYTES
    _lines = 0
    _bytes = 0
    _crumbs = 0
    _body_bytes = 0

    def lineReceived(self, line: bytes) -> None:
        self._lines += 1
        self._bytes += len(line)
        if self._lines > MOST_LINES:
            raise FetchError("too-large", f"the head of the response has more than {MOST_LINES} lines")
        if self._bytes > MOST_BYTES:
            raise _too_long()
        super().lineReceived(line)

    def lineLengthExceeded(self, _: bytes) -> None:
        raise _too_long()

    def switchToBodyMode(self, decoder: Any) -> None:
        deliver = decoder.dataCallback

        def count_and_deliver(data: bytes) -> None:
            self._body_bytes += len(data)
            self._count_crumb()
            deliver(data)

        decoder.dataCallback = count_and_deliver
        super().switchToBodyMode(decoder)  # type: ignore[no-untyped-call]  # Twisted's has no types

    def rawDataReceived(self, data: bytes) -> None:
        self._count_crumb()  # a chunk's own line may come in crumbs, too
        super().rawDataReceived(data)  # type: ignore[no-untyped-call]

    def _count_crumb(self) -> None:
        self._crumbs += 1
        if self._crumbs > MOST_CRUMBS and self._body_bytes < self._crumbs * CRUMB_BYTES:
            raise FetchError(
                "too-large", f"its body comes in more than {MOST_CRUMBS:,} pieces of less than {CRUMB_BYTES} bytes"
            )


def _too_long() -> FetchError:
    return FetchError("too-large", f"the head of the response has more than {MOST_BYTES:,} bytes")


class _Protocol(_LenientHTTP11ClientProtocol):
    """A connection whose responses are read by our parser."""

    def dataReceived(self, data: bytes) -> None:
        """Read on, but hang up on who speaks unasked.

        Over TLS, Twisted's goodbye waits for the other side's: one that goes on sending would be read for ever.
        """
        if self._parser is None:
            assert self.transport is not None
            self.transport.abortConnection()
        else:
            super().dataReceived(data)  # type: ignore[no-untyped-call]

    def request(self, request: Any) -> Deferred[IResponse]:
        answer: Deferred[IResponse] = super().request(request)
        assert self._parser is not None
        self._parser.__class__ = _Parser
        return answer


class BoundedFactory(_LenientHTTP11ClientFactory):
    """Builds connections that read within these bounds. What exceeds them fails with the FetchError "too-large"."""

    def buildProtocol(self, _: IAddress | None) -> HTTP11ClientProtocol:
        return _Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call]  # Twisted's has no types
