"""Scrapy + feedparser + trafilatura, as their manuals put them together."""

from collections.abc import Iterator
from typing import Any

import feedparser
from scrapy import Request, Spider
from scrapy.http import Response
from trafilatura import bare_extraction
from trafilatura.settings import Document


class Ordinary(Spider):
    """Reads the feeds, and keeps an item for each article. `-a feeds=`: their addresses, separated by commas."""

    name = "ordinary"

    def __init__(self, feeds: str) -> None:
        super().__init__()
        self.start_urls = feeds.split(",")

    def parse(self, response: Response, **_: Any) -> Iterator[Request]:
        for entry in feedparser.parse(response.body).entries:
            yield Request(entry.link, self.page)

    def page(self, response: Response) -> Iterator[Any]:
        """Keep headline, author, date and text."""
        article = bare_extraction(response.text, url=response.url, include_comments=False, with_metadata=True)
        if isinstance(article, Document):
            yield {
                "url": response.url,
                "headline": article.title,
                "authors": article.author,
                "datePublished": article.date,
                "description": article.description,
                "articleBody": article.text,
            }
