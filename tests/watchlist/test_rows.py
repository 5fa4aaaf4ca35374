"""Lists of other programs, OPML and CSV: what is read, what is refused, and what is known already."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.news.errors import WatchlistError
from crawler.news.source import Outlet
from crawler.watchlist import Watchlist
from crawler.watchlist.kinds import Name, Refused
from crawler.watchlist.known import Known
from crawler.watchlist.opml import opml_of, read_opml
from crawler.watchlist.rows import Import, Row, outlets_of
from crawler.watchlist.spreadsheet import read_csv

Read = Callable[[bytes, str], Iterator[Row]]

POST = Outlet("Harbour Post", "https://post.example/", feeds=("https://post.example/feed",))
OPML = """<?xml version="1.0"?><opml version="1.0"><head><title>mine</title></head><body>
<outline text="Coast">
<outline text="Ports">
<outline type="rss" text="Harbour Post - Top" xmlUrl="https://post.example/top.xml" htmlUrl="https://www.post.example/"/>
</outline>
<outline text="Harbour Post - Top" xmlUrl="http://post.example/sea.xml" category="/sea,tides/high"/>
</outline>
<outline text="Valley, Voice &amp; more" xmlUrl="https://voice.example/?a=1&b=2"/>
</body></opml>"""


def imported(content: str | bytes, read: Read = read_csv, *watched: Outlet, allow_private: bool = False) -> Import:
    """What comes of a file."""
    body = content.encode() if isinstance(content, str) else content
    known = Known(Watchlist(watched))
    minute = timedelta(minutes=1)
    return outlets_of(read(body, "mine"), known, shortest_poll=minute, tell=str, allow_private=allow_private)


def test_opml_outlines_of_one_title_and_site_are_one_outlet() -> None:
    """Which is told; folders and categories are its tags; a bare "&" is no obstacle."""
    result = imported(OPML, read_opml)
    assert result.joined == ['"Harbour Post - Top": mine, line 4, and 1 more']
    assert result.outlets == [
        Outlet(
            "Harbour Post - Top",
            "https://www.post.example/",
            feeds=("https://post.example/top.xml", "http://post.example/sea.xml"),
            tags=("Coast", "Ports", "sea", "tides/high"),
        ),
        Outlet("Valley Voice & more", "https://voice.example/", feeds=("https://voice.example/?a=1&b=2",)),
    ]


def test_what_is_exported_is_imported() -> None:
    """Names, addresses, feeds and tags, also of two outlets of one site; outlets without feeds stay out."""
    outlets = [
        Outlet('Post <World> & "Sea"', "https://post.example/world/", feeds=("https://post.example/w?a=1&b=2",)),
        Outlet("Post Sport", "https://post.example/sport/", feeds=("https://post.example/s", "https://post.example/t")),
        Outlet("Пошта", "https://пошта.example/", feeds=("https://пошта.example/Лента",), tags=("küste", "a b")),
        Outlet("Agency", "https://agency.example/", feeds=("https://agency.example/f",), tags=("küste",)),
    ]
    silent = Outlet("Silent", "https://silent.example/", pages=("https://silent.example/",))
    text = "\n".join(opml_of([*outlets, silent], title="mine"))
    assert imported(text, read_opml).outlets == outlets
    assert imported(text, read_opml, outlets[0]).outlets == outlets[1:]


@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1), min_size=3, max_size=3, unique=True))
@example(["A  \xa0b", "/soft\xadhyphen/", "\uffff"])
def test_any_name_survives_opml(texts: list[str]) -> None:
    """Whatever a name may hold."""
    name, *tags = [text if is_name(text) else f"name {number}" for number, text in enumerate(texts)]
    outlet = Outlet(name, "https://o.example/", feeds=("https://o.example/x",), tags=tuple(tags))
    assert imported("\n".join(opml_of([outlet], title=name)), read_opml).outlets == [outlet]


def is_name(text: str) -> bool:
    """Tell whether a watchlist takes it as one."""
    try:
        return bool(Name().read(text) == text)
    except Refused:
        return False


HOSTED = [  # by hosters whose domain thousands share
    "https://one.blogs.example/feed",
    "https://two.blogs.example/feed",
    "https://hoster.example/feed/@one",
    "https://hoster.example/feed/@two",
]


def test_outlets_of_one_hoster_stay_apart() -> None:
    """Each host is a site, and so is each author's path; neither keeps out the next, now or later."""
    result = imported("feeds\n" + "\n".join(HOSTED))
    assert [(outlet.name, outlet.url) for outlet in result.outlets] == [
        ("one.blogs.example", "https://one.blogs.example/"),
        ("two.blogs.example", "https://two.blogs.example/"),
        ("hoster.example/@one", "https://hoster.example/@one"),
        ("hoster.example/@two", "https://hoster.example/@two"),
    ]
    assert result.joined == []
    later = imported("feeds\n" + "\n".join(HOSTED), read_csv, result.outlets[0], result.outlets[2])
    assert (later.outlets, later.problems) == ([result.outlets[1], result.outlets[3]], [])


