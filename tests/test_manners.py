"""What outlets see of us, and how we take a no: whole crawls against the newsroom."""

import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.extensions.browser import NAMES
from crawler.newsroom import Newsroom, synthetic
from crawler.newsroom.synthetic import watchlist_toml
from tests.crawling import ROOT, Desk, watchlist
from tests.parts import lacking

CONTACT = "newsdesk@university.example"
RECHECKED = ("-s", "RECHECK_AFTER=1s,1s,1s")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A small press of two outlets with two articles each, and a watchlist without topics."""
    world = synthetic(outlets=2, articles=4, page_bytes=3_000)
    with Newsroom(world=world) as newsroom, watchlist(tmp_path, watchlist_toml(world)) as path:
        yield Desk(tmp_path / "state", newsroom, path)


def pages(desk: Desk) -> list[str]:
    """All articles."""
    return [outlet.url(piece.path) for outlet in desk.newsroom.world.outlets for piece in outlet.pieces]


def asked(desk: Desk, url: str) -> int:
    """How often a page was asked for."""
    return len([visit for visit in desk.newsroom.requests if f"http://{visit.host}{visit.path}" == url])


def passed(desk: Desk, *arguments: str) -> None:
    """Run a pass that succeeds, when all sources are due."""
    desk.newsroom.advance(60)
    run = desk.crawl(*arguments)
    assert run.returncode == 0, run.stderr


# -- opt-outs


def test_opt_outs_are_recorded_and_by_default_published(desk: Desk) -> None:
    """The article says what its publisher does not want; nobody else's wishes, and none on the others."""
    page = pages(desk)[0]
    desk.newsroom.fault(page, "headers", headers={"X-Robots-Tag": "noai, googlebot: noindex", "tdm-reservation": "1"})
    passed(desk)
    told = {event["data"]["url"]: event["data"].get("optOuts") for event in desk.articles()}
    assert told == dict.fromkeys(pages(desk)) | {page: ["noai", "tdm-reservation"]}


def test_an_article_whose_opt_out_is_obeyed_leaves_no_trace(desk: Desk) -> None:
    """It ends as rejected:opted-out, nothing of it is in the store, and it is not fetched again."""
    page = pages(desk)[0]
    headline = desk.newsroom.world.outlets[0].pieces[0].headline
    desk.newsroom.fault(page, "headers", headers={"X-Robots-Tag": "noai"})
    obeying = ("-s", "OBEY_OPT_OUTS=noindex,noai")
    passed(desk, *obeying, *RECHECKED)
    passed(desk, *obeying, *RECHECKED)
    books = desk.books()
    assert (books["rejected:opted-out"], books["published"], books["waiting"]) == (1, 3, 0)
    assert asked(desk, page) == 1
    kept = desk.scrapy("store", "dump").stdout
    assert pages(desk)[1] in kept
    assert headline not in kept


def test_an_opt_out_of_a_published_article_stops_its_revisions(desk: Desk) -> None:
    """What was published stays; its edit behind the opt-out does not come, and the page is left alone from then on."""
    page = pages(desk)[0]
    obeying = ("-s", "OBEY_OPT_OUTS=tdm-reservation", *RECHECKED)
    passed(desk, *obeying)
    before = asked(desk, page)
    desk.newsroom.edit(page, headline="An edit that nobody may mine")
    desk.newsroom.fault(page, "headers", headers={"tdm-reservation": "1"})
    passed(desk, *obeying)
    passed(desk, *obeying)
    assert asked(desk, page) == before + 1
    assert [event["type"] for event in desk.articles() if event["data"]["url"] == page] == [
        "storywatch.article.created"
    ]


# -- refusals


