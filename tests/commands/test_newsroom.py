"""`scrapy newsroom` as a person runs it."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def command() -> Iterator["subprocess.Popen[str]"]:
    """The command in a process of its own, ended with the test."""
    with subprocess.Popen(
        [sys.executable, "-m", "scrapy", "newsroom", "--play"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as running:
        yield running
        running.kill()


def test_it_says_what_to_type_and_ends_on_sigterm(command: "subprocess.Popen[str]") -> None:
    """The first lines hold the proxy, the watchlist and the crawl to type; SIGTERM is a clean end."""
    assert command.stdout
    welcome = "".join(takewhile(lambda line: line != "Ctrl-C closes it.\n", command.stdout))
    assert re.search(r"answer through the proxy http://127\.0\.0\.1:\d+\n", welcome)
    assert "scrapy crawl watch -s WATCHLIST=crawler/newsroom/watchlist -a once=1" in welcome
    command.send_signal(signal.SIGTERM)
    assert command.wait(timeout=5) == 0
