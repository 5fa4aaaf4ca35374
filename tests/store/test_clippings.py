"""What is kept of an unmatched article: all that a query sees, small, and honest about what it can't read."""

import random
import zlib
from dataclasses import fields
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.news.article import Article, Author
from crawler.news.errors import StoreError
from crawler.store.clippings import MOST_TEXT, VERSION, pack, unpack

URL = "http://g.example/a"

TEXT = st.text(st.characters(exclude_categories=["Cs"]))  # extraction leaves no half of a surrogate pair
MAYBE = st.none() | TEXT
ARTICLES = st.builds(
    Article,
    url=TEXT,
    canonicalUrl=TEXT,
    headline=MAYBE,
    datePublished=st.none() | st.datetimes(timezones=st.just(UTC)),
    authors=st.lists(st.builds(Author, TEXT)),
    inLanguage=MAYBE,
    description=MAYBE,
    articleBody=MAYBE,
    articleSection=MAYBE,
    articleId=st.just("abc"),
    outlet=MAYBE,
    revision=st.none() | st.integers(1, 1_000),
)


@given(ARTICLES)
def test_a_clipping_tells_the_article_again(article: Article) -> None:
    """Every field that a query sees, and those that say which revision it is; None stays None, "" stays ""."""
    assert unpack(pack(article), "abc") == article


def test_what_no_query_sees_is_left_out() -> None:
    """Pictures, HTML, addresses of authors: they would only cost."""
    article = Article(
        "http://g.example/a", "http://g.example/a", authors=[Author("Ida Holm", "By Ida Holm", "i@g.example")]
    )
    article.keywords, article.articleBodyHtml = ["harbour"], "<p>"
    kept = unpack(pack(article), "abc")
    told = {field.name for field in fields(kept) if getattr(kept, field.name) not in (None, [])}
    assert told == {"url", "canonicalUrl", "authors", "metadata", "articleId"}
    assert kept.authors == [Author("Ida Holm")]


def test_of_a_huge_page_the_beginning_is_kept() -> None:
    """Eight million characters, which no compression makes smaller: 200,000 are kept, and the body gives way."""
    noise = "".join(map(chr, random.Random(7).choices(range(0x20000, 0x2A6D0), k=400_000))) * 20
    raw = pack(Article(URL, URL, articleBody=noise, description=noise[:50_000], headline="Ferries sail again"))
    kept = unpack(raw, "abc")
    assert (kept.headline, kept.description) == ("Ferries sail again", noise[:50_000])
    assert kept.articleBody == noise[: MOST_TEXT - 50_000 - len("Ferries sail again")]
    assert len(raw) < 800_000
    kept = unpack(pack(Article(URL, URL, articleBody=noise, description=noise, headline=noise)), "abc")
    assert (kept.headline, kept.description, kept.articleBody) == (noise[:MOST_TEXT], "", "")


def test_a_usual_article_takes_half_of_its_text() -> None:
    """Three thousand characters of ordinary words."""
    words = "the council of the harbour said on Monday that ferries would sail again when storms are over"
    body = " ".join(random.Random(7).choices(words.split(), k=600))
    article = Article(URL, URL, articleBody=body)
    assert len(pack(article)) < len(body) / 2


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"\x02" + zlib.compress(b"\x90"), "is of version 02, and this Storywatch reads 01"),
        (b"", "is of version , and"),
        (VERSION + b"no zlib", "is damaged"),
        (VERSION + zlib.compress(b"\x90"), "is damaged"),
        (VERSION + zlib.compress(b"\xc1"), "is damaged"),
        (VERSION + zlib.compress(b""), "is damaged"),
    ],
)
def test_what_cannot_be_read_is_told(raw: bytes, words: str) -> None:
    """By the article, with the mend: a later format, or what is none."""
    with pytest.raises(StoreError, match=f"article abc: what is kept of it {words}"):
        unpack(raw, "abc")


@given(st.binary())
def test_arbitrary_bytes_are_an_article_or_a_store_error(raw: bytes) -> None:
    """No other exception, compressed or not."""
    for kept in (raw, VERSION + raw, VERSION + zlib.compress(raw)):
        try:
            assert isinstance(unpack(kept, "abc"), Article)
        except StoreError:
            continue
