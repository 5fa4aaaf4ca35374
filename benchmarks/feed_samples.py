"""Feeds for `benchmarks.feeds`: the newsroom's, and generated ones of every shape and size, the same in every run."""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape

from crawler.newsroom import World, read_press, synthetic
from crawler.newsroom.edition import Edition

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SIZES = (10, 20, 30, 50, 100, 200)

_WORDS = [
    "harbour",
    "ferry",
    "council",
    "island",
    "bridge",
    "inquiry",
    "strike",
    "repair",
    "winter",
    "Fähre",
    "lighthouse",
    "budget",
    "ministers",
    "vote",
]
_NAMESPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"'
)
_RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'


@dataclass(frozen=True, slots=True)
class Sample:
    """A feed, as a server sends it.

    Attributes:
        dates: when each entry was published, where the feed was generated.
    """

    shape: str
    body: bytes
    url: str
    headers: Mapping[str, str]
    dates: tuple[datetime, ...] = ()


def newsroom() -> Iterator[Sample]:
    """Yield the feeds of the hand-written press and of a large synthetic one."""
    for world in (read_press(), synthetic(10, 1_000, page_bytes=8_000)):
        yield from _feeds_of(world)


def _feeds_of(world: World) -> Iterator[Sample]:
    edition = Edition(world, NOW)
    for outlet in world.outlets:
        for path, kind in outlet.sources.items():
            document = edition.document(outlet.host, path)
            if kind in ("rss", "atom", "broken") and document is not None:
                headers = {"content-type": document.content_type}
                yield Sample("newsroom", document.body, outlet.url(path), headers)


def generated() -> Iterator[Sample]:
    """Yield feeds of every shape and size."""
    chance = random.Random(0)
    for shape in SHAPES:
        for size in SIZES:
            yield SHAPES[shape](shape, size, chance)
    for size in SIZES[::2]:
        yield _not_well_formed("not well-formed", size, chance)


def _rss(shape: str, size: int, chance: random.Random, *, whole: bool = True, zone: str = "+0000") -> Sample:
    dates = _dates(size)
    offset = {"+0000": 0, "CET": 1, "MSK": 3}[zone]
    items = "".join(
        f"<item><title>{_title(chance)}</title><link>https://quay.example/{number}?a=1&amp;b=2</link>"
        f'<guid isPermaLink="false">quay-{number}</guid><dc:creator><![CDATA[Ada Quill]]></dc:creator>'
        f"<pubDate>{date + timedelta(hours=offset):%a, %d %b %Y %H:%M:%S} {zone}</pubDate>"
        f"<category>Town</category><category>Sea</category><description>{escape(_html(chance, 40))}</description>"
        + (f"<content:encoded><![CDATA[{_html(chance, chance.randint(200, 900))}]]></content:encoded>" if whole else "")
        + '<media:content url="https://quay.example/i.jpg"><media:title>Picture</media:title></media:content></item>'
        for number, date in enumerate(dates)
    )
    head = '<title>Open Quay</title><link>https://quay.example/</link><atom:link rel="self" href="/feed"/><ttl>30</ttl>'
    return _sample(shape, f'<rss version="2.0" {_NAMESPACES}><channel>{head}{items}</channel></rss>', dates)


def _rss_short(shape: str, size: int, chance: random.Random) -> Sample:
    return _rss(shape, size, chance, whole=False)


def _rss_misread(shape: str, size: int, chance: random.Random) -> Sample:
    return _rss(shape, size, chance, zone=chance.choice(["CET", "MSK"]))


def _atom(shape: str, size: int, chance: random.Random) -> Sample:
    dates = _dates(size)
    entries = "".join(
        f'<entry><id>tag:quay.example,2026:{number}</id><title type="html">{_title(chance)}</title>'
        f'<link rel="alternate" type="text/html" href="https://quay.example/{number}"/>'
        f'<link rel="replies" href="https://quay.example/{number}#c"/>'
        f"<published>{date:%Y-%m-%dT%H:%M:%SZ}</published><updated>{date:%Y-%m-%dT%H:%M:%SZ}</updated>"
        f"<author><name>Ada Quill</name></author><summary>{_words(chance, 30)}</summary>"
        f'<content type="html">{escape(_html(chance, chance.randint(200, 900)))}</content></entry>'
        for number, date in enumerate(dates)
    )
    return _sample(
        shape, f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Quay</title>{entries}</feed>', dates
    )


def _rdf(shape: str, size: int, chance: random.Random) -> Sample:
    dates = _dates(size)
    items = "".join(
        f'<item rdf:about="https://quay.example/{number}"><title>{_title(chance)}</title>'
        f"<link>https://quay.example/{number}</link><dc:date>{date:%Y-%m-%dT%H:%M:%SZ}</dc:date>"
        f"<dc:creator>Ada Quill</dc:creator><description>{escape(_html(chance, 60))}</description></item>"
        for number, date in enumerate(dates)
    )
    namespaces = _NAMESPACES.replace('xmlns:atom="http://www.w3.org/2005/Atom" ', "")
    return _sample(
        shape, f"<rdf:RDF {_RDF} {namespaces}><channel><title>Quay</title></channel>{items}</rdf:RDF>", dates
    )


def _old_encoding(shape: str, size: int, chance: random.Random) -> Sample:
    sample = _rss(shape, size, chance)
    text = sample.body.decode().replace("utf-8", "iso-8859-1", 1)
    return Sample(
        shape,
        text.encode("iso-8859-1", "xmlcharrefreplace"),
        sample.url,
        {"content-type": "text/xml; charset=iso-8859-1"},
        sample.dates,
    )


def _not_well_formed(shape: str, size: int, chance: random.Random) -> Sample:
    sample = _rss(shape, size, chance, whole=chance.random() < 0.5)
    broken = sample.body.replace(b"<category>Town", b"<category>Town & Sea", 1)
    return Sample(shape, broken, sample.url, sample.headers, sample.dates)


SHAPES: dict[str, Callable[[str, int, random.Random], Sample]] = {
    "RSS 2.0, whole texts": _rss,
    "RSS 2.0, short": _rss_short,
    "RSS 2.0, CET and MSK": _rss_misread,
    "Atom 1.0": _atom,
    "RSS 1.0": _rdf,
    "RSS 2.0 in Latin-1": _old_encoding,
}


def _sample(shape: str, markup: str, dates: tuple[datetime, ...]) -> Sample:
    body = f'<?xml version="1.0" encoding="utf-8"?>\n{markup}'.encode()
    return Sample(shape, body, "https://quay.example/feed", {"content-type": "application/xml"}, dates)


def _dates(size: int) -> tuple[datetime, ...]:
    return tuple(NOW - timedelta(minutes=37 * number) for number in range(size))


def _words(chance: random.Random, count: int) -> str:
    return " ".join(chance.choices(_WORDS, k=count))


def _title(chance: random.Random) -> str:
    return f"{_words(chance, 8).capitalize()} &amp; {_words(chance, 2)}"


def _html(chance: random.Random, words: int) -> str:
    """Return paragraphs of 50 words, with a link each and a picture."""
    links = (
        f'<a href="https://quay.example/{number}">{_words(chance, 4)}</a>' for number in range(max(1, words // 50))
    )
    paragraphs = (f'<p class="wp-block">{_words(chance, 45)} {link}.</p>\n' for link in links)
    return "".join(paragraphs) + '<figure><img src="/i.jpg" alt="A ferry" /></figure>'
