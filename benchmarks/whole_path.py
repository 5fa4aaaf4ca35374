"""What a page costs on the whole path, from its feed to the stream: `python -m benchmarks`.

Every contender crawls the same pages of the same press through the same proxy, in a process of its own, in turns. Each
turn has two runs, over a few pages and over many: what the many cost beyond the few, a page, leaves out start-up,
imports and caches that fill. The table shows medians over the rounds; what is relative is compared within each round,
for a machine that is busy with other things slows down neighbours alike.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.contenders import (
    BARE,
    ORDINARY,
    SAME_EXTRACTOR,
    STORYWATCH,
    WITH_DESK,
    BenchmarkError,
    Contender,
    Cost,
)
from benchmarks.press import Press

FEW = 60  # enough to fill caches and connections
PROMISED = 1.2  # times the CPU of the same spider with the same extractor

CONTENDERS = (BARE, ORDINARY, SAME_EXTRACTOR, STORYWATCH, WITH_DESK)

EPILOG = """also here:
  python -m benchmarks.topics    articles a second that 10 to 10,000 topics are matched against
  python -m benchmarks.bounds    how much memory the store needs for the articles that it keeps
  python -m benchmarks.scale     whether the store gets slower as it fills
  python -m benchmarks.day       a day of a thousand sources in minutes: whether a crawl's memory stays where it is
  benchmarks/extraction.py       extraction as a function that public test sets can score
"""


@dataclass(frozen=True, slots=True)
class PageCost:
    """What one page more costs (ms): all CPU, the store's share of it, time by the clock."""

    cpu_ms: float
    store_cpu_ms: float
    wall_ms: float


Rounds = dict[str, list[PageCost]]
"""What each contender, by its title, cost in each round."""


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure the CPU that a page costs on the whole path, beside bare Scrapy spiders.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--pages", type=_more_than_few, default=1_000, help="pages of the larger run (default: 1000)")
    parser.add_argument("--rounds", type=int, default=5, help="how often each contender runs (default: 5)")
    options = parser.parse_args()
    try:
        costs = measure(options.pages, options.rounds)
    except BenchmarkError as error:
        sys.exit(str(error))
    print(report(costs, options.pages))


def measure(pages: int, rounds: int) -> Rounds:
    """Let the contenders take turns."""
    costs: Rounds = {contender.title: [] for contender in CONTENDERS}
    with Press(FEW) as few, Press(pages) as many:
        for number in range(1, rounds + 1):
            for contender in CONTENDERS:
                print(f"round {number} of {rounds}: {contender.title} ...", file=sys.stderr, flush=True)
                costs[contender.title].append(page_cost(run(contender, few), run(contender, many), pages - FEW))
    return costs


def run(contender: Contender, press: Press) -> Cost:
    """Run a contender once, in an empty folder."""
    with TemporaryDirectory(prefix="storywatch-bench-") as folder:
        return contender.run(press, Path(folder))


def page_cost(few: Cost, many: Cost, pages: int) -> PageCost:
    """Return what each of the `pages` cost that `many` has beyond `few`."""
    return PageCost(
        cpu_ms=(many.cpu_s - few.cpu_s) / pages * 1_000,
        store_cpu_ms=(many.store_cpu_s - few.store_cpu_s) / pages * 1_000,
        wall_ms=(many.wall_s - few.wall_s) / pages * 1_000,
    )


def relative(costs: Rounds, title: str) -> float:
    """Return a contender's CPU by that of the spider with the same extractor: the median over the rounds."""
    pairs = zip(costs[title], costs[SAME_EXTRACTOR.title], strict=True)
    return median(cost.cpu_ms / yardstick.cpu_ms for cost, yardstick in pairs)


def report(costs: Rounds, pages: int) -> str:
    """Return the table, and whether what we promise holds."""
    lines = [
        f"{pages:,} pages of 70 kB from ten outlets, start-up apart",
        f"{'':<36}{'CPU ms a page':>14}{'of it the store':>17}{'pages a second':>16}{'CPU, relative':>15}",
    ]
    lines += [_row(title, rounds, relative(costs, title)) for title, rounds in costs.items()]
    ratio = relative(costs, STORYWATCH.title)
    kept = "kept" if ratio <= PROMISED else "BROKEN"
    lines.append(
        f"Store, schedule and pipelines cost {ratio:.2f} times the spider with the same extractor; "
        f"at most {PROMISED} is promised: {kept}."
    )
    return "\n".join(lines)


def _row(title: str, rounds: Sequence[PageCost], ratio: float) -> str:
    cpu_ms, wall_ms = median(cost.cpu_ms for cost in rounds), median(cost.wall_ms for cost in rounds)
    store_cpu_ms = median(cost.store_cpu_ms for cost in rounds)
    store = f"{store_cpu_ms:.2f}" if store_cpu_ms else ""
    return f"{title:<36}{cpu_ms:>14.2f}{store:>17}{1_000 / wall_ms:>16.0f}{ratio:>15.2f}"


def _more_than_few(text: str) -> int:
    pages = int(text)
    if pages <= 2 * FEW:
        raise argparse.ArgumentTypeError(f"{pages} are too few to tell pages from start-up: more than {2 * FEW}.")
    return pages
