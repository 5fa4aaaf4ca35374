"""A newsroom for benchmarks: ten outlets with as many pages as wanted, served by a process of its own."""

from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Self

from crawler.newsroom import Newsroom, synthetic, watchlist_toml

OUTLETS = 10


class Press:
    """Serves the pages on loopback. Every page is rendered before the first is asked for.

        with Press(pages=1_200) as press:
            fetch(press.feeds[0], proxy=press.url)

    Attributes:
        pages: how many articles its feeds announce, about 70 kB each.
        url: its address as an HTTP proxy.
        feeds: one address an outlet.
        outlets_toml: the part of a watchlist that follows them all.
    """

    def __init__(self, pages: int) -> None:
        world = synthetic(OUTLETS, pages)
        self.pages = pages
        self.url = ""
        self.feeds = [outlet.url(path) for outlet in world.outlets for path in outlet.sources]
        self.outlets_toml = watchlist_toml(world, every="15m")
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(pages, theirs), daemon=True)

    def __enter__(self) -> Self:
        self._process.start()
        self.url = self._pipe.recv()
        return self

    def __exit__(self, *_error: object) -> None:
        self._pipe.send("close")
        self._process.join()

    def served(self) -> int:
        """Return how many different articles were handed out since this was last asked."""
        self._pipe.send("served")
        count: int = self._pipe.recv()
        return count


def _serve(pages: int, pipe: "Connection[object, str]") -> None:
    with Newsroom(world=synthetic(OUTLETS, pages)) as newsroom:
        newsroom.warm()
        pipe.send(newsroom.url)
        while pipe.recv() == "served":
            visits = [visit for visit in newsroom.requests if visit.status == 200]
            newsroom.requests.clear()
            pipe.send(len({(visit.host, visit.path) for visit in visits if visit.path.startswith("/news/")}))
