"""Pages and feeds that crash, hang or bloat whoever reads them: they end among the dead, and the worker lives.

`tests/reading/poison` makes the parsers break at certain words, as no page is known that does.
"""

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from crawler.newsroom import Newsroom, World, synthetic
from tests.faults.stage import Stage

POISON = str(Path(__file__).parents[1] / "reading" / "poison")
AFFLICTED = MappingProxyType({"PYTHONPATH": POISON})


def world_with(*words: str) -> World:
    """A press of outlets with an article each, one more than there are words: these stand in the others' articles."""
    world = synthetic(outlets=len(words) + 1, articles=len(words) + 1, page_bytes=0)
    first, *others = world.outlets
    afflicted = (
        replace(outlet, pieces=tuple(replace(piece, paragraphs=(*piece.paragraphs, word)) for piece in outlet.pieces))
        for outlet, word in zip(others, words, strict=True)
    )
    return replace(world, outlets=(first, *afflicted))


def test_poisonous_pages_end_among_the_dead(stage: Stage) -> None:
    """A pass meets a page that crashes the parser, one that hangs it and one that takes all memory. Each is dead, with
    its reason; the same worker publishes the page beside them; nothing is tried for ever.
    """
    world = world_with("POISON-CRASH", "POISON-HANG", "POISON-MEMORY")
    stage.watch(world)
    with Newsroom(world=world) as newsroom, stage.crawl(newsroom, environment=AFFLICTED) as crawl:
        assert crawl.end() == 0, crawl.log
        assert "Traceback" not in crawl.log, crawl.log
    outcomes = stage.closed_books().outcomes
    assert outcomes == {"published": 1, "dead:parser-crashed": 1, "dead:parser-hung": 1, "dead:parser-memory": 1}
    assert {reason: detail.partition(": reading it ")[2] for reason, detail in stage.dead().items()} == {
        "parser-crashed": "killed the parser (SIGSEGV), twice.",
        "parser-hung": "took over 10 s of CPU, which means for ever.",
        "parser-memory": "takes over 600 MB of memory.",
    }


def test_a_mended_parser_reads_them_after_all(stage: Stage) -> None:
    """What is dead waits for the day the parser can bear it: `scrapy dead retry`."""
    world = world_with("POISON-CRASH")
    stage.watch(world)
    with Newsroom(world=world) as newsroom:
        with stage.crawl(newsroom, environment=AFFLICTED) as crawl:
            assert crawl.end() == 0, crawl.log
        assert stage.closed_books().outcomes["dead:parser-crashed"] == 1
        with stage.command("dead", "retry", "--all") as retry:
            assert retry.end() == 0, retry.log
        with stage.crawl(newsroom) as again:
            assert again.end() == 0, again.log
    assert stage.closed_books().outcomes == {"published": 2}


def test_a_poisonous_feed_backs_off(stage: Stage) -> None:
    """A feed that crashes the parser is a failed poll with that reason; the feed beside it is read."""
    world = synthetic(outlets=2, articles=2, page_bytes=0)
    well, ill = world.outlets
    ill = replace(ill, pieces=tuple(replace(piece, headline="POISON-CRASH") for piece in ill.pieces))
    world = replace(world, outlets=(well, ill))
    stage.watch(world)
    with Newsroom(world=world) as newsroom, stage.crawl(newsroom, environment=AFFLICTED) as crawl:
        assert crawl.end() == 0, crawl.log
        assert "1 failed (parser-crashed 1)" in crawl.log
        assert "Traceback" not in crawl.log, crawl.log
    assert stage.closed_books().outcomes == {"published": 1}


def test_a_machine_that_cannot_read_is_nobodys_fault(stage: Stage) -> None:
    """The process that reads does not even start: the crawl ends with exit code 1 and says why; all it had in hand goes
    back, nothing counts as dead, and the next pass on a sane machine does it all.
    """
    world = world_with("and so on")
    stage.watch(world)
    with Newsroom(world=world) as newsroom:
        with stage.crawl(newsroom, environment={**AFFLICTED, "POISON_START": "1"}) as crawl:
            assert crawl.end() == 1, crawl.log
            assert "the process that reads pages ended at its start (exit code 1)" in crawl.log
            assert "Traceback" not in crawl.log, crawl.log
        tally = stage.tally()
        assert (tally.leased, tally.outcomes.total()) == (0, 0)
        with stage.crawl(newsroom) as again:
            assert again.end() == 0, again.log
    assert stage.closed_books().outcomes == {"published": 2}
