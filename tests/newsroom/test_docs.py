"""docs/newsroom.md tells the truth: its code runs, and its table of faults is complete."""

import re
from pathlib import Path

import pytest

from crawler.newsroom.faults import KINDS

PAGE = (Path(__file__).parents[2] / "docs" / "newsroom.md").read_text("utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)


@pytest.mark.parametrize("code", BLOCKS, ids=range(len(BLOCKS)))
def test_the_code_runs(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    """As it stands, and prints something."""
    exec(code, {})
    assert capsys.readouterr().out


def test_every_fault_is_listed() -> None:
    """One row a kind."""
    assert re.findall(r"^\| `([a-z-]+)` \|", PAGE, flags=re.MULTILINE) == list(KINDS)
