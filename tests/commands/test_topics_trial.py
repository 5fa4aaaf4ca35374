"""`scrapy topics test` and `diff`, as their user meets them."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.console import Console

from crawler.commands import comparing, trying
from crawler.commands.progress import OutOf, Progress
from crawler.commands.telling import Period, looked_at
from crawler.news.topic import Topic
from crawler.store import open_store
from crawler.store.archive import Kept
from crawler.store.running import Running
from crawler.topics.trial import Change, Trial, changes
from crawler.watchlist import Watchlist
from tests.commands.archived import HOUR_MS, Told, archive, topics

SHOWN = Path(__file__).parent.parent / "data" / "topics" / "shown"
NOON_MS = int(datetime(2026, 3, 15, 12, tzinfo=UTC).timestamp() * 1000)
TELLING = [
    Told(1, "Harbour Post", "Old dam to be raised", "Engineers say that the dam of Orvania holds."),
    Told(2, "Valley Voice", "Bridge reopens", "Drivers are glad."),
    Told(30, "Valley Voice", "Dam of Orvania leaks", "A dam keeper saw it first.", published=True),
    Told(80, "Harbour Post", "Beavers build a dam", "In Orvania, of all places.", published=True),
    Told(100, "Harbour Post", "Плотина выстояла", "Инженеры осмотрели плотину.", language="ru"),
    Told(400, "Harbour Post", "Dam fund in Orvania empty", "Nobody knows why.", published=True),
]
OLD = (
    Topic("Dams", "Orvania dam", channels=("desk",)),
    Topic("Bridges", "bridge"),
    Topic("Heard", "ferry"),
    Topic("Same", "ferry"),
)
NEW = (
    Topic("Beavers", "beaver*"),
    Topic("Dams", '"dam of Orvania" OR плотина', inflect=("ru",), channels=("desk",)),
    Topic("Heard", "ferry", channels=("desk",)),
    Topic("Same", "ferry"),
)
WATCHLIST = """
[[outlet]]
name = "Harbour Post"
url = "http://post.example/"
feeds = ["http://post.example/feed"]
tags = ["regional-news"]

[[topic]]
name = "Dams"
query = "Orvania dam"
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a watchlist and a store that keeps articles."""
    folder = tmp_path_factory.mktemp("trial")
    (folder / "watchlist.toml").write_text(WATCHLIST, "utf-8")
    with archive(folder / "state", TELLING):
        yield folder


def note(folder: Path, running: Sequence[Topic]) -> None:
    """Let a process say that it matches by these."""

    async def noted() -> None:
        async with await open_store(None, folder / "state") as store:
            await store.running.note(running, worker="quay:1")

    asyncio.run(noted())


def at_noon(trial: Trial) -> Period:
    """Hand the articles to the trial as if it were noon of a certain day."""
    for told in TELLING:
        trial.look_at(Kept(told.article(), NOON_MS - told.hours * HOUR_MS, told.published))
    days = timedelta(days=1)
    return Period(NOON_MS - 20 * 24 * HOUR_MS, NOON_MS, published_kept=30 * days, unmatched_kept=14 * days)


def terminal() -> Console:
    """A terminal of 100 columns without colours."""
    return Console(width=100, force_terminal=True, color_system=None, legacy_windows=False)


def assert_shown(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What was printed is what stands in the golden file, spaces at the ends of lines aside."""
    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert lines == (SHOWN / name).read_text("utf-8").splitlines()
    assert max(map(len, lines)) <= 100


def test_what_a_query_finds_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """How many articles were looked at, hits by outlet and by day, and the newest of them."""
    topic = Topic("this query", "dam Orvania", languages=("en",))
    trial = Trial([Change("new", None, topic)], {}, samples=3)
    period = at_noon(trial)
    trying.show(terminal(), topic, trial, period)
    assert_shown("test.txt", capsys)


def test_what_an_edit_does_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """Each topic that differs, the lines that changed, what it gains, and what it loses with the reason."""
    differing = changes(OLD, NEW)
    trial = Trial(differing, {}, samples=2)
    period = at_noon(trial)
    running = Running(OLD, "quay:1", NOON_MS - HOUR_MS)
    comparing.show(terminal(), running, differing, trial, period, Watchlist(topics=NEW))
    assert_shown("diff.txt", capsys)


def test_long_lists_are_cut(capsys: pytest.CaptureFixture[str]) -> None:
    """Of many outlets the first are shown, of many days the last; the rest is counted."""
    topic = Topic("this query", "dam")
    trial = Trial([Change("new", None, topic)], {}, samples=0)
    for number in range(51):
        told = Told(number * 24, f"Outlet {number:02} {'of the Long Coast ' * (number % 2)}", "The dam")
        trial.look_at(Kept(told.article(), NOON_MS - told.hours * HOUR_MS, published=False))
    year = timedelta(days=365)
    trying.show(terminal(), topic, trial, Period(NOON_MS - 365 * 24 * HOUR_MS, NOON_MS, year, year))
    lines = capsys.readouterr().out.splitlines()
    assert "and 31 more, with 31 hits" in lines
    assert lines[-1] == "and 20 before"
    assert max(map(len, lines)) <= 100


