"""Why a delivery failed, in words for a person.

*Requirements.* Somebody who reads "failed" wants to know what to mend, and the reason must hold nothing secret.

*Theory of operation.* Apprise says only that it failed; why, it logs. An HTTP status stands in its warnings as
"error=500", what went wrong below HTTP in a debug line "Socket Exception: …" that holds the whole address. So known
faults get words of ours. For all others its last warning is passed on, without any part of the address.

*Known exceptions.* How long a receiver wants to be left alone (Retry-After) is not logged, so it is not known here.
"""

import logging
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from crawler.desk.secrets import scrub
from crawler.news.errors import DeliveryError

if TYPE_CHECKING:
    from apprise.logger import NotifyLogEntry  # 0.15 s, which only those pay who have such a channel

_EXCEPTION = re.compile(r"[\w/]+ Exception\b")  # how Apprise's debug lines about exceptions begin
_STATUS = re.compile(r"\berror=(\d{3})\b")
_TRY_AGAIN = (408, 425, 429)  # the statuses of 400 to 499 that are about the moment, not about the request

# As requests 2.34, urllib3 2.8 and smtplib word them; the first that is found counts.
_FAULTS = (
    (r"ProxyError|to proxy|Tunnel connection failed", "the proxy cannot be reached"),
    (r"[Cc]onnection refused", "connection refused"),
    (r"NameResolutionError|getaddrinfo|Name or service not known|name resolution", "its host name is not known"),
    (r"unreachable|No route to host", "no way to its network"),
    (r"CERTIFICATE_VERIFY_FAILED|certificate", "its certificate is not trusted"),
    (r"SSL", "no secure connection could be agreed on"),
    (r"ConnectTimeout", "it did not take the connection in time"),
    (r"timed out", "no answer in time"),
    (r"Connection aborted|Connection reset|Connection unexpectedly closed|Broken pipe", "the connection broke"),
)


def failure(logs: "Iterable[NotifyLogEntry]", address: str) -> DeliveryError:
    """Return the error for a delivery that failed, from what Apprise logged meanwhile."""
    warnings = []
    for entry in logs:
        if logging.getLevelNamesMapping().get(entry.level, logging.DEBUG) >= logging.WARNING:
            warnings.append(entry.message)
        elif _EXCEPTION.match(entry.message) and (fault := _known_fault(entry.message)):
            return DeliveryError(fault)
    if status := _STATUS.search(" ".join(warnings)):
        return _answered(int(status[1]))
    return DeliveryError(scrub(warnings[-1], address) if warnings else "Apprise could not deliver, and gives no reason")


def _known_fault(exception: str) -> str | None:
    return next((words for pattern, words in _FAULTS if re.search(pattern, exception)), None)


def _answered(status: int) -> DeliveryError:
    ours = 400 <= status < 500 and status not in _TRY_AGAIN
    return DeliveryError(f"the receiver answered {status}", passing=not ours)
