"""One spelling for one address."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scrapy import Request

from crawler.news.errors import StorywatchError, UrlError
from crawler.news.urls import canonicalise, dialled, host_of, is_home_page, same_site, url_id

# Pieces that have broken URL parsers before, joined at random.
PIECES = [
    "http",
    "://",
    "//",
    "\\",
    "/",
    "..",
    ".",
    "?",
    "#",
    "#!",
    "&",
    "&amp;",
    "amp;",
    "=",
    "%",
    "%2e",
    "%25",
    "%41",
    "@",
    ":",
]
PIECES += [
    "[::1]",
    "443",
    "b.example",
    "utm_source",
    "ref=rss",
    ";jsessionid=",
    "ü",
    "。",
    "xn--",
    " ",
    "\t",
    "\x00",
    "\ud800",
]
ADDRESSES = st.one_of(
    st.text(),
    st.lists(st.sampled_from(PIECES), max_size=16).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=16).map(lambda pieces: "http://lantern.example/" + "".join(pieces)),
    st.lists(st.sampled_from(PIECES), max_size=8).map(lambda pieces: "https://a" + "".join(pieces)),
)


@settings(deadline=None)
@given(ADDRESSES)
def test_canonicalising_twice_changes_nothing(url: str) -> None:
    """Whatever is accepted is ASCII and its own canonical form; whatever is not raises UrlError and nothing else."""
    try:
        canonical = canonicalise(url)
    except UrlError:
        return
    assert canonical.isascii()
    assert canonicalise(canonical) == canonical
    assert host_of(canonical) == host_of(url)


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTPS://Lantern.Example", "https://lantern.example/"),
        ("http://lantern.example:80/a", "http://lantern.example/a"),
        ("https://lantern.example:0443/a", "https://lantern.example/a"),
        ("https://lantern.example:8443/a", "https://lantern.example:8443/a"),
        ("https://lantern.example./a", "https://lantern.example/a"),
        ("https://ada:secret@lantern.example/a", "https://lantern.example/a"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://lantern。example/", "https://lantern.example/"),
        ("http://[0:0:0::1]:80/", "http://[::1]/"),
        ("  https://lantern.example/a\n/b ", "https://lantern.example/a/b"),
    ],
)
def test_scheme_and_host(url: str, canonical: str) -> None:
    """Case, default port, final dot, credentials, IDN and line breaks make no other address."""
    assert canonicalise(url) == canonical


@pytest.mark.parametrize(
    ("path", "canonical"),
    [
        ("/a/./b/../c", "/a/c"),
        ("/a/%2e%2E/b", "/b"),
        ("/../../a/..", "/"),
        ("/%7Eada/%c3%a4", "/~ada/%C3%A4"),
        ("/ä b", "/%C3%A4%20b"),
        ("/100%", "/100%25"),
        ("/a%2Fb", "/a%2Fb"),
        ("\\a\\b", "/a/b"),
        ("/a/", "/a/"),
        ("//a//b", "//a//b"),
        ("/a;jsessionid=0F3A?x=1", "/a?x=1"),
        ("/a#comments", "/a"),
        ("/#!/stories/7", "/#!/stories/7"),
        ("/a?#", "/a"),
    ],
)
def test_path_and_fragment(path: str, canonical: str) -> None:
    """Spellings of one path become one; what a server may tell apart stays apart."""
    assert canonicalise("https://lantern.example" + path) == "https://lantern.example" + canonical


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("?utm_source=rss&id=7&fbclid=Iw", "?id=7"),
        ("?UTM_Medium=x", ""),
        ("?at_medium=RSS&at_campaign=KARANGA", ""),
        ("?utm%5Fsource=rss", ""),
        ("?id=7&amp;utm_source=rss&amp;amp;page=2", "?id=7&page=2"),
        ("?ref=rss", ""),
        ("?ref=4711", "?ref=4711"),
        ("?b=2&a=1", "?a=1&b=2"),
        ("?a=2&b=1&a=1", "?a=2&a=1&b=1"),
        ("?article,4711&de", "?article,4711&de"),
        ("?z&a=1", "?z&a=1"),
        ("?q=", "?q="),
        ("?&&a=1&", "?a=1"),
    ],
)
def test_query(query: str, canonical: str) -> None:
    """What says where the reader came from goes; what says which page stays, in one order."""
    assert canonicalise("https://lantern.example/a" + query) == "https://lantern.example/a" + canonical


@pytest.mark.parametrize(
    "text",
    [
        *["", "lantern.example/a", "//lantern.example/a", "ftp://lantern.example/", "javascript:alert(1)", "http://"],
        *[
            "http:///a",
            "http://a b/",
            "http://a..b/",
            "http://lantern.example:99999/",
            "http://[::1",
            "http://[fe80::1%25eth0]/",
        ],
        "http://lantern.example/" + "a" * 9000,
    ],
)
def test_what_is_no_address(text: str) -> None:
    """No http(s), no valid host, no such port, no end: a UrlError, which is one of ours and a ValueError."""
    with pytest.raises(UrlError) as caught:
        canonicalise(text)
    assert isinstance(caught.value, StorywatchError)
    assert isinstance(caught.value, ValueError)
    assert len(str(caught.value)) < 300


def test_host_is_the_key_of_politeness() -> None:
    """One server, one key; another port is another server."""
    assert host_of("HTTP://User@Lantern.Example:80/a") == "lantern.example"
    assert host_of("https://lantern.example:8443/") == "lantern.example:8443"


def test_an_id_stands_for_the_canonical_url() -> None:
    """Two spellings share an id of 16 base32 characters, two pages never."""
    one = url_id("https://lantern.example/a?utm_source=rss")
    assert one == url_id("HTTPS://lantern.example:443/a#top")
    assert one != url_id("https://lantern.example/b")
    assert len(one) == 16
    assert set(one) <= set("abcdefghijklmnopqrstuvwxyz234567")


@pytest.mark.parametrize(
    "path", ["", "/", "/?utm_source=x", "/index.html", "/index.php", "/en", "/en/", "/pt-BR/", "/de/home"]
)
def test_front_doors(path: str) -> None:
    """The front door has many names."""
    assert is_home_page("https://lantern.example" + path)


@pytest.mark.parametrize("path", ["/a-story", "/?p=123", "/en/a-story", "/index-of-prices", "/eng/"])
def test_what_is_behind_the_front_door(path: str) -> None:
    """A query that survives, or any other path, is a page of its own."""
    assert not is_home_page("https://lantern.example" + path)


def test_sites_are_registrable_domains() -> None:
    """Subdomains belong to one site; neighbours under a public suffix or a blog host do not."""
    assert same_site("https://amp.lantern.co.uk/a", "http://www.lantern.co.uk/b")
    assert not same_site("https://lantern.co.uk/", "https://kurier.co.uk/")
    assert not same_site("https://ada.blogspot.com/", "https://jon.blogspot.com/")
    assert same_site("https://www.lantern.example/", "https://lantern.example:8443/")
    assert not same_site("https://lantern.example/", "https://kurier.example/")
    assert same_site("http://127.0.0.1:8000/", "http://127.0.0.1:8000/a")
    assert not same_site("http://127.0.0.1/", "http://127.0.0.2/")


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("http://[x@Lantern.example:80/A b?q=%7e#top", "http://lantern.example/A b?q=%7e"),
        ("https://www.faß.example/b", "https://www.xn--fa-hia.example/b"),
        ("https://reader:secret@lantern.example", "https://lantern.example/"),
        ("http://lantern.example\\a/b?", "http://lantern.example/a/b?"),
    ],
)
def test_what_is_asked_for_is_what_was_judged(url: str, asked: str) -> None:
    """The host as everything else knows it, no credentials; path and query as the source wrote them."""
    assert dialled(url) == asked
    assert dialled(asked) == asked
    assert host_of(asked) == host_of(url)


@given(st.text(max_size=60).map(lambda text: f"http://{text}"))
def test_whatever_has_an_identity_can_be_asked_for(url: str) -> None:
    """No address that the frontier takes in makes a request impossible, or leads to another host."""
    try:
        asked = dialled(url)
    except UrlError:
        return
    assert host_of(Request(asked).url) == host_of(url)
