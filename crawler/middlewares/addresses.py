"""Addresses that the network has no business to send us to."""

from scrapy import Request

from crawler.news.errors import FetchError
from crawler.news.urls import is_private


class PrivateAddresses:
    """Refuses URLs on private addresses, every redirect hop included, unless the watchlist allows the outlet that."""

    def process_request(self, request: Request) -> None:
        if is_private(request.url) and not request.meta.get("allow_private"):
            raise FetchError("private-address", f"{request.url} is a private address; allow_private = true permits it")
