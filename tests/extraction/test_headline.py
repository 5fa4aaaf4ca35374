"""Two headlines on one page: the one under which the outlet announces it decides, if the page has it."""

import pytest

from crawler.extraction import extract
from crawler.news.entry import Entry

URL = "http://gazette.example/2031/03/14/harbour-closed-for-repairs"
TO_READ, TO_SHARE = "Harbour closed for a week", "Ferries, forget it: your harbour is shut"
TEXT = (
    "The harbour of Corrin closes on Monday for a week, the port authority said, because its gate has to be replaced. "
)
PAGE = f"""<!doctype html><html lang="en"><head><title>{TO_READ} | Gazette</title>
<meta property="og:title" content="{TO_SHARE}"></head>
<body><article><h1>{TO_READ}</h1><p>{TEXT * 3}</p><p>{TEXT * 3}</p></article></body></html>"""


@pytest.mark.parametrize(
    ("announced", "headline"),
    [
        (TO_SHARE, TO_SHARE),
        ("harbour closed for a WEEK", TO_READ),
        ("Har\u00adbour closed for a week!", TO_READ),
        ("More", TO_READ),
        (None, TO_READ),
    ],
)
def test_the_announced_headline_decides_among_the_pages_own(announced: str | None, headline: str) -> None:
    """In the page's spelling; what the page does not say counts for nothing."""
    article = extract(PAGE.encode(), URL, entry=Entry(url=URL, title=announced))
    assert article.headline == headline
