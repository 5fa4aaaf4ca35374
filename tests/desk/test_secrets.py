"""Where addresses stand, and that nobody sees them."""

from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.desk.secrets import resolve, scrub
from crawler.news.errors import ChannelError
from crawler.news.source import Channel

ADDRESS = "json://desk:hunter2@hooks.example/T0KEN?key=s3cret"


def test_an_address_may_stand_for_itself() -> None:
    """An Apprise URL is taken as it is."""
    assert resolve(Channel("desk", ADDRESS), {}) == ADDRESS


def test_an_address_may_stand_in_the_environment() -> None:
    """`env:NAME` is what the variable holds, without whitespace around it."""
    assert resolve(Channel("desk", "env:DESK"), {"DESK": f" {ADDRESS}\n"}) == ADDRESS


def test_an_address_may_stand_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`file:PATH` is what the file holds; a relative path starts from the current folder."""
    (tmp_path / "secret").write_text(f"{ADDRESS}\n")
    monkeypatch.chdir(tmp_path)
    assert resolve(Channel("desk", f"file:{tmp_path}/secret"), {}) == ADDRESS
    assert resolve(Channel("desk", "file:secret"), {}) == ADDRESS


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("env:NOWHERE", "the environment variable NOWHERE is not set. Export it, or write another address."),
        ("env:EMPTY", "the environment variable EMPTY is empty. Put an Apprise URL there."),
        ("env:WORD", "the environment variable WORD is no address (not shown: it may be secret). Write one like"),
        ("hunter2", "what stands here is no address (not shown: it may be secret). Write one like"),
        ("env:json://hunter2", "what stands here is no address (not shown: it may be secret). Write one like"),
        ("file:nowhere", "the file nowhere cannot be read: No such file or directory. Put it there, or write"),
        ("file:.", "the file . cannot be read: Is a directory. Put it there, or write"),
        ("file:empty", "the file empty is empty. Put an Apprise URL there."),
        ("file:binary", "the file binary holds no text. Put an Apprise URL there."),
        ("file:many", "the file many is no address (not shown: it may be secret). Write one like"),
    ],
)
def test_a_missing_address_is_named_with_its_mend(
    url: str, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error names channel, place and mend, and shows nothing of what it found."""
    (tmp_path / "empty").write_text(" \n")
    (tmp_path / "binary").write_bytes(b"hunter2\xff")
    (tmp_path / "many").write_text(f"{ADDRESS}\n{ADDRESS}\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ChannelError) as refused:
        resolve(Channel("desk", url), {"EMPTY": " ", "WORD": "hunter2"})
    assert str(refused.value).startswith(f'channel "desk", url: {problem}')
    assert "hunter2" not in str(refused.value)


SECRETS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=4, max_size=20)


@given(SECRETS, st.sampled_from(["json://desk:{}@hooks.example", "tgram://{}/1", "json://h/a/{}", "json://h?+X={}"]))
def test_no_part_of_an_address_survives(secret: str, shape: str) -> None:
    """User, password, host, path and query values are hidden, spelled as in the address or decoded, in any case."""
    address = shape.format(quote(secret, safe=""))
    for spelling in (secret, quote(secret, safe="").upper()):
        assert spelling not in scrub(f"Could not send to [{spelling}]: unauthorised", address)


def test_short_parts_are_hidden_as_words() -> None:
    """A part of three characters goes where it stands alone, and leaves other words whole."""
    assert scrub("Token abc for to: fabcs", "ntfy://abc/to") == "Token … for …: fabcs"


def test_an_address_of_a_scheme_alone_hides_nothing() -> None:
    """Where there is no secret the text stays."""
    assert scrub("anything", "syslog://") == "anything"
