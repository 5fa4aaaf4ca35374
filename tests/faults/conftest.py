"""How much to try, and on what."""

import os
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from tests.faults.scenes import Scene, two_scenes
from tests.faults.stage import Stage

Tell = Callable[[str], None]


@pytest.fixture
def thorough() -> bool:
    """Whether to try every case (FAULTS=all) or a spread that fits into a usual test run."""
    return os.environ.get("FAULTS") == "all"


@pytest.fixture
def tell(thorough: bool, capsys: pytest.CaptureFixture[str]) -> Tell:
    """Print a line: at once in a long run, that somebody watches; else with the output of the test."""

    def tell(line: str) -> None:
        with capsys.disabled() if thorough else nullcontext():
            print(line, flush=True)

    return tell


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A stage of its own for the test."""
    with Stage(tmp_path) as stage:
        yield stage


@pytest.fixture(scope="session")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> list[Scene]:
    """What undisturbed passes do."""
    with Stage(tmp_path_factory.mktemp("rehearsal")) as stage:
        return two_scenes(stage)


@pytest.fixture
def first_look(scenes: list[Scene], stage: Stage) -> Scene:
    """The first of them, about to begin."""
    stage.restore(scenes[0].before)
    return scenes[0]
