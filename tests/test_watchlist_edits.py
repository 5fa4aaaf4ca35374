"""Edits of the watchlist, as a user makes them beside a process that runs: they count without a restart."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType

import pytest

from crawler.newsroom import Newsroom, World, synthetic, watchlist_toml
from tests.desk.placed import article
from tests.desk.receiver import Receiver
from tests.desk.test_desk import FERRY, SWAP, announce
from tests.faults.scenes import held_back
from tests.faults.stage import Run, Stage, stop, wait_until

LOOKING = MappingProxyType({"LOOK_AT_WATCHLIST": "1s", "SHORTEST_POLL": "1s", "ALERT_AFTER": "0s"})
DIRECTLY = MappingProxyType({"no_proxy": "127.0.0.1"})  # to the receivers; the newsroom is a proxy


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A store of its own, and a watchlist of one file, not written yet."""
    with Stage(tmp_path) as stage:
        stage.watchlist = tmp_path / "watchlist.toml"
        yield stage


def channel(url: str) -> str:
    """The channel, at this address."""
    return f'[[channel]]\nname = "desk"\nurl = "{url}"\n'


def topics(*words: str) -> str:
    """A topic for each of these words, by its name, told to the channel."""
    return "".join(f'[[topic]]\nname = "{word}"\nquery = "{word}"\nchannels = ["desk"]\n' for word in words)


def says(process: Run, *words: str) -> None:
    """Wait until a process has said all these."""
    wait_until(lambda: all(word in process.log for word in words))


def test_a_crawl_follows_the_watchlist(stage: Stage) -> None:
    """A topic, an outlet and a channel that change count for the next article; a broken edit counts for none, and is
    told once; an outlet that went is asked no more.
    """
    world = held_back(synthetic(outlets=2, articles=6, page_bytes=3_000))
    gazette, tribune = world.outlets
    early, unheard, late, other = [piece.headline.split()[0] for piece in (*gazette.pieces, tribune.pieces[0])]
    old, new = (watchlist_toml(World((outlet,)), every="1s") for outlet in world.outlets)
    with Newsroom(world=world) as newsroom, Receiver() as first, Receiver() as second:
        pages = [outlet.url(piece.path) for outlet in world.outlets for piece in outlet.pieces]
        stage.watchlist.write_text(old + topics(early) + channel(first.url))
        with stage.crawl(newsroom, {**LOOKING, "DESK": "on"}, once=False, environment=DIRECTLY) as crawl:
            newsroom.publish(pages[0])
            wait_until(lambda: len(first.heard) == 1)

            stage.watchlist.write_text(old + topics(early, unheard) + channel(first.url) + '[[topic]]\nname = "Half')
            says(crawl, "ERROR the watchlist was edited, and has problems:", "stays in force until this is mended.")
            newsroom.publish(pages[1])
            wait_until(lambda: stage.books().outcomes["unmatched"] == 1)

            stage.watchlist.write_text(old + new + topics(late, other) + channel(second.url))
            says(
                crawl,
                "INFO the watchlist changed: outlets: 1 added (Synthetic 1); topics: 2 added",
                "channels: 1 changed (desk)",
            )
            newsroom.publish(pages[2])
            newsroom.publish(pages[3])
            wait_until(lambda: len(second.heard) == 2)
            noted = stage.ask(lambda store: store.running.topics())
            assert noted is not None
            assert [topic.name for topic in noted.topics] == [late, other]

            stage.watchlist.write_text(new + topics(late, other) + channel(second.url))
            says(crawl, "outlets: 1 removed (Synthetic 0)", "1 no longer on the watchlist")
            asked, polled = len(newsroom.requests_of(gazette.host)), len(newsroom.requests_of(tribune.host))
            wait_until(lambda: len(newsroom.requests_of(tribune.host)) > polled + 1)
            assert len(newsroom.requests_of(gazette.host)) == asked
            stop(crawl)
        assert crawl.log.count("ERROR") == 1, crawl.log
        assert "Traceback" not in crawl.log, crawl.log
        assert len(first.heard) == 1
        matched = [[match["topic"] for match in event["data"]["topics"]] for event in stage.events("articles")]
        assert sorted(matched) == sorted([[early], [late], [other]])
        assert stage.tally().outcomes == {"published": 3, "unmatched": 1}


def test_a_desk_apart_follows_the_watchlist(stage: Stage) -> None:
    """`scrapy desk`: a channel that cannot be reached is not taken up, and said; one that can hears the next alert:
    of a topic that a crawl had before.
    """
    outlet = watchlist_toml(synthetic(outlets=1, articles=1), every="1m")
    with Receiver() as first, Receiver() as second:
        stage.watchlist.write_text(outlet + topics("Corrin") + channel(first.url))
        settings = [word for name, value in LOOKING.items() for word in ("-s", f"{name}={value}")]
        with stage.command("desk", *settings) as desk:
            says(desk, "the desk is ours")
            stage.watchlist.write_text(outlet + topics("Corrin") + channel("env:NOBODY_SET_THIS"))
            says(desk, "the environment variable NOBODY_SET_THIS is not set", "stays in force until this is mended.")
            announce(stage.client, article("a", "Wire", "Sailors freed on Corrin"), SWAP)
            wait_until(lambda: len(first.heard) == 1)

            announce(stage.client, article("b", "Post", "Ferry aground at Saltmere", topics=("Ferry",)), FERRY)
            wait_until(lambda: len(stage.events("stories")) == 2)
            stage.watchlist.write_text(outlet + topics("Corrin", "Ferry") + channel(second.url))
            says(desk, "the watchlist changed: topics: 1 added (Ferry); channels: 1 changed (desk)")
            wait_until(lambda: len(second.heard) == 1)
            stop(desk)
        assert len(first.heard) == 1


def test_a_single_pass_keeps_to_the_watchlist_it_began_with(stage: Stage) -> None:
    """What a pass did is told from one watchlist, however long it takes."""
    world = synthetic(outlets=1, articles=1, page_bytes=3_000)
    (outlet,), place = world.outlets, world.outlets[0].pieces[0].headline.split()[0]
    with Newsroom(world=world) as newsroom:
        newsroom.fault(outlet.url("/robots.txt").removeprefix("http://"), "slow", seconds=3.5)
        stage.watchlist.write_text(watchlist_toml(world) + topics("nowhere").replace('"desk"', ""))
        with stage.crawl(newsroom, {**LOOKING, "DESK": "off"}) as crawl:
            wait_until(lambda: bool(newsroom.requests))
            stage.watchlist.write_text(watchlist_toml(world) + topics(place).replace('"desk"', ""))
            assert crawl.end() == 0, crawl.log
        assert "the watchlist changed" not in crawl.log
        assert stage.tally().outcomes == Counter({"unmatched": 1})


def test_a_crawl_of_some_outlets_keeps_them(stage: Stage) -> None:
    """`-a outlets=A`: an edit without A is refused, as a start with it would be."""
    one, two = (watchlist_toml(World((outlet,)), every="1m") for outlet in synthetic(outlets=2, articles=1).outlets)
    stage.watchlist.write_text(one + two)
    settings = [word for name, value in {**LOOKING, "DESK": "off"}.items() for word in ("-s", f"{name}={value}")]
    with stage.command("crawl", "watch", "-a", "outlets=Synthetic 0", *settings) as crawl:
        says(crawl, "watching 2 sources")
        stage.watchlist.write_text(two)
        says(crawl, 'outlet "Synthetic 0" is not on the watchlist.', "stays in force until this is mended.")
    assert crawl.log.count("no longer on the watchlist") == 1, crawl.log
