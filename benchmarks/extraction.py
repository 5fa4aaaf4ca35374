"""Extraction as public test sets want it: a function from a page and its URL to a plain record. For scoring only."""

import gc
import re
from datetime import datetime, timedelta
from typing import Any

from crawler.extraction import ExtractionError
from crawler.extraction import extract as extract_article
from crawler.news.days import first_day
from crawler.news.urls import same_site

# As in the process that reads pages for the crawl (crawler/reading/process.py).
gc.freeze()
gc.set_threshold(50_000)
same_site("https://a.example/", "https://b.example/")  # loads the list of public suffixes: once a process, not a page


def extract(html: bytes, url: str) -> dict[str, Any]:
    """Return headline, authors, datePublished, dateModified, inLanguage and articleBody of a page.

    Some sets know pages by a name that is no URL: those stand under a neutral one.

    Raises:
        ExtractionError: there is no article.
    """
    article = extract_article(
        html, url if re.match(r"https?://[\w.-]+(?:[/:]|$)", url) else "https://page.example/story"
    )
    return {
        "headline": article.headline,
        "authors": [author.name for author in article.authors],
        "datePublished": _day(article.datePublishedRaw, article.datePublished),
        "dateModified": _day(article.dateModifiedRaw, article.dateModified),
        "inLanguage": article.inLanguage,
        "articleBody": article.articleBody,
    }


def _day(raw: str | None, instant: datetime | None) -> str | None:
    """Return the calendar day on the outlet's own clock, as test sets count: as the outlet spells it, else in UTC."""
    if instant is None:
        return None
    day = first_day(raw or "", day_first=None, language=None)
    is_told = day is not None and abs(day - instant.date()) <= timedelta(days=1)
    return day.isoformat() if is_told and day else instant.isoformat()


__all__ = ["ExtractionError", "extract"]
