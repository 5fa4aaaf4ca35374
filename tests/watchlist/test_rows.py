"""Lists of other programs, OPML and CSV: what is read, what is refused, and what is known already."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.news.errors import WatchlistError
from crawler.news.source import Outlet
from crawler.watchlist import Watchlist
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
<outline text="Harbour Post - Sea" xmlUrl="http://feeds.post.example/sea.xml" category="/sea,tides/high"/>
</outline>
<outline text="Valley, Voice &amp; more" xmlUrl="https://voice.example/?a=1&b=2"/>
</body></opml>"""


def imported(content: str | bytes, read: Read = read_csv, *watched: Outlet) -> Import:
    """What comes of a file."""
    body = content.encode() if isinstance(content, str) else content
    known = Known(Watchlist(watched))
    return outlets_of(read(body, "mine"), known, shortest_poll=timedelta(minutes=1), tell=str)


def test_opml_outlines_of_one_site_are_one_outlet() -> None:
    """Called as the first; folders and categories are its tags; a bare "&" is no obstacle."""
    assert imported(OPML, read_opml).outlets == [
        Outlet(
            "Harbour Post - Top",
            "https://www.post.example/",
            feeds=("https://post.example/top.xml", "http://feeds.post.example/sea.xml"),
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


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters=","), min_size=1),
        min_size=3,
        max_size=3,
        unique=True,
    )
)
def test_any_name_survives_opml(names: list[str]) -> None:
    """Whatever a name may hold."""
    outlet = Outlet(names[0], "https://o.example/", feeds=("https://o.example/x",), tags=tuple(names[1:]))
    plain = [tag for tag in outlet.tags if not tag.startswith("/") and not tag.endswith("/")]
    (back,) = imported("\n".join(opml_of([outlet], title=names[1])), read_opml).outlets
    assert back.name == outlet.name
    assert set(plain) <= set(back.tags)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("<rss/>", "mine: no OPML, its root is <rss>. Export it as OPML."),
        ("<opml><head/></opml>", "mine: no OPML"),
        ("<opml><body><outline></body></opml>", "mine: not well-formed: Opening and ending tag mismatch"),
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
        "If that is meant, write allow_private = true.",
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
    result = imported("name,feeds\nPost 2,https://sport.post.example/new\n", read_csv, POST)
    assert result.outlets == []
    assert result.problems == [
        'mine, line 2: outlet "Harbour Post" is on the watchlist already, and appending cannot change its table. '
        'Add to it by hand: ["https://sport.post.example/new"].'
    ]


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
