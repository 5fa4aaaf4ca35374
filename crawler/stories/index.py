"""The index of stories: where does this article belong, and whose text is it?

Requirements: the second report of an event joins the first, even as the first two articles ever; a look-alike event
starts a story of its own; an article's story never changes by a revision; the same articles in the same order give
the same stories on every machine; an index rebuilt from stored features goes on exactly as the old one would have.

Theory of operation: one pass. A copy (shingles.py, or a link to its original) goes where its original is. Otherwise an
article joins the story whose own reports, summed, it is most like (portrait.py), if it is like enough; else it starts
one. Copies add nothing to that sum. Two stories merge over mutual copies, or when a report is like both and the smaller
one, of a report or two, would join the other if it came only now: so the order in which reports come hardly matters.
Between languages names alone decide. Merging larger stories that one report is like was tried: when it had to be twice
as like both as it must be, BCubed F1 fell from .89 to .87 on full texts and from .74 to .62 on titles.

Which of two texts is the original: the one that the other names or links to; else the one published (or, without a
date, seen) first.

Known exceptions: a round-up of two events joins one of them; an index that has forgotten a story starts another for its
next report.
"""

import hashlib
import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from crawler.stories.credits import credit_in, host_of, same_name
from crawler.stories.known import Known, from_features, to_features
from crawler.stories.memory import Memory, Near
from crawler.stories.placement import Evidence, Kind, Placement
from crawler.stories.portrait import TITLE_ONLY_WORDS, compare, portray, telling_words
from crawler.stories.shingles import COPY, containment, shingles_of
from crawler.stories.words import read_words

# How like a story an article must be. Of the calibration set (two reports, or a report and a look-alike, as the first
# two articles) the least alike reports have .207, .208, .24 and .28, the most alike look-alikes .191, .171 and .148.
# On 374 full texts BCubed F1 is .88 to .91 from .14 to .26. More articles are like a sum of many reports: `GROWS`, for
# each factor of e that a story has grown, keeps look-alikes apart from large stories, too.
ALIKE = 0.2
GROWS = 0.1
# Of articles that are headlines only: F1 on 2,586 of them is .72 to .75 from .05 to .13.
ALIKE_TITLES = 0.08
# Between languages only names and numbers can be compared. The newsroom's Spanish report is .53 to .70 like the English
# ones that tell the event, with 7 to 12 names in common; .58 with 4 like one of another event among the same people.
ALIKE_ABROAD = 0.5
FEWEST_ABROAD = 5  # names in common

# A story this small takes a second look: it may have begun before one could see what it is about. On full texts F1
# rises from .890 to .894 by it, on titles from .735 to .755; with 3 it falls to .873 on full texts.
SMALL = 2

MOST_CANDIDATES = 12  # whose wording is compared
MOST_COMPARED = 20  # reports of the chosen story, to name one of them as evidence


@dataclass(frozen=True, slots=True)
class _Relative:
    """A known article that shares its text with a new one.

    Attributes:
        shared: which share of the shorter text; 1 if one links to the other as its original.
        mutual: each has at least half of the other, so that neither is a round-up of several texts.
    """

    article: str
    shared: float
    mutual: bool


