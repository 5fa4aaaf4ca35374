"""How alerts read."""

from datetime import UTC
from inspect import cleandoc
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.desk import wording
from crawler.desk.wording import TITLE_LENGTH, message_of
from crawler.news.alert import Alert, Report
from crawler.news.story import Why
from tests.desk.samples import LEDGER, MERIDIAN, alert, follow_up

TEXT = st.text(st.characters(), max_size=600) | st.sampled_from(["@everyone", "a\nb\x1b[2J", "\ud83d", "«", "\u202e"])
TIMES = st.datetimes(timezones=st.just(UTC))
REPORTS = st.builds(Report, TEXT, TEXT, st.just(MERIDIAN.url), TIMES, st.none() | TEXT)
ALERTS = st.builds(
    Alert,
    id=TEXT,
    kind=st.sampled_from(["story", "new-topic", "new-outlets", "revision"]),
    channel=TEXT,
    storyId=TEXT,
    headline=TEXT,
    url=TEXT,
    topics=st.lists(st.builds(Why, TEXT, TEXT, TEXT), max_size=5),
    news=TEXT,
    reports=st.lists(REPORTS, max_size=9),
    copies=st.lists(REPORTS, max_size=9),
)


def test_a_follow_up_reads_like_the_sample() -> None:
    """What the module shows as its sample is what comes out, word for word."""
    message = message_of(follow_up())
    sample = cleandoc(wording.__doc__ or "").split("hold this module to:\n\n")[1].split("\n\n*Known")[0]
    assert f"{message.title}\n\n{message.text}" == dedent(sample)


def test_the_first_alert_begins_with_why() -> None:
    """A first alert has its headline for a title, and nothing is new in it: why comes first."""
    message = message_of(alert())
    assert message.title == "Grid repairs under way in Caracas"
    assert message.text == dedent("""\
        Russia and Venezuela: Engineers from «Russia» arrived in «Venezuela» on Monday to mend the grid.

        First: Meridian Wire, 2031-03-14 09:26 UTC
        Reported by 1 outlet: Meridian Wire

        Meridian Wire: https://meridian-wire.example/world/grid""")


def test_a_story_of_copies_alone_has_no_outlet_that_reports_it() -> None:
    """Where only copies were seen, the first of them is named first, and no outlet counts as independent."""
    copies = alert()
    copies.reports, copies.copies = [], [LEDGER]
    assert message_of(copies).text.splitlines()[2:4] == [
        "First: The Daily Ledger, 2031-03-14 09:35 UTC",
        "1 copy: The Daily Ledger (of Meridian Wire)",
    ]


def test_long_lists_are_cut_and_counted() -> None:
    """Of 13 outlets six are named and six are linked; an outlet with two reports counts once."""
    many = alert()
    many.reports = [Report(f"Outlet {n % 13}", "", f"https://o{n}.example/", MERIDIAN.time) for n in range(14)]
    lines = message_of(many).text.splitlines()
    names = "Outlet 0, Outlet 1, Outlet 2, Outlet 3, Outlet 4, Outlet 5"
    assert f"Reported by 13 outlets: {names} and 7 more" in lines
    assert lines[-2:] == ["Outlet 5: https://o5.example/", "and 8 more"]


@pytest.mark.parametrize(
    ("headline", "title"),
    [
        ("", "(no headline)"),
        (" \n\u200b", "(no headline)"),
        ("Dam\r\nholds\x1b[2J\u2028\u202eon\x00", "Dam holds[2J on"),
        ("word " * 400, "word " * 39 + "word…"),
        ("\ud83dDam holds 👩‍🚒", "Dam holds 👩‍🚒"),
        ("@everyone: dam holds", "@\u200beveryone: dam holds"),
        ("<!channel> <@U1> @here", "<\u200b!channel> <\u200b@\u200bU1> @\u200bhere"),
        ("Write to desk@outlet.example, 3 < 4", "Write to desk@outlet.example, 3 < 4"),
    ],
)
def test_a_headline_is_made_harmless(headline: str, title: str) -> None:
    """No headline, a long one, one with control characters, one that would ring a chat's telephones."""
    assert message_of(alert(headline)).title == title


def test_links_stay_as_they_are() -> None:
    """A link with an @ in it still leads somewhere."""
    linked = alert()
    linked.reports = [Report("Harbour Post", "", "https://harbour-post.example/@desk/<!x>", MERIDIAN.time)]
    assert message_of(linked).text.endswith("\nHarbour Post: https://harbour-post.example/@desk/<!x>")


@given(ALERTS)
def test_any_alert_has_a_message(any_alert: Alert) -> None:
    """Whatever is in an alert: a title of one line, neither empty nor long; a text of few lines."""
    message = message_of(any_alert)
    assert 0 < len(message.title) <= TITLE_LENGTH
    assert message.title.splitlines() == [message.title]
    assert len(message.text.splitlines()) <= 18
    assert "\x1b" not in message.title + message.text
    (message.title + message.text).encode()
