"""`scrapy store`, as its user meets it."""

import gzip
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import redis

from crawler.store.embedded import open_embedded
from tests.store.test_embedded import is_stopped, wait_until

ROOT = Path(__file__).parents[2]


def test_store_run_keeps_the_store_up_until_it_is_told_to_stop(tmp_path: Path) -> None:
    """It tells where the store is; other programs may connect; on SIGTERM it ends with 0 and the store stops."""
    state_dir = tmp_path / "state"
    with store_run(state_dir) as command:
        assert command.stdout is not None
        assert command.stderr is not None
        assert command.stdout.readline() == f"The store is up at {state_dir}/valkey.sock\n"
        with redis.Redis.from_url(f"unix://{state_dir}/valkey.sock") as client:
            assert client.ping()
        command.send_signal(signal.SIGTERM)
        advice, complaint = command.stdout.read(), command.stderr.read()
    assert (command.returncode, complaint) == (0, "")
    assert f"redis-cli -s {state_dir}/valkey.sock XRANGE storywatch:articles" in advice
    wait_until(lambda: is_stopped(state_dir))


def test_store_run_has_nothing_to_run_beside_a_redis(tmp_path: Path) -> None:
    """With REDIS_URL set it says so, starts nothing, and ends with 2: bad configuration."""
    with store_run(tmp_path / "state", REDIS_URL="redis://localhost:1") as command:
        _, complaint = command.communicate()
    assert command.returncode == 2
    assert complaint.startswith("REDIS_URL: names the store, so there is nothing to run.")
    assert not (tmp_path / "state").exists()


def test_a_store_is_moved_by_file_and_by_pipe(tmp_path: Path) -> None:
    """Gzipped by its name, private like the store, and read back as it is; each says on stderr what went over."""
    fill(tmp_path / "old")
    file = tmp_path / "dump.jsonl.gz"
    wrote = store(tmp_path / "old", "dump", str(file))
    assert (wrote.returncode, wrote.stdout, wrote.stderr) == (0, b"", b"dumped: " + SUMMARY)
    assert gzip.decompress(file.read_bytes()).startswith(b'{"storywatch-dump":1,')
    assert file.stat().st_mode & 0o777 == 0o600
    piped = store(tmp_path / "old", "dump")
    for name, dumped in (("by-file", [str(file)]), ("by-pipe", [])):
        read = store(tmp_path / name, "load", *dumped, sent=piped.stdout)
        assert (read.returncode, read.stdout, read.stderr) == (0, b"", b"loaded: " + SUMMARY)
        with open_embedded(tmp_path / name) as moved, redis.Redis.from_url(moved.url) as client:
            assert client.dbsize() == 1
            assert client.get("storywatch:article:a") == b"x"


def test_a_dump_that_fails_leaves_the_older_file(tmp_path: Path) -> None:
    """And nothing beside it."""
    with open_embedded(tmp_path / "old") as old, redis.Redis.from_url(old.url) as client:
        client.rpush("storywatch:theirs", "x")
    file = tmp_path / "dump.jsonl"
    file.write_text("monday's")
    failed = store(tmp_path / "old", "dump", str(file))
    assert failed.returncode == 1
    assert b"storywatch:theirs is a list" in failed.stderr
    assert file.read_text() == "monday's"
    assert list(tmp_path.glob("dump*")) == [file]


def test_a_reader_that_leaves_makes_a_dump_fail(tmp_path: Path) -> None:
    """`scrapy store dump | ssh ...` must not look as if it had worked."""
    fill(tmp_path / "old")
    reader, writer = os.pipe()
    os.close(reader)
    with subprocess.Popen(command("dump", tmp_path / "old"), cwd=ROOT, stdout=writer, stderr=subprocess.PIPE) as left:
        os.close(writer)
        _, complaint = left.communicate()
    assert (left.returncode, complaint.count(b"\n")) == (1, 1)
    assert complaint.startswith(b"standard output: Broken pipe.")


@pytest.mark.parametrize("file", ["missing.jsonl", "folder", "/dev/null"])
def test_a_file_that_cannot_be_used_is_told(tmp_path: Path, file: str) -> None:
    """In one line, with its name; nothing in its place is touched."""
    (tmp_path / "folder").mkdir()
    path = tmp_path / file
    failed = store(tmp_path / "state", "load" if file == "missing.jsonl" else "dump", str(path))
    assert (failed.returncode, failed.stderr.count(b"\n")) == (1, 1)
    assert failed.stderr.startswith(f"{path}: ".encode())
    assert path.is_dir() or path.is_char_device() or not path.exists()


def test_other_commands_refuse_a_store_that_is_half_loaded(tmp_path: Path) -> None:
    """With the mend, which works."""
    fill(tmp_path / "old")
    dumped = store(tmp_path / "old", "dump").stdout
    with open_embedded(tmp_path / "new") as new, redis.Redis.from_url(new.url) as client:
        client.set("storywatch:loading", "the token of a load that was killed")
        client.set("storywatch:article:b", "its remains")
    refused = store(tmp_path / "new", "dump")
    assert refused.returncode == 1
    assert b"scrapy store load FILE begins anew" in refused.stderr
    assert store(tmp_path / "new", "load", sent=dumped).returncode == 0
    assert store(tmp_path / "new", "dump").stderr == b"dumped: " + SUMMARY


SUMMARY = b"entries waiting 0, articles 1, stories 0, sources 0, events 0 (0.0 MB)\n"


def fill(state_dir: Path) -> None:
    """Put one article into the store of a folder."""
    with open_embedded(state_dir) as store, redis.Redis.from_url(store.url) as client:
        client.set("storywatch:article:a", "x", ex=1_000)


def command(action: str, state_dir: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "scrapy", "store", action, *arguments, "-s", f"STATE_DIR={state_dir}"]


def store(state_dir: Path, action: str, *arguments: str, sent: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    """Run `scrapy store ACTION ...` to its end."""
    return subprocess.run(
        command(action, state_dir, *arguments), cwd=ROOT, input=sent, capture_output=True, timeout=60, check=False
    )


def store_run(state_dir: Path, **environment: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        command("run", state_dir),
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
