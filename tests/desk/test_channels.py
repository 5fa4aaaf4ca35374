"""Sending, with the real Apprise and a receiver that does as it is told."""

import asyncio
import logging
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO, StringIO, TextIOWrapper
from urllib.parse import parse_qs

import pytest

from crawler.desk.channels import open_channel
from crawler.desk.wording import message_of
from crawler.news.alert import Alert
from crawler.news.errors import ChannelError, DeliveryError
from crawler.news.source import Channel
from tests.desk.receiver import Receiver, Step
from tests.desk.samples import alert, follow_up

PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The loopback is reached directly."""
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver that takes everything until it is told otherwise."""
    with Receiver() as opened:
        yield opened


@pytest.fixture
def log() -> Iterator[StringIO]:
    """All that reaches the root logger, where a crawl's log is written. (caplog listens elsewhere, too.)"""
    written = StringIO()
    handler, root = logging.StreamHandler(written), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


def send(url: str, told: Alert, *, patience_s: float = 10) -> None:
    """Open a channel with this address and send what an alert says."""
    sender = open_channel(Channel("desk", url), {}, patience_s=patience_s)
    asyncio.run(sender.send(message_of(told), told))


def failure(url: str, *, patience_s: float = 10) -> DeliveryError:
    """Send an alert and return why it failed."""
    with pytest.raises(DeliveryError) as failed:
        send(url, alert(), patience_s=patience_s)
    return failed.value


def test_a_webhook_hears_the_words_and_the_fields(receiver: Receiver) -> None:
    """A json:// channel posts title and text, the alert's fields, and its idempotency key among the headers."""
    told = follow_up()
    send(receiver.url, told)
    [heard] = receiver.heard
    assert (heard.path, heard.key, heard.answer) == ("/desk", told.id, 200)
    assert heard.headers["user-agent"] == "Storywatch"
    assert heard.json == {
        "version": "1.0",
        "title": message_of(told).title,
        "message": message_of(told).text,
        "attachments": [],
        "type": "info",
        "alertId": told.id,
        "kind": "new-outlets",
        "storyId": "s1",
        "url": "https://meridian-wire.example/world/grid",
        "topics": ["Russia and Venezuela"],
    }


def test_an_alert_that_is_sent_again_is_the_same(receiver: Receiver) -> None:
    """After a 500 the same alert goes out with the same key and the same bytes; another alert with another key."""
    receiver.script(500)
    assert failure(receiver.url).reason == "the receiver answered 500"
    send(receiver.url, alert())
    send(receiver.url, follow_up())
    first, again, other = receiver.heard
    assert (again.key, again.body) == (first.key, first.body)
    assert other.key != first.key


@pytest.mark.parametrize("scheme", ["form", "xml"])
def test_other_webhooks_carry_the_key(scheme: str, receiver: Receiver) -> None:
    """Forms and XML hear the same key and the same bytes twice, too."""
    for _ in range(2):
        send(f"{scheme}://127.0.0.1:{receiver.port}/desk", alert())
    first, again = receiver.heard
    assert first.key == again.key == alert().id
    assert first.body == again.body


def test_a_form_holds_title_and_text(receiver: Receiver) -> None:
    """A form has the fields that Apprise gives it."""
    send(f"form://127.0.0.1:{receiver.port}/desk", alert())
    assert parse_qs(receiver.heard[0].body.decode())["title"] == ["Grid repairs under way in Caracas"]


def test_what_the_address_adds_is_kept(receiver: Receiver) -> None:
    """Headers and fields of the address are sent beside ours; `?:kind=` overrules a field of ours."""
    send(f"{receiver.url}?+X-Desk=night&:room=3&:kind=ping", alert())
    [heard] = receiver.heard
    assert (heard.headers["x-desk"], heard.key) == ("night", alert().id)
    assert (heard.json["room"], heard.json["kind"]) == ("3", "ping")


@pytest.mark.parametrize(
    ("step", "reason", "passing"),
    [
        (500, "the receiver answered 500", True),
        (503, "the receiver answered 503", True),
        (429, "the receiver answered 429", True),
        (401, "the receiver answered 401", False),
        (404, "the receiver answered 404", False),
        ("drop", "the connection broke", True),
        ("hang", "no answer in time", True),
    ],
)
def test_a_failure_has_a_reason(step: Step, reason: str, passing: bool, receiver: Receiver) -> None:
    """Each way to fail is told in words, with whether to try again; only one request is made."""
    receiver.script(step)
    failed = failure(f"{receiver.url}?rto=0.3&retry=2&optional=yes")
    assert (failed.reason, failed.passing) == (reason, passing)
    assert len(receiver.heard) == 1


def test_a_closed_port_refuses(receiver: Receiver) -> None:
    """Nobody listens: refused; somebody does again: sent."""
    receiver.refuse()
    assert failure(receiver.url).reason == "connection refused"
    receiver.listen()
    send(receiver.url, alert())
    assert len(receiver.heard) == 1


def test_a_host_that_does_not_exist_is_called_so() -> None:
    """A name that no server knows (RFC 6761: .invalid) is told as such."""
    assert failure("json://desk.invalid/").reason == "its host name is not known"


def test_a_slow_receiver_is_waited_for(receiver: Receiver) -> None:
    """An answer that takes longer than Apprise's own patience still counts as one."""
    receiver.script(timedelta(seconds=4.3))
    send(receiver.url, alert())
    assert [heard.answer for heard in receiver.heard] == [200]


