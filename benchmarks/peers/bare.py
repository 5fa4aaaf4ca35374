"""Scrapy and nothing else: what it costs to fetch the pages."""

from collections.abc import Iterator
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response

# RSS's <item><link>, Atom's <entry><link href="...">.
LINKS = (
    "//*[local-name()='item']/*[local-name()='link']/text() | //*[local-name()='entry']/*[local-name()='link']/@href"
)


class Bare(Spider):
    """Fetches what the feeds announce, and looks at none of it. `-a feeds=`: their addresses, separated by commas."""

    name = "bare"

    def __init__(self, feeds: str) -> None:
        super().__init__()
        self.start_urls = feeds.split(",")

    def parse(self, response: Response, **_: Any) -> Iterator[Request]:
        for link in response.xpath(LINKS).getall():
            yield Request(link, self.page)

    def page(self, response: Response) -> None:
        """Look at nothing."""
