"""Guarantee 3 under SIGKILL: wherever the desk is killed, no story event is lost or doubled, no alert is lost, and one
comes twice only where its receiver had accepted it and the desk could not know.
"""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.desk.receiver import Heard, Receiver
from tests.faults.conftest import Tell
from tests.faults.proxy import Moment
from tests.faults.scenes import HOURS_MS, hasty_press, newsroom_of
from tests.faults.stage import Snapshot, Stage
from tests.faults.test_kills import MOMENTS, spread

SPREAD = 16


@dataclass(frozen=True, slots=True)
class Deskwork:
    """What the desk finds, and what must come of it.

    Attributes:
        before: the store at its start; commands: how many the desk sends to it when nobody disturbs it.
        stories: the ids of all story events at its end, in order; alerts: (type, alertId) of all alert events.
        messages: what the receiver hears in the end: body by idempotency key.
    """

    name: str
    before: Snapshot
    commands: int
    stories: list[str]
    alerts: Counter[tuple[str, str]]
    messages: dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Case:
    """A kill of the desk: at which work, at which command, before the store sees it or after its reply."""

    work: Deskwork
    number: int
    moment: Moment


@pytest.fixture(scope="module")
def deskworks(tmp_path_factory: pytest.TempPathFactory) -> list[Deskwork]:
    """A first look's articles; then, two hours later, a follow-up for an edit, and another outlet's report."""
    with Stage(tmp_path_factory.mktemp("rehearsal")) as stage:
        world = hasty_press()
        with newsroom_of(world) as newsroom, stage.crawl(newsroom) as crawl:
            assert crawl.end() == 0, crawl.log
        first = rehearse(stage, "first look")
        stage.advance(2 * HOURS_MS)
        with newsroom_of(world, ("homecoming", "recount", "reaction")) as newsroom, stage.crawl(newsroom) as crawl:
            assert crawl.end() == 0, crawl.log
        return [first, rehearse(stage, "two hours later")]


def test_kill_the_desk_at_every_store_command(
    deskworks: list[Deskwork], stage: Stage, thorough: bool, tell: Tell
) -> None:
    """Killed at any command and run again: the same story events, once each, and every alert at its receiver, with the
    same words under the same key wherever it came twice.
    """
    every = [Case(work, n, moment) for work in deskworks for n in range(1, work.commands + 1) for moment in MOMENTS]
    cases = every if thorough else spread(every, SPREAD)
    tell(f"\n{len(cases)} of {len(every)} kills of the desk: {[(work.name, work.commands) for work in deskworks]}")
    began, killed, repeats = time.monotonic(), Counter[str](), 0
    for done, case in enumerate(cases, 1):
        at, again = kill_and_run_again(stage, case)
        killed[at] += 1
        repeats += again
        if done % 20 == 0:
            tell(f"{done:4} of {len(cases)} after {time.monotonic() - began:.0f} s, {repeats} repeats")
    tell(f"killed at {dict(killed)}; {repeats} alerts repeated")
    assert killed["over"] <= len(cases) / 10, "most kills must strike, or this proves nothing"


def test_a_receiver_that_fails_hears_it_again(deskworks: list[Deskwork], stage: Stage) -> None:
    """It answers 500, hangs up after it has read, then takes it: the same words, the same key, one alert in the stream
    for each.
    """
    work = deskworks[0]
    stage.restore(work.before)
    with Receiver() as receiver:
        receiver.script(500, "drop")
        with stage.desk(receiver) as desk:
            assert desk.end() == 0, desk.log
        assert_told(stage, work, receiver.heard)
        assert len(receiver.heard) == len(work.messages) + 2
        assert "Traceback" not in desk.log, desk.log


def test_a_second_desk_waits_or_says_who_has_it(deskworks: list[Deskwork], stage: Stage) -> None:
    """While one desk waits for a slow receiver, a pass of another ends soon, does nothing, and names who has it."""
    stage.restore(deskworks[0].before)
    with Receiver() as receiver:
        receiver.script("hang", "hang", "hang")
        with stage.desk(receiver) as busy:
            while not receiver.heard:
                assert busy.process.poll() is None, busy.log
                time.sleep(0.05)
            with stage.desk(receiver) as other:
                assert other.end(20) == 0, other.log
            assert "has the desk, and makes the stories." in other.log
            busy.kill()
    assert len(stage.events("stories")) == len(deskworks[0].stories)


def rehearse(stage: Stage, name: str) -> Deskwork:
    """Play the desk's work undisturbed, to know its end."""
    before = stage.snapshot()
    with Receiver() as receiver, stage.proxy() as proxy:
        with stage.desk(receiver, store=proxy.url) as desk:
            assert desk.end() == 0, desk.log
        work = Deskwork(
            name,
            before,
            len(proxy.commands),
            [event["id"] for event in stage.events("stories")],
            results(stage),
            {str(heard.key): heard.body for heard in receiver.heard},
        )
        assert work.messages, desk.log
        assert_told(stage, work, receiver.heard)
        return work


def kill_and_run_again(stage: Stage, case: Case) -> tuple[str, int]:
    """Play a case; return the name of the command it was killed at, and how many alerts came twice."""
    stage.restore(case.work.before)
    with Receiver() as receiver:
        with stage.proxy() as proxy:
            with stage.desk(receiver, store=proxy.url) as desk:
                proxy.strike(case.number, case.moment, desk.kill)
                code = desk.end()
            struck = proxy.struck.is_set()
            assert code == (-9 if struck else 0), desk.log
            crossed_off = {alert for _, alert in results(stage)}
        accepted = [str(heard.key) for heard in receiver.heard]
        assert len(accepted) == len(set(accepted))
        stage.outlive_leases()
        with stage.desk(receiver) as again:
            assert again.end() == 0, again.log
        assert_told(stage, case.work, receiver.heard)
        heard = Counter(str(one.key) for one in receiver.heard)
        twice = {key for key, times in heard.items() if times > 1}
        assert max(heard.values(), default=1) <= 2
        assert twice <= set(accepted) - crossed_off, "sent again though it was known to have arrived"
        return (proxy.commands[case.number - 1] if struck else "over"), len(twice)


def assert_told(stage: Stage, work: Deskwork, heard: list[Heard]) -> None:
    """See that all is told as it should be: in the streams once, at the receiver at least once, always the same."""
    assert [event["id"] for event in stage.events("stories")] == work.stories
    assert results(stage) == work.alerts
    assert stage.client.hlen("storywatch:outbox") == 0
    bodies = list(distinct(heard))
    assert len(bodies) == len(dict(bodies)), "one key, two texts"
    assert dict(bodies) == work.messages


def distinct(heard: list[Heard]) -> Iterator[tuple[str, bytes]]:
    """Each (key, body) once."""
    yield from dict.fromkeys((str(one.key), one.body) for one in heard)


def results(stage: Stage) -> Counter[tuple[str, str]]:
    """What became of each alert, once each."""
    events: list[dict[str, Any]] = stage.events("alerts")
    found = Counter((event["type"], event["data"]["alertId"]) for event in events)
    assert max(found.values(), default=1) == 1, "an alert's end is told twice"
    return found
