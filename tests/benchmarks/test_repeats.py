"""The benchmark of what learning leaves out does its work on one outlet of each kind."""

import pytest

from benchmarks.repeats import KINDS, Kind, lost, read_outlet, share


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_learning_takes_boilerplate_and_nothing_else(kind: Kind) -> None:
    """Twenty articles leave at most a third of it; no line of an article is gone, however many have taught."""
    readings = read_outlet(kind, 1)
    assert share([readings], 20) <= share([readings], 0) / 3
    assert [lost(readings, count) for count in (0, 5, 10, 20)] == [0, 0, 0, 0]
