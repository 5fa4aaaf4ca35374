"""The benchmark of topics measures what it says."""

import random

import pytest

from benchmarks import topics


@pytest.mark.parametrize("letters", [topics.LATIN, topics.CYRILLIC])
def test_we_and_the_plain_index_find_the_same(letters: tuple[str, str]) -> None:
    """On a vocabulary so small that most queries are met somewhere, of each of the four kinds."""
    chance = random.Random(2)
    vocabulary = sorted({topics._invent(chance, *letters) for _ in range(300)}, key=len)
    names = [word for word in vocabulary if len(word) > 2]
    queries = {f"topic {i}": topics._query(i, *chance.sample(names, 3)) for i in range(400)}
    ours, plain = topics.storywatch(queries), topics.plain_index(queries)
    met = set()
    for _ in range(10):
        article = topics._article(vocabulary, chance)
        assert ours(article) == plain(article)
        met |= set(ours(article))
    assert len(met) > 100


def test_a_row_of_the_table() -> None:
    """Each row is measured in processes of its own, and tells rates, build times and memory."""
    row = topics.row(10, topics.LATIN, articles=4)
    assert row.split()[0] == "10"
    assert row.count("/s") == 3
    assert row.count("MB") == 2
