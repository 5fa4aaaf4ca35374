"""The index itself: it remembers, forgets, can be rebuilt, and takes anything."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.news.errors import FeaturesError
from crawler.stories import Evidence, Kind, Placement, StoryIndex
from tests.stories.golden import EVERYTHING, Text, reports

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
FIRST, SECOND = reports("mine")


def test_the_first_article_founds_a_story() -> None:
    """Its id is made from the article's, and nothing else is claimed."""
    placement = StoryIndex().add("a", headline="One", body=FIRST.body, published=NOON, outlet="A")
    assert placement.story_id == "ca978112ca1b"  # sha256("a"), the first twelve digits
    assert placement.evidence == Evidence(Kind.NEW)
    assert (placement.copy_of, placement.credited, placement.merged, placement.copies) == (None, None, (), ())


def test_a_revision_stays_in_its_story() -> None:
    """Even if its text is now another's: readers follow a story by its id."""
    index = StoryIndex()
    story = FIRST.put_into(index).story_id
    other = EVERYTHING[-1]
    other_story = other.put_into(index).story_id
    revised = index.add(FIRST.name, headline=other.headline, body=other.body, published=NOON, outlet=FIRST.outlet)
    assert revised.story_id == story != other_story
    assert revised.evidence.kind is Kind.REVISION
    assert (revised.copies, revised.merged) == ((), ())


def test_a_revision_counts_once() -> None:
    """Adding the same text again leaves no trace: the features are the same as those of an index that saw it once."""
    once, thrice = StoryIndex(), StoryIndex()
    FIRST.put_into(once)
    for _ in range(3):
        FIRST.put_into(thrice)
    assert thrice.features(FIRST.name) == once.features(FIRST.name)
    assert SECOND.put_into(thrice) == SECOND.put_into(once)
    assert thrice.features(SECOND.name) == once.features(SECOND.name)


def test_forgetting() -> None:
    """What was seen before the moment is gone without a trace; the rest stays."""
    index, fresh = StoryIndex(), StoryIndex()
    FIRST.put_into(index, NOON)
    kept = EVERYTHING[-1]
    kept.put_into(index, NOON + timedelta(days=10))
    assert index.forget_before(NOON + timedelta(days=1)) == [FIRST.name]
    assert index.story_of(FIRST.name) is None
    assert index.story_of(kept.name) is not None
    assert index.forget_before(NOON + timedelta(days=11)) == [kept.name]
    assert FIRST.put_into(index) == FIRST.put_into(fresh)
    assert index.features(FIRST.name) == fresh.features(FIRST.name)


def test_a_copy_outlives_its_original() -> None:
    """When the original is forgotten, the next reprint is led to the copy that is left."""
    index = StoryIndex()
    for name, days in (("a", 0), ("b", 5)):
        index.add(name, headline="", body=FIRST.body, published=NOON + timedelta(days=days), outlet=name)
    assert index.forget_before(NOON + timedelta(days=1)) == ["a"]
    late = index.add("c", headline="", body=FIRST.body, published=NOON + timedelta(days=6), outlet="c")
    assert late.copy_of == "b"
    assert late.story_id == index.story_of("b")


@st.composite
def streams(draw: st.DrawFn) -> list[tuple[str, Text, int]]:
    """Draw articles (id, text, hours): own reports, look-alikes, reprints of them under other ids, and revisions."""
    count = draw(st.integers(2, 14))
    texts = draw(st.lists(st.sampled_from(EVERYTHING[:12]), min_size=count, max_size=count))
    return [(f"{draw(st.integers(0, 9))}", text, draw(st.integers(0, 100))) for text in texts]


