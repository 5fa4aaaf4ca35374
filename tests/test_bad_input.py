"""Whatever the network or the user sends: a counted, named outcome, and the rest goes on."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from crawler.newsroom import Newsroom, synthetic
from crawler.newsroom.synthetic import watchlist_toml
from tests.crawling import Desk, wait_until, watchlist


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A small press of two outlets with four articles each, and a watchlist without topics."""
    world = synthetic(outlets=2, articles=8, page_bytes=3_000)
    with Newsroom(world=world) as newsroom, watchlist(tmp_path, watchlist_toml(world)) as path:
        yield Desk(tmp_path / "state", newsroom, path)


def hosts(desk: Desk) -> list[str]:
    """The hosts of the press."""
    return [outlet.host for outlet in desk.newsroom.world.outlets]


def pages(desk: Desk) -> list[str]:
    """The articles of the first outlet."""
    outlet = desk.newsroom.world.outlets[0]
    return [outlet.url(piece.path) for piece in outlet.pieces]


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        ("huge", "rejected:too-large"),
        ("gzip-bomb", "rejected:too-large"),
        ("endless-redirect", "rejected:redirects"),
        ("dead", "dead:connection"),
        ("cut", "dead:connection-lost"),
        ("garbage", "rejected:not-html"),
    ],
)
def test_a_bad_page_ends_named_and_the_rest_goes_on(desk: Desk, kind: str, outcome: str) -> None:
    """One page misbehaves: it ends in its own outcome, and the seven others are published."""
    desk.newsroom.fault(pages(desk)[0], kind)
    run = desk.crawl("-s", "FETCH_ATTEMPTS=2")
    assert run.returncode == 0, run.stderr
    books = desk.books()
    assert (books["published"], books["announced"], books["waiting"]) == (7, 8, 0)
    assert books.get(outcome) == 1, books


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(404, "rejected:not-found"), (410, "rejected:gone"), (403, "rejected:refused"), (500, "dead:http-500")],
)
def test_a_refused_page_ends_named(desk: Desk, status: int, outcome: str) -> None:
    """What cannot change is rejected at once; what may pass is tried again and then given up."""
    desk.newsroom.fault(pages(desk)[0], "status", code=status)
    desk.crawl("-s", "FETCH_ATTEMPTS=2")
    assert desk.books().get(outcome) == 1
    asked = len(desk.newsroom.requests_of(hosts(desk)[0], path=pages(desk)[0].partition("example")[2]))
    assert asked == (2 if status == 500 else 1)


def test_a_fault_that_passes_costs_nothing_but_time(desk: Desk) -> None:
    """A page that fails once is published by the retry."""
    desk.newsroom.fault(pages(desk)[0], "status", code=503, times=1)
    assert desk.crawl().returncode == 0
    assert desk.books()["published"] == 8


@pytest.mark.parametrize(
    ("kind", "health"),
    [("html-for-feed", "not-a-feed"), ("dead", "connection"), ("huge", "too-large"), ("garbage", "not-a-feed")],
)
def test_a_bad_source_is_named_and_the_others_go_on(desk: Desk, kind: str, health: str) -> None:
    """One feed misbehaves: the pass succeeds, `scrapy sources` says what is wrong with it."""
    broken, sound = desk.newsroom.world.outlets
    desk.newsroom.fault(broken.url(next(iter(broken.sources))), kind)
    run = desk.crawl()
    assert run.returncode == 0, run.stderr
    assert desk.books()["published"] == len(sound.pieces)
    assert f"1 failed ({health} 1)" in run.stderr
    (line,) = [line for line in desk.scrapy("sources").stdout.splitlines() if broken.name in line]
    assert health in line


def test_all_sources_failing_is_a_failure(desk: Desk) -> None:
    """Exit code 1 when every polled source failed; with STRICT=1 when any did."""
    first, second = hosts(desk)
    desk.newsroom.fault(first, "dead")
    assert desk.crawl("-s", "STRICT=1").returncode == 1
    desk.newsroom.fault(second, "dead")
    desk.newsroom.advance(60)
    assert Desk(desk.state_dir.parent / "other", desk.newsroom, desk.watchlist).crawl().returncode == 1


def test_a_broken_watchlist_starts_nothing(desk: Desk, tmp_path: Path) -> None:
    """Exit 2, every problem with its place and mend, not one request."""
    wrong = tmp_path / "wrong.toml"
    wrong.write_text('[[outlet]]\nname = "A"\nurl = "a.example"\nfeds = ["http://a.example/feed"]\nevery = "soon"\n')
    run = desk.crawl("-s", f"WATCHLIST={wrong}")
    assert run.returncode == 2
    assert all(word in run.stderr for word in ("wrong.toml", '"a.example"', "feds", "feeds", '"soon"'))
    assert desk.newsroom.requests_of() == []
    assert not desk.state_dir.exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["-a", "outlets=Nobody"], "Nobody"),
        (["-s", "HOST_GAP=quickly"], "HOST_GAP"),
        (["-s", "REDIS_URL=http://somewhere"], "REDIS_URL"),
    ],
)
def test_bad_configuration_is_exit_2(desk: Desk, arguments: list[str], says: str) -> None:
    """An unknown outlet, a time that is none, an address that is no store: named, and nothing is started."""
    run = desk.crawl(*arguments)
    assert run.returncode == 2, run.stderr
    assert says in run.stderr
    assert "Traceback" not in run.stderr


