"""The headline: what the page calls its article, without the outlet's name.

*Requirements.* The headline as the outlet writes it. <title> and og:title often end in the name of the section or the
outlet, or are written for search engines; a first <h1> may be the outlet's logo, or open with a kicker; a JSON-LD
headline may be cut at 110 characters.

*Theory of operation.* Each source of evidence votes for its text; sources that say the same add up. From each, parts
that name the outlet are cut off, and a trailing part that another source has the text without; but what stands in the
<h1> and in og:title or JSON-LD alike is whole ("Fire in Bergen – Bergen council meets" in Bergen Today). Four findings
overrule plain adding up:

1. The <h1> that counts is the one most like what the page says elsewhere. One that is not like it is a logo or a
   section, and is heard only where nothing else speaks.
2. og:title and <title> that agree are one voice, written for search engines: an <h1> of its own stands against both.
3. Where the winner opens or ends with another source's whole text, that is the headline, and the rest a kicker or an
   addition; but not where JSON-LD and <title> have it, too.
4. An og:title that differs where <h1>, JSON-LD and <title> all agree was written by hand; the others are one field.

The development sets are exact in .884 fundus, .961 ned, .891 wcxb, .893 trafilatura, .971 postlight (plain adding up
.835, .942, .825, .832, .941). Choosing weights and findings on four fifths of the sites and scoring on the rest: .905
over all; on all .909. Finding 4 is worth .025 on fundus, nothing on the others; it has the thinnest evidence (6 to 2).

The title under which a source announced the page decides, if the page says it, too: where an outlet writes two
headlines, one to share and one to read, that tells which of them it stands by. An announced title that the page does
not have counts for nothing: link texts say "More", and feeds cut.

*Known exceptions.* Two headlines and no announced title: there is no single truth (10 of 121 in fundus).
"""

import re
from collections.abc import Collection, Iterator
from itertools import islice

from crawler.extraction.outlet import Outlet, squeeze
from crawler.extraction.page import LONGEST_HEADING, Page
from crawler.extraction.text import tidy

_SHARED, _LINKED, _TWEETED, _HEADING, _TITLE = "og:title", "JSON-LD", "twitter:title", "h1", "title"
_WEIGHTS = {_SHARED: 3.0, _LINKED: 2.0, _TWEETED: 1.0, _HEADING: 3.0, _TITLE: 0.5}
_AGAINST_SEARCH_TITLE = 5.0  # an <h1>, where og:title and <title> agree; 4.1 and 6 lose 3 of 526 each
_STRAY_HEADING = 0.3  # an <h1> unlike all else; less than any other voice
_ALIKE = 0.4  # of the letter triples; .4 and .5 are the best, .3 and .6 lose 2 of 526
_PART = 0.5  # of the winner's letters; .5 to .6 are the best, .7 loses 3
_FEWEST_LETTERS = 8  # "Sport" is no headline
_MOST_SUBHEADINGS = 30

_PARTING = re.compile(r"(?:\s+[-–—|•·:»›/~<>]+)+\s+|\s*[|｜│ǀ]\s*|--|：")


def read_headline(page: Page, publisher: str | None, announced: str | None = None) -> str | None:
    """Return the page's headline, or None if it has no title at all.

    Args:
        announced: the title that a source gave the page.
    """
    outlet = Outlet(page.url, [publisher or "", *page.said("og:site_name", "application-name")])
    headings = page.headings()
    texts = _evidence(page, headings, outlet)
    keys = {source: squeeze(text) for source, text in texts.items()}
    spellings: dict[str, str] = {}
    for text in (*texts.values(), *headings):
        spellings.setdefault(squeeze(text), text)
    heard = squeeze(tidy(announced))
    if heard and heard in spellings:
        return spellings[heard]
    if not keys:
        return None
    is_stray = _HEADING not in keys or not _is_like_another(keys)
    best = _vote(keys, is_stray=is_stray)
    return _part_of(best, keys, texts, _subheadings(page) if is_stray else iter(())) or spellings[best]


