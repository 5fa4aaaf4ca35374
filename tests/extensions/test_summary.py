"""What a person reads at the end of a crawl, and what cron reads."""

import pytest

from crawler.extensions.summary import exit_code, headline, summary

STATS = {
    "storywatch/poll/ok": 9,
    "storywatch/poll/not-modified": 2,
    "storywatch/poll/failed:dns": 1,
    "storywatch/entries/new": 12,
    "storywatch/outcome/published": 7,
    "storywatch/outcome/rejected:robots": 1,
    "storywatch/outcome/rejected:no-text": 2,
    "storywatch/outcome/dead:timeout": 1,
    "storywatch/left": 1,
    "downloader/request_count": 99,
}


def test_the_summary_names_polls_entries_outcomes_and_reasons() -> None:
    """Sources polled, entries new, each outcome with its reasons, what is left."""
    assert summary(STATS).splitlines() == [
        "Polled    12 sources: 11 well, 1 failed (dns 1)",
        "Entries   12 new",
        "Outcomes  7 published",
        "          3 rejected (no-text 2, robots 1)",
        "          1 dead (timeout 1)",
        "Left      1 for a later pass (scrapy frontier shows them)",
    ]


def test_the_headline_is_one_line() -> None:
    """For a terminal's last line and a log line a minute."""
    assert headline(STATS) == "12 polls, 12 new entries, 7 published, 3 rejected, 1 dead"


@pytest.mark.parametrize(
    ("stats", "strict", "code"),
    [
        ({}, False, 0),
        (STATS, False, 0),
        (STATS, True, 1),
        ({"storywatch/poll/failed:dns": 3}, False, 1),
        ({"storywatch/poll/ok": 3, "storywatch/bugs": 1}, False, 1),
        ({"storywatch/poll/ok": 3, "storywatch/stopped": "gone"}, False, 1),
        ({"storywatch/poll/ok": 3, "storywatch/outcome/dead:timeout": 1}, True, 1),
    ],
)
def test_the_exit_code_tells_cron(stats: dict[str, object], strict: bool, code: int) -> None:
    """0 done; 1 a bug, the store lost, or every polled source failed; with STRICT any failure."""
    assert exit_code(stats, strict=strict) == code
