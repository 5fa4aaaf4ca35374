"""Showing what topics find in the articles that are kept: how many, when, whose, and samples of them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import ceil

import msgspec
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from crawler.commands.looking import table
from crawler.commands.showing import plain
from crawler.news.durations import duration_text
from crawler.news.topic import Evidence, Topic
from crawler.topics.trial import Hit, Tally, Trial, day_of

OUTLETS = 20  # lines, before a table becomes too long to read
DAYS = 31  # columns
EIGHTHS = "▁▂▃▄▅▆▇█"
BAR = 40  # columns
NAME = 36  # columns; with DAYS it fits a terminal of 80
CLOCK = len("2026-11-22 11:04  ")
NEW = "new to you"


@dataclass(slots=True)
class Period:
    """Which articles were looked at.

    Attributes:
        since_ms, until_ms: seen from when to when, in ms since 1970.
        published_kept, unmatched_kept: for how long the store keeps those that were published, or met no topic.
        interrupted: the older ones of them were not.
    """

    since_ms: int
    until_ms: int
    published_kept: timedelta
    unmatched_kept: timedelta
    interrupted: bool = False

    @property
    def days(self) -> list[date]:
        """The days of it, the last DAYS of them at most."""
        last = day_of(self.until_ms)
        number = min(DAYS, (last - day_of(self.since_ms)).days + 1)
        return [last - timedelta(days=ago) for ago in reversed(range(number))]


def looked_at(trial: Trial, period: Period) -> Iterator[str]:
    """Yield how many articles were looked at, and what of the period is not kept any more."""
    published = f"{trial.published:,} published, {trial.unmatched:,} that met no topic"
    looked = counted(trial.looked, "article")
    if period.interrupted:
        yield f"Interrupted. Looked at the newest {looked} only: {published}."
    else:
        yield f"Looked at {looked} seen since {clock(period.since_ms)} UTC: {published}."
    asked = timedelta(milliseconds=period.until_ms - period.since_ms)
    if not period.unmatched_kept:
        yield 'Those that meet no topic are not kept (KEEP_UNMATCHED = "0s").'
    elif period.unmatched_kept < asked:
        kept = duration_text(period.unmatched_kept)
        yield f"Those that meet no topic are kept for {kept} (KEEP_UNMATCHED): there are no older ones among them."
    if period.published_kept < asked:
        kept = duration_text(period.published_kept)
        yield f"Those that were published are kept for {kept} (KEEP_EVENTS)."


def show_outlets(out: Console, tally: Tally, days: Sequence[date]) -> None:
    """Print the hits of each outlet, with a bar for each day. All bars are of one scale."""
    rows = table("outlet", "hits", f"{days[0]:%m-%d} to {days[-1]:%m-%d}", numbers=("hits",))
    most = max(len(EIGHTHS), *(count for counts in tally.days.values() for count in counts.values()))
    ranked = sorted(tally.days.items(), key=lambda item: (-item[1].total(), item[0]))
    for outlet, counts in ranked[:OUTLETS]:
        name = Text(plain(outlet) or "(none)")
        name.truncate(NAME, overflow="ellipsis")
        rows.add_row(name, f"{counts.total():,}", _bars(counts, days, most))
    out.print(rows)
    if len(ranked) > OUTLETS:
        rest = sum(counts.total() for _, counts in ranked[OUTLETS:])
        print(f"and {len(ranked) - OUTLETS:,} more, with {rest:,} hits")


def show_days(out: Console, tally: Tally, days: Sequence[date]) -> None:
    """Print the hits of each day."""
    counts = tally.by_day()
    most = max(BAR, *counts.values())
    rows = table("day", "hits", "", numbers=("hits",))
    for day in days:
        rows.add_row(f"{day}", f"{counts[day]:,}", "█" * ceil(BAR * counts[day] / most))
    out.print(rows)
    before = tally.hits - sum(counts[day] for day in days)
    if before:
        print(f"and {before:,} before")


def _bars(counts: Counter[date], days: Sequence[date], most: int) -> str:
    return "".join(EIGHTHS[ceil(len(EIGHTHS) * counts[day] / most) - 1] if counts[day] else "·" for day in days)


def show_hit(out: Console, hit: Hit, *, indent: int = 0, lost: bool = False, because: str = "") -> None:
    """Print an article in three lines; where it is `lost`, `because` takes the place of its snippet."""
    article = hit.seen.article
    title = Text.assemble(
        (f"{clock(hit.seen.seen_ms)}  ", "dim"),
        (f"{plain(article.outlet or '')}: ", "cyan"),
        (plain(article.headline or "(no headline)"), "bold"),
        ("" if hit.seen.published or lost else f"  ({NEW})", "green"),
    )
    indented(out, title, indent)
    if because:
        indented(out, Text(plain(because)), indent + CLOCK)
    elif hit.match.evidence:
        indented(out, snippet(_telling(hit.match.evidence)), indent + CLOCK)
    uncut(out, Text(plain(article.url), "dim"), indent + CLOCK)


def _telling(evidence: Sequence[Evidence]) -> Evidence:
    """Return the evidence that says more than the headline, which is shown anyway."""
    return next((one for one in evidence if one.field != "headline"), evidence[0])


def snippet(evidence: Evidence) -> Text:
    """Return where and what an article says, the words «marked»."""
    return Text.assemble((f"{evidence.field}: ", "dim"), marked(evidence.snippet))


def marked(text: str) -> Text:
    """Return a snippet with its «marks» in colour."""
    shown = Text(plain(text))
    shown.highlight_regex("«[^»]*»", "bold yellow")
    return shown


def indented(out: Console, text: Text, by: int) -> None:
    """Print a text, also its further lines, so far to the right; in a pipe it has one line, however long."""
    if out.is_terminal:
        out.print(Padding(text, (0, 0, 0, by), expand=False))
    else:
        uncut(out, text, by)


def uncut(out: Console, text: Text, by: int) -> None:
    """Print a text so far to the right, in one line, however long: an address in it can be copied whole."""
    out.print(Text(" " * by) + text, soft_wrap=True)


def terms(topic: Topic) -> Iterator[tuple[str, str]]:
    """Yield what decides which articles meet a topic, by the keys of the watchlist."""
    queries = {"query": topic.query} if isinstance(topic.query, str) else topic.query
    for key, query in queries.items():
        yield (key if key == "query" else f"query.{key}"), query
    if topic.languages:
        yield "languages", ", ".join(topic.languages)
    if topic.inflect:
        yield "inflect", ", ".join(topic.inflect)


def show_terms(out: Console, topic: Topic, *, indent: int = 0) -> None:
    """Print what decides which articles meet a topic."""
    told = dict(terms(topic))
    width = max(map(len, told))
    for key, value in told.items():
        indented(out, Text.assemble((f"{key:<{width}}  ", "dim"), value), indent)


def counted(number: int, one: str) -> str:
    """Return "1 article", "2,099 articles"."""
    return f"{number:,} {one if number == 1 else one + 's'}"


def clock(at_ms: int) -> str:
    """A time, UTC, to the minute."""
    return f"{datetime.fromtimestamp(at_ms / 1000, UTC):%Y-%m-%d %H:%M}"


# For programs.


def tally_data(tally: Tally) -> dict[str, object]:
    """Return a tally for JSON."""
    return {
        "hits": tally.hits,
        "unmatched": tally.unmatched,
        "days": _by_date(tally.by_day()),
        "outlets": {outlet: _by_date(counts) for outlet, counts in tally.days.items()},
        "samples": [hit_data(hit) for hit in tally.samples],
    }


def _by_date(counts: Mapping[date, int]) -> dict[str, int]:
    return {f"{day}": counts[day] for day in sorted(counts)}


def hit_data(hit: Hit) -> dict[str, object]:
    """Return an article and why it meets the topic, for JSON."""
    article = hit.seen.article
    return {
        "articleId": article.articleId,
        "url": article.url,
        "outlet": article.outlet,
        "headline": article.headline,
        "seen": time_data(hit.seen.seen_ms),
        "published": hit.seen.published,
        "evidence": hit.match.evidence,
    }


def looked_data(trial: Trial, period: Period) -> dict[str, object]:
    """Return which articles were looked at, for JSON."""
    return {
        "since": time_data(period.since_ms),
        "published": trial.published,
        "unmatched": trial.unmatched,
        "interrupted": period.interrupted,
    }


def time_data(at_ms: int) -> str:
    """Return a time for JSON."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat()


def as_json(data: object) -> str:
    """Return data, also our types in it, as JSON."""
    return msgspec.json.encode(data).decode()
