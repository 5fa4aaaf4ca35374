"""How long a source is left alone: as long as it, its feed, its server or the watchlist want, whichever is longest."""

from datetime import UTC, timedelta
from pathlib import Path

import pytest

from crawler.news.errors import WatchlistError
from crawler.newsroom.messages import Reply
from crawler.watchlist import load
from tests.polling.replies import feed, http_date, not_modified, seconds, status
from tests.polling.scripted import (
    DAY,
    FRESH_FOR_A_DAY,
    HOUR,
    JITTER,
    MINUTE,
    SECOND,
    USUAL,
    Address,
    Answer,
    Ask,
    Played,
    about,
    source,
)

SIX_HOURS = seconds(6 * HOUR)


def busy_until(code: int, wait: timedelta) -> Answer:
    """A status with Retry-After as a date."""
    return lambda ask: status(code, retry_after=http_date(ask.at + wait))


P07_SECONDS = source("http://p07-seconds.example/feed.xml", feed("one"), status(429, retry_after=SIX_HOURS))
P07_DATE = source("http://p07-date.example/feed.xml", feed("one"), busy_until(429, 6 * HOUR))


@pytest.mark.parametrize("address", [P07_SECONDS, P07_DATE])
def test_p07_retry_after_429(played: Played, address: Address) -> None:
    """What a 429 asks for is waited for, as seconds and as an HTTP date alike."""
    assert about(played.waits(address)[1], 6 * HOUR)


P08_SECONDS = source("http://p08-seconds.example/feed.xml", feed("one"), status(503, retry_after=SIX_HOURS))
P08_DATE = source("http://p08-date.example/feed.xml", feed("one"), busy_until(503, 6 * HOUR))


@pytest.mark.parametrize("address", [P08_SECONDS, P08_DATE])
def test_p08_retry_after_503(played: Played, address: Address) -> None:
    """And so is what a 503 asks for."""
    assert about(played.waits(address)[1], 6 * HOUR)


P09 = [source(f"http://p09-{letter}.example/feed.xml", feed("one"), status(429)) for letter in "abc"]


def test_p09_429_without_a_word(played: Played) -> None:
    """After a 429 that does not say for how long, the wait is much longer than usual, and each source's is another."""
    waits = sorted(played.waits(address)[1] for address in P09)
    assert 2 * USUAL <= waits[0] <= waits[2] <= DAY * JITTER
    assert waits[1] - waits[0] > SECOND
    assert waits[2] - waits[1] > SECOND


def hectic(ask: Ask) -> Reply:
    """A ticker with a line every five seconds."""
    lines = {f"line-{number}": ask.opened - number * 5 * SECOND for number in range(1, 60)}
    return feed(*lines, dates=lines, etag='"same"')


P14_USUAL = source("http://p14-usual.example/feed.xml", *[feed("one", etag='"same"')] * 2)
P14_OFTEN = source("http://p14-often.example/feed.xml", hectic, hectic, every='"1m"', first_look='"1s"')


def test_p14_fifteen_minutes_by_default(played: Played, tmp_path: Path) -> None:
    """Polls of a source are a quarter of an hour apart. The watchlist may ask for less, down to a minute."""
    assert about(played.waits(P14_USUAL)[0], USUAL)
    assert min(played.waits(P14_USUAL)) >= USUAL - SECOND
    assert about(played.waits(P14_OFTEN)[0], MINUTE)
    assert min(played.waits(P14_OFTEN)) >= MINUTE - SECOND
    greedy = '[[outlet]]\nname = "A"\nurl = "http://a.example/"\nfeeds = ["http://a.example/f"]\nevery = "59s"\n'
    (tmp_path / "outlets.toml").write_text(greedy)
    with pytest.raises(WatchlistError, match='"59s" is faster than 1m'):
        load(tmp_path, shortest_poll=MINUTE)


def static(ask: Ask) -> Reply:
    """A server that always sends all, and for a day."""
    return feed("one") if ask.age < DAY else feed("one", cache_control=FRESH_FOR_A_DAY)


def frugal(ask: Ask) -> Reply:
    """A server that knows validators."""
    if not ask.is_conditional:
        return feed("one", etag='"same"')
    return not_modified() if ask.age < DAY else not_modified(cache_control=FRESH_FOR_A_DAY)


P15_WITHOUT = source("http://p15-without.example/feed.xml", after=static)
P15_WITH = source("http://p15-with.example/feed.xml", after=frugal)


def test_p15_without_validators_less_often(played: Played) -> None:
    """A source whose server sends no validators, so that each poll costs it a whole feed, is polled less often."""
    assert played.waits(P15_WITHOUT)[0] > 1.2 * played.waits(P15_WITH)[0]
    assert len(played.polls(P15_WITHOUT)) < len(played.polls(P15_WITH))


P16_MAX_AGE = source("http://p16-max-age.example/feed.xml", feed("one", cache_control=f"public, max-age={SIX_HOURS}"))
P16_EXPIRES = source(
    "http://p16-expires.example/feed.xml", lambda ask: feed("one", expires=http_date(ask.at + 6 * HOUR))
)


@pytest.mark.parametrize("address", [P16_MAX_AGE, P16_EXPIRES])
def test_p16_freshness_is_a_floor(played: Played, address: Address) -> None:
    """As long as an answer is fresh (Cache-Control max-age, Expires), its source is not asked again."""
    assert about(played.waits(address)[0], 6 * HOUR)


