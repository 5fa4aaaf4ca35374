"""`scrapy watchlist add`, as a user runs it: against the newsroom, and against invented sites behind a proxy."""

import subprocess
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.commands.adding import agreed, cannot_be_read
from crawler.news.errors import FetchError
from crawler.newsroom import Newsroom
from crawler.newsroom.press import read_press
from crawler.watchlist import load
from tests.commands.scripted import Sites, feed, page
from tests.commands.test_watchlist import scrapy
from tests.crawling import Desk

HOME = "http://post.example/"
RSS = '<link rel="alternate" type="application/rss+xml" href="/rss.xml">'
MINE = '# my outlets\n[[outlet]]\nname = "Hill Herald"   # the good one\nurl = "http://hill.example/"\n'
MINE += 'feeds = ["http://hill.example/feed"]'


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    """The press, in less of a hurry to be left alone: a crawl-delay would take the test's time."""
    world = read_press()
    brisk = replace(world, outlets=tuple(replace(outlet, crawl_delay_seconds=0) for outlet in world.outlets))
    with Newsroom(world=brisk) as opened:
        yield opened


def add(proxy: str, *runs: tuple[Path, str, *tuple[str, ...]]) -> "list[subprocess.CompletedProcess[str]]":
    """Run the command behind a proxy, several at once: each with a watchlist in a folder, and its arguments."""
    started = []
    for folder, *arguments in runs:
        desk = Desk(folder / "state", Newsroom(), watchlist=folder / "watchlist", extra={"http_proxy": proxy})
        started.append((desk.start("watchlist", "add", *arguments), arguments))
    ended = []
    for process, arguments in started:
        with process:
            out, err = process.communicate(timeout=90)
        ended.append(subprocess.CompletedProcess(arguments, process.returncode, out, err))
    return ended


PRESS = {
    "www.harbourgazette.example": ("feeds", "/rss/world.xml"),
    "www.dailyledger.example": ("feeds", "/atom.xml"),
    "www.northerncourier.example": ("sitemaps", "/sitemaps/index.xml"),
    "www.correoaldana.example": ("pages", "/"),
}


def test_outlets_of_the_press_are_added(newsroom: Newsroom, tmp_path: Path) -> None:
    """By the feed that the page names, Atom too; by the sitemap of robots.txt; by section pages where all else fails.

    With our own User-Agent, robots.txt first, and few requests.
    """
    runs = add(newsroom.url, *((tmp_path / host, f"http://{host}/", "--yes") for host in PRESS))
    for run, (host, (kind, source)) in zip(runs, PRESS.items(), strict=True):
        assert run.returncode == 0, run.stderr + run.stdout
        (outlet,) = load(tmp_path / host / "watchlist").outlets
        assert (outlet.url, getattr(outlet, kind)) == (f"http://{host}/", (f"http://{host}{source}",))
        assert "recommended" in run.stdout
        assert f"1 of at most 25: http://{host}/robots.txt" in run.stderr
        visits = newsroom.requests_of(host)
        assert visits[0].path == "/robots.txt"
        assert all(visit.headers["user-agent"].startswith("Storywatch/") for visit in visits)
        assert len(visits) <= 25


def test_nothing_is_rewritten(tmp_path: Path) -> None:
    """Without a terminal and --yes nothing is written, and the code says so. Then the addition is a table of its own
    under what stands in the file, which stays to the byte; and after that all is known.
    """
    file = tmp_path / "watchlist" / "outlets.toml"
    file.parent.mkdir()
    file.write_text(MINE)
    sites = Sites({HOME: page(head=RSS, name="Post, The"), f"{HOME}rss.xml": feed("/a", "/b")})
    with sites.served() as proxy:
        (unasked,) = add(proxy, (tmp_path, HOME))
        assert file.read_text() == MINE, unasked.stdout
        (added,) = add(proxy, (tmp_path, HOME, "-y"))
        (again,) = add(proxy, (tmp_path, HOME, "-y"))
    table = f'\n[[outlet]]\nname = "Post The"\nurl = "{HOME}"\nfeeds = ["{HOME}rss.xml"]\n'
    assert file.read_text() == f"{MINE}\n{table}", added.stderr
    assert [run.returncode for run in (unasked, added, again)] == [2, 0, 0]
    assert table in unasked.stdout
    assert "Say --yes" in unasked.stderr
    assert "is on the watchlist already, with all that is worth watching" in again.stdout


