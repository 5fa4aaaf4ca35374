"""What a correct crawl makes of each piece of a world: the table that tests of the crawler assert on."""

from dataclasses import dataclass

from crawler.newsroom.press import read_press
from crawler.newsroom.world import FURNITURE, Outlet, Piece, World


@dataclass(frozen=True, slots=True)
class Expected:
    """One row. What `Piece` and `Expectation` say of these names holds here.

    Attributes:
        url: canonical; link: as its sources announce it.
        announced_by: URLs of the sources.
        body: the paragraphs of the article, all of which belong in the text.
        never: texts that must not be in it: comments, banners, appeals, disclaimers, cookie notices.
        needs_browser: the page holds no text before its script has run.
        held: not announced before it is published.
    """

    outlet: str
    url: str
    link: str
    announced_by: tuple[str, ...]
    outcome: str
    reason: str
    headline: str
    language: str
    body: tuple[str, ...]
    never: tuple[str, ...]
    topics: tuple[str, ...]
    event: str
    copy_of: str
    needs_browser: bool
    held: bool

    @property
    def sentence(self) -> str:
        """One whole sentence of the text: the first paragraph."""
        return self.body[0] if self.body else ""


def expectations(world: World | None = None) -> tuple[Expected, ...]:
    """Return a row for each piece, of the hand-written world if none is given. Pieces that claim nothing have none."""
    world = world or read_press()
    return tuple(_row(outlet, piece) for outlet in world.outlets for piece in outlet.pieces if piece.expect.outcome)


def _row(outlet: Outlet, piece: Piece) -> Expected:
    sources = piece.sources or tuple(path for path, kind in outlet.sources.items() if kind != "sitemap-index")
    furniture = "\n\n".join(outlet.furniture.get(name, "") for name in FURNITURE)
    around = [text for text in furniture.split("\n\n") if text]
    return Expected(
        outlet=outlet.name,
        url=outlet.url(piece.path),
        link=outlet.url(piece.link or piece.path),
        announced_by=tuple(outlet.url(path) for path in sources),
        outcome=piece.expect.outcome,
        reason=piece.expect.reason,
        headline=piece.headline,
        language=outlet.language,
        body=piece.paragraphs,
        never=(*(comment.text for comment in piece.comments), *around, *outlet.related),
        topics=piece.expect.topics,
        event=piece.event,
        copy_of=piece.copy_of,
        needs_browser=(piece.page or outlet.page) == "javascript",
        held=piece.held,
    )