class StoryIndex:
    """Groups articles into stories and tells copies from own reports."""

    def __init__(self) -> None:
        self._memory = Memory()

    def add(
        self,
        article_id: str,
        *,
        headline: str | None,
        body: str | None,
        published: datetime | None,
        outlet: str | None,
        authors: Sequence[str] = (),
        based_on: str | None = None,
        url: str | None = None,
        seen: datetime | None = None,
        language: str | None = None,
    ) -> Placement:
        """Put an article into its story; one that is known already is a revision and stays where it is.

        Args:
            published: the outlet's claim.
            based_on: URL of the original, as the page claims.
            seen: when we saw it; None: when it was published, or when the latest known article was seen.
            language: BCP 47; None: not known.
        """
        when = seen or published
        seen_s = _seconds(when) if when else self._memory.latest
        before = self._memory.articles.get(article_id)
        self._memory.drop(article_id)
        title, text = read_words(headline), read_words(body)
        outlet, url, based_on = map(_storable, (outlet, url, based_on))
        known = Known(
            story=_story_id(article_id),
            outlet=outlet or "",
            time=min(_seconds(published), seen_s) if published else seen_s,
            seen=seen_s,
            brief=len(text) < TITLE_ONLY_WORDS,
            language=(language or "").partition("-")[0].lower(),
            portrait=portray(title, text, outlet=read_words(outlet), rarity=self._memory.rarity),
            shingles=shingles_of(text),
            url=url,
            based_on=based_on,
            credited=_storable(credit_in(body, authors, outlet=outlet, known=self._memory.outlets)),
        )
        if before is not None:
            return self._revise(article_id, before, known)
        relatives = self._relatives(known)
        if relatives:
            return self._place_with_relatives(article_id, known, relatives)
        return self._place_by_event(article_id, known)

    def story_of(self, article_id: str) -> str | None:
        """Return the story of an article, or None: it is not known."""
        known = self._memory.articles.get(article_id)
        return known.story if known else None

    def features(self, article_id: str) -> str:
        """Return what the index knows of an article, as a short text for `restore`.

        Raises:
            KeyError: it is not known.
        """
        return to_features(self._memory.articles[article_id])

    def restore(self, article_id: str, features: str) -> None:
        """Know an article again, from its features; articles may come in any order.

        Raises:
            FeaturesError: they are broken, or of another version.
        """
        self._memory.put(article_id, from_features(features))

    def forget_before(self, moment: datetime) -> list[str]:
        """Forget the articles that were seen before a moment; return their ids, sorted."""
        old = sorted(key for key, known in self._memory.articles.items() if known.seen < _seconds(moment))
        for article_id in old:
            self._memory.drop(article_id)
        return old

    def _revise(self, article_id: str, before: Known, known: Known) -> Placement:
        """Renew what is known of an article; its story, its times and what it is a copy of stay."""
        known = replace(known, story=before.story, time=before.time, seen=before.seen, copy_of=before.copy_of)
        if before.copy_of:
            known.credited = before.credited
        likeness = round(compare(known.portrait, before.portrait), 3)
        words = telling_words(known.portrait, before.portrait)
        return self._settle(article_id, known, Evidence(Kind.REVISION, article_id, likeness, words))

    def _place_by_event(self, article_id: str, known: Known) -> Placement:
        """Join the story that is like enough, or start one."""
        nearest = self._memory.nearest(known)
        best = max(nearest, key=lambda near: (near.likeness - _enough(known, near), near.story), default=None)
        if best is None:
            return self._settle(article_id, known, Evidence(Kind.NEW))
        joins = best.likeness >= _enough(known, best)
        evidence = self._evidence(Kind.SAME_EVENT if joins else Kind.NEW, known, best)
        if not joins:
            return self._settle(article_id, known, evidence)
        known.story = best.story
        placement = self._settle(article_id, known, evidence)
        late = [near.story for near in nearest if near.story != best.story and self._belongs(known, near)]
        return replace(placement, merged=tuple(late), changed=tuple(self._merge(late, known.story)))

    def _belongs(self, known: Known, near: Near) -> bool:
        """Return whether another story would join that of `known` if it came only now: one that began too early to see
        what it is about, or in another language.
        """
        if not (near.reports <= SMALL or near.abroad) or near.likeness < ALIKE:
            return False
        report = self._memory.first_report(near.story)
        now = self._memory.near(report, known.story)
        return now.likeness >= _enough(report, now)

    def _settle(
        self,
        article_id: str,
        known: Known,
        evidence: Evidence,
        merged: Iterable[str] = (),
        copies: Iterable[str] = (),
        changed: Iterable[str] = (),
    ) -> Placement:
        """Remember an article as it was placed."""
        known.credited = known.credited or _linked_site(known)
        self._memory.put(article_id, replace(known, portrait=replace(known.portrait, spelled={})))
        return Placement(
            known.story, known.copy_of, evidence, tuple(merged), known.credited, tuple(copies), tuple(changed)
        )

    def _evidence(self, kind: Kind, known: Known, near: Near) -> Evidence:
        """Name the article of a story that is most like another, and the words that both have."""
        articles, portrait = self._memory.articles, known.portrait
        latest = sorted(
            (member for member in self._memory.members(near.story) if articles[member].counts),
            key=lambda member: (-articles[member].time, member),
        )
        most_like = max(latest[:MOST_COMPARED], key=lambda member: compare(portrait, articles[member].portrait))
        return Evidence(kind, most_like, round(near.likeness, 3), telling_words(portrait, articles[most_like].portrait))

    def _relatives(self, known: Known) -> list[_Relative]:
        """Return the articles that share their text with this one, the closest and earliest first."""
        articles = self._memory.articles
        linked = self._memory.at_url(known.based_on) | self._memory.based_on(known.url)
        relatives = [_Relative(article, 1.0, mutual=True) for article in linked]
        for article in self._memory.with_common_wording(known)[:MOST_CANDIDATES]:
            of_shorter, of_longer = containment(known.shingles, articles[article].shingles)
            if of_shorter >= COPY and article not in linked:
                relatives.append(_Relative(article, of_shorter, mutual=of_longer >= COPY))
        return sorted(relatives, key=lambda one: (-one.shared, articles[one.article].time, one.article))

    def _place_with_relatives(self, article_id: str, known: Known, relatives: list[_Relative]) -> Placement:
        """Join the story of the closest relative, as copy or original; mutual copies bring their stories along."""
        articles = self._memory.articles
        closest = relatives[0]
        family = [closest.article]
        if closest.mutual:
            family += [relative.article for relative in relatives[1:] if relative.mutual]
        heads = list(dict.fromkeys(map(self._original_of, family)))
        known.story, *merged = sorted({articles[head].story for head in heads}, key=self._memory.founded)
        moved = self._merge(merged, known.story)
        copies: list[str] = []
        known.copy_of = next((head for head in heads if _is_copy(known, articles[head])), None)
        if known.copy_of:
            known.credited = _credit(known, known.copy_of, articles[known.copy_of])
        else:
            copies = self._turn_into_copies(heads, article_id, known)
        words = telling_words(known.portrait, articles[closest.article].portrait)
        evidence = Evidence(Kind.COPY, closest.article, round(closest.shared, 3), words)
        return self._settle(article_id, known, evidence, merged, copies, sorted({*moved, *copies}))

    def _original_of(self, article_id: str) -> str:
        """Return the known original of an article, or itself."""
        original = self._memory.articles[article_id].copy_of
        return original if original in self._memory.articles else article_id

    def _turn_into_copies(self, heads: Collection[str], original_id: str, original: Known) -> list[str]:
        """Make articles, and all copies of them, copies of an original that came late; return their ids, sorted."""
        articles = self._memory.articles
        story = self._memory.members(original.story)
        copies = sorted(member for member in story if member in heads or articles[member].copy_of in heads)
        for article in copies:
            credited = _credit(articles[article], original_id, original)
            self._memory.put(article, replace(articles[article], copy_of=original_id, credited=credited))
        return copies

    def _merge(self, ended: Iterable[str], lives_on: str) -> list[str]:
        """Move the articles of stories into another; return their ids."""
        moved = [member for story in ended for member in self._memory.members(story)]
        for member in moved:
            self._memory.put(member, replace(self._memory.articles[member], story=lives_on))
        return moved


