"""How long whom is left alone."""

import pytest
from scrapy.settings import Settings

from crawler.extensions.policy import Policy
from crawler.news.errors import ConfigurationError, DiscoveryError, FetchError, PoisonError
from settings import base

ASKED = FetchError("http-503", "the server answered 503", passing=True, wait_ms=120_000)


def policy(**settings: str) -> Policy:
    """The project's settings, but for these."""
    project = {name: value for name, value in vars(base).items() if name.isupper()}
    return Policy.from_settings(Settings(project | settings))


@pytest.mark.parametrize(("holds", "wait_ms"), [("host", 120_000), ("source", 0)])
def test_p10_whom_a_retry_after_holds_is_a_setting(holds: str, wait_ms: int) -> None:
    """The whole host, or only what was answered with it."""
    assert policy(RETRY_AFTER_HOLDS=holds).host_wait_ms(ASKED) == wait_ms


def test_what_holds_nothing_is_refused() -> None:
    """By the setting's name, with what may be written."""
    with pytest.raises(ConfigurationError, match=r'RETRY_AFTER_HOLDS: "page" holds nothing\. Write "host" or "source"'):
        policy(RETRY_AFTER_HOLDS="page")


def test_a_host_that_kills_parsers_takes_up_a_tenth_of_their_time() -> None:
    """It rests nine times as long as nothing else could be read, but not for ever."""
    poison = PoisonError("parser-hung", "reading it took over 10 s")
    poison.took_ms = 11_000
    assert policy().host_wait_ms(poison) == 99_000
    poison.took_ms = 3_600_000
    assert policy().host_wait_ms(poison) == 600_000
    assert policy().host_wait_ms(DiscoveryError("not-a-feed", "no feed")) == 0


@pytest.mark.parametrize(("name", "value"), [("POLL_EVERY", "0s"), ("POLL_EVERY", "2s"), ("SHORTEST_POLL", "0s")])
def test_nobody_is_polled_faster_than_the_shortest_time(name: str, value: str) -> None:
    """Not by a setting either."""
    with pytest.raises(ConfigurationError, match=f'setting {name}: "{value}"'):
        policy(**{name: value})
