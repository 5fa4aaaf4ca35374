"""Compressed responses, asked for and undone. Scrapy's own does so without a bound in time, see
`crawler.network.decoding`, and runs a charset detector over the compressed bytes: 2.5 ms a page. Extraction decides
the encoding of a page itself.
"""

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.network.decoding import ACCEPTED, decode


class Decompression:
    """Offers gzip, deflate, br and zstd, and decodes what comes; at most DOWNLOAD_MAXSIZE bytes of it."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Decompression":
        return cls(crawler.settings.getint("DOWNLOAD_MAXSIZE"))

    def process_request(self, request: Request) -> None:
        request.headers.setdefault("Accept-Encoding", ACCEPTED)

    def process_response(self, request: Request, response: Response) -> Response:  # noqa: ARG002  # Scrapy hands it over
        said = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1").lower()
        encodings = [name for name in map(str.strip, said.split(",")) if name]
        if not encodings:
            return response
        plain = {name: getattr(response, name) for name in Response.attributes}
        plain["body"] = decode(response.body, encodings, most_bytes=self._most_bytes)
        return Response(**plain)