@settings(max_examples=40, deadline=None)
@given(streams(), st.data())
def test_an_index_rebuilt_from_features_goes_on_as_the_old_one(
    stream: list[tuple[str, Text, int]], data: st.DataObject
) -> None:
    """Whatever the order in which the features come: every further placement is the same, and so are all features."""
    cut = data.draw(st.integers(0, len(stream)))
    old, rebuilt = StoryIndex(), StoryIndex()
    stored: dict[str, str] = {}
    for name, text, hours in stream[:cut]:
        placement = _add(old, name, text, hours)
        stored.update({changed: old.features(changed) for changed in (name, *placement.changed)})
    for name in data.draw(st.permutations(sorted(stored))):
        rebuilt.restore(name, stored[name])
    for name, text, hours in stream[cut:]:
        assert _add(rebuilt, name, text, hours) == _add(old, name, text, hours)
        assert rebuilt.features(name) == old.features(name)


def _add(index: StoryIndex, name: str, text: Text, hours: int) -> Placement:
    when = NOON + timedelta(hours=hours)
    url, based_on = f"https://{name}.example/", f"https://{hours % 10}.example/" if hours > 90 else None
    return index.add(
        name, headline=text.headline, body=text.body, published=when, outlet=name, url=url, based_on=based_on
    )


def test_features_are_small_text() -> None:
    """A few kilobytes for 600 words, readable everywhere."""
    index = StoryIndex()
    body = "\n".join(text.body for text in EVERYTHING[:4])
    index.add("a", headline="", body=body, published=NOON, outlet="A")
    assert 500 < len(body.split()) < 700
    assert len(index.features("a")) < 8_000
    assert index.features("a").isascii()


def test_unknown_features() -> None:
    """Features of another version, or broken ones, raise one error that says what to do."""
    index = StoryIndex()
    FIRST.put_into(index)
    features = index.features(FIRST.name)
    for broken in ("", "0:abc", features[:-7], f"1:{features}", "1:é", "nonsense"):
        with pytest.raises(FeaturesError, match="Add the article to the index anew"):
            StoryIndex().restore("a", broken)


@given(st.text())
def test_any_features_are_restored_or_refused(features: str) -> None:
    """Nothing but the one error comes out."""
    try:
        StoryIndex().restore("a", f"1:{features}")
    except FeaturesError:
        pass
    else:
        raise AssertionError("no arbitrary text is a set of features")


ANY_TEXT = st.text(st.characters())  # with lone surrogates


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.none() | ANY_TEXT,
            st.none() | ANY_TEXT,
            st.none() | st.datetimes() | st.datetimes(timezones=st.just(UTC)),
            ANY_TEXT,
            st.none() | ANY_TEXT,
        ),
        max_size=5,
    )
)
def test_any_text_is_placed(articles: list[tuple[str | None, str | None, datetime | None, str, str | None]]) -> None:
    """Whatever a page says, the index puts it somewhere and remembers it."""
    index = StoryIndex()
    for number, (headline, body, published, outlet, based_on) in enumerate(articles):
        name = str(number)
        placement = index.add(
            name,
            headline=headline,
            body=body,
            published=published,
            outlet=outlet,
            authors=[outlet],
            based_on=based_on,
            url=based_on,
        )
        assert index.story_of(name) == placement.story_id
        rebuilt = StoryIndex()
        rebuilt.restore(name, index.features(name))
        assert rebuilt.features(name) == index.features(name)


@pytest.mark.parametrize("piece", ["word ", "中", "a", "12,", "«", "é\u0301", "(", "x\n"])
def test_a_megabyte_is_bounded(piece: str) -> None:
    """Only the first words are read; what is kept of them does not grow."""
    index = StoryIndex()
    index.add("a", headline=piece * 1_000, body=piece * 1_000_000, published=NOON, outlet="A")
    assert len(index.features("a")) < 20_000


def test_the_seed_of_hashes_changes_nothing() -> None:
    """Two processes with different hash seeds place everything alike."""
    program = (
        "from tests.stories.golden import EVERYTHING\n"
        "from crawler.stories import StoryIndex\n"
        "index = StoryIndex()\n"
        "print([text.put_into(index) for text in EVERYTHING], [index.features(text.name) for text in EVERYTHING])"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
