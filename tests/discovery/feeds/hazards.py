"""Documents that broke feed readers: what hostile, careless and unlucky servers send."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from crawler.discovery.feeds.claims import MOST_ENTRIES

STORIES = 10

WORDS = {
    "gb2312": "渡轮",
    "big5": "渡輪",
    "shift_jis": "フェリー",
    "euc-kr": "여객선",
    "koi8-r": "Паром",
    "windows-1251": "Паром",
    "iso-8859-1": "Fähre",
    "utf-16": "Fähre",
}


@dataclass(frozen=True, slots=True)
class Hazard:
    """A body and what a good reader makes of it: so many entries, or a DiscoveryError of that reason."""

    name: str
    body: bytes
    expected: int | str


def story(number: int, words: str = "", markup: bytes = b"") -> bytes:
    """Return one RSS item in UTF-8, with markup that goes into its description unescaped."""
    text = f"<title>Ferry {number} &amp; more {words}</title><link>https://lantern.example/{number}</link>"
    return b"<item>%b<description>%b</description></item>" % (text.encode(), markup)


def feed(*items: bytes, prolog: str = '<?xml version="1.0" encoding="utf-8"?>') -> bytes:
    """Return an RSS document."""
    head = prolog.encode() + b'<rss version="2.0"><channel><title>The Harbour Lantern</title>'
    return head + b"".join(items) + b"</channel></rss>"


def ten(words: str = "", markup: bytes = b"") -> bytes:
    """Return a feed of ten stories."""
    return feed(*(story(number, words, markup) for number in range(STORIES)))


def hazards() -> Iterator[Hazard]:
    """Yield every hazard."""
    yield from _unlucky()
    yield from _mislabelled()
    yield from _entities()
    yield from _large()


def _unlucky() -> Iterator[Hazard]:
    plain = ten()
    yield Hazard("nothing", b"", "empty")
    yield Hazard("white space", b" \r\n\t", "empty")
    yield Hazard(
        "a page", b"<!DOCTYPE html><html><head><title>Sorry</title></head><body><p>Oops</p></body></html>", "not-a-feed"
    )
    yield Hazard("noise", bytes((number * 7919 + (number >> 3)) & 255 for number in range(300_000)), "not-a-feed")
    yield Hazard("noise after the end", plain + b"\x00\xff<<<<>>>" * 1000, STORIES)
    yield Hazard("blank lines first", b"\n\n  " + plain, STORIES)
    yield Hazard("a warning first", b"<br />\n<b>Warning</b>: fopen() in /srv/feed.php\n" + plain, STORIES)
    yield Hazard("cut within the ninth", plain[: plain.find(b"Ferry 8") + 5], 8)
    yield Hazard("bare ampersands", plain.replace(b"&amp;", b"&"), STORIES)
    yield Hazard("entities of HTML", plain.replace(b"&amp;", b"&nbsp;&mdash;"), STORIES)
    yield Hazard("control characters", ten("\x0b\x01"), STORIES)
    yield Hazard("open tags", ten(markup=b"<br><img src=ferry.jpg>"), STORIES)
    yield Hazard("a prefix undeclared", ten(markup=b"<media:thumbnail url='ferry.jpg'/>"), STORIES)
    yield Hazard("a lone surrogate", ten("&#xD83D;"), STORIES)


def _mislabelled() -> Iterator[Hazard]:
    for encoding, words in WORDS.items():
        text = ten(words).decode().replace("utf-8", encoding)
        yield Hazard(f"in {encoding}", text.encode(encoding), STORIES)
    yield Hazard("latin-1 that says utf-8", ten("Fähre").decode().encode("latin-1"), STORIES)
    yield Hazard("utf-8 that says latin-1", ten("Fähre").replace(b"utf-8", b"iso-8859-1"), STORIES)
    yield Hazard("an encoding that is none", ten("Fähre").replace(b"utf-8", b"x-harbour"), STORIES)
    yield Hazard("an encoding that takes for ever", ten("Fähre").replace(b"utf-8", b"punycode"), STORIES)
    yield Hazard("encodings in the text", ten('encoding="utf-8" ' * 3_000), STORIES)


def _entities() -> Iterator[Hazard]:
    ladder = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
    declared: Callable[[str], str] = lambda entities: f"<!DOCTYPE rss [{entities}]>"  # noqa: E731 - one line says it
    yield Hazard("a billion laughs", feed(story(1, "&l9;"), prolog=declared("<!ENTITY l0 'ha'>" + ladder)), 1)
    yield Hazard(
        "one laugh, very often", feed(story(1, "&q;" * 5000), prolog=declared(f"<!ENTITY q '{'A' * 100_000}'>")), 1
    )
    yield Hazard(
        "a file as entity", feed(story(1, "&x;"), prolog=declared("<!ENTITY x SYSTEM 'file:///etc/hostname'>")), 1
    )
    outside = declared("<!ENTITY % p SYSTEM 'http://127.0.0.1:9/x.dtd'> %p;")
    yield Hazard("a DTD elsewhere", feed(story(1), prolog=outside), 1)
    yield Hazard("many declarations", feed(story(1), prolog="\n<!DOCTYPE rss" * 100_000), "too-complex")
    yield Hazard("many blank lines", feed(story(1), prolog="\n" * 100_000), 1)
    yield Hazard("many blank lines and broken", feed(b"Q & A", story(1), prolog="\n" * 100_000), "too-complex")


def _large() -> Iterator[Hazard]:
    def cdata(text: bytes) -> bytes:
        return feed(story(1, markup=b"<![CDATA[" + text + b"]]>"))

    yield Hazard("nested deeply", feed(story(1, markup=b"<b>" * 100_000 + b"</b>" * 100_000)), "too-complex")
    yield Hazard("nested deeply and broken", feed(b"Q & A", story(1, markup=b"<b>" * 200_000)), "too-complex")
    yield Hazard("nested deeply in text", cdata(b"<div>" * 100_000), 1)
    yield Hazard("a long attribute", feed(story(1, markup=b"<a href='" + b"x" * 1_000_000 + b"'/>")), 1)
    attributes = b" ".join(b"a%d='1'" % number for number in range(20_000))
    yield Hazard("many attributes", feed(story(1, markup=b"<a " + attributes + b"/>")), "too-complex")
    for name, text in [
        ("<", b"<" * 100_000),
        ("&", b"&" * 100_000),
        ("<!", b"<!" * 50_000),
        ("quotes", b"<a " + b"='\"" * 50_000),
    ]:
        yield Hazard(f"many {name} in text", cdata(text), 1)
    authors = [b"<author>" + b"a" * 100_000 + b"</author>", b"<dc:creator>" + b"a" * 100_000]
    yield Hazard("an endless author", feed(b"Q & A", story(1) + authors[0]), "too-complex")
    yield Hazard("an endless author, open", feed(story(1) + authors[1]), "too-complex")
    names = b"<author>" + b"a" * 4_900 + b"@</author>"
    yield Hazard("long authors", feed(*[story(1).replace(b"</item>", names + b"</item>")] * 300), "too-complex")
    yield Hazard("a number of noughts, open", feed(story(1) + b"&#" + b"0" * 100_000), 1)
    yield Hazard("a hexadecimal number of noughts, open", feed(story(1) + b"&#x" + b"0" * 100_000), 1)
    yield Hazard("many characters by number", feed(story(1, markup=b"&#65;" * 2_000_000)), "too-complex")
    yield Hazard("many CDATA opened", feed(story(1)) + b"<![CDATA[" * 200_000, 1)
    yield Hazard("many stories", feed(*map(story, range(20_000))), MOST_ENTRIES)
    yield Hazard("a long text", cdata(b"<p>" + b"word " * 3_000_000 + b"</p>"), 1)
    yield Hazard("too long a text", cdata(b"word " * 4_000_000), "too-large")
    yield Hazard(
        "many long texts", feed(*[story(1, markup=b"<![CDATA[" + b"word " * 2_000 + b"]]>")] * 2_000), "too-large"
    )


def json_hazards() -> Iterator[Hazard]:
    """Yield every hazard in JSON."""

    def posts(*fields: bytes) -> bytes:
        return b"[" + b",".join(b'{"link": "/a", "title": "Ferry", %b}' % field for field in fields) + b"]"

    yield Hazard("nested lists", b"[" * 400_000, "unreadable")
    yield Hazard("nested objects", b'{"a":' * 200_000, "unreadable")
    yield Hazard("many values", b"[" + b"1," * 2_000_000 + b"1]", "too-complex")
    yield Hazard("many empty lists", b"[" + b"[]," * 2_000_000 + b"1]", "too-complex")
    yield Hazard("a number of a million digits", posts(b'"id": ' + b"9" * 1_000_000), 1)
    yield Hazard("numbers that are none", posts(b'"id": NaN', b'"id": -Infinity', b'"id": 1e999999'), 3)
    yield Hazard("one name twice", posts(b'"link": "/b", "link": "/c"'), 1)
    yield Hazard("half a character", posts(b'"id": 1, "title": "\\ud83d"', b'"guid": "\\udc00"'), 2)
    yield Hazard("half a character in a link", posts(b'"link": "/\\ud83d"', b'"id": 2'), 1)
    yield Hazard("line breaks in texts", posts(b'"id": 1, "title": "Two\nlines\t"'), 1)
    yield Hazard("wrong types", posts(b'"link": 7', b'"title": [1]', b'"guid": {"rendered": {}}', b'"_embedded": 1'), 4)
    yield Hazard("many stories", posts(*[b'"id": 1'] * 20_000), MOST_ENTRIES)
    yield Hazard("a long text", posts(b'"excerpt": "' + b"word " * 3_000_000 + b'"'), 1)
    yield Hazard("cut", posts(b'"id": 1')[:-3], "unreadable")
    yield Hazard("an error document", b'{"code": "rest_forbidden", "message": "Sorry."}', "not-a-feed")
    yield Hazard("some other JSON", b'{"version": "2", "items": [{"url": "/a"}]}', "not-a-feed")
    yield Hazard("an empty list from anywhere", b"[]", "not-a-feed")
