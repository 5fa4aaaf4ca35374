"""How long a large watchlist takes to load, beside what TOML itself takes: `python -m benchmarks.watchlist`.

Invents 100,000 outlets with the keys that people use, writes them into one file, and reads it in turns with `tomllib`
and with `crawler.watchlist.load`, which also checks every value, address and name. CPU time of this process; of several
rounds the best, because the machine's other work only ever adds.
"""

import argparse
import gc
import random
import time
import tomllib
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from crawler.news.source import Outlet
from crawler.watchlist import load
from crawler.watchlist.writing import toml_of

OUTLETS = 100_000
PROMISED = 10.0  # times as long as tomllib alone
TAGS = ("agency", "local", "europe", "africa", "business", "state-media")


def main() -> None:
    """Measure, and print the verdict."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--outlets", type=int, default=OUTLETS)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with TemporaryDirectory(prefix="storywatch-bench-") as folder:
        path = Path(folder) / "outlets.toml"
        path.write_text(toml_of(invented(options.outlets)), encoding="utf-8")
        text = path.read_text(encoding="utf-8")
        print(f"{options.outlets:,} outlets, {len(text) / 1e6:.1f} MB, best of {options.rounds} rounds in turns")
        print(verdict(*measure(text, path, options.rounds)))


def invented(number: int) -> Iterator[Outlet]:
    """Yield outlets, the same at every call: each with a feed or two, some with more to say."""
    chance = random.Random(1)
    for n in range(number):
        home = f"https://www.outlet-{n}.example/"
        yield Outlet(
            f"The {n}th Gazette",
            home,
            feeds=tuple(f"{home}feeds/{name}.xml" for name in ("top", "world")[: chance.choice((1, 1, 2))]),
            sitemaps=(f"{home}news-sitemap.xml",) if chance.random() < 0.3 else (),
            pages=(f"{home}council/",) if chance.random() < 0.1 else (),
            every=timedelta(minutes=30) if chance.random() < 0.3 else None,
            selectors={"body": "div.story", "remove": "aside, .newsletter"} if chance.random() < 0.02 else {},
            tags=tuple(chance.sample(TAGS, 2)) if chance.random() < 0.5 else (),
        )


def measure(text: str, path: Path, rounds: int) -> tuple[float, float]:
    """Return the seconds of CPU that `tomllib` and `load` take."""
    alone, whole = [], []
    for _ in range(rounds):
        alone.append(seconds(lambda: tomllib.loads(text)))
        whole.append(seconds(lambda: load(path)))
    return min(alone), min(whole)


def seconds(work: Callable[[], object]) -> float:
    """Return the CPU time that some work takes; what the last left behind is cleared away first."""
    gc.collect()
    began = time.process_time()
    work()
    return time.process_time() - began


def verdict(alone_s: float, whole_s: float) -> str:
    """Return what was measured, and whether the promise is kept."""
    ratio = whole_s / alone_s
    kept = "kept" if ratio < PROMISED else "BROKEN"
    return f"tomllib {alone_s:.2f} s, load {whole_s:.2f} s: {ratio:.2f} times (promised: under {PROMISED:g}): {kept}"


if __name__ == "__main__":
    main()
