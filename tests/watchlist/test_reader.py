"""What a good watchlist becomes."""

from datetime import timedelta
from pathlib import Path

import pytest

from crawler.news.errors import WatchlistError
from crawler.news.source import Channel, Outlet
from crawler.news.topic import Topic
from crawler.watchlist import load

OUTLET = """
[[outlet]]
name = "Harbour Post"
url = "https://harbour-post.example/"
feeds = ["https://harbour-post.example/feed.xml"]
"""

ALL_KEYS = """
[[outlet]]
name = "Harbour Post"
url = "HTTPS://Harbour-Post.example/"
feeds = ["https://harbour-post.example/feed.xml", "http://пошта.example/Лента.xml"]
sitemaps = ["https://harbour-post.example:8443/news-sitemap.xml"]
pages = ["https://harbour-post.example/world/?page=1"]
every = "1h30m"
first_look = "2d"
selectors = { body = "div.story", remove = "aside, .ad" }
render = "auto"
tags = ["port", "daily"]
allow_private = true

[[topic]]
name = "Strikes"
query = '''
strike
    OR walkout
'''
languages = ["EN", "pt-BR"]
inflect = ["pt"]
channels = ["desk"]

[[channel]]
name = "desk"
url = "env:DESK_CHANNEL"
rules = ["revision"]
"""


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def test_every_key_reaches_its_type(tmp_path: Path) -> None:
    """Outlets, topics and channels hold what the file says; scheme and host in lower case, a query on one line."""
    watchlist = load(write(tmp_path, watchlist=ALL_KEYS) / "watchlist.toml")
    assert watchlist.outlets == (
        Outlet(
            name="Harbour Post",
            url="https://harbour-post.example/",
            feeds=("https://harbour-post.example/feed.xml", "http://пошта.example/Лента.xml"),
            sitemaps=("https://harbour-post.example:8443/news-sitemap.xml",),
            pages=("https://harbour-post.example/world/?page=1",),
            every=timedelta(minutes=90),
            first_look=timedelta(days=2),
            selectors={"body": "div.story", "remove": "aside, .ad"},
            render="auto",
            tags=("port", "daily"),
            allow_private=True,
        ),
    )
    assert watchlist.topics == (
        Topic("Strikes", "strike OR walkout", languages=("en", "pt-br"), inflect=("pt",), channels=("desk",)),
    )
    assert watchlist.channels == (Channel("desk", "env:DESK_CHANNEL", rules=("revision",)),)


def test_a_topic_has_a_query_for_each_language(tmp_path: Path) -> None:
    """Languages in lower case, in the order of the file; each query on one line; rules for some of them."""
    topic = """
[[topic]]
name = "Strikes"
query.en = '''
strike
    OR walkout
'''
query.pt-BR = "greve"
query.ru = "забастовка"
inflect = ["ru", "pt"]
"""
    (strikes,) = load(write(tmp_path, watchlist=OUTLET + topic)).topics
    assert strikes == Topic(
        "Strikes", {"en": "strike OR walkout", "pt-br": "greve", "ru": "забастовка"}, inflect=("ru", "pt")
    )
    assert list(strikes.query) == ["en", "pt-br", "ru"]


def test_tags_may_stand_in_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    """No tag is missed while a file is broken: its own problem is the only one."""
    topic = '[[topic]]\nname = "Strikes"\nquery = "strike tag:local"\n'
    path = write(tmp_path, outlets=OUTLET, topics=topic, voice="[[outlet")
    with pytest.raises(WatchlistError) as refused:
        load(path)
    (problem,) = refused.value.problems
    assert "voice.toml" in problem


def test_the_first_tag_is_still_to_be_written(tmp_path: Path) -> None:
    """Without any tag the mend says how one is written; a watchlist that is being put together may do without."""
    topic = '[[topic]]\nname = "Strikes"\nquery = "strike tag:local"\n'
    path = write(tmp_path, outlets=OUTLET, topics=topic)
    with pytest.raises(WatchlistError, match=r'no outlet has the tag "local"\. Write tags = \["local"\] at one, or'):
        load(path)
    assert load(path, bare=True).topics
    write(tmp_path, outlets=f'{OUTLET}tags = ["local"]\n')
    assert load(path).tags == {"Harbour Post": ("local",)}


