"""New, revised or unchanged: what counts as an edit, and what does not."""

from crawler.news.article import Article
from crawler.news.revision import ArticleState, content_hash, observed, recognise

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
