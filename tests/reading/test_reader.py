"""A worker reads on, whatever a body does to the process that reads it."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.article import PageReading
from crawler.extraction.repeats import Repeats, fingerprints
from crawler.news.entry import Entry
from crawler.news.errors import DiscoveryError, ExtractionError, PoisonError, ReaderError
from crawler.news.revision import content_hash
from crawler.reading import Reader, ReadFeed, ReadPage, ReadSection, ReadSitemap
from crawler.reading import reader as module
from crawler.reading.process import answer, read
from crawler.reading.tasks import AnyTask, Task
from crawler.reading.wire import READ, REFUSED

POISON = Path(__file__).parent / "poison"
URL = "http://gazette.example/news/1"
NOW = datetime(2031, 3, 14, 12, tzinfo=UTC)
Result = TypeVar("Result")

FEED = b"""<rss version="2.0"><channel><title>Gazette</title><ttl>30</ttl><item><title>Ferry</title>
<link>http://gazette.example/ferry</link><pubDate>Fri, 14 Mar 2031 11:00:00 GMT</pubDate></item></channel></rss>"""


SENTENCE = "the ferry to Corrin ran again, full of islanders who had waited nine days for it."
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
APPEAL = "The Gazette belongs to its readers. Help us with five crowns a month."


def page(words: str = "") -> bytes:
    """An article that says so."""
    text = "The ferry to Corrin runs again after nine days, and the harbour master is pleased about it. " * 4
    return f"<html><title>Ferry runs again</title><article><h1>Ferry</h1><p>{text}</p><p>{words}</p>".encode()


def page_task(url: str = URL) -> ReadPage:
    """To read it, but for a line that its outlet repeats."""
    headers = {"x-robots-tag": ["noai", "otherbot: noindex"]}
    entry = Entry(url, "Ferry", authors=("Jo Quill",))
    repeats = Repeats(frozenset(fingerprints([APPEAL])))
    return ReadPage(url, "text/html; charset=utf-8", entry, {}, NOW, headers, "Storywatch", repeats)


def play(story: Coroutine[Any, Any, Result]) -> Result:
    """Play a story to its end."""
    return asyncio.run(story)


