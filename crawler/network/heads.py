"""The head of a response is bounded: its lines and its bytes. Twisted bounds a line, and nothing else.

Without a bound a server that sends headers, or "103 Early Hints", without end fills the memory until the request's time
is over: at 100 MB/s, 3 GB in 30 s.
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


class _Parser(_LenientHTTPClientParser):
    """Counts what it reads until the body begins.

    It holds its state in class attributes first: Scrapy's protocol turns a finished parser object into its own class,
    and ours does the same after it.
    """

    MAX_LENGTH = MOST_BYTES
    _lines = 0
    _bytes = 0

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


def _too_long() -> FetchError:
    return FetchError("too-large", f"the head of the response has more than {MOST_BYTES:,} bytes")


class _Protocol(_LenientHTTP11ClientProtocol):
    def request(self, request: Any) -> Deferred[IResponse]:
        answer: Deferred[IResponse] = super().request(request)
        assert self._parser is not None
        self._parser.__class__ = _Parser
        return answer


class BoundedFactory(_LenientHTTP11ClientFactory):
    """Builds connections that read bounded heads. What exceeds them fails with the FetchError "too-large"."""

    def buildProtocol(self, _: IAddress | None) -> HTTP11ClientProtocol:
        return _Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call]  # Twisted's has no types
