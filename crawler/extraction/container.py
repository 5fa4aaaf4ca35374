"""Which boxes of a page hold its article.

*Requirements.* All of the article, wherever its parts stand; nothing of what looks like it: another article below,
teasers with a sentence or two, a fact box longer than the report, a consent text longer than everything.

*Theory of operation.*
1. Every group of prose votes for its container, for that one's parent with less, and so on: the one with most votes is
   the *heart*. Groups in a box that calls itself something else (signs) have a weak vote, so names alone never lose an
   article; neither do boxes of another <article> than the headline's. An appeal has a vote only if it holds the
   headline, or none is shown: on a page of pictures a banner is all the prose there is.
2. The *realm* is the smallest box around heart and headline. In it other groups belong, too: those that look like the
   heart's (the same tags and names around them), and those with enough prose of their own.
3. Boxes of one look that each have a linked line and little text are a list of other articles: they go.

Measured on the development halves of the public sets, each number alone at half and at twice its value: .006 in F1 at
most, in most cases under .001; but .012 where votes decay or end twice as fast. Chosen anew on four fifths of the sites
and judged on the last fifth, the numbers score within .002 of these in F1, and within .008 on the snippets.

*Known exceptions.* An article of captions or of short list items alone has no prose, so no heart.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice

from crawler.extraction.layout import Box, Layout, upwards
from crawler.extraction.prose import HEADINGS, Group, Line
from crawler.extraction.signs import NAMES, zone_of, zone_of_title
from crawler.extraction.zones import Zone

_DECAY = 0.6  # of a vote, from a box to its parent
_GENERATIONS = 3
_WEAK = 0.2  # a vote from a box that says it is something else
_ELSEWHERE = 0.1  # a vote from another <article> than the headline's, however long that is
_LEAST_PROSE = 20  # words that a group must have to belong by itself
_LEAST_SENTENCE = 15  # words of its average line of prose
_MOST_LINKED = 0.3
_TEASER_WORDS, _TEASER_LINES = 70, 12
# Templates call parts of the article so: "section--ads", "read-more-content", slides that do not show yet.
_MAY_BE_WRONG = frozenset({Zone.ADVERTISEMENT, Zone.RELATED, Zone.OTHER})
_DIGITS = re.compile(r"\d+")

Look = tuple[str, str, str, str]


@dataclass(slots=True)
class Place:
    """Where the article is.

    Attributes:
        heart: the box with most of it, None if the page has no prose.
        realm: the smallest box around heart and headline.
        headline: the place of the headline among the page's lines, -1 if it is not shown.
        zones: what each box claims to be; of those around the heart no claim is believed.
        members: the containers whose lines may be the article's, with the reason.
    """

    heart: Box | None
    realm: Box | None
    headline: int
    zones: dict[Box, Zone | None]
    members: dict[Box, str]


def find(
    layout: Layout,
    lines: Sequence[Line],
    groups: dict[Box, Group],
    titles: Sequence[int],
    *,
    trusted: frozenset[Zone] | None = None,
) -> Place:
    """Return where the article is.

    Args:
        titles: places of the lines that say the headline.
        trusted: only claims of these zones are believed; None: all.
    """
    boxes = [box for box in layout.boxes if box.start < box.end]  # 300 of 400 on an average page
    claims = _Claims(boxes, lines, trusted)
    zones = claims.zones(())
    titled = {zones[lines[place].block.box] for place in titles}
    heart = _heart(groups, zones, _elsewhere(boxes, lines, titles), appeals=not titled or Zone.APPEAL in titled)
    if heart is None:
        return Place(None, None, titles[0] if titles else -1, zones, {})
    headline = _headline(lines, titles, heart)
    around = {*upwards(heart), *(upwards(lines[headline].block.box) if headline >= 0 else ())}
    zones = _zones(claims, around, groups, heart)
    place = Place(heart, _realm(layout, heart, headline), headline, zones, {})
    _admit(place, groups)
    _admit_between(place, groups, lines)
    _dismiss_teasers(place, groups, lines)
    return place


def is_within(box: Box, around: Box) -> bool:
    """Return whether all of a box's lines stand in another."""
    return around.start <= box.start and box.end <= around.end


class _Claims:
    """What the boxes of a page say that they are: by their names, or by the title that they open with."""

    def __init__(self, boxes: Sequence[Box], lines: Sequence[Line], trusted: frozenset[Zone] | None) -> None:
        self._boxes = boxes
        self._trusted = trusted
        self._titles = {at: zone for at, line in enumerate(lines) if (zone := zone_of_title(line.block.text))}
        self._named: dict[Box, Zone | None] = {}

    def zones(self, disbelieved: Container[Box]) -> dict[Box, Zone | None]:
        """Return the zone of each box that has text: that of the outermost around it that claims one, if believed."""
        named = self._named
        zones: dict[Box, Zone | None] = {}
        for box in self._boxes:
            zone = zones[box.parent] if box.parent is not None else None
            if zone is None and box not in disbelieved:
                if box not in named:
                    named[box] = zone_of(box) or self._titles.get(box.start)
                zone = named[box] if self._trusted is None or named[box] in self._trusted else None
            zones[box] = zone
        return zones


def _zones(claims: _Claims, around: set[Box], groups: dict[Box, Group], heart: Box) -> dict[Box, Zone | None]:
    """Return each box's zone; no claim of what is around the article, nor one that would take most of its heart."""
    zones = claims.zones(around)
    taken = Counter[Zone | None]()
    for box, found in groups.items():
        if is_within(box, heart):
            taken[zones[box]] += found.prose
    zone, prose = max(taken.items(), key=lambda item: item[1])
    if zone not in _MAY_BE_WRONG or 2 * prose < taken.total():
        return zones
    wrong = {box for box in zones if zones[box] == zone and is_within(box, heart)}
    return claims.zones(around | {box for box in wrong if box.parent not in wrong})


