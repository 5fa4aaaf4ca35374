"""Kills, outages and signals: what guarantees 1 and 2 are worth. `make faults` tries every case, `pytest` a spread."""

import pytest

pytest.register_assert_rewrite("tests.faults.scenes", "tests.faults.stage")  # so that their failures tell the values
