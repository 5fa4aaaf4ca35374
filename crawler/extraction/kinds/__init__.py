"""Pages that are no article: each is recognised, and named with the reason.

*Requirements.* No section page, player, consent wall, bot challenge, error page, paywall stub, login or list of live
blogs is published. Above all no article is refused: one about cookies, captchas or error pages, a flash of forty words,
a photo story, a live blog with its text are articles.

*Theory of operation.* Walls and error pages speak to the reader, in known phrases, and have little other text. They are
named by several signs together: title, phrases, what guards leave in the source, how little else there is. Lists are
weighed: what the page says of itself (JSON-LD, og:type, classes of <body>, address), how much of what was taken for a
body are links or stands below a headline that is one; against it what says "article", and running text.

Of 801 pages of public test sets, all meant to be articles, two are refused: both are players of a video site. With the
annotated texts (444 pages) none is.

*Known exceptions.* A wall in a language that the phrases lack, from an unknown vendor, ends as "no-text" mostly. The
front page of a blog that shows its posts in full passes as an article. So does the free part of a paid article that is
longer than a paragraph (75 words): a few words more are often all that there is. A banner that the engine takes for the
body is named a consent wall, if fewer than 30 words of an article stand beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from crawler.extraction.kinds.listings import section_page, video_player
from crawler.extraction.kinds.look import Look, with_appeals
from crawler.extraction.kinds.missing import soft_404
from crawler.extraction.kinds.walls import bot_challenge, consent_wall, login, paywall_stub
from crawler.extraction.page import Page
from crawler.extraction.zones import Passage

__all__ = ["Kind", "kind_of", "with_appeals"]

_NAMES = {
    "bot-challenge": "a bot challenge",
    "consent-wall": "a consent wall",
    "live-blog-index": "a list of live blogs",
    "login": "a login page",
    "paywall-stub": "the free part of a paid article",
    "section-page": "a page of links to articles",
    "soft-404": "an error page",
    "video-player": "a player or gallery without text",
}
_BROWSER = 'Set render = "always" for this outlet'
_MENDS = {
    "bot-challenge": f"{_BROWSER}, or ask it to let your crawler in (setting CONTACT says who you are).",
    "consent-wall": f"{_BROWSER}, or name a source of it whose pages ask for nothing.",
    "live-blog-index": "Announce the live blogs themselves.",
    "login": "Announce what everybody may read.",
    "paywall-stub": "Announce what everybody may read; the text behind it is for those who pay.",
    "section-page": "To follow it, list it in the outlet's `pages`.",
    "soft-404": "It is gone, or its address is wrong: open it in a browser.",
    "video-player": 'If there is a text, name it in the outlet\'s selectors (body = "...").',
}


@dataclass(frozen=True, slots=True)
class Kind:
    """What a page is instead of an article.

    Attributes:
        reason: a short, stable name that is counted.
        evidence: what tells it, in words.
    """

    reason: str
    evidence: str

    def message(self, url: str) -> str:
        """Say what is wrong with the page at this address, why we think so, and what may help."""
        return f"{url}: {_NAMES[self.reason]}: {self.evidence}. {_MENDS[self.reason]}"


# Words. With so many, under its own title in JSON-LD or as a dated article, a page is what it says it is.
_PLENTY = 200


def kind_of(page: Page, body: Sequence[str], *, source: str, passages: Sequence[Passage] = ()) -> Kind | None:
    """Return what a page is instead of an article; None: nothing tells against one.

    Args:
        body: the lines taken for the article's and the appeals among them (`with_appeals`): maybe none, maybe wrong.
        source: the decoded page, scripts included; only looked at where there is little text.
        passages: its blocks with their zones: labels of other articles tell nothing of this one.
    """
    look = Look(page, body, source, passages)
    if look.words >= _PLENTY and look.claims_well:
        return None
    for reason, told_by in _JUDGES:
        if evidence := told_by(look):
            return Kind(reason, evidence)
    listed = section_page(look)
    return Kind(*listed) if listed else None


_JUDGES = (
    ("bot-challenge", bot_challenge),
    ("soft-404", soft_404),
    ("consent-wall", consent_wall),
    ("paywall-stub", paywall_stub),
    ("login", login),
    ("video-player", video_player),
)
