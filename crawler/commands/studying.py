"""Studying one page for a command: whose it is, where it comes from, what is read in it.

It is read in this process, not in one of its own as in a crawl: its passages are wanted, with what stands around them.
A body that kills the parser kills a command.
"""

import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from scrapy.settings import Settings

from crawler.commands.looking import with_store
from crawler.commands.scout import Errands, Page, run
from crawler.extensions.browser import MAY_NEED_BROWSER, NO_BROWSER, find_browser
from crawler.extensions.policy import CHALLENGE, Policy
from crawler.extensions.watching import watchlist_of
from crawler.extraction import OPT_OUT_HEADERS
from crawler.extraction.article import Study, study
from crawler.extraction.repeats import Repeats
from crawler.extraction.saved import NOWHERE, own_address
from crawler.news.article import Article
from crawler.news.errors import ConfigurationError, ExtractionError, FetchError, StoreError, UrlError
from crawler.news.revision import ArticleState, content_hash
from crawler.news.source import Outlet, Render
from crawler.news.urls import canonicalise, url_id
from crawler.store import Store
from crawler.topics import ArticleMatcher
from crawler.watchlist.known import Known
from crawler.watchlist.wording import did_you_mean, quote


@dataclass(frozen=True, slots=True)
class Studied:
    """A page taken apart.

    Attributes:
        url: where it came from in the end.
    """

    url: str
    study: Study

    @property
    def article(self) -> Article | None:
        """Its article, or None: it is refused."""
        return self.study.reading.article if self.study.reading else None


class Student:
    """Studies pages of one outlet of the watchlist, or of none.

    Attributes:
        last: the address that was asked for last, "" if none was.
    """

    def __init__(self, settings: Settings, outlet: Outlet | None) -> None:
        self.last = ""
        self._settings = settings
        self._outlet = outlet
        self._agent = Policy.from_settings(settings).robots_name
        self._repeats = _repeats_of(settings, outlet.name) if outlet else Repeats()

    def of_file(self, path: Path, url: str) -> Studied:
        """Study a saved page.

        Raises:
            ConfigurationError: there is no such file. ExtractionError: it cannot be read as a page at all.
        """
        return Studied(url, self._study(bytes_of(path), url))

    def of_url(self, url: str, *, allow_private: bool) -> Studied:
        """Fetch a page as a crawl does, by a browser where the outlet says so, and study it.

        Raises:
            FetchError: it cannot be had, or not by us. ExtractionError: it cannot be read as a page at all.
        """
        render = self._outlet.render if self._outlet else "never"
        has_browser = render != "never" and find_browser(self._settings) is not None
        studied: list[Studied] = []

        async def search(errands: Errands) -> None:
            try:
                studied.append(await self._fetched(errands, url, render, has_browser=has_browser))
            finally:
                self.last = errands.last

        permitted = allow_private or (self._outlet is not None and self._outlet.allow_private)
        run(self._settings, search, browser=has_browser, allow_private=permitted, tell=_tell)
        return studied[0]

    async def _fetched(self, errands: Errands, url: str, render: Render, *, has_browser: bool) -> Studied:
        if render == "always":
            if not has_browser:
                raise FetchError("no-browser", NO_BROWSER)
            return self._of_page(await errands.fetch(url, browser=True))
        plain = self._of_page(await errands.fetch(url))
        refusal = plain.study.refusal
        if refusal and refusal.reason in MAY_NEED_BROWSER and has_browser:
            return self._of_page(await errands.fetch(url, browser=True))
        return plain

    def _of_page(self, page: Page) -> Studied:
        """Study a response. What comes with an error's status counts for nothing, unless it is a bot challenge."""
        try:
            found = self._study(page.body, page.url, page.headers)
        except ExtractionError:
            if page.fault:
                raise page.fault from None
            raise
        if page.fault and not (found.refusal and found.refusal.reason == CHALLENGE):
            raise page.fault
        return Studied(page.url, found)

    def _study(self, body: bytes, url: str, headers: dict[str, str] | None = None) -> Study:
        said = {name.lower(): text for name, text in (headers or {}).items()}
        now = datetime.now(UTC)
        found = study(
            body,
            url,
            content_type=said.get("content-type"),
            selectors=self._outlet.selectors if self._outlet else None,
            now=now,
            headers={name: said[name] for name in OPT_OUT_HEADERS if name in said},
            agent=self._agent,
            repeats=self._repeats,
        )
        if found.reading is not None:
            self._complete(found.reading.article, now)
        return found

    def _complete(self, article: Article, now: datetime) -> None:
        """Fill in what a crawl's pipelines do, as far as the page alone tells it."""
        article.articleId = url_id(article.canonicalUrl)
        article.outlet = self._outlet.name if self._outlet else None
        article.contentHash = content_hash(article)
        article.metadata.dateDownloaded = now
        watchlist = watchlist_of(self._settings)
        article.topics = ArticleMatcher(watchlist.topics, watchlist.tags).match(article)


def outlet_for(settings: Settings, url: str, name: str | None, *, seen_as: str = "") -> Outlet | None:
    """Return the outlet of that name; without one, that as whose the page was `seen_as`, or whose site it is on.

    Raises:
        ConfigurationError: no outlet is called so. WatchlistError: the watchlist is wrong.
    """
    watchlist = watchlist_of(settings)
    if name is None:
        return watchlist.outlet(seen_as or Known(watchlist).outlet_of(url))
    outlet = watchlist.outlet(name)
    if outlet is None:
        advice = did_you_mean(name, [outlet.name for outlet in watchlist.outlets])
        raise ConfigurationError(f"--outlet: no outlet of the watchlist is called {quote(name)}.{advice}")
    return outlet


def is_there(path: Path) -> bool:
    """Return whether there is such a file; there is none with a name that no file can have."""
    try:
        return path.exists()
    except (OSError, ValueError):  # longer than names may be; ValueError: with a NUL
        return False


def saved_address(path: Path, url: str | None) -> tuple[str, str]:
    """Return the address under which a saved page is read, and in words where that comes from.

    Raises:
        ConfigurationError: there is no such file, or `url` is no address. ExtractionError: it cannot be read as a
            page at all.
    """
    if url:
        _require_address(url)
        return url, "--url"
    named = own_address(bytes_of(path))
    return (named, "the page itself") if named else (NOWHERE, "nobody: the page names none, nor does --url")


def _require_address(url: str) -> None:
    try:
        canonicalise(url)
    except UrlError as error:
        raise ConfigurationError(f"--url: {error}") from None


def bytes_of(path: Path) -> bytes:
    """Return what a file holds.

    Raises:
        ConfigurationError: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror}. Name a file that can be read.") from None


def state_of(settings: Settings, article_id: str) -> ArticleState | None:
    """Return what the store knows of an article, or None.

    Raises:
        StoreError: it cannot be reached.
    """
    return with_store(settings, lambda store: store.articles.state(article_id))


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _repeats_of(settings: Settings, outlet: str) -> Repeats:
    """Return what the outlet's articles repeat. Without a store nothing is known of that, and none is made for it."""
    if not settings["REDIS_URL"] and not Path(settings["STATE_DIR"]).exists():
        return Repeats()

    async def ask(store: Store) -> Repeats:
        return (await store.lessons.of(outlet, now_ms=int(time.time() * 1000))).repeats

    hurried = settings.copy()
    hurried.set("STORE_PATIENCE", "2s", "cmdline")
    try:
        return with_store(hurried, ask)
    except StoreError as error:
        print(f"{error}\nSo what the outlet's articles repeat is not left out.", file=sys.stderr)
        return Repeats()
