"""The benchmark of full stores does its work on small ones. No test times anything."""

import asyncio

import pytest

from benchmarks.scale import CALLS, ROUND, Costs, Size, measure, report

FEW, MANY = Size("few", 40, 1_000, 4), Size("many", 80, 2_000, 8)
ONE_FEW, ONE_MANY = Size("one host, few", 40, 1_000, 1), Size("one host, many", 80, 2_000, 1)


def test_every_call_is_timed_and_the_store_stays_as_full_as_it_is() -> None:
    """A round ends as many pages as its polls bring, on many hosts and on one."""
    costs = asyncio.run(measure([FEW, ONE_FEW], rounds=1))
    for size in (FEW, ONE_FEW):
        assert set(costs[size].server_us) == set(costs[size].wall_us) == set(CALLS)
        ended = len(costs[size].server_us["publish"]) + len(costs[size].server_us["settle"])
        assert ROUND <= ended < ROUND + 32
        assert all(us > 0 for times in costs[size].server_us.values() for us in times)


@pytest.mark.parametrize(("many_us", "verdict"), [(199.0, "kept."), (201.0, "BROKEN.")])
def test_the_report_says_whether_the_promise_is_kept(many_us: float, verdict: str) -> None:
    """At most twice as much server time a call; one slow call among many does not show."""
    costs = {size: Costs() for size in (FEW, MANY, ONE_FEW, ONE_MANY)}
    for size, cost in costs.items():
        for call in CALLS:
            cost.server_us[call] = [many_us if size is ONE_MANY and call == "claim" else 100.0] * 3 + [9_999.0]
            cost.wall_us[call] = [1_000.0]
    lines = report(costs, list(costs)).splitlines()
    assert lines[2].split() == ["claim", "100", "100", "1.00", "1.00", "1.00", "1.00"]
    assert lines[-1].endswith(verdict)
