"""`scrapy topics list` and `explain`, as their user meets them."""

import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from crawler.news.revision import ArticleState
from crawler.news.urls import url_id
from crawler.newsroom import Newsroom
from crawler.store import Store, keys
from tests.commands.archived import Told, archive, topics
from tests.commands.scripted import Sites
from tests.commands.test_article import HOME, PARAGRAPHS, URL, play
from tests.commands.test_article import article as page
from tests.commands.test_watchlist import scrapy
from tests.crawling import Desk

WATCHLIST = """
[[outlet]]
name = "Harbour Post"
url = "http://post.example/"
feeds = ["http://post.example/feed"]
tags = ["local"]

[[channel]]
name = "desk"
url = "terminal://"

[[topic]]
name = "Strikes"
query = 'strike* AND (harbour OR "power plant") NOT football'
channels = ["desk"]

[[topic]]
name = "Dams"
query.en = '"old dam" tag:local'
query.ru = 'плотина'
inflect = ["ru"]
"""
MET = Told(1, "Harbour Post", "Pilots on strike", "The harbour is shut. A second strike may follow.")
MISSED = Told(2, "Valley Voice", "Strike ends", "The power lines and the plant are safe.")
GONE = "abcdefghijklmno2"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a watchlist, a saved page and a store that keeps two articles."""
    folder = tmp_path_factory.mktemp("topics")
    (folder / "watchlist.toml").write_text(WATCHLIST, "utf-8")
    (folder / "page.html").write_text(page(), "utf-8")
    with archive(folder / "state", [MET, MISSED]):
        yield folder


def explained(folder: Path, *args: object) -> int:
    return topics(folder, "explain", *args)


def name_of(told: Told) -> str:
    """The articleId."""
    return url_id(told.article().url)


def test_the_topics_are_listed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With languages and channels; of a topic with a query for each language all of them."""
    assert topics(folder, "list") == 0
    assert [line.rstrip() for line in capsys.readouterr().out.splitlines()] == [
        "topic    languages  channels  query",
        'Strikes  all        desk      strike* AND (harbour OR "power plant") NOT football',
        'Dams     en                   "old dam" tag:local',
        "         ru                   плотина",
    ]
    assert topics(folder, "list", "--json") == 0
    assert [json.loads(line)["name"] for line in capsys.readouterr().out.splitlines()] == ["Strikes", "Dams"]