def without_outlet(title: str, outlet: Outlet, others: Collection[str] = ()) -> str:
    """Return a title without the parts at its ends that name the outlet.

    Args:
        others: squeezed titles from elsewhere on the page; one with which this title begins is taken.
    """
    for cut in reversed(list(_PARTING.finditer(title))):
        head, tail = title[: cut.start()], title[cut.end() :]
        if squeeze(head) in others:
            return head
        if head and outlet.is_told_by(tail):
            title = head
    start = 0
    for cut in _PARTING.finditer(title):
        if outlet.is_told_by(title[start : cut.start()]) and cut.end() < len(title):
            start = cut.end()
    return title[start:]


def _evidence(page: Page, headings: list[str], outlet: Outlet) -> dict[str, str]:
    """Return what each source says, bare; those that say nothing, or the outlet's name alone, are left out."""
    claims = {
        _SHARED: next(page.said("og:title"), ""),
        _LINKED: page.data.text(page.node.get("headline")) or page.data.text(page.node.get("name")),
        _TWEETED: next(page.said("twitter:title"), ""),
        _TITLE: page.title(),
    }
    claims = {source: text[:LONGEST_HEADING] for source, text in claims.items()}
    claims[_HEADING] = _own_heading([text for text in headings if not outlet.is_named(text)], claims, outlet)
    others = {squeeze(text) for text in (*claims.values(), *headings) if text and not outlet.is_named(text)}
    agreed = {squeeze(claims[_SHARED]), squeeze(claims[_LINKED])} & {squeeze(claims[_HEADING])}
    bare = (
        (source, text if squeeze(text) in agreed else without_outlet(text, outlet, others))
        for source in _WEIGHTS
        if (text := claims[source])
    )
    return {source: text for source, text in bare if squeeze(text) and not outlet.is_named(text)}


def _own_heading(headings: list[str], claims: dict[str, str], outlet: Outlet) -> str:
    """Return the <h1> that says what another source says, or else is most like all of them; "" without any."""
    if len(headings) < 2:
        return next(iter(headings), "")
    said = {squeeze(without_outlet(text, outlet)) for text in claims.values()}
    for text in headings:
        if squeeze(text) in said:
            return text
    wanted = _triples("".join(map(squeeze, claims.values())))
    return max(headings, key=lambda text: len(_triples(squeeze(text)) & wanted))


def _is_like_another(keys: dict[str, str]) -> bool:
    heading = keys[_HEADING]
    others = [key for source, key in keys.items() if source != _HEADING]
    if not others or heading in others:
        return True
    own = _triples(heading)
    return any(len(own & other) >= _ALIKE * min(len(own), len(other)) for other in map(_triples, others))


def _vote(keys: dict[str, str], *, is_stray: bool) -> str:
    """Return the squeezed text that has the most weight."""
    shared, heading, title = keys.get(_SHARED), keys.get(_HEADING), keys.get(_TITLE)
    if shared and heading == title == keys.get(_LINKED) and heading and keys.get(_TWEETED) != shared:
        return shared
    weights = dict(_WEIGHTS)
    if is_stray:
        weights[_HEADING] = _STRAY_HEADING
    elif shared == title:
        weights[_HEADING] = _AGAINST_SEARCH_TITLE
    votes = dict.fromkeys(keys.values(), 0.0)
    for source, key in keys.items():
        votes[key] += weights[source]
    return max(votes, key=lambda key: votes[key])


def _part_of(best: str, keys: dict[str, str], texts: dict[str, str], subheadings: Iterator[str]) -> str | None:
    """Return the text with which the winner opens or ends, if one does."""
    parts = [texts.get(_SHARED, "")]
    if not best == keys.get(_LINKED) == keys.get(_TITLE):
        parts += [texts.get(_HEADING, ""), *subheadings]
    for text in parts:
        part = squeeze(text)
        is_long_enough = max(_FEWEST_LETTERS, _PART * len(best)) <= len(part) < len(best)
        if is_long_enough and (best.startswith(part) or best.endswith(part)):
            return text
    return None


def _subheadings(page: Page) -> Iterator[str]:
    blocks = page.layout.blocks
    found = (block.text for block in blocks if block.box.tag in ("h2", "h3") and len(block.text) <= LONGEST_HEADING)
    return islice(found, _MOST_SUBHEADINGS)


def _triples(key: str) -> set[str]:
    """Return the letter triples of a squeezed text: they find likeness in every script, and across word endings."""
    return {key[start : start + 3] for start in range(max(1, len(key) - 2))}