def _elsewhere(boxes: Sequence[Box], lines: Sequence[Line], titles: Sequence[int]) -> set[Box]:
    """Return the boxes that are not in the headline's <article>, none if it stands in none."""
    articles: dict[Box, Box | None] = {}
    for box in boxes:
        articles[box] = box if box.tag == "article" else articles[box.parent] if box.parent else None
    headed = {articles[lines[place].block.box] for place in titles} - {None}
    return {box for box, article in articles.items() if article not in headed} if headed else set()


def _heart(
    groups: dict[Box, Group], zones: dict[Box, Zone | None], elsewhere: set[Box], *, appeals: bool
) -> Box | None:
    """Return the box with most votes; `appeals`: whether one that says it is an appeal may have any."""
    votes: dict[Box, float] = {}
    for box, found in groups.items():
        vote = found.weight * (1.0 if zones[box] is None else _WEAK) * (_ELSEWHERE if box in elsewhere else 1.0)
        if not vote or (zones[box] == Zone.APPEAL and not appeals):
            continue
        for outer in islice(upwards(box), _GENERATIONS):
            votes[outer] = votes.get(outer, 0.0) + vote
            vote *= _DECAY
    return max(votes, key=votes.__getitem__, default=None)


def _headline(lines: Sequence[Line], titles: Sequence[int], heart: Box) -> int:
    """Return its place: as a heading before most of the heart, else as any line there, else the last <h1> there."""
    middle = _middle(lines, heart)
    before = [place for place in titles if place < middle]
    headings = [place for place in before if lines[place].block.box.tag in HEADINGS] or before
    if not headings:
        return max((place for place in range(middle) if lines[place].block.box.tag == "h1"), default=-1)
    return headings[-1] if headings[-1] <= heart.start + 3 else headings[0]


def _middle(lines: Sequence[Line], heart: Box) -> int:
    """Return the place of the line with which half of the heart's prose is read."""
    prose = list(accumulate(line.prose for line in lines[heart.start : heart.end]))
    return heart.start + bisect_left(prose, prose[-1] / 2)


def _realm(layout: Layout, heart: Box, headline: int) -> Box:
    if headline < 0:
        return next((box for box in upwards(heart) if box.tag in ("article", "main")), layout.boxes[0])
    return next((box for box in upwards(heart) if box.start <= headline < box.end), layout.boxes[0])


def _admit(place: Place, groups: dict[Box, Group]) -> None:
    assert place.heart is not None and place.realm is not None
    free = {box: found for box, found in groups.items() if place.zones[box] is None}
    looks = {_look(box) for box, found in free.items() if found.prose and is_within(box, place.heart)}
    for box, found in free.items():
        if is_within(box, place.heart):
            place.members[box] = "in the article's box"
        elif not is_within(box, place.realm) or found.places[-1] < place.headline:
            continue
        elif found.prose and found.linked < found.words / 2 and _look(box) in looks:
            place.members[box] = "in a box like the article's"
        elif found.prose >= _LEAST_PROSE and _is_prose(found):
            place.members[box] = "prose beside the article's box"


def _is_prose(found: Group) -> bool:
    return found.prose >= _LEAST_SENTENCE * found.sentences and found.linked <= _MOST_LINKED * found.words


def _admit_between(place: Place, groups: dict[Box, Group], lines: Sequence[Line]) -> None:
    """Admit what stands between two parts of the article and is set like text: a list, a quote, a subheading."""
    assert place.realm is not None
    places = [at for box in place.members for at in groups[box].places]
    first, last = min(places, default=0), max(places, default=0)
    for box, found in groups.items():
        if box in place.members or place.zones[box] is not None or not is_within(box, place.realm):
            continue
        is_between = first < found.places[0] and found.places[-1] < last
        if is_between and all(_is_set(lines[at]) for at in found.places):
            place.members[box] = "between parts of the article"


def _is_set(line: Line) -> bool:
    return line.block.box is not line.home and line.linked < _MOST_LINKED


def _dismiss_teasers(place: Place, groups: dict[Box, Group], lines: Sequence[Line]) -> None:
    """Dismiss families of boxes of one look, each with a linked line and little text; not most of the article."""
    most = sum(groups[member].prose for member in place.members) / 2
    around = set(upwards(place.heart))
    families: dict[tuple[Box, str, str], dict[Box, list[Box]]] = {}
    for member in place.members:
        for box in islice(upwards(member), _GENERATIONS):
            if box in around or box.parent is None:
                break
            families.setdefault((box.parent, box.tag, _bare(box.names)), {}).setdefault(box, []).append(member)
    for family in families.values():
        teasers = [box for box in family if _is_teaser(box, lines)]
        members = [member for inside in family.values() for member in inside]
        is_list = len(teasers) >= 2 and len(teasers) >= 0.6 * len(family)
        if is_list and sum(groups[member].prose for member in members) <= most:
            for member in members:
                place.members.pop(member, None)


def _is_teaser(box: Box, lines: Sequence[Line]) -> bool:
    if box.end - box.start > _TEASER_LINES:
        return False
    inside = lines[box.start : box.end]
    return sum(line.words for line in inside) <= _TEASER_WORDS and any(
        line.linked > 0.7 and line.words >= 3 for line in inside
    )


def _look(box: Box) -> Look:
    outer = box.parent
    return (box.tag, _bare(box.names), outer.tag if outer else "", _bare(outer.names) if outer else "")


def _bare(names: str) -> str:
    """Return names without their numbers: "story-item-4" looks like "story-item-5"."""
    return _DIGITS.sub("", names[:NAMES])
