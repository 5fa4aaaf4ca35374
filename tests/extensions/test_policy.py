"""How long whom is left alone."""

import pytest
from msgspec import structs
from scrapy.settings import Settings

from crawler.extensions.policy import CHALLENGE_COUNTS, Policy
from crawler.news.entry import Entry
from crawler.news.errors import ConfigurationError, DiscoveryError, FetchError, PoisonError
from crawler.store.frontier import Lease
from crawler.store.records import page_record
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


def test_texts_of_unmatched_articles_are_kept_as_long_as_the_setting_says() -> None:
    """Two weeks, unless it says otherwise; "0s" is not at all."""
    spans = ("14d", "1h30m", "0s")
    kept_ms = [policy(KEEP_UNMATCHED=span).limits.keep_unmatched_ms for span in spans]
    assert kept_ms == [14 * 86_400_000, 5_400_000, 0]
    assert policy().limits.keep_unmatched_ms == kept_ms[0]
    with pytest.raises(ConfigurationError, match="setting KEEP_UNMATCHED"):
        policy(KEEP_UNMATCHED="for ever")


def test_a_host_that_kills_parsers_takes_up_a_tenth_of_their_time() -> None:
    """It rests nine times as long as nothing else could be read, but not for ever."""
    poison = PoisonError("parser-hung", "reading it took over 10 s")
    poison.took_ms = 11_000
    assert policy().host_wait_ms(poison) == 99_000
    poison.took_ms = 3_600_000
    assert policy().host_wait_ms(poison) == 600_000
    assert policy().host_wait_ms(DiscoveryError("not-a-feed", "no feed")) == 0


def test_a_bot_guard_is_asked_again_twice_in_a_day() -> None:
    """A server in trouble is asked again after 15 s, 2 min, 16 min, 2 h; a guard after 16 min and 17 h."""
    page = page_record(
        Entry(url="http://g.example/a"), canonical="http://g.example/a", outlet="G", source="s", kind="feed", now_ms=0
    )
    waits: dict[str, list[int]] = {"bot-challenge": [], "timeout": []}
    for reason, counts in (("bot-challenge", CHALLENGE_COUNTS), ("timeout", 1)):
        for attempts in range(0, base.FETCH_ATTEMPTS - counts, counts):
            lease = Lease("e:a", "token", page.host, "", structs.replace(page, attempts=attempts))
            waits[reason].append(policy().retry_wait_ms(lease, FetchError(reason, "", passing=True)) // 1000)
    assert waits == {"bot-challenge": [960, 61_440], "timeout": [15, 120, 960, 7_680]}


@pytest.mark.parametrize(("name", "value"), [("POLL_EVERY", "0s"), ("POLL_EVERY", "2s"), ("SHORTEST_POLL", "0s")])
def test_nobody_is_polled_faster_than_the_shortest_time(name: str, value: str) -> None:
    """Not by a setting either."""
    with pytest.raises(ConfigurationError, match=f'setting {name}: "{value}"'):
        policy(**{name: value})
