"""Every table and key that a watchlist may hold: the one place that reading, errors, JSON Schema and manual come from.

A key is named like the attribute of the news type that it fills; what has no default there is required here.
"""

from dataclasses import MISSING, Field, dataclass, fields
from datetime import timedelta
from functools import cached_property
from typing import Any, get_args

from crawler.news.alert import FOLLOW_UPS
from crawler.news.source import Channel, Outlet, Render
from crawler.news.topic import Topic
from crawler.topics.stems import LANGUAGES
from crawler.watchlist.addresses import ChannelAddress, LinkSelector, Selector, WebAddress
from crawler.watchlist.kinds import Choice, Duration, Flag, Key, Language, ListOf, Name, TableOf
from crawler.watchlist.queries import Inflected, Queries


@dataclass(frozen=True)
class Table:
    """A kind of table, `[[name]]`, and the news type that each becomes."""

    name: str
    type: type[Any]
    doc: str
    keys: tuple[Key, ...]

    @cached_property
    def defaults(self) -> dict[str, Any]:
        """What the optional keys are when left out, as the news type says."""
        return {field.name: _default(field) for field in fields(self.type) if not _is_required(field)}

    @cached_property
    def kind(self) -> TableOf:
        """How to read one such table."""
        return TableOf(self.keys, required=frozenset(key.name for key in self.keys if key.name not in self.defaults))


def _is_required(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _default(field: Field[Any]) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()


SELECTORS = TableOf(
    (
        Key("body", Selector(), "The article's text."),
        Key("headline", Selector("h1.title"), "The headline."),
        Key("authors", Selector("a[rel=author]"), "Each author's name."),
        Key("date", Selector("time.published"), "The date of publication."),
        Key("remove", Selector("aside, .newsletter"), "What to cut out of the page before anything is read."),
        Key("links", LinkSelector(), "The links to articles on a section page."),
    )
)

OUTLET = Table(
    "outlet",
    Outlet,
    "Who publishes, and where it announces its news: at least one of feeds, sitemaps, pages.",
    (
        Key("name", Name(), "What you call it; unique. Commands and events use it."),
        Key("url", WebAddress("https://outlet.example/"), "Its home page."),
        Key(
            "feeds",
            ListOf(WebAddress()),
            "Its feeds: RSS, Atom, JSON Feed, or the posts of WordPress' REST API. The best source there is.",
        ),
        Key(
            "sitemaps",
            ListOf(WebAddress("https://outlet.example/news-sitemap.xml")),
            "Its news sitemaps (robots.txt often names them).",
        ),
        Key(
            "pages",
            ListOf(WebAddress("https://outlet.example/world/")),
            "Pages that link to its new articles, for outlets without feed and sitemap.",
        ),
        Key(
            "every",
            Duration(
                "10m",
                shortest=timedelta(seconds=1),
                longest=timedelta(days=30),
                because="articles would come and go between two polls",
            ),
            "The least time between two polls of a source (left out: the setting POLL_EVERY). One that publishes "
            "rarely is asked less often, up to the setting LONGEST_POLL; a server that asks for longer gets it.",
        ),
        Key("first_look", Duration("24h"), "How far back the very first poll of a source goes."),
        Key(
            "selectors", SELECTORS, "CSS selectors for what is misread on this outlet's pages; they overrule all else."
        ),
        Key(
            "render",
            Choice("never", options=get_args(Render)),
            "Whether its pages need a browser (slow): never, always, or auto: only where plain HTTP yields no text.",
        ),
        Key("tags", ListOf(Name("europe")), "Words of your own to group outlets by; queries ask for them: tag:agency."),
        Key(
            "allow_private", Flag(), "Whether its addresses may be private ones (your intranet). Else they are refused."
        ),
    ),
)

TOPIC = Table(
    "topic",
    Topic,
    "What you want to hear of. Without any topic, every article is published.",
    (
        Key("name", Name("Port strikes"), "What you call it; unique. Events and alerts use it."),
        Key(
            "query",
            Queries(),
            'Words, "phrases", AND, OR, NOT, parentheses; a space means AND. '
            "Or one for each language: query.en, query.ru (BCP 47).",
        ),
        Key(
            "languages",
            ListOf(Language()),
            "Only articles in these languages (BCP 47); left out: all. Not beside queries by language.",
        ),
        Key(
            "inflect",
            ListOf(Inflected()),
            "By whose rules (Snowball's) a word of the query also stands for its other forms: " + ", ".join(LANGUAGES),
        ),
        Key("channels", ListOf(Name("desk")), "The names of the channels that hear of it."),
    ),
)

CHANNEL = Table(
    "channel",
    Channel,
    "Where an alert goes.",
    (
        Key("name", Name("desk"), "What topics call it; unique."),
        Key(
            "url",
            ChannelAddress(),
            "An Apprise URL, or env:NAME or file:PATH that holds it: keep secrets out of this file.",
        ),
        Key(
            "rules",
            ListOf(Choice("new-outlets", options=FOLLOW_UPS)),
            "Which follow-ups of a story it hears of, beside its first alert: further outlets, edits.",
        ),
    ),
)

TABLES = {table.name: table for table in (OUTLET, TOPIC, CHANNEL)}