def test_production_refuses_the_embedded_store(desk: Desk) -> None:
    """Without REDIS_URL the production profile says so and starts nothing."""
    run = Desk(desk.state_dir, desk.newsroom, desk.watchlist, {"SCRAPY_PROJECT": "production"}).crawl()
    assert run.returncode == 2
    assert "REDIS_URL" in run.stderr


def test_a_narrowed_pass_leaves_the_others_alone(desk: Desk) -> None:
    """-a outlets=A polls and fetches that outlet alone."""
    one, other = desk.newsroom.world.outlets
    assert desk.crawl("-a", f"outlets={one.name}").returncode == 0
    assert desk.books()["published"] == len(one.pieces)
    assert desk.newsroom.requests_of(other.host) == []


def test_a_host_is_asked_politely(desk: Desk) -> None:
    """With HOST_GAP the server sees requests that far apart, robots.txt first and once."""
    assert desk.crawl("-s", "HOST_GAP=1s", "-a", f"outlets={desk.newsroom.world.outlets[0].name}").returncode == 0
    asked = desk.newsroom.requests_of(hosts(desk)[0])
    assert [visit.path for visit in asked].count("/robots.txt") == 1
    assert asked[0].path == "/robots.txt"
    gaps = [later.at_seconds - earlier.at_seconds for earlier, later in pairwise(asked)]
    assert min(gaps) >= 1.0


def test_a_redirect_to_another_host_goes_through_that_hosts_slot(desk: Desk) -> None:
    """Moved to another outlet's page: fetched under that host's robots.txt, and known there as the same article."""
    _, second = desk.newsroom.world.outlets
    target = second.url(second.pieces[0].path)
    desk.newsroom.fault(pages(desk)[0], "status", code=302, headers={"Location": target})
    run = desk.crawl()
    assert run.returncode == 0, run.stderr
    books = desk.books()
    assert (books["published"], books["unchanged"], books["waiting"]) == (7, 1, 0)
    assert len({event["subject"] for event in desk.articles()}) == 7


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1:1/x", "http://169.254.169.254/latest/meta-data", "http://2130706433/"]
)
def test_no_redirect_leads_to_a_private_address(desk: Desk, target: str) -> None:
    """Refused before anything is dialled, in any spelling."""
    desk.newsroom.fault(pages(desk)[0], "status", code=302, headers={"Location": target})
    desk.crawl("-s", "FETCH_ATTEMPTS=1", "-a", f"outlets={desk.newsroom.world.outlets[0].name}")
    assert desk.books()["rejected:private-address"] == 1
    assert [visit for visit in desk.newsroom.requests if visit.host == target.split("/")[2]] == []


def test_each_kind_has_a_spider_of_its_own(desk: Desk) -> None:
    """`scrapy crawl sitemaps` finds no sitemap here and ends; `scrapy crawl feeds` does the whole job."""
    assert desk.crawl(spider="sitemaps").returncode == 0
    assert desk.books()["announced"] == 0
    assert desk.crawl(spider="feeds").returncode == 0
    assert desk.books()["published"] == 8


def test_an_unknown_spider_is_a_plain_message(desk: Desk) -> None:
    """No traceback, and the spiders that there are."""
    run = desk.crawl(spider="wach")
    assert run.returncode == 2
    assert "watch" in run.stderr + run.stdout
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize("location", ["http://[::1", "/x" * 3000, "\x01https://elsewhere.example/"])
def test_a_redirect_to_nowhere_is_named(desk: Desk, location: str) -> None:
    """No spelling of a Location stops the pass, or counts as a bug of ours."""
    desk.newsroom.fault(pages(desk)[0], "status", code=302, headers={"Location": location})
    run = desk.crawl("-s", "FETCH_ATTEMPTS=1")
    assert run.returncode == 0, run.stderr
    books = desk.books()
    assert (books["published"], books["announced"], books["waiting"]) == (7, 8, 0)
    assert "bug" not in run.stderr


def test_a_pass_after_a_crash_needs_no_more_hands_than_it_has(desk: Desk) -> None:
    """Killed with full hands; the next pass, with one hand, takes the expired leases back and ends."""
    desk.newsroom.fault(hosts(desk)[0], "slow", seconds=20)
    desk.newsroom.fault(hosts(desk)[1], "slow", seconds=20)
    with desk.start("crawl", "watch", "-s", "LEASE=3s") as crawl:
        wait_until(lambda: len({visit.host for visit in desk.newsroom.requests}) == 2)
        crawl.kill()
    for host in hosts(desk):
        desk.newsroom.heal(host)
    run = desk.crawl("-s", "CONCURRENT_REQUESTS=1", "-s", "LEASE=3s")
    assert run.returncode == 0, run.stderr
    assert desk.books()["published"] == 8
