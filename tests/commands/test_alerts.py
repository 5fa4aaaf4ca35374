"""`scrapy alerts` and the desk's configuration: channels are tried, and mistakes told before anything starts."""

from pathlib import Path

import pytest

from tests.commands.test_watchlist import GOOD, scrapy
from tests.desk.receiver import Receiver

TOPIC = '[[topic]]\nname = "Sea"\nquery = "sea"\nchannels = ["desk"]\n'


def watchlist(folder: Path, url: str) -> Path:
    """A watchlist whose channel has this address."""
    path = folder / "watchlist.toml"
    path.write_text(f'{GOOD}\n{TOPIC}\n[[channel]]\nname = "desk"\nurl = "{url}"\n')
    return path


def test_a_test_alert_arrives(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says that it is a test; exit code 0."""
    with Receiver() as receiver:
        assert scrapy("alerts", "test", "desk", WATCHLIST=watchlist(tmp_path, receiver.url)) == 0
        (heard,) = receiver.heard
    assert heard.json["title"] == "Storywatch: a test alert"
    assert capsys.readouterr().out == 'channel "desk": the test alert was taken.\n'


def test_a_test_alert_that_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says why, and shows nothing of the address; exit code 1."""
    with Receiver() as receiver:
        receiver.script(500)
        secret = receiver.url.replace("//", "//user:hush@")
        assert scrapy("alerts", "test", "desk", WATCHLIST=watchlist(tmp_path, secret)) == 1
    told = capsys.readouterr()
    assert "500" in told.out
    assert "hush" not in told.out + told.err


def test_an_unknown_channel(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It lists those there are."""
    assert scrapy("alerts", "test", "dsk", WATCHLIST=watchlist(tmp_path, "terminal://")) == 1
    assert capsys.readouterr().out == 'no channel is called "dsk". There are: desk\n'


def test_a_channel_without_its_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, with the place and the mend."""
    monkeypatch.delenv("NOT_THERE", raising=False)
    assert scrapy("alerts", "test", "desk", WATCHLIST=watchlist(tmp_path, "env:NOT_THERE")) == 2
    told = capsys.readouterr().err
    assert told.startswith('channel "desk", url: the environment variable NOT_THERE is not set. Export it')
