"""What Apprise logs, in words for a person."""

import pytest
from apprise.logger import NotifyLogEntry

from crawler.desk.reasons import failure

ADDRESS = "tgram://123456789:T0KEN/4711"
POOL = "HTTPSConnectionPool(host='h.example', port=443): Max retries exceeded with url: /T0KEN"


@pytest.mark.parametrize(
    ("exception", "reason"),
    [
        (f"{POOL} (Caused by NewConnectionError('…: [Errno 111] Connection refused'))", "connection refused"),
        (
            f"{POOL} (Caused by ProxyError('Unable to connect to proxy', NewConnectionError('… Connection refused')))",
            "the proxy cannot be reached",
        ),
        (
            f"{POOL} (Caused by SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] …')))",
            "its certificate is not trusted",
        ),
        (
            f"{POOL} (Caused by SSLError(SSLError(1, '[SSL: WRONG_VERSION_NUMBER]')))",
            "no secure connection could be agreed on",
        ),
        (
            f"{POOL} (Caused by ConnectTimeoutError('Connection to h.example timed out. (connect timeout=4.0)'))",
            "it did not take the connection in time",
        ),
        ("[Errno 101] Network is unreachable", "no way to its network"),
        ("Connection unexpectedly closed", "the connection broke"),
    ],
)
def test_known_faults_have_words(exception: str, reason: str) -> None:
    """What requests, urllib3 and smtplib raise is told without their words."""
    logs = [
        NotifyLogEntry("WARNING", "A Connection error occurred sending a notification."),
        NotifyLogEntry("DEBUG", f"Socket Exception: {exception}"),
    ]
    failed = failure(logs, ADDRESS)
    assert (failed.reason, failed.passing) == (reason, True)


def test_the_words_of_an_article_are_no_fault() -> None:
    """A debug line that shows what was sent is not taken for an exception, whatever the article says."""
    logs = [
        NotifyLogEntry("DEBUG", "JSON Payload: {'title': 'Talks timed out, error=500'}"),
        NotifyLogEntry("WARNING", "Failed to send JSON POST notification: Verification Failed., error=401."),
    ]
    assert failure(logs, ADDRESS).reason == "the receiver answered 401"


def test_other_reasons_are_passed_on_without_the_address() -> None:
    """The last warning is told; tokens and chats of the address are not."""
    logs = [
        NotifyLogEntry("ERROR", "Cannot detect the chat"),
        NotifyLogEntry("WARNING", "Telegram says that chat 4711 is closed to 123456789:t0ken."),
    ]
    assert failure(logs, ADDRESS).reason == "Telegram says that chat … is closed to …:…."


def test_a_refused_recipient_is_no_refused_connection() -> None:
    """What a mail server says of a recipient is not taken for a fault of the network."""
    logs = [
        NotifyLogEntry("WARNING", "Could not send E-Mail."),
        NotifyLogEntry("DEBUG", "Socket Exception: SMTPRecipientsRefused: {'a@desk.example': (550, b'no such user')}"),
    ]
    assert failure(logs, ADDRESS).reason == "Could not send E-Mail."


def test_silence_is_told_as_such() -> None:
    """Where Apprise says nothing, so do we."""
    assert failure([], ADDRESS).reason == "Apprise could not deliver, and gives no reason"
