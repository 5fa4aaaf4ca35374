"""The hand-written press, opened for each test."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from crawler.newsroom import Newsroom

OPENED = datetime(2031, 3, 14, 9, 26, 53, tzinfo=UTC)


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    """A newsroom whose clock stands still at OPENED unless it is advanced."""
    with Newsroom(clock=lambda: OPENED) as opened:
        yield opened
