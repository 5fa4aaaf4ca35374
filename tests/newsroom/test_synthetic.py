"""Generated worlds: any size, always the same."""

import tomllib

from crawler.newsroom import Newsroom, expectations, synthetic, watchlist_toml
from crawler.newsroom.synthetic import PLACES
from tests.newsroom.conftest import OPENED
from tests.newsroom.reader import read


def test_the_same_arguments_give_the_same_bytes() -> None:
    """Two worlds of one seed serve equal pages; another seed gives another world."""
    assert synthetic(3, 12, seed=7) == synthetic(3, 12, seed=7)
    assert synthetic(3, 12, seed=7) != synthetic(3, 12, seed=8)
    url = expectations(synthetic(3, 12))[5].url
    pages = []
    for _ in range(2):
        with Newsroom(world=synthetic(3, 12), clock=lambda: OPENED) as newsroom:
            pages.append(read(newsroom, url).body)
    assert pages[0] == pages[1]


def test_pages_weigh_what_was_asked_for() -> None:
    """Within a tenth, with an article of about the words asked for."""
    world = synthetic(3, 3, page_bytes=50_000, words=200)
    with Newsroom(world=world) as newsroom:
        for row in expectations(world):
            assert 45_000 < len(read(newsroom, row.url).body) < 55_000
            assert 150 < len(" ".join(row.body).split()) < 250


def test_texts_share_next_to_no_wording() -> None:
    """Of any two articles, under a fifth of the runs of three words stand in both: none looks like a copy."""
    shingles = []
    for row in expectations(synthetic(2, 30)):
        text = " ".join(row.body).split()
        shingles.append(set(zip(text, text[1:], text[2:], strict=False)))
    shared = (len(a & b) / min(len(a), len(b)) for i, a in enumerate(shingles) for b in shingles[:i])
    assert max(shared) < 0.2


def test_topic_words_are_rare() -> None:
    """An article names exactly two of the 400 places, and its headline both."""
    assert len(set(PLACES)) == 400
    for row in expectations(synthetic(2, 20)):
        named = {place for place in PLACES if place in row.headline.split()}
        assert len(named) == 2
        assert named == {place for place in PLACES if place in " ".join(row.body).split()}


def test_every_article_is_announced() -> None:
    """The watchlist of a world leads to feeds that list each article once."""
    world = synthetic(4, 40, page_bytes=0)
    outlets = tomllib.loads(watchlist_toml(world, every="7s"))["outlet"]
    assert {outlet["every"] for outlet in outlets} == {"7s"}
    with Newsroom(world=world) as newsroom:
        newsroom.warm()
        feeds = "".join(read(newsroom, feed).text for outlet in outlets for feed in outlet["feeds"])
    for row in expectations(world):
        assert f"<link>{row.url}</link>" in feeds or f'<link rel="alternate" href="{row.url}"/>' in feeds