@pytest.mark.parametrize(
    ("kept_days", "said"),
    [
        ((30, 14), []),
        ((30, 7), ["Those that meet no topic are kept for 7d (KEEP_UNMATCHED): there are no older ones among them."]),
        ((30, 0), ['Those that meet no topic are not kept (KEEP_UNMATCHED = "0s").']),
        ((7, 30), ["Those that were published are kept for 7d (KEEP_EVENTS)."]),
    ],
)
def test_what_is_not_kept_any_more_is_said(kept_days: tuple[int, int], said: list[str]) -> None:
    """Where --since reaches further back."""
    published, unmatched = (timedelta(days=days) for days in kept_days)
    period = Period(NOON_MS - 14 * 24 * HOUR_MS, NOON_MS, published, unmatched)
    assert list(looked_at(Trial([], {}, samples=0), period))[1:] == said


def test_a_query_is_tried_on_what_the_store_keeps(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Published or not, as far back as is wanted."""
    assert topics(folder, "test", "orvania dam", "--samples", 1) == 0
    shown = capsys.readouterr().out
    assert ": 2 published, 3 that met no topic.\n3 hits, 1 of them new to you.\n" in shown
    assert "Harbour Post: Old dam to be raised  (new to you)\n" in shown
    assert "body: Engineers say that the «dam» of «Orvania» holds.\n" in shown
    assert "Beavers" not in shown
    assert topics(folder, "test", "orvania dam", "--since", "20d") == 0
    shown = capsys.readouterr().out
    assert "4 hits, 1 of them new to you." in shown
    assert "are kept for 14d (KEEP_UNMATCHED)" in shown
    assert topics(folder, "test", "плотине", "--inflect", "ru", "--lang", "ru") == 0
    assert "«плотину»" in capsys.readouterr().out


def test_a_topic_of_the_watchlist_is_tried_as_it_stands(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By its name."""
    assert topics(folder, "test", "--topic", "Dams", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["topic"]["name"], told["hits"], told["unmatched"]) == ("Dams", 3, 1)


def test_json_counts_each_outlet_and_day(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And has the samples with their evidence."""
    assert topics(folder, "test", "orvania dam", "--json", "--since", "20d") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["looked"]["published"], told["looked"]["unmatched"], told["looked"]["interrupted"]) == (3, 3, False)
    assert {outlet: sum(days.values()) for outlet, days in told["outlets"].items()} == {
        "Harbour Post": 3,
        "Valley Voice": 1,
    }
    assert sum(told["days"].values()) == told["hits"] == 4
    newest = told["samples"][0]
    assert (newest["headline"], newest["published"]) == ("Old dam to be raised", False)
    assert newest["evidence"][1]["words"] == ["dam", "Orvania"]


def test_no_hit_is_an_answer(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 0."""
    assert topics(folder, "test", "volcano") == 0
    assert capsys.readouterr().out.endswith("No hits. scrapy topics explain says how a query is understood.\n")


@pytest.mark.parametrize(
    ("args", "problem"),
    [
        (["test", 'dam "old'], 'column 5: This quote is not closed. Write another where the phrase ends.\n'
                               '  dam "old\n      ^\n'),
        (["test", ""], "The query is empty. Write what to look for: Russia \"New York\"\n"),
        (["test", "Orvania", "dam"], "A query with spaces stands in quotes: scrapy topics test 'Orvania AND dam'"),
        (["test", "dam", "--lang", "de", "--inflect", "en"], '"en" is none of the languages of --lang: "de".'),
        (["test"], "Name a query or a --topic, one of them"),
        (["test", "dam", "--topic", "Dams"], "Name a query or a --topic, one of them"),
        (["test", "--topic", "Dam"], 'no topic of the watchlist is called "Dam". Did you mean "Dams"?'),
        (["test", "--topic", "Dams", "--lang", "en"], "--lang and --inflect go with a query."),
        (["test", "dam", "--since", "a week"], '--since: "a week" is no time. Write one like'),
        (["test", "dam", "--samples", "-1"], "--samples: -1 is no number of samples."),
        (["diff", "nowhere"], "nowhere: no such file or folder. Name an edited copy of your watchlist.\n"),
        (["diff", "--since", "soon"], '--since: "soon" is no time.'),
    ],
)  # fmt: skip
def test_wrong_arguments_are_told(
    args: list[str], problem: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the mend; exit code 2."""
    assert topics(folder, *args) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert problem in output.err


def test_a_query_may_begin_with_a_dash(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """After --; else it is taken for an option, and the error says what to do."""
    assert topics(folder, "test", "--", "-ferry bridge") == 0
    assert "1 hit" in capsys.readouterr().out
    assert topics(folder, "explain", "--query=-sport dam") == 0
    assert topics(folder, "test", "-sport dam") == 2
    assert "'port dam' is no NAME=VALUE. What begins with a dash and is no option stands after --" in (
        capsys.readouterr().err
    )


def test_a_tag_that_no_outlet_has_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On standard error; the query is tried all the same."""
    assert topics(folder, "test", "tag:regional dam NOT tag:wire") == 0
    output = capsys.readouterr()
    assert 'No outlet of the watchlist has the tag "regional". Did you mean "regional-news"?\n' in output.err
    assert "wire" not in output.err
    assert topics(folder, "test", "tag:regional-news dam") == 0
    assert "No outlet" not in capsys.readouterr().err


def test_addresses_are_not_cut(capsys: pytest.CaptureFixture[str]) -> None:
    """On a narrow terminal they stay whole, to be copied; all else is folded."""
    topic = Topic("this query", "dam Orvania")
    trial = Trial([Change("new", None, topic)], {}, samples=3)
    period = at_noon(trial)
    narrow = Console(width=40, force_terminal=True, color_system=None, legacy_windows=False)
    trying.show(narrow, topic, trial, period)
    lines = capsys.readouterr().out.splitlines()
    assert f"{'':18}{TELLING[2].article().url}" in lines


def test_an_interrupt_shows_what_was_found_so_far(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 130. An interrupt comes, as nearly always, while an article is matched."""
    look_at = Trial.look_at

    def look_and_interrupt(self: Trial, seen: Kept) -> None:
        look_at(self, seen)
        if self.looked == 20:
            os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(Trial, "look_at", look_and_interrupt)
    (tmp_path / "watchlist.toml").write_text(WATCHLIST, "utf-8")
    many = [Told(hours, "Harbour Post", f"Dam number {hours} of Orvania") for hours in range(40)]
    with archive(tmp_path / "state", many):
        assert topics(tmp_path, "test", "orvania dam") == 130
    shown = capsys.readouterr().out
    assert "\nInterrupted. Looked at the newest 20 articles only: 0 published, 20 that met no topic.\n" in shown
    assert "\n20 hits, 20 of them new to you.\n" in shown


def test_an_edited_watchlist_is_compared_with_what_runs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Before anything ran there is nothing to compare with (exit code 1); without edits nothing to tell; then both."""
    assert topics(folder, "diff") == 1
    assert "Nothing has matched by topics yet that" in capsys.readouterr().err
    note(folder, [Topic("Dams", "Orvania dam")])
    assert topics(folder, "diff") == 0
    assert capsys.readouterr().out.endswith(" UTC): 1 the same.\n")
    edited = folder / "edited.toml"
    edited.write_text(WATCHLIST.replace('"Orvania dam"', "'\"dam of Orvania\" OR bridge'"), "utf-8")
    assert topics(folder, "diff", edited) == 0
    shown = capsys.readouterr().out
    assert ": 1 changed, 0 the same.\n" in shown
    assert "gains 1 article, 1 of them new to you\n" in shown
    assert "loses 1 article\n" in shown
    assert topics(folder, "diff", edited, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["running"]["worker"] == "quay:1"
    (change,) = told["topics"]
    assert (change["change"], change["old"]["query"]) == ("changed", "Orvania dam")
    assert (change["gained"]["hits"], change["lost"]["hits"]) == (1, 1)
    (lost,) = change["lost"]["samples"]
    assert (lost["headline"], bool(lost["because"])) == ("Beavers build a dam", True)


def test_progress_is_told_on_standard_error(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a terminal in one line that is wiped at the end; an estimate that was too low never shows over 100 %."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr("crawler.commands.progress.SECONDS", 0.0)
    with Progress("looked at", OutOf(40, "articles")) as tell:
        tell(10)
        tell(80)
    first, second, wiped = capsys.readouterr().err.split("\r")[1:]
    assert first.startswith(f"looked at: {'━' * 7}{'─' * 23} 10 of about 40 articles, ")
    assert second.startswith(f"looked at: {'━' * 30} 80 of about 80 articles, ")
    assert wiped == "\033[K"


def test_progress_in_a_log_is_told_in_lines(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Now and then, not at once: a short job says nothing."""
    with Progress("looked at", OutOf(40, "articles")) as tell:
        tell(10)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("crawler.commands.progress.SPARSE_SECONDS", 0.0)
    with Progress("looked at", OutOf(40, "articles")) as tell:
        tell(10)
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("looked at: ━")
