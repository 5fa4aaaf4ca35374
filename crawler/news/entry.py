"""An entry: one link that a source announces, not fetched yet."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One announced link with the source's own claims about it.

    Attributes:
        url: absolute http(s) URL as announced.
        id: the source's own name for it (RSS guid, atom:id, JSON Feed id), or None.
        title: plain text, or None.
        summary: plain text of at most 1,000 characters, or None.
        published, updated: the source's claims, aware UTC, or None. Before 1990 or over a day ahead is no date.
        authors: names.
        language: BCP 47, or None.
    """

    url: str
    title: str | None = None
    summary: str | None = None
    published: datetime | None = None
    updated: datetime | None = None
    authors: tuple[str, ...] = ()
    language: str | None = None
    id: str | None = None
