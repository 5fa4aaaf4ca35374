"""Showing an article, and the zones of its page, to a person at a terminal."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from crawler.commands.looking import many
from crawler.commands.studying import Studied
from crawler.extraction.zones import Passage, Zone
from crawler.news.article import Article, Media
from crawler.news.event import article_data
from crawler.news.topic import Match

COLUMN = 100  # the widest in which running text is read with ease
# In a page's bytes such characters may be orders to the terminal.
CONTROLS = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)))
STYLES = {
    Zone.BODY: "bold green",
    Zone.HEADLINE: "bold blue",
    Zone.BYLINE: "cyan",
    Zone.CAPTION: "cyan",
    Zone.TEASER: "yellow",
    Zone.RELATED: "yellow",
    Zone.COMMENTS: "magenta",
    Zone.APPEAL: "red",
    Zone.DISCLAIMER: "red",
    Zone.ADVERTISEMENT: "red",
    Zone.REPEATED: "red",
}


def show_article(out: Console, article: Article) -> None:
    """Print an article's fields, those that the page tells, and its text."""
    width = min(out.width, COLUMN) if out.is_terminal else None
    out.print(Text(plain(article.headline or "(no headline)"), style="bold"), width=width, soft_wrap=width is None)
    _show_fields(out, [(name, plain(value)) for name, value in _fields(article)])
    for paragraph in (article.articleBody or "").splitlines():
        out.print(Text(f"\n{plain(paragraph)}"), width=width, soft_wrap=width is None)


def show_zones(out: Console, passages: Sequence[Passage], *, full: bool) -> None:
    """Print the passages in page order, each with its zone and why.

    On a terminal a passage takes one line, and its text is cut unless it is wanted in `full`; in a pipe it never is.
    """
    zones = max((len(passage.zone) for passage in passages), default=0)
    whys = max((len(passage.why) for passage in passages), default=0)
    for passage in passages:
        line = Text.assemble(
            (f"{passage.zone:<{zones}}  ", STYLES.get(passage.zone, "dim")),
            (f"{plain(passage.why):<{whys}}  ", "dim"),
            (plain(passage.block.text), "" if passage.zone == Zone.BODY else "dim"),
        )
        if out.is_terminal and not full:
            line.truncate(out.width, overflow="ellipsis")
        out.print(line, soft_wrap=True)


def as_json(studied: Studied, *, zones: bool) -> str:
    """Return the article as its events tell it, or why there is none; `zones`: and the passages of its page."""
    article, refusal = studied.article, studied.study.refusal
    told: dict[str, object] = article_data(article) if article else {"url": studied.url}
    if refusal is not None:
        told["refusal"] = {"reason": refusal.reason, "message": str(refusal)}
    if zones:
        told["passages"] = [
            {"zone": passage.zone, "why": passage.why, "text": passage.block.text} for passage in studied.study.passages
        ]
    return msgspec.json.encode(told).decode()


def _fields(article: Article) -> Iterator[tuple[str, str]]:
    """Yield name and value of each field that is filled."""
    access = {True: "free", False: "for those who pay", None: ""}[article.isAccessibleForFree]
    metadata = article.metadata
    fields = [
        ("url", article.url),
        ("canonical", article.canonicalUrl if article.canonicalUrl != article.url else ""),
        ("based on", article.isBasedOn),
        ("id", article.articleId),
        ("outlet", article.outlet),
        ("authors", ", ".join(author.name for author in article.authors)),
        ("published", _date(article.datePublished, article.datePublishedRaw, metadata.datePublishedFrom)),
        ("modified", _date(article.dateModified, article.dateModifiedRaw, metadata.dateModifiedFrom)),
        ("language", article.inLanguage),
        ("section", article.articleSection),
        ("keywords", ", ".join(article.keywords)),
        ("publisher", article.publisher),
        ("access", access),
        ("breadcrumbs", " > ".join(step.name for step in article.breadcrumbs if step.name)),
        ("main image", article.mainImage.url if article.mainImage else ""),
        ("media", _media(article)),
        ("opt-outs", ", ".join(article.optOuts)),
        ("description", article.description),
        ("words", f"{article.wordCount or 0:,}"),
        *(("topic", _topic(match)) for match in article.topics),
    ]
    return ((name, value) for name, value in fields if value)


def _date(date: datetime | None, raw: str | None, told_by: str | None) -> str:
    """Return a date, where it comes from, and how it is written there."""
    if date is None:
        return ""
    return f'{date:%Y-%m-%d %H:%M:%S} UTC, by {told_by or "?"}: "{raw or ""}"'


def _topic(match: Match) -> str:
    return f"{match.topic}: {match.evidence[0].snippet}" if match.evidence else match.topic


def _media(article: Article) -> str:
    kinds: list[tuple[str, Sequence[Media]]] = [
        ("image", article.images),
        ("video", article.videos),
        ("audio", article.audios),
    ]
    return ", ".join(many(len(found), name) for name, found in kinds if found)


def _show_fields(out: Console, fields: Iterable[tuple[str, str]]) -> None:
    """Print names and values; on a terminal a long value stays in its column."""
    if not out.is_terminal:
        for name, value in fields:
            print(f"  {name:<12}{value}")
        return
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in fields:
        grid.add_row(f"  {name}", Text(value))
    out.print(grid)


def plain(text: str) -> str:
    """Return a text that a terminal only shows."""
    return text.translate(CONTROLS)
