"""`scrapy watchlist`, run as Scrapy runs it."""

import json
from pathlib import Path

import pytest
from scrapy.cmdline import execute
from scrapy.settings import Settings

from crawler.watchlist.schema import json_schema, reference

GOOD = """
[[outlet]]
name = "Harbour Post"
url = "https://harbour-post.example/"
feeds = ["https://harbour-post.example/feed.xml"]
pages = ["https://harbour-post.example/world/", "https://harbour-post.example/sport/"]
every = "1h"

[[outlet]]
name = "Valley Voice"
url = "https://valley-voice.example/"
sitemaps = ["https://valley-voice.example/news-sitemap.xml"]
"""


DEFAULTS = {
    "COMMANDS_MODULE": "crawler.commands",
    "WATCHLIST": "watchlist",
    "POLL_EVERY": "15m",
    "SHORTEST_POLL": "1m",
}


def scrapy(*args: object, **settings: object) -> int:
    """Run `scrapy ARGS` in this process and return its exit code."""
    with pytest.raises(SystemExit) as end:
        execute(["scrapy", *map(str, args)], Settings({**DEFAULTS, **settings}))
    assert isinstance(end.value.code, int)
    return end.value.code


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.toml"
    path.write_text(GOOD, encoding="utf-8")
    return path


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    path = tmp_path / "bad.toml"
    path.write_text(GOOD.replace("https://harbour-post", "harbour-post").replace("every", "evry"), encoding="utf-8")
    return path


def test_a_good_watchlist_is_summed_up(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is watched, how often and for what; exit code 0."""
    assert scrapy("watchlist", "check", good) == 0
    assert capsys.readouterr().out == (
        f"{good}: all is well.\n"
        "  outlets   2\n"
        "  sources   4  (1 feeds, 1 sitemaps, 2 section pages)\n"
        "  topics    0  (none: every article is published)\n"
        "  channels  0\n"
        "  polls     7 an hour at most\n"
    )


def test_a_bad_watchlist_ends_with_2(bad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every problem stands on stderr, one a line, and nothing on stdout."""
    assert scrapy("watchlist", "check", bad) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert len(output.err.splitlines()) == 5
    assert f'{bad}: outlet "Harbour Post": unknown key "evry". Did you mean "every"?' in output.err


@pytest.mark.parametrize("place", ["before", "after"])
def test_the_setting_names_the_watchlist(place: str, good: Path) -> None:
    """Without a path, WATCHLIST is checked, from the settings or from -s on either side of the action."""
    setting = ("-s", f"WATCHLIST={good}")
    args = (*setting, "check") if place == "before" else ("check", *setting)
    assert scrapy("watchlist", *args, WATCHLIST="nowhere") == 0
    assert scrapy("watchlist", "check", WATCHLIST=str(good)) == 0
    assert scrapy("watchlist", "check", WATCHLIST="nowhere") == 2


def test_settings_allow_quick_polls(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """SHORTEST_POLL allows what is refused by default; POLL_EVERY holds where an outlet names no time of its own."""
    good.write_text(GOOD.replace("1h", "5s"), encoding="utf-8")
    assert scrapy("watchlist", "check", good) == 2
    assert scrapy("watchlist", "check", good, SHORTEST_POLL="1s", POLL_EVERY="10s") == 0
    assert "polls     2,520 an hour at most" in capsys.readouterr().out


def test_the_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """As it stands in docs/schema."""
    assert scrapy("watchlist", "schema") == 0
    assert json.loads(capsys.readouterr().out) == json_schema()


def test_the_keys_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """As they stand in the manual."""
    assert scrapy("watchlist", "keys") == 0
    assert capsys.readouterr().out == reference()


def test_help_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    """The help of the command shows its actions and the smallest watchlist; that of an action shows examples."""
    assert scrapy("watchlist", "--help") == 0
    overview = capsys.readouterr().out
    assert '\n  feeds = ["https://harbour-post.example/feed.xml"]\n' in overview
    assert "list everything that is wrong" in overview
    assert scrapy("watchlist", "check", "--help") == 0
    assert "\n  scrapy watchlist check my/outlets.toml    another file or folder\n" in capsys.readouterr().out
