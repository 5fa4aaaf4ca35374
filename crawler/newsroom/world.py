"""A make-believe press as plain data: outlets, their sources and pieces, and what happens to them on cue.

Nothing here has a clock. Times are ages counted back from the moment a newsroom opens, so the news is always fresh.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal

Action = Literal["publish", "edit", "fault", "heal"]

FURNITURE = ("cookies", "newsletter", "banner", "appeal", "disclaimer")
"""What an outlet puts around every text. None of it belongs to an article."""


@dataclass(frozen=True, slots=True)
class Comment:
    """What a reader wrote under an article."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a correct crawl makes of a piece, as its file says.

    Attributes:
        outcome: published, unmatched or rejected; "" where nothing is claimed.
        reason: of a rejection: "not-found", "no-text", "robots", "first-look" (too old to be fetched at a first look).
        topics: names of the topics in `watchlist/topics.toml` that it meets.
    """

    outcome: str = ""
    reason: str = ""
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """One article as its outlet has it.

    Attributes:
        path: its address on the outlet's host; `alias` redirects to it.
        age: how long before opening it was published; negative: after.
        revised: the same for its last edit; None: never edited.
        link: the address that sources announce (an alias, tracking parameters); "" for `path`.
        sources: paths of the sources that announce it; empty: all of the outlet's.
        page: the page template; "" for the outlet's own style.
        status: what its address answers; 404 for a page announced in error.
        held: written, not published yet.
        disallowed: robots.txt forbids it.
        event: pieces about one event share this word; copy_of: URL of the piece whose text this is.
    """

    path: str
    headline: str
    paragraphs: tuple[str, ...] = ()
    description: str = ""
    author: str = ""
    section: str = "News"
    age: timedelta = timedelta(hours=1)
    revised: timedelta | None = None
    link: str = ""
    alias: str = ""
    sources: tuple[str, ...] = ()
    page: str = ""
    status: int = 200
    held: bool = False
    disallowed: bool = False
    comments: tuple[Comment, ...] = ()
    expect: Expectation = Expectation()
    event: str = ""
    copy_of: str = ""


@dataclass(frozen=True, slots=True)
class Outlet:
    """Who publishes, where, in what style of page, and with what around it.

    Attributes:
        page: its page template: jsonld, opengraph, microdata or javascript.
        sources: path -> kind, a folder name in templates/sources, or "sitemap-index" for the list of its sitemaps.
        furniture: texts by the names in FURNITURE.
        nav: the words of its menu; related: links (text -> address) beside every article.
        padding: markup without news, to weigh a page down.
        fault: a fault that holds from the start (see `faults`), for example {"kind": "slow", "seconds": 2}.
    """

    name: str
    host: str
    page: str
    sources: dict[str, str]
    language: str = "en"
    crawl_delay_seconds: int = 0
    furniture: dict[str, str] = field(default_factory=dict)
    nav: tuple[str, ...] = ()
    related: dict[str, str] = field(default_factory=dict)
    padding: str = ""
    fault: dict[str, Any] = field(default_factory=dict)
    pieces: tuple[Piece, ...] = ()

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens `at` this long after opening: `action` is a Newsroom method, `arguments` are its own."""

    name: str
    at: timedelta
    action: Action
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class World:
    """A whole press, and its scenario in order of time."""

    outlets: tuple[Outlet, ...]
    steps: tuple[Step, ...] = ()
