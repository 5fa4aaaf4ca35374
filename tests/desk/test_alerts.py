"""Who is told what: once a story and channel, then what is new, and only that."""

from collections.abc import Sequence

import pytest

from crawler.desk.alerts import MOST_ATTEMPTS, Hearers, Owed, missed, next_attempt, owe, why_not, worded
from crawler.desk.stories import Change, StoryFile
from crawler.news.alert import Alert
from crawler.news.source import Channel
from crawler.news.topic import Topic
from tests.desk.placed import NOON, article, put

NOW_MS = int(NOON.timestamp() * 1000)
WAIT_MS = 10_000
DAY_MS = 86_400_000

TOPICS = (Topic("Corrin", "Corrin", channels=("desk", "quiet")), Topic("Barley", "barley", channels=("desk",)))


def hearers(rules: Sequence[str] = ()) -> Hearers:
    """Two channels: `desk` with these rules hears of both topics, `quiet` has none and hears of Corrin."""
    return Hearers(TOPICS, (Channel("desk", "terminal://", tuple(rules)), Channel("quiet", "terminal://")))


def owed_to(who: Hearers, change: Change, *, late_ms: int = 0) -> list[tuple[str, int]]:
    """(channel, due in ms) of each alert that a change brings."""
    owed, _ = owe(who, change, (), seen_ms=NOW_MS - late_ms, now_ms=NOW_MS, wait_ms=WAIT_MS)
    return [(item.channel, item.due_ms - NOW_MS) for item in owed]


def held_for(who: Hearers, change: Change, *, late_ms: int = 0) -> list[tuple[str, str, str]]:
    """(channel, kind, why) of each alert that a change does not bring."""
    _, held = owe(who, change, (), seen_ms=NOW_MS - late_ms, now_ms=NOW_MS, wait_ms=WAIT_MS)
    return [(item.channel, item.kind, item.why) for item in held]


def word(who: Hearers, file: StoryFile, channel: str = "desk") -> Alert | None:
    """The alert that a channel is owed of a story."""
    return worded(who, file, Owed(f"s1/{channel}", channel, "s1", NOW_MS))


def test_the_first_alert_waits_and_names_all() -> None:
    """It is worded when it is due, so that it names whoever came meanwhile: outlets, copies, topics with why."""
    who = hearers()
    change = put(None, article("a", "Wire", "The wire has it"))
    assert owed_to(who, change) == [("desk", WAIT_MS), ("quiet", WAIT_MS)]
    put(change.file, article("b", "Ledger", topics=("Corrin", "Barley")), copy_of="a", credited="Wire", minutes=1)
    put(change.file, article("c", "Courier"), minutes=2)
    alert = word(who, change.file)
    assert alert is not None
    assert (alert.kind, alert.headline, alert.news) == ("story", "The wire has it", "")
    assert [(why.topic, why.snippet) for why in alert.topics] == [
        ("Corrin", "about «Corrin»"),
        ("Barley", "about «Barley»"),
    ]
    assert [report.outlet for report in alert.reports] == ["Wire", "Courier"]
    assert [(copy.outlet, copy.copyOf) for copy in alert.copies] == [("Ledger", "Wire")]


def test_nothing_is_told_twice() -> None:
    """Once told, a channel is owed nothing for copies or, without a rule, for outlets and edits: those are held."""
    who = hearers()
    file = put(None, article("a", "Wire")).file
    assert word(who, file)
    assert word(who, file) is None
    assert word(who, file, "quiet")
    copy = put(file, article("b", "Ledger"), copy_of="a", credited="Wire", minutes=1)
    assert (owed_to(who, copy), held_for(who, copy)) == ([], [])
    outlet = put(file, article("c", "Courier"), minutes=2)
    why = 'the channel\'s rules do not name "new-outlets"'
    assert held_for(who, outlet) == [("desk", "new-outlets", why), ("quiet", "new-outlets", why)]
    edit = put(file, article("a", "Wire", "Other words", revision=2), minutes=3)
    assert owed_to(who, edit) == []
    assert word(who, file) is None


