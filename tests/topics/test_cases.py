"""Golden cases: a text, a query, and whether they meet."""

import json
from pathlib import Path
from typing import Any

import pytest

from crawler.topics import TopicMatcher

FOLDER = Path(__file__).parent.parent / "data" / "topics"
CASES = [json.loads(line) for path in sorted(FOLDER.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("case", CASES, ids=[case["about"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    """A text meets a query, or does not, as each line of tests/data/topics says."""
    met = TopicMatcher({"topic": case["query"]}).match(body=case["text"])
    assert bool(met) == case["match"]
