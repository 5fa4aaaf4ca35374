"""What travels through the pipelines: one look at one page."""

from dataclasses import dataclass

from crawler.news.article import Article
from crawler.news.outcome import Outcome
from crawler.news.revision import ArticleState, Recognition
from crawler.store.frontier import Lease


@dataclass(slots=True)
class Visit:
    """A page that was fetched and read, on its way to its outcome.

    Attributes:
        lease: proves that the work is ours.
        article: as extracted; the pipelines complete it.
        visited: canonical form of the address it was read from.
        refusal: its outcome, where a rule says that nothing of it may be kept.
        state: what the store knew of the article when recognise looked.
        recognition: new, revised or unchanged, against that state.
    """

    lease: Lease
    article: Article
    visited: str
    refusal: Outcome | None = None
    state: ArticleState | None = None
    recognition: Recognition = "new"