def test_rows_of_one_host_are_joined_only_without_names() -> None:
    """And that is told. Names keep them apart, also from an outlet of that host on the watchlist."""
    named = "name,feeds\nHarbour Sport,https://post.example/a\nHarbour Radio,https://post.example/b\n"
    assert [outlet.name for outlet in imported(named, read_csv, POST).outlets] == ["Harbour Sport", "Harbour Radio"]
    assert imported(named).joined == []
    (outlet,) = (unnamed := imported("feeds\nhttps://post.example/a\nhttps://www.post.example/b\n")).outlets
    assert outlet.feeds == ("https://post.example/a", "https://www.post.example/b")
    assert unnamed.joined == ['"post.example": mine, line 2, and 1 more']


def test_a_title_that_is_taken_is_told_apart() -> None:
    """Whoever is called as an outlet of another site on the watchlist is no part of that."""
    content = '<opml><body><outline text="Harbour Post" xmlUrl="https://b.example/f"/></body></opml>'
    assert [outlet.name for outlet in imported(content, read_opml, POST).outlets] == ["Harbour Post (b.example)"]


def test_rows_of_one_name_that_contradict_are_told() -> None:
    """The first that says it counts; a row that says nothing contradicts nobody."""
    content = (
        "name,url,feeds,every\nPost,,https://post.example/a,\nPost,https://post.example/,https://post.example/b,1h\n"
        "Post,http://www.post.example,https://post.example/c,\nPost,,https://post.example/d,2h\n"
        "Post,http://post.example,https://post.example/e,60m\n"
    )
    result = imported(content)
    mend = "Rows of one name are one outlet: write one of the two, or another name."
    assert result.problems == [
        f'mine, line 4: outlet "Post", url: "http://www.post.example" differs from "https://post.example/" '
        f"(mine, line 3). {mend}",
        f'mine, line 5: outlet "Post", every: "2h" differs from "1h" (mine, line 3). {mend}',
    ]
    (outlet,) = result.outlets
    assert (outlet.url, outlet.every) == ("https://post.example/", timedelta(hours=1))
    assert outlet.feeds == ("https://post.example/a", "https://post.example/b", "https://post.example/e")


def test_a_good_source_needs_no_good_home_page() -> None:
    """It is derived, and counted."""
    result = imported("name,url,feeds\nPost,post.example,https://post.example/a\nVoice,,https://voice.example/a\n")
    assert [outlet.url for outlet in result.outlets] == ["https://post.example/", "https://voice.example/"]
    assert (result.homeless, result.problems) == (1, [])


