"""`scrapy watchlist import` and `export`, run as Scrapy runs them."""

from pathlib import Path

import pytest

from crawler.watchlist import load
from tests.commands.test_watchlist import GOOD, scrapy

ROWS = (
    "name,feeds,tags\nHill Herald,https://hill.example/feed,sea\nHarbour Post,https://harbour-post.example/feed.xml,\n"
)


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """A watchlist of two outlets."""
    path = tmp_path / "outlets.toml"
    path.write_text(GOOD, encoding="utf-8")
    return path


def test_rows_are_appended(good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """New ones alone, under what stands there; what was left out is counted."""
    (tmp_path / "rows.csv").write_text(ROWS)
    assert scrapy("watchlist", "import", tmp_path / "rows.csv", "--yes", WATCHLIST=good) == 0
    assert "2 rows: 1 new outlet with 1 source; 1 source watched already." in capsys.readouterr().out
    assert good.read_text().startswith(GOOD)
    assert [outlet.name for outlet in load(good).outlets] == ["Harbour Post", "Valley Voice", "Hill Herald"]


def test_a_dry_run_shows_and_writes_nothing(good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The TOML as it would be appended."""
    (tmp_path / "rows.csv").write_text(ROWS)
    assert scrapy("watchlist", "import", tmp_path / "rows.csv", "--dry-run", WATCHLIST=good) == 0
    assert '\n[[outlet]]\nname = "Hill Herald"\n' in capsys.readouterr().out
    assert good.read_text() == GOOD


def test_nobody_to_ask(good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a terminal --yes must say it: exit code 2, and nothing is written."""
    (tmp_path / "rows.csv").write_text(ROWS)
    assert scrapy("watchlist", "import", tmp_path / "rows.csv", WATCHLIST=good) == 2
    assert "Say --yes to append it." in capsys.readouterr().err
    assert good.read_text() == GOOD


def test_what_was_decided_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Rows that were joined, and home pages that are no addresses; private addresses by permission."""
    rows = "url,feeds\nodd,https://a.example/1\n,https://a.example/2\n,http://10.0.0.1/f\n"
    (tmp_path / "rows.csv").write_text(rows)
    command = ("watchlist", "import", tmp_path / "rows.csv", "--yes")
    assert scrapy(*command, "--allow-private", WATCHLIST=tmp_path / "watchlist") == 0
    out = capsys.readouterr().out
    assert "1 home page derived, for what the file says is no address." in out
    assert (
        f'Joined, being of one site and name, or without names:\n  "a.example": {tmp_path}/rows.csv, line 2, and 1'
        in out
    )
    assert [outlet.allow_private for outlet in load(tmp_path / "watchlist").outlets] == [False, True]
    assert scrapy(*command, WATCHLIST=tmp_path / "other") == 1
    assert "If that is meant, say --allow-private." in capsys.readouterr().err


@pytest.mark.parametrize(("strict", "code", "names"), [(False, 1, ["Hill Herald"]), (True, 2, [])])
def test_bad_rows(
    strict: bool, code: int, names: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The good ones are imported, or with --strict none; each bad one is told."""
    (tmp_path / "rows.csv").write_text(f"{ROWS}Odd,odd.example,\n".replace("harbour-post", "10.0.0.1/harbour-post"))
    options = ["--yes", "--strict"] if strict else ["--yes"]
    folder = tmp_path / "watchlist"
    assert scrapy("watchlist", "import", tmp_path / "rows.csv", *options, WATCHLIST=folder) == code
    assert [outlet.name for outlet in load(folder).outlets] == names if names else not folder.exists()
    problem = f'{tmp_path}/rows.csv, line 4: outlet "Odd", feeds[0]: "odd.example" has no scheme. Write "https://odd.'
    assert problem in capsys.readouterr().err


def test_what_is_exported_is_imported(good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """To a file or to standard output; what OPML cannot hold is counted on stderr."""
    opml = tmp_path / "out.opml"
    assert scrapy("watchlist", "export", "--opml", opml, WATCHLIST=good) == 0
    assert "3 sitemaps and section pages; 1 outlet without any feed" in capsys.readouterr().err
    assert scrapy("watchlist", "export", "--opml", WATCHLIST=good) == 0
    assert capsys.readouterr().out == opml.read_text()
    assert scrapy("watchlist", "import", opml, "--yes", WATCHLIST=tmp_path / "new") == 0
    (outlet,) = load(tmp_path / "new").outlets
    assert (outlet.name, outlet.feeds) == ("Harbour Post", ("https://harbour-post.example/feed.xml",))


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["import", "nowhere.opml"], "nowhere.opml: cannot be read (No such file or directory). Check the path."),
        (["export", "--opml", "nowhere/x.opml"], "nowhere/x.opml: cannot be written (No such file or directory)."),
    ],
)
def test_files_that_are_not_there(
    arguments: list[str], problem: str, good: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, and the mend."""
    assert scrapy("watchlist", *arguments, WATCHLIST=good) == 2
    assert problem in capsys.readouterr().err
