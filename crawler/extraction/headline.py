"""The headline: what the page calls its article, without the outlet's name.

*Requirements.* The headline as the outlet writes it. <title> and og:title often end in the name of the section or the
outlet; a first <h1> may be the outlet's logo; a JSON-LD headline may be cut at 110 characters.

*Theory of operation.* Each source of evidence votes for its text; sources that say the same add up. A trailing part is
cut off where it names the outlet, or where another source has the text without it. Among the <h1> the one most like
the title counts. With these weights .835 of fundus, .942 of ned, .825 of wcxb and .824 of trafilatura's set are exact;
og:title first gives .86, .83, .78 and .79.

The title under which a source announced the page decides, if the page says it, too: where an outlet writes two
headlines, one to share and one to read, that tells which of them it stands by. An announced title that the page does
not have counts for nothing: link texts say "More", and feeds cut.

*Known exceptions.* Two headlines and no announced title: there is no single truth (18 of 121 in fundus).
"""

import re
from urllib.parse import urlsplit

from crawler.extraction.page import Page
from crawler.extraction.text import fold, tidy

_SUFFIX = re.compile(r"\s+[-–—|•·:»/]+\s+|\s*[|｜]\s*|--|：")


def read_headline(page: Page, publisher: str | None, announced: str | None = None) -> str | None:
    """Return the page's headline, or None if it has no title at all.

    Args:
        announced: the title that a source gave the page.
    """
    title = page.title()
    shared = next(page.said("og:title"), "")
    evidence = [
        (3.0, shared),
        (3.0, _own_heading(page, f"{title} {shared}")),
        (2.0, page.data.text(page.node.get("headline")) or page.data.text(page.node.get("name"))),
        (1.0, next(page.said("twitter:title"), "")),
        (0.5, title),
    ]
    outlets = [name for name in (fold(publisher or ""), _host_name(page.url)) if name]
    others = {fold(text) for text in (*(text for _, text in evidence), *page.headings())}
    votes: dict[str, float] = {}
    spelling: dict[str, str] = {}
    for weight, text in evidence:
        bare = without_outlet(text, outlets, others)
        if fold(bare) and fold(bare) not in outlets:
            votes[fold(bare)] = votes.get(fold(bare), 0.0) + weight
            spelling.setdefault(fold(bare), bare)
    for heading in page.headings():
        spelling.setdefault(fold(heading), heading)
    heard = fold(tidy(announced))
    if heard in spelling:
        return spelling[heard]
    return spelling[max(votes, key=lambda key: votes[key])] if votes else None


def without_outlet(title: str, outlets: list[str], others: set[str]) -> str:
    """Return a title without trailing parts that name the outlet or section.

    Args:
        outlets: folded names of the outlet.
        others: folded titles from elsewhere on the page; a shorter title that is among them is taken.
    """
    for cut in reversed(list(_SUFFIX.finditer(title))):
        head, tail = title[: cut.start()], fold(title[cut.end() :])
        if fold(head) in others:
            return head
        if tail and any(tail in outlet or tail.replace(" ", "") == outlet for outlet in outlets):
            title = head
    return title


def _own_heading(page: Page, title: str) -> str:
    """Return the <h1> that shares most words with the page's title: the first may be the outlet's logo."""
    words = set(fold(title).split())
    return max(page.headings(), key=lambda heading: len(words.intersection(fold(heading).split())), default="")


def _host_name(url: str) -> str:
    """Return the label that names the outlet in its host: "bbc" of "www.bbc.co.uk" (the longest, as a rule)."""
    labels = (urlsplit(url).hostname or "").split(".")[:-1]
    return max(labels, key=len, default="")
