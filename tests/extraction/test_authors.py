"""Who signed an article: the names in a byline, and which of a page's claims is believed."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extraction.authors import read_authors
from crawler.extraction.names import Kind, Names, looks_personal
from crawler.extraction.outlet import Outlet
from crawler.extraction.page import Page, parse
from crawler.extraction.selectors import Selectors
from crawler.news.article import Author
from crawler.news.entry import Entry
from crawler.news.errors import ExtractionError

URL = "https://www.tidewatch.example/2026/lock"
OUTLET = "Tidewatch"
TEXT = (
    "The harbour board voted on Tuesday evening to widen the northern lock by four metres for the grain ferries. " * 2
)
HEADLINE = "<h1>Harbour board widens the northern lock</h1>"


def page_of(markup: str) -> Page:
    return parse(markup, URL, Selectors(None))


def read(top: str = "", *, head: str = "", above: str = "", foot: str = "", behind: str = "") -> list[Author]:
    """Read the authors of an article with markup above its headline, below it, at the end of its text and behind it."""
    body = f"<article>{above}{HEADLINE}{top}<div><p>{TEXT}</p><p>{TEXT}</p>{foot}</div></article>{behind}"
    page = page_of(f"<html><head>{head}</head><body>{body}</body></html>")
    return read_authors(page, OUTLET, None, [])


def names(authors: list[Author]) -> list[str]:
    return [author.name for author in authors]


def linked(authors: str, extra: str = "") -> str:
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", "author": {authors}{extra}}}</script>'


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("By Ann Roe and Bo Lund", ["Ann Roe", "Bo Lund"]),
        ("Von Ann Roe, Bo Lund und Cy Ode", ["Ann Roe", "Bo Lund", "Cy Ode"]),
        ("Par Anne Rœdé et Bo Lund", ["Anne Rœdé", "Bo Lund"]),
        ("BY ANN ROE AND BO LUND", ["ANN ROE", "BO LUND"]),
        ("Byby ANN ROE", ["ANN ROE"]),
        ("Text: Ann Roe | Fotos: Cy Ode", ["Ann Roe"]),
        ("Ein Kommentar von Ann Roe", ["Ann Roe"]),
        ("Posted on 2026-03-04 23:30 CET by Ann Roe", ["Ann Roe"]),
        ("Gespeichert von annroe am 4. März 2026 - 18:55", ["annroe"]),
        ("View all posts by Ann Roe", ["Ann Roe"]),
        ("Ann Roe, Staff Writer", ["Ann Roe"]),
        ("Ann Roe Senior Staff Writer", ["Ann Roe"]),
        ("By Ann Roe Tidewatch Staff", ["Ann Roe"]),
        ("Ann Roe GULL WIRE NETWORK", ["Ann Roe"]),
        ("Ann Roe for Gull Magazine", ["Ann Roe"]),
        ("Ann Roe in Harbourton", ["Ann Roe"]),
        ("Ann Roe für den Möwenboten", ["Ann Roe"]),
        ("Ann Roe (Harbourton, bureau européen)", ["Ann Roe"]),
        ("Ann Roe, PhD, and Bo Lund, MPH | Lock Works Association", ["Ann Roe", "Bo Lund"]),
        ("Ann Roe and Bo Lund, Gull Times - Dec 20, 2026 3:06 pm", ["Ann Roe", "Bo Lund"]),
        ("Ann Roe 5 minute read", ["Ann Roe"]),
        ("Ann RoeUpdated March 4, 2026", ["Ann Roe"]),
        ("Ann Roe | ann.roe@tidewatch.example", ["Ann Roe"]),
        ("Ann Roe/Bo Lund", ["Ann Roe", "Bo Lund"]),
        ("ann/gwa", ["ann/gwa"]),
        ("Ann van der Roe", ["Ann van der Roe"]),
        ("Dr. Ann Roe", ["Dr. Ann Roe"]),
        ("A. J. Roe-Lund", ["A. J. Roe-Lund"]),
        ("文/张三", ["张三"]),
        ("记者 张三、李四", ["张三", "李四"]),
        ("Автор: Анна Роева и Бо Лундов", ["Анна Роева", "Бо Лундов"]),
        ("بقلم آن رو", ["آن رو"]),
        ("מאת אן רו", ["אן רו"]),
        ("By Ann Roe Photographs by Cy Ode", ["Ann Roe"]),
        ("Von Ann Roe (Text) und Cy Ode (Fotos)", ["Ann Roe"]),
        ("김민수 기자", ["김민수"]),
        ("记者 张伟 编辑 李娜", ["张伟"]),
        ("<b>Ann Roe</b>", ["Ann Roe"]),
        ("By the numbers", []),
        ("undefined undefined", []),
        ("https://social.example/annroe", []),
        ("@annroe", []),
        ("undefined", []),
        ("By", []),
        ("2026", []),
    ],
)
def test_a_byline_becomes_names(byline: str, expected: list[str]) -> None:
    """What introduces and follows a name goes: roles, places, dates, outlets, addresses; several names are parted."""
    found = Names(Outlet(URL, [OUTLET])).read(byline)
    assert [name for name, _ in found] == expected


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Ann Roe", Kind.PERSON),
        ("張三", Kind.PERSON),
        ("मृणालिनी वाजपेयी", Kind.PERSON),
        ("มาลัยพร สายชล", Kind.PERSON),
        ("HarbourRat", Kind.OTHER),
        ("Gull News Agency", Kind.OTHER),
        ("Tidewatch", Kind.OUTLET),
        ("tidewatch.example", Kind.OUTLET),
        ("Redaktion", Kind.OUTLET),
        ("gwa", Kind.INITIALS),
    ],
)
def test_kinds(name: str, kind: Kind) -> None:
    """A person is told from an organisation, the outlet itself, and a newsroom's shorthand."""
    assert Names(Outlet(URL, [OUTLET])).kind(name) == kind


