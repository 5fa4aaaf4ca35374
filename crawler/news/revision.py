"""Is this page new, revised, or what we know already?

Requirements
    An edited article must not become a second item; an alias (redirect, AMP, tracking parameters) never makes a
    revision; a page whose furniture changed is unchanged.

Theory of operation
    An article is its canonical URL. Its revision is judged by a hash over headline and body alone, with white space
    folded, so that new teasers, dates, pictures or counters around the text don't count. Two readings are compared only
    when both came from the same address: an AMP page's text differs a little from the main page's, which is no edit.

Known exceptions
    A page that prints the time or a visitor count into its body makes a revision at each look; the recheck plan is
    short, so that stays bounded.
"""

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Literal

from crawler.news.article import Article

Recognition = Literal["new", "revised", "unchanged"]


@dataclass(frozen=True, slots=True)
class ArticleState:
    """What the store keeps of an article between two looks. Flat: Lua reads it as JSON.

    Attributes:
        revision: of the last observed version, from 1.
        visited: canonical form of the address that the version was read from.
        published: some revision has been published, so the next published one is a revision, not a creation.
    """

    id: str
    url: str
    revision: int
    content_hash: str
    visited: str
    published: bool
    headline: str
    outlet: str
    first_seen_ms: int


def content_hash(article: Article) -> str:
    """Return 32 hex characters over headline and body, white space folded."""
    text = " ".join(f"{article.headline or ''}\n{article.articleBody or ''}".split())
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def recognise(article: Article, visited: str, state: ArticleState | None) -> Recognition:
    """Tell what `article`, read at the canonical address `visited`, is to the state that the store has of it."""
    if state is None:
        return "new"
    if visited != state.visited or article.contentHash == state.content_hash:
        return "unchanged"
    return "revised"


def observed(article: Article, visited: str, state: ArticleState | None, *, publish: bool, now_ms: int) -> ArticleState:
    """Return the state after this version was observed; `publish` says whether it goes to the stream."""
    assert article.articleId is not None
    assert article.contentHash is not None
    known = state or ArticleState(
        id=article.articleId,
        url=article.canonicalUrl,
        revision=0,
        content_hash="",
        visited=visited,
        published=False,
        headline="",
        outlet=article.outlet or "",
        first_seen_ms=now_ms,
    )
    return replace(
        known,
        revision=known.revision + 1,
        content_hash=article.contentHash,
        published=known.published or publish,
        headline=article.headline or "",
    )
