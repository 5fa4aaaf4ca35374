"""Invented sites, answered from a table: for searches in this process, and behind a proxy for commands."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import cast

from scrapy import Request
from scrapy.http import Response

from crawler.middlewares.robots import Robots
from crawler.newsroom.messages import Reply
from crawler.newsroom.messages import Request as ServerRequest
from crawler.newsroom.server import HOST, Server
from crawler.reading.process import read
from crawler.reading.tasks import AnyTask, Reading, Task

NOW = datetime.now(UTC)


class Here:
    """Reads in this process."""

    async def read(self, task: Task[Reading], body: bytes) -> Reading:
        """As the reading process does it."""
        return cast(Reading, read(cast(AnyTask, task), body))


class Sites:
    """What addresses answer: a body, a redirect ("301 https://…") or a status ("503"); the rest is 404.

    Attributes:
        asked: every address that was asked for, in order.
    """

    def __init__(self, answers: dict[str, str], headers: dict[str, dict[str, str]] | None = None) -> None:
        self.answers = answers
        self.headers = headers or {}
        self.asked: list[str] = []

    def answer(self, url: str) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body."""
        self.asked.append(url)
        text, headers = self.answers.get(url, "404"), self.headers.get(url, {})
        status, _, target = text.partition(" ")
        if len(status) != 3 or not status.isdecimal():
            return 200, headers, text.encode()
        return int(status), headers | ({"Location": target} if target else {}), b""

    async def download(self, request: Request) -> Response:
        """Answer as Scrapy's downloader does, with the middleware that obeys robots.txt."""
        Robots().process_request(request)
        status, headers, body = self.answer(request.url)
        return Response(request.url, status=status, headers=dict(headers), body=body)

    @contextmanager
    def served(self) -> Iterator[str]:
        """Serve them all behind an HTTP proxy; yield its address."""
        server = Server(0, self._reply, lambda: NOW)
        port = server.start()
        try:
            yield f"http://{HOST}:{port}"
        finally:
            server.stop()

    def _reply(self, request: ServerRequest) -> Reply:
        return Reply(*self.answer(f"http://{request.host}{request.path}"))


def page(*links: str, head: str = "", name: str = "Harbour Post") -> str:
    """A home page with links to stories."""
    stories = "".join(f'<h2><a href="{link}">What happened at the quay today: {link}</a></h2>' for link in links)
    return f'<!doctype html><meta property="og:site_name" content="{name}">{head}<main>{stories}</main>'


def feed(*paths: str, host: str = "http://post.example", title: str = "Harbour Post") -> str:
    """An RSS feed whose stories are an hour apart."""
    items = "".join(
        f"<item><title>Story {path}</title><link>{host}{path}</link>"
        f"<pubDate>{NOW - timedelta(hours=age):%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
        for age, path in enumerate(paths, start=1)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>{items}</channel></rss>'


def urlset(*paths: str, host: str = "http://post.example", titled: bool = True) -> str:
    """A sitemap; `titled`: a news sitemap."""
    urls = "".join(
        f"<url><loc>{host}{path}</loc><lastmod>{NOW - timedelta(hours=age):%Y-%m-%dT%H:%M:%SZ}</lastmod>"
        + (
            f"<n:news><n:title>Story {path}</n:title><n:publication_date>"
            f"{NOW - timedelta(hours=age):%Y-%m-%dT%H:%M:%SZ}</n:publication_date></n:news>"
            if titled
            else ""
        )
        + "</url>"
        for age, path in enumerate(paths, start=1)
    )
    return (
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/n">{urls}</urlset>'
    )


def index(*urls: str) -> str:
    """A sitemap index."""
    inner = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inner}</sitemapindex>'