@pytest.fixture
def poisonous(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let certain words break the parsers, after a second of CPU at most."""
    monkeypatch.syspath_prepend(str(POISON))
    monkeypatch.setenv("POISON_ONCE", str(tmp_path / "once"))


@pytest.mark.parametrize(
    ("task", "body"),
    [
        (page_task(), page()),
        (ReadFeed(URL, {"content-type": "application/rss+xml"}, NOW), FEED),
        (ReadSitemap(URL, NOW), b"<urlset><url><loc>http://gazette.example/a</loc></url></urlset>"),
        (ReadSection(URL, {}, {}), b'<a href="/news/ferry-runs-again-after-nine-days-4711">Ferry runs again</a>'),
    ],
    ids=lambda value: type(value).__name__,
)
def test_all_that_is_read_comes_over_whole(task: Task[Any], body: bytes) -> None:
    """What the process answers is, field by field, what the parser returns here."""

    async def story() -> object:
        async with Reader() as reader:
            return await reader.read(task, body)

    assert play(story()) == read(cast(AnyTask, task), body)


def test_refusals_come_over_as_they_are() -> None:
    """A parser's own error has its family, reason and words; the process goes on."""

    async def story() -> None:
        async with Reader() as reader:
            with pytest.raises(ExtractionError, match="only 0 words") as refused:
                await reader.read(page_task(), b"<p>Hello there")
            assert refused.value.reason == "no-text"
            with pytest.raises(DiscoveryError):
                await reader.read(ReadFeed(URL, {}, NOW), b"no feed at all")
            assert (await reader.read(page_task(), page())).article.headline == "Ferry"

    play(story())


def test_what_the_outlet_repeats_is_left_out() -> None:
    """The worker names it, and hears of all lines of the page, those that are out as well."""

    async def story() -> None:
        async with Reader() as reader:
            text = "".join(f"<p>{words}</p>" for words in (*(f"On {day} {SENTENCE}" for day in DAYS), APPEAL))
            body = f"<html><head></head><body><article><h1>Ferry</h1>{text}</article></body></html>".encode()
            reading = await reader.read(page_task(), body)
            assert APPEAL not in (reading.article.articleBody or APPEAL)
            assert reading.lines[-1:] == fingerprints([APPEAL])
            assert reading.whole_hash != content_hash(reading.article)

    play(story())


@pytest.mark.usefixtures("poisonous")
@pytest.mark.parametrize(
    ("words", "reason", "how"),
    [
        ("POISON-CRASH", "parser-crashed", r"killed the parser \(SIGSEGV\), twice"),
        ("POISON-HANG", "parser-hung", r"over 10 s of CPU"),
        ("POISON-MEMORY", "parser-memory", r"over 600 MB of memory"),
    ],
)
def test_poison_is_told_and_the_next_is_read(words: str, reason: str, how: str) -> None:
    """A page that crashes, hangs or bloats its parser is a PoisonError that names it; the pages beside it are read."""

    async def story() -> None:
        async with Reader() as reader:
            bodies = [page(), page(words), page()]
            tasks = (reader.read(page_task(f"{URL}{n}"), body) for n, body in enumerate(bodies))
            first, poison, last = await asyncio.gather(*tasks, return_exceptions=True)
            assert isinstance(first, PageReading)
            assert isinstance(last, PageReading)
            assert isinstance(poison, PoisonError)
            assert poison.reason == reason
            with pytest.raises(PoisonError, match=f"^{URL}1: reading it .*{how}"):
                raise poison

    play(story())


@pytest.mark.usefixtures("poisonous")
def test_a_poisonous_feed_is_told_likewise() -> None:
    """Not only pages: every body is read over there."""

    async def story() -> None:
        async with Reader() as reader:
            with pytest.raises(PoisonError, match="SIGSEGV"):
                await reader.read(ReadFeed(URL, {}, NOW), FEED.replace(b"Ferry", b"POISON-CRASH"))

    play(story())


@pytest.mark.usefixtures("poisonous")
def test_who_waits_without_using_the_cpu_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """A parser that sleeps for ever is hung, too."""
    monkeypatch.setattr(module, "LONGEST_S", 1.0)

    async def story() -> None:
        async with Reader() as reader:
            with pytest.raises(PoisonError) as poison:
                await reader.read(page_task(), page("POISON-SLEEP"))
            assert poison.value.reason == "parser-silent"
            await reader.read(page_task(), page())

    play(story())


@pytest.mark.usefixtures("poisonous")
def test_one_death_may_be_an_accident() -> None:
    """What killed its process once is read by a fresh one: the page need not be to blame."""

    async def story() -> None:
        async with Reader() as reader:
            assert (await reader.read(page_task(), page("POISON-ONCE"))).article.headline == "Ferry"

    play(story())


@pytest.mark.usefixtures("poisonous")
def test_a_bug_of_ours_comes_with_its_traceback() -> None:
    """An exception outside a parser's family is no answer of any page."""

    async def story() -> None:
        async with Reader() as reader:
            with pytest.raises(
                RuntimeError, match=r"(?s)^http://gazette.example/news/1: Traceback.*KeyError: 'poison'"
            ):
                await reader.read(page_task(), page("POISON-BUG"))
            await reader.read(page_task(), page())

    play(story())


@pytest.mark.usefixtures("poisonous")
def test_a_frozen_process_is_not_hung() -> None:
    """Stopped for longer than a page may take and thawed again (a suspended laptop), it reads on."""

    async def story() -> None:
        async with Reader() as reader:
            await reader.read(page_task(), page())
            pid = children()[0]
            os.kill(pid, signal.SIGSTOP)
            reading = asyncio.ensure_future(reader.read(page_task(), page()))
            await asyncio.sleep(2.5)
            assert not reading.done()
            os.kill(pid, signal.SIGCONT)
            assert (await reading).article.headline == "Ferry"
            assert children() == [pid]

    play(story())


def test_a_process_that_stays_frozen_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Though it never took the whole body: after a time another reads it, and nothing hangs at the end."""
    monkeypatch.setattr(module, "LONGEST_S", 1.0)

    async def story() -> None:
        async with Reader() as reader:
            await reader.read(page_task(), page())
            os.kill(children()[0], signal.SIGSTOP)
            with pytest.raises(ExtractionError, match="only 0 words"):
                await reader.read(page_task(), b"<p>" + b"<!-- long -->" * 300_000)
            os.kill(children()[0], signal.SIGSTOP)

    play(asyncio.wait_for(story(), 15))
    assert children() == []


def test_who_is_closed_reads_no_more() -> None:
    """At the end of a crawl what is being read, and what waits for its turn, is told so; no process is left."""

    async def story() -> None:
        reader = Reader()
        await reader.read(page_task(), page())
        os.kill(children()[0], signal.SIGSTOP)
        under_way = [asyncio.ensure_future(reader.read(page_task(), page())) for _ in range(2)]
        await asyncio.sleep(0.1)
        await reader.close()
        for reading in under_way:
            with pytest.raises(ReaderError, match="The crawl ends"):
                await reading
        assert children() == []

    play(story())


@pytest.mark.usefixtures("poisonous")
def test_a_process_short_of_memory_refuses_nothing() -> None:
    """To a parser a failed allocation looks like a broken page. A process that came near its bound judges no page;
    a fresh one does.
    """

    async def story() -> None:
        async with Reader() as reader:
            await reader.read(page_task(), page("POISON-BLOAT"))
            (bloated,) = children()
            with pytest.raises(ExtractionError, match="only 0 words"):
                await reader.read(page_task(), b"<p>Hello there")
            assert children() != [bloated]

    play(story())


def test_who_gave_up_waiting_gets_no_one_elses_answer() -> None:
    """A cancelled reading takes its process along, so that its answer is not taken for the next one's."""

    async def story() -> None:
        async with Reader() as reader:
            await reader.read(page_task(), page())
            reading = asyncio.ensure_future(reader.read(page_task(), page("slow</p><p>" * 50_000)))
            await asyncio.sleep(0.02)
            reading.cancel()
            with pytest.raises(asyncio.CancelledError):
                await reading
            after = await reader.read(page_task(), page())
            assert "slow" not in (after.article.articleBody or "slow")

    play(story())


def test_no_process_outlives_its_worker() -> None:
    """Closed, the reader leaves no process; nor does a worker that is killed."""

    async def story() -> None:
        async with Reader() as reader:
            await reader.read(page_task(), page())
            assert len(children()) == 1

    play(story())
    assert children() == []
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    )
    assert worker.stdout is not None
    pid = int(worker.stdout.readline())
    worker.kill()
    worker.wait()
    worker.stdout.close()
    deadline = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists() and "State:\tZ" not in Path(f"/proc/{pid}/status").read_text():
        assert time.monotonic() < deadline, "it is still there"
        time.sleep(0.02)


