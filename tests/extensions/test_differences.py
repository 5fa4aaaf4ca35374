"""What changed between two watchlists, in words."""

from dataclasses import replace

import pytest

from crawler.extensions.differences import differences, warning
from crawler.news.source import Channel, Outlet
from crawler.news.topic import Topic
from crawler.watchlist import Watchlist

A, B, C, D, E = (Outlet(name, f"http://{name.lower()}.example/") for name in "ABCDE")
DAM = Topic("Old dam", "dam")
DESK = Channel("desk", "terminal://")
BEFORE = Watchlist((A, B, C), (DAM,), (DESK,))


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (BEFORE, ""),
        (replace(BEFORE, outlets=(A, B, C, D)), "outlets: 1 added (D)"),
        (replace(BEFORE, outlets=(E, D, A)), "outlets: 2 added (E, D), 2 removed (B, C)"),
        (replace(BEFORE, outlets=()), "outlets: 3 removed (A, B, C)"),
        (replace(BEFORE, outlets=(replace(A, tags=("agency",)), B, C)), "outlets: 1 changed (A)"),
        (replace(BEFORE, outlets=(C, B, A)), "outlets: in another order"),
        (replace(BEFORE, topics=(replace(DAM, query="dam OR weir"),)), "topics: 1 changed (Old dam)"),
        (
            replace(BEFORE, topics=(Topic("Weir", "dam"),), channels=()),
            "topics: 1 added (Weir), 1 removed (Old dam); channels: 1 removed (desk)",
        ),
    ],
)
def test_differences(after: Watchlist, told: str) -> None:
    """Who came, went and changed, each kind by itself; another name is another entry."""
    assert differences(BEFORE, after) == told


def test_few_names_stand_for_many() -> None:
    """A thousand new outlets are one short line."""
    many = tuple(replace(A, name=f"N{number}") for number in range(1_000))
    assert differences(Watchlist((A,)), Watchlist((A, *many))) == "outlets: 1000 added (N0, N1, N2, ...)"


def test_a_secret_stays_one() -> None:
    """Of a channel whose address changed no more than the name is told."""
    after = replace(BEFORE, channels=(replace(DESK, url="json://token@desk.example"),))
    assert differences(BEFORE, after) == "channels: 1 changed (desk)"


def test_the_last_topic_opens_the_gates() -> None:
    """Only the edit that takes it away is warned of."""
    none = replace(BEFORE, topics=())
    assert warning(BEFORE, none) == "no topic is left, and without topics every article is published"
    assert warning(none, none) == warning(none, BEFORE) == warning(BEFORE, BEFORE) == ""
