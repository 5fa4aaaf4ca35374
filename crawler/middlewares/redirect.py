"""Redirects: on the same host they are followed at its pace; to another host the work goes back to the frontier."""

import asyncio
from urllib.parse import urljoin

from scrapy import Request
from scrapy.http import Response

from crawler.news.errors import FetchError, MovedError
from crawler.news.urls import dialled, host_of, without_controls

PERMANENT = frozenset({301, 308})
REDIRECTS = PERMANENT | {302, 303, 307}
MOST_HOPS = 5  # RFC 9309 asks five of robots.txt; no honest article needs more


class Redirect:
    """Follows redirects. Each hop asks robots.txt again, because it is a new request.

    In `request.meta`, "settled" is how far permanent redirects alone have led; "astray": a passing one came since.
    """

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        if response.status not in REDIRECTS or "Location" not in response.headers:
            return response
        hops = request.meta.get("hops", 0) + 1
        target = target_of(response)
        if hops > MOST_HOPS:
            raise FetchError("redirects", f"more than {MOST_HOPS} redirects, the last to {target}")
        astray = request.meta.get("astray", False) or response.status not in PERMANENT
        settled = request.meta.get("settled") if astray else target
        lease = request.meta["lease"]
        if host_of(target) != host_of(request.url) and lease.kind != "robots":
            raise MovedError(target, settled)
        await asyncio.sleep(request.meta["gap_ms"] / 1000)
        return request.replace(url=target, meta={**request.meta, "hops": hops, "settled": settled, "astray": astray})


def target_of(response: Response) -> str:
    """Return where a redirect leads, absolute.

    Raises:
        FetchError: nowhere.
    """
    location = without_controls((response.headers["Location"] or b"").decode("latin-1"))
    try:
        return dialled(urljoin(response.url, location))
    except ValueError as error:  # UrlError is one
        raise FetchError("redirects", f"redirected to nowhere: {error}") from None
