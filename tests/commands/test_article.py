"""`scrapy article`, as its user meets it: saved pages in this process, pages of invented sites behind a proxy."""

import asyncio
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from crawler.extensions.browser import NAMES
from crawler.extraction import extract
from crawler.extraction.repeats import fingerprints
from crawler.news.event import article_data
from crawler.news.revision import ArticleState
from crawler.newsroom import Newsroom
from crawler.store import Store, keys, open_store
from settings import base
from tests.commands.scripted import Sites
from tests.commands.test_watchlist import scrapy
from tests.crawling import Desk
from tests.extraction.golden import DATA
from tests.parts import lacking

HOME = "http://post.example/"
URL = f"{HOME}2021/03/ferry"
APPEAL = "The Post belongs to its readers. Help us with five crowns a month."
PARAGRAPHS = [
    "The ferry to Corrin runs again after nine days, and the harbour master is pleased about it.",
    "Forty islanders waited on the quay, one of them with a cello and a goat that did not like it.",
    "A strike of the pilots had kept the ferry in the harbour since the second of the month.",
]
WATCHLIST = f"""
[[outlet]]
name = "Harbour Post"
url = "{HOME}"
feeds = ["{HOME}feed"]
selectors = {{ headline = "h2.kicker" }}

[[outlet]]
name = "Shell"
url = "http://shell.example/"
pages = ["http://shell.example/"]
render = "auto"

[[topic]]
name = "Strikes"
query = "strike AND harbour"

[[topic]]
name = "Grèves"
query = "strike"
languages = ["fr"]
"""


def article(*, canonical: str = URL, more: str = "") -> str:
    """A page as the Harbour Post writes them."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in [*PARAGRAPHS, APPEAL])
    link = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    return (
        f'<!doctype html><html lang="en"><head><title>Ferry runs again</title>{link}'
        '<meta property="article:published_time" content="2021-03-14T11:00:00+01:00"></head><body>'
        '<nav><ul><li><a href="/world">World</a></li></ul></nav><h2 class="kicker">Back to Corrin</h2>'
        f"<article><h1>Ferry runs again</h1>{text}{more}</article></body></html>"
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a watchlist and a saved page."""
    (tmp_path / "watchlist.toml").write_text(WATCHLIST, "utf-8")
    (tmp_path / "page.html").write_text(article(), "utf-8")
    return tmp_path


def run(folder: Path, *args: object) -> int:
    """Run `scrapy article ARGS` and return its exit code."""
    project = {name: value for name, value in vars(base).items() if name.isupper()}
    own = {"WATCHLIST": folder / "watchlist.toml", "STATE_DIR": folder / "state"}
    return scrapy("article", *args, **project | own)


