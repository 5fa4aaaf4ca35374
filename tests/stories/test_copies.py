"""Whose text is it? Copies are found, and led back to the original, whichever came first."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crawler.stories import Kind, StoryIndex
from tests.stories.golden import EVERYTHING, Text, reports

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=2)
WIRE, REVIEW = reports("oil-treaty")
ORIGINAL = REVIEW.body  # it carries no credit of its own
FOREIGN = next(text for text in EVERYTHING if text.name == "ferry/report-2").body
NOTICE = (
    "You have read this far because somebody paid a reporter to stand in the rain. That somebody could be you. "
    "Our newsroom belongs to no tycoon, no party and no brewery; it lives on small sums from many purses, and on "
    "cake. If every visitor gave the price of one bus ticket a month, we could keep a second boat, mend the roof "
    "above the archive and send a correspondent to places where nobody else goes. Please consider becoming a "
    "friend of the house today. It takes a minute, you may stop whenever you like, and you get a tin badge that "
    "our youngest trainee has designed. Already a friend? Then thank you, and tell a neighbour about us over the "
    "hedge this weekend."
)


def sentences(text: str) -> list[str]:
    """Split a text after its sentences, more or less."""
    return text.replace("\n\n", " ").split(". ")


def interleaved(one: str, other: str) -> str:
    """Mix two texts sentence by sentence."""
    mine, theirs = sentences(one), sentences(other)
    rest = mine[len(theirs) :]
    return ". ".join([part for pair in zip(mine, theirs, strict=False) for part in pair] + rest)


REPRINTS = {
    "word for word": ORIGINAL,
    "framed": f"{NOTICE}\n{ORIGINAL}\n{NOTICE}",
    "cut by half": ORIGINAL[: len(ORIGINAL) // 2],
    "without its first paragraphs": "\n\n".join(ORIGINAL.split("\n\n")[2:]),
    "garbled": "".join(
        "q" if number % 33 == 32 and letter.isalpha() else letter for number, letter in enumerate(ORIGINAL)
    ),
    "other typography": ORIGINAL.replace('"', "»").replace("'", "’").replace("-", "–").upper(),
    "embedded": f"{FOREIGN[: int(len(ORIGINAL) * 0.75)]}\n{ORIGINAL}\n{FOREIGN[-int(len(ORIGINAL) * 0.75) :]}",
    "interleaved": interleaved(ORIGINAL, FOREIGN),
}


@pytest.mark.parametrize("kind", REPRINTS)
def test_a_reprint_is_a_copy(kind: str) -> None:
    """However it was dressed up; it joins the story of its original, and the evidence says so."""
    index = StoryIndex()
    original = index.add("a", headline="One", body=ORIGINAL, published=NOON, outlet="The Altiplano Review")
    reprint = index.add("b", headline="Another", body=REPRINTS[kind], published=LATER, outlet="Daily Ledger")
    assert (reprint.copy_of, reprint.credited) == ("a", "The Altiplano Review")
    assert reprint.story_id == original.story_id
    assert (reprint.evidence.kind, reprint.evidence.article) == (Kind.COPY, "a")
    assert reprint.evidence.score > 0.5


@pytest.mark.parametrize(
    "one", [text for text in EVERYTHING if len(text.body.split()) > 140], ids=lambda text: text.name
)
def test_shared_boilerplate_is_no_copy(one: Text) -> None:
    """120 words of appeal under two longer articles don't make one of the other."""
    index = StoryIndex()
    index.add("a", headline="", body=f"{FOREIGN}\n{NOTICE}", published=NOON, outlet="Island Letters")
    other = index.add("b", headline="", body=f"{one.body}\n{NOTICE}", published=LATER, outlet="Daily Ledger")
    assert (other.copy_of is not None) == (one.body == FOREIGN)


def test_notes_of_two_sentences_are_no_copies() -> None:
    """Too little to tell a copy from a set phrase."""
    index = StoryIndex()
    note = "The bridge is closed until further notice. Drivers are asked to use the ferry."
    index.add("a", headline="", body=note, published=NOON, outlet="A")
    assert index.add("b", headline="", body=note, published=LATER, outlet="B").copy_of is None


def test_the_first_published_is_the_original() -> None:
    """Even if we saw its copy first: the copy is named, and changed."""
    index = StoryIndex()
    copy = index.add("copy", headline="", body=ORIGINAL, published=LATER, outlet="Ledger", seen=LATER)
    original = index.add("original", headline="", body=ORIGINAL, published=NOON, outlet="Review", seen=LATER)
    assert original.copy_of is None
    assert original.credited is None
    assert original.copies == original.changed == ("copy",)
    assert original.story_id == copy.story_id
    third = index.add("third", headline="", body=ORIGINAL, published=LATER, outlet="Third", seen=LATER)
    assert (third.copy_of, third.credited) == ("original", "Review")