def test_private_addresses_are_imported_if_permitted() -> None:
    """Theirs alone may be private."""
    result = imported("feeds\nhttp://10.0.0.1/f\nhttps://post.example/f\n", allow_private=True)
    assert [(outlet.name, outlet.allow_private) for outlet in result.outlets] == [
        ("10.0.0.1", True),
        ("post.example", False),
    ]


def test_outlines_that_are_no_feeds_are_told() -> None:
    """FreshRSS makes feeds of pages."""
    outline = '<outline text="Post" type="HTML+XPath" xmlUrl="https://post.example/news"/>'
    assert imported(f"<opml><body>{outline}</body></opml>", read_opml).problems == [
        'mine, line 1: outlet "Post": "https://post.example/news" is no feed but "HTML+XPath". '
        "Write it under pages by hand, if it links to articles."
    ]


@pytest.mark.parametrize(
    ("feed", "read"),
    [
        ("/a/feed.xml?x=1", "https://post.example/a/feed.xml?x=1"),
        ("feed.xml", "https://post.example/en/feed.xml"),
        ("rss/all", "https://post.example/en/rss/all"),
        ("//feeds.example/x", "https://feeds.example/x"),
    ],
)
def test_relative_addresses_are_resolved(feed: str, read: str) -> None:
    """Against the home page. What looks like a host does not count as relative."""
    outline = '<outline text="Post" xmlUrl="{}" htmlUrl="https://post.example/en/"/>'
    (outlet,) = imported(f"<opml><body>{outline.format(feed)}</body></opml>", read_opml).outlets
    assert outlet.feeds == (read,)
    (problem,) = imported(f"<opml><body>{outline.format('voice.example/rss')}</body></opml>", read_opml).problems
    assert problem.endswith('"voice.example/rss" has no scheme. Write "https://voice.example/rss".')


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("<rss/>", "mine: no OPML, its root is <rss>. Export it as OPML."),
        ("<opml><head/></opml>", "mine: an <opml> without <body> lists nothing. Export it again."),
        (
            "<opml><body><outline></body></opml>",
            "mine: not well-formed: Opening and ending tag mismatch: outline line 1 and body, line 1, column 29. ",
        ),
        ("<opml><body>" + "<outline>" * 1_000, "mine: not well-formed: "),
        ("", "mine: not well-formed: "),
    ],
)
def test_what_is_no_opml_is_told(content: str, problem: str) -> None:
    """With the mend; deep trees are refused, too."""
    with pytest.raises(WatchlistError) as refused:
        imported(content, read_opml)
    assert refused.value.problems[0].startswith(problem)


def test_hostile_opml_is_harmless() -> None:
    """Entities are neither expanded nor fetched."""
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 30))
    head = f'<!DOCTYPE opml [<!ENTITY e0 "ha"><!ENTITY x SYSTEM "file:///etc/hostname">{bomb}]>'
    outline = '<outline text="&e29;" xmlUrl="https://post.example/&x;"/>'
    began = time.process_time()
    try:
        result = imported(f"{head}<opml><body>{outline}</body></opml>", read_opml)
    except WatchlistError:
        pass
    else:
        assert all(len(url) < 100 for outlet in result.outlets for url in outlet.feeds)
    assert time.process_time() - began < 2


TABLE = "name,url,feeds,tags,every\nHarbour Post,https://post.example/,https://post.example/feed,sea|the coast,30m\n"
CSV = [
    TABLE.encode(),
    TABLE.replace(",", ";")
    .replace("\n", "\r\n")
    .replace("name", "Name")
    .replace("feeds", '"FEED"')
    .encode("utf-8-sig"),
    TABLE.replace(",", "\t").replace("|", " | ").strip().encode("utf-16"),
]


@pytest.mark.parametrize("content", CSV)
def test_spreadsheets_of_all_kinds(content: bytes) -> None:
    """Comma, semicolon or tab; UTF-8 with and without a byte order mark, UTF-16; any line ends; names in any case."""
    assert imported(content).outlets == [
        Outlet(POST.name, POST.url, feeds=POST.feeds, every=timedelta(minutes=30), tags=("sea", "the coast"))
    ]


