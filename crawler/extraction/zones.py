"""What each block of a page is: the article's body, or which of the things around it."""

from dataclasses import dataclass
from enum import StrEnum

from crawler.extraction.layout import Block


class Zone(StrEnum):
    """What a block of text belongs to. Only `BODY` is `articleBody`."""

    BODY = "body"
    HEADLINE = "headline"
    BYLINE = "byline"  # who, when, where; also tags and share buttons
    CAPTION = "caption"
    TEASER = "teaser"  # another article, with a sentence or more of it
    RELATED = "related"  # links to others
    NAVIGATION = "navigation"
    COMMENTS = "comments"
    APPEAL = "appeal"  # donate, subscribe, sign up, accept
    DISCLAIMER = "disclaimer"
    ADVERTISEMENT = "advertisement"
    REPEATED = "repeated"  # learned: it stands in many of the outlet's articles
    OTHER = "other"


@dataclass(slots=True, eq=False)
class Passage:
    """A block and its zone. `why` says it in a few words, for people."""

    block: Block
    zone: Zone
    why: str