def test_a_refusal_is_taken_at_once(desk: Desk) -> None:
    """One request, no other way in, not even for outlets whose pages may need a browser, and none in a later pass."""
    desk.watchlist.write_text(desk.watchlist.read_text().replace("[[outlet]]", '[[outlet]]\nrender = "auto"'))
    for page, status in zip(pages(desk), (401, 402, 403, 451), strict=True):
        desk.newsroom.fault(page, "status", code=status)
    passed(desk)
    for page in pages(desk):
        desk.newsroom.heal(page)
    passed(desk)
    books = desk.books()
    rejected = {name.partition(":")[2]: number for name, number in books.items() if name.startswith("rejected:")}
    assert (rejected, books["waiting"]) == ({"refused": 2, "paywall": 1, "barred": 1}, 0)
    assert [asked(desk, page) for page in pages(desk)] == [1, 1, 1, 1]


def test_a_published_page_that_is_refused_later_stays_as_it_was(desk: Desk) -> None:
    """Looked at again it is gone, missing or forbidden: no event, no failure, and the books balance."""
    passed(desk, *RECHECKED)
    before = [asked(desk, page) for page in pages(desk)]
    for page, status in zip(pages(desk), (404, 410, 451, 403), strict=True):
        desk.newsroom.fault(page, "status", code=status)
    passed(desk, *RECHECKED)
    assert all(asked(desk, page) > times for page, times in zip(pages(desk), before, strict=True))
    books = desk.books()
    assert (books["published"], books["announced"], books["waiting"]) == (4, 4, 0)
    assert [event["type"] for event in desk.articles()] == ["storywatch.article.created"] * 4


# -- who we are


def test_every_request_says_who_makes_it_and_carries_no_trace(desk: Desk) -> None:
    """The same name, version and contact on all of them; no cookie though one is set, no Referer, no query of ours."""
    for outlet in desk.newsroom.world.outlets:
        desk.newsroom.fault(outlet.host, "headers", headers={"Set-Cookie": "reader=17; Path=/; Max-Age=3600"})
    passed(Desk(desk.state_dir, desk.newsroom, desk.watchlist, {"CONTACT": CONTACT}), *RECHECKED)
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    requests = desk.newsroom.requests
    assert {visit.path.partition("/")[2].partition("/")[0] for visit in requests} > {"robots.txt", "news"}
    assert {visit.headers.get("user-agent") for visit in requests} == {f"Storywatch/{version[:3]} (+{CONTACT})"}
    assert [visit for visit in requests if {"cookie", "referer"} & visit.headers.keys() or "?" in visit.path] == []


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({}, "CONTACT is not set"),
        ({"CONTACT": CONTACT, "USER_AGENT": f"Mozilla/5.0 (+{CONTACT})"}, "is a browser's"),
        ({"CONTACT": CONTACT, "OBEY_OPT_OUTS": "noia"}, 'there is no opt-out "noia"'),
    ],
)
def test_production_starts_nothing_without_an_honest_name(desk: Desk, environment: dict[str, str], says: str) -> None:
    """Exit code 2, the setting and its mend, not one request and not one connection to the store."""
    store = {"SCRAPY_PROJECT": "production", "REDIS_URL": "redis://nowhere.example:6379/0"}
    run = Desk(desk.state_dir, desk.newsroom, desk.watchlist, store | environment).crawl()
    assert run.returncode == 2, run.stderr
    assert says in run.stderr.splitlines()[-1]
    assert desk.newsroom.requests == []


def test_the_browser_says_the_same_and_forgets(desk: Desk) -> None:
    """Pages that need it, and what they load: our name, no cookie of the page before, no Referer."""
    if not any(map(shutil.which, NAMES)):
        lacking("chromium")
    desk.watchlist.write_text(desk.watchlist.read_text().replace("[[outlet]]", '[[outlet]]\nrender = "always"'))
    for outlet in desk.newsroom.world.outlets:
        desk.newsroom.fault(outlet.host, "headers", headers={"Set-Cookie": "reader=17; Path=/; Max-Age=3600"})
    passed(desk, "-s", "RECHECK_AFTER=1s")
    browsed = [visit for visit in desk.newsroom.requests if visit.headers.get("accept-language")]
    assert len(browsed) >= 4
    requests = desk.newsroom.requests
    agents = {visit.headers.get("user-agent"): f"{visit.host}{visit.path}" for visit in requests}
    assert len(agents) == 1, agents
    assert [visit for visit in requests if {"cookie", "referer"} & visit.headers.keys()] == []