def test_the_fields_and_the_text(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the selectors of the outlet on whose site the page says it is, where its date comes from, and its topics."""
    assert run(folder, folder / "page.html") == 0
    output = capsys.readouterr()
    first, *lines = output.out.splitlines()
    assert first == "Back to Corrin"
    for line in (
        f"  url         {URL}",
        "  outlet      Harbour Post",
        '  published   2021-03-14 10:00:00 UTC, by meta article:published_time: "2021-03-14T11:00:00+01:00"',
        "  language    en",
        *PARAGRAPHS,
    ):
        assert line in lines
    assert "  topic       Strikes: " in output.out
    assert "Grèves" not in output.out
    assert f"page.html: read as {URL}, named by the page itself" in output.err
    assert not (folder / "state").exists(), "no store is made to look at a page"


def test_every_passage_has_its_zone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In page order, whole where there is no terminal."""
    assert run(folder, folder / "page.html", "--zones") == 0
    rows = [line.split("  ", 1) for line in capsys.readouterr().out.splitlines()]
    assert [(row[0], row[1].rpartition("  ")[2]) for row in rows][-4:] == [
        *(("body", paragraph) for paragraph in PARAGRAPHS),
        ("body", APPEAL),
    ]
    assert rows[0][0].strip() == "navigation"


def test_no_text_orders_a_terminal_about(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Control characters are left out."""
    (folder / "page.html").write_text(article(more="<p>\x9b2J\x1b[2JThe mayor said that it rained.</p>"), "utf-8")
    for form in ((), ("--zones",)):
        assert run(folder, folder / "page.html", *form) == 0
        shown = capsys.readouterr().out
        assert "The mayor said that it rained." in shown
        assert all(character.isprintable() or character == "\n" for character in shown)


def test_json_is_the_article_as_published(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same fields as in its events; with --zones, the passages, too."""
    assert run(folder, folder / "page.html", "--json", "--zones", "--outlet", "Harbour Post") == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    passages = told.pop("passages")
    same = extract(article().encode(), URL, selectors={"headline": "h2.kicker"})
    ours = {"articleId", "outlet", "contentHash", "metadata", "topics"}
    expected = json.loads(msgspec.json.encode(article_data(same)))
    assert {name: value for name, value in told.items() if name not in ours} == {
        name: value for name, value in expected.items() if name not in ours
    }
    assert (told["outlet"], [match["topic"] for match in told["topics"]]) == ("Harbour Post", ["Strikes"])
    assert ours <= told.keys()
    assert "\n".join(one["text"] for one in passages if one["zone"] == "body") == told["articleBody"]


def test_a_refused_page_says_why(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Reason and mend on stderr, exit code 1; its zones can be seen all the same."""
    page = DATA / "paywall-stub-english-piano" / "input.html"
    assert run(folder, page, "--zones", "--url", "https://paper.example/2026/contract") == 1
    output = capsys.readouterr()
    assert "No article (paywall-stub): https://paper.example/2026/contract: the free part of a paid" in output.err
    assert "Subscribe to continue reading" in output.out
    assert run(folder, page, "--json") == 1
    output = capsys.readouterr()
    assert json.loads(output.out)["refusal"]["reason"] == "paywall-stub"
    assert "named by nobody: the page names none" in output.err


def test_what_cannot_be_read_at_all_says_why(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 1."""
    (folder / "page.html").write_text(" ")
    assert run(folder, folder / "page.html", "--url", URL) == 1
    assert "the page is empty" in capsys.readouterr().err


def test_a_page_is_painted(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Into a file; nothing that the page says is markup there."""
    (folder / "page.html").write_text(article(more="<p>Say &lt;script&gt;alert(1)&lt;/script&gt; to it.</p>"), "utf-8")
    assert run(folder, folder / "page.html", "--html", folder / "zones.html") == 0
    painted = (folder / "zones.html").read_text("utf-8")
    assert "Say &lt;script&gt;alert(1)&lt;/script&gt; to it." in painted
    assert "<script" not in painted
    assert "zones.html" in capsys.readouterr().err
    assert run(folder, folder / "page.html", "--html", folder / "page.html") == 2
    assert "is the page itself" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("args", "problem"),
    [
        (
            ["post.example/x"],
            'is no URL, no file and no articleId. If it is an address, write "https://post.example/x".',
        ),
        (["PAGE", "--outlet", "Harbor Post"], 'no outlet of the watchlist is called "Harbor Post". Did you mean "Harb'),
        ([URL, "--url", URL], "--url is where a saved page came from: leave it out"),
        (["PAGE", "--html", "/nowhere/at/all.html"], "--html: /nowhere/at/all.html: No such file"),
        ([str(DATA)], "Is a directory. Name a file that can be read."),
    ],
)
def test_wrong_arguments_are_told(
    args: list[str], problem: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the mend; exit code 2."""
    assert run(folder, *[str(folder / "page.html") if arg == "PAGE" else arg for arg in args]) == 2
    assert problem in capsys.readouterr().err


def test_what_the_outlet_repeats_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Learned by crawls before; the zone is "repeated", and the body is without it."""

    async def learn(store: Store) -> None:
        for number in range(6):
            lines = fingerprints([f"This is what article number {number} has to tell.", APPEAL])
            name = "abcdefgh"[number] * 5
            await store.lessons.learn("Harbour Post", f"article-{number}", name, lines, now_ms=1_900_000_000_000)

    play(folder, learn)
    assert run(folder, folder / "page.html", "--json", "--zones") == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["text"] for one in told["passages"] if one["zone"] == "repeated"] == [APPEAL]
    assert APPEAL not in told["articleBody"]


def play(folder: Path, story: Any) -> None:
    """Let something happen in the folder's store."""

    async def played() -> None:
        async with await open_store(None, folder / "state") as store:
            await story(store)

    asyncio.run(played())


SCRIPTED = f"<title>Ferry runs again</title><div id=app></div><script>app.innerHTML = `{article()}`</script>"
CHALLENGE = (DATA / "bot-challenge-cloudflare" / "input.html").read_text("utf-8")
ARTICLE_ID = "abcdefghijklmno2"


class Guarded(Sites):
    """Sites, one of them behind a guard that answers 403 to all."""

    def answer(self, url: str) -> tuple[int, dict[str, str], bytes]:
        status, headers, body = super().answer(url)
        return 403 if "//guarded.example/s" in url else status, headers, body


@pytest.fixture(scope="module")
def fetched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, "subprocess.CompletedProcess[str]"]]:
    """What comes of several addresses, asked for at once."""
    folder = tmp_path_factory.mktemp("fetched")
    (folder / "watchlist.toml").write_text(WATCHLIST, "utf-8")
    state = ArticleState(ARTICLE_ID, URL, 1, "", URL, True, "", "Harbour Post", 1)

    async def remember(store: Store) -> None:
        await store.connection.ask("SET", keys.article(ARTICLE_ID), msgspec.json.encode(state).decode())

    play(folder, remember)
    sites = Guarded(
        {
            f"{HOME}robots.txt": "User-agent: *\nDisallow: /private/",
            URL: article(),
            f"{HOME}moved": f"302 {URL}",
            "http://guarded.example/story": CHALLENGE,
            "http://guarded.example/sealed": "Forbidden.",
            "http://shell.example/story": SCRIPTED,
        },
    )
    wanted = {
        "url": [f"{HOME}moved", "--json"],
        "id": [ARTICLE_ID],
        "robots": [f"{HOME}private/ferry"],
        "gone": [f"{HOME}nothing"],
        "private": ["http://10.0.0.1/ferry"],
        "challenge": ["http://guarded.example/story"],
        "sealed": ["http://guarded.example/sealed"],
        "scripted": ["http://shell.example/story"],
        "unknown": ["abcdefghijklmnop"],
    }
    with sites.served() as proxy:
        desk = Desk(folder / "state", Newsroom(), watchlist=folder / "watchlist.toml", extra={"http_proxy": proxy})
        started = {name: desk.start("article", *args) for name, args in wanted.items()}
        ended = {}
        for name, process in started.items():
            with process:
                out, err = process.communicate(timeout=90)
            ended[name] = subprocess.CompletedProcess(wanted[name], process.returncode, out, err)
        yield ended


def test_a_page_is_fetched_as_a_crawl_does(fetched: dict[str, "subprocess.CompletedProcess[str]"]) -> None:
    """robots.txt first, redirects followed, and read as the outlet's on whose site it is."""
    told = json.loads(fetched["url"].stdout)
    assert (told["url"], told["headline"], told["outlet"]) == (URL, "Back to Corrin", "Harbour Post")
    assert f"1 of at most 25: {HOME}robots.txt" in fetched["url"].stderr
    assert fetched["url"].returncode == 0


def test_a_page_that_needs_a_browser_gets_one(fetched: dict[str, "subprocess.CompletedProcess[str]"]) -> None:
    """Where its outlet allows it (render = "auto") and it shows no text without."""
    if not any(map(shutil.which, NAMES)):
        lacking("chromium")
    assert fetched["scripted"].returncode == 0, fetched["scripted"].stderr
    assert PARAGRAPHS[1] in fetched["scripted"].stdout
    assert "3 of at most 25: http://shell.example/story" in fetched["scripted"].stderr


def test_an_article_is_found_by_its_id(fetched: dict[str, "subprocess.CompletedProcess[str]"]) -> None:
    """It is fetched anew, from where it was published."""
    assert fetched["id"].stdout.startswith(f"Back to Corrin\n  url         {URL}\n"), fetched["id"].stderr
    assert fetched["unknown"].returncode == 1
    assert "The store knows no article abcdefghijklmnop" in fetched["unknown"].stderr


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("robots", "robots.txt disallows"),
        ("gone", f"{HOME}nothing cannot be read: the server answered 404"),
        ("private", "If that is meant, say --allow-private."),
        ("sealed", "http://guarded.example/sealed cannot be read: the server answered 403"),
        ("challenge", "No article (bot-challenge): http://guarded.example/story"),
    ],
)
def test_what_cannot_be_had_is_told(
    name: str, said: str, fetched: dict[str, "subprocess.CompletedProcess[str]"]
) -> None:
    """Why, and the mend; exit code 1."""
    assert (fetched[name].returncode, fetched[name].stdout) == (1, "")
    assert said in fetched[name].stderr


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["w" * 5_000, "--json"], "is no URL, no file and no articleId."),
        (["{folder}/page.html", "--html", "w" * 5_000], "Name a file that can be written."),
        (["{folder}/page.html", "--url", "not a url"], "--url: 'not a url' is not an absolute URL."),
    ],
    ids=["long-word", "long-file", "no-url"],
)
def test_a_wrong_argument_takes_one_sentence(
    args: list[str], said: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, and what to write instead; never a traceback."""
    assert run(folder, *(arg.format(folder=folder) for arg in args)) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert said in output.err


def test_help_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    """With examples."""
    assert scrapy("article", "--help") == 0
    assert "\n  scrapy article page.html --zones " in capsys.readouterr().out
