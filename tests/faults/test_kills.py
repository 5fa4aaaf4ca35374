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

import pytest

from tests.faults.conftest import Tell
from tests.faults.proxy import Moment
from tests.faults.scenes import Case, Scene, kill_and_run_again
from tests.faults.stage import Stage

pytestmark = pytest.mark.alone

Chosen = TypeVar("Chosen")

SPREAD = 24
MOMENTS = get_args(Moment)

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