def _is_copy(known: Known, other: Known) -> bool:
    """Return whether the first of two texts of common wording is the copy: the later, unless one names the other."""
    if _names(known, other):
        return True
    if _names(other, known):
        return False
    return (known.time, known.seen) >= (other.time, other.seen)


def _names(known: Known, other: Known) -> bool:
    """Return whether the first says that the second is its original: by a link or a credit."""
    return bool(known.based_on and known.based_on == other.url) or same_name(known.credited, other.outlet)


def _enough(known: Known, near: Near) -> float:
    """Return how alike an article and a story must be."""
    if near.abroad:
        return ALIKE_ABROAD if near.common_names >= FEWEST_ABROAD else math.inf
    if known.brief or near.brief:
        return ALIKE_TITLES
    return ALIKE * (1 + GROWS * math.log(max(1, near.reports)))


def _credit(copy: Known, original_id: str, original: Known) -> str:
    """Return in words whose text a copy is: who it credits itself, or the original does, or the original's outlet."""
    outlet = original.outlet or host_of(original.url) or original_id
    return outlet if _names(copy, original) else copy.credited or original.credited or outlet


def _linked_site(known: Known) -> str | None:
    """Return the site that a page names as its original's, unless it is its own."""
    site = host_of(known.based_on)
    return None if not site or site == host_of(known.url) or same_name(site, known.outlet) else site


def _story_id(article_id: str) -> str:
    """Return the id of the story that an article founds."""
    return hashlib.sha256(article_id.encode("utf-8", "replace")).hexdigest()[:12]


def _storable(text: str | None) -> str | None:
    """Return a text without the halves of letters (lone surrogates) that sloppy pages hold and UTF-8 does not."""
    return text and text.encode("utf-8", "replace").decode()


def _seconds(moment: datetime) -> int:
    """Return seconds since 1970; a time without zone is UTC."""
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
