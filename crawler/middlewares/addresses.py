"""Addresses that the network has no business to send us to."""

from scrapy import Request

from crawler.news.errors import FetchError
from crawler.news.urls import is_private


class PrivateAddresses:
    """Refuses URLs that are written as private addresses, every redirect hop included, unless the outlet is permitted.

    Every address that we dial is judged again, and names then (`crawler.network`). This holds for what a configured
    proxy dials, and spares the dialling.
    """

    def process_request(self, request: Request) -> None:
        if is_private(request.url) and not request.meta.get("allow_private"):
            raise FetchError("private-address", f"{request.url} is a private address; allow_private = true permits it")
