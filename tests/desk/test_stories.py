"""What an article changes in its story."""

import json
from datetime import timedelta

from jsonschema import validate

from crawler.desk.stories import place
from crawler.news.event import story_data, story_event, story_schema
from crawler.stories import Placement
from crawler.stories.placement import Evidence, Kind
from tests.desk.placed import NOON, article, put


def test_a_story_begins_grows_and_is_edited() -> None:
    """Each article that comes, and each edit, makes a further version; copies are not independent outlets."""
    file = put(None, article("a", "Wire", "First")).file
    assert file.story.version == 1
    put(file, article("b", "Ledger"), copy_of="a", credited="Wire", minutes=1)
    put(file, article("c", "Courier"), minutes=2)
    change = put(file, article("a", "Wire", "Second", revision=2), minutes=3)
    story = file.story
    assert (story.version, change.kind) == (4, "revision")
    assert (story.outlets, story.headline) == (["Wire", "Courier"], "Second")
    assert [(copy.outlet, copy.copyOf, copy.copyOfArticle) for copy in story.copies] == [("Ledger", "Wire", "a")]
    assert [(edit.headlineBefore, edit.headline) for edit in story.articles[0].edits] == [("First", "Second")]
    assert story.updated == NOON + timedelta(minutes=3)


def test_a_revision_seen_before_changes_nothing() -> None:
    """The same revision again is no edit and no event."""
    change = put(None, article("a", "Wire"))
    again = place(article("a", "Wire"), Placement("s1", None, Evidence(Kind.REVISION)), change.file, [], seen=NOON)
    assert again is None
    assert change.file.story.version == 1


def test_the_original_comes_after_its_copy() -> None:
    """What looked like an own report becomes a copy of the newcomer, which leads the story from then on."""
    file = put(None, article("b", "Ledger")).file
    assert file.story.outlets == ["Ledger"]
    put(file, article("a", "Wire", "The wire has it"), copies=("b",), minutes=5)
    assert file.story.outlets == ["Wire"]
    assert [(copy.outlet, copy.copyOf) for copy in file.story.copies] == [("Ledger", "Wire")]
    assert file.story.headline == "The wire has it"


def test_a_story_of_copies_alone_says_that_no_outlet_reports_it() -> None:
    """Its event has all fields that the schema requires, the empty list of outlets among them."""
    story = put(None, article("a", "Ledger"), credited="Meridian Wire").file.story
    event = json.loads(story_event(story_data(story), "storywatch.story.created", time=NOON))
    assert event["data"]["outlets"] == []
    validate(event, story_schema())


def test_two_stories_become_one() -> None:
    """The one that lives on has all articles in order of time and all topics; the other says where it went."""
    first = put(None, article("a", "Wire", topics=("Corrin",))).file
    second = put(None, article("b", "Courier", topics=("Barley",)), story="s2", minutes=1).file
    change = put(first, article("c", "Quay"), ended=(second,), minutes=2)
    assert [a.articleId for a in first.story.articles] == ["a", "b", "c"]
    assert [why.topic for why in first.story.topics] == ["Corrin", "Barley"]
    assert second.story.mergedInto == "s1"
    assert [ended.storyId for ended in change.ended] == ["s2"]
    assert story_data(second.story).mergedInto == "s1"


def test_who_was_first_is_who_published_first() -> None:
    """The outlet's own time decides, unless it is a bare date or lies ahead of when we saw it."""
    late = article("a", "Wire", "Fetched first")
    early = article("b", "Courier", "Published first")
    early.datePublished = NOON - timedelta(hours=5)
    late.datePublished = NOON - timedelta(hours=2)
    file = put(None, late).file
    put(file, early, minutes=1)
    assert file.story.headline == "Published first"
    bare, ahead = article("c", "Quay", "A bare date"), article("d", "Pulse", "From the future")
    bare.datePublished, ahead.datePublished = NOON - timedelta(hours=12), NOON + timedelta(days=300)
    put(file, bare, minutes=2)
    put(file, ahead, minutes=3)
    assert file.story.outlets == ["Courier", "Wire", "Quay", "Pulse"]
