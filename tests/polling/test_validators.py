"""Polls that cost nothing when there is nothing new, and that nothing new escapes."""

from datetime import UTC, datetime

from crawler.newsroom.messages import Reply
from tests.polling.replies import feed, not_modified, status
from tests.polling.scripted import DAY, FRESH_FOR_A_DAY, HOUR, LONGEST, Ask, Played, source

ODD_TAG, ODD_DATE = 'W/"a, b  c\xe9;\\"', "Tue,  3 Mar 2026 9:00:00 +0000"

P01_BOTH = source("http://p01-both.example/feed.xml", feed("one", etag=ODD_TAG, last_modified=ODD_DATE))
P01_DATE = source("http://p01-date.example/feed.xml", feed("one", last_modified=ODD_DATE))


def test_p01_validators_are_echoed(played: Played) -> None:
    """ETag and Last-Modified go back byte for byte, however odd they are: both where both came, and no other."""
    first, second = played.polls(P01_BOTH)[:2]
    assert not first.is_conditional
    assert (second.headers["if-none-match"], second.headers["if-modified-since"]) == (ODD_TAG, ODD_DATE)
    second = played.polls(P01_DATE)[1]
    assert second.headers["if-modified-since"] == ODD_DATE
    assert "if-none-match" not in second.headers


P02 = source(
    "http://p02.example/feed.xml",
    feed("one", etag='"first"'),
    status(500),
    status(502),
    after=not_modified(cache_control=FRESH_FOR_A_DAY),
)


def test_p02_304_is_a_success(played: Played) -> None:
    """A 304 is not parsed, counts as a success, and ends a row of errors."""
    first = played.polls(P02)[0]
    state = played.state(P02)
    assert (state.health, state.failures, state.entries) == ("ok", 0, 1)
    assert state.polls == len(played.polls(P02)) >= 4
    assert abs(state.read_ms / 1000 - first.at.timestamp()) < 1
    assert played.stories(P02) == ["one"]


P03 = source(
    "http://p03.example/feed.xml",
    feed("one", etag='"first"', last_modified="Tue, 03 Mar 2026 09:00:00 GMT"),
    not_modified(),
    not_modified(etag='"second"'),
    not_modified(cache_control=FRESH_FOR_A_DAY),
)


def test_p03_304_without_etag_keeps_the_old_one(played: Played) -> None:
    """A 304 that names no validator leaves the known ones in force; one that names another replaces it."""
    tags = [ask.headers.get("if-none-match") for ask in played.polls(P03)[:4]]
    assert tags == [None, '"first"', '"first"', '"second"']
    dates = {ask.headers.get("if-modified-since") for ask in played.polls(P03)[1:4]}
    assert dates == {"Tue, 03 Mar 2026 09:00:00 GMT"}


P04 = source("http://p04.example/feed.xml", *[feed("one")] * 3)


def test_p04_same_bytes_are_not_parsed_again(played: Played) -> None:
    """A 200 whose body is the one of before, without validators, is told by its hash, and not parsed."""
    state, asks = played.state(P04), played.polls(P04)
    assert len(asks) >= 4
    assert abs(state.read_ms / 1000 - asks[0].at.timestamp()) < 1
    assert state.polled_ms > state.read_ms
    assert (state.health, state.entries) == ("ok", 1)


def liar(ask: Ask) -> Reply:
    """The tag never changes; what it stands for does, after an hour."""
    if ask.is_conditional:
        return not_modified(etag='"eternal"')
    return feed("one", etag='"eternal"') if ask.age < HOUR else feed("one", "two", etag='"eternal"')


P05 = source("http://p05.example/feed.xml", after=liar, every='"1h"')


def test_p05_a_lying_server_is_noticed(played: Played) -> None:
    """A body that changes under the same ETag is noticed: once in a while a poll sends no validators."""
    asks = played.polls(P05)
    honest = [ask for ask in asks if not ask.is_conditional]
    assert len(honest) >= 2
    assert honest[1].age < DAY + LONGEST * 1.1
    assert len(honest) / len(asks) < 1 / 4, "and it is not the rule"
    assert played.stories(P05) == ["one", "two"]


NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
P06 = source(
    "http://p06.example/feed.xml",
    feed("newest", dates={"newest": NOON}),
    feed("newest", "late", dates={"newest": NOON, "late": NOON - 30 * DAY}),
)


def test_p06_new_entries_need_no_new_date(played: Played) -> None:
    """An entry that comes late, under a newest date that did not move, is found."""
    assert "late" in played.stories(P06)
