"""A newsroom for benchmarks: outlets with as many pages as wanted, served by a process of its own."""

import random
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Self

from crawler.newsroom import Newsroom, World, synthetic, watchlist_toml

OUTLETS = 10
AT_ONCE = (0.0, 0.0)


class Press:
    """Serves the pages on loopback. Every page is rendered before the first is asked for.

        with Press(pages=1_200) as press:
            fetch(press.feeds[0], proxy=press.url)

    `answer_s`: how long a page takes until it answers, at least and at most; feeds answer at once.

    Attributes:
        pages: how many articles its feeds announce, about 70 kB each.
        url: its address as an HTTP proxy.
        feeds: one address an outlet.
        outlets_toml: the part of a watchlist that follows them all.
    """

    def __init__(self, pages: int, *, outlets: int = OUTLETS, answer_s: tuple[float, float] = AT_ONCE) -> None:
        world = synthetic(outlets, pages)
        self.pages = pages
        self.url = ""
        self.feeds = [outlet.url(path) for outlet in world.outlets for path in outlet.sources]
        self.outlets_toml = watchlist_toml(world, every="15m")
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(world, answer_s, theirs), daemon=True)

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


def _serve(world: World, answer_s: tuple[float, float], pipe: "Connection[object, str]") -> None:
    with Newsroom(world=world) as newsroom:
        newsroom.warm()
        if answer_s != AT_ONCE:
            _take_time(newsroom, answer_s)
        pipe.send(newsroom.url)
        while pipe.recv() == "served":
            visits = [visit for visit in newsroom.requests if visit.status == 200]
            newsroom.requests.clear()
            pipe.send(len({(visit.host, visit.path) for visit in visits if visit.path.startswith("/news/")}))


def _take_time(newsroom: Newsroom, answer_s: tuple[float, float]) -> None:
    """Let each page take its own time, the same in each run."""
    chance = random.Random(0)
    for outlet in newsroom.world.outlets:
        for piece in outlet.pieces:
            newsroom.fault(outlet.url(piece.path), "slow", seconds=chance.uniform(*answer_s))
