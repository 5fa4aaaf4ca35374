"""Edits of a watchlist while a process runs: when they are read, who hears of them, and what is said."""

import asyncio
import gc
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from scrapy.settings import BaseSettings

from crawler.desk.audience import audience_of
from crawler.extensions.edits import check_outlets
from crawler.extensions.rereading import Rereading, TakeOver
from crawler.extensions.watching import watchlist_of
from crawler.news.errors import ChannelError, ConfigurationError
from crawler.watchlist import Watchlist

OUTLET = '[[outlet]]\nname = "Quay"\nurl = "http://quay.example/"\nfeeds = ["http://quay.example/feed.xml"]\n'
DAM = '[[topic]]\nname = "Dam"\nquery = "dam"\n'
WEIR = '[[topic]]\nname = "Weir"\nquery = "weir"\n'
BROKEN = '[[topic]]\nname = "Weir"\nquery = "(weir"\nword = 1\n'


class Follower:
    """Follows, unless it is told to fail."""

    def __init__(self, watchlist: Watchlist) -> None:
        self.watchlist = watchlist
        self.error: Exception | None = None
        self.threads: list[threading.Thread] = []

    def prepare(self, watchlist: Watchlist) -> TakeOver:
        self.threads.append(threading.current_thread())
        if self.error:
            raise self.error

        def take_over() -> None:
            self.threads.append(threading.current_thread())
            self.watchlist = watchlist

        return take_over


class Scene:
    """A watchlist on disk, two who follow it, and what was counted."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "watchlist.toml"
        self.file.write_text(OUTLET + DAM)
        settings = settings_for(folder)
        self.first, self.second = Follower(watchlist_of(settings)), Follower(watchlist_of(settings))
        self.counts = Counter[str]()
        self.rereading = Rereading(settings, [self.first.prepare, self.second.prepare], self.count)

    def count(self, name: str, by: int) -> None:
        """Count as stats do."""
        self.counts[name] += by

    def look(self, times: int = 2) -> None:
        """Look some times."""

        async def look() -> None:
            for _ in range(times):
                await self.rereading.look()

        asyncio.run(look())

    @property
    def topics(self) -> tuple[list[str], list[str]]:
        """What the two match by."""
        first, second = ([topic.name for topic in one.watchlist.topics] for one in (self.first, self.second))
        return first, second


def settings_for(path: Path, every: str = "5s") -> BaseSettings:
    """What a process reads of its settings here."""
    return BaseSettings({"WATCHLIST": str(path), "SHORTEST_POLL": "1m", "LOOK_AT_WATCHLIST": every})


@pytest.fixture
def scene(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Scene:
    """A watchlist with one topic."""
    caplog.set_level(logging.INFO)
    return Scene(tmp_path)


def test_an_edit_is_taken_up_by_all(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    """Read and made ready in a thread, taken over in the event loop's, told in a line."""
    scene.file.write_text(OUTLET + DAM + WEIR)
    scene.look()
    assert scene.topics == (["Dam", "Weir"], ["Dam", "Weir"])
    assert scene.counts == {"watchlist/changed": 1}
    prepared, took_over = scene.first.threads
    assert prepared is not threading.current_thread() is took_over
    assert caplog.messages == ["the watchlist changed: topics: 1 added (Weir)"]


def test_nothing_is_read_while_somebody_writes(scene: Scene) -> None:
    """Only when two looks in a row find the same."""
    for text in (OUTLET, OUTLET + DAM[:9], OUTLET + DAM + WEIR):
        scene.file.write_text(text)
        scene.look(times=1)
    assert scene.topics == (["Dam"], ["Dam"])
    scene.look(times=1)
    assert scene.topics == (["Dam", "Weir"], ["Dam", "Weir"])
    assert scene.counts == {"watchlist/changed": 1}


def test_what_was_not_edited_is_not_read(scene: Scene) -> None:
    """Not at the start either, for it was read then."""
    scene.look(times=5)
    assert scene.first.threads == []


