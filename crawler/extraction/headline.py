"""The headline: what the page calls its article, without the outlet's name.

*Requirements.* The headline as the outlet writes it. <title> and og:title often end in the name of the section or the
outlet; a first <h1> may be the outlet's logo; a JSON-LD headline may be cut at 110 characters.

*Theory of operation.* Each source of evidence votes for its text, with the weight that it earned on public test
sets. Sources that say the same add up. A trailing part is cut off where it names the outlet, or where another source has the text
without it.

*Known exceptions.* Outlets that keep two headlines (one for search engines and social networks, one for readers) have no single truth.
"""

import re

from crawler.extraction.page import Page
from crawler.extraction.text import fold, tidy

_SUFFIX = re.compile(r"\s+[-–—|•·:»/]+\s+|\s*[|｜]\s*|--|：")


def read_headline(page: Page, publisher: str | None) -> str | None:
    """Return the page's headline, or None if it has no title at all."""
    headings = page.headings()
    evidence = [
        (3.0, next(page.said("og:title"), "")),
        (2.0, page.data.text(page.node.get("headline")) or page.data.text(page.node.get("name"))),
        (2.0, next((heading for heading in headings), "")),
        (1.0, next(page.said("twitter:title"), "")),
        (0.5, page.title()),
    ]
    texts = {fold(text) for _, text in evidence} | {fold(heading) for heading in headings}
    votes: dict[str, float] = {}
    spelling: dict[str, str] = {}
    for weight, text in evidence:
        bare = without_outlet(text, publisher, texts)
        key = fold(bare)
        if key and key != fold(publisher or ""):
            votes[key] = votes.get(key, 0.0) + weight
            spelling.setdefault(key, bare)
    return spelling[max(votes, key=lambda key: votes[key])] if votes else None


def without_outlet(title: str, publisher: str | None, others: set[str]) -> str:
    """Return a title without trailing parts that name the outlet or section.

    Args:
        others: folded titles from elsewhere on the page; a shorter title that is among them is taken.
    """
    title = tidy(title)
    for cut in reversed(list(_SUFFIX.finditer(title))):
        head, tail = title[: cut.start()], title[cut.end() :]
        if fold(head) in others:
            return head
        if publisher and fold(tail) and fold(tail) in fold(publisher):
            title = head
    return title
