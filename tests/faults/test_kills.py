"""Guarantees 1 and 2 under SIGKILL: nothing is lost, nothing comes twice, wherever a crawl is killed."""

import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from queue import SimpleQueue
from typing import TypeVar, get_args

from crawler.newsroom import synthetic
from tests.faults.conftest import Tell
from tests.faults.proxy import Moment
from tests.faults.scenes import HOURS_MS, Case, Scene, kill_and_run_again, rehearse
from tests.faults.stage import Stage

Chosen = TypeVar("Chosen")

SPREAD = 40
MOMENTS = get_args(Moment)

# Leases are lost more often than any page may fail; rechecks are another test's.
HAUNTED = {"LEASE_DEATHS": "10", "RECHECK_AFTER": "1d"}

AT_ONCE = 2  # a case is two crawls, one after the other; each takes a core


def test_kill_at_every_store_command(scenes: list[Scene], tmp_path: Path, thorough: bool, tell: Tell) -> None:
    """Killed at any command, before the store sees it or after its reply, and run again with once=1: each entry ends
    in its one outcome, each revision is published once, and no page is asked for more than twice.
    """
    every = [
        Case(scene, number, moment) for scene in scenes for number in range(1, scene.commands + 1) for moment in MOMENTS
    ]
    cases = every if thorough else spread(every, SPREAD)
    tell(f"\n{len(cases)} of {len(every)} kills: " + ", ".join(f"{s.name}: {s.commands} commands" for s in scenes))
    began, killed, failures = time.monotonic(), Counter[str | None](), []
    for case, result in play(cases, tmp_path):
        if isinstance(result, Exception):
            failures.append(f"{case.scene.name}, {case.moment} command {case.number}: {result!r}")
            tell(failures[-1])
        else:
            killed[result] += 1
        done = len(failures) + killed.total()
        if done % 20 == 0:
            tell(f"{done:4} of {len(cases)} after {time.monotonic() - began:.0f} s, {len(failures)} failed")
    over = killed.pop(None, 0)
    tell(f"{killed.total()} killed at {dict(killed)}, {over} were over before, {len(failures)} failed")
    assert failures == []
    assert over <= len(cases) / 10, "most kills must strike, or this proves nothing"


def test_two_workers_killed_at_random_moments(stage: Stage, thorough: bool, tell: Tell) -> None:
    """Two workers share a store; both are killed and replaced while the other goes on, and the clock leaps past every
    lease, also those of the living. A last pass leaves each article published once.
    """
    world = synthetic(outlets=5, articles=60, page_bytes=5_000)
    stage.watch(world)
    scene = rehearse(stage, "sixty articles", world)
    assert scene.outcomes == {"published": 60}
    rounds, began, kills = 50 if thorough else 4, time.monotonic(), 0
    for number in range(rounds):
        kills += haunt(stage, scene, random.Random(number))
        scene.assert_over(stage)
        tell(f"round {number + 1} of {rounds}: {kills} kills after {time.monotonic() - began:.0f} s")
    assert kills >= 2 * rounds, "most kills must strike, or this proves nothing"


def haunt(stage: Stage, scene: Scene, chance: random.Random) -> int:
    """Play a scene with two workers, twice killed each, and run it to its end; return how many kills struck."""
    moments = [[(chance.randint(1, scene.commands // 2), chance.choice(MOMENTS)) for _ in range(2)] for _ in range(2)]
    stage.restore(scene.before)
    with scene.newsroom() as newsroom:

        def live_and_die(kills: list[tuple[int, Moment]]) -> int:
            struck = 0
            for number, moment in kills:
                with stage.proxy() as proxy, stage.crawl(newsroom, HAUNTED, store=proxy.url) as crawl:
                    proxy.strike(number, moment, crawl.kill)
                    assert crawl.end() == (-9 if proxy.struck.is_set() else 0), crawl.log
                    struck += proxy.struck.is_set()
                stage.outlive_leases()
            return struck

        with ThreadPoolExecutor(2) as workers:
            struck = sum(workers.map(live_and_die, moments))
        stage.tally()
        assert Counter(stage.published()) <= scene.published
        stage.advance(HOURS_MS)  # a source whose polls died again and again waits up to 16 minutes
        with stage.crawl(newsroom, HAUNTED) as last:
            assert last.end() == 0, last.log
    return struck


def play(cases: Sequence[Case], folder: Path) -> Iterator[tuple[Case, str | Exception | None]]:
    """Play the cases, some at once, each of those on a stage of its own; yield how each ended."""
    stages = SimpleQueue[Stage]()

    def play_one(case: Case) -> str | None:
        stage = stages.get()
        try:
            return kill_and_run_again(stage, case)
        finally:
            stages.put(stage)

    with ExitStack() as closing:
        for number in range(AT_ONCE):
            stages.put(closing.enter_context(Stage(folder / f"stage-{number}")))
        pool = ThreadPoolExecutor(AT_ONCE)
        closing.callback(pool.shutdown, cancel_futures=True)  # Ctrl-C means all of them
        playing = {pool.submit(play_one, case): case for case in cases}
        for ended in as_completed(playing):
            error = ended.exception()
            yield playing[ended], error if isinstance(error, Exception) else ended.result()


def spread(cases: Sequence[Chosen], many: int) -> list[Chosen]:
    """Choose `many`, evenly: one at random from each of as many parts. The same ones each time."""
    chance = random.Random(1)
    bounds = [len(cases) * part // many for part in range(many + 1)]
    return [chance.choice(cases[start:end]) for start, end in pairwise(bounds)]
