"""When the article was published and modified, as the page claims it.

*Requirements.* `datePublished` is never filled from a modification date: a false date makes a false alert. The raw
text is kept beside the parsed instant, and where it stands on the page.

*Theory of operation.* Evidence in the order of what it is worth: JSON-LD of the article, <meta>, microdata; the feed's
own claim; <meta> that may date the page rather than the article, unless readers see another day; the day in the URL,
with the hour from the page if that shows the same day; the visible text (see `visible_dates`); a lone <time>. What the
page tells machines is overruled only by two witnesses, URL and visible text, that agree on another day: some systems
write the time at which they built the page.

Machines are often told UTC while readers see the outlet's own clock. Where the page shows the day before or after, its
own words become the raw text: the instant stays.

On public test sets all of 121 news pages are right, and .85 to .94 of 490 others; most of the rest are modification
dates, or slips, that annotators wrote down.

*Known exceptions.* An unlabelled date that is also the day of the last change is dropped; it may be either. So is
"03/04/2026" in English of no region under a domain of no country (1 of 801 pages). Dates in scripts are not read, nor
"2 hours ago", nor a month without a day. A comment's date right under a short text, in no box that says so, is taken.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import islice
from urllib.parse import urlsplit

from crawler.extraction.jsonld import Node
from crawler.extraction.page import Page
from crawler.extraction.text import tidy
from crawler.extraction.times import Moment, marked_times, moment, placed_times
from crawler.extraction.visible_dates import ENOUGH, Habits, Sighting, see_dates
from crawler.news.dates import parse_date
from crawler.news.days import first_day
from crawler.news.entry import Entry

_PUBLISHED_META = (
    "article:published_time",
    "article:published",
    "og:published_time",
    "og:article:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date.published",
    "pubdate",
    "pub_date",
    "publishdate",
    "publish-date",
    "publish_date",
    "publication_date",
    "publicationdate",
    "citation_publication_date",
    "citation_online_date",
    "date.release",
    "cxenseparse:recs:publishtime",
    "article.published",
    "article_date_original",
    "originalpublicationdate",
    "bt:pubdate",
    "prism.publicationdate",
    "rnews:datepublished",
    "shareaholic:article_published_time",
)
# These may date the page rather than the article: a date that readers see near the headline goes before them.
_WEAK_META = ("dcterms.created", "dcterms.date", "dc.date.created", "dc.date", "datecreated", "date")
_MODIFIED_META = (
    "article:modified_time",
    "article:modified",
    "datemodified",
    "og:updated_time",
    "dcterms.modified",
    "dc.date.modified",
    "lastmod",
    "last-modified",
    "shareaholic:article_modified_time",
)
_STRONG = 10.0  # points of a sighting that overrules a weak claim; 8 to 10 give the same
_DAY = timedelta(days=1)
_APART = timedelta(days=3)  # between two claims that no time zone and no night explains
_IN_UTC = re.compile(r"(?:Z|[+-]00:?00|GMT|UTC)$")
_CLOCKS = (timedelta(hours=-12), timedelta(hours=14))  # the most that outlets' clocks differ from UTC

_MOST_EACH = 5  # claims of one name: a hostile page has thousands

_URL_YEAR_FIRST = (
    re.compile(r"[/_=-]((?:19|20)\d\d)[/._-](0?[1-9]|1[0-2])[/._-](0?[1-9]|[12]\d|3[01])(?!\d)"),
    re.compile(r"(?<!\d)(20[0-3]\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)"),
)
_URL_DAY_FIRST = re.compile(r"[/_-](0[1-9]|[12]\d|3[01])[._-](0[1-9]|1[0-2])[._-](20\d\d)(?!\d)")
_URL_NAMED = re.compile(r"/(20\d\d)/([a-z]{3,9})/(0?[1-9]|[12]\d|3[01])(?=/)")
_NO_COUNTRIES = frozenset({"io", "co", "tv", "ai", "me", "fm", "ly"})  # top-level domains of two letters, used by all
_MONTH_FIRST_REGIONS = frozenset({"us", "ph"})  # of those where English is written


@dataclass(frozen=True, slots=True)
class Dates:
    """Claims of the outlet, aware UTC, each with the text that tells it, and where it was read.

    `published_from` and `modified_from` are "json-ld", "meta article:published_time" (or another name), "microdata",
    "time", "text", "url", "feed" or "selector".
    """

    published: datetime | None = None
    published_raw: str | None = None
    modified: datetime | None = None
    modified_raw: str | None = None
    published_from: str | None = None
    modified_from: str | None = None


@dataclass(frozen=True, slots=True)
class _Claim:
    instant: datetime
    raw: str
    source: str

    @property
    def day(self) -> date:
        return self.instant.date()


_Told = Iterator[tuple[str, str]]  # raw text and its source


def read_dates(page: Page, *, now: datetime, entry: Entry | None, selected: list[str]) -> Dates:
    """Return the page's dates. `selected` is what the outlet's own date selector found; it overrules."""
    evidence = _Evidence(page, now)
    published = evidence.first((text, "selector") for text in selected) or evidence.published(entry)
    modified = evidence.modified(published)
    return Dates(
        published=published.instant if published else None,
        published_raw=published.raw if published else None,
        published_from=published.source if published else None,
        modified=modified.instant if modified else None,
        modified_raw=modified.raw if modified else None,
        modified_from=modified.source if modified else None,
    )


class _Evidence:
    """What one page says of its dates; the visible text is looked at only when somebody asks."""

    def __init__(self, page: Page, now: datetime) -> None:
        self._page = page
        self._now = now
        self._habits = _habits_of(page)
        self._url_day = self.first(_dates_in_url(page.url))

    def first(self, told: Iterable[tuple[str, str]]) -> _Claim | None:
        """Return the first that can be true."""
        for raw, source in told:
            if raw and (instant := self._parse(raw)) is not None:
                return _Claim(instant, raw, source)
        return None

    def published(self, entry: Entry | None) -> _Claim | None:
        if told := self.first(_published(self._page)):
            return self._by_its_own_clock(self._unless_contradicted(told))
        if entry is not None and entry.published is not None:
            return _Claim(entry.published, entry.published.isoformat(), "feed")
        if weak := self.first(_weakly_published(self._page)):
            seen = self._seen(self._near_headline, at_least=_STRONG)
            return seen if seen and seen.day != weak.day else weak
        return self._visible()

    def modified(self, published: _Claim | None) -> _Claim | None:
        """Return what the page tells machines, else a date or a <time> with a label of change: "Updated 3 May"."""
        if self._modified_told:
            return self._modified_told
        for sighting in self._near_headline:
            claim = self._claim(sighting) if sighting.label == "modified" and sighting.points >= ENOUGH else None
            if claim and (published is None or claim.day >= published.day):
                return claim
        return self.first((found.raw, "time") for found in self._times if found.label == "modified")

    @cached_property
    def _times(self) -> list[Moment]:
        return placed_times(self._page)

    @cached_property
    def _modified_told(self) -> _Claim | None:
        return self.first(_modified(self._page))

    @cached_property
    def _near_headline(self) -> list[Sighting]:
        return see_dates(self._page, self._habits, near=True)

    def _parse(self, raw: str) -> datetime | None:
        return parse_date(raw, now=self._now, day_first=self._habits.day_first, language=self._habits.language)

    def _claim(self, sighting: Sighting) -> _Claim | None:
        instant = self._parse(sighting.raw)
        return _Claim(instant, sighting.raw, "text") if instant else None

    def _unless_contradicted(self, told: _Claim) -> _Claim:
        """Return the claim, or the visible date if that and the URL agree on another day."""
        if self._url_day is None or abs(told.instant - self._url_day.instant) <= _APART:
            return told
        near = (seen for seen in self._near_headline if seen.label != "modified")
        agreeing = (self._claim(seen) for seen in near if abs(seen.day - self._url_day.day) <= _DAY)
        return next((claim for claim in agreeing if claim), told)

    def _by_its_own_clock(self, told: _Claim) -> _Claim:
        """Return a claim in UTC with the page's own words for its day, if the outlet's clock shows another day."""
        agreed = self._url_day is not None and self._url_day.day == told.day
        if agreed or not _IN_UTC.search(told.raw) or told.instant.time() == time.min:
            return told
        others = {(told.instant + offset).date() for offset in _CLOCKS} - {told.day}
        shown = [seen for seen in self._near_headline if seen.label != "modified" and seen.points >= ENOUGH]
        if any(seen.day == told.day for seen in shown):
            return told
        local = next((seen for seen in shown if seen.day in others), None)
        claim = self._claim(local) if local else None
        return _Claim(told.instant, self._to_the_minute(claim).raw, told.source) if claim else told

    def _visible(self) -> _Claim | None:
        sightings = see_dates(self._page, self._habits)
        if self._url_day is None:
            return self._seen(sightings, at_least=ENOUGH) or self._lone_time()
        agreeing = [seen for seen in sightings if abs(seen.day - self._url_day.day) <= _DAY]
        return self._seen(agreeing, at_least=0) or self._url_day

    def _seen(self, sightings: list[Sighting], *, at_least: float) -> _Claim | None:
        """Return the best of these that is no modification date, as exactly as the page has it."""
        for sighting in sightings:
            if sighting.points < at_least or sighting.label == "modified":
                continue
            claim = self._claim(sighting)
            if claim and (sighting.label or not self._is_day_of_change(claim)):
                return self._to_the_minute(claim)
        return None

    def _to_the_minute(self, claim: _Claim) -> _Claim:
        """Return the claim of a <time> for the same day, which has hour and zone, if there is one."""
        day = first_day(claim.raw, day_first=self._habits.day_first, language=self._habits.language)
        told = (found.raw for found in marked_times(self._page) if found.label != "modified")
        same_day = ((raw, "time") for raw in told if first_day(raw) == day)
        return self.first(same_day) or claim

    def _lone_time(self) -> _Claim | None:
        """Return the first <time> said to be of publication, else the first unlabelled one, else an <abbr> of hAtom."""
        for wanted in ("published", ""):
            for found in self._times:
                claim = self.first([(found.raw, "time")]) if found.label == wanted else None
                if claim and (wanted or not self._is_day_of_change(claim)):
                    return claim
        marked = self._page.tree.css("abbr.published[title]")[:_MOST_EACH]
        return self.first((moment(element), "microdata") for element in marked)

    def _is_day_of_change(self, claim: _Claim) -> bool:
        return self._modified_told is not None and self._modified_told.day == claim.day


def _published(page: Page) -> _Told:
    yield from _in_json_ld(page, page.node, "datePublished")
    yield from _in_meta(page, _PUBLISHED_META)
    yield from _in_microdata(page, "datePublished")


def _weakly_published(page: Page) -> _Told:
    yield from _in_meta(page, _WEAK_META)
    yield from _in_json_ld(page, page.node, "dateCreated")
    for node in islice(page.data.of_type("WebPage"), _MOST_EACH):
        yield from _in_json_ld(page, node, "datePublished")


def _modified(page: Page) -> _Told:
    yield from _in_json_ld(page, page.node, "dateModified")
    yield from _in_meta(page, _MODIFIED_META)
    yield from _in_microdata(page, "dateModified")
    yield from ((found.raw, "time") for found in marked_times(page) if found.label == "modified")


def _in_meta(page: Page, names: Iterable[str]) -> _Told:
    for name in names:
        for content in page.meta.get(name, ())[:_MOST_EACH]:
            yield tidy(content), f"meta {name}"


def _in_json_ld(page: Page, node: Node, name: str) -> _Told:
    return ((raw, "json-ld") for raw in page.data.texts(node.get(name))[:_MOST_EACH])


def _in_microdata(page: Page, name: str) -> _Told:
    return ((moment(element), "microdata") for element in page.microdata.get(name, ())[:_MOST_EACH])


def _dates_in_url(url: str) -> _Told:
    address = url.lower()
    for pattern in _URL_YEAR_FIRST:
        yield from ((f"{match[1]}-{match[2]:0>2}-{match[3]:0>2}", "url") for match in pattern.finditer(address))
    yield from ((f"{match[3]}-{match[2]}-{match[1]}", "url") for match in _URL_DAY_FIRST.finditer(address))
    yield from ((f"{match[3]} {match[2]} {match[1]}", "url") for match in _URL_NAMED.finditer(address))


def _habits_of(page: Page) -> Habits:
    """Return the page's language, and whether its days come before months: "03/11" is 3 November.

    All languages but the English of the US and the Philippines write so. English goes by the first region that the page
    names, else by the outlet's domain, else it stays open.
    """
    declared = [tag.strip().lower().replace("_", "-").partition("-") for tag in _declared_languages(page)]
    language = next((language for language, _, _ in declared if language), None)
    if language and language != "en":
        return Habits(language, day_first=True)
    region = next((region for language, _, region in declared if language == "en" and region), None)
    if region:
        return Habits("en", day_first=region not in _MONTH_FIRST_REGIONS)
    top = (urlsplit(page.url).hostname or "").rpartition(".")[2]
    is_country = len(top) == 2 and top not in _NO_COUNTRIES
    return Habits(language, day_first=top not in _MONTH_FIRST_REGIONS if is_country else None)


def _declared_languages(page: Page) -> Iterator[str]:
    root = page.tree.root
    yield (root.attributes.get("lang") if root else None) or ""
    yield from page.said("og:locale")
    yield from page.data.texts(page.node.get("inLanguage"))
