"""Alerts about an invented power cut."""

from datetime import UTC, datetime, timedelta

from crawler.news.alert import Alert, Report, alert_id
from crawler.news.story import Why

SEEN = datetime(2031, 3, 14, 9, 26, 53, tzinfo=UTC)
HEADLINE = "Grid repairs under way in Caracas"
MERIDIAN = Report("Meridian Wire", HEADLINE, "https://meridian-wire.example/world/grid", SEEN)
HARBOUR = Report(
    "Harbour Post", "Engineers at work", "https://harbour-post.example/2031/caracas-grid", SEEN + timedelta(hours=1)
)
LEDGER = Report(
    "The Daily Ledger", HEADLINE, "https://daily-ledger.example/news/4711", SEEN + timedelta(minutes=9), "Meridian Wire"
)


def alert(headline: str = HEADLINE) -> Alert:
    """The first alert of a story, with one report."""
    return Alert(
        id=alert_id("s1", "desk", "story"),
        kind="story",
        channel="desk",
        storyId="s1",
        headline=headline,
        url=MERIDIAN.url,
        topics=[
            Why(
                "Russia and Venezuela",
                "a1",
                "Engineers from «Russia» arrived in «Venezuela» on Monday to mend the grid.",
            )
        ],
        reports=[MERIDIAN],
    )


def follow_up() -> Alert:
    """Its follow-up: a second outlet, and a copy."""
    later = alert()
    later.id, later.kind = alert_id("s1", "desk", "new-outlets", "2"), "new-outlets"
    later.news = "Now reported by Harbour Post, too."
    later.reports, later.copies = [MERIDIAN, HARBOUR], [LEDGER]
    return later
