"""Events: CloudEvents that any consumer can read, whatever the page held."""

import json
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extraction import extract
from crawler.news.article import Article
from crawler.news.event import article_event

NOW = datetime(2031, 3, 14, 12, tzinfo=UTC)
URL = "http://gazette.example/2031/03/14/harbour-closed"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
TEXT = "".join(
    f"<p>On {day} the harbour of Corrin stays closed while its gate is replaced, the port said.</p>" for day in DAYS
)
ANY_TEXT = st.text(st.characters(), max_size=30)  # halves of surrogate pairs included


def test_an_event_has_its_names_and_leaves_out_what_is_not_known() -> None:
    """Envelope as CloudEvents 1.0 has it, a deterministic id, times in UTC with a Z, no nulls and empty lists."""
    article = Article(
        url=URL, canonicalUrl=URL, headline="Harbour closed", datePublished=NOW, articleId="a", revision=3
    )
    assert json.loads(article_event(article, "storywatch.article.revised", time=NOW)) == {
        "specversion": "1.0",
        "id": "a/3",
        "source": "/storywatch/articles",
        "type": "storywatch.article.revised",
        "subject": "a",
        "time": "2031-03-14T12:00:00Z",
        "datacontenttype": "application/json",
        "dataschema": "urn:storywatch:schema:article:1",
        "data": {
            "url": URL,
            "canonicalUrl": URL,
            "headline": "Harbour closed",
            "datePublished": "2031-03-14T12:00:00Z",
            "metadata": {"dateDownloaded": None, "datePublishedFrom": None, "dateModifiedFrom": None},
            "articleId": "a",
            "revision": 3,
        },
    }


@settings(max_examples=50, deadline=None)
@given(ANY_TEXT, ANY_TEXT)
def test_whatever_a_page_says_of_itself_can_be_written(name: str, section: str) -> None:
    """JSON can spell halves of surrogate pairs and control characters; the event is valid UTF-8 all the same."""
    data = {"@type": "NewsArticle", "headline": name, "author": {"name": name}, "articleSection": section}
    data |= {"keywords": [name, section], "publisher": {"name": section}, "description": name}
    script = json.dumps(data).replace("<", "\\u003c")
    page = f'<html><head><script type="application/ld+json">{script}</script></head><body><article>{TEXT}</article>'
    article = extract(page.encode(), URL)
    event = json.loads(article_event(article, "storywatch.article.created", time=NOW).encode())
    assert event["data"]["articleBody"]