@pytest.mark.parametrize(
    ("top", "expected"),
    [
        ('<p class="byline">By Ann Roe</p>', ["Ann Roe"]),
        ("<p>By Ann Roe</p>", ["Ann Roe"]),
        ("<div><span>Published 4 March 2026</span> <span class='author'>HarbourRat</span></div>", ["HarbourRat"]),
        ("<p>By</p><p>Ann Roe</p>", ["Ann Roe"]),
        ("<h6>Author(s)</h6><ul><li>Ann Roe</li><li>Bo Lund</li></ul>", ["Ann Roe", "Bo Lund"]),
        ('<div><a href="/author/ann-roe">Ann Roe</a></div>', ["Ann Roe"]),
        ('<div><a href="/author/ann">Ann Roe</a><span>Editor</span></div>', ["Ann Roe"]),
        ('<div class="author vcard"><a class="url fn n" href="/a">मृणालिनी वाजपेयी</a></div>', ["मृणालिनी वाजपेयी"]),
        ('<address class="vcard"><a class="fn" rel="author" href="/a">Ann Roe</a></address>', ["Ann Roe"]),
        ('<div itemprop="author"><span itemprop="name">Ann Roe</span></div>', ["Ann Roe"]),
        ("<div>Ann Roe</div><div>4 March 2026</div>", ["Ann Roe"]),
        ("<p>By Ann Roe</p><p>Contributions from</p><p><a href='/author/cy'>Cy Ode</a></p>", ["Ann Roe"]),
        ("<p>By Ann Roe</p><p>Photos by Cy Ode</p>", ["Ann Roe"]),
        ("<p>Translated by Cy Ode</p>", []),
        ("<div>Sun March 8, 2026</div>", []),
        ('<p class="author-bio">Ann Roe likes gulls.</p>', []),
        ("<ul><li><a href='/harbour'>Harbour News</a></li><li><a href='/sea'>Open Sea</a></li></ul>", []),
    ],
)
def test_below_the_headline(top: str, expected: list[str]) -> None:
    """A byline is told by its opening, class, link, label or microdata, or by a date; helpers are no authors."""
    assert names(read(top)) == expected


