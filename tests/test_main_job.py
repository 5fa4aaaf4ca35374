"""The main job, as a user runs it: the newsroom's press, from the watchlist to the stream."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
import redis

from crawler.news.event import SCHEMAS
from crawler.news.urls import url_id
from crawler.newsroom import Newsroom
from crawler.store.embedded import open_embedded
from tests.crawling import Desk
from tests.parts import expected
from tests.store.leaks import leaked_keys


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One pass over the whole newsroom, browser and all."""
    with Newsroom() as newsroom:
        desk = Desk(tmp_path_factory.mktemp("desk"), newsroom)
        run = desk.crawl()
        assert run.returncode == 0, run.stderr
        yield desk


def test_every_piece_ends_as_it_should(crawled: Desk) -> None:
    """Each announced piece has the outcome that a careful reader would give it, and the books balance."""
    outcomes = Counter(row.outcome + (f":{row.reason}" if row.reason else "") for row in expected())
    books = crawled.books()
    totals = {name: books.pop(name) for name in ("announced", "outcomes", "waiting", "leased")}
    assert books == outcomes
    assert totals == {"announced": outcomes.total(), "outcomes": outcomes.total(), "waiting": 0, "leased": 0}


def test_each_article_is_published_with_its_text_and_nothing_else(crawled: Desk) -> None:
    """Headline, language and body are the article's own; comments, appeals and disclaimers are kept out."""
    published = {event["data"]["articleId"]: event["data"] for event in crawled.articles()}
    rows = [row for row in expected() if row.outcome == "published"]
    assert {url_id(row.url) for row in rows} == set(published)
    for row in rows:
        data = published[url_id(row.url)]
        assert data["headline"] == row.headline
        assert data["inLanguage"].split("-")[0] == row.language
        assert row.sentence in data["articleBody"], row.url
        assert [text for text in row.never if text in data["articleBody"]] == [], row.url
        assert sorted(match["topic"] for match in data["topics"]) == sorted(row.topics)


@pytest.mark.parametrize("name", SCHEMAS)
def test_events_keep_their_schema(crawled: Desk, name: str) -> None:
    """Each event in the streams is a CloudEvent that the published JSON Schema accepts."""
    validator = jsonschema.Draft202012Validator(
        SCHEMAS[name](), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    events = [event for event in crawled.events() + crawled.alerts() if f".{name}." in event["type"]]
    assert events
    for event in events:
        validator.validate(event)


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_schemas_in_the_docs_are_the_codes(name: str) -> None:
    """docs/schema/*-event.v1.schema.json are what `scrapy events --schema NAME` prints."""
    written = json.loads(Path(f"docs/schema/{name}-event.v1.schema.json").read_text())
    assert written == json.loads(json.dumps(SCHEMAS[name]()))


def test_a_redis_client_reads_the_stream(crawled: Desk) -> None:
    """Anybody's redis-py finds the events under the documented names, and no key lives for ever unlisted."""
    with (
        open_embedded(crawled.state_dir),
        redis.Redis(unix_socket_path=str(crawled.state_dir / "valkey.sock"), decode_responses=True) as client,
    ):
        entries = client.xrange("storywatch:articles")
        assert len(entries) == len(crawled.articles())
        for _, fields in entries:
            event = json.loads(fields["event"])
            assert fields["type"] == event["type"] == "storywatch.article.created"
            assert event["subject"] == event["data"]["articleId"]
        assert leaked_keys(client) == []


def test_an_article_announced_by_two_sources_is_one_entry_that_names_both(crawled: Desk) -> None:
    """Both feeds of the outlet stand in discoveredVia."""
    twice = next(row for row in expected() if len(row.announced_by) == 2 and row.outcome == "published")
    (data,) = [event["data"] for event in crawled.articles() if event["data"]["articleId"] == url_id(twice.url)]
    assert sorted(data["discoveredVia"]) == sorted(twice.announced_by)


def test_a_second_pass_doubles_nothing_and_an_edit_is_a_revision(crawled: Desk) -> None:
    """Run again, nothing is new; after an edit, exactly one `revised` with the new headline."""
    before = crawled.articles()
    crawled.newsroom.play("recount")
    for _ in range(2):
        crawled.newsroom.advance(30)
        run = crawled.crawl("-a", "outlets=Northern Courier", "-s", "RECHECK_AFTER=1s,1s,1s,1s")
        assert run.returncode == 0, run.stderr
    after = crawled.articles()
    assert after[: len(before)] == before
    (revised,) = after[len(before) :]
    assert revised["type"] == "storywatch.article.revised"
    assert revised["data"]["headline"] == "Vostria frees 14 Maravela sailors, not 12, in Corrin exchange"
    assert revised["data"]["revision"] == 2
    assert "fourteen sailors" in revised["data"]["articleBody"]