@pytest.mark.parametrize("mark", ["sep=;\r\n", '"sep=;"\r\n'])
def test_excels_first_line_is_passed_over(mark: str) -> None:
    """Lines are counted with it."""
    result = imported(f"{mark}name;feeds\r\nPost;https://post.example/feed\r\nOdd;odd\r\n")
    assert [outlet.name for outlet in result.outlets] == ["Post"]
    assert result.problems[0].startswith('mine, line 4: outlet "Odd"')


@pytest.mark.parametrize("between", [", ", "; ", " ", "|", " | ", ",", ",|"])
def test_addresses_of_a_field_may_be_parted_as_one_does(between: str) -> None:
    """A comma or semicolon that parts them is never a part of them; one inside an address is."""
    feeds = ("https://post.example/a,1.xml", "https://post.example/b;c")
    (outlet,) = imported(f'feeds\n"{between.join(feeds)}{between.strip()}"\n').outlets
    assert outlet.feeds == feeds


def test_what_a_row_leaves_out_follows_from_the_rest() -> None:
    """The home page from a source, the name from the host; several values by spaces; old Excel's letters."""
    content = "feeds;pages;tags\nhttps://www.café.example/a https://www.café.example/b;;sea coast\n".encode("cp1252")
    assert imported(content).outlets == [
        Outlet(
            "xn--caf-dma.example",
            "https://www.café.example/",
            feeds=("https://www.café.example/a", "https://www.café.example/b"),
            tags=("sea", "coast"),
        )
    ]


def test_rows_of_one_name_are_one_outlet() -> None:
    """A row a source, as spreadsheets like it."""
    content = "name,feed,sitemap\nPost,https://post.example/a,\nPost,,https://post.example/news.xml\n"
    assert imported(content).outlets == [
        Outlet(
            "Post",
            "https://post.example/",
            feeds=("https://post.example/a",),
            sitemaps=("https://post.example/news.xml",),
        )
    ]


def test_two_outlets_of_one_name_are_told_apart() -> None:
    """By their hosts: many a feed is called "News"."""
    content = '<opml><body><outline text="News" xmlUrl="https://a.example/f"/>'
    content += '<outline text="News" xmlUrl="https://b.example/f"/></body></opml>'
    assert [outlet.name for outlet in imported(content, read_opml).outlets] == ["News", "News (b.example)"]


def test_bad_rows_are_told_and_good_ones_kept() -> None:
    """With file, line, value and mend; lines are counted as an editor counts them."""
    content = (
        'name,feeds,every\n"Harbour\nPost",https://post.example/feed,\n\n'
        "Voice,voice.example/feed,\nHerald,https://herald.example/f,1s\nHouse,http://10.0.0.1/f,\nNobody,,\n"
        "Good,https://good.example/f,\n"
    )
    result = imported(content)
    assert [outlet.name for outlet in result.outlets] == ["Good"]
    assert result.problems == [
        'mine, line 2: outlet, name: "Harbour\\U0000000aPost" holds a control character. Write "Harbour Post".',
        'mine, line 5: outlet "Voice", feeds[0]: "voice.example/feed" has no scheme. '
        'Write "https://voice.example/feed".',
        'mine, line 6: outlet "Herald", every: "1s" is faster than 1m: servers would turn us away. Write "1m".',
        'mine, line 7: outlet "House", feeds[0]: "http://10.0.0.1/f" is a private address. '
        "If that is meant, say --allow-private.",
        'mine, line 8: outlet "Nobody": url is missing. Write url = "https://outlet.example/".',
        'mine, line 8: outlet "Nobody": it has no source. Write at least one of feeds, sitemaps, pages.',
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("nmae,feeds\n", 'mine, line 1: unknown column "nmae". Did you mean "name"?'),
        ("feed,feeds\n", 'mine, line 1: column "feeds" stands twice.'),
        ("name,url\n", "mine, line 1: no column of sources. The first line names the columns"),
        ("", "mine, line 1: no column of sources."),
        ("sep=;\nnmae;feeds\n", 'mine, line 2: unknown column "nmae".'),
        ("f\0e\0e\0d\0s\0", "mine: zero bytes stand in it, as in UTF-16 without a mark. Save it as UTF-8."),
        ('name,feeds\n"a,b\n', 'mine, line 2: unexpected end of data. Close the quotes ("), and double those inside.'),
    ],
)
def test_what_is_no_table_is_told(content: str, problem: str) -> None:
    """Nothing is imported."""
    with pytest.raises(WatchlistError) as refused:
        imported(content)
    assert refused.value.problems[0].startswith(problem)


