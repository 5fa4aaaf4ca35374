"""From event to person, as a user runs it: which stories the newsroom's press tells, and what its channel hears."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from crawler.news.urls import url_id
from crawler.newsroom import Newsroom, expectations
from tests.crawling import Desk
from tests.parts import expected

COURIER = "Northern Courier"
EDITED = "Vostria frees 14 Maravela sailors, not 12, in Corrin exchange"
PATIENCE = ("-s", "ALERT_AFTER=1m")  # so that what is told hangs on no machine's speed: at the end of a pass
HASTE = ("-s", "RECHECK_AFTER=1s,1s,1s,1s", *PATIENCE)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One pass over the whole newsroom, which is its own channel; it hears of edits by rule."""
    with Newsroom() as newsroom:
        desk = Desk(tmp_path_factory.mktemp("desk"), newsroom)
        run = desk.crawl(*PATIENCE)
        assert run.returncode == 0, run.stderr
        assert "3 sent" in run.stderr
        yield desk


def test_each_event_is_one_story(told: Desk) -> None:
    """The same event in other words, in a second language and as a copy is one story; a look-alike is another."""
    events = {url_id(row.url): row.event for row in expectations()}
    stories = [Counter(events[article["articleId"]] for article in story["articles"]) for story in told.stories()]
    whole = Counter(row.event for row in expected() if row.outcome == "published")
    assert sorted(stories, key=str) == sorted(({event: many} for event, many in whole.items()), key=str)


def test_copies_are_told_from_own_reports(told: Desk) -> None:
    """The wire's copy is marked, with whose it is; nothing else is one, and its outlet does not count."""
    copies = {url_id(row.url): url_id(row.copy_of) for row in expectations() if row.copy_of}
    articles = [article for story in told.stories() for article in story["articles"]]
    assert {a["articleId"]: a["copyOfArticle"] for a in articles if a["copyOf"]} == copies
    assert {a["copyOf"] for a in articles if a["copyOf"]} == {"Meridian Wire"}
    (story,) = [story for story in told.stories() if len(story["articles"]) > 2]
    assert "The Daily Ledger" not in story["outlets"]


def test_one_alert_a_story_that_says_it_all(told: Desk) -> None:
    """Each story is told once, with its topics and why, who was first, the other outlets, the copy, and the links."""
    heard = {alert["title"]: alert for alert in told.newsroom.heard}
    assert len(heard) == len(told.newsroom.heard) == 3
    alert = heard["Vostria and Maravela exchange detained sailors on Corrin"]
    assert alert["kind"] == "story"
    assert set(alert["topics"]) == {"Vostria and Maravela", "Detained crews"}
    for words in (
        "«Vostria» and «Maravela» exchange detained sailors on Corrin",
        "The Daily Ledger (of Meridian Wire)",
        "El Correo de Aldana",
        "http://meridianwire.example/northern-seas/vostria-maravela-exchange-sailors-corrin-558210",
    ):
        assert words in alert["message"], alert["message"]
    lake = heard["Kestria hands back six detained fishermen to Ondara"]
    assert lake["topics"] == ["Detained crews"]
    assert "Vostria" not in lake["message"]


def test_an_edit_is_a_follow_up_and_a_new_outlet_is_held(told: Desk) -> None:
    """The channel's rules name `revision`: it hears of the edit, once, with both headlines; what it does not hear of is
    in the list, with the reason.
    """
    newsroom, before = told.newsroom, len(told.newsroom.heard)
    newsroom.play("recount")
    newsroom.play("reaction")
    for _ in range(2):
        newsroom.advance(30)
        run = told.crawl(*HASTE)
        assert run.returncode == 0, run.stderr
    (alert,) = newsroom.heard[before:]
    assert alert["kind"] == "revision"
    assert (
        f'{COURIER} changed its headline from "Vostria frees Maravela sailors in Corrin exchange"' in alert["message"]
    )
    assert EDITED in alert["message"]
    kinds = Counter((event["type"].rpartition(".")[2], event["data"]["kind"]) for event in told.alerts())
    assert kinds == {("sent", "story"): 3, ("sent", "revision"): 1, ("held", "new-outlets"): 1}
    (held,) = [event["data"] for event in told.alerts() if event["type"].endswith("held")]
    assert held["why"] == 'the channel\'s rules do not name "new-outlets"'


def test_a_story_as_a_timeline(told: Desk) -> None:
    """`scrapy stories ID` shows who, when, copies of whom, and edits; a topic lists its stories."""
    story = max(told.stories(), key=lambda story: len(story["articles"]))
    shown = told.scrapy("stories", story["storyId"][:6]).stdout
    for words in ("copy of Meridian Wire", "(first)", f'edited: "{EDITED}"', 'channel "desk" was sent 2 alerts'):
        assert words in shown, shown
    assert shown.index("Meridian Wire") < shown.index("edited:")
    assert "Kestria" in told.scrapy("stories", "Detained crews").stdout
    assert told.scrapy("stories", "nothing").returncode == 1


def test_every_change_of_a_story_is_one_event(told: Desk) -> None:
    """Versions count from 1 without a gap, `created` first; each event names the article that changed the story."""
    by_story: dict[str, list[dict[str, Any]]] = {}
    for event in told.events("--type", "storywatch.story"):
        by_story.setdefault(event["subject"], []).append(event)
    assert len(by_story) == 3
    for events in by_story.values():
        assert [event["data"]["version"] for event in events] == list(range(1, len(events) + 1))
        assert [event["type"].rpartition(".")[2] for event in events] == ["created"] + ["updated"] * (len(events) - 1)
        assert [event["id"] for event in events] == [f"{e['subject']}/{e['data']['version']}" for e in events]
        changed = [event["data"]["change"]["article"]["articleId"] for event in events]
        assert list(dict.fromkeys(changed)) == events[-1]["data"]["articles"]


def test_a_desk_apart(tmp_path_factory: pytest.TempPathFactory) -> None:
    """With DESK=off a crawl makes no stories; `scrapy desk --once` makes them afterwards, the same ones."""
    with Newsroom() as newsroom:
        desk = Desk(tmp_path_factory.mktemp("apart"), newsroom)
        run = desk.crawl("-s", "DESK=off", "-a", "outlets=Meridian Wire,The Daily Ledger,Northern Courier")
        assert run.returncode == 0, run.stderr
        assert desk.stories() == newsroom.heard == []
        apart = desk.scrapy("desk", "--once")
        assert apart.returncode == 0, apart.stderr
        assert "2 new stories, 2 updated; 2 alerts sent." in apart.stdout
        assert len(newsroom.heard) == len(desk.stories()) == 2