def test_follow_ups_by_rule_say_what_is_new() -> None:
    """A further outlet, then an edit of the headline, then one of the text alone: each its own alert and key."""
    who = hearers(["new-outlets", "revision"])
    file = put(None, article("a", "Wire", "Before")).file
    first = word(who, file)
    assert first is not None
    assert word(who, file, "quiet")
    assert owed_to(who, put(file, article("c", "Courier"), minutes=1)) == [("desk", 0)]
    outlets = word(who, file)
    put(file, article("a", "Wire", "After", revision=2), minutes=2)
    headline = word(who, file)
    put(file, article("c", "Courier", revision=2), minutes=3)
    text = word(who, file)
    assert outlets and headline and text
    assert (outlets.kind, outlets.news) == ("new-outlets", "Now also reported by Courier.")
    assert (headline.kind, headline.news) == ("revision", 'Wire changed its headline from "Before" to "After".')
    assert (text.kind, text.news) == ("revision", "Courier changed its text.")
    assert len({first.id, outlets.id, headline.id, text.id}) == 4
    assert word(who, file) is None


def test_a_later_topic_is_always_told() -> None:
    """Whatever the rules: but only to channels that hear of that topic."""
    who = hearers()
    file = put(None, article("a", "Wire")).file
    assert word(who, file)
    assert word(who, file, "quiet")
    change = put(file, article("b", "Courier", topics=("Barley",)), minutes=1)
    assert owed_to(who, change) == [("desk", 0)]
    alert = word(who, file)
    assert alert is not None
    assert (alert.kind, alert.news) == ("new-topic", "Now also about Barley.")
    assert [why.topic for why in alert.topics] == ["Corrin", "Barley"]


def test_two_edits_before_anyone_looks_are_told_as_one() -> None:
    """From the headline that the channel knows to the one that stands now."""
    who = hearers(["revision"])
    file = put(None, article("a", "Wire", "One")).file
    assert word(who, file)
    put(file, article("a", "Wire", "Two", revision=2), minutes=1)
    put(file, article("a", "Wire", "Three", revision=3), minutes=2)
    alert = word(who, file)
    assert alert is not None
    assert alert.news == 'Wire changed its headline from "One" to "Three".'
    assert word(who, file) is None


def test_what_the_desk_sees_a_day_late_alarms_nobody() -> None:
    """It is held, with the reason, and counts as known."""
    who = hearers(["new-outlets"])
    change = put(None, article("a", "Wire"))
    assert held_for(who, change, late_ms=DAY_MS + 1)[0] == ("desk", "story", "the desk saw it a day late")
    assert owed_to(who, put(change.file, article("c", "Courier"), minutes=1)) == [("desk", 0)]
    alert = word(who, change.file)
    assert alert is not None
    assert alert.kind == "story"


def test_stories_that_merge_are_not_told_again() -> None:
    """Both were told; now they are one: there is nothing new but what neither knew."""
    who = hearers(["new-outlets"])
    first = put(None, article("a", "Wire")).file
    second = put(None, article("b", "Courier"), story="s2", minutes=1).file
    assert word(who, first)
    assert word(who, second)
    change = put(first, article("c", "Ledger"), copy_of="a", credited="Wire", ended=(second,), minutes=2)
    assert [channel for channel, _ in owed_to(who, change)] == ["quiet"]
    assert word(who, first) is None


def test_nobody_hears_of_other_topics() -> None:
    """A story without a topic that some channel hears of is owed to nobody; a channel that is gone is told nothing."""
    who = hearers()
    assert owed_to(who, put(None, article("a", "Wire", topics=("Weather",)))) == []
    assert owed_to(who, put(None, article("a", "Wire", topics=()))) == []


