"""Bytes of a page to an `Article`. Pure: no Scrapy, no network, no store.

    decode -> hazards -> page (one parse)  ──> headline, authors, dates, address, language, facts, media, optouts
                          └─> layout       ──> zoning: prose, container (signs), phrases ──> kinds ──> body ──> repeats

`layout` tells the page's blocks of text; `zoning` what each of them is; `kinds` whether the page is an article at all;
`repeats` what an outlet's articles have in common. `article` says the order of it all.

Adding an extraction rule for one outlet is a selector in its TOML, never code here.
"""

from crawler.extraction.article import extract
from crawler.extraction.optouts import OPT_OUT_HEADERS, OPT_OUTS
from crawler.news.errors import ExtractionError

__all__ = ["OPT_OUTS", "OPT_OUT_HEADERS", "ExtractionError", "extract"]
