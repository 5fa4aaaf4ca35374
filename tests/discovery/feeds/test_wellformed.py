"""The fast reader of feeds beside feedparser: whatever it reads, it reads alike."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.discovery.charset import as_utf8
from crawler.discovery.feeds.tolerant import read_tolerantly
from crawler.discovery.feeds.wellformed import read_wellformed
from crawler.news.errors import DiscoveryError
from tests.discovery.feeds.hazards import feed, hazards, ten
from tests.discovery.golden import DATA, NOW, cases

URL = "https://lantern.example/feeds/all.xml"
NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "dc": "http://purl.org/dc/elements/1.1/",
        "dcterms": "http://purl.org/dc/terms/",
        "content": "http://purl.org/rss/1.0/modules/content/",
        "media": "http://search.yahoo.com/mrss/",
        "atom": "http://www.w3.org/2005/Atom",
        "sy": "http://purl.org/rss/1.0/modules/syndication/",
        "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
        "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
        "quay": "http://quay.example/namespace",
    }.items()
)
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
LOOKS_ALIKE = 'xmlns:atom="http://www.w3.org/2005/Atom"', 'xmlns:atom="http://atom.example/"'

TEXTS = [
    *("Ferry &amp; crew", "  ferry\n ", "", "FÃ¤hre", "Fähre", "\x85\x91 old quotes", "港", "&#8217;&#x91;", "&#160;"),
    *("<![CDATA[<p>Ferry <b>aground</b></p>]]>", "fer<!-- c -->ry", "fer<?pi x?>ry", "&lt;p&gt;t&amp;amp;u&lt;/p&gt;"),
    *("https://lantern.example/a?b=1&amp;c=2;", "/2026/ferry", "http:////lantern.example/z", "lantern-4711"),
    *("Sat, 21 Nov 2026 10:00:00 GMT", "2026-11-03T10:00:00Z", "Sat, 21 Nov 2026 11:30:00 CET", "2026/11/03"),
    *("en_GB", "de", "30", "hourly", "javascript:alert(1)", "https://lantern.example/a?x=1&amp;amp;copy=2"),
    *("ada@lantern.example (Ada Quill)", "Ada Quill &lt;ada@lantern.example&gt;", " (Ada) ", "ada@lantern.example"),
]
ATTRIBUTES = [*[""] * 20, ' xml:lang="fr"', ' lang="it"', ' xml:lang=""', ' type="html"', ' type="xhtml"', ' x="1"']
USUAL = [
    *("title", "description", "pubDate", "guid", "author", "dc:creator", "dc:date", "category", "content:encoded"),
    *("summary", "updated", "published", "id", "content", "media:title", "media:description", "dc:title", "link"),
]
UNUSUAL = [
    *("itunes:author", "itunes:summary", "itunes:subtitle", "itunes:keywords", "feedburner:origLink", "comments"),
    *("quay:byline", "TITLE", "dcterms:modified", "dcterms:issued", "issued", "modified", "creator", "dc_creator"),
    *("language", "dc:language", "rights", "enclosure", "date", "authors", "links", "name", "url", "contributor"),
    *("tags", "body", "atom:updated", "atom:summary", "atom:title", "media:thumbnail", "media:keywords", "created"),
    *("dc:publisher", "dc:description", "fullitem", "abstract", "generator", "guidislink", "textInput", "image"),
]
OF_CHANNELS = [
    *("title", "description", "language", "dc:language", "ttl", "sy:updatePeriod", "sy:updateFrequency", "pubDate"),
    *("lastBuildDate", "generator", "copyright", "managingEditor", "category", "itunes:subtitle", "quay:x", "summary"),
]
LINKS = [
    '<{}link href="https://lantern.example/h"/>',
    '<{}link rel="self" href="https://lantern.example/feed"/>',
    '<{}link rel="hub" href="https://hub.example/"/>',
    '<{}link rel="Enclosure" type="image/png" href="/picture.png"/>',
    '<{}link type="application/json" href="/a.json"/>',
    '<{}link url="/u" href="/z"/>',
    '<{}link href="/a">text</{}link>',
    "<{}link/>",
]
SHAPES = [
    '<guid isPermaLink="false">lantern-4711</guid>',
    '<guid isPermaLink="True">https://lantern.example/guid</guid>',
    "<author><name>Ada</name><email>ada@lantern.example</email></author>",
    "<author><name>Ada</name><name>Jon</name><uri>/ada</uri></author>",
    "<author><email>ada@lantern.example</email></author>",
    "<author>and <name>Ada</name></author>",
    "<media:group><media:title>Picture</media:title><media:description>of a ferry</media:description></media:group>",
    '<media:content url="x"><media:description>of a ferry</media:description><quay:x/></media:content>',
    "<media:content><title>Picture</title></media:content>",
    '<source url="http://wire.example/rss">Wire</source>',
    "<source><title>Wire</title><id>wire</id><link href='/wire'/><author><name>W</name></author></source>",
    "<image><url>/i.png</url></image>",
    "<image><url>/i.png</url><title>Picture</title><link>/picture</link></image>",
    "<quay:box><quay:x>in a box</quay:x></quay:box>",
    "<quay:box><title>in a box</title></quay:box>",
    "<title>Ferry <b>aground</b></title>",
    "<description>Ferry<br/>aground</description>",
    '<quay:x y="1">text</quay:x>',
    "<rights><div>Ada</div></rights>",
    "<contributors>Jon</contributors><contributor><name>Jon</name></contributor>",
    "<skipHours><hour>1</hour><hour>02</hour></skipHours>",
    "<itunes:owner><itunes:name>Ada</itunes:name></itunes:owner>",
    '<itunes:category text="A"><itunes:category text="B"/></itunes:category>',
    "<textInput><title>Search</title><name>q</name><link>/search</link></textInput>",
]


def leaves(names: list[str]) -> st.SearchStrategy[str]:
    """Return one element with a text."""
    parts = st.tuples(st.sampled_from(names), st.sampled_from(ATTRIBUTES), st.sampled_from(TEXTS))
    return parts.map(lambda part: f"<{part[0]}{part[1]}>{part[2]}</{part[0]}>")


def links() -> st.SearchStrategy[str]:
    """Return one link, as RSS or as Atom has it."""
    return st.tuples(st.sampled_from(LINKS), st.sampled_from(["", "atom:"])).map(lambda p: p[0].replace("{}", p[1]))


PARTS = st.one_of(leaves(USUAL), leaves(USUAL), leaves(USUAL), links(), leaves(UNUSUAL), st.sampled_from(SHAPES))
ENTRIES = st.lists(st.lists(PARTS, min_size=1, max_size=6).map("".join), min_size=1, max_size=3)
CHANNELS = st.lists(st.one_of(leaves(OF_CHANNELS), links(), st.sampled_from(SHAPES)), max_size=4).map("".join)


@settings(deadline=None, max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(["rss", "atom", "rdf"]), CHANNELS, ENTRIES, st.sampled_from(ATTRIBUTES), st.booleans())
def test_made_to_differ(kind: str, channel: str, entries: list[str], attributes: str, first: bool) -> None:
    """Quirk after quirk, in any order: what the fast reader does not leave to feedparser it reads like feedparser."""
    tag = "entry" if kind == "atom" else "item"
    items = "".join(f"<{tag}{attributes}>{entry}</{tag}>" for entry in entries)
    inside = items + channel if first else channel + items
    document = {
        "rss": f'<rss version="2.0" {NAMESPACES}{attributes}><channel>{inside}</channel></rss>',
        "atom": f'<feed xmlns="http://www.w3.org/2005/Atom" {NAMESPACES}{attributes}>{inside}</feed>',
        "rdf": f"<rdf:RDF {RDF} {NAMESPACES.replace(*LOOKS_ALIKE)}><channel>{channel}</channel>{items}</rdf:RDF>",
    }[kind]
    compare(document.encode())


@pytest.mark.parametrize("name", [name for name in cases("feed") if (DATA / "feed" / name / "input.xml").exists()])
def test_golden_feeds(name: str) -> None:
    """Each of the golden feeds."""
    compare((DATA / "feed" / name / "input.xml").read_bytes())


def test_hazards() -> None:
    """Each hazard that feedparser takes at all."""
    for hazard in hazards():
        if hazard.body.strip() and len(hazard.body) < 1_000_000 and isinstance(hazard.expected, int):
            compare(hazard.body)


@pytest.mark.parametrize(
    "body",
    [
        ten(),
        ten("Fähre").decode().encode("latin-1"),
        ten("渡轮").decode().replace("utf-8", "gb2312").encode("gb2312"),
        feed(b"<item><title>Ferry</title><link>/a</link><quay:x xmlns:quay='q'>y</quay:x></item>"),
        *((DATA / "feed" / name / "input.xml").read_bytes() for name in ("rss-0.90", "rss-0.92", "rss-1.0", "rss-2.0")),
    ],
)
def test_usual_feeds_are_read_fast(body: bytes) -> None:
    """Else nothing would be gained."""
    assert compare(body)


@pytest.mark.parametrize(
    "inside",
    [
        "",
        "<channel/>",
        "<channel><item><link>/a</link></item></channel>",
        "<channel><item><link>/a</link></item></channel><item><link>/b</link></item>",
        "<item><link>/b</link></item><channel/>",
        "<channel/><channel/><item><link>/b</link></item>",
        "<channel/><image><title>A</title><foo/></image><item><link>/b</link></item>",
    ],
)
def test_rss_1_in_disorder(inside: str) -> None:
    """Entries in the channel, none, two channels: alike, or left to feedparser."""
    for namespace in ('xmlns="http://purl.org/rss/1.0/"', 'xmlns="http://my.netscape.com/rdf/simple/0.9/"', ""):
        compare(
            f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" {namespace}>{inside}</rdf:RDF>'.encode()
        )


@pytest.mark.parametrize(
    "namespaces",
    [
        'xmlns:a="http://quay.example/" xmlns:b="http://quay.example/"',
        'xmlns:dc="http://www.w3.org/2005/Atom" xmlns:a="http://purl.org/dc/elements/1.1/"',
        'xmlns:a="http://backend.userland.com/rss2"',
        'xmlns:a="http://quay.example/&#97;"',
        'xmlns:a="two words"',
        'xmlns="http://backend.userland.com/rss2" xmlns:a="a"',
        'xmlns="http://quay.example/" xmlns:a="http://quay.example/"',
        'xmlns:content="http://quay.example/" xmlns:a="a"',
        'xmlns:A="http://quay.example/" xmlns:a="a"',
    ],
)
def test_namespaces_made_to_confuse(namespaces: str) -> None:
    """One prefix for two, two for one, known names under foreign ones: alike, or left to feedparser."""
    item = "<a:title>A</a:title><title>B</title><a:creator>C</a:creator><link>/d</link><a:link>/e</a:link>"
    compare(f'<rss version="2.0" {namespaces}><channel><item>{item}</item></channel></rss>'.encode())


def compare(body: bytes) -> bool:
    """Read a document with both; tell whether the fast reader took it."""
    text = as_utf8(body, {})
    fast = read_wellformed(text, "nl")
    if fast is None:
        return False
    try:
        slow = read_tolerantly(text, URL, "nl")
    except DiscoveryError as error:
        assert error.reason == "too-complex"  # for feedparser, and not for expat
        return True
    assert list(fast.entries(URL, NOW)) == list(slow.entries(URL, NOW))
    assert fast.hints == slow.hints
    return True
