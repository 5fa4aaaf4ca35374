"""What a page costs on the whole path, from its feed to the stream: `python -m benchmarks`.

Every contender crawls the same pages of the same press through the same proxy, in a process of its own, in turns. Each
turn has two runs, over a few pages and over many: what the many cost beyond the few, a page, leaves out start-up,
imports and caches that fill. The table shows medians over the rounds.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.contenders import BARE, ORDINARY, SAME_EXTRACTOR, STORYWATCH, Contender, Cost
from benchmarks.press import Press

FEW = 60  # fills caches and connections as well as 1,200 do
PROMISED = 1.2  # times the CPU of the same spider with the same extractor

CONTENDERS = (BARE, ORDINARY, SAME_EXTRACTOR, STORYWATCH)

EPILOG = """other benchmarks:
  python -m benchmarks.topics       articles a second that 10 to 10,000 topics are matched against
  python -m benchmarks.extraction   what extraction gets right, and at what cost
"""


@dataclass(frozen=True, slots=True)
class PageCost:
    """What one page more costs (ms): all CPU, the store's share of it, time by the clock."""

    cpu_ms: float
    store_cpu_ms: float
    wall_ms: float


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure the CPU that a page costs on the whole path, beside bare Scrapy spiders.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--pages", type=_more_than_few, default=1_200, help="pages of the larger run (default: 1200)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each contender runs (default: 3)")
    options = parser.parse_args()
    print(report(measure(options.pages, options.rounds), options.pages))


def measure(pages: int, rounds: int) -> dict[str, PageCost]:
    """Return each contender's cost of a page, by its title."""
    measured: dict[str, list[PageCost]] = {contender.title: [] for contender in CONTENDERS}
    with Press(FEW) as few, Press(pages) as many:
        for number in range(1, rounds + 1):
            for contender in CONTENDERS:
                _say(f"round {number} of {rounds}: {contender.title} ...")
                measured[contender.title].append(page_cost(run(contender, few), run(contender, many), pages - FEW))
    return {title: typical(costs) for title, costs in measured.items()}


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


def typical(costs: Sequence[PageCost]) -> PageCost:
    """Return the median of each figure."""
    return PageCost(
        cpu_ms=median(cost.cpu_ms for cost in costs),
        store_cpu_ms=median(cost.store_cpu_ms for cost in costs),
        wall_ms=median(cost.wall_ms for cost in costs),
    )


def report(costs: dict[str, PageCost], pages: int) -> str:
    """Return the table, and whether what we promise holds."""
    return "\n".join(_lines(costs, pages))


def _lines(costs: dict[str, PageCost], pages: int) -> Iterator[str]:
    yield f"{pages:,} pages of 70 kB from ten outlets, start-up apart"
    yield f"{'':<36}{'CPU ms a page':>14}{'of it the store':>17}{'pages a second':>16}{'CPU, relative':>15}"
    yardstick = costs[SAME_EXTRACTOR.title].cpu_ms
    for title, cost in costs.items():
        store = f"{cost.store_cpu_ms:.2f}" if cost.store_cpu_ms else ""
        yield (
            f"{title:<36}{cost.cpu_ms:>14.2f}{store:>17}{1_000 / cost.wall_ms:>16.0f}{cost.cpu_ms / yardstick:>15.2f}"
        )
    ratio = costs[STORYWATCH.title].cpu_ms / yardstick
    yield (
        f"Store, schedule and pipelines cost {ratio:.2f} times the spider with the same extractor; "
        f"at most {PROMISED} is promised: {'kept' if ratio <= PROMISED else 'BROKEN'}."
    )


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _more_than_few(text: str) -> int:
    pages = int(text)
    if pages <= 2 * FEW:
        raise argparse.ArgumentTypeError(f"{pages} are too few to tell pages from start-up: more than {2 * FEW}.")
    return pages
