"""What a second worker brings, and what it costs: `python -m benchmarks.two_workers`.

One worker and two crawl the same press with one store, in turns; each turn has two runs, over few pages and over many:
what the many cost beyond the few leaves out start-up (benchmarks/whole_path.py). Once pages answer at once, so that all
wait for the CPU; once they take their time as real ones do, so that a worker waits with full hands.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median

from benchmarks.contenders import BenchmarkError, Contender, run_storywatch
from benchmarks.press import AT_ONCE, Press
from benchmarks.whole_path import PageCost, page_cost, run

HOSTS = 120  # more than two workers have hands: a host is asked for one page at a time
FEW = 2 * HOSTS
PROMISED_CPU = 1.10  # times the CPU of one worker
PROMISED_SPEED_UP = 1.5  # where pages take their time

ONE = Contender("one worker", run_storywatch)
TWO = Contender("two workers", partial(run_storywatch, workers=2))


@dataclass(frozen=True, slots=True)
class Pace:
    """How long pages take until they answer: at least, at most (s)."""

    title: str
    answer_s: tuple[float, float]


WITHOUT_DELAY, LIKE_REAL = Pace("at once", AT_ONCE), Pace("after 300 to 800 ms", (0.3, 0.8))

Round = tuple[PageCost, PageCost]
"""What a page cost one worker, and two."""


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.two_workers", description="Compare one worker with two."
    )
    parser.add_argument("--pages", type=int, default=2_400, help=f"of the larger run, over {FEW} (default: 2400)")
    parser.add_argument("--rounds", type=int, default=1, help="how often each runs (default: 1)")
    options = parser.parse_args()
    try:
        rounds = {pace: list(measure(pace, options.pages, options.rounds)) for pace in (WITHOUT_DELAY, LIKE_REAL)}
    except BenchmarkError as error:
        sys.exit(str(error))
    print(report(rounds, options.pages))


def measure(pace: Pace, pages: int, rounds: int) -> Iterator[Round]:
    """Let one worker and two take turns."""
    few = Press(FEW, outlets=HOSTS, answer_s=pace.answer_s)
    many = Press(pages, outlets=HOSTS, answer_s=pace.answer_s)
    with few, many:
        for number in range(1, rounds + 1):
            costs = []
            for contender in (ONE, TWO):
                print(
                    f"pages {pace.title}, round {number} of {rounds}: {contender.title} ...",
                    file=sys.stderr,
                    flush=True,
                )
                costs.append(page_cost(run(contender, few), run(contender, many), pages - FEW))
            yield costs[0], costs[1]


def report(rounds: dict[Pace, list[Round]], pages: int) -> str:
    """Return the table, and whether what we promise holds."""
    lines = [
        f"{pages:,} pages of 70 kB from {HOSTS} hosts, start-up apart",
        f"{'pages answer':<22}{'':<14}{'CPU ms a page':>14}{'of it the store':>17}{'pages a second':>16}",
    ]
    for pace, pairs in rounds.items():
        for contender, costs in zip((ONE, TWO), zip(*pairs, strict=True), strict=True):
            lines.append(f"{pace.title:<22}{contender.title:<14}{_figures(costs)}")
    for pace, pairs in rounds.items():
        cpu, faster = ratios(pairs)
        lines.append(
            f"Pages {pace.title}: two workers take {cpu:.2f} times the CPU, and are {faster:.2f} times as fast."
        )
    cpu, faster = ratios(rounds[LIKE_REAL])
    kept = "kept" if cpu <= PROMISED_CPU and faster >= PROMISED_SPEED_UP else "BROKEN"
    promised = f"at most {PROMISED_CPU:.2f} and at least {PROMISED_SPEED_UP:.2f}"
    lines.append(f"Of pages that take their time, {promised} are promised: {kept}.")
    return "\n".join(lines)


def ratios(pairs: Sequence[Round]) -> tuple[float, float]:
    """Return two workers' CPU by one's, and one's time by two's: medians over the rounds."""
    return median(two.cpu_ms / one.cpu_ms for one, two in pairs), median(
        one.wall_ms / two.wall_ms for one, two in pairs
    )


def _figures(costs: tuple[PageCost, ...]) -> str:
    cpu_ms, store_ms = median(cost.cpu_ms for cost in costs), median(cost.store_cpu_ms for cost in costs)
    return f"{cpu_ms:>14.2f}{store_ms:>17.2f}{1_000 / median(cost.wall_ms for cost in costs):>16.0f}"


if __name__ == "__main__":
    main()