@pytest.mark.parametrize(
    "foot", ["<p>Ann Roe</p>", "<p>(责编：张三)</p>", "<p>Author: Ann Roe</p>", '<p class="author">Ann Roe</p>']
)
def test_at_the_end_of_the_text(foot: str) -> None:
    """The last paragraph may sign."""
    assert names(read(foot=foot)) in (["Ann Roe"], ["张三"])


def test_elsewhere_only_what_says_so() -> None:
    """Far from headline and text "Author: ..." counts; "By ..." is another article's, and comments never count."""
    far = "".join(f"<p>Line {number} of the harbour's timetable</p>" for number in range(30))
    assert names(read(behind=f"{far}<dl><dd>Autorin/Autor Ann Roe</dd></dl>")) == ["Ann Roe"]
    assert names(read(behind=f"{far}<div>By Ann Roe</div>")) == []
    assert names(read(behind=f"{far}<div class='comments'><p>Written by Cy Ode</p></div>")) == []


@pytest.mark.parametrize(
    "behind",
    [
        "<div id=comments><article class=comment><a rel=author href=/u/7>Cy Ode</a><p>Nonsense.</p></article></div>",
        "<section><div itemprop=comment><b itemprop=author>Cy Ode</b><p>Nonsense.</p></div></section>",
        "<aside><div><b itemprop=author>Cy Ode</b></div></aside>",
        "<section><h3>2 Comments</h3><p>By Cy Ode</p><p>Nonsense.</p></section>",
        "<section><h3>2 Comments</h3><p>Written by Cy Ode on 3 May</p><p>Nonsense.</p></section>",
        "<div><h3><a href=/x>Fish market opens</a></h3><p>By Cy Ode</p></div>",
        "<div><h3><a href=/x>Fish market opens</a></h3><p>Author: Cy Ode</p></div>",
    ],
    ids=["rel", "itemprop", "aside", "heading", "declared", "other-article", "other-article-declared"],
)
def test_who_comments_or_wrote_another_article_does_not_sign(behind: str) -> None:
    """One alone, behind the article, however it is marked; its own author is found all the same."""
    assert names(read(behind=behind)) == []
    assert names(read("<p>By Ann Roe</p>", behind=behind)) == ["Ann Roe"]


def test_what_holds_the_headline_too_is_the_articles() -> None:
    """Whatever it is called."""
    marked = f'<div class="teaser-page">{HEADLINE}<i itemprop=author>Ann Roe</i><p>{TEXT}</p></div>'
    assert names(read_authors(page_of(marked), OUTLET, None, [])) == ["Ann Roe"]


def test_a_caption_does_not_sign() -> None:
    """Who is named there took the picture."""
    assert names(read("<figure><img src=/a.jpg><figcaption>By Cy Ode</figcaption></figure>")) == []


def test_a_person_in_the_byline_beats_an_outlet_in_the_metadata() -> None:
    """JSON-LD that names the publisher gives way to a byline with a person, unless the byline names it, too."""
    head = linked('{"@type": "Organization", "name": "Tidewatch"}')
    assert names(read("<p>By Ann Roe</p>", head=head)) == ["Ann Roe"]
    assert names(read("<p>By Tidewatch</p><p class='author'>Cy Ode</p>", head=head)) == ["Tidewatch"]
    assert names(read("<p>gwa</p>", head=head)) == ["Tidewatch"]


def test_two_sources_that_agree_beat_one() -> None:
    """A third name that stands in one source alone is not believed."""
    head = linked('"Cy Ode"') + '<meta name="author" content="Ann Roe">'
    assert names(read("<p>By Ann Roe</p>", head=head)) == ["Ann Roe"]


