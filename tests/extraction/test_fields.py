"""How evidence for one field is weighed, where a whole golden page would hide the point."""

from datetime import UTC, datetime

import pytest

from crawler.extraction import extract
from crawler.extraction.jsonld import read_linked_data
from crawler.extraction.text import count_words
from crawler.news.article import Article

URL = "https://www.tidewatch.example/2026/lock"
WORDS = "The harbour board voted on Tuesday evening to widen the northern lock by four metres for the grain ferries. "
NOW = datetime(2026, 11, 21, tzinfo=UTC)


def read(head: str, body: str = "", url: str = URL, text: str = WORDS, lang: str = "en") -> Article:
    markup = f'<html lang="{lang}"><head>{head}</head><body>{body}<article><p>{text * 3}</p></article></body></html>'
    return extract(markup.encode(), url, now=NOW)


def linked(**fields: str) -> str:
    properties = "".join(f', "{name}": {value}' for name, value in fields.items())
    return f'<script type="application/ld+json">{{"@type": "NewsArticle"{properties}}}</script>'


@pytest.mark.parametrize(
    ("head", "body", "headline"),
    [
        ("<title>Lock grows | Tidewatch</title>", "", "Lock grows"),
        ("<title>Lock grows - Local - Tidewatch</title>", "<h1>Lock grows</h1>", "Lock grows"),
        ("<title>Lock - a long story</title>", "", "Lock - a long story"),
        ('<title>x</title><meta property="og:title" content="Lock &amp;amp; key">', "", "Lock & key"),
        ("<title>Lock grows</title>", "<h1>Tidewatch</h1><h1>Lock grows</h1>", "Lock grows"),
        (
            linked(headline='"Lock grows by four"') + "<title>Lock…</title>",
            "<h1>Lock grows by four</h1>",
            "Lock grows by four",
        ),
    ],
    ids=["outlet-by-host", "section-and-outlet", "dash-of-its-own", "escaped-twice", "logo-first", "two-against-one"],
)
def test_headline(head: str, body: str, headline: str) -> None:
    """The outlet's name goes, the headline's own dashes stay, and sources that agree outvote one that differs."""
    assert read(head, body).headline == headline


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Ann Roe and Bo Lund", ["Ann Roe", "Bo Lund"]),
        ("Von Ann Roe, Bo Lund und Cy Ode", ["Ann Roe", "Bo Lund", "Cy Ode"]),
        ("Ann Roe, Tidewatch", ["Ann Roe"]),
        ("Tidewatch", ["Tidewatch"]),
        ("https://social.example/annroe", []),
        ("Staff", []),
    ],
)
def test_authors(byline: str, names: list[str]) -> None:
    """A byline becomes names; the outlet is one only where nobody else signs."""
    head = f'<meta property="og:site_name" content="Tidewatch"><meta name="author" content="{byline}">'
    assert [author.name for author in read(head).authors] == names


@pytest.mark.parametrize(
    ("link", "canonical", "based_on"),
    [
        ("https://tidewatch.example/a?utm_source=x", "https://tidewatch.example/a", None),
        ("/a", "https://www.tidewatch.example/a", None),
        ("http://www.tidewatch.example/a", "http://www.tidewatch.example/a", None),
        ("https://wire.example/a", URL, "https://wire.example/a"),
        ("https://www.tidewatch.example/", URL, None),
        ("https://wire.example/", URL, None),
        ("javascript:void(0)", URL, None),
    ],
)
def test_identity(link: str, canonical: str, based_on: str | None) -> None:
    """A canonical link on the own site is the identity; elsewhere it names the original; a home page is nothing."""
    article = read(f'<link rel="canonical" href="{link}">')
    assert (article.canonicalUrl, article.isBasedOn) == (canonical, based_on)


@pytest.mark.parametrize(
    ("head", "day"),
    [
        (linked(datePublished='"2026-03-04"') + '<meta name="date" content="2026-01-01">', "2026-03-04"),
        ('<meta name="date" content="2999-01-01"><meta name="pubdate" content="2026-03-04">', "2026-03-04"),
        (linked(datePublished='"2026-03-04"', url='"https://tidewatch.example/b"', headline='"Gulls"'), None),
    ],
    ids=["json-ld-first", "not-in-the-future", "not-another-article's"],
)
def test_date(head: str, day: str | None) -> None:
    """The article's own claim that can be true is taken, never one of another article on the page."""
    published = read(head + "<title>Lock grows</title>").datePublished
    assert (published.date().isoformat() if published else None) == day


@pytest.mark.parametrize(
    ("declared", "text", "language"),
    [
        (
            "pt-BR",
            "A junta do porto decidiu na noite de terça-feira que não vai mais alargar a eclusa em quatro metros. ",
            "pt",
        ),
        (
            "en",
            "Совет порта решил во вторник вечером расширить северный шлюз на четыре метра для новых паромов порта. ",
            "ru",
        ),
        (
            "uk",
            "Рада порту вирішила у вівторок увечері розширити північний шлюз на чотири метри для нових поромів. ",
            "uk",
        ),
        (
            "",
            "Der Hafenrat hat am Dienstag beschlossen, dass die Schleuse mit dem Geld nicht von der Stadt ist. ",
            "de",
        ),
        (
            "zu",
            "Ibhodi yetheku livotele ngoLwesibili kusihlwa ukwandisa isikhiya esisenyakatho ngamamitha amane. ",
            "zu",
        ),
    ],
    ids=["region-left-out", "script-contradicts", "script-agrees", "undeclared", "unknown-to-us"],
)
def test_language(declared: str, text: str, language: str) -> None:
    """The declared language counts unless the text plainly contradicts it; without one the text decides."""
    assert read("", text=text, lang=declared).inLanguage == language


def test_the_standfirst_opens_the_body_where_the_page_shows_it() -> None:
    """Shown above the text it is the first paragraph; in the metadata alone it is the description only."""
    standfirst = "Two years of quarrel end with a vote that nobody on the quay expected."
    head = f'<title>Lock</title><meta name="description" content="{standfirst}">'
    shown = read(head, f'<header><h1>Lock</h1><p class="intro">{standfirst}</p></header>').articleBody or ""
    assert shown.startswith(standfirst) and shown.count(standfirst) == 1
    hidden = read(head)
    assert hidden.description == standfirst and standfirst not in (hidden.articleBody or "")


@pytest.mark.parametrize(
    "block",
    [
        '<!-- {"name": "x"} -->',
        '/*<![CDATA[*/{"name": "x"}/*]]>*/',
        '{"name": "x",}',
        '[{"name": "x"} {"name": "y"}]',
        '{"name": "x"}{"name": "y"};',
        '{"a": "it\\\'s\n", "name": "x"}',
    ],
)
def test_broken_json_ld_is_repaired(block: str) -> None:
    """Comments, CDATA, trailing and missing commas, several values and bad escapes do not cost the block."""
    assert "x" in [node.get("name") for node in read_linked_data([block]).nodes]


def test_scripts_without_spaces_have_words_too() -> None:
    """Two characters of Chinese count as a word, so a Chinese page is not "without text"."""
    assert count_words("港务局周二晚间投票决定") == 5
    assert count_words("Four metres, no more") == 4
