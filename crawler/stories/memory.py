"""What the index remembers, arranged for looking up. Its state depends on what it holds, not on how that came.

So it can be rebuilt from stored features in any order, and forgets without a trace. All sums are of integers, for those
of floats depend on their order.
"""

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from crawler.stories.background import share_of_articles
from crawler.stories.credits import name_keys
from crawler.stories.known import Known
from crawler.stories.portrait import Portrait, likeness, squared_lengths
from crawler.stories.shingles import FEWEST_IN_COMMON, sketch

Key = TypeVar("Key", bound=Hashable)

BACKGROUND_ARTICLES = 1_000  # what the background weighs against the articles that came; 300 to 30,000 measure the same

# An event is news for days. The reports of the first are compared as they are; four days on, an article must be twice
# as like the story. On titles of 35 hours any of this measures the same; it is what keeps next week's look-alike apart.
FRESH_FOR_S = 24 * 3_600
FADES_IN_S = 3 * 24 * 3_600


# 500 and 8 measure the same as all; so an article costs some milliseconds, however many are known.
MOST_LOOKED_AT = 1_000  # entries of stories under an article's words, the rarest words first
MOST_NEAR = 10  # stories that an article is compared with


@dataclass(slots=True)
class _Story:
    """The sum of a story's own reports. Times are seconds since 1970; lengths are squared."""

    members: set[str] = field(default_factory=set)
    reports: int = 0
    texts: int = 0
    names_length: int = 0
    plain_length: int = 0
    languages: Counter[str] = field(default_factory=Counter)
    first: int = 0
    last: int = 0

    @property
    def length(self) -> float:
        """Of the sum, at least 1."""
        return math.sqrt(self.names_length + self.plain_length) or 1.0


@dataclass(frozen=True, slots=True)
class _Term:
    """A word of an article, and the stories that have it: as a name, as a plain word, each with its weight there."""

    weight: int
    named: bool
    in_names: dict[str, int]
    in_plain: dict[str, int]

    @property
    def stories(self) -> int:
        """How many stories have it."""
        return len(self.in_names) + len(self.in_plain)


@dataclass(frozen=True, slots=True)
class Near:
    """A story that an article may belong to.

    Attributes:
        likeness: 0 to 1, less the longer ago it was.
        reports: how many own reports it has.
        brief: they are nothing but headlines.
        abroad: none of them is in the article's language, so that only names were compared.
        common_names: if so, how many names both have.
    """

    story: str
    likeness: float
    reports: int
    brief: bool
    abroad: bool = False
    common_names: int = 0


