"""What the answers of odd sources teach: those whose dates or ids do not mean what they should."""

import random
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from crawler.discovery.polling import after_success
from crawler.news.entry import Entry
from crawler.news.source import SourceState

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
NOW = 1_795_262_400_000  # 2026-11-21T12:00:00Z, a Saturday
SOURCE = SourceState(
    id="s", outlet="Lantern", kind="sitemap", url="https://lantern.example/sitemap.xml", host="lantern.example",
    every_ms=15 * MINUTE, longest_ms=4 * HOUR, first_look_ms=DAY,
)  # fmt: skip
Announces = Callable[[int, int], Entry]  # the number of an entry and the time of the answer, to what is announced


def after_days(announces: Announces, *, entries: int, days: int = 7, a_day: int = 0) -> SourceState:
    """The source after polls of so many days whenever it was due; it gets that many new entries a day."""
    state, now = SOURCE, NOW
    while now < NOW + days * DAY:
        end = entries + (now - NOW) * a_day // DAY
        found = [announces(number, now) for number in range(end - entries, end)]
        state = after_success(
            state, headers={"ETag": str(now)}, body=b"", now_ms=now, rng=random.Random(now), entries=found
        )
        now = state.due_ms
    return state


def page(number: int) -> str:
    """An address."""
    return f"https://lantern.example/{number}"


def date(ms: int) -> datetime:
    """Milliseconds since 1970 as a date."""
    return datetime.fromtimestamp(ms // 1000, UTC)


def stamped_published(number: int, now: int) -> Entry:
    """Published at the time of the answer, as it says."""
    return Entry(page(number), published=date(now))


def stamped_updated(number: int, now: int) -> Entry:
    """Updated at the time of the answer, as it says."""
    return Entry(page(number), updated=date(now - number % 9 * 1000))


def cached(number: int, now: int) -> Entry:
    """Published when the answer was made, which was up to an hour before it was sent."""
    return Entry(page(number), published=date(now // HOUR * HOUR + number % 9 * 1000))


def rewritten(number: int, now: int) -> Entry:
    """Updated at three in the morning, within five minutes, as every day."""
    return Entry(page(number), updated=date((now - 3 * HOUR) // DAY * DAY + 3 * HOUR + number % 300 * 1000))


def edited(number: int, now: int) -> Entry:
    """A page in a hundred was updated within the last hour, each time another one."""
    was_edited = (number + now // MINUTE) % 100 == 0
    return Entry(page(number), updated=date(now - number % 60 * MINUTE if was_edited else NOW - 90 * DAY))


@pytest.mark.parametrize("announces", [stamped_published, stamped_updated, cached, rewritten, edited])
def test_dates_that_move_are_no_news(announces: Announces) -> None:
    """A large source without news is asked as rarely as may be after a week, whatever it says of its entries."""
    state = after_days(announces, entries=1_000)
    assert state.learned_ms > 2 * HOUR, state.why
    assert state.overflows == 0


@pytest.mark.parametrize("announces", [stamped_published, stamped_updated, cached, rewritten])
def test_news_is_learned_though_dates_move(announces: Announces) -> None:
    """The sample tells the rate: of 48 entries a day some 48, and so a quarter to three quarters of an hour."""
    state = after_days(announces, entries=200, a_day=48)
    assert 15 * MINUTE <= state.learned_ms < 45 * MINUTE, state.why
    assert state.why.startswith("learned: ")


def test_a_large_source_with_dates_of_publication_is_learned_exactly() -> None:
    """An entry every half hour, of which the sample hardly has one a day."""

    def dated(number: int, now: int) -> Entry:
        return Entry(page(number), published=date(NOW + (number - 999) * DAY // 48), updated=date(now))

    state = after_days(dated, entries=1_000, a_day=48, days=2)
    assert 15 * MINUTE <= state.learned_ms < 25 * MINUTE, state.why


@pytest.mark.parametrize("entries", [10, 200])
def test_new_ids_make_no_new_entries(entries: int) -> None:
    """A feed that names its entries anew with each answer announces nothing new, and no window overflows."""
    state = after_days(lambda number, now: Entry(page(number), id=f"{now}-{number}"), entries=entries)
    assert state.learned_ms > 2 * HOUR, state.why
    assert state.overflows == 0