WORKER = """
import asyncio
from tests.reading.test_reader import Reader, children, page, page_task

async def main():
    reader = Reader()
    await reader.read(page_task(), page())
    print(children()[0], flush=True)
    await asyncio.sleep(100)

asyncio.run(main())
"""


@pytest.mark.usefixtures("poisonous")
def test_a_process_that_does_not_start_is_no_page_s_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing can be read on this machine: told as such, with the command to see why."""
    monkeypatch.setenv("POISON_START", "1")

    async def story() -> None:
        async with Reader() as reader:
            with pytest.raises(ReaderError, match=r"ended at its start \(exit code 1\)"):
                await reader.read(page_task(), page())

    play(story())


@given(body=st.binary(max_size=300), start=st.sampled_from([b"", b"<html><p>", b"<rss><channel>", b"<?xml"]))
def test_arbitrary_bytes_are_read_or_refused(body: bytes, start: bytes) -> None:
    """Whatever comes, the answer is a reading or an error of the parser's family, and can be sent."""
    for task in (page_task(), ReadFeed(URL, {}, NOW), ReadSitemap(URL, NOW), ReadSection(URL, {}, {})):
        assert answer(task, start + body)[0] in (READ, REFUSED)


def children() -> list[int]:
    """Process ids of the living children of this process that read."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, _, rest = status.read_text().partition(" ")
            state, parent = rest.rpartition(")")[2].split()[:2]
            reads = b"crawler.reading.process" in status.with_name("cmdline").read_bytes()
        except OSError:
            continue
        if int(parent) == os.getpid() and state != "Z" and reads:
            found.append(int(pid))
    return found
