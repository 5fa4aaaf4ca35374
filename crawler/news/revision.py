"""Is this page new, revised, or what we know already?

Requirements
    An edited article must not become a second item; an alias (redirect, AMP, tracking parameters) never makes a
    revision; a page whose furniture changed is unchanged.

Theory of operation
    An article is its canonical URL. Its revision is judged by a hash over headline and body alone, with white space
    folded, so that new teasers, dates, pictures or counters around the text don't count. Two readings are compared only
    when both came from the same address: an AMP page's text differs a little from the main page's, which is no edit.
    Between two looks we may learn that a line is boilerplate, and leave it out. So there is a second hash, over the
    text with all that is left out as such: a page is unchanged if either of its hashes is known. The first is deaf to a
    new appeal, the second to what we learned. An unchanged look tells both anew, so what was learned before it does
    not make a revision of a new appeal after it.
    Our own rules change, too, and then nearly every page is read a little differently. So a state tells which engine
    read it. One of another engine is no yardstick: the page counts as unchanged, and its state is made anew.

Known exceptions
    A page whose boilerplate changes just when we learn of it makes a revision.
    An edit between the last look of one engine and the first of the next is not told.
    A page that prints the time or a visitor count into its body makes a revision at each look; the recheck plan is
    short, so that stays bounded.
"""

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Literal

from crawler.news.article import Article

# Raise it whenever a change of rules (extraction, learning, `content_hash`) makes us read unchanged pages differently.
# By the latest one 109 of 160 content hashes changed: each page still to be looked at would have become a revision.
ENGINE = 1

Recognition = Literal["new", "revised", "unchanged"]


@dataclass(frozen=True, slots=True)
class ArticleState:
    """What the store keeps of an article between two looks. Flat: Lua reads it as JSON.

    Attributes:
        revision: of the last observed version, from 1.
        visited: canonical form of the address that the version was read from.
        published: some revision has been published, so the next published one is a revision, not a creation.
        whole_hash: of its text with what was left out as the outlet's boilerplate; "": nothing was.
        engine: whose reading the hashes and the headline are (ENGINE then).
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
    whole_hash: str = ""
    engine: int = 0


def content_hash(article: Article) -> str:
    """Return 32 hex characters over headline and body, white space folded."""
    text = " ".join(f"{article.headline or ''}\n{article.articleBody or ''}".split())
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def recognise(article: Article, visited: str, state: ArticleState | None, *, whole_hash: str = "") -> Recognition:
    """Tell what `article`, read at the canonical address `visited`, is to the state that the store has of it.

    `whole_hash`: of its text with what was left out as boilerplate; "": nothing was.
    """
    if state is None:
        return "new"
    known = {state.content_hash, state.whole_hash} - {""}
    is_known = article.contentHash in known or whole_hash in known
    is_comparable = visited == state.visited and state.engine == ENGINE
    return "revised" if is_comparable and not is_known else "unchanged"


def observed(
    article: Article,
    visited: str,
    state: ArticleState | None,
    *,
    publish: bool,
    now_ms: int,
    whole_hash: str = "",
) -> ArticleState:
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
        whole_hash=whole_hash,
        engine=ENGINE,
    )


def reread(article: Article, visited: str, state: ArticleState, *, whole_hash: str) -> ArticleState | None:
    """Return the state after an unchanged look, the same revision read anew; None: it stays as it is."""
    assert article.contentHash is not None
    # Where nothing is left out we know no more than before, and maybe less: what other workers learned.
    tells_more = whole_hash != "" or state.engine != ENGINE
    if visited != state.visited or not tells_more:
        return None
    after = replace(
        state,
        content_hash=article.contentHash,
        headline=article.headline or "",
        whole_hash=whole_hash,
        engine=ENGINE,
    )
    return None if after == state else after
