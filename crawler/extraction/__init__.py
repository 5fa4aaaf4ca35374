"""Bytes of a page to an `Article`. Pure: no Scrapy, no network, no store.

    decode ── text ──> page (one parse, metadata) ──> headline, authors, dates, address, language, facts, media, optouts
                                                 └──> boilerplate ──> body

Adding an extraction rule for one outlet is a selector in its TOML, never code here.
"""

from crawler.extraction.article import extract
from crawler.extraction.optouts import OPT_OUT_HEADERS, OPT_OUTS
from crawler.news.errors import ExtractionError

__all__ = ["OPT_OUTS", "OPT_OUT_HEADERS", "ExtractionError", "extract"]
