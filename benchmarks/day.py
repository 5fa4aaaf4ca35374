"""A day in the life of a crawl, in minutes: does its memory stay where it is? `python -m benchmarks.day`.

Real processes (a crawl, and a desk beside it) watch the newsroom's synthetic press; only the clocks of press and store
are scripted: whenever nobody has anything to do, both jump ahead. Articles appear over the day, and some are edited.

The desk runs apart because it may grow, and the crawl may not: the desk remembers each article for a fortnight, so that
others can join its story, and so what it takes goes with the articles of that fortnight.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Self

from benchmarks.contenders import ROOT, TOPICS, BenchmarkError
from benchmarks.server import Server
from crawler.newsroom import WATCHLIST, Newsroom, Outlet, Piece, Step, World, synthetic, watchlist_toml
from crawler.store import keys

SOURCES, HOURS = 1_000, 24
EVERY = "30m"
ARTICLES_A_DAY = 3  # of a source
STEP = timedelta(minutes=10)  # how far the clocks jump; the crawl notices within a second
EDITED = 0.1  # of all articles, half an hour after they appeared
OLD = timedelta(days=3)  # what a source announces on the first day, and a first look does not fetch
FLAT = 1.05  # the last quarter by the second
LONGEST_STEP_S = 300
LONGEST_END_S = 30

# Leases outlast a jump: whoever lives renews them by his own clock. No rest between two requests: it would be slept.
SETTINGS = {"LEASE": "2d", "HOST_GAP": "0s", "LONGEST_POLL": "1s"}  # each source as often as the watchlist says


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of the day: what happened in it, and what each process took at its end (bytes, by name)."""

    polls: int
    articles: int
    resident: Mapping[str, int]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.day", description=__doc__.partition("\n")[0])
    parser.add_argument("--sources", type=int, default=SOURCES, help="each with a host of its own (%(default)s)")
    parser.add_argument("--hours", type=int, default=HOURS, help="of the scripted clock (%(default)s)")
    parser.add_argument("--every", default=EVERY, help="between two polls of a source (%(default)s)")
    options = parser.parse_args()
    try:
        hours = live(options.sources, options.hours, options.every)
    except BenchmarkError as error:
        sys.exit(str(error))
    print(report(hours))


def live(sources: int, hours: int, every: str) -> list[Hour]:
    """Live through so many hours.

    Raises:
        BenchmarkError: a process ended before its time or hangs, or an article is missing.
    """
    with ExitStack() as closing:
        folder = Path(closing.enter_context(TemporaryDirectory(prefix="storywatch-bench-")))
        world = world_of(sources, hours)
        day = closing.enter_context(Day(folder, world, every))
        lived = []
        for number in range(hours):
            lived.append(day.hour())
            print(f"hour {number + 1}: {row(lived[-1])}", file=sys.stderr, flush=True)
        day.finish()
        return lived


def world_of(sources: int, hours: int) -> World:
    """A press whose articles appear over the day; one of each source is old already."""
    chance = random.Random(1)
    fresh = max(1, round(ARTICLES_A_DAY * hours / 24))
    plain = synthetic(sources, sources * (1 + fresh), page_bytes=8_000)
    outlets = tuple(replace(outlet, pieces=tuple(_hold(outlet.pieces))) for outlet in plain.outlets)
    last = timedelta(hours=hours) - 6 * STEP  # late enough to be polled for once more
    steps = [step for outlet in outlets for piece in outlet.pieces[1:] for step in _appear(outlet, piece, last, chance)]
    return World(outlets, tuple(sorted(steps, key=lambda step: step.at)))


def _hold(pieces: Sequence[Piece]) -> list[Piece]:
    first, *rest = pieces
    return [replace(first, age=OLD), *(replace(piece, held=True) for piece in rest)]


def _appear(outlet: Outlet, piece: Piece, last: timedelta, chance: random.Random) -> list[Step]:
    """When an article is published, and if it is edited later."""
    at, url = last * chance.random(), outlet.url(piece.path)
    steps = [Step(f"publish {url}", at, "publish", {"url": url})]
    if chance.random() < EDITED:
        edit = {"url": url, "headline": f"{piece.headline}, corrected"}
        steps.append(Step(f"edit {url}", at + timedelta(minutes=30), "edit", edit))
    return steps


