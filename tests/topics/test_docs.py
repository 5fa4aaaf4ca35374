"""The examples of docs/topics.md."""

import re
from pathlib import Path

import pytest

from crawler.news.errors import QueryError
from crawler.news.topic import Match, Topic
from crawler.topics import TopicMatcher, parse
from crawler.topics.query import FIELDS
from crawler.watchlist import load

PAGE = (Path(__file__).parent.parent.parent / "docs" / "topics.md").read_text("utf-8")
Row = tuple[str, ...]


def table(*heads: str) -> list[Row]:
    """Return the rows of all tables with these heads, the marks of code removed."""
    found = re.findall(rf"^\| {re.escape(' | '.join(heads))} \|\n\|[-|]+\|\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    lines = "".join(found).splitlines()
    return [tuple(cell.strip("` ") for cell in re.split(r"(?<!\\)\|", line)[1:-1]) for line in lines]


WORDS = table("query", "is met by", "is not met by")
FIELDED = table("query", "is met by an article with", "is not met by one with")
INFLECTED = table("inflect", "query", "is met by", "is not met by")
EVIDENCE = table("query", "headline", "snippet", "offsets", "parts")
REFUSED = table("query", "column", "message")


def match(query: str, inflect: str | None = None, **article: str) -> list[Match]:
    """Return whether the article meets the query, as a list of one match or none."""
    topic = Topic("topic", query.replace(r"\|", "|"), inflect=(inflect,) if inflect else ())
    return TopicMatcher.of([topic]).match(**article)


def fields(text: str) -> dict[str, str]:
    """Read an article's fields: `body: a dam; tag: agency`."""
    return dict(part.split(": ", 1) for part in text.split("; "))


def test_every_table_is_read() -> None:
    """Every row of the page's tables but their heads is an example of one of the tests below."""
    rows = [line for line in PAGE.splitlines() if line.startswith("| `")]
    assert len(WORDS) + len(FIELDED) + len(INFLECTED) + len(EVIDENCE) + len(REFUSED) == len(rows) > 60


@pytest.mark.parametrize(("query", "met", "unmet"), WORDS)
def test_examples_of_matching(query: str, met: str, unmet: str) -> None:
    """A query is met by the text beside it, and not by the next."""
    assert match(query, body=met)
    assert not match(query, body=unmet)


@pytest.mark.parametrize(("query", "met", "unmet"), FIELDED)
def test_examples_of_fields(query: str, met: str, unmet: str) -> None:
    """A query with a field is met by an article that has it there, and not by one that has it elsewhere."""
    assert match(query, **fields(met))
    assert not match(query, **fields(unmet))


def test_every_field_has_an_example() -> None:
    """The table of fields knows each."""
    assert {name for query, _, _ in FIELDED for name in re.findall(r"(\w+):", query)} == set(FIELDS)


@pytest.mark.parametrize(("language", "query", "met", "unmet"), INFLECTED)
def test_examples_of_inflection(language: str, query: str, met: str, unmet: str) -> None:
    """With inflection a query is met by other forms of its words, in articles of that language and of none."""
    assert match(query, language, body=met)
    assert match(query, language, body=met, lang=language)
    assert not match(query, language, body=unmet)


@pytest.mark.parametrize(("query", "headline", "snippet", "offsets", "parts"), EVIDENCE)
def test_examples_of_evidence(query: str, headline: str, snippet: str, offsets: str, parts: str) -> None:
    """A match tells the marked snippet, the offsets and the parts of the query that are met there."""
    ((evidence,),) = (found.evidence for found in match(query, headline=headline))
    assert evidence.snippet == snippet
    assert " ".join(f"{start}-{end}" for start, end in evidence.offsets) == offsets
    assert list(dict.fromkeys(evidence.parts)) == parts.split("`, `")


@pytest.mark.parametrize(("query", "column", "message"), REFUSED)
def test_examples_of_refusal(query: str, column: str, message: str) -> None:
    """A query is refused at its column with the very message."""
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert (str(caught.value.column), str(caught.value)) == (column, message)


@pytest.mark.parametrize("toml", re.findall(r"^```toml\n(.+?)^```$", PAGE, re.MULTILINE | re.DOTALL))
def test_examples_of_a_watchlist(toml: str, tmp_path: Path) -> None:
    """The page's topics can be copied into a watchlist."""
    path = tmp_path / "topics.toml"
    path.write_text(toml + OUTLET, "utf-8")
    (topic,) = load(path).topics
    assert TopicMatcher.of([topic]).match(body="a dam in Orvania", lang="en")


def test_the_example_in_the_text() -> None:
    """The query in the paragraph on fields is understood."""
    assert parse(re.findall(r"`(headline:\(.+?)`", PAGE)[0])


OUTLET = """
[[outlet]]
name = "Tollmark Gazette"
url = "https://gazette.example/"
feeds = ["https://gazette.example/feed.xml"]
"""