def test_a_byline_with_more_names_completes_the_metadata() -> None:
    """JSON-LD often lists the first author alone."""
    assert names(read("<p>By Ann Roe and Bo Lund</p>", head=linked('{"name": "Ann Roe"}'))) == ["Ann Roe", "Bo Lund"]


@pytest.mark.parametrize(
    "author",
    [
        '["Ann Roe", "Bo Lund"]',
        '[{"@type": "Person", "name": "Ann Roe"}, {"@type": "Person", "name": "Bo Lund"}]',
        '{"@type": "Person", "name": ["Ann Roe", "Bo Lund"]}',
        '"Ann Roe and Bo Lund"',
        '[{"@type": "Person", "name": "Ann Roe, Tidewatch"}, {"name": "Bo Lund"}, {"name": "Tidewatch"}]',
        '[{"@id": "#ann"}, {"@id": "#bo"}]',
    ],
)
def test_json_ld_spells_authors_in_many_ways(author: str) -> None:
    """Strings, lists, lists of names, references; the outlet beside people is none."""
    people = '[{"@id": "#ann", "name": "Ann Roe"}, {"@id": "#bo", "name": "Bo Lund"}]'
    graph = f'{{"@graph": [{{"@type": "NewsArticle", "author": {author}}}, {people[1:-1]}]}}'
    assert names(read(head=f'<script type="application/ld+json">{graph}</script>')) == ["Ann Roe", "Bo Lund"]


def test_an_organisation_is_one_name() -> None:
    """ "Roe & Lund" is no couple, and an agency beside a person is an author as well."""
    head = linked('[{"@type": "Organization", "name": "Roe & Lund"}]')
    assert names(read(head=head)) == ["Roe & Lund"]
    head = linked('[{"@type": "Person", "name": "Ann Roe"}, {"@type": "Organization", "name": "GWA"}]')
    assert names(read(head=head)) == ["Ann Roe", "GWA"]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ('<meta name="author" content="Ann Roe"><meta name="author" content="Bo Lund">', ["Ann Roe", "Bo Lund"]),
        (
            '<meta name="twitter:label1" content="Geschrieben von"><meta name="twitter:data1" content="Ann Roe">',
            ["Ann Roe"],
        ),
        ('<meta name="twitter:label1" content="Reading time"><meta name="twitter:data1" content="Two Minutes">', []),
        ('<meta property="article:author" content="https://social.example/tidewatch">', []),
        ('<meta name="author" content="Harbour Watch (www.tidewatch.example)">', ["Harbour Watch"]),
        ('<meta name="author" content="Staff">', ["Staff"]),
    ],
)
def test_meta(head: str, expected: list[str]) -> None:
    """All <meta> of a kind count; a profile's address is no name; a newsroom signs where nobody else does."""
    assert names(read(head=head)) == expected


def test_addresses_come_from_wherever_they_are_told() -> None:
    """A link to the author's page and a mail link give `url` and `email`, whichever claim gave the name."""
    top = '<p class="byline">By <a rel="author" href="/author/ann">Ann Roe</a></p>'
    [author] = read(top, head='<meta name="author" content="Ann Roe">')
    assert author == Author(name="Ann Roe", nameRaw="Ann Roe", url="https://www.tidewatch.example/author/ann")
    [author] = read('<p class="byline">By <a href="mailto:ann@tidewatch.example?subject=Lock">Ann Roe</a></p>')
    assert (author.email, author.nameRaw) == ("ann@tidewatch.example", "By Ann Roe")
    [author] = read('<p>By <a href="/@ann">Ann Roe</a></p>', head=linked('{"name": "Ann Roe"}'))
    assert (author.url, author.nameRaw) == ("https://www.tidewatch.example/@ann", "Ann Roe")
    [author] = read(head=linked('{"name": "Ann Roe", "url": "/ann", "email": "mailto:ann@tidewatch.example"}'))
    assert (author.url, author.email) == ("https://www.tidewatch.example/ann", "ann@tidewatch.example")


