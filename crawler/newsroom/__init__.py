"""A small make-believe press: the demo, and the tests' world. Imports the standard library alone.

    with Newsroom() as newsroom:            an HTTP proxy at newsroom.url answers for the outlets
        newsroom.edit(url, headline="...")  and its time, faults and texts can be scripted

`docs/newsroom.md` tells the rest.
"""

from pathlib import Path

from crawler.newsroom.expectations import Expected, expectations
from crawler.newsroom.newsroom import Newsroom, Visit
from crawler.newsroom.press import PressError, read_press
from crawler.newsroom.synthetic import synthetic, watchlist_toml
from crawler.newsroom.world import Outlet, Piece, Step, World

WATCHLIST = Path(__file__).parent / "watchlist"
"""The watchlist that follows the hand-written press."""

__all__ = [
    "WATCHLIST",
    "Expected",
    "Newsroom",
    "Outlet",
    "Piece",
    "PressError",
    "Step",
    "Visit",
    "World",
    "expectations",
    "read_press",
    "synthetic",
    "watchlist_toml",
]
