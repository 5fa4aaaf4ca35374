"""`scrapy article`: what is read in a page, and why a paragraph of it is in or out."""

import argparse
import sys
from pathlib import Path

from crawler.commands.base import DONE, FAILED, Command
from crawler.commands.looking import console
from crawler.commands.pages import kind_of, page_arguments, study_file, study_url
from crawler.commands.showing import as_json, show_article, show_zones
from crawler.commands.studying import Studied, is_there, state_of
from crawler.extraction.painting import paint
from crawler.news.errors import ConfigurationError

EPILOG = """\
A URL is fetched as a crawl fetches it: politely, after its robots.txt, never from a private address. A saved page is
read as if it had come from --url; without it, from the address that it names itself. If the address is on the site of
an outlet of the watchlist, the page is read as that outlet's: with its selectors, by a browser where it needs one, and
without what its articles were seen to repeat. What a feed said of an article is not known here.

examples:
  scrapy article https://harbour-post.example/news/ferry     the article's fields and its text
  scrapy article page.html --zones                           every passage, whether it is body, and why
  scrapy article page.html --html zones.html                 the same, painted, for a browser
  scrapy article page.html --outlet "Harbour Post"           with that outlet's selectors: try them here
  scrapy article n4e7zyc267jbykal                            fetched anew, by its articleId
  scrapy article page.html --json | jq .headline             as its events tell it; with --zones, the passages, too

exit code: 0 an article; 1 none, and why, with its mend; 2 a wrong argument or watchlist
"""


class ArticleCommand(Command):
    """Reads one page."""

    summary = "show what is read in a page: the article, and why each paragraph is in or out"
    epilog = EPILOG

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("page", metavar="URL|FILE|articleId", help="the page")
        page_arguments(parser)
        parser.add_argument("--zones", action="store_true", help="every passage in page order, its zone and why")
        parser.add_argument("--full", action="store_true", help="with --zones: whole texts, not cut to the terminal")
        parser.add_argument("--html", type=Path, metavar="FILE", help="write the zones, painted, into an HTML file")
        parser.add_argument("--json", action="store_true", help="the article as its events tell it")

    def execute(self, opts: argparse.Namespace) -> int:
        if opts.html and is_there(opts.html) and is_there(Path(opts.page)) and opts.html.samefile(opts.page):
            raise ConfigurationError(f"--html: {opts.html} is the page itself. Name another file.")
        studied = self._studied(opts)
        if studied is None:
            return FAILED
        if opts.html:
            _write(opts.html, paint(studied.study, url=studied.url))
        return _show(studied, opts)

    def _studied(self, opts: argparse.Namespace) -> Studied | None:
        """Return the page taken apart; None: it cannot be had, which is said."""
        kind = kind_of(opts.page)
        if kind == "url":
            return study_url(self.settings, opts, opts.page)
        if kind == "file":
            return study_file(self.settings, opts, Path(opts.page))
        state = state_of(self.settings, opts.page)
        if state is None:
            print(f"The store knows no article {opts.page}. Name its URL.", file=sys.stderr)
            return None
        return study_url(self.settings, opts, state.url, seen_as=state.outlet)


def _show(studied: Studied, opts: argparse.Namespace) -> int:
    """Print what is wanted; return the exit code."""
    article, refusal = studied.article, studied.study.refusal
    if opts.json:
        print(as_json(studied, zones=opts.zones))
    elif opts.zones:
        show_zones(console(), studied.study.passages, full=opts.full)
    elif article is not None:
        show_article(console(), article)
    if refusal is not None:
        print(f"No article ({refusal.reason}): {refusal}", file=sys.stderr)
    return DONE if article is not None else FAILED


def _write(path: Path, painted: str) -> None:
    try:
        path.write_text(painted, "utf-8")
    except OSError as error:
        raise ConfigurationError(f"--html: {path}: {error.strerror}. Name a file that can be written.") from None
    print(f"painted: {path}", file=sys.stderr)
