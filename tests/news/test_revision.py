"""New, revised or unchanged: what counts as an edit, and what does not."""

from dataclasses import replace

from crawler.news.article import Article
from crawler.news.revision import ENGINE, ArticleState, content_hash, observed, recognise, reread

URL = "http://gazette.example/harbour"


def article(headline: str = "Harbour closed", body: str = "The harbour is closed.\nFor a day.") -> Article:
    """A reading of one article."""
    made = Article(url=URL, canonicalUrl=URL, headline=headline, articleBody=body, articleId="a" * 16, outlet="Gazette")
    made.contentHash = content_hash(made)
    return made


def known(of: Article, *, publish: bool = True) -> ArticleState:
    """The state after `of` was observed."""
    return observed(of, URL, None, publish=publish, now_ms=1)


def test_the_first_reading_is_new() -> None:
    """Nothing is known: new, revision 1."""
    assert recognise(article(), URL, None) == "new"
    assert known(article()).revision == 1


def test_white_space_and_furniture_are_no_edit() -> None:
    """Line breaks, a new picture or date around the same words: unchanged."""
    again = article(body="The harbour  is\nclosed. For a day.")
    again.description, again.keywords = "Another teaser", ["harbour"]
    assert recognise(again, URL, known(article())) == "unchanged"


def test_another_headline_or_word_is_an_edit() -> None:
    """One changed headline, one changed word of the text: revised."""
    assert recognise(article(headline="Harbour open"), URL, known(article())) == "revised"
    assert recognise(article(body="The harbour is open."), URL, known(article())) == "revised"


def test_an_alias_never_makes_a_revision() -> None:
    """The AMP page's text differs a little: it is another address of the article, not an edit."""
    assert recognise(article(body="The harbour is closed. Read more."), f"{URL}/amp", known(article())) == "unchanged"


def test_the_first_published_revision_is_remembered_as_such() -> None:
    """Two unmatched versions, then a published one: only then `published` is true, and it stays."""
    first = known(article(), publish=False)
    second = observed(article(headline="B"), URL, first, publish=True, now_ms=2)
    third = observed(article(headline="C"), URL, second, publish=False, now_ms=3)
    assert [state.published for state in (first, second, third)] == [False, True, True]
    assert [state.revision for state in (first, second, third)] == [1, 2, 3]


def test_what_we_learn_is_no_edit() -> None:
    """A line that is left out since the last look, or a new one in place of a line left out: unchanged. A word that is
    edited meanwhile: revised.
    """
    appeal, other = "Support the Gazette.", "Subscribe to the Gazette."
    text, edited = "The harbour is closed.", "The harbour is open."

    def whole(body: str, last: str) -> str:
        return content_hash(article(body=f"{body}\n{last}"))

    before = known(article(body=f"{text}\n{appeal}"))
    assert recognise(article(body=text), URL, before, whole_hash=whole(text, appeal)) == "unchanged"
    assert recognise(article(body=edited), URL, before, whole_hash=whole(edited, appeal)) == "revised"
    after = observed(article(body=text), URL, None, publish=True, now_ms=1, whole_hash=whole(text, appeal))
    assert recognise(article(body=text), URL, after, whole_hash=whole(text, other)) == "unchanged"
    assert recognise(article(body=f"{text}\n{appeal}"), URL, after) == "unchanged", "what we learned was forgotten"
    assert recognise(article(body=edited), URL, after, whole_hash=whole(edited, other)) == "revised"


def test_an_unchanged_look_tells_the_hashes_anew() -> None:
    """An appeal is learned between two looks, and another one follows: unchanged both times."""
    appeal, other = "Support the Gazette.", "Subscribe to the Gazette."
    text = "The harbour is closed."
    whole, whole_other = (content_hash(article(body=f"{text}\n{last}")) for last in (appeal, other))
    trimmed = article(body=text)
    before = known(article(body=f"{text}\n{appeal}"))
    after = reread(trimmed, URL, before, whole_hash=whole)
    assert after == replace(before, content_hash=content_hash(trimmed), whole_hash=whole)
    assert recognise(trimmed, URL, after, whole_hash=whole_other) == "unchanged"
    assert reread(trimmed, URL, after, whole_hash=whole) is None, "nothing is new"
    assert reread(article(body=f"{text}\n{appeal}"), URL, after, whole_hash="") is None, "who knows less adds nothing"
    assert reread(trimmed, f"{URL}/amp", before, whole_hash=whole) is None, "an alias is read differently"


def test_another_engine_reads_anew_and_revises_nothing() -> None:
    """After an update of our rules a page counts as unchanged, once; its next edit is a revision again."""
    before = replace(known(article()), engine=ENGINE - 1)
    now = article(headline="Harbour closed for a day")
    assert recognise(now, URL, before) == "unchanged"
    after = reread(now, URL, before, whole_hash="")
    assert after == known(now)
    assert recognise(article(body="The harbour is open."), URL, after) == "revised"
    assert reread(now, f"{URL}/amp", before, whole_hash="") is None, "an alias is no yardstick"
