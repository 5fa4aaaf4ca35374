"""Two workers share a pass and do all of it, and their figures are told as they are. No test times anything."""

import pytest

from benchmarks.press import Press
from benchmarks.two_workers import LIKE_REAL, TWO, WITHOUT_DELAY, report
from benchmarks.whole_path import PageCost, run


def test_two_workers_do_the_work_of_one() -> None:
    """A page missed, or an exit code other than 0, would raise; the pages take the time they should."""
    with Press(12, outlets=4, answer_s=(0.3, 0.4)) as press:
        cost = run(TWO, press)
    assert 0 < cost.store_cpu_s < cost.cpu_s
    assert cost.wall_s > 3 * 0.3, "three pages a host, one after the other"


@pytest.mark.parametrize(
    ("cpu_ms", "wall_ms", "verdict"), [(10.9, 6.6, "kept."), (11.1, 6.6, "BROKEN."), (10.9, 6.7, "BROKEN.")]
)
def test_the_report_says_whether_the_promise_is_kept(cpu_ms: float, wall_ms: float, verdict: str) -> None:
    """CPU within a tenth and time by half again, where pages take their time; one disturbed round does not show."""
    one, two, disturbed = PageCost(10, 0.5, 10), PageCost(cpu_ms, 0.5, wall_ms), PageCost(99, 9, 99)
    slow_to_both = [(one, two), (one, disturbed), (one, two)]
    text = report({WITHOUT_DELAY: [(one, disturbed)], LIKE_REAL: slow_to_both}, 1_000)
    assert text.endswith(verdict)
    assert f"two workers take {cpu_ms / 10:.2f} times the CPU, and are {10 / wall_ms:.2f} times as fast" in text
