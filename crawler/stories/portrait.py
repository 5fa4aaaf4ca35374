"""What an article looks like when events are compared: its most telling words, weighed; and how alike two such are.

Requirements: two own reports of one event are alike from the very first, though they share hardly any wording; a
look-alike event (the same kind of thing elsewhere, told in the same phrases; or the same two countries in another
matter) is not.

Theory of operation: reports of one event share *who, where and how many*, and some of *what*. Look-alikes have one of
the two: the phrases ("left its benchmark rate", "declared three days of mourning") or the names (the same two
countries). So a portrait has two parts of fixed weight, names and numbers (`NAMES_SHARE`) and plain words, each
smoothed tf-idf; and `likeness` counts common names only as far as there are common plain words, too (`COMPANY`), and
less where more of the words are common than of the names: the same phrases about other people. Names count nearly once,
however often they are repeated (`REPEATED_NAME`): else a match of two countries is like any other news of the two. The
idf blends what to expect of the language (background.py) with what came so far. Weights are fixed when an article
comes, as integers: sums of them do not depend on the order in which an index is rebuilt.

Measured as the least of 14 same-event pairs against the greatest of 36 look-alike pairs (the calibration set of the
tests; each pair the first two articles of a fresh index), and in BCubed F1 on 374 full texts with a look-alike for
every event: plain cosine .22 against .37, F1 .87; with two parts .24 against .32, F1 .89; with `COMPANY`, too, .21
against .19, F1 .89. A geometric mean of the two parts' likenesses did worse: .15 against .22. On another set of 16
events, written to confuse, phrases repeated about other people came to .16 to .58; with the discount to .13 and less,
but for a German one (.30). Of its same-event pairs 7 are joined; of the others, half share three names or fewer.

Known exceptions: the same people in another matter of the same week, told by the same outlet, come out as one event; in
German every noun looks like a name; a text without capitals (or without case) is weighed as one part; two articles
about the same town in the same week, each with few other names, come close to each other.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from crawler.stories.words import Word, capitals_tell

NAMES_SHARE = 0.8  # of a portrait; .7 to .8 measure the same within .02
REPEATED_NAME = 0.4  # 0 to .6 measure the same; 1, as for plain words, lets the names of two countries decide
COMPANY = 0.025  # likeness of plain words at which common names count by half; .01 to .03 measure the same
IN_HEADLINE = 2  # what a word in the headline counts; 1 to 3 measure the same
MOST_TERMS = 200  # 80 to 300 measure the same
FEWEST_NAMES = 3  # fewer make no part of their own
TITLE_ONLY_WORDS = 25  # a body with fewer words is no more than a longer title
UNIT = 1_000  # length of a portrait in the integers that it is kept in

Weights = dict[str, int]


@dataclass(slots=True)
class Portrait:
    """An article's telling words, stem -> weight, together of length `UNIT` (rounded).

    Attributes:
        names: names and numbers; empty if there are too few to tell.
        plain: the other words.
        spelled: stem -> as the article has it, for people. Not kept.
    """

    names: Weights
    plain: Weights
    spelled: dict[str, str] = field(default_factory=dict)

    @property
    def parts(self) -> tuple[Weights, Weights]:
        """Its names and its plain words."""
        return self.names, self.plain


def portray(
    headline: Sequence[Word], body: Sequence[Word], *, outlet: Sequence[Word], rarity: Callable[[str], float]
) -> Portrait:
    """Return the portrait of an article.

    Args:
        outlet: the words of its outlet's name, which say nothing of the event ("BALHOLM (Meridian Wire) —").
        rarity: the idf of a stem; what is not above 0 tells nothing.
    """
    counts: Counter[str] = Counter()
    spelled: dict[str, str] = {}
    named: set[str] = set()
    for words, counts_as in ((headline, IN_HEADLINE), (body, 1)):
        capitals = capitals_tell(words)
        for word in words:
            counts[word.stem] += counts_as
            if word.number or (capitals and word.capital):
                named.add(word.stem)
                spelled[word.stem] = word.spelled
            else:
                spelled.setdefault(word.stem, word.spelled)
    own_name = named & {word.stem for word in outlet}
    names: dict[str, float] = {}
    plain: dict[str, float] = {}
    for stem, count in counts.items():
        rare = rarity(stem)
        if rare <= 0 or stem in own_name:
            continue
        if stem in named:
            names[stem] = rare * (1 + REPEATED_NAME * math.log(count))
        else:
            plain[stem] = rare * (1 + math.log(count))
    if len(body) < TITLE_ONLY_WORDS or len(names) < FEWEST_NAMES or not plain:
        return Portrait({}, _to_length(UNIT, {**plain, **names}), spelled)
    return Portrait(
        _to_length(UNIT * math.sqrt(NAMES_SHARE), names), _to_length(UNIT * math.sqrt(1 - NAMES_SHARE), plain), spelled
    )


def _to_length(length: float, weights: Mapping[str, float]) -> Weights:
    """Return the heaviest weights, scaled to a length together and rounded."""
    heaviest = sorted(weights.items(), key=lambda weight: (-weight[1], weight[0]))[:MOST_TERMS]
    scale = length / (math.sqrt(sum(weight * weight for _, weight in heaviest)) or 1)
    return {stem: rounded for stem, weight in heaviest if (rounded := round(weight * scale))}


def likeness(common_names: int, common_plain: int, one: tuple[int, int], other: tuple[int, int]) -> float:
    """Return how alike two portraits, or an article's and a story's, are: 0 to 1.

    Args:
        common_plain: the product of their plain parts.
        common_names: the rest of their product: wherever at least one of them has a name.
        one: squared lengths of its names and of its plain words.
        other: those of the other.
    """
    whole = math.sqrt(sum(one) * sum(other))
    if not whole:
        return 0.0
    if not (one[0] and other[0]):
        return (common_names + common_plain) / whole
    names = common_names / (math.sqrt(one[0] * other[0]) or 1)
    plain = common_plain / (math.sqrt(one[1] * other[1]) or 1)
    alike = (common_names * plain / (plain + COMPANY) + common_plain) / whole
    return alike if plain <= names else alike * names / plain


def squared_lengths(portrait: Portrait) -> tuple[int, int]:
    """Return the squared lengths of a portrait's names and of its plain words."""
    names, plain = (sum(weight * weight for weight in part.values()) for part in portrait.parts)
    return names, plain


def compare(one: Portrait, other: Portrait) -> float:
    """Return how alike two portraits are: 0 to 1."""
    plain = _product(one.plain, other.plain)
    names = _product(one.names, other.names) + _product(one.names, other.plain) + _product(one.plain, other.names)
    return likeness(names, plain, squared_lengths(one), squared_lengths(other))


def telling_words(one: Portrait, other: Portrait, most: int = 8) -> tuple[str, ...]:
    """Return the words that make two portraits alike, the most telling first, as the first spells them."""
    mine, theirs = ({**portrait.plain, **portrait.names} for portrait in (one, other))
    shared = sorted((-weight * theirs[stem], stem) for stem, weight in mine.items() if stem in theirs)
    return tuple(one.spelled.get(stem, stem) for _, stem in shared[:most])


def _product(one: Weights, other: Weights) -> int:
    return sum(weight * other[stem] for stem, weight in one.items() if stem in other)
