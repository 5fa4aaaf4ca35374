"""Files that are not for us to read: a problem with its mend, as any other mistake."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.news.errors import WatchlistError
from crawler.watchlist import load

NOBODY = 65_534


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that everybody may enter, with a watchlist in it; and we are not root, who may do anything."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        place.chmod(0o755)
        inner = place / "watchlist"
        inner.mkdir()
        (inner / "outlets.toml").write_text(
            '[[outlet]]\nname = "Quay"\nurl = "http://quay.example/"\nfeeds = ["http://quay.example/feed.xml"]\n'
        )
        root = os.geteuid() == 0
        if root:
            for path in (place, inner):
                os.chown(path, NOBODY, NOBODY)
            os.seteuid(NOBODY)
        try:
            yield place
        finally:
            if root:
                os.seteuid(0)
            place.chmod(0o755)
            inner.chmod(0o755)


def problems_of(path: Path) -> list[str]:
    """All that is wrong with it."""
    with pytest.raises(WatchlistError) as refused:
        load(path)
    return refused.value.problems


@pytest.mark.parametrize(
    ("closed", "mode", "read"),
    [
        ("watchlist", 0o000, "watchlist"),
        ("watchlist", 0o311, "watchlist"),
        (".", 0o000, "watchlist"),
        (".", 0o000, "watchlist/outlets.toml"),
    ],
)
def test_a_folder_that_keeps_us_out(folder: Path, closed: str, mode: int, read: str) -> None:
    """The folder itself, or one above it: neither a bug nor a folder without files."""
    assert load(folder / read).outlet("Quay")
    (folder / closed).chmod(mode)
    mend = "Check its name, and who may read it and enter the folders above it."
    assert problems_of(folder / read) == [f"{folder / read}: cannot be looked into (Permission denied). {mend}"]


def test_a_name_that_no_file_can_have(tmp_path: Path) -> None:
    """The system's own words stand in the problem."""
    (problem,) = problems_of(tmp_path / ("x" * 300))
    assert "cannot be looked into (File name too long). Check its name" in problem