def test_defaults_are_those_of_the_types(tmp_path: Path) -> None:
    """An outlet of three lines is enough, and a watchlist needs no topic."""
    watchlist = load(write(tmp_path, outlets=OUTLET))
    assert watchlist.outlets == (
        Outlet("Harbour Post", "https://harbour-post.example/", feeds=("https://harbour-post.example/feed.xml",)),
    )
    assert watchlist.outlets[0].first_look == timedelta(hours=24)
    assert not watchlist.topics
    assert not watchlist.channels


def test_a_folder_is_one_watchlist_in_the_order_of_names(tmp_path: Path) -> None:
    """All visible *.toml are read, whatever table stands in which; hidden files and other folders are left alone."""
    other = OUTLET.replace("Harbour Post", "Valley Voice").replace("harbour-post", "valley-voice")
    write(tmp_path, b=OUTLET, a='[[channel]]\nname = "desk"\nurl = "terminal://"\n' + other)
    (tmp_path / ".b.toml.swp.toml").write_text("half a f")
    (tmp_path / "notes.txt").write_text("not TOML")
    assert [outlet.name for outlet in load(tmp_path).outlets] == ["Valley Voice", "Harbour Post"]


def test_windows_files_are_read(tmp_path: Path) -> None:
    """A byte order mark and CRLF line ends change nothing."""
    path = tmp_path / "outlets.toml"
    path.write_bytes(b"\xef\xbb\xbf" + OUTLET.replace("\n", "\r\n").encode())
    assert load(path) == load(write(tmp_path, plain=OUTLET) / "plain.toml")


def test_polls_may_be_as_quick_as_the_caller_allows(tmp_path: Path) -> None:
    """A minute by default; a demo passes seconds."""
    path = write(tmp_path, outlets=f'{OUTLET}every = "5s"')
    with pytest.raises(WatchlistError, match='"5s" is faster than 1m'):
        load(path)
    assert load(path, shortest_poll=timedelta(seconds=1)).outlets[0].every == timedelta(seconds=5)


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    """A wrong path is a problem with a mend, not a traceback."""
    with pytest.raises(WatchlistError, match=r"nowhere\.toml: no such file or folder\. Create it, or"):
        load(tmp_path / "nowhere.toml")


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    """A folder called like a file stands for everything that the system refuses to read."""
    (tmp_path / "outlets.toml").mkdir()
    with pytest.raises(WatchlistError, match=r"outlets\.toml: cannot be read \(Is a directory\)"):
        load(tmp_path)


def test_two_ways_to_write_outlets_are_told(tmp_path: Path) -> None:
    """TOML takes one of them in a file."""
    path = write(tmp_path, mixed=f'outlet = [{{ name = "Hill Herald" }}]\n{OUTLET}')
    with pytest.raises(WatchlistError) as refused:
        load(path)
    (problem,) = refused.value.problems
    assert problem.endswith("Above stands outlet = [...], too (or topic, channel): write [[outlet]] over each one.")


def test_paths_are_shown_as_typed_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An absolute path below the working folder is shown from there."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(WatchlistError, match=r"^nowhere\.toml: "):
        load(tmp_path / "nowhere.toml")


def test_the_secret_of_a_channel_is_not_printed(tmp_path: Path) -> None:
    """A careless channel holds the secret itself: printing the watchlist does not show it."""
    text = f'{OUTLET}[[channel]]\nname = "desk"\nurl = "tgram://swordfish/1"'
    watchlist = load(write(tmp_path, outlets=text))
    assert watchlist.channels[0].url == "tgram://swordfish/1"
    assert "swordfish" not in repr(watchlist)
