"""Polling WordPress' REST API."""

import pytest

from crawler.discovery.feeds.wordpress import is_posts_address, poll_address

POSTS = "https://gazette.example/wp-json/wp/v2/posts"
NEWEST_MS = 1_795_260_599_000  # 2026-11-21T11:29:59Z


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        (POSTS, POSTS + "?after=2026-11-20T11:00:00Z"),
        (POSTS + "/?per_page=50", POSTS + "/?per_page=50&after=2026-11-20T11:00:00Z"),
        (
            "https://gazette.example/?rest_route=/wp/v2/posts",
            "https://gazette.example/?rest_route=/wp/v2/posts&after=2026-11-20T11:00:00Z",
        ),
        (POSTS + "?after=2020-01-01T00:00:00Z&page=1", POSTS + "?page=1&after=2026-11-20T11:00:00Z"),
        (POSTS + "/4711", POSTS + "/4711"),
        ("https://gazette.example/feed", "https://gazette.example/feed"),
        ("https://[broken/wp-json/wp/v2/posts", "https://[broken/wp-json/wp/v2/posts"),
    ],
)
def test_only_the_last_day_is_asked_for(url: str, asked: str) -> None:
    """Of posts those since a day before the newest known; any other address stays as it is."""
    assert poll_address(url, NEWEST_MS) == asked


def test_the_first_poll_asks_for_all() -> None:
    """Nothing known: nothing left out."""
    assert poll_address(POSTS, 0) == POSTS


def test_the_address_stays_for_an_hour() -> None:
    """A newer story does not change it, so that a cache may answer; one of the next hour does."""
    assert poll_address(POSTS, NEWEST_MS) == poll_address(POSTS, NEWEST_MS + 60_000 * 30)
    assert poll_address(POSTS, NEWEST_MS) != poll_address(POSTS, NEWEST_MS + 60_000 * 31)


def test_addresses_of_posts() -> None:
    """In a folder, too, and with the query of sites without permalinks."""
    assert is_posts_address("https://gazette.example/news/wp-json/wp/v2/posts/")
    assert is_posts_address("https://gazette.example/index.php?rest_route=%2Fwp%2Fv2%2Fposts")
    assert not is_posts_address("https://gazette.example/wp-json/wp/v2/pages")