def test_a_watchlist_without_topics_says_what_that_means(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Everything is published."""
    (tmp_path / "watchlist.toml").write_text(WATCHLIST.split("[[topic]]")[0], "utf-8")
    assert topics(tmp_path, "list") == 0
    assert "No topics: every article is published." in capsys.readouterr().out


def test_a_query_is_explained_as_it_is_understood(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the watchlist says of it, then the tree; no store is needed."""
    assert topics(folder, "explain", "Strikes", STATE_DIR="/nowhere") == 0
    assert capsys.readouterr().out == (
        '"Strikes"\n'
        '  query  strike* AND (harbour OR "power plant") NOT football\n'
        "\n"
        "AND\n"
        "  strike*\n"
        "  OR\n"
        "    harbour\n"
        '    "power plant"\n'
        "  NOT\n"
        "    football\n"
    )


def test_each_language_has_its_tree(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Under its key of the watchlist, its words in any form where the topic says so."""
    assert explained(folder, "Dams") == 0
    assert capsys.readouterr().out == (
        '"Dams"\n'
        '  query.en  "old dam" tag:local\n'
        "  query.ru  плотина\n"
        "  inflect   ru\n"
        "\n"
        "query.en:\n"
        "AND\n"
        '  "old dam"\n'
        "  tag:\n"
        "    local\n"
        "\n"
        "query.ru:\n"
        "плотина (any form: ru)\n"
    )
    assert explained(folder, "Dams", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["queries"][1] == {"key": "query.ru", "tree": ["плотина (any form: ru)"]}


def test_an_article_that_meets_it_has_its_evidence(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where each part of the query is found, with offsets into the text as published; exit code 0."""
    assert explained(folder, "Strikes", name_of(MET)) == 0
    assert capsys.readouterr().out == (
        "Pilots on strike\n"
        "  Harbour Post  en  https://harbour-post.example/pilots-on-strike\n"
        "\n"
        'It meets "Strikes":\n'
        "  headline: Pilots on «strike»\n"
        "    strike*  10-16\n"
        "  body: The «harbour» is shut. A second «strike» may follow.\n"
        "    harbour  4-11\n"
        "    strike*  30-36\n"
        "\n"
        "✓ AND\n"
        "  ✓ strike*  headline: strike, body: strike\n"
        "  ✓ OR\n"
        "    ✓ harbour  body: harbour\n"
        '    ✗ "power plant"  neither power nor plant is in the headline or body\n'
        "  ✓ NOT\n"
        "    ✗ football  football is not in the headline or body\n"
    )


def test_an_article_that_does_not_says_why(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The nearest failing part first, then the whole tree; exit code 1."""
    assert explained(folder, "Strikes", name_of(MISSED)) == 1
    _, _, _, verdict, why, *rest = capsys.readouterr().out.splitlines()
    assert verdict == 'It does not meet "Strikes":'
    assert "not side by side" in why
    assert rest[-7:] == [
        "✗ AND",
        "  ✓ strike*  headline: Strike",
        "  ✗ OR",
        "    ✗ harbour  harbour is not in the headline or body",
        f'    ✗ "power plant"  {why.strip()}',
        "  ✓ NOT",
        "    ✗ football  football is not in the headline or body",
    ]


def test_a_query_for_other_languages_is_passed_over(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Which is said. The tags are those of the watchlist's outlets."""
    assert explained(folder, "Dams", name_of(MET)) == 1
    shown = capsys.readouterr().out
    assert shown.endswith(
        "query.en:\n"
        "✗ AND\n"
        '  ✗ "old dam"  neither old nor dam is in the headline or body\n'
        "  ✓ tag:\n"
        "    ✓ local  tag: local\n"
        "\n"
        "query.ru is for articles in other languages\n"
    )


def test_json_has_all_of_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The evidence as events have it, the nearest failing part, and the judged tree."""
    assert explained(folder, "Strikes", name_of(MET), "--json") == 0
    told = json.loads(capsys.readouterr().out)
    body = told["evidence"][1]
    assert (told["met"], told["nearest"], body["field"]) == (True, [], "body")
    assert (body["parts"], body["offsets"]) == (["harbour", "strike*"], [[4, 11], [30, 36]])
    assert told["article"]["articleId"] == name_of(MET)
    assert explained(folder, "Strikes", name_of(MISSED), "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["met"], told["nearest"][0]["part"]) == (False, '"power plant"')
    assert [child["met"] for child in told["queries"][0]["tree"]["children"]] == [True, False, True]


def test_a_query_is_tried_without_a_topic(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On an article, or to see how it is understood."""
    assert explained(folder, "--query", "pilots harbour", name_of(MET)) == 0
    assert "\nIt meets this query:\n" in capsys.readouterr().out
    assert explained(folder, "--query", "pilot", "--inflect", "en", name_of(MET)) == 0
    assert explained(folder, "--query", "pilots", "--lang", "ru", name_of(MET)) == 1
    assert explained(folder, "--query", "pilots", "--lang", "nb", "--inflect", "no") == 0
    assert explained(folder, "--query", "a\n b") == 0
    assert capsys.readouterr().out.endswith("this query\n  query  a b\n\nAND\n  a\n  b\n")


def test_a_saved_page_is_read_as_scrapy_article_reads_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And is of the outlet on whose site it was, whose tags count."""
    assert explained(folder, "--query", "ferry tag:local", folder / "page.html") == 0
    output = capsys.readouterr()
    assert f"page.html: read as {URL}, named by the page itself" in output.err
    assert f"  Harbour Post  en  {URL}\n" in output.out
    assert PARAGRAPHS[0].replace("ferry", "«ferry»")[:30] in output.out


def test_a_page_is_fetched_as_a_crawl_does(folder: Path) -> None:
    """From its address; what cannot be had ends with exit code 2."""
    with Sites({f"{HOME}robots.txt": "", URL: page()}).served() as proxy:
        desk = Desk(folder / "state", Newsroom(), watchlist=folder / "watchlist.toml", extra={"http_proxy": proxy})
        with (
            desk.start("topics", "explain", "Strikes", URL) as met,
            desk.start("topics", "explain", "Strikes", f"{HOME}gone") as gone,
        ):
            assert 'It meets "Strikes":' in met.communicate(timeout=60)[0]
            assert f"{HOME}gone cannot be read: the server answered 404" in gone.communicate(timeout=60)[1]
    assert (met.returncode, gone.returncode) == (0, 2)


def test_an_article_whose_text_is_gone_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the address under which it can be read anew; an unknown one without. Exit code 2: it cannot be said."""
    state = ArticleState(GONE, URL, 1, "", URL, True, "", "Harbour Post", 1)

    async def remember(store: Store) -> None:
        await store.connection.ask("SET", keys.article(GONE), msgspec.json.encode(state).decode())

    play(folder, remember)
    assert explained(folder, "Strikes", GONE) == 2
    assert capsys.readouterr().err == (
        f"The text of article {GONE} is not kept any more (settings KEEP_EVENTS, KEEP_UNMATCHED). "
        f"Name its URL, and it is fetched anew: {URL}\n"
    )
    assert explained(folder, "Strikes", "abcdefghijklmnop") == 2
    assert "The store knows no article abcdefghijklmnop." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("args", "problem"),
    [
        (["Strike"], 'no topic of the watchlist is called "Strike". Did you mean "Strikes"?'),
        ([], 'Name a topic of your watchlist, or a --query "...".'),
        (["Strikes", "a", "b"], "2 articles are named. Name one; a query or name with spaces stands in quotes."),
        (["Strikes", "post.example/x"], 'is no URL, no file and no articleId. If it is an address, write "https://'),
        (["Strikes", "--inflect", "ru"], "--lang and --inflect go with --query."),
        (["--query", "dam", "--inflect", "uk"], '--inflect: there are no rules for "uk".'),
        (["--query", "dam", "--lang", "English language"], "--lang: "),
        (["--query", 'strike "old dam'], 'column 8: This quote is not closed. Write another where the phrase ends.\n'
                                         '  strike "old dam\n'
                                         '         ^\n'),
        (["--query", '山田 "old dam'], '  山田 "old dam\n       ^\n'),
    ],
)  # fmt: skip
def test_wrong_arguments_are_told(
    args: list[str], problem: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the mend; below a query a caret stands at the column, also after wide letters. Exit code 2."""
    assert explained(folder, *args) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert problem in output.err


def test_a_store_that_is_away_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2, like all that keeps the question open: 1 would mean that the article does not meet the topic."""
    away = {"REDIS_URL": "redis://127.0.0.1:1/0", "STORE_PATIENCE": "1s"}
    assert topics(folder, "explain", "Strikes", name_of(MET), **away) == 2
    assert "127.0.0.1:1" in capsys.readouterr().err


def test_a_page_that_is_none_is_told(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2, not 1: nobody knows whether it meets the topic."""
    (tmp_path / "empty.html").write_text(" ")
    assert explained(folder, "Strikes", tmp_path / "empty.html", "--url", URL) == 2
    assert "the page is empty" in capsys.readouterr().err


@pytest.mark.parametrize(("action", "example"), [("explain", "--query 'Orvania AND dam*'"), ("test", "--samples 20")])
def test_help_teaches(action: str, example: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With examples and exit codes."""
    assert scrapy("topics", action, "--help") == 0
    shown = capsys.readouterr().out
    assert f"scrapy topics {action}" in shown
    assert example in shown
    assert "exit code: 0" in shown
