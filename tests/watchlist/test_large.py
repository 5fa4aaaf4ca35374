"""A watchlist of many outlets: how long it takes to read, and what is said meanwhile."""

from pathlib import Path

from benchmarks.watchlist import PROMISED, invented, measure, verdict
from crawler.watchlist import load
from crawler.watchlist.writing import toml_of


def test_reading_tells_how_far_it_is(tmp_path: Path) -> None:
    """Which file, how many of its tables, and that they are checked."""
    (tmp_path / "outlets.toml").write_text(toml_of(invented(2_500)), encoding="utf-8")
    lines: list[str] = []
    assert len(load(tmp_path, tell=lines.append).outlets) == 2_500
    file = tmp_path / "outlets.toml"
    assert lines == [
        f"reading {file}: {file.stat().st_size / 1e6:,.1f} MB",
        f"read 1,000 of 2,500 outlets of {file}",
        f"read 2,000 of 2,500 outlets of {file}",
        "checking 2,500 tables",
    ]


def test_reading_takes_few_times_as_long_as_toml_alone(tmp_path: Path) -> None:
    """Half of what is promised, at two sizes: no check looks at every other outlet."""
    ratios = []
    for number in (500, 5_000):
        path = tmp_path / f"{number}.toml"
        path.write_text(toml_of(invented(number)), encoding="utf-8")
        alone_s, whole_s = measure(path.read_text(encoding="utf-8"), path, rounds=2)
        ratios.append(whole_s / alone_s)
    assert max(ratios) < PROMISED / 2


def test_the_verdict() -> None:
    """Kept below the promise, broken at it."""
    assert verdict(1.0, 9.9).endswith("9.90 times (promised: under 10): kept")
    assert verdict(1.0, 10.0).endswith("BROKEN")