def test_without_dates_the_first_seen_is_the_original() -> None:
    """The outlets' claims are all there is to doubt; our own clock decides."""
    index = StoryIndex()
    index.add("a", headline="", body=ORIGINAL, published=None, outlet="A", seen=NOON)
    assert index.add("b", headline="", body=ORIGINAL, published=None, outlet="B", seen=LATER).copy_of == "a"


@pytest.mark.parametrize(
    ("claims", "body"),
    [
        ({}, f"TARNHOLT (Review Wire) — {ORIGINAL}"),
        ({"authors": ["Review Wire"]}, ORIGINAL),
        ({}, f"{ORIGINAL}\n\nSource: Review Wire"),
        ({"based_on": "https://review.example/1"}, ORIGINAL),
    ],
    ids=["dateline", "byline", "closing line", "link"],
)
def test_who_is_named_is_the_original(claims: dict[str, Any], body: str) -> None:
    """A credit to the other outlet, or a link to its page, counts more than the dates, in either order of arrival."""
    late: dict[str, Any] = {"headline": "", "body": ORIGINAL, "published": LATER, "outlet": "Review Wire"}
    early: dict[str, Any] = {"headline": "", "body": body, "published": NOON, "outlet": "Ledger"}
    index = StoryIndex()
    index.add("copy", **early, **claims)
    original = index.add("original", **late, url="https://review.example/1")
    assert (original.copy_of, original.copies) == (None, ("copy",))

    index = StoryIndex()
    index.add("original", **late, url="https://review.example/1")
    copy = index.add("copy", **early, **claims)
    assert (copy.copy_of, copy.credited) == ("original", "Review Wire")


def test_a_link_to_the_original_makes_a_copy_of_any_wording() -> None:
    """A page that names another as its canonical one says that it is the same."""
    index = StoryIndex()
    index.add("a", headline="One", body=ORIGINAL, published=NOON, outlet="A", url="https://a.example/1")
    other = index.add("b", headline="Two", body=FOREIGN, published=NOON, outlet="B", based_on="https://a.example/1")
    assert other.copy_of == "a"


def test_an_agency_that_was_never_seen_is_credited_all_the_same() -> None:
    """Two reprints of an agency: both credit it; the second's original, as far as known, is the first."""
    index = StoryIndex()
    body = f"LA PAZ (Reuters) — {ORIGINAL}"
    first = index.add("first", headline="", body=body, published=NOON, outlet="Ledger")
    second = index.add("second", headline="", body=body, published=LATER, outlet="Courier")
    assert (first.copy_of, first.credited) == (None, "Reuters")
    assert (second.copy_of, second.credited) == ("first", "Reuters")
    agency = index.add("agency", headline="", body=body, published=LATER, outlet="Reuters")
    assert (agency.copy_of, agency.credited, agency.copies) == (None, None, ("first", "second"))


def test_an_own_report_that_mentions_an_agency_is_no_copy() -> None:
    """ "He told Reuters" is news gathering, not syndication."""
    index = StoryIndex()
    body = f"{ORIGINAL}\n\nThe minister told Reuters that he knew nothing."
    assert index.add("a", headline="", body=body, published=NOON, outlet="Ledger").credited is None


def test_an_original_merges_the_stories_of_its_copies() -> None:
    """Two halves share no wording and may stand apart, until the whole text shows that they are one."""
    paragraphs = WIRE.body.split("\n\n")
    whole = "\n\n".join(paragraphs)
    index = StoryIndex()
    first = index.add("first", headline="", body=whole, published=NOON, outlet="A")
    stray = index.add("stray", headline="", body=FOREIGN, published=LATER, outlet="B", based_on="https://c.example/1")
    assert first.story_id != stray.story_id
    joined = index.add("c", headline="", body=whole, published=NOON, outlet="C", url="https://c.example/1")
    assert joined.merged == (stray.story_id,)
    assert joined.story_id == first.story_id == index.story_of("stray")
    assert "stray" in joined.changed


def test_a_round_up_merges_nothing() -> None:
    """A page that reprints two reports whole belongs to one story, and leaves the other alone."""
    index = StoryIndex()
    first = index.add("first", headline="", body=ORIGINAL, published=NOON, outlet="A")
    second = index.add("second", headline="", body=FOREIGN, published=NOON, outlet="B")
    both = index.add("both", headline="", body=f"{ORIGINAL}\n{FOREIGN}", published=LATER, outlet="C")
    assert both.copy_of in {"first", "second"}
    assert both.merged == ()
    assert index.story_of("first") == first.story_id != second.story_id == index.story_of("second")
