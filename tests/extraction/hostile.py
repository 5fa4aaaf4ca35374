"""Pages that broke extractors: what hostile, careless and unlucky servers send."""

import gzip
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from crawler.extraction.hazards import refuse_costly
from crawler.news.errors import ExtractionError

NEEDLE = "The lamplighter counted seventeen barges before the fog swallowed the northern quay"
SENTENCE = (
    "<p>{}, and the harbour council promised that the sluice, the school and the fish market would be heated again "
    "before the ferries start to run in spring.</p>"
)
ARTICLE = (
    "<article><h1>Fog over the northern quay</h1>"
    + SENTENCE.format(NEEDLE)
    + "".join(SENTENCE.format(f"Pilot number {number} told the meeting of night {number}") for number in range(10))
    + "</article>"
)
READ = "read"  # the article is found


@dataclass(frozen=True, slots=True)
class Hostile:
    """A body, and what becomes of it: READ, the reason of an ExtractionError, or either ("")."""

    name: str
    body: bytes
    expected: str = ""


def page(body: str, head: str = '<meta charset="utf-8">', prolog: str = "<!DOCTYPE html>") -> str:
    """Return a page with this in its head and in its body."""
    return (
        f'{prolog}<html lang="en"><head>{head}<title>Fog over the northern quay</title></head><body>'
        f'<nav><a href="/">Front page</a></nav>{body}<footer>The Harbour Lantern</footer></body></html>'
    )


def with_article(before: str = "", after: str = "", head: str = '<meta charset="utf-8">') -> bytes:
    """Return a page with the article and something around it."""
    return page(before + ARTICLE + after, head).encode()


def hostile() -> Iterator[Hostile]:
    """Yield every hostile page."""
    yield Hostile("a plain article", with_article(), READ)
    yield from _nothing()
    yield from _broken()
    yield from _mislabelled()
    yield from _linked_data()
    yield from _large()
    for name, bomb in BOMBS.items():
        yield Hostile(f"too many: {name}", with_article(after=bomb(LETHAL)), "too-complex")


def _nothing() -> Iterator[Hostile]:
    noise = bytes((number * 7919 + (number >> 3)) & 255 for number in range(300_000))
    yield Hostile("nothing", b"", "empty")
    yield Hostile("white space", b"\r\n\t " * 200, "empty")
    yield Hostile("an empty page", b"<html></html>", "no-text")
    yield Hostile("noise", noise, "not-html")
    yield Hostile("a picture", b"\x89PNG\r\n\x1a\n" + noise, "not-html")
    yield Hostile("a document", b"%PDF-1.7\n" + b"harbour " * 500, "not-html")
    yield Hostile("a page still zipped", gzip.compress(with_article()), "not-html")
    yield Hostile("text without markup", f"{NEEDLE}. {'And so on it went. ' * 300}".encode(), "not-html")
    yield Hostile("JSON", b'{"articleBody": "' + NEEDLE.encode() * 30 + b'"}', "not-html")


