"""Finding an outlet's sources: what is asked, in which order, and what comes of it."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest
from scrapy.settings import Settings

from crawler.commands.finding import Finder, Findings
from crawler.commands.scout import MOST_REQUESTS, Errands
from crawler.discovery.finder import USUAL_FEEDS, USUAL_SITEMAPS, posts_of
from crawler.extensions.policy import Policy
from crawler.news.errors import FetchError
from crawler.news.source import Outlet
from crawler.watchlist import Watchlist
from crawler.watchlist.known import Known
from settings import base
from tests.commands.scripted import NOW, Here, Sites, feed, index, page, urlset

HOME = "http://post.example/"
POLICY = replace(Policy.from_settings(Settings({name: getattr(base, name) for name in dir(base)})), gap_ms=0)
RSS = '<link rel="alternate" type="application/rss+xml" href="{}">'


def find(sites: Sites, url: str = HOME, *, watched: tuple[Outlet, ...] = (), policy: Policy = POLICY) -> Findings:
    """Search a scripted site."""
    errands = Errands(sites.download, policy, allow_private=False, tell=str)
    finder = Finder(errands, Here(), Known(Watchlist(watched)), url)
    asyncio.run(finder.find())
    return finder.findings


def recommended(findings: Findings) -> list[str]:
    """The addresses that are worth watching."""
    return [verdict.found.url for verdict in findings.verdicts() if verdict.recommended]


def test_what_the_page_names_is_asked_and_nothing_is_guessed() -> None:
    """robots.txt, the page, its feed, the sitemap that robots.txt names: four requests."""
    sites = Sites(
        {
            f"{HOME}robots.txt": f"Sitemap: {HOME}news.xml\nSitemap: http://elsewhere.example/x.xml\nSitemap: ://",
            HOME: page(head=RSS.format("/rss.xml")),
            f"{HOME}rss.xml": feed("/a", "/b"),
            f"{HOME}news.xml": urlset("/a", "/b"),
        }
    )
    findings = find(sites)
    assert sites.asked == [f"{HOME}robots.txt", HOME, f"{HOME}rss.xml", f"{HOME}news.xml"]
    assert (findings.name, findings.home, findings.failed) == ("Harbour Post", HOME, [])
    assert recommended(findings) == [f"{HOME}rss.xml"]
    assert [len(found.entries) for found in findings.found] == [2, 2]


def test_usual_addresses_are_tried_until_one_is_right() -> None:
    """Where nothing is named: a few guesses, each failure told."""
    sites = Sites({HOME: page(), f"{HOME}feed.xml": feed("/a"), f"{HOME}sitemap_index.xml": "<html>no</html>"})
    findings = find(sites)
    assert recommended(findings) == [f"{HOME}feed.xml"]
    assert f"{HOME}atom.xml" not in sites.asked
    assert dict(findings.failed)[f"{HOME}rss.xml"] == "the server answered 404"
    assert "no sitemap" in dict(findings.failed)[f"{HOME}sitemap_index.xml"]


def test_a_sitemap_index_yields_what_its_sitemaps_do() -> None:
    """The index itself is the source; a nested one that fails does not spoil it."""
    sites = Sites(
        {
            HOME: page(),
            f"{HOME}robots.txt": f"Sitemap: {HOME}index.xml",
            f"{HOME}index.xml": index(f"{HOME}news-1.xml", f"{HOME}news-2.xml"),
            f"{HOME}news-2.xml": urlset("/a", "/b"),
        }
    )
    findings = find(sites)
    assert recommended(findings) == [f"{HOME}index.xml"]
    assert len(findings.found[0].entries) == 2
    assert (f"{HOME}news-1.xml", "the server answered 404") in findings.failed


def test_section_pages_are_the_last_resort() -> None:
    """The home page's own stories, and those of sections that it does not show."""
    stories = [f"/2031/03/0{day}/what-happened-there" for day in range(1, 6)]
    nav = '<nav><a href="/world/">World</a><a href="/sport/">Sport</a></nav>'
    sites = Sites(
        {HOME: page(*stories[:3], head=nav), f"{HOME}world/": page(*stories[1:3]), f"{HOME}sport/": page(*stories[3:])}
    )
    findings = find(sites)
    assert [(found.kind, found.url, len(found.entries)) for found in findings.found] == [
        ("page", HOME, 3),
        ("page", f"{HOME}world/", 2),
        ("page", f"{HOME}sport/", 2),
    ]
    assert recommended(findings) == [HOME]
    assert len(sites.asked) == 4 + len(USUAL_FEEDS) + len(USUAL_SITEMAPS)


def test_wordpress_posts_are_found() -> None:
    """By the page's link to the API; as a feed."""
    post = {
        "link": f"{HOME}a/",
        "title": {"rendered": "The quay &amp; the crane"},
        "date_gmt": f"{NOW:%Y-%m-%dT%H:%M:%S}",
        "guid": {"rendered": f"{HOME}?p=1"},
    }
    api = f"{HOME}wp-json/"
    sites = Sites({HOME: page(head=f'<link rel="https://api.w.org/" href="{api}">'), posts_of(api): json.dumps([post])})
    findings = find(sites)
    assert recommended(findings) == [posts_of(api)]
    assert findings.found[0].headline == "The quay & the crane"


def test_json_feeds_are_found() -> None:
    """A feed is what its body says."""
    items = [{"id": "1", "url": f"{HOME}a", "title": "A", "date_published": NOW.isoformat()}]
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Post", "items": items})
    link = '<link rel="alternate" type="application/feed+json" href="/feed.json">'
    assert recommended(find(Sites({HOME: page(head=link), f"{HOME}feed.json": body}))) == [f"{HOME}feed.json"]


