"""From the bytes of a page to an `Article`: the order of the work.

*Requirements.* Every field that the page tells, and none that it does not; an `Article` or an `ExtractionError`,
whatever comes.

*Theory of operation.* The page is decoded, checked for what would cost a parser its square, and parsed once. Its
metadata are read first, each field by its own module, which weighs the evidence for it. Headline and description then
help to tell the body from what stands around it. Only now is it seen whether the page is an article at all. Last goes
what the outlet's articles repeat.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypedDict, Unpack

from crawler.extraction import facts
from crawler.extraction.address import Address, read_address
from crawler.extraction.authors import read_authors
from crawler.extraction.dates import Dates, read_dates
from crawler.extraction.decode import decode
from crawler.extraction.hazards import refuse_costly
from crawler.extraction.headline import read_headline
from crawler.extraction.kinds import kind_of, with_appeals
from crawler.extraction.language import read_language
from crawler.extraction.media import read_audios, read_images, read_main_image, read_videos
from crawler.extraction.optouts import Headers, opt_outs
from crawler.extraction.page import Page, parse
from crawler.extraction.repeats import Repeats, leave_out
from crawler.extraction.selectors import Selectors
from crawler.extraction.text import count_words
from crawler.extraction.zones import Passage, Zone
from crawler.extraction.zoning import body_of, read_zones, selected_zones
from crawler.news.article import Article, Metadata
from crawler.news.entry import Entry
from crawler.news.errors import ExtractionError, UrlError
from crawler.news.urls import canonicalise

EXTRACTOR = "storywatch"
ROBOTS_NAME = "Storywatch"
# The median of 766 real news pages has 77 kB, the largest 2.2 MB. A page of this size is read in under 300 MB.
MAX_BYTES = 8_000_000
MIN_WORDS = 15  # five of 801 real pages are flashes of 16 to 22 words; no page that is none has so many


class Known(TypedDict, total=False):
    """What is known of a page beside its bytes and address: as `extract` takes it."""

    content_type: str | None
    entry: Entry | None
    selectors: dict[str, str] | None
    now: datetime | None
    headers: Headers | None
    agent: str


@dataclass(frozen=True, slots=True)
class PageReading:
    """An article less what its outlet repeats.

    Attributes:
        lines: fingerprints of all its lines, those left out included.
        whole_hash: its content hash with those, "" if none is left out.
    """

    article: Article
    lines: list[int]
    whole_hash: str = ""


@dataclass(slots=True)
class Study:
    """A page taken apart, for people to see why its text is in or out.

    Attributes:
        reading: None if the page is refused.
        passages: its blocks of text with their zones, in page order.
        refusal: why it is no article.
    """

    passages: list[Passage]
    reading: PageReading | None = None
    refusal: ExtractionError | None = None


def extract(
    body: bytes,
    url: str,
    *,
    content_type: str | None = None,
    entry: Entry | None = None,
    selectors: dict[str, str] | None = None,
    now: datetime | None = None,
    headers: Headers | None = None,
    agent: str = ROBOTS_NAME,
) -> Article:
    """Return the article of a page.

    Args:
        body: the bytes, content encoding (gzip, br) already undone.
        url: the address that they were fetched from.
        content_type: the HTTP header.
        entry: what a source claimed of the article; it fills in where the page is silent.
        selectors: the outlet's CSS selectors by field (body, headline, authors, date, remove); they overrule.
        now: aware; a date more than a day after it is none. Without it the clock is asked.
        headers: of the response, for the opt-outs that stand there.
        agent: the name that robots.txt knows us by; opt-outs for other robots are not ours.

    Raises:
        ExtractionError: "empty", "too-large", "too-complex", "not-html", "no-text", "bad-url", "bad-selector", or the
            page is no article: the reasons of `kinds`.
    """
    return read_page(
        body,
        url,
        content_type=content_type,
        entry=entry,
        selectors=selectors,
        now=now,
        headers=headers,
        agent=agent,
    ).article


def read_page(body: bytes, url: str, *, repeats: Repeats | None = None, **known: Unpack[Known]) -> PageReading:
    """Return the article of a page, as `extract` does, without what its outlet's articles repeat.

    Raises:
        ExtractionError: as `extract`.
    """
    found = study(body, url, repeats=repeats, **known)
    if found.reading is None:
        raise found.refusal or ExtractionError("no-text", f"{url}: there is no article.")
    return found.reading


def study(
    body: bytes,
    url: str,
    *,
    content_type: str | None = None,
    entry: Entry | None = None,
    selectors: dict[str, str] | None = None,
    now: datetime | None = None,
    headers: Headers | None = None,
    agent: str = ROBOTS_NAME,
    repeats: Repeats | None = None,
) -> Study:
    """Take a page apart. A page that is no article is told, not raised.

    Raises:
        ExtractionError: the page cannot be read at all.
    """
    canonical_url = _canonical(url)
    _check_size(body)
    now = now or datetime.now(UTC)
    text = decode(body, content_type)
    refuse_costly(text)
    own = Selectors(selectors)
    page = parse(text, url, own)
    article = _with_metadata(page, read_address(page, canonical_url), own, now, entry)
    article.optOuts = opt_outs(headers, page, agent=agent, now=now)
    passages, is_selected = _zones(page, own, article)
    found = Study(passages)
    lines = body_of(passages)
    words = count_words("\n".join(lines))
    found.refusal = _refusal(page, text, passages, words, is_selected)
    if found.refusal is None:
        article.articleBody, article.wordCount = "\n".join(lines), words
        _add_rest(article, page, passages, entry)
        prints, whole_hash = leave_out(article, repeats or Repeats())
        found.reading = PageReading(article, prints, whole_hash)
        _mark_repeated(passages, article)
    return found


def _with_metadata(page: Page, address: Address, own: Selectors, now: datetime, entry: Entry | None) -> Article:
    publisher = facts.read_publisher(page)
    selected = own.texts(page.tree, "headline")
    headline = selected[0] if selected else read_headline(page, publisher, entry.title if entry else None)
    dates = read_dates(page, now=now, entry=entry, selected=own.texts(page.tree, "date"))
    breadcrumbs = facts.read_breadcrumbs(page)
    return Article(
        url=page.url,
        canonicalUrl=address.canonical,
        isBasedOn=address.based_on,
        headline=headline or (entry.title if entry else None),
        datePublished=dates.published,
        datePublishedRaw=dates.published_raw,
        dateModified=dates.modified,
        dateModifiedRaw=dates.modified_raw,
        authors=read_authors(page, publisher, entry, own.texts(page.tree, "authors")),
        breadcrumbs=breadcrumbs,
        mainImage=read_main_image(page),
        description=facts.read_description(page) or (entry.summary if entry else None),
        articleSection=facts.read_section(page, breadcrumbs),
        keywords=facts.read_keywords(page),
        publisher=publisher,
        isAccessibleForFree=facts.read_access(page),
        metadata=_metadata(dates),
        extractor=EXTRACTOR,
    )


def _metadata(dates: Dates) -> Metadata:
    return Metadata(datePublishedFrom=dates.published_from, dateModifiedFrom=dates.modified_from)


def _zones(page: Page, own: Selectors, article: Article) -> tuple[list[Passage], bool]:
    """Return the page's passages, and whether the outlet's own selector told the body."""
    elements = own.elements(page.tree, "body")
    if elements:
        return selected_zones(page, elements, article.headline), True
    return read_zones(page, article.headline, article.description), False


def _refusal(page: Page, text: str, passages: list[Passage], words: int, is_selected: bool) -> ExtractionError | None:
    kind = None if is_selected else kind_of(page, with_appeals(passages), source=text, passages=passages)
    if kind is not None:
        return ExtractionError(kind.reason, kind.message(page.url))
    if words < MIN_WORDS:
        return ExtractionError(
            "no-text",
            f"{page.url}: only {words} words of text, an article has {MIN_WORDS}. If a browser shows more, "
            'set render = "always" for this outlet, or name the text in its selectors (body = "...").',
        )
    return None


def _add_rest(article: Article, page: Page, passages: list[Passage], entry: Entry | None) -> None:
    """Add what can be told only when the body is known."""
    article.inLanguage = read_language(page, article.articleBody or "", entry)
    article.images = read_images(page, article.mainImage, passages)
    article.videos = read_videos(page, passages)
    article.audios = read_audios(page)


def _mark_repeated(passages: list[Passage], article: Article) -> None:
    """Tell the passages that were left out."""
    left = set((article.articleBody or "").split("\n"))
    for passage in passages:
        if passage.zone == Zone.BODY and passage.block.text not in left:
            passage.zone, passage.why = Zone.REPEATED, "many of the outlet's articles have it"


def _canonical(url: str) -> str:
    try:
        return canonicalise(url)
    except UrlError as error:
        raise ExtractionError("bad-url", str(error)) from error


def _check_size(body: bytes) -> None:
    if not body.strip():
        raise ExtractionError("empty", 'the page is empty. Open it in a browser; it may need one (render = "always").')
    if len(body) > MAX_BYTES:
        raise ExtractionError(
            "too-large", f"the page has {len(body):,} bytes, the most is {MAX_BYTES:,}. Announce the article instead."
        )
