"""From the bytes of a page to an `Article`: the order of the work, and what is no article.

*Requirements.* Every field that the page tells, and none that it does not; an `Article` or an `ExtractionError`,
whatever comes.

*Theory of operation.* The page is decoded and parsed once. Its metadata are read first, each field by its own module,
which weighs the evidence for it; the body comes last, because it prunes the tree. To replace the body engine is to
replace `body.read_body`.

*Known exceptions.* Section pages, consent walls and the like are not recognised as such: with enough text they pass as
articles.
"""

from datetime import UTC, datetime

from crawler.extraction import facts
from crawler.extraction.address import Address, read_address
from crawler.extraction.authors import read_authors
from crawler.extraction.body import read_body
from crawler.extraction.dates import read_dates
from crawler.extraction.decode import decode
from crawler.extraction.headline import read_headline
from crawler.extraction.language import read_language
from crawler.extraction.media import read_audios, read_images, read_main_image, read_videos
from crawler.extraction.optouts import Headers, opt_outs
from crawler.extraction.page import Page, parse
from crawler.extraction.selectors import Selectors
from crawler.extraction.text import count_words
from crawler.news.article import Article, Metadata
from crawler.news.entry import Entry
from crawler.news.errors import ExtractionError, UrlError
from crawler.news.urls import canonicalise

EXTRACTOR = "trafilatura"
ROBOTS_NAME = "Storywatch"
# The median of 766 real news pages has 77 kB, the largest 2.2 MB. A page of this size is read in under 300 MB.
MAX_BYTES = 6_000_000
MIN_WORDS = 25


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
        ExtractionError: "empty", "too-large", "not-html", "too-deep", "no-text", "bad-url" or "bad-selector".
    """
    canonical_url = _canonical(url)
    _check_size(body)
    now = now or datetime.now(UTC)
    try:
        page = parse(decode(body, content_type), url)
        article = _read(page, canonical_url, now, entry, selectors)
        article.optOuts = opt_outs(headers, page, agent=agent, now=now)
        return article
    except RecursionError as error:
        raise ExtractionError("too-deep", f"{url}: its elements are nested too deep to be read.") from error


def _read(
    page: Page, canonical_url: str, now: datetime, entry: Entry | None, selectors: dict[str, str] | None
) -> Article:
    own = Selectors(page, selectors)
    own.remove()
    address = read_address(page, canonical_url)
    article = _with_metadata(page, address, own, now, entry)
    _add_body(article, page, own, entry)
    article.images = read_images(page, article.mainImage)
    article.videos = read_videos(page)
    article.audios = read_audios(page)
    return article


def _with_metadata(page: Page, address: Address, own: Selectors, now: datetime, entry: Entry | None) -> Article:
    publisher = facts.read_publisher(page)
    headline = next(iter(own.texts("headline")), None) or read_headline(page, publisher, entry.title if entry else None)
    dates = read_dates(page, now=now, entry=entry, selected=own.texts("date"))
    return Article(
        url=page.url,
        canonicalUrl=address.canonical,
        isBasedOn=address.based_on,
        headline=headline or (entry.title if entry else None),
        datePublished=dates.published,
        datePublishedRaw=dates.published_raw,
        dateModified=dates.modified,
        dateModifiedRaw=dates.modified_raw,
        authors=read_authors(page, publisher, entry, own.texts("authors")),
        breadcrumbs=facts.read_breadcrumbs(page),
        mainImage=read_main_image(page),
        description=facts.read_description(page) or (entry.summary if entry else None),
        articleSection=facts.read_section(page),
        keywords=facts.read_keywords(page),
        publisher=publisher,
        isAccessibleForFree=facts.read_access(page),
        metadata=Metadata(),
        extractor=EXTRACTOR,
    )


def _add_body(article: Article, page: Page, own: Selectors, entry: Entry | None) -> None:
    titles = [article.headline or "", *page.headings(), *page.said("og:title"), page.title()]
    names = [author.name for author in article.authors]
    text = read_body(page, selected=own.elements("body"), titles=titles, names=names, description=article.description)
    words = count_words(text)
    if words < MIN_WORDS:
        raise _no_text(page, words)
    article.articleBody = text
    article.wordCount = words
    article.inLanguage = read_language(page, text, entry)


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


def _no_text(page: Page, words: int) -> ExtractionError:
    if page.too_deep:
        return ExtractionError("too-deep", f"{page.url}: nested over 256 elements deep; the parser cut it off there.")
    return ExtractionError(
        "no-text",
        f"{page.url}: only {words} words of text, an article has {MIN_WORDS}. If a browser shows more, "
        'set render = "always" for this outlet, or name the text in its selectors (body = "...").',
    )
