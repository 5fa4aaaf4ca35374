"""Redirects: on the same host they are followed at its pace; to another host the work goes back to the frontier."""

import asyncio
from urllib.parse import urljoin

from scrapy import Request
from scrapy.http import Response

from crawler.news.errors import FetchError, MovedError
from crawler.news.urls import host_of, without_controls

REDIRECTS = frozenset({301, 302, 303, 307, 308})
MOST_HOPS = 5  # RFC 9309 asks five of robots.txt; no honest article needs more


class Redirect:
    """Follows redirects. Each hop asks robots.txt again, because it is a new request."""

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        if response.status not in REDIRECTS or "Location" not in response.headers:
            return response
        hops = request.meta.get("hops", 0) + 1
        target = self._target(response)
        if hops > MOST_HOPS:
            raise FetchError("redirects", f"more than {MOST_HOPS} redirects, the last to {target}")
        lease = request.meta["lease"]
        if host_of(target) != host_of(request.url) and lease.kind != "robots":
            raise MovedError(target)
        await asyncio.sleep(request.meta["gap_ms"] / 1000)
        return request.replace(url=target, meta={**request.meta, "hops": hops})

    def _target(self, response: Response) -> str:
        location = without_controls((response.headers["Location"] or b"").decode("latin-1"))
        try:
            target = urljoin(response.url, location)
            host_of(target)
        except ValueError as error:  # UrlError is one
            raise FetchError("redirects", f"redirected to nowhere: {error}") from None
        return target
