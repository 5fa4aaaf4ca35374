"""What is installed, locked and shipped, and what the files around the code promise."""

import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
import time
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.test_embedded import wait_until

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    """The wheel, built from a copy: setuptools leaves its own files beside what it builds."""
    copy, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    for name in ("crawler", "pipelines", "settings"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*build, "--wheel-dir", out, copy], check=True)
    (path,) = out.glob("*.whl")
    with zipfile.ZipFile(path) as opened:
        yield opened


def test_the_wheel_holds_only_the_crawler(wheel: zipfile.ZipFile) -> None:
    """No top-level `settings` or `pipelines` for other people's site-packages, but all that the crawler reads."""
    names = set(wheel.namelist())
    assert {name.split("/")[0].split("-")[0] for name in names} == {"crawler", "storywatch"}
    sources = {path for path in (ROOT / "crawler").rglob("*") if path.is_file() and path.suffix != ".pyc"}
    assert {str(path.relative_to(ROOT)) for path in sources} <= names


def test_the_licence_is_shipped(wheel: zipfile.ZipFile) -> None:
    """The wheel carries the licence that pyproject.toml names."""
    (path,) = (name for name in wheel.namelist() if name.endswith("/licenses/LICENSE"))
    licence = wheel.read(path).decode()
    assert "Apache License" in licence
    assert "END OF TERMS AND CONDITIONS" in licence


@pytest.mark.parametrize("name", LOCKS)
def test_locks_hold_versions_and_hashes_only(name: str) -> None:
    """No registry's host, no option and no path of the machine that made it: pip decides where packages come from."""
    requirement = r"[a-z0-9-]+(\[[a-z0-9,-]+\])?==[\w.+!]+( ; [^\\/]+)? \\"
    digest = r"    --hash=sha256:[0-9a-f]{64}( \\)?"
    reason = r"    #( via)?( +(-c )?[\w.-]+( \(pyproject\.toml(:dev)?\))?)?"
    known = re.compile(f"{requirement}|{digest}|{reason}")
    for number, line in enumerate((ROOT / name).read_text().splitlines(), 1):
        assert known.fullmatch(line), f"{name}:{number}: {line}"


def test_locks_cover_what_pyproject_asks_for() -> None:
    """After a change of the dependencies somebody ran `make lock`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked_by_lock = {
        "requirements.lock": project["project"]["dependencies"],
        "requirements-dev.lock": project["project"]["dependencies"] + project["dependency-groups"]["dev"],
    }
    for name, asked in asked_by_lock.items():
        missing = {package(line) for line in asked} - locked(name).keys()
        assert not missing, f"{name}: run `make lock`"


def test_development_runs_on_the_versions_that_are_shipped() -> None:
    """What both locks hold, they hold in the same version."""
    runtime, development = (locked(name) for name in LOCKS)
    assert runtime.items() <= development.items()


def test_make_lists_its_targets() -> None:
    """`make` alone lists every target, and every target says what it is for."""
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert phony is not None
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert phony[1].split() == re.findall(r"^  (\w+)  +\w", listed, re.MULTILINE)


def test_make_names_a_python_that_is_too_old(tmp_path: Path) -> None:
    """An old Python is told apart before anything is made, with what to type instead."""
    old = tmp_path / "python2"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 2.7.18 && exit 0\nexit 1\n')
    old.chmod(0o755)
    command = ["make", "-f", f"{ROOT}/Makefile", ".venv/bin/python", f"PYTHON={old}"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "needs Python 3.11 or later" in done.stdout
    assert "Python 2.7.18" in done.stdout
    assert not (tmp_path / ".venv").exists()


def test_every_variable_of_the_compose_file_is_in_the_example() -> None:
    """.env.example lists what docker-compose.yml takes from the environment, and nothing else."""
    used = re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text())
    listed = re.findall(r"^(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert set(used) == set(listed)


def test_the_schedule_repeats_passes_and_ends_the_one_that_runs(tmp_path: Path) -> None:
    """deploy/schedule.sh starts one pass after the other, tells a failed one, and hands SIGTERM on to it."""
    log = tmp_path / "log"
    fake_scrapy(
        tmp_path,
        f"""
        nap=
        trap '[ -z "$nap" ] || kill $nap; echo ended >> {log}; exit 0' TERM
        echo "$@" >> {log}
        [ $(wc -l < {log}) = 2 ] || exit 3
        sleep 60 & nap=$!
        wait
        """,
    )
    with schedule(tmp_path, "0") as running:
        wait_until(lambda: log.exists() and log.read_text() == "crawl watch -a once=1\n" * 2)
        running.send_signal(signal.SIGTERM)
        _, complaint = running.communicate()
    assert running.returncode == 0
    assert complaint == "This pass ended with exit code 3.\n"
    assert log.read_text().endswith("ended\n")


def test_the_schedule_ends_between_passes_too(tmp_path: Path) -> None:
    """SIGTERM while it waits for the next pass ends it at once."""
    fake_scrapy(tmp_path, f"touch {tmp_path}/passed")
    with schedule(tmp_path, "3600") as running:
        wait_until((tmp_path / "passed").exists)
        started = time.monotonic()
        running.send_signal(signal.SIGTERM)
        running.communicate()
    assert running.returncode == 0
    assert time.monotonic() - started < 5


def test_the_schedule_refuses_what_is_no_number(tmp_path: Path) -> None:
    """A SCHEDULE_SECONDS like "15m" is named, with what to write instead."""
    with schedule(tmp_path, "15m") as running:
        _, complaint = running.communicate()
    assert running.returncode == 2
    assert complaint == 'SCHEDULE_SECONDS: "15m" is not a number of seconds. Write 900 for every 15 minutes.\n'


def package(requirement: str) -> str:
    """Return the normalised name of what a requirement asks for (PEP 503)."""
    name = re.match(r"[\w.-]+", requirement)
    assert name is not None
    return re.sub(r"[-_.]+", "-", name[0]).lower()


def locked(name: str) -> dict[str, str]:
    """Return the packages of a lock with their versions."""
    lines = re.findall(r"^([a-z0-9-]+)\S*==(\S+)", (ROOT / name).read_text(), re.MULTILINE)
    return dict(lines)


def fake_scrapy(folder: Path, script: str) -> None:
    """Put a `scrapy` into a folder for the PATH."""
    (folder / "scrapy").write_text(f"#!/bin/sh\n{textwrap.dedent(script)}\n")
    (folder / "scrapy").chmod(0o755)


def schedule(path: Path, seconds: str) -> "subprocess.Popen[str]":
    """Start deploy/schedule.sh with the `scrapy` of a folder."""
    return subprocess.Popen(
        [ROOT / "deploy" / "schedule.sh"],
        env={"PATH": f"{path}:{os.environ['PATH']}", "SCHEDULE_SECONDS": seconds},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
