"""The benchmark does its work: every contender crawls a small press, and the figures add up. No test times anything."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.contenders import SAME_EXTRACTOR, STORYWATCH, WITH_DESK, BenchmarkError, Contender, Cost, run_peer
from benchmarks.press import Press
from benchmarks.whole_path import CONTENDERS, PageCost, page_cost, relative, report, run


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    """Ten outlets with two articles each."""
    with Press(20) as press:
        yield press


@pytest.mark.parametrize("contender", CONTENDERS, ids=lambda contender: contender.title)
def test_every_contender_brings_in_every_article(press: Press, contender: Contender) -> None:
    """A contender that missed a page would raise; what it used is counted, the store's part only where there is one."""
    cost = run(contender, press)
    has_store = contender in (STORYWATCH, WITH_DESK)
    assert 0 < cost.store_cpu_s < cost.cpu_s if has_store else cost.store_cpu_s == 0 < cost.cpu_s
    assert cost.wall_s > 0


def test_a_contender_that_misses_articles_is_no_contender(press: Press, tmp_path: Path) -> None:
    """The bare spider fetches all pages and keeps none: if it were to keep them, the benchmark would say so."""
    with pytest.raises(BenchmarkError, match="bare kept 0, not 20"):
        run_peer("bare", press, tmp_path)
    assert press.served() == 0, "each run is counted by itself"


def test_start_up_is_left_out() -> None:
    """A page costs what the larger run used beyond the smaller, by the number of pages between them."""
    few, many = Cost(cpu_s=2.0, store_cpu_s=0.1, wall_s=3.0), Cost(cpu_s=12.0, store_cpu_s=0.6, wall_s=23.0)
    assert page_cost(few, many, 1_000) == PageCost(cpu_ms=10.0, store_cpu_ms=0.5, wall_ms=20.0)


def test_one_disturbed_round_does_not_show() -> None:
    """A contender is compared within each round, and the median of the rounds is told."""
    costs = {
        SAME_EXTRACTOR.title: [PageCost(10, 0, 10), PageCost(30, 0, 30), PageCost(11, 0, 11)],
        STORYWATCH.title: [PageCost(11, 0.4, 11), PageCost(33, 1, 33), PageCost(99, 9, 99)],
    }
    assert relative(costs, STORYWATCH.title) == pytest.approx(1.1)


@pytest.mark.parametrize(("ours_ms", "verdict"), [(12.0, "kept."), (12.3, "BROKEN.")])
def test_the_report_says_whether_the_promise_is_kept(ours_ms: float, verdict: str) -> None:
    """At most 1.2 times the CPU of the spider with the same extractor, the store's included."""
    costs = {contender.title: [PageCost(10.0, 0.0, 12.5)] for contender in CONTENDERS}
    costs[STORYWATCH.title] = [PageCost(ours_ms, 0.4, 20.0)]
    *_, yardstick, ours, _with_desk, last = report(costs, 1_000).splitlines()
    assert yardstick.split() == [*SAME_EXTRACTOR.title.split(), "10.00", "80", "1.00"]
    assert ours.split() == [STORYWATCH.title, f"{ours_ms:.2f}", "0.40", "50", f"{ours_ms / 10:.2f}"]
    assert last.endswith(verdict)
