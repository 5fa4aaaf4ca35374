"""Who runs, and what one run costs: each contender crawls a press in a process of its own."""

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from redis import Redis

from benchmarks.press import Press
from crawler.store import keeper
from crawler.store.embedded import open_embedded
from crawler.store.keys import ARTICLES_STREAM

ROOT = Path(__file__).parent.parent

# Of the words of synthetic articles: a rare topic and a frequent one. What matches neither is published all the same.
TOPICS = """
[[topic]]
name = "two places"
query = "Balholm OR Torquay"

[[topic]]
name = "politics"
query = '(mayor OR minister) AND (vote OR budget) NOT "stubborn tailor"'
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one run, from the start of its process to its end.

    Attributes:
        cpu_s: user and system time of all its processes, the store's among them.
        store_cpu_s: the store's share.
        wall_s: by the clock.
    """

    cpu_s: float
    store_cpu_s: float
    wall_s: float


@dataclass(frozen=True, slots=True)
class Contender:
    """One way to do the job. `run(press, folder)` does it once; the folder is empty and its own."""

    title: str
    run: Callable[[Press, Path], Cost]


class BenchmarkError(Exception):
    """A contender did not do its work, so its cost says nothing."""


def run_peer(spider: str, press: Press, folder: Path, *, keeps: bool = True) -> Cost:
    """Run a spider of `benchmarks.peers`, which keeps its articles as JSON lines.

    Raises:
        BenchmarkError: it missed some.
    """
    items = folder / "items.jsonl"
    command = ["crawl", spider, "-a", f"feeds={','.join(press.feeds)}", "-O", str(items)]
    cost = _run_scrapy(command, "benchmarks.peers.settings", press, folder)
    if keeps:
        _expect(press.pages, items.read_bytes().count(b"\n"), f"{spider} kept", folder)
    return cost


def run_storywatch(press: Press, folder: Path, *, desk: str = "off", workers: int = 1) -> Cost:
    """Run one pass of the crawl with a new embedded store, which is up before and after.

    `desk`: "on" has it make the stories, too, which no peer does. `workers`: how many share the pass.

    Raises:
        BenchmarkError: it did not publish every article.
    """
    watchlist = folder / "watchlist.toml"
    watchlist.write_text(press.outlets_toml + TOPICS, "utf-8")
    state = folder / "state"
    settings = {"WATCHLIST": str(watchlist), "STATE_DIR": str(state), "PUBLISH_UNMATCHED": "1", "DESK": desk}
    command = ["crawl", "watch", "-a", "once=1", "-s", "HOST_GAP=0s"]
    with open_embedded(state) as embedded, closing(Redis.from_url(embedded.url)) as store:
        before_s = _cpu_of(store)
        crawl = _run_scrapy(command, "settings.local", press, folder, settings, at_once=workers)
        store_s = _cpu_of(store) - before_s
        _expect(press.pages, store.xlen(ARTICLES_STREAM), "Storywatch published", folder)
    _wait_for_keeper(state)
    return Cost(crawl.cpu_s + store_s, store_s, crawl.wall_s)


BARE = Contender("Scrapy, which only fetches", partial(run_peer, "bare", keeps=False))
ORDINARY = Contender("Scrapy + feedparser + trafilatura", partial(run_peer, "ordinary"))
SAME_EXTRACTOR = Contender("the same with our extractor", partial(run_peer, "same-extractor"))
STORYWATCH = Contender("Storywatch", run_storywatch)
WITH_DESK = Contender("Storywatch with its desk", partial(run_storywatch, desk="on"))


def _run_scrapy(
    arguments: list[str],
    settings: str,
    press: Press,
    folder: Path,
    environment: Mapping[str, str] | None = None,
    *,
    at_once: int = 1,
) -> Cost:
    """Run a Scrapy command in `folder`, where its log goes, with the press as its proxy; `at_once`: so many of it."""
    surroundings = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "SCRAPY_SETTINGS_MODULE": settings,
        "http_proxy": press.url,
        **(environment or {}),
    }
    command = [sys.executable, "-m", "scrapy", *arguments]
    press.served()
    with (folder / "log").open("wb") as log:
        began = time.monotonic()
        processes = [
            subprocess.Popen(command, cwd=folder, env=surroundings, stdout=log, stderr=log) for _ in range(at_once)
        ]
        cpu_s = sum(map(_end_of, processes))
        wall_s = time.monotonic() - began
    for process in processes:
        _expect(0, process.returncode, f"scrapy {arguments[1]}: exit code", folder)
    _expect(press.pages, press.served(), f"scrapy {arguments[1]}: pages fetched", folder)
    return Cost(cpu_s, 0.0, wall_s)


def _end_of(process: "subprocess.Popen[bytes]") -> float:
    """Wait for a process to end, and return what CPU (s) it and the children it waited for have used."""
    _, status, usage = os.wait4(process.pid, 0)  # the only wait that tells what one child has used
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime


def _cpu_of(store: Redis) -> float:
    used = store.info("cpu")
    return float(used["used_cpu_user"] + used["used_cpu_sys"])


def _wait_for_keeper(state: Path) -> None:
    """Return when the store's last process has gone, so that its folder can be removed."""
    with keeper.lock_file(state / "keeper.lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)


def _expect(wanted: int, found: object, what: str, folder: Path) -> None:
    if found != wanted:
        log = (folder / "log").read_text("utf-8", "replace")[-2_000:]
        raise BenchmarkError(f"{what} {found}, not {wanted}. Its log ends:\n{log}")