def test_other_articles_on_the_page_do_not_sign_this_one() -> None:
    """Several elements marked as author, none of them in a byline, name nobody; the byline's own does."""
    teasers = "".join(f'<div class="teaser"><b itemprop="author">{name}</b></div>' for name in ("Cy Ode", "Ed Moor"))
    assert names(read(behind=teasers)) == []
    assert names(read('<p class="byline" itemprop="author">Ann Roe</p>', behind=teasers)) == ["Ann Roe"]


def test_the_outlets_selector_overrules_and_the_feed_fills_in() -> None:
    """`selected` comes first; what the entry claims counts where the page is silent."""
    head = linked('"Cy Ode"')
    page = page_of(f"<head>{head}</head><body>{HEADLINE}<p>{TEXT}</p></body>")
    assert names(read_authors(page, OUTLET, None, ["By Ann Roe"])) == ["Ann Roe"]
    silent = page_of(f"<body>{HEADLINE}<p>{TEXT}</p></body>")
    assert names(read_authors(silent, OUTLET, Entry(URL, authors=("Ann Roe",)), [])) == ["Ann Roe"]


@settings(deadline=None)
@given(st.text())
def test_any_text_is_read(text: str) -> None:
    """Whatever stands in a byline, names come out of it: short ones, on one line, that stand in it."""
    for name, kind in Names(Outlet(URL, [OUTLET])).read(text):
        assert name and len(name) <= 60 and "\n" not in name
        assert kind != Kind.PERSON or looks_personal(name)


TAGS = st.sampled_from(
    [
        *("<h1>", "</h1>", "<p>", "<p class=byline>", "<div class=author>", "</p>", "<br><br>", "<li>", "</ul>"),
        *("<a rel=author href='//['>", "<b itemprop=author>", "<meta name=author content='Ann Roe'>"),
        *("By ", "Von", "Author:", "Ann Roe", " and ", "4.3.2026", TEXT),
        linked('[[], {"name": {}}, 7, {"name": [null, "Ann Roe"], "url": 3, "email": []}, "http://["]'),
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(TAGS | st.text(max_size=10), max_size=30).map("".join))
def test_any_page_is_read(markup: str) -> None:
    """No page makes it raise anything but ExtractionError."""
    try:
        page = page_of(markup)
    except ExtractionError:
        return
    for author in read_authors(page, OUTLET, None, []):
        assert author.name


@pytest.mark.parametrize(
    "hostile",
    [
        "<span class=author itemprop=author>" * 20_000 + "Ann Roe",
        "<p class=byline itemprop=author>" * 20_000 + "Ann Roe",
        "<a rel=author href=/author/x>Ann Roe</a> " * 20_000,
        "<p>Author:</p><p>" * 10_000,
        "<h1>Lock</h1><h2>Gulls</h2>" * 10_000,
        "<p>By " + "and " * 1_000_000,
        "<p class=byline>" + "Ann " * 49 + "</p>" * 10_000,
        linked("[" + ",".join(f'"Ann Roe {chr(65 + n % 26)}{"a" * (n % 40)}"' for n in range(50_000)) + ',"Bo Lund"]'),
        linked("[" + '"Ann Roe",' * 50_000 + '"Bo Lund"]'),
        '<meta name=author content="Ann Roe">' * 20_000,
    ],
    ids=["spans", "nested", "links", "labels", "headings", "joints", "words", "crowd", "json-ld", "meta"],
)
def test_hostile_pages_cost_no_square(hostile: str) -> None:
    """Twenty thousand nested or repeated bylines are read in a fraction of a second."""
    page = page_of(f"{HEADLINE}{hostile}")
    start = time.process_time()
    assert len(read_authors(page, OUTLET, None, [])) <= 20
    assert time.process_time() - start < 0.5
