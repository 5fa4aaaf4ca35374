"""What a page says of where its site announces news."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.finder import USUAL_FEEDS, Candidate, kind_of, posts_of, read_site, usual
from crawler.news.errors import DiscoveryError

HOME = "https://harbour-post.example/"
WORDPRESS = "https://harbour-post.example/wp-json/"


def feeds(page: str, **headers: str) -> list[str]:
    """The addresses of the feeds that a page names."""
    return [candidate.url for candidate in read_site(page.encode(), HOME, headers=headers).feeds]


@pytest.mark.parametrize("kind", ["rss+xml", "atom+xml", "rdf+xml", "feed+json", "json", "RSS+XML; charset=utf-8"])
def test_feeds_named_for_machines(kind: str) -> None:
    """Every type of feed, relative to the page's base."""
    link = f'<link rel="ALTERNATE home" type="application/{kind}" href="top.xml">'
    assert feeds(f'<base href="/feeds/">{link}') == ["https://harbour-post.example/feeds/top.xml"]


@pytest.mark.parametrize(
    "link",
    [
        '<link rel="alternate" type="application/rss+xml" title="Post » Comments Feed" href="/comments/feed/">',
        '<link rel="alternate" type="application/rss+xml" title="Comments for Post" href="/feed/42">',
        '<link rel="alternate" type="application/rss+xml" href="/?feed=comments-rss2">',
        '<link rel="alternate" type="application/json+oembed" href="/wp-json/oembed/1.0/embed?url=x">',
        '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/2">',
        '<link rel="alternate" hreflang="de" href="/de/">',
        '<link rel="stylesheet" type="application/rss+xml" href="/feed">',
        '<link rel="alternate" type="application/rss+xml" href="https://elsewhere.example/feed">',
        '<link rel="alternate" type="application/rss+xml" href="javascript:feed()">',
        '<a href="/feedback/">Feedback</a>',
        '<a href="/world/rss-turns-25">RSS turns 25</a>',
    ],
)
def test_what_is_no_feed(link: str) -> None:
    """Feeds of comments and embeddings, records, translations, other sites, stories."""
    assert feeds(link) == []


def test_an_endless_title_costs_nothing() -> None:
    """A title with a hundred thousand comments and no feed: a reading, in under 2 s of CPU."""
    started = time.process_time()
    link = f'<link rel="alternate" type="application/rss+xml" title="{"comment " * 100_000}" href="/top.xml">'
    assert feeds(link) == [f"{HOME}top.xml"]
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    "href",
    [
        "/rss/",
        "/feeds/top.xml",
        "/news.rss",
        "/world/feed",
        "/?feed=rss2",
        "/index.php?format=feed&type=rss",
        "/rss.php",
    ],
)
def test_feeds_linked_for_people(href: str) -> None:
    """Links are told by their addresses, after those for machines, each address once."""
    page = (
        f'<a href="{href}">x</a><a href="{href}#top">y</a><link rel="alternate" type="application/atom+xml" href="/a">'
    )
    assert feeds(page) == ["https://harbour-post.example/a", f"https://harbour-post.example{href}"]


def test_feed_addresses_with_their_own_scheme() -> None:
    """ "feed:https://…" and "feed://…" lead to the web."""
    page = '<a href="feed:https://harbour-post.example/a.xml">a</a><a href="feed://harbour-post.example/b.xml">b</a>'
    assert feeds(page) == ["https://harbour-post.example/a.xml", "http://harbour-post.example/b.xml"]


def test_feed_hosts_are_not_strangers() -> None:
    """FeedBurner and the like serve feeds for others."""
    link = '<link rel="alternate" type="application/rss+xml" href="https://feeds.burner.example/post">'
    assert feeds(link) == ["https://feeds.burner.example/post"]


def test_wordpress_names_its_api() -> None:
    """In the page or in a Link header; the last candidate."""
    link = f'<link rel="https://api.w.org/" href="{WORDPRESS}"><link rel="feed" href="/feed/">'
    found = read_site(link.encode(), HOME).feeds
    assert found == (Candidate("feed", f"{HOME}feed/", "the page"), Candidate("feed", posts_of(WORDPRESS), "WordPress"))
    header = f'<{HOME}a>; rel=shortlink, <{WORDPRESS}>; rel="https://api.w.org/"'
    assert feeds("<p>x", link=header) == [posts_of(WORDPRESS)]


@pytest.mark.parametrize(
    ("root", "begin"),
    [
        (WORDPRESS, f"{WORDPRESS}wp/v2/posts?per_page=50&_fields="),
        (f"{HOME}?rest_route=/", f"{HOME}?rest_route=/wp/v2/posts&per_page=50&_fields="),
    ],
)
def test_the_address_of_posts(root: str, begin: str) -> None:
    """With and without pretty addresses; asking for what an entry needs alone."""
    assert posts_of(root) == f"{begin}id,guid,link,title,excerpt,date_gmt,modified_gmt"


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ('<meta property="og:site_name" content="Harbour &amp; Post"><title>Home</title>', "Harbour & Post"),
        ("<title>Harbour Post - news from the quay</title>", "Harbour Post"),
        ("<p>no name", None),
    ],
)
def test_the_name_of_a_site(page: str, name: str | None) -> None:
    """As it calls itself for others, else as its title begins."""
    assert read_site(page.encode(), HOME).name == name


def test_sections_are_where_navigation_leads() -> None:
    """Without furniture, stories, other hosts and the page itself."""
    nav = "".join(
        f'<a href="{href}">x</a>'
        for href in ["/", "/world/", "/world", "/login", "/2031/03/04/a-long-story", "https://x.example/", "/a/b/c/d"]
    )
    sections = read_site(f'<nav>{nav}</nav><a href="/sport/">Sport</a>'.encode(), HOME).sections
    assert sections == (f"{HOME}world/",)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\xef\xbb\xbf<?xml version='1.0'?><!-- x --><rss version='2.0'>", "feed"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'>", "feed"),
        (b"<rdf:RDF>", "feed"),
        (b' {"version": "https://jsonfeed.org/version/1.1"}', "feed"),
        (b"<?xml version='1.0'?><urlset>", "sitemap"),
        (b"<x:sitemapindex>", "sitemap"),
        (b"\x1f\x8b\x08", "sitemap"),
        (b"<!doctype html><html>", "page"),
        (b"", "page"),
    ],
)
def test_bodies_are_sorted_by_how_they_begin(body: bytes, kind: str) -> None:
    """Whatever their headers say."""
    assert kind_of(body) == kind


def test_usual_addresses_are_the_sites() -> None:
    """Guesses start at the root, wherever the page is."""
    guessed = [candidate.url for candidate in usual(f"{HOME}world/", USUAL_FEEDS, "feed")]
    assert guessed[0] == f"{HOME}feed/"
    assert len(guessed) == len(USUAL_FEEDS)


@given(st.binary() | st.text().map(lambda text: f"<link rel=feed href='{text}'><nav><a href='{text}'>".encode()))
def test_arbitrary_pages_never_escape(body: bytes) -> None:
    """A reading or a DiscoveryError."""
    try:
        read_site(body, HOME, headers={"Link": body[:50].decode("latin-1")})
    except DiscoveryError as error:
        assert error.reason