def _broken() -> Iterator[Hostile]:
    whole = with_article()
    yield Hostile("cut within the text", whole[:1400], READ)
    yield Hostile("cut within a tag", whole[: len(whole) // 2] + b'<a href="/quay', READ)
    yield Hostile("a comment without an end", with_article(after="<!-- " + "fog " * 50_000), READ)
    yield Hostile("a quote without an end", with_article(after='<a title="' + "fog " * 50_000), READ)
    yield Hostile("a script without an end", with_article(after="<script>" + "fog();" * 50_000), READ)
    yield Hostile("NULs and controls", whole.replace(b" and ", b" \x00and\x0b ") + b"\x00" * 2000)
    yield Hostile("impossible characters", with_article("<p>&#0;&#xDFFF;&#x110000;&#9999999999999;&fog;&#x;</p>"), READ)
    yield Hostile(
        "impossible dates", with_article(head=f'<meta name="date" content="{"9" * 4000}-99-99T99:99+99">'), READ
    )
    yield Hostile(
        "impossible addresses", with_article(head='<link rel=canonical href="http://["><base href="http://[x">'), READ
    )
    yield Hostile("no head", ARTICLE.encode(), READ)
    yield Hostile("frames", b"<frameset><frame src=/a><noframes>" + ARTICLE.encode() + b"</noframes></frameset>")


def _mislabelled() -> Iterator[Hostile]:
    umlaut = page(ARTICLE.replace("harbour", "h\u00e4fen"))
    utf16 = "<?xml version='1.0' encoding='utf-16'?>"
    yield Hostile("Latin-1 that says UTF-8", umlaut.encode("latin-1"), READ)
    yield Hostile("UTF-8 that says Latin-1", umlaut.replace("utf-8", "iso-8859-1").encode(), READ)
    yield Hostile("UTF-16 without a mark", umlaut.encode("utf-16-le"), READ)
    yield Hostile("UTF-8 that says UTF-16", page(ARTICLE, prolog=utf16).encode(), READ)
    yield Hostile("a charset that is none", with_article(head="<meta charset=x-fog>"), READ)
    yield Hostile("a codec that is no charset", umlaut.replace("utf-8", "punycode").encode("latin-1"), READ)


def _linked_data() -> Iterator[Hostile]:
    data: Callable[[str], bytes] = lambda text: with_article(head=f'<script type="application/ld+json">{text}</script>')  # noqa: E731 - one line says it
    odd = '"author": [[{"name": {"a": 1}}], 3], "headline": {"b": 2}, "datePublished": [null], "articleBody": [[1]]'
    yield Hostile("linked data, nested lists", data("[" * 100_000 + "]" * 100_000), READ)
    yield Hostile("linked data, nested objects", data('{"@graph":' * 50_000 + "1" + "}" * 50_000), READ)
    yield Hostile("linked data, odd types", data('{"@type": ["NewsArticle", null, 7], ' + odd + "}"), READ)
    yield Hostile(
        "linked data, many nodes", data("[" + ",".join(['{"@type": "NewsArticle", "url": "/a"}'] * 50_000) + "]"), READ
    )
    yield Hostile("linked data, a loop", data('{"@id": "a", "@type": "NewsArticle", "author": {"@id": "a"}}'), READ)
    yield Hostile("linked data, many openings", data("{" * 500_000), READ)
    yield Hostile(
        "linked data, long numbers", data('{"@type": "NewsArticle", "wordCount": ' + "9" * 50_000 + "}"), READ
    )


def _large() -> Iterator[Hostile]:
    sentences = "".join(SENTENCE.format(f"Line {number} of the report of night {number}") for number in range(25_000))
    links = "".join(f'<li><a href="/story/{number}">Story {number}</a></li>' for number in range(100_000))
    yield Hostile("too large", b"<p>" + b"fog " * 3_000_000, "too-large")
    yield Hostile("a long article", page(f"<article>{SENTENCE.format(NEEDLE)}{sentences}</article>").encode(), READ)
    yield Hostile("a long paragraph", with_article(after=f"<p>{'fog ' * 1_200_000}</p>"), READ)
    yield Hostile("a long script", with_article("<script>var fog='" + "abcdefgh" * 600_000 + "'</script>"), READ)
    yield Hostile("a long attribute", with_article(f"<div data-fog='{'x' * 2_000_000}'>"), READ)
    yield Hostile("a long list of names", with_article(f"<p itemprop='{'fog ' * 500_000}'>"), READ)
    yield Hostile("white space without end", with_article(f"<p>{' ' * 4_000_000}</p>"), READ)
    yield Hostile("no markup after all", with_article(after="<" * 1_000_000), READ)
    yield Hostile("ampersands", with_article(after="<p>" + "&amp" * 500_000), READ)
    yield Hostile("many links", with_article(after=f"<ul>{links}</ul>"), READ)
    yield Hostile("nested", with_article("<div>" * 3_000, "</div>" * 3_000), READ)
    yield Hostile("nested without an end", with_article(after="<div>fog" * 3_000), READ)
    yield Hostile("formatting without an end", with_article(after="<b>" * 50_000 + "fog"), READ)
    yield Hostile("line breaks", with_article(after="<br>" * 100_000), READ)


def _numbered(tag: str) -> Callable[[int], str]:
    return lambda number: "".join(f"<{tag} id={index}>" for index in range(number))


LETHAL = 100_000
SMALL = 200  # of each is harmless
# What makes a parser of HTML spend its square, or a tree that nobody has the memory for, so many times.
BOMBS: dict[str, Callable[[int], str]] = {
    "nested blocks": lambda number: "<div>" * number,
    "nested and closed": lambda number: "<div>" * number + "</div>" * number,
    "nested lists": lambda number: "<ul><li>" * number,
    "nested in inline elements": lambda number: "<span>" * number + "<div></div>" * number,
    "nested behind a table": lambda number: "<div><table></div></table>" * number,
    "nested behind a comment": lambda number: "<div><!--</div>-->" * number,
    "nested behind a value": lambda number: "<div title='</div>'>" * number,
    "nested behind a script": lambda number: "<div><script>'</div>'</script>" * number,
    "end tags of nothing": lambda number: "<div>" * number + "</em>" * number,
    "drawings": lambda number: "<svg>" + "<g>" * number + "</x>" * number,
    "formatting around blocks": lambda number: "<b>" * 3 + "<div>" * number + "</b>" * number,
    "links around blocks": lambda number: "<a>" + "<div>" * number + "</a>" * number,
    "formatting, each different": _numbered("b"),
    "formatting, made again": lambda number: f"<p>{_numbered('b')(number // 50)}</p>" + "<p>x</p>" * (number // 25),
    "FONTS, made again": lambda number: f"<p>{_numbered('FONT')(number // 50)}</p>" + "<p>x" * (number // 25),
    "plain formatting, made again": lambda number: "<b><i><u><s><tt><big><em>" * 3 + "<p>x" * number,
    "attributes": lambda number: f"<p {' '.join(f'a{index}' for index in range(number))}>",
    "attributes without spaces": lambda number: "<p " + "".join(f"a{index}=''" for index in range(number)) + ">",
    "attributes of an end tag": lambda number: f"<p></p {' '.join(f'a{index}' for index in range(number))}>",
    "attributes of the body": lambda number: "".join(f"<body a{index}>" for index in range(number)),
    "options": lambda number: "<select>" + "<option>x" * number,
    "paragraphs": lambda number: "<p>x" * (8 * number),
    "end tags of paragraphs": lambda number: "</p>" * (8 * number),
    "line breaks": lambda number: "x<br>" * (8 * number),
    "comments": lambda number: "<!---->" * (8 * number),
    "small attributes": lambda number: "<p a b c d e f g>" * (3 * number),
}


def all_hostile() -> Iterator[Hostile]:
    """Yield every hostile page, and every bomb as large as it may be."""
    yield from hostile()
    yield from largest_passing()


def largest_passing() -> Iterator[Hostile]:
    """Yield each bomb as large as it may be, within a factor of 1.5: what passes must be cheap indeed."""
    for name, bomb in BOMBS.items():
        number = SMALL
        while passes(bomb(number * 3 // 2)):
            number = number * 3 // 2
        yield Hostile(f"as many as may be: {name}", with_article(after=bomb(number)), READ)


def passes(markup: str) -> bool:
    """Tell whether a page with this markup is let through."""
    try:
        refuse_costly(page(ARTICLE + markup))
    except ExtractionError:
        return False
    return True
