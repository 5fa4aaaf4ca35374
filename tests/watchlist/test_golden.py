"""Every mistake in one place: each folder of tests/data/watchlist is a watchlist and the problems it is refused with.

After a change of wording, look at what changes: `git diff tests/data/watchlist` after writing the new `problems.txt`.
"""

from pathlib import Path

import pytest

from crawler.news.errors import WatchlistError
from crawler.watchlist import load

CASES = sorted((Path(__file__).parent.parent / "data" / "watchlist").iterdir())


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case.name))
def test_every_problem_is_told_at_once(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bad watchlist is refused with all of its problems, in the order of files and tables, one line each."""
    monkeypatch.chdir(case)
    with pytest.raises(WatchlistError) as refused:
        load(Path("inputs"))
    assert refused.value.problems == (case / "problems.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case.name))
def test_no_problem_shows_a_secret(case: Path) -> None:
    """Passwords in URLs and the addresses of channels (all "swordfish" in the cases) never reach an error."""
    assert "swordfish" not in (case / "problems.txt").read_text(encoding="utf-8").lower()
