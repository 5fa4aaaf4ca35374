"""Channels: where messages go. `terminal://` is ours, all others are Apprise's (https://appriseit.com/services/).

*Requirements.* A send never blocks the event loop, ends in time, and says why it failed without a word of the address.
Whoever is sent an alert twice can tell by its idempotency key.

*Theory of operation.* Apprise blocks, so it sends in a thread. Each send makes its service anew: no state passes from
one alert to another, and the same alert makes the same bytes. The services that take HTTP headers (json://, form://,
xml:// and some more) or mail headers (mailto://) carry `Idempotency-Key`; to json:// the alert's fields go along, too.
When to try again is the outbox's decision: `retry=` and `optional=` in an address are not heeded.

*Known exceptions.* Chats and text messages carry no key: after a lost answer an alert may come twice there. A service
that paces itself (Apprise's `request_rate_per_sec`) does so between the recipients of one alert, not between alerts.
A thread that outlives its patience cannot be ended: it goes on, unheard, until its sockets time out.
No scheme is refused: Apprise's own services run no program that an address could name.
"""

import asyncio
import logging
import re
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import cache, partial
from threading import Thread
from typing import TYPE_CHECKING, Protocol

from rich.console import Console
from rich.text import Text

from crawler.desk.reasons import failure
from crawler.desk.secrets import refusal, resolve, scheme_of
from crawler.desk.wording import Message
from crawler.news.alert import Alert
from crawler.news.errors import DeliveryError
from crawler.news.source import Channel

if TYPE_CHECKING:
    from apprise import NotifyBase

PATIENCE_S = 30.0
_ANSWER_S = 20.0  # Apprise gives up after 4 s: too soon, as what it then takes for lost may have arrived
_MARKED = re.compile("«(.*?)»")


class Sender(Protocol):
    """An open channel."""

    async def send(self, message: Message, alert: Alert) -> None:
        """Deliver the message about an alert.

        Raises:
            DeliveryError: it did not arrive, or nobody said that it did.
        """


def open_channel(channel: Channel, environ: Mapping[str, str], *, patience_s: float = PATIENCE_S) -> Sender:
    """Return the sender for a channel, ready to send. Nothing is sent yet.

    Raises:
        ChannelError: its address is missing, or means nothing.
    """
    address = resolve(channel, environ)
    scheme = scheme_of(address)
    if scheme == "terminal":
        return TerminalSender(patience_s)
    if _service(address) is None:
        problem = f"Apprise cannot send to this {scheme}:// address (not shown: it may be secret)."
        mend = "See https://appriseit.com/services/ for how it is written, and whether it needs a package."
        raise refusal(channel, f"{problem} {mend}")
    return AppriseSender(address, patience_s)


@dataclass(frozen=True, slots=True)
class TerminalSender:
    """Prints to standard output: for eyes where that is a terminal, plainly elsewhere."""

    patience_s: float = PATIENCE_S

    async def send(self, message: Message, alert: Alert) -> None:  # noqa: ARG002 (a Sender's signature)
        """Print the message, and an empty line."""
        await _in_thread(partial(_print, message), self.patience_s)


@dataclass(frozen=True, slots=True)
class AppriseSender:
    """Sends through Apprise. HTTP goes through the proxy that the environment names, as with every other client."""

    address: str = field(repr=False)
    patience_s: float = PATIENCE_S

    async def send(self, message: Message, alert: Alert) -> None:
        """Send the message with the alert's idempotency key, as far as the service can carry one."""
        await _in_thread(partial(_deliver, self.address, message, alert), self.patience_s)


async def _in_thread(send: Callable[[], None], patience_s: float) -> None:
    """Run a blocking send in a daemon thread of its own: one of a pool that hangs would hold up the process's end."""
    sent: Future[None] = Future()
    sent.set_running_or_notify_cancel()

    def run() -> None:
        try:
            send()
        except BaseException as error:  # handed to whoever awaits it
            sent.set_exception(error)
        else:
            sent.set_result(None)

    Thread(target=run, name="send", daemon=True).start()
    try:
        await asyncio.wait_for(asyncio.wrap_future(sent), patience_s)
    except TimeoutError:
        raise DeliveryError(f"it took longer than {patience_s:g} s") from None


# -- Apprise


def _deliver(address: str, message: Message, alert: Alert) -> None:
    """Send, in this thread."""
    from apprise import Apprise, NotifyFormat

    service = _service(address)
    if service is None:  # it was one when the channel was opened
        raise DeliveryError("Apprise can no longer send to it", passing=False)
    _sign(service, alert)
    caller = Apprise()
    caller.add(service)
    result = caller.notify(message.text, message.title, body_format=NotifyFormat.TEXT, log_level=logging.DEBUG)
    if not result:
        raise failure(result.logs(), address)


def _service(address: str) -> "NotifyBase | None":
    """Return the service that Apprise sees in an address, set for one attempt of one message, or None."""
    _hush()
    from apprise import Apprise, AppriseAsset, OverflowMode

    asset = AppriseAsset(app_id="Storywatch", service_timeout=0)  # who sends; 0: in this thread, not in a pool
    service = Apprise.instantiate(address, asset=asset)
    if service is not None:
        service.retry, service.optional = 0, False
        # Unless the address says so itself (?rto=, ?overflow=). One alert is one message: what is too long is cut.
        vars(service).setdefault("socket_read_timeout", _ANSWER_S)
        vars(service).setdefault("overflow_mode", OverflowMode.TRUNCATE)
    return service


def _sign(service: "NotifyBase", alert: Alert) -> None:
    """Put the idempotency key among the headers, and the alert's fields into a JSON body, where there are such."""
    from apprise.plugins.custom_json import NotifyJSON

    headers = getattr(service, "headers", None)
    if isinstance(headers, dict):
        headers["Idempotency-Key"] = alert.id
    if isinstance(service, NotifyJSON):
        service.payload_extras = _fields(alert) | service.payload_extras  # what the address says overrules


def _fields(alert: Alert) -> dict[str, object]:
    return {
        "alertId": alert.id,
        "kind": alert.kind,
        "storyId": alert.storyId,
        "url": alert.url,
        "topics": [why.topic for why in alert.topics],
    }


@cache
def _hush() -> None:
    """Keep out of our log what Apprise and urllib3 write there: addresses with their secrets."""
    for name in ("apprise", "urllib3"):
        logger = logging.getLogger(name)
        logger.propagate = False
        logger.addHandler(logging.NullHandler())  # without any, warnings go to standard error
    logging.getLogger("apprise").setLevel(logging.DEBUG)  # `reasons` reads its debug lines


# -- the terminal


def _print(message: Message) -> None:
    out = Console(highlight=False)
    try:
        if out.is_terminal:
            out.print(_styled(message), soft_wrap=True)
        else:
            print(_encodable(f"{message.title}\n{_indented(message.text)}\n"), flush=True)
    except (OSError, ValueError) as error:  # ValueError: it is closed
        raise DeliveryError(f"standard output takes no more: {error}") from None


def _styled(message: Message) -> Text:
    """Return the message with the words alight that are marked «so»."""
    styled = Text.assemble((f"{message.title}\n", "bold"))
    for number, part in enumerate(_MARKED.split(_indented(message.text))):
        styled.append(part, style="bold yellow" if number % 2 else "")
    styled.highlight_regex(r"https?://\S+", "cyan")
    return styled.append("\n")


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" if line else "" for line in text.splitlines())


def _encodable(text: str) -> str:
    """Return the text with "?" for what standard output cannot spell."""
    encoding = sys.stdout.encoding or "utf-8"
    return text.encode(encoding, "replace").decode(encoding)
