"""Topics on trial: changes told apart, gains and losses counted."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.news.article import Article
from crawler.news.topic import Topic
from crawler.topics import ArticleMatcher
from crawler.topics.trial import Change, Trial, changes

NOON_MS = 1_772_366_400_000  # 2026-03-01 12:00 UTC
DAY_MS = 86_400_000


@dataclass(frozen=True)
class Kept:
    """An article as a store keeps it."""

    article: Article
    seen_ms: int = NOON_MS
    published: bool = False


def article(body: str, outlet: str = "Gazette") -> Article:
    return Article(url="https://gazette.example/a", canonicalUrl="", articleBody=body, outlet=outlet)


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        (None, Topic("Dams", "dam"), "new"),
        (Topic("Dams", "dam"), None, "gone"),
        (Topic("Dams", "dam"), Topic("Dams", "dam OR weir"), "changed"),
        (Topic("Dams", "dam"), Topic("Dams", {"en": "dam"}), "changed"),
        (Topic("Dams", "dam"), Topic("Dams", "dam", languages=("en",)), "changed"),
        (Topic("Dams", "dam"), Topic("Dams", "dam", inflect=("en",)), "changed"),
        (Topic("Dams", "dam", channels=("desk",)), Topic("Dams", "dam*", channels=("mail",)), "changed"),
        (Topic("Dams", "dam", channels=("desk",)), Topic("Dams", "dam", channels=("desk", "mail")), "channels"),
        (Topic("Dams", "dam", channels=("mail", "desk")), Topic("Dams", "dam", channels=("desk", "mail")), None),
        (Topic("Dams", {"en": "dam"}), Topic("Dams", {"en": "dam"}), None),
    ],
)
def test_a_change_has_one_kind(old: Topic | None, new: Topic | None, kind: str | None) -> None:
    """Whatever decides what is met makes it "changed"; other channels alone, "channels"; their order, nothing."""
    same = Topic("Same", "bridge")
    found = changes([same, *filter(None, [old])], [same, *filter(None, [new])])
    assert [change.kind for change in found] == ([kind] if kind else [])
    assert all((change.name, change.old, change.new) == ("Dams", old, new) for change in found)


def test_changes_stand_in_the_order_of_the_new_watchlist() -> None:
    """Those that are gone come last."""
    found = changes([Topic("Gone", "x"), Topic("B", "x")], [Topic("A", "y"), Topic("B", "y")])
    assert [(change.name, change.kind) for change in found] == [("A", "new"), ("B", "changed"), ("Gone", "gone")]


def test_a_trial_counts_by_outlet_and_day() -> None:
    """Days are UTC; samples are the first that come, with their evidence; those never published are counted."""
    trial = Trial([Change("new", None, Topic("Dams", "dam"))], {}, samples=2)
    trial.look_at(Kept(article("the dam"), NOON_MS))
    trial.look_at(Kept(article("no such thing"), NOON_MS))
    trial.look_at(Kept(article("a dam", "Post"), NOON_MS - DAY_MS // 2 - 1, published=True))
    trial.look_at(Kept(article("dam, dam"), NOON_MS - DAY_MS))
    tally = trial.effects["Dams"].gained
    assert (trial.published, trial.unmatched, tally.hits, tally.unmatched) == (1, 3, 3, 2)
    first, last = date(2026, 2, 28), date(2026, 3, 1)
    assert tally.days == {"Gazette": Counter({last: 1, first: 1}), "Post": Counter({first: 1})}
    assert tally.by_day() == Counter({first: 2, last: 1})
    assert [hit.match.evidence[0].snippet for hit in tally.samples] == ["the «dam»", "a «dam»"]
    assert {hit.match.topic for hit in tally.samples} == {"Dams"}


def test_tags_count_on_both_sides() -> None:
    """Those that are handed over: the edited watchlist's."""
    change = Change("changed", Topic("Dams", "dam tag:agency"), Topic("Dams", "dam tag:local"))
    trial = Trial([change], {"Gazette": ("agency",), "Post": ("local",)}, samples=1)
    trial.look_at(Kept(article("dam")))
    trial.look_at(Kept(article("dam", "Post")))
    effect = trial.effects["Dams"]
    assert [hit.seen.article.outlet for hit in effect.lost.samples] == ["Gazette"]
    assert [hit.seen.article.outlet for hit in effect.gained.samples] == ["Post"]


def test_other_channels_are_not_tried() -> None:
    """The articles are the same."""
    assert not Trial([Change("channels", Topic("Dams", "dam"), Topic("Dams", "dam"))], {}, samples=1).effects


QUERIES = st.sampled_from(["dam", "weir", "dam OR weir", "dam weir", "bridge -dam", '"old dam"'])
WATCHLISTS = st.dictionaries(st.sampled_from("ABC"), QUERIES).map(
    lambda queries: [Topic(name, query) for name, query in queries.items()]
)
BODIES = st.lists(st.sampled_from(["dam", "weir", "bridge", "old", "old dam"]), max_size=4).map(" ".join)


@given(WATCHLISTS, WATCHLISTS, st.lists(BODIES, max_size=6))
def test_gains_less_losses_lead_from_one_watchlist_to_the_other(
    old: list[Topic], new: list[Topic], bodies: list[str]
) -> None:
    """For each topic: what the old one meets, less what is lost, plus what is gained, is what the new one meets."""
    trial = Trial(changes(old, new), {}, samples=0)
    before, after = Counter[str](), Counter[str]()
    for body in bodies:
        trial.look_at(Kept(article(body)))
        before.update(match.topic for match in ArticleMatcher(old).match(article(body)))
        after.update(match.topic for match in ArticleMatcher(new).match(article(body)))
    for name in "ABC":
        effect = trial.effects.get(name)
        difference = effect.gained.hits - effect.lost.hits if effect else 0
        assert after[name] - before[name] == difference