class Day:
    """The processes, the press and the clocks."""

    def __init__(self, folder: Path, world: World, every: str) -> None:
        self._folder = folder
        self._world = world
        self._every = every
        self._closing = ExitStack()
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._articles = 0

    def __enter__(self) -> Self:
        self._server = self._closing.enter_context(Server())
        self._newsroom = self._closing.enter_context(Newsroom(world=self._world, play=True))
        watchlist = self._folder / "watchlist"
        watchlist.mkdir()
        (watchlist / "outlets.toml").write_text(watchlist_toml(self._world, every=self._every) + TOPICS)
        (watchlist / "channels.toml").write_text((WATCHLIST / "channels.toml").read_text())
        self._closing.callback(self._stop)
        self._start("crawl", "crawl", "watch")
        self._start("desk", "desk")
        return self

    def __exit__(self, *_error: object) -> None:
        self._closing.close()

    def hour(self) -> Hour:
        """Let an hour pass."""
        for _ in range(timedelta(hours=1) // STEP):
            self._let_work()
            self._newsroom.advance(STEP.total_seconds())
            self._server.client.incrby(keys.CLOCK, int(STEP.total_seconds() * 1000))
        self._let_work()
        polls = sum(visit.path in ("/feed.xml", "/atom.xml") for visit in self._newsroom.requests)
        self._newsroom.requests.clear()
        self._newsroom.heard.clear()
        before, self._articles = self._articles, self._server.client.xlen(keys.ARTICLES_STREAM)
        resident = {name: resident_of(process.pid) for name, process in self._processes.items()}
        resident["store"] = self._server.info("memory")["used_memory_rss"]
        return Hour(polls, self._articles - before, resident)

    def finish(self) -> None:
        """End the processes as a user would, and see that no article is missing.

        Raises:
            BenchmarkError: one is, or a process has not ended well.
        """
        for name, process in self._processes.items():
            process.send_signal(signal.SIGTERM)
            if process.wait(LONGEST_END_S):
                raise BenchmarkError(f"the {name} ended with {process.returncode}. {self._log_end(name)}")
        appeared = sum(step.action == "publish" for step in self._world.steps)
        events = self._server.client.xrange(keys.ARTICLES_STREAM)
        created = sum(fields["type"] == "storywatch.article.created" for _, fields in events)
        if created != appeared:
            raise BenchmarkError(f"{appeared} articles appeared, and {created} were published")

    def _start(self, name: str, *arguments: str) -> None:
        settings = [word for item in SETTINGS.items() for word in ("-s", "=".join(item))]
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "SCRAPY_SETTINGS_MODULE": "settings.local",
            "http_proxy": self._newsroom.url,
            "REDIS_URL": self._server.url,
            "WATCHLIST": str(self._folder / "watchlist"),
            "STATE_DIR": str(self._folder / "unused"),
            "PUBLISH_UNMATCHED": "1",
            "DESK": "off",
        }
        with self._log(name).open("wb") as log:
            self._processes[name] = subprocess.Popen(
                [sys.executable, "-m", "scrapy", *arguments, *settings],
                cwd=self._folder,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _stop(self) -> None:
        for process in self._processes.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def _let_work(self) -> None:
        """Return once nobody has anything to do.

        Raises:
            BenchmarkError: a process has ended, or that takes too long.
        """
        began = time.monotonic()
        while self._is_busy():
            for name, process in self._processes.items():
                if process.poll() is not None or time.monotonic() - began > LONGEST_STEP_S:
                    raise BenchmarkError(f"the {name} ended, or hangs. {self._log_end(name)}")
            time.sleep(0.02)

    def _is_busy(self) -> bool:
        """Whether a host has work that is due, somebody has some in hand, or the desk has articles to place."""
        client = self._server.client
        if not client.exists(keys.SOURCES):
            return True  # the crawl is not up yet
        seconds, microseconds = client.time()
        now_ms = seconds * 1000 + microseconds // 1000 + int(client.get(keys.CLOCK) or 0)
        last = client.xrevrange(keys.ARTICLES_STREAM, count=1)
        placed = not last or client.hget(keys.DESK, "offset") == last[0][0]
        return bool(client.zcount(keys.HOSTS, "-inf", now_ms) or client.zcard(keys.LEASES)) or not placed

    def _log(self, name: str) -> Path:
        return self._folder / f"{name}.log"

    def _log_end(self, name: str) -> str:
        return f"Its log ends:\n{self._log(name).read_text('utf-8', 'replace')[-2_000:]}"


def resident_of(session: int) -> int:
    """Return the resident memory (bytes) of all processes of a session: what reads pages for a crawl is part of it."""
    pages = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        if int(fields[3]) == session:
            pages += int(fields[21])
    return pages * os.sysconf("SC_PAGE_SIZE")


def report(hours: Sequence[Hour]) -> str:
    """Return the day as a table, and whether the crawl's memory was flat."""
    names = list(hours[0].resident)
    lines = [f"{'hour':>4}{'polls':>8}{'articles':>10}" + "".join(f"{name + ' MB':>10}" for name in names)]
    lines += [f"{number:>4}{row(hour)}" for number, hour in enumerate(hours, start=1)]
    growth = quarters(hours, "crawl")
    verdict = "flat" if growth <= FLAT else "NOT FLAT"
    lines.append(f"The crawl's memory in the last quarter, by that in the second: {growth:.3f}, {verdict}.")
    if "desk" in names:
        lines.append(f"The desk takes {growth_of(hours, 'desk') / 1e3:.0f} kB for each article that it remembers.")
    return "\n".join(lines)


def row(hour: Hour) -> str:
    """An hour as a line of the table."""
    return f"{hour.polls:>8,}{hour.articles:>10,}" + "".join(f"{size / 1e6:>10.1f}" for size in hour.resident.values())


def growth_of(hours: Sequence[Hour], name: str) -> float:
    """Return by how much a process grew an article (bytes), once the first quarter has brought in what all need."""
    later = hours[max(1, len(hours) // 4) :]
    grown = later[-1].resident[name] - later[0].resident[name]
    return grown / max(1, sum(hour.articles for hour in later[1:]))


def quarters(hours: Sequence[Hour], name: str) -> float:
    """Return what a process took in the last quarter of the day, by what it took in the second (medians)."""
    quarter = max(1, len(hours) // 4)
    second, last = hours[quarter : 2 * quarter] or hours, hours[-quarter:]
    return median(hour.resident[name] for hour in last) / median(hour.resident[name] for hour in second)


if __name__ == "__main__":
    main()