def missed_by(
    who: Hearers, file: StoryFile, *late: str, outbox: Sequence[str] = (), after_ms: int = 0
) -> list[tuple[str, int]]:
    """(channel, due in ms) of each alert that topics bring of which the desk learned late."""
    now_ms = NOW_MS + after_ms
    owed = missed(who, file, late, outbox, now_ms=now_ms, wait_ms=WAIT_MS)
    return [(item.channel, item.due_ms - now_ms) for item in owed]


def test_a_topic_that_the_desk_learned_late_is_made_up_for() -> None:
    """Its channels are owed an alert of a story that was about it before: the first, or one more topic."""
    who = hearers()
    file = put(None, article("a", "Wire", topics=("Barley",))).file
    assert missed_by(who, file, "Barley", "Weather") == [("desk", WAIT_MS)]
    file = put(None, article("a", "Wire")).file
    assert word(who, file)
    put(file, article("b", "Courier", topics=("Barley",)), minutes=1)
    assert missed_by(who, file, "Barley") == [("desk", 0)]
    alert = word(who, file)
    assert alert is not None
    assert (alert.kind, alert.news) == ("new-topic", "Now also about Barley.")
    assert missed_by(who, file, "Barley") == []


def test_nothing_is_made_up_for_that_was_not_missed() -> None:
    """Who was told, or is owed an alert; topics that the desk knew; what is a day old, or part of another story."""
    who = hearers()
    file = put(None, article("a", "Wire")).file
    assert missed_by(who, file, "Barley") == missed_by(who, file) == []
    assert missed_by(who, file, "Corrin", outbox=["s1/quiet"]) == [("desk", WAIT_MS)]
    assert missed_by(who, file, "Corrin", after_ms=DAY_MS + 1) == []
    assert word(who, file)
    assert missed_by(who, file, "Corrin") == [("quiet", WAIT_MS)]
    file.story.mergedInto = "s2"
    assert missed_by(who, file, "Corrin") == []


def test_what_is_owed_and_not_told_has_a_reason() -> None:
    """The channel or the topic left the watchlist, or the story is forgotten."""
    who, file = hearers(), put(None, article("a", "Wire")).file
    assert why_not(who, file, "desk") == ""
    assert why_not(who, file, "gone") == "the channel is no longer on the watchlist"
    assert why_not(who, None, "desk") == "the story is forgotten"
    other = put(None, article("a", "Wire", topics=("Weather",))).file
    assert why_not(who, other, "desk") == "none of its topics is for the channel any more"


def test_who_is_owed_an_alert_already_finds_the_rest_in_it() -> None:
    """Not even what the desk sees a day late is marked as known before that one is worded."""
    who = hearers()
    file = put(None, article("a", "Wire")).file
    change = put(file, article("b", "Courier", topics=("Barley",)), minutes=1)
    outbox = ("s1/desk", "s1/quiet")
    assert owe(who, change, outbox, seen_ms=NOW_MS - 2 * DAY_MS, now_ms=NOW_MS, wait_ms=WAIT_MS) == ([], [])
    alert = word(who, file)
    assert alert is not None
    assert [why.topic for why in alert.topics] == ["Corrin", "Barley"]


@pytest.mark.parametrize(("attempt", "wait_s"), [(1, 15), (2, 60), (3, 240), (4, 960), (5, 3840)])
def test_failures_are_tried_again_ever_later(attempt: int, wait_s: int) -> None:
    """After 15 s, 1 min, 4 min, 16 min, 1 h; the sixth failure is the last."""
    owed = Owed("id", "desk", "s1", 0, attempts=attempt - 1)
    assert next_attempt(owed, "connection refused", now_ms=NOW_MS, retry_ms=15_000)
    assert owed.due_ms - NOW_MS == wait_s * 1000
    last = Owed("id", "desk", "s1", 0, attempts=MOST_ATTEMPTS - 1)
    assert not next_attempt(last, "connection refused", now_ms=NOW_MS, retry_ms=15_000)
