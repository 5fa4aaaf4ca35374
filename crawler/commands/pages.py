"""How a page is named on a command line: its URL, a file that it was saved to, or the articleId of its article."""

import argparse
import re
import sys
from pathlib import Path
from typing import Literal

from scrapy.settings import Settings

from crawler.commands.adding import cannot_be_read
from crawler.commands.studying import Student, Studied, is_there, outlet_for, saved_address
from crawler.news.errors import ConfigurationError, FetchError
from crawler.watchlist.wording import quote

ARTICLE_ID = re.compile(r"[a-z2-7]{16}")


def page_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what may be said of a page."""
    parser.add_argument("--url", help="where a saved page came from")
    parser.add_argument("--outlet", metavar="NAME", help="the outlet of the watchlist as whose it is read")
    parser.add_argument("--allow-private", action="store_true", help="it may be at a private address")


def kind_of(page: str) -> Literal["url", "file", "id"]:
    """Return what names the page.

    Raises:
        ConfigurationError: nothing that could.
    """
    if "://" in page:
        return "url"
    if is_there(Path(page)):
        return "file"
    if ARTICLE_ID.fullmatch(page):
        return "id"
    raise ConfigurationError(
        f"{quote(page)} is no URL, no file and no articleId. If it is an address, write {quote(f'https://{page}')}."
    )


def study_file(settings: Settings, opts: argparse.Namespace, path: Path) -> Studied:
    """Study a saved page, and say under which address.

    Raises:
        ConfigurationError: a wrong argument. ExtractionError: it cannot be read as a page at all.
    """
    url, named_by = saved_address(path, opts.url)
    print(f"{path}: read as {url}, named by {named_by}", file=sys.stderr)
    return Student(settings, outlet_for(settings, url, opts.outlet)).of_file(path, url)


def study_url(settings: Settings, opts: argparse.Namespace, url: str, *, seen_as: str = "") -> Studied | None:
    """Fetch a page and study it; None: it cannot be had, which is told. `seen_as`: the outlet whose it was before.

    Raises:
        ConfigurationError: a wrong argument. ExtractionError: it cannot be read as a page at all.
    """
    if opts.url:
        raise ConfigurationError("--url is where a saved page came from: leave it out, or name a file.")
    student = Student(settings, outlet_for(settings, url, opts.outlet, seen_as=seen_as))
    try:
        return student.of_url(url, allow_private=opts.allow_private)
    except FetchError as error:
        print(*cannot_be_read(url, student.last or url, error), sep="\n", file=sys.stderr)
        return None
