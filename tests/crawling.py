"""Running the real commands, as a user would: `scrapy ...` in a process of its own, with its own state folder."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crawler.newsroom import WATCHLIST, Newsroom

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a user sits: a state folder, a press behind a proxy, a watchlist.

    Attributes:
        extra: environment on top, for example REDIS_URL.
    """

    state_dir: Path
    newsroom: Newsroom
    watchlist: Path = WATCHLIST
    extra: dict[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        """The environment of a command."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        return kept | {
            "SCRAPY_PROJECT": "demo",
            "STATE_DIR": str(self.state_dir),
            "WATCHLIST": str(self.watchlist),
            "http_proxy": self.newsroom.url,
            **self.extra,
        }

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start `scrapy ARGUMENTS...` and return its process; its output is captured."""
        return subprocess.Popen(
            [sys.executable, "-m", "scrapy", *arguments],
            cwd=ROOT,
            env=self.environment(),
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def scrapy(self, *arguments: str, timeout_s: float = 90) -> "subprocess.CompletedProcess[str]":
        """Run `scrapy ARGUMENTS...` to its end."""
        with self.start(*arguments) as process:
            try:
                out, err = process.communicate(timeout=timeout_s)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def crawl(self, *arguments: str, spider: str = "watch") -> "subprocess.CompletedProcess[str]":
        """Run one pass."""
        once = ["-a", "once=1"] if spider == "watch" else []
        return self.scrapy("crawl", spider, *once, *arguments)

    def events(self, *arguments: str) -> list[dict[str, Any]]:
        """The CloudEvents so far, oldest first."""
        return [json.loads(line) for line in self.scrapy("events", "--json", *arguments).stdout.splitlines()]

    def articles(self) -> list[dict[str, Any]]:
        """Those of articles."""
        return self.events("--type", "storywatch.article")

    def stories(self) -> list[dict[str, Any]]:
        """Every story, with all of its articles."""
        return [json.loads(line) for line in self.scrapy("stories", "--json").stdout.splitlines()]

    def alerts(self) -> list[dict[str, Any]]:
        """What became of each alert."""
        return [json.loads(line) for line in self.scrapy("alerts", "list", "--json").stdout.splitlines()]

    def books(self) -> dict[str, int]:
        """What `scrapy frontier` says: announced, outcomes, waiting, leased, and each outcome by its name."""
        run = self.scrapy("frontier", "--json")
        assert run.returncode == 0, run.stderr + run.stdout
        said = json.loads(run.stdout)
        totals = {name: said[name] for name in ("announced", "waiting", "leased")}
        outcomes: dict[str, int] = said["outcomes"]
        return totals | {"outcomes": sum(outcomes.values())} | outcomes


@contextmanager
def watchlist(folder: Path, text: str) -> Iterator[Path]:
    """Write a watchlist of one file."""
    path = folder / "watchlist.toml"
    path.write_text(text)
    yield path


def wait_until(true: Callable[[], bool], *, seconds: float = 20) -> None:
    """Wait until `true()` holds; fail when it doesn't in time."""
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends, f"not true within {seconds} s"
        time.sleep(0.05)
