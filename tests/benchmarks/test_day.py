"""The benchmark of a crawl's day does its work in a short one. No test judges memory."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from benchmarks.day import Hour, live, quarters, report, resident_of, world_of

HELD = 30_000_000  # bytes; the kernel's quick figures are some hundred kilobytes off


def test_two_hours_are_lived_through() -> None:
    """Sources are polled in each hour, every article comes out, and each process says what it takes."""
    hours = live(sources=3, hours=2, every="30m")
    assert all(hour.polls >= 3 for hour in hours)
    appeared = sum(step.action == "publish" for step in world_of(3, 2).steps)
    assert sum(hour.articles for hour in hours) >= appeared == 3
    assert all(hour.resident.keys() == {"crawl", "desk", "store"} for hour in hours)
    assert all(size > 1_000_000 for hour in hours for size in hour.resident.values())


def test_articles_appear_over_the_day() -> None:
    """Three a source; the one that a first look finds is too old to be fetched."""
    world = world_of(50, 24)
    appear = [step.at for step in world.steps if step.action == "publish"]
    assert len(appear) == 150
    assert appear == sorted(appear)
    assert all(any(timedelta(hours=h) <= at < timedelta(hours=h + 1) for at in appear) for h in range(22))
    assert all(outlet.pieces[0].age > timedelta(days=1) and not outlet.pieces[0].held for outlet in world.outlets)


def test_the_memory_of_a_process_is_that_of_its_session() -> None:
    """A helper that it started counts, too, in whatever group."""
    helper = f"import sys; held = b'x' * {HELD}; print('up', flush=True); sys.stdin.read()"
    starts_it = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {helper!r}], process_group=0)"
    command = [sys.executable, "-c", starts_it]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        alone = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        assert resident_of(process.pid) > alone + HELD
        process.communicate()
    assert resident_of(process.pid) == 0


def test_the_desk_may_grow_with_its_articles() -> None:
    """By how much an article is told, over all but the first quarter."""
    hours = [Hour(10, 5, {"crawl": 100, "desk": size}) for size in (1_000, 21_000, 41_000, 121_000)]
    assert report(hours).endswith("The desk takes 10 kB for each article that it remembers.")


@pytest.mark.parametrize(("last", "verdict"), [(104, "flat."), (106, "NOT FLAT.")])
def test_the_report_says_whether_memory_is_flat(last: int, verdict: str) -> None:
    """The last quarter by the second: what the first brings in (imports, caches) does not count."""
    hours = [Hour(10, 5, {"crawl": size}) for size in (50, 100, 100, last)]
    assert quarters(hours, "crawl") == last / 100
    assert report(hours).endswith(verdict)
