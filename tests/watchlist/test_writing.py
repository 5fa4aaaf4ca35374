"""Outlets as TOML, and what appending leaves as it was."""

import resource
import signal
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.news.errors import ConfigurationError, WatchlistError
from crawler.news.source import Outlet
from crawler.watchlist import load
from crawler.watchlist.kinds import Name, Refused
from crawler.watchlist.writing import Addition, toml_of

MINUTE = timedelta(minutes=1)
POST = Outlet("Harbour Post", "https://post.example/", feeds=("https://post.example/feed",))
VOICE = Outlet("Valley Voice", "https://voice.example/", feeds=("https://voice.example/feed",))
FULL = Outlet(
    'The "Full" Post \\ Пошта',
    "https://full.example/",
    feeds=tuple(f"https://full.example/feeds/{n}.xml" for n in range(9)),
    sitemaps=("https://full.example/news.xml",),
    pages=("https://full.example/world/",),
    every=timedelta(minutes=90),
    first_look=timedelta(hours=6),
    selectors={"body": 'div[class="story"]', "remove": "aside"},
    render="auto",
    tags=("port", "the daily"),
    allow_private=True,
)


def write(addition: Addition, *outlets: Outlet) -> None:
    """Append outlets."""
    addition.write(outlets, shortest_poll=MINUTE)


def test_every_key_is_read_back(tmp_path: Path) -> None:
    """toml_of and load are inverse; keys at their defaults are left out."""
    path = tmp_path / "outlets.toml"
    path.write_text(toml_of([FULL, POST]), encoding="utf-8")
    assert load(path).outlets == (FULL, POST)
    assert toml_of([POST]).count("\n") == 4


@given(st.lists(st.text(min_size=1), min_size=1, max_size=3))
def test_any_name_is_read_back(tmp_path_factory: pytest.TempPathFactory, names: list[str]) -> None:
    """Whatever a name may hold is written so that it is read."""
    try:
        tags = tuple(Name().read(name) for name in names)
    except Refused:
        return
    path = tmp_path_factory.getbasetemp() / "names.toml"
    outlet = Outlet(tags[0], "https://o.example/", pages=("https://o.example/x",), tags=tags)
    path.write_text(toml_of([outlet]), encoding="utf-8")
    assert load(path).outlets == (outlet,)


@pytest.mark.parametrize("end", ["", "\n", "\n\n", "# the end", "\r\n"])
def test_what_stands_there_stays(tmp_path: Path, end: str) -> None:
    """To the byte, whatever the file ends with and however its lines end; then an empty line, and the new table."""
    before = ("# mine\n" + toml_of([VOICE]).rstrip() + end).encode()
    if "\r" in end:
        before = b"# mine\r\n" + toml_of([VOICE]).replace("\n", "\r\n").encode()
    path = tmp_path / "outlets.toml"
    path.write_bytes(before)
    write(Addition(tmp_path), POST)
    after = path.read_bytes()
    assert after.startswith(before)
    assert after.endswith(b"\n")
    assert (b"\n\n[[outlet]]" in after) or (b"\r\n\r\n[[outlet]]" in after)
    assert after.count(b"\r\n") in {0, after.count(b"\n")}
    assert load(tmp_path).outlets == (VOICE, POST)


def test_folders_and_files_are_made(tmp_path: Path) -> None:
    """A watchlist that is not there yet: a folder with outlets.toml, or the file that the setting names."""
    assert Addition(tmp_path / "new").current(shortest_poll=MINUTE).outlets == ()
    write(Addition(tmp_path / "new"), POST)
    write(Addition(tmp_path / "my.toml"), POST)
    write(Addition(tmp_path / "new", tmp_path / "new" / "more.toml"), VOICE)
    assert (tmp_path / "new" / "outlets.toml").read_text() == (tmp_path / "my.toml").read_text()
    assert load(tmp_path / "new").outlets == (VOICE, POST)


def test_a_folder_without_outlets_is_no_mistake(tmp_path: Path) -> None:
    """Who begins with channels and topics may add outlets afterwards."""
    (tmp_path / "channels.toml").write_text('[[channel]]\nname = "desk"\nurl = "terminal://"\n')
    assert Addition(tmp_path).current(shortest_poll=MINUTE).outlets == ()
    write(Addition(tmp_path), POST)
    assert load(tmp_path).outlets == (POST,)


def test_tags_may_come_after_their_outlet(tmp_path: Path) -> None:
    """A topic that asks for a tag of nobody does not keep out the outlet that is to have it."""
    (tmp_path / "topics.toml").write_text('[[topic]]\nname = "Dams"\nquery = "dam tag:local"\n')
    write(Addition(tmp_path), POST)
    assert load(tmp_path, bare=True).outlets == (POST,)


def test_a_file_elsewhere_is_a_watchlist_of_its_own(tmp_path: Path) -> None:
    """It is checked alone, and whoever writes it can say so."""
    (tmp_path / "watchlist").mkdir()
    write(Addition(tmp_path / "watchlist"), POST)
    apart = Addition(tmp_path / "watchlist", tmp_path / "apart.toml")
    write(apart, POST)
    assert apart.is_apart
    assert not Addition(tmp_path / "watchlist").is_apart
    assert not Addition(tmp_path / "apart.toml").is_apart


@pytest.mark.parametrize(
    ("before", "outlet", "problem"),
    [
        (toml_of([POST]), POST, "both called so"),
        (toml_of([VOICE]), Outlet("Post", "https://post.example/", feeds=VOICE.feeds), "is watched already"),
        ('outlet = [{name = "x", url = "https://x.example/", feeds = ["https://x.example/f"]}]', POST, "Cannot"),
        (toml_of([VOICE]), Outlet("Post", "https://post.example/"), "it has no source"),
    ],
)
def test_what_would_not_load_is_not_written(tmp_path: Path, before: str, outlet: Outlet, problem: str) -> None:
    """The whole watchlist is checked with the addition; the file stays as it was."""
    path = tmp_path / "outlets.toml"
    path.write_text(before)
    with pytest.raises(WatchlistError, match=problem):
        write(Addition(path), outlet)
    assert path.read_text() == before


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    """With the reason; nothing is left behind."""
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match=r"outlets\.toml: cannot be \w+ \(Not a directory\)"):
        write(Addition(tmp_path / "new", tmp_path / "file" / "outlets.toml"), POST)


def test_half_an_addition_is_taken_back(tmp_path: Path) -> None:
    """A disk that fills up in the middle leaves the file as it was."""
    path = tmp_path / "outlets.toml"
    path.write_text(toml_of([VOICE]))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 20, limits[1]))
    try:
        with pytest.raises(ConfigurationError, match="File too large"):
            write(Addition(path), POST)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert path.read_text() == toml_of([VOICE])