def test_the_address_itself_may_be_the_source() -> None:
    """Then nothing else is asked but robots.txt; the feed knows the outlet's name."""
    sites = Sites({f"{HOME}top.xml": feed("/a", title="The Post")})
    findings = find(sites, f"{HOME}top.xml")
    assert sites.asked == [f"{HOME}robots.txt", f"{HOME}top.xml"]
    assert (findings.name, findings.home, recommended(findings)) == ("The Post", HOME, [f"{HOME}top.xml"])


def test_an_article_leads_to_its_home_page() -> None:
    """Its own feed would be one of comments."""
    story = f"{HOME}2031/03/04/what-happened-there"
    sites = Sites(
        {
            story: page(head=RSS.format("/2031/03/04/what-happened-there/feed/")),
            HOME: page(head=RSS.format("/feed/")),
            f"{HOME}feed/": feed("/a"),
        }
    )
    assert recommended(find(sites, story)) == [f"{HOME}feed/"]


def test_a_page_of_feeds_is_looked_through() -> None:
    """Large outlets list their feeds on a page of its own."""
    listed = '<a href="/rss/world.xml">World</a><a href="/rss/">here</a>'
    sites = Sites(
        {
            HOME: page(head='<a href="/rss/">RSS</a>'),
            f"{HOME}rss/": page(head=listed),
            f"{HOME}rss/world.xml": feed("/a"),
        }
    )
    findings = find(sites)
    assert [(found.url, found.named_by) for found in findings.found] == [(f"{HOME}rss/world.xml", "a page of feeds")]
    assert sites.asked.count(f"{HOME}rss/") == 1


def test_permanent_redirects_are_written_down_passing_ones_not() -> None:
    """301 says where it lives; 302 only where it is now. Both lead to one source, which is kept once."""
    links = RSS.format("/old.xml") + RSS.format("/today.xml") + RSS.format("/new.xml")
    sites = Sites(
        {
            HOME: page(head=links),
            f"{HOME}old.xml": f"301 {HOME}new.xml",
            f"{HOME}new.xml": feed("/a"),
            f"{HOME}today.xml": f"302 {HOME}elsewhere.xml",
            f"{HOME}elsewhere.xml": feed("/a", "/b"),
        }
    )
    assert [found.url for found in find(sites).found] == [f"{HOME}new.xml", f"{HOME}today.xml"]


@pytest.mark.parametrize("watched", ["http://post.example/old.xml", "https://post.example/new.xml/"])
def test_known_sources_are_recognised(watched: str) -> None:
    """By their address in another spelling, or because they redirect to it."""
    sites = Sites(
        {HOME: page(head=RSS.format("/old.xml")), f"{HOME}old.xml": f"301 {HOME}new.xml", f"{HOME}new.xml": feed("/a")}
    )
    findings = find(sites, watched=(Outlet("The Post", "https://elsewhere.example/", feeds=(watched,)),))
    assert [found.watched_by for found in findings.found] == ["The Post"]
    assert recommended(findings) == []


def test_addresses_are_written_as_a_watchlist_may_hold_them() -> None:
    """With spaces escaped, in links and in redirects."""
    sites = Sites(
        {
            HOME: page(head=RSS.format("/my feed.xml")),
            f"{HOME}my%20feed.xml": f"301 {HOME}new feed.xml",
            f"{HOME}new%20feed.xml": feed("/a"),
        }
    )
    assert recommended(find(sites)) == [f"{HOME}new%20feed.xml"]


def test_robots_txt_is_obeyed() -> None:
    """What it disallows is not asked for; without it (5xx) nothing is."""
    sites = Sites({f"{HOME}robots.txt": "User-agent: *\nDisallow: /", HOME: page()})
    with pytest.raises(FetchError, match="robots"):
        find(sites)
    assert sites.asked == [f"{HOME}robots.txt"]
    closed = Sites({f"{HOME}robots.txt": "500", HOME: page()})
    with pytest.raises(FetchError, match="out of reach"):
        find(closed)
    assert closed.asked == [f"{HOME}robots.txt"]


def test_a_host_that_wants_rest_gets_it() -> None:
    """After 429 or 503 nothing more is asked of it."""
    sites = Sites({HOME: page(head=RSS.format("/a.xml") + RSS.format("/b.xml")), f"{HOME}a.xml": "429"})
    findings = find(sites)
    assert sites.asked == [f"{HOME}robots.txt", HOME, f"{HOME}a.xml"]
    assert "wants to be left alone" in dict(findings.failed)[f"{HOME}b.xml"]


def test_hosts_rest_between_requests() -> None:
    """HOST_GAP, or the host's own crawl-delay if that is longer; robots.txt counts."""
    times: list[float] = []

    class Timed(Sites):
        async def download(self, request: Any) -> Any:
            times.append(asyncio.get_running_loop().time())
            return await super().download(request)

    robots = {f"{HOME}robots.txt": "User-agent: *\nCrawl-delay: 0.2"}
    find(Timed(robots | {f"{HOME}a.xml": feed("/a")}), f"{HOME}a.xml", policy=replace(POLICY, gap_ms=50))
    assert times[1] - times[0] >= 0.2


def test_a_search_ends_after_so_many_requests() -> None:
    """Redirects count; what was not asked is told."""
    moved = {f"{HOME}{n}.xml": f"302 {HOME}{n}-to.xml" for n in range(12)}
    sites = Sites({HOME: page(head="".join(RSS.format(f"/{n}.xml") for n in range(12))), **moved})
    findings = find(sites)
    assert len(sites.asked) == MOST_REQUESTS
    assert any("requests are enough" in why for _, why in findings.failed)


def test_endless_redirects_end() -> None:
    """After five hops."""
    with pytest.raises(FetchError, match="more than 5 redirects"):
        find(Sites({HOME: f"302 {HOME}"}))
