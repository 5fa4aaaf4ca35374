"""What went wrong with a fetch, under a short, stable name: one place that knows Scrapy's and Twisted's exceptions."""

from scrapy import exceptions
from scrapy.http import Response
from twisted.internet import error as network
from twisted.web.client import ResponseFailed
from twisted.web.error import SchemeNotSupported

from crawler.discovery.polling.wishes import retry_after
from crawler.news.errors import FetchError, UrlError

# Most telling first: Scrapy's own exceptions, then what Twisted raises beneath them.
_BY_EXCEPTION: tuple[tuple[str, bool, tuple[type[BaseException], ...]], ...] = (
    ("dns", True, (exceptions.CannotResolveHostError, network.DNSLookupError)),
    ("timeout", True, (exceptions.DownloadTimeoutError, network.TimeoutError)),
    ("connection-refused", True, (exceptions.DownloadConnectionRefusedError, network.ConnectionRefusedError)),
    ("too-large", False, (exceptions.DownloadCancelledError,)),
    ("connection-lost", True, (exceptions.ResponseDataLossError, network.ConnectionLost, network.ConnectionDone)),
    ("bad-address", False, (exceptions.UnsupportedURLSchemeError, exceptions.NotSupported, SchemeNotSupported)),
    ("connection", True, (exceptions.DownloadFailedError, network.ConnectError, ResponseFailed, OSError)),
)

# A status that says the page is not for us, or not there; everything else of 4xx is counted by its number.
_REFUSED = {401: "refused", 402: "paywall", 403: "refused", 404: "not-found", 410: "gone", 451: "barred"}
ROBOTS_MOST_BYTES = 512_000  # RFC 9309, 2.5: at least 500 KiB are read
_PASSING = frozenset({408, 425, 429})


def fault_of(error: BaseException) -> FetchError | None:
    """Return what a failed fetch is called, or None: then it is a bug of ours."""
    if isinstance(error, FetchError):
        return error
    if isinstance(error, exceptions.IgnoreRequest):  # Scrapy: a body that grew too large while it was decompressed
        return FetchError("too-large", str(error))
    if isinstance(error, UrlError):
        return FetchError("bad-address", str(error))
    if type(error).__module__.startswith("playwright."):  # told by name: importing it costs every start 0.2 s
        return FetchError("browser", str(error).splitlines()[0], passing=True)
    for reason, passing, kinds in _BY_EXCEPTION:
        if isinstance(error, kinds):
            return FetchError(reason, _in_words(error), passing=passing)
    return None


def _in_words(error: BaseException) -> str:
    """What happened, for a person. Twisted wraps the cause of a failed response in a list of failures."""
    reasons = getattr(error.__cause__ or error, "reasons", None)
    return str(reasons[-1].getErrorMessage()) if reasons else str(error) or type(error).__name__


def robots_text(response: Response, *, now_ms: int) -> str:
    """Return what a host's robots.txt says: of 4xx nothing, which allows everything (RFC 9309, 2.3.1).

    Raises:
        FetchError: 5xx and the like: it is out of reach, and allows nothing.
    """
    fault = fault_of_status(response, now_ms=now_ms)
    if fault and fault.passing:
        raise fault
    return "" if fault else response.body[:ROBOTS_MOST_BYTES].decode("utf-8", "replace")


def fault_of_status(response: Response, *, now_ms: int) -> FetchError | None:
    """Return what a status other than 2xx means; None when it means success."""
    status = response.status
    if 200 <= status < 300:
        return None
    if status >= 500 or status in _PASSING:
        wait_ms = asked_wait_ms(response, now_ms=now_ms)
        return FetchError(f"http-{status}", f"the server answered {status}", passing=True, wait_ms=wait_ms)
    return FetchError(_REFUSED.get(status, f"http-{status}"), f"the server answered {status}")


def asked_wait_ms(response: Response, *, now_ms: int) -> int | None:
    """Return for how long its Retry-After asks us to stay away; None without one."""
    raw = response.headers.get("Retry-After")
    return retry_after(raw.decode("latin-1"), now_ms=now_ms) if raw else None
