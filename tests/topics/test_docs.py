"""The examples of docs/topics.md."""

import re
from pathlib import Path

import pytest

from crawler.news.errors import QueryError
from crawler.topics import TopicMatcher, parse

PAGE = (Path(__file__).parent.parent.parent / "docs" / "topics.md").read_text("utf-8")
MATCHES = re.findall(r"^\| `(.+)` \| `(.+)` \| `(.+)` \|$", PAGE, re.MULTILINE)
REFUSALS = re.findall(r"^\| `(.+)` \| (\d+) \| (.+) \|$", PAGE, re.MULTILINE)


def test_the_page_has_examples() -> None:
    """Every row of the page's tables but their heads is read as an example."""
    rows = [line for line in PAGE.splitlines() if line.startswith("| `")]
    assert len(MATCHES) + len(REFUSALS) == len(rows) > 30


@pytest.mark.parametrize(("query", "met", "unmet"), MATCHES)
def test_examples_of_matching(query: str, met: str, unmet: str) -> None:
    """A query is met by the text beside it, and not by the next."""
    matcher = TopicMatcher({"topic": query.replace(r"\|", "|")})
    assert matcher.match(body=met)
    assert not matcher.match(body=unmet)


@pytest.mark.parametrize(("query", "column", "message"), REFUSALS)
def test_examples_of_refusal(query: str, column: str, message: str) -> None:
    """A query is refused at its column with the very message."""
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert (str(caught.value.column), str(caught.value)) == (column, message)


def test_examples_in_the_text() -> None:
    """The watchlist's example and the one of fields are understood."""
    assert parse(re.findall(r"query = '(.+)'", PAGE)[0])
    assert parse(re.findall(r"`(headline:\(.+?)`", PAGE)[0])