def test_patience_ends(receiver: Receiver) -> None:
    """A send that takes too long has failed, and meanwhile the event loop is free."""
    receiver.script("hang")
    sender = open_channel(Channel("desk", receiver.url), {}, patience_s=0.3)
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.01)
            ticks += 1

    async def story() -> None:
        ticking = asyncio.create_task(tick())
        try:
            await sender.send(message_of(alert()), alert())
        finally:
            ticking.cancel()

    with pytest.raises(DeliveryError, match=r"^it took longer than 0.3 s$"):
        asyncio.run(story())
    assert ticks > 5
    receiver.refuse()
    for thread in threading.enumerate():  # its answer, when it comes, disturbs nobody
        if thread.name == "send":
            thread.join(5)
            assert not thread.is_alive()


def test_channels_that_send_at_once_keep_their_reasons_apart(receiver: Receiver) -> None:
    """Of ten sends at a time each has its own reason."""
    statuses = list(range(500, 510))
    receiver.script(*statuses)
    sender = open_channel(Channel("desk", receiver.url), {})

    async def story() -> list[BaseException | None]:
        sends = [sender.send(message_of(alert()), alert()) for _ in statuses]
        return await asyncio.gather(*sends, return_exceptions=True)

    assert {str(error) for error in asyncio.run(story())} == {f"the receiver answered {s}" for s in statuses}


def test_channels_are_reached_through_a_proxy(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment's http_proxy is used."""
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{receiver.port}")
    send("json://control.newsroom.example/hear", alert())
    assert [heard.path for heard in receiver.heard] == ["http://control.newsroom.example/hear"]


def test_a_proxy_that_is_away_is_called_so(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the proxy refuses, the proxy is to blame and not the receiver."""
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{receiver.port}")
    receiver.refuse()
    assert failure("json://control.newsroom.example/hear").reason == "the proxy cannot be reached"


def test_mail_servers_fail_with_a_reason(receiver: Receiver) -> None:
    """A mail server that is no mail server (HTTP waits for us to speak first) gives no answer in time."""
    failed = failure(f"mailto://desk:hunter2@127.0.0.1:{receiver.port}?to=a@desk.example&from=b@desk.example&cto=0.3")
    assert (failed.reason, failed.passing) == ("no answer in time", True)


@pytest.mark.parametrize("step", [200, 500, 404, "drop", "hang"])
def test_secrets_stay_secret(step: Step, receiver: Receiver, log: StringIO) -> None:
    """Nothing of the address is in our log at any level, in the error, or in what shows the channel."""
    receiver.script(step)
    url = f"json://alice:hunter2@127.0.0.1:{receiver.port}/T0KENPATH?-key=s3cret&+X-Auth=b3arer&rto=0.3"
    sender = open_channel(Channel("desk", url), {})
    told = ""
    try:
        asyncio.run(sender.send(message_of(alert()), alert()))
    except DeliveryError as error:
        told = f"{error!r} {error.reason} {error.__cause__!r} {error.__context__!r}"
    everything = f"{told} {log.getvalue()} {sender!r}".lower()
    for secret in ("alice", "hunter2", "t0kenpath", "s3cret", "b3arer"):
        assert secret not in everything
    assert receiver.heard[0].path == "/T0KENPATH?key=s3cret"


@pytest.mark.parametrize("address", ["hunter2://hooks.example/T0KEN", "slack://T0KEN", "json://"])
def test_an_address_that_means_nothing_is_refused(address: str, log: StringIO) -> None:
    """An unknown service, or one that lacks a part, is named by channel and scheme alone."""
    with pytest.raises(ChannelError) as refused:
        open_channel(Channel("desk", "env:DESK"), {"DESK": address})
    scheme = address.partition("://")[0]
    assert str(refused.value).startswith(f'channel "desk", url: Apprise cannot send to this {scheme}:// address')
    assert "T0KEN" not in f"{refused.value} {log.getvalue()}"


def test_a_pipe_hears_plain_text(capsys: pytest.CaptureFixture[str]) -> None:
    """terminal:// prints a block and an empty line for each alert, without colours where nobody sees them."""
    send("terminal://", alert())
    send("terminal://", follow_up())
    first, _, second = capsys.readouterr().out.partition("\n\nUpdate: ")
    assert first.splitlines()[:3] == [
        "Grid repairs under way in Caracas",
        "  Russia and Venezuela: Engineers from «Russia» arrived in «Venezuela» on Monday to mend the grid.",
        "",
    ]
    assert second.endswith("The Daily Ledger: https://daily-ledger.example/news/4711\n\n")


def test_a_terminal_shows_the_words_alight(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal the title is bold, and the words that met the topic alight instead of marked."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    send("terminal://", alert("Grid [red]repairs[/red]"))
    shown = capsys.readouterr().out
    assert "\x1b[1mGrid [red]repairs[/red]" in shown
    assert "\x1b[1;33mRussia\x1b[0m" in shown
    assert "«" not in shown


def test_a_pipe_that_spells_little_hears_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where standard output knows ASCII alone, other characters become question marks."""
    heard = BytesIO()
    monkeypatch.setattr(sys, "stdout", TextIOWrapper(heard, "ascii"))
    send("terminal://", alert())
    assert b"from ?Russia? arrived" in heard.getvalue()


def test_a_closed_pipe_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where standard output is closed, the alert was not told."""
    closed = TextIOWrapper(BytesIO(), "utf-8")
    closed.close()
    monkeypatch.setattr(sys, "stdout", closed)
    assert failure("terminal://").reason.startswith("standard output takes no more")
