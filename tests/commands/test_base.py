"""What all commands share: exit codes and errors without a traceback."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

import pytest
from scrapy.settings import Settings

from crawler.commands.base import Command
from crawler.news.errors import ConfigurationError, StoreError, StorywatchError, WatchlistError
from tests.commands.test_watchlist import scrapy


class Failing(Command):
    """A command that ends with what it is given."""

    summary = "Fail"

    def __init__(self, end: BaseException | int) -> None:
        super().__init__()
        self.settings = Settings()
        self.end = end

    def execute(self, _opts: argparse.Namespace) -> int:
        if isinstance(self.end, BaseException):
            raise self.end
        return self.end


@pytest.mark.parametrize(
    ("end", "code"),
    [
        (0, 0),
        (1, 1),
        (ConfigurationError("no such place"), 2),
        (WatchlistError(["no such place"]), 2),
        (StoreError("no such place"), 1),
        (KeyboardInterrupt(), 130),
    ],
)
def test_each_end_has_its_exit_code(end: BaseException | int, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    """2 where the configuration is at fault, 1 for other errors of ours, each told on stderr in its own words."""
    command = Failing(end)
    command.run([], argparse.Namespace())
    assert command.exitcode == code
    assert capsys.readouterr().err == ("no such place\n" if isinstance(end, StorywatchError) else "")


def test_bugs_crash_loudly() -> None:
    """What is no error of ours is a bug: its traceback is wanted."""
    with pytest.raises(ZeroDivisionError):
        Failing(ZeroDivisionError()).run([], argparse.Namespace())


def test_unknown_arguments_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """Scrapy hands on what it does not know; we do not let it pass silently."""
    assert scrapy("watchlist", "check", "--strict") == 2
    assert "unknown argument: --strict" in capsys.readouterr().err


@pytest.mark.parametrize("args", [["watchlist"], ["watchlist", "chekc"]])
def test_a_missing_or_unknown_action_is_refused(args: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """With the usage, exit code 2."""
    assert scrapy(*args) == 2
    assert "usage: scrapy watchlist" in capsys.readouterr().err


def test_a_setting_that_is_no_time_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """With its name, its value and how to write one."""
    assert scrapy("watchlist", "check", SHORTEST_POLL="soon") == 2
    assert capsys.readouterr().err == (
        'setting SHORTEST_POLL: "soon" is no time. Write one like "90s", "10m", "1h30m" or "2d".\n'
    )


def test_the_base_is_no_command_itself(capsys: pytest.CaptureFixture[str]) -> None:
    """`scrapy base` does not exist, and the abstract class does not keep Scrapy from starting."""
    assert scrapy("base") == 2
    assert "Unknown command: base" in capsys.readouterr().out


def test_a_reader_that_leaves_is_no_error() -> None:
    """`scrapy watchlist keys | head -1` ends quietly."""
    reader, writer = os.pipe()
    os.close(reader)
    run = "from scrapy.cmdline import execute; from scrapy.settings import Settings; "
    run += "execute(['scrapy', 'watchlist', 'keys'], Settings({'COMMANDS_MODULE': 'crawler.commands'}))"
    root = Path(__file__).parent.parent.parent
    ended = subprocess.run([sys.executable, "-c", run], stdout=writer, stderr=subprocess.PIPE, cwd=root, check=False)
    os.close(writer)
    assert (ended.returncode, ended.stderr) == (0, b"")
