"""The ordinary spider with our extractor in trafilatura's place: what Storywatch's own overhead is measured against."""

from collections.abc import Iterator

from scrapy.http import Response

from benchmarks.peers.ordinary import Ordinary
from crawler.extraction import extract
from crawler.news.article import Article


class SameExtractor(Ordinary):
    """Keeps the same articles that Storywatch publishes."""

    name = "same-extractor"

    def page(self, response: Response) -> Iterator[Article]:
        content_type = response.headers.get("Content-Type") or b""
        yield extract(response.body, response.url, content_type=content_type.decode("latin-1"))