def test_what_was_tried_is_told(tmp_path: Path) -> None:
    """Where nothing is found, or the site cannot be reached: exit code 1 and every reason."""
    with Sites({HOME: page()}).served() as proxy:
        nothing, away = add(proxy, (tmp_path / "a", HOME), (tmp_path / "b", "http://away.example/"))
    assert (nothing.returncode, away.returncode) == (1, 1)
    assert "the server answered 404\n      http://post.example/feed/" in nothing.stdout
    assert "Nothing worth watching was found." in nothing.stderr
    assert "http://away.example/ cannot be read: the server answered 404" in away.stderr


def test_what_may_be_done_is_told(tmp_path: Path) -> None:
    """A private address is permitted by whoever typed it, never because a site redirects to it."""
    astray = Sites({HOME: "301 http://10.0.0.1/"})
    with astray.served() as proxy:
        led, typed = add(proxy, (tmp_path / "a", HOME), (tmp_path / "b", "http://10.0.0.1/"))
    assert (led.returncode, typed.returncode) == (1, 1)
    assert f"{HOME} cannot be read: it leads to http://10.0.0.1/" in led.stderr
    assert "allow" not in led.stderr
    assert "If that is meant, say --allow-private." in typed.stderr
    assert all("10.0.0.1" not in address for address in astray.asked)


def test_a_name_that_does_not_resolve_is_told_with_a_mend() -> None:
    """Not where a redirect led."""
    error = FetchError("dns", "post.example does not resolve")
    mend = "Check the spelling, or write it as a browser shows it: with www., or with http://."
    assert list(cannot_be_read(HOME, f"{HOME}robots.txt", error))[1:] == [mend]
    assert list(cannot_be_read(HOME, "http://elsewhere.example/", error))[1:] == []


def test_further_outlets_of_one_host(tmp_path: Path) -> None:
    """With a name of its own a source is an outlet; without one it is told to whom it may belong, and that it was
    compared with nothing.
    """
    for folder in ("a", "b"):
        (tmp_path / folder / "watchlist").mkdir(parents=True)
        (tmp_path / folder / "watchlist" / "outlets.toml").write_text(MINE)
    url = "http://hill.example/radio.xml"
    with Sites({url: feed("/a", host="http://hill.example", title="Hill Radio")}).served() as proxy:
        named, unnamed = add(proxy, (tmp_path / "a", url, "--name", "Radio", "-y"), (tmp_path / "b", url, "-y"))
    assert (named.returncode, unnamed.returncode) == (0, 0), named.stderr
    assert [outlet.name for outlet in load(tmp_path / "a" / "watchlist").outlets] == ["Hill Herald", "Radio"]
    assert f'  feeds: "{url}"' in unnamed.stdout
    assert "It was not compared with what is watched" in unnamed.stdout
    assert "If it is another outlet, give it a --name of its own." in unnamed.stdout
    assert (tmp_path / "b" / "watchlist" / "outlets.toml").read_text() == MINE


def test_known_outlets_need_no_request(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A watched address, and the name of an outlet that is there: nothing to do."""
    file = tmp_path / "outlets.toml"
    file.write_text(MINE)
    assert scrapy("watchlist", "add", "https://hill.example/feed/", WATCHLIST=file) == 0
    assert 'watched already, by outlet "Hill Herald"' in capsys.readouterr().out
    assert scrapy("watchlist", "add", "http://www.hill.example/", "--name", "Hill Herald", WATCHLIST=file) == 0
    assert 'Outlet "Hill Herald" is on the watchlist already' in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["ftp://post.example/"], '"ftp://post.example/" is not on the web'),
        ([HOME, "--name", "a,b"], 'holds a comma, which parts the names in -a outlets=A,B. Write "a b".'),
        ([HOME, "--name", "Hill Herald"], 'another outlet is called "Hill Herald". Give this one another name.'),
        ([""], 'it is empty. Write one like "https://outlet.example/".'),
        ([HOME, "--file", "outlets.txt"], "outlets.txt: a watchlist's files end in .toml."),
    ],
)
def test_wrong_arguments_are_told(
    arguments: list[str], problem: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the mend, before anything is fetched; exit code 2."""
    file = tmp_path / "outlets.toml"
    file.write_text(MINE)
    assert scrapy("watchlist", "add", *arguments, WATCHLIST=file) == 2
    assert problem in capsys.readouterr().err
    assert file.read_text() == MINE


@pytest.mark.parametrize(
    ("said", "written"), [("", True), ("Yes", True), ("n", False), ("what?", False), (None, False)]
)
def test_on_a_terminal_it_asks(said: str | None, written: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Return means yes; anything but yes means no, and so does a terminal that is closed."""

    def answer(question: str) -> str:
        assert question == "\nAdd this? [Y/n] "
        if said is None:
            raise EOFError
        return said

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", answer)
    assert agreed(Namespace(dry_run=False, yes=False), "Add this?") is written
    assert not agreed(Namespace(dry_run=True, yes=True), "Add this?")
