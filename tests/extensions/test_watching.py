"""The stamp of a watchlist's files: it changes with each edit, however an editor writes, and with nothing else."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.extensions.watching import stamp_of

OLD, NEW = '[[topic]]\nname = "dam"\n', '[[topic]]\nname = "bay"\n'  # of the same length


def rename(folder: Path) -> None:
    """As editors do: write beside it, then put that in its place. Its times are those of the old one."""
    other, file = folder / "topics.toml~", folder / "topics.toml"
    other.write_text(NEW)
    times = file.stat()
    os.utime(other, ns=(times.st_atime_ns, times.st_mtime_ns))
    other.rename(file)


def append(folder: Path) -> None:
    """Write a little more."""
    with (folder / "topics.toml").open("a") as file:
        file.write("#")


def lock(folder: Path) -> None:
    """Nobody may read it."""
    (folder / "topics.toml").chmod(0)


def vanish(folder: Path) -> None:
    """The whole folder goes."""
    folder.rename(folder.parent / "gone")


EDITS: list[Callable[[Path], object]] = [
    append,
    rename,
    lock,
    vanish,
    lambda folder: (folder / "topics.toml").unlink(),
    lambda folder: (folder / "topics.toml").rename(folder / "a.toml"),
    lambda folder: (folder / "more.toml").write_text(""),
]


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_changes_it(tmp_path: Path, edit: Callable[[Path], object]) -> None:
    """Whatever becomes of the folder or a file in it, another stamp tells."""
    folder = tmp_path / "watchlist"
    folder.mkdir()
    (folder / "topics.toml").write_text(OLD)
    before = stamp_of(folder)
    assert before == stamp_of(folder) != ()
    edit(folder)
    assert stamp_of(folder) != before


def test_a_link_to_another_file_changes_it(tmp_path: Path) -> None:
    """As when a release is put in another's place that was unpacked in the same moment: the inode alone tells."""
    for number in range(20):  # of two files written one after the other most have the same times
        link, old, new = (tmp_path / f"{number}-{name}" for name in ("link.toml", "old.toml", "new.toml"))
        old.write_text(OLD)
        new.write_text(NEW)
        for file in (old, new):
            os.utime(file, (0, 0))
        link.symlink_to(old)
        before = stamp_of(link)
        link.unlink()
        link.symlink_to(new)
        assert stamp_of(link) != before


@pytest.mark.parametrize("name", ["notes.txt", "topics.toml~", ".#topics.toml", ".topics.toml.swp"])
def test_what_is_no_part_of_it_leaves_it_alone(tmp_path: Path, name: str) -> None:
    """What editors keep beside a file, and what else lies there."""
    (tmp_path / "topics.toml").write_text(OLD)
    before = stamp_of(tmp_path)
    (tmp_path / name).write_text(NEW)
    assert stamp_of(tmp_path) == before


def test_one_file(tmp_path: Path) -> None:
    """A watchlist may be a file; one that is not there has no stamp, and may appear."""
    path = tmp_path / "watchlist.toml"
    assert stamp_of(path) == ()
    path.write_text(OLD)
    assert stamp_of(path) != ()
