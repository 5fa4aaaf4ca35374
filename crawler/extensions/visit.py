"""What travels through the pipelines: one look at one page."""

from dataclasses import dataclass, field

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
        lines: fingerprints of the lines of its body, with those that were left out as the outlet's boilerplate.
        whole_hash: content hash with those lines; "": none was left out.
        refusal: its outcome, where a rule says that nothing of it may be kept.
        state: what the store knew of the article when recognise looked.
        recognition: new, revised or unchanged, against that state.
    """

    lease: Lease
    article: Article
    visited: str
    lines: list[int] = field(default_factory=list)
    whole_hash: str = ""
    refusal: Outcome | None = None
    state: ArticleState | None = None
    recognition: Recognition = "new"