def test_known_sources_are_left_out_and_counted() -> None:
    """On the watchlist or earlier in the file, in whatever spelling; http and https and a last slash are one."""
    content = "name,feeds\nA,http://post.example/feed/\nB,https://b.example/f\nC,https://B.example/f?utm_source=x\n"
    result = imported(content, read_csv, POST)
    assert [outlet.name for outlet in result.outlets] == ["B"]
    assert (result.rows, result.watched, result.repeated, result.problems) == (3, 1, 1, [])


def test_outlets_on_the_watchlist_cannot_grow() -> None:
    """Their tables stand already: what to add by hand is told."""
    result = imported("name,feeds\n,https://www.post.example/new\n", read_csv, POST)
    assert result.outlets == []
    assert result.problems == [
        'mine, line 2: outlet "Harbour Post" is on the watchlist already, and appending cannot change its table. '
        'Add to it by hand: ["https://www.post.example/new"]. If this is another outlet, give it another name.'
    ]
    assert len(imported("name,feeds\nHarbour Post,https://b.example/new\n", read_csv, POST).problems) == 1


@given(st.binary(), st.sampled_from([read_csv, read_opml]))
def test_arbitrary_bytes_never_escape(content: bytes, read: Read) -> None:
    """An import, or a WatchlistError."""
    try:
        imported(content, read)
    except WatchlistError as error:
        assert error.problems


@given(
    st.lists(
        st.sampled_from(["name", "url", "feeds", "https://a.example/", "a", ",", ";", "|", '"', "\n", " ", "\x00"])
    )
)
def test_arbitrary_tables_never_escape(parts: list[str]) -> None:
    """Likewise, of what looks like a table."""
    try:
        imported("name,url,feeds\n" + "".join(parts))
    except WatchlistError as error:
        assert error.problems


def test_many_rows_take_seconds_and_are_told_of() -> None:
    """Work and memory grow with the rows, no faster."""
    lines: list[str] = []
    body = "name,feeds\n" + "".join(f"Outlet {n},https://outlet-{n}.example/feed\n" for n in range(5_000))
    body += "".join(f"Large,https://large.example/{n}\n" for n in range(5_000))
    rows = read_csv(body.encode(), "mine")
    began = time.process_time()
    result = outlets_of(rows, Known(Watchlist()), shortest_poll=timedelta(minutes=1), tell=lines.append)
    assert (len(result.outlets), len(result.outlets[-1].feeds)) == (5_001, 5_000)
    assert lines[-1] == "10,000 rows read"
    assert time.process_time() - began < 10  # 1 s here; a look at all earlier rows for each would take minutes


def test_many_of_one_name_take_seconds() -> None:
    """Each search for a free number goes on where the last ended."""
    known = Known(Watchlist())
    began = time.process_time()
    names = [known.free("News", "https://a.example/") for _ in range(20_000)]
    assert (names[1:3], names[-1]) == (["News (a.example)", "News (2)"], "News (19999)")
    assert time.process_time() - began < 5  # 0.1 s here; from 2 anew each time, a minute
