"""The article: zyte-common-items' `Article` fields (schema.org's names), and ours.

The camelCase names are the contract with programs downstream; DESIGN says why each is there.
Every datetime is aware UTC. A field that the page does not tell is None or empty, never guessed from another:
`datePublished` is not filled from `dateModified`.
"""

from dataclasses import dataclass, field
from datetime import datetime

from crawler.news.topic import Match


@dataclass(slots=True)
class Author:
    """Who signed the article. `nameRaw` is the byline as the page spells it."""

    name: str
    nameRaw: str | None = None
    email: str | None = None
    url: str | None = None


@dataclass(slots=True)
class Breadcrumb:
    """One step of the page's own path: "Home > Politics"."""

    name: str | None = None
    url: str | None = None


@dataclass(slots=True)
class Media:
    """An image, video or audio by its absolute URL."""

    url: str
    caption: str | None = None


@dataclass(slots=True)
class Metadata:
    """When we saw it, and where its dates come from: "json-ld", "meta article:published_time", "text", "url" ..."""

    dateDownloaded: datetime | None = None
    datePublishedFrom: str | None = None
    dateModifiedFrom: str | None = None


@dataclass(slots=True)
class Article:
    """A fetched and extracted page, at one canonical URL.

    `articleBody` is paragraphs separated by a newline; comments, donation appeals, disclaimers, cookie notices and link
    lists are never in it. `optOuts` names what the publisher tells machines not to do with it ("noai",
    "tdm-reservation"). Extraction fills everything down to `extractor`; the pipelines fill the rest.
    """

    url: str
    canonicalUrl: str
    headline: str | None = None
    datePublished: datetime | None = None
    datePublishedRaw: str | None = None
    dateModified: datetime | None = None
    dateModifiedRaw: str | None = None
    authors: list[Author] = field(default_factory=list)
    breadcrumbs: list[Breadcrumb] = field(default_factory=list)
    inLanguage: str | None = None
    mainImage: Media | None = None
    images: list[Media] = field(default_factory=list)
    description: str | None = None
    articleBody: str | None = None
    articleBodyHtml: str | None = None
    videos: list[Media] = field(default_factory=list)
    audios: list[Media] = field(default_factory=list)
    metadata: Metadata = field(default_factory=Metadata)

    articleSection: str | None = None
    keywords: list[str] = field(default_factory=list)
    publisher: str | None = None
    isAccessibleForFree: bool | None = None
    isBasedOn: str | None = None
    wordCount: int | None = None
    optOuts: list[str] = field(default_factory=list)
    extractor: str | None = None

    articleId: str | None = None
    outlet: str | None = None
    source: str | None = None
    discoveredVia: list[str] = field(default_factory=list)
    revision: int | None = None
    contentHash: str | None = None
    topics: list[Match] = field(default_factory=list)