def test_an_edit_between_the_first_reading_and_the_first_look(tmp_path: Path) -> None:
    """The stamp is older than the reading: a process that takes long to start misses nothing."""
    scene = Scene(tmp_path)
    scene.file.write_text(OUTLET + WEIR)
    late = Rereading(settings_for(tmp_path), [scene.first.prepare], scene.count)
    asyncio.run(late.look())
    asyncio.run(late.look())
    assert scene.topics == (["Weir"], ["Dam"])


def test_a_broken_one_is_told_once_with_all_its_problems(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    """The old one stays; every problem stands on its line; mended, the edit counts."""
    scene.file.write_text(OUTLET + BROKEN)
    scene.look(times=6)
    assert scene.topics == (["Dam"], ["Dam"])
    assert scene.counts == {"watchlist/broken": 1}
    (record,) = caplog.records
    said = record.getMessage().splitlines()
    assert record.levelname == "ERROR"
    assert len(said) == 4
    assert any('topic "Weir", query' in line for line in said)
    assert any('unknown key "word"' in line for line in said)
    assert said[-1].startswith("The watchlist of ")
    assert said[-1].endswith("stays in force until this is mended.")

    scene.file.write_text(OUTLET + WEIR)
    scene.look()
    assert scene.topics == (["Weir"], ["Weir"])
    assert caplog.messages[1:] == ["the watchlist changed: topics: 1 added (Weir), 1 removed (Dam)"]


def test_a_watchlist_that_is_gone_is_a_broken_one(scene: Scene) -> None:
    """Somebody moves the file: nothing is forgotten. It comes back, as it was."""
    scene.file.rename(scene.file.with_suffix(".away"))
    scene.look()
    assert scene.topics == (["Dam"], ["Dam"])
    assert scene.counts == {"watchlist/broken": 1}
    scene.file.with_suffix(".away").rename(scene.file)
    scene.look()
    assert scene.counts == {"watchlist/broken": 1, "watchlist/changed": 1}


def test_who_cannot_follow_holds_up_all(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    """One of two objects: neither has the new one, whatever their order."""
    scene.second.error = ChannelError('channel "desk", url: nothing there')
    scene.file.write_text(OUTLET + WEIR)
    scene.look()
    assert scene.topics == (["Dam"], ["Dam"])
    assert 'channel "desk", url: nothing there' in caplog.text


def test_a_mend_outside_the_files_counts(
    scene: Scene, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is tried again at each look, and told anew only where something else is wrong by then."""
    monkeypatch.setattr("crawler.extensions.rereading.SELDOM", 0)
    scene.file.write_text(OUTLET + WEIR)
    for wrong in ("no such secret", "nobody may read it"):
        scene.second.error = ChannelError(f'channel "desk", url: {wrong}')
        scene.look(times=4)
        assert scene.topics == (["Dam"], ["Dam"])
    scene.second.error = None
    scene.look(times=3)
    assert scene.topics == (["Weir"], ["Weir"])
    assert scene.counts == {"watchlist/broken": 2, "watchlist/changed": 1}
    assert [record.levelname for record in caplog.records] == ["ERROR", "ERROR", "INFO"]


def test_what_takes_long_is_tried_again_seldom(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not at each look; an edit is read at once."""
    monkeypatch.setattr("crawler.extensions.rereading.SELDOM", 1_000_000)
    scene.second.error = ChannelError("no such secret")
    scene.file.write_text(OUTLET + WEIR)
    scene.look(times=8)
    assert len(scene.second.threads) == 1
    scene.second.error = None
    scene.file.write_text(OUTLET + DAM + WEIR)
    scene.look()
    assert scene.topics == (["Dam", "Weir"], ["Dam", "Weir"])


def test_the_last_topic_does_not_go_unnoticed(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    """It is no mistake, but all articles are published from then on."""
    scene.file.write_text(OUTLET)
    scene.look()
    assert scene.topics == ([], [])
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("WARNING", "the watchlist changed: no topic is left, and without topics every article is published"),
        ("INFO", "the watchlist changed: topics: 1 removed (Dam)"),
    ]


def test_an_outlet_that_the_crawl_was_asked_for_stays(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    """With -a outlets=Quay an edit without Quay is refused, as a start would be."""
    settings = settings_for(scene.file)
    rereading = Rereading(settings, [partial(check_outlets, ["Quay"]), scene.first.prepare], scene.count)
    scene.file.write_text(OUTLET.replace("Quay", "Pier"))
    for _ in range(2):
        asyncio.run(rereading.look())
    assert scene.first.watchlist.outlet("Quay")
    assert 'outlet "Quay" is not on the watchlist.' in caplog.text
    scene.file.write_text(OUTLET + OUTLET.replace("Quay", "Pier").replace("quay", "pier"))
    for _ in range(2):
        asyncio.run(rereading.look())
    assert scene.first.watchlist.outlet("Pier")


def test_a_process_that_ends_waits_for_no_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a huge watchlist that takes half a minute: it is broken off. No mistake and no bug is told of it."""
    scene, reading, ended = Scene(tmp_path), threading.Event(), list[str]()

    def read(_path: Path, _shortest: timedelta, tell: Callable[[str], object]) -> None:
        reading.set()
        try:
            for number in range(500):
                tell(f"read {number}")
                time.sleep(0.01)
            ended.append("at its end")
        except Exception as error:
            ended.append(type(error).__name__)
            raise

    async def follow() -> None:
        following = asyncio.create_task(rereading.follow())
        await asyncio.to_thread(reading.wait, 10)
        following.cancel()

    monkeypatch.setattr("crawler.extensions.rereading.read", read)
    rereading = Rereading(settings_for(tmp_path, "1s"), [], scene.count)
    scene.file.write_text(OUTLET)
    asyncio.run(follow())
    assert ended == ["_ClosingError"]
    assert scene.counts == {}


def test_a_bug_in_a_follower_leaves_the_old_one(scene: Scene) -> None:
    """It is counted as a bug, and the next edit is taken up."""
    scene.second.error = KeyError("bug")
    scene.file.write_text(OUTLET + WEIR)
    scene.look()
    assert scene.topics == (["Dam"], ["Dam"])
    scene.second.error = None
    scene.file.write_text(OUTLET + DAM + WEIR)
    scene.look()
    assert scene.topics == (["Dam", "Weir"], ["Dam", "Weir"])
    assert scene.counts == {"bugs": 1, "watchlist/changed": 1}


def test_old_watchlists_are_let_go(scene: Scene) -> None:
    """However often it is edited, one is kept: one of 100,000 outlets and topics has some 100 MB."""
    for number in range(4):
        scene.file.write_text(OUTLET + DAM.replace('query = "dam"', f'query = "dam{number}"'))
        scene.look()
    gc.collect()
    kept = {id(one): one for one in gc.get_objects() if isinstance(one, Watchlist) and one.outlet("Quay")}
    assert [one.topics[0].query for one in kept.values()] == ["dam3"]


def test_looking_may_be_turned_off(tmp_path: Path) -> None:
    """0s: never. What is no time is refused before anything starts."""
    scene = Scene(tmp_path)
    never = Rereading(settings_for(tmp_path, "0s"), [scene.first.prepare], scene.count)
    asyncio.run(asyncio.wait_for(never.follow(), 1))
    with pytest.raises(ConfigurationError, match='LOOK_AT_WATCHLIST: "often" is no time'):
        Rereading(settings_for(tmp_path, "often"), [], scene.count)


def test_every_channel_that_cannot_be_reached_is_named(tmp_path: Path) -> None:
    """All at once, one a line: with the mend, without the address."""
    channels = "".join(f'[[channel]]\nname = "{name}"\nurl = "env:NO_{name.upper()}"\n' for name in ("here", "there"))
    (tmp_path / "watchlist.toml").write_text(OUTLET + channels)
    with pytest.raises(ChannelError) as refused:
        audience_of(watchlist_of(settings_for(tmp_path)), {})
    assert str(refused.value).splitlines() == [
        f'channel "{name}", url: the environment variable NO_{name.upper()} is not set. Export it, or write another '
        "address."
        for name in ("here", "there")
    ]