P17_MAX_AGE = source(
    "http://p17-max-age.example/feed.xml",
    feed("one", etag='"same"'),
    not_modified(cache_control=f"max-age={SIX_HOURS}"),
)
P17_EXPIRES = source(
    "http://p17-expires.example/feed.xml",
    feed("one", etag='"same"'),
    lambda ask: not_modified(expires=http_date(ask.at + 6 * HOUR)),
)


@pytest.mark.parametrize("address", [P17_MAX_AGE, P17_EXPIRES])
def test_p17_freshness_of_a_304(played: Played, address: Address) -> None:
    """A 304 says how long it is fresh, too."""
    assert about(played.waits(address)[0], USUAL)
    assert about(played.waits(address)[1], 6 * HOUR)


P18 = source(
    "http://p18.example/feed.xml", feed("one", cache_control=f"max-age={seconds(18 * HOUR)}", age=seconds(12 * HOUR))
)


def test_p18_age_is_subtracted(played: Played) -> None:
    """What an answer has spent in caches (Age) has gone from its freshness."""
    assert about(played.waits(P18)[0], 6 * HOUR)


TEN_DAYS = seconds(10 * DAY)
P19 = [
    source("http://p19-max-age.example/feed.xml", feed("one", cache_control=f"max-age={TEN_DAYS}")),
    source("http://p19-retry-after.example/feed.xml", after=status(503, retry_after=TEN_DAYS)),
    source("http://p19-ttl.example/feed.xml", feed("one", channel=f"<ttl>{10 * DAY // MINUTE}</ttl>")),
]


@pytest.mark.parametrize("address", P19)
def test_p19_what_servers_ask_for_is_capped(played: Played, address: Address) -> None:
    """Nobody can send us away for longer than a day; the log says that somebody wanted to."""
    assert about(played.waits(address)[0], DAY)
    assert played.says(address.url, "24h is the most")


P20 = source("http://p20.example/feed.xml", feed("one", channel=f"<ttl>{6 * HOUR // MINUTE}</ttl>"))


def test_p20_ttl(played: Played) -> None:
    """RSS <ttl> is honoured."""
    assert about(played.waits(P20)[0], 6 * HOUR)


def syndicated(period: str, frequency: str) -> Reply:
    """A feed with the syndication module's words."""
    channel = f"<sy:updatePeriod>{period}</sy:updatePeriod><sy:updateFrequency>{frequency}</sy:updateFrequency>"
    return feed("one", channel=channel, etag='"same"')


P21 = source("http://p21.example/feed.xml", syndicated("daily", "4"))
P21_NONSENSE = [
    source("http://p21-period.example/feed.xml", syndicated("fortnightly", "1")),
    source("http://p21-frequency.example/feed.xml", syndicated("hourly", "often")),
    source("http://p21-zero.example/feed.xml", syndicated("hourly", "0")),
]


def test_p21_update_period(played: Played) -> None:
    """sy:updatePeriod is honoured, divided by sy:updateFrequency. A period that is none asks for nothing; a frequency
    that is none counts as once.
    """
    assert about(played.waits(P21)[0], 6 * HOUR)
    waits = [played.waits(address)[0] for address in P21_NONSENSE]
    assert about(waits[0], USUAL)
    assert about(waits[1], HOUR)
    assert about(waits[2], HOUR)


SKIPPED = (*range(7, 12), 13, 14)  # the clock starts at 6
SKIP_HOURS = f"<skipHours>{''.join(f'<hour>{hour}</hour>' for hour in SKIPPED)}</skipHours>"
P22_HOURS = source("http://p22-hours.example/feed.xml", after=feed("one", channel=SKIP_HOURS), every='"1h"')

SKIP_DAYS = "<skipDays><day>Tuesday</day><day>Wednesday</day></skipDays>"  # it starts on a Monday
P22_DAYS = source("http://p22-days.example/feed.xml", after=feed("one", channel=SKIP_DAYS), every='"1h"')


def test_p22_skip_hours_and_days(played: Played) -> None:
    """A feed is not asked in any of its skipHours, nor on any of its skipDays (UTC), and it is asked between them."""
    moments = [ask.at.astimezone(UTC) for ask in played.polls(P22_HOURS)]
    assert {moment.hour for moment in moments} & set(SKIPPED) == set()
    assert {6, 12} <= {moment.hour for moment in moments}
    assert {ask.at.astimezone(UTC).strftime("%a") for ask in played.polls(P22_DAYS)} == {"Mon", "Thu"}


LATE_HOURS = "<skipHours><hour>8</hour><hour>9</hour><hour>10</hour></skipHours>"
P22_LATE = source(
    "http://p22-late.example/feed.xml",
    after=feed("one", channel=LATE_HOURS, cache_control=f"max-age={seconds(40 * MINUTE)}", etag='"same"'),
    every='"40m"',
)
P22_BUSY = source(
    "http://p22-late.example/busy.xml",
    feed("one", cache_control=f"max-age={seconds(50 * MINUTE)}"),
    status(429, retry_after=seconds(2 * HOUR)),
)


def test_p22_a_late_poll_respects_them(played: Played) -> None:
    """A poll that comes late, because its host was to be left alone, is put off out of the skipped hours, too."""
    held = played.polls(P22_BUSY)[1].at
    before, after = [[ask.at for ask in played.polls(P22_LATE) if (ask.at < held) == early] for early in (True, False)]
    due = before[-1] + 40 * MINUTE * JITTER
    assert due.astimezone(UTC).hour == 7 < (held + 2 * HOUR).astimezone(UTC).hour, "so it is late, and would be skipped"
    assert after[0].astimezone(UTC).hour == 11
    assert {moment.astimezone(UTC).hour for moment in after} & {8, 9, 10} == set()