class Memory:
    """Every known article, looked up by story, wording, URL and telling words."""

    def __init__(self) -> None:
        self.articles: dict[str, Known] = {}
        self._stories: dict[str, _Story] = {}
        self._names: defaultdict[str, dict[str, int]] = defaultdict(dict)  # stem -> story -> sum of weights
        self._plain: defaultdict[str, dict[str, int]] = defaultdict(dict)
        self._reports_with: Counter[str] = Counter()  # stem -> own reports
        self._reports = 0
        self._sketched: defaultdict[int, set[str]] = defaultdict(set)
        self._at_url: defaultdict[str, set[str]] = defaultdict(set)
        self._based_on: defaultdict[str, set[str]] = defaultdict(set)
        self._outlet_keys: Counter[str] = Counter()

    def put(self, article_id: str, known: Known) -> None:
        """Remember an article, instead of what was known under this id."""
        self.drop(article_id)
        self.articles[article_id] = known
        story = self._stories.setdefault(known.story, _Story())
        story.members.add(article_id)
        self._settle_times(story)
        for value in sketch(known.shingles):
            self._sketched[value].add(article_id)
        if known.url:
            self._at_url[known.url].add(article_id)
        if known.based_on:
            self._based_on[known.based_on].add(article_id)
        self._outlet_keys.update(name_keys(known.outlet))
        if known.counts:
            self._count(known, story, 1)

    def drop(self, article_id: str) -> None:
        """Forget an article, if it is known."""
        known = self.articles.pop(article_id, None)
        if known is None:
            return
        story = self._stories[known.story]
        story.members.discard(article_id)
        for value in sketch(known.shingles):
            _discard(self._sketched, value, article_id)
        if known.url:
            _discard(self._at_url, known.url, article_id)
        if known.based_on:
            _discard(self._based_on, known.based_on, article_id)
        self._outlet_keys -= Counter(name_keys(known.outlet))
        if known.counts:
            self._count(known, story, -1)
        if story.members:
            self._settle_times(story)
        else:
            del self._stories[known.story]

    @property
    def outlets(self) -> Counter[str]:
        """The keys of the outlets of all known articles."""
        return self._outlet_keys

    @property
    def latest(self) -> int:
        """When the latest known article was seen, seconds since 1970."""
        return max((known.seen for known in self.articles.values()), default=0)

    def rarity(self, stem: str) -> float:
        """Return the idf of a stem: what to expect of the language, blended with what came."""
        expected = BACKGROUND_ARTICLES * share_of_articles(stem) + self._reports_with[stem] + 0.5
        return math.log((BACKGROUND_ARTICLES + self._reports + 1) / expected)

    def members(self, story: str) -> set[str]:
        """Return the ids of a story's articles."""
        return self._stories[story].members

    def founded(self, story: str) -> tuple[int, str]:
        """Return when the first of a story's articles was seen, and the story: of several, the least lives on."""
        return min(self.articles[member].seen for member in self.members(story)), story

    def with_common_wording(self, known: Known) -> list[str]:
        """Return the articles that may share wording, those with most in common first."""
        hits = Counter(article for value in sketch(known.shingles) for article in self._sketched.get(value, ()))
        likely = [(-count, article) for article, count in hits.items() if count >= FEWEST_IN_COMMON]
        return [article for _, article in sorted(likely)]

    def at_url(self, url: str | None) -> set[str]:
        """Return the articles at a URL."""
        return self._at_url.get(url, set()) if url else set()

    def based_on(self, url: str | None) -> set[str]:
        """Return the articles that say that their original is at a URL."""
        return self._based_on.get(url, set()) if url else set()

    def nearest(self, known: Known) -> list[Near]:
        """Return the stories that an article is most like, as far as its rarest words tell."""
        terms = self._terms(known.portrait)
        products = self._products(terms)
        stories = self._stories
        likely = heapq.nsmallest(
            MOST_NEAR, ((-product / stories[name].length, name) for name, product in products.items())
        )
        return [self._near(known, terms, name) for _, name in likely]

    def near(self, known: Known, story: str) -> Near:
        """Return how near one story is to an article."""
        return self._near(known, self._terms(known.portrait), story)

    def first_report(self, story: str) -> Known:
        """Return the earliest own report of a story that has one."""
        reports = [(known.time, name, known) for name in self.members(story) if (known := self.articles[name]).counts]
        return min(reports)[2]

    def _terms(self, portrait: Portrait) -> list[_Term]:
        """Return the words of a portrait that some story has, those of the fewest stories first."""
        none: dict[str, int] = {}
        terms = [
            _Term(weight, named, self._names.get(stem, none), self._plain.get(stem, none))
            for part, named in ((portrait.names, True), (portrait.plain, False))
            for stem, weight in part.items()
        ]
        return sorted((term for term in terms if term.stories), key=lambda term: term.stories)

    def _products(self, terms: Sequence[_Term]) -> dict[str, int]:
        """Return story -> product with a portrait, over its rarest words: common ones tell little, and would make an
        article cost the more the more are known.
        """
        products: dict[str, int] = {}
        looked_at = 0
        for term in terms:
            looked_at += term.stories
            if looked_at > MOST_LOOKED_AT:
                break
            for sums in (term.in_names, term.in_plain):
                for story, weight in sums.items():
                    products[story] = products.get(story, 0) + term.weight * weight
        return products

    def _near(self, known: Known, terms: Sequence[_Term], name: str) -> Near:
        """Compare an article with a story."""
        with_names = plain = shared = 0
        for term in terms:
            in_names, in_plain = term.in_names.get(name, 0), term.in_plain.get(name, 0)
            if term.named:
                with_names += term.weight * (in_names + in_plain)
                shared += in_names > 0
            else:
                with_names += term.weight * in_names
                plain += term.weight * in_plain
        story = self._stories[name]
        lengths = squared_lengths(known.portrait)
        away_s = max(story.first - known.time, known.time - story.last, FRESH_FOR_S) - FRESH_FOR_S
        fades = 1 + away_s / FADES_IN_S
        if known.language and story.languages and known.language not in story.languages:
            alike = with_names / (math.sqrt(lengths[0] * story.names_length) or 1)
            return Near(name, alike / fades, story.reports, not story.texts, abroad=True, common_names=shared)
        alike = likeness(with_names, plain, lengths, (story.names_length, story.plain_length))
        return Near(name, alike / fades, story.reports, not story.texts)

    def _count(self, known: Known, story: _Story, sign: int) -> None:
        """Add an own report to its story's sum and to the document counts, or take it away."""
        self._reports += sign
        story.reports += sign
        story.texts += 0 if known.brief else sign
        if known.language:
            story.languages[known.language] += sign
            story.languages += Counter()  # drops what is 0
        names, plain = known.portrait.parts
        story.names_length += _add(self._names, known.story, names, sign)
        story.plain_length += _add(self._plain, known.story, plain, sign)
        for stem in names.keys() | plain.keys():
            self._reports_with[stem] += sign
            if not self._reports_with[stem]:
                del self._reports_with[stem]

    def _settle_times(self, story: _Story) -> None:
        times = [self.articles[member].time for member in story.members]
        story.first, story.last = min(times), max(times)


def _add(sums: defaultdict[str, dict[str, int]], story: str, weights: dict[str, int], sign: int) -> int:
    """Add weights to a story's sums; return by how much its squared length grows."""
    growth = 0
    for stem, weight in weights.items():
        of_stories = sums[stem]
        before = of_stories.get(story, 0)
        after = before + sign * weight
        growth += after * after - before * before
        if after:
            of_stories[story] = after
        else:
            del of_stories[story]
            if not of_stories:
                del sums[stem]
    return growth


def _discard(index: defaultdict[Key, set[str]], key: Key, article_id: str) -> None:
    index[key].discard(article_id)
    if not index[key]:
        del index[key]
