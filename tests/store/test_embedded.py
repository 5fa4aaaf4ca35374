"""The embedded store under every way of coming and going, with real servers and real kills."""

import contextlib
import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
import redis

from crawler.news.errors import StoreError
from crawler.store import keeper
from crawler.store.embedded import EmbeddedStore, explained, open_embedded

USER = """
import sys
from pathlib import Path
from crawler.store.embedded import open_embedded
with open_embedded(Path(sys.argv[1])) as store:
    print(store.url, flush=True)
    sys.stdin.readline()
"""

RACER = """
import random, sys, time
from pathlib import Path
import redis
from crawler.store.embedded import open_embedded
chance = random.Random(int(sys.argv[2]))
for turn in range(5):
    time.sleep(chance.uniform(0, 0.1))
    with open_embedded(Path(sys.argv[1])) as store, redis.Redis.from_url(store.url) as client:
        client.incr("openings")
        time.sleep(chance.uniform(0, 0.1))
"""


@pytest.fixture
def state_dir(tmp_path: Path) -> Iterator[Path]:
    """A state folder not made yet, whose server has gone before the test ends."""
    folder = tmp_path / "state"
    yield folder
    if folder.exists():
        wait_until(lambda: is_stopped(folder))


def test_the_first_open_starts_and_the_last_close_stops(state_dir: Path) -> None:
    """A store answers as soon as it is open; when its only user closes it the server goes, with its socket."""
    with open_embedded(state_dir) as store:
        assert redis_of(store).ping()
        assert store.url == f"unix://{state_dir}/valkey.sock"
    wait_until(lambda: is_stopped(state_dir))
    assert not (state_dir / "valkey.sock").exists()


def test_two_opens_in_one_process_share_the_server(state_dir: Path) -> None:
    """A second open sees the first one's data, and outlives its close."""
    first, second = open_embedded(state_dir), open_embedded(state_dir)
    redis_of(first).set("word", "kept")
    first.close()
    first.close()
    assert redis_of(second).get("word") == b"kept"
    second.close()


def test_processes_share_the_server(state_dir: Path) -> None:
    """Another command meets the same server, which lives on when the one that started it is gone."""
    with user_process(state_dir):
        store = open_embedded(state_dir)
        pid = server_pid(store)
    with store:
        assert server_pid(store) == pid


def test_what_was_written_is_there_next_time(state_dir: Path) -> None:
    """Data survives the stop and the start of the server."""
    with open_embedded(state_dir) as store:
        redis_of(store).set("word", "kept")
    with open_embedded(state_dir) as store:
        assert redis_of(store).get("word") == b"kept"


def test_a_last_user_killed_leaves_no_orphan(state_dir: Path) -> None:
    """After SIGKILL of the only user the server and the keeper are gone."""
    with user_process(state_dir) as user:
        user.kill()
    wait_until(lambda: is_stopped(state_dir))


def test_a_folder_deleted_at_once_leaves_no_orphan(state_dir: Path) -> None:
    """Closed and removed in one breath, as a temporary folder is: the server ends all the same."""
    for _ in range(3):
        with open_embedded(state_dir) as store:
            pid = server_pid(store)
        shutil.rmtree(state_dir)
        wait_until(partial(is_gone, pid))


def test_a_killed_server_lost_nothing_and_starts_again(state_dir: Path) -> None:
    """After SIGKILL of the server all that it acknowledged is there, for those who ensure and those who open."""
    with open_embedded(state_dir) as store:
        client = redis_of(store)
        for number in range(500):
            client.rpush("numbers", number)
        for start_again in (store.ensure, lambda: open_embedded(state_dir).close()):
            kill(server_pid(store), holder_of=state_dir / "server.lock")
            start_again()
            assert redis_of(store).llen("numbers") == 500


def test_a_killed_keeper_is_replaced(state_dir: Path) -> None:
    """The next command finds the server without a keeper, brings one, and the server stops after all."""
    with open_embedded(state_dir) as store:
        pid = server_pid(store)
        kill(parent_of(pid), holder_of=state_dir / "keeper.lock")
    with open_embedded(state_dir) as store:
        assert server_pid(store) == pid
    wait_until(lambda: is_stopped(state_dir))


def test_twenty_processes_race(state_dir: Path) -> None:
    """Twenty processes that open and close at random never meet a dead server, or two: every count arrives."""
    racers = [python(RACER, state_dir, number) for number in range(20)]
    for racer in racers:
        _, complaint = racer.communicate()
        assert (racer.returncode, complaint) == (0, "")
    with open_embedded(state_dir) as store:
        assert redis_of(store).get("openings") == b"100"


def test_a_deep_folder_gets_a_link(tmp_path: Path) -> None:
    """Where the path is too long for a socket, a link leads into a private folder; a stop removes both."""
    state_dir = tmp_path / ("a folder so deep that its name is é" * 4) / "state"
    with open_embedded(state_dir) as store:
        assert redis_of(store).ping()
        link = state_dir / "valkey.sock"
        private = link.readlink().parent
        assert store.socket.parent == private
        assert private.stat().st_mode & 0o777 == 0o700

        url = store.url
        kill(server_pid(store), holder_of=state_dir / "server.lock")
        store.ensure()
        assert store.url == url
        assert redis_of(store).ping()
    wait_until(lambda: not private.exists())
    assert not link.is_symlink()


def test_an_odd_path_is_quoted(tmp_path: Path) -> None:
    """Blanks, question marks, hashes, per cent signs and other scripts in a path reach the server and the client."""
    with open_embedded(tmp_path / "50% ? #1 новости") as store:
        assert redis_of(store).ping()


def test_a_leftover_socket_means_nothing(state_dir: Path) -> None:
    """A socket file that a killed machine left is no server, and no obstacle."""
    state_dir.mkdir(mode=0o700)
    (state_dir / "valkey.sock").touch()
    with open_embedded(state_dir) as store:
        assert redis_of(store).ping()


def test_the_server_keeps_its_promises(state_dir: Path) -> None:
    """Every write is appended to a file, nothing is evicted, no TCP port is open, and only we may enter."""
    with open_embedded(state_dir) as store:
        config = redis_of(store).config_get("*")
    wanted = {"appendonly": "yes", "appendfsync": "everysec", "maxmemory-policy": "noeviction", "port": "0", "save": ""}
    assert wanted.items() <= config.items()
    assert state_dir.stat().st_mode & 0o777 == 0o700


def test_a_terminal_interrupt_does_not_reach_the_server(state_dir: Path) -> None:
    """Server and keeper have sessions of their own."""
    with open_embedded(state_dir) as store:
        server = server_pid(store)
        sessions = {os.getsid(0), os.getsid(server), os.getsid(parent_of(server))}
    assert len(sessions) == 3


def test_another_owner_is_named(tmp_path: Path) -> None:
    """The folder of another user is refused, by name, before anything is written there."""
    if os.geteuid() == 0:
        folder, owner = tmp_path, "nobody"
        os.chown(folder, 65534, 65534)
    else:
        folder, owner = Path("/usr"), "root"
    with pytest.raises(StoreError, match=rf"belongs to {owner}.*Run as {owner}, or set STATE_DIR"):
        open_embedded(folder)


def test_a_folder_open_to_others_is_refused(state_dir: Path) -> None:
    """A folder that others may enter is named, with its mode and the command that closes it."""
    state_dir.mkdir()
    state_dir.chmod(0o755)
    with pytest.raises(StoreError, match=r"open to other users \(mode 0755\). Close it: chmod 700"):
        open_embedded(state_dir)


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    """A state folder that cannot be made is an error with its path, the reason and the mend."""
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"file/state: Not a directory. Set STATE_DIR to a folder"):
        open_embedded(tmp_path / "file" / "state")


def test_a_server_that_ends_at_its_start_is_quoted(state_dir: Path) -> None:
    """Where Valkey refuses its data, the error carries the end of its log, and the folder is free for a next try."""
    (state_dir / "appendonlydir").mkdir(parents=True)
    state_dir.chmod(0o700)
    (state_dir / "appendonlydir" / "appendonly.aof.manifest").write_text("not a manifest\n")
    with pytest.raises(
        StoreError, match=r"does not start. Valkey ended at its start \(exit status 1\)(.|\n)*AOF manifest"
    ):
        open_embedded(state_dir)
    (state_dir / "appendonlydir" / "appendonly.aof.manifest").unlink()
    with open_embedded(state_dir) as store:
        assert redis_of(store).ping()


def test_a_full_disk_is_told(state_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Valkey ends and the disk has no room, the error says so: its log could not."""
    monkeypatch.setattr("crawler.store.embedded.LITTLE_DISK_BYTES", 2**62)  # any disk is full by that measure
    monkeypatch.setattr("crawler.store.embedded.server_binary", lambda: Path("/bin/false"))
    with pytest.raises(StoreError, match=r"The disk is full \(\d+ kB free\). Make room"):
        open_embedded(state_dir)


@pytest.mark.parametrize(
    ("number", "mend"), [(errno.ENOLCK, "on a local disk"), (errno.ENOSPC, "Make room"), (errno.EACCES, "may write to")]
)
def test_what_the_system_refuses_is_explained(number: int, mend: str) -> None:
    """An error of the operating system becomes the store's own, with the folder, the reason and the mend."""
    with pytest.raises(StoreError, match=rf"^/folder: {os.strerror(number)}\. .*{mend}"), explained(Path("/folder")):
        raise OSError(number, os.strerror(number))


def test_a_store_that_does_not_answer_is_told_apart(state_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that hangs (or runs on another machine) ends the wait with a hint, not the server."""
    with open_embedded(state_dir) as store:
        monkeypatch.setattr("crawler.store.embedded.PATIENCE_SECONDS", 0.1)
        with (
            stopped(server_pid(store)),
            pytest.raises(StoreError, match=r"does not answer at .*valkey.sock.*local disk"),
        ):
            open_embedded(state_dir)
        assert redis_of(store).ping()


def test_a_long_log_is_turned_over(state_dir: Path) -> None:
    """The log of a store in use for years stays small, and the last part before it was turned over is kept."""
    state_dir.mkdir(mode=0o700)
    (state_dir / "valkey.log").write_text("old\n" * keeper.LARGEST_LOG)
    open_embedded(state_dir).close()
    assert (state_dir / "valkey.log.1").read_text().startswith("old\n")
    assert (state_dir / "valkey.log").stat().st_size < keeper.LARGEST_LOG


def redis_of(store: EmbeddedStore) -> redis.Redis:
    return redis.Redis.from_url(store.url)


def server_pid(store: EmbeddedStore) -> int:
    return int(redis_of(store).info("server")["process_id"])


def parent_of(pid: int) -> int:
    """Return the parent's process id: a server's is its keeper."""
    return int(subprocess.run(["ps", "-o", "ppid=", "-p", str(pid)], capture_output=True, check=True).stdout)


def python(program: str, *arguments: object) -> "subprocess.Popen[str]":
    """Start a Python program with our code on its path and its streams in our hands."""
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )


@contextlib.contextmanager
def user_process(state_dir: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process that has the store open; it closes it at the end of the block."""
    with python(USER, state_dir) as user:
        assert user.stdout is not None
        assert user.stdout.readline().startswith("unix://")
        yield user
        user.communicate()


@contextlib.contextmanager
def stopped(pid: int) -> Iterator[None]:
    """Let a process hang for the length of the block."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def kill(pid: int, *, holder_of: Path) -> None:
    """Kill a process outright and return when the lock that it held is free."""
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: keeper.is_free(holder_of))


def is_gone(pid: int) -> bool:
    """Whether no process has this id."""
    return not Path(f"/proc/{pid}").exists()


def is_stopped(state_dir: Path) -> bool:
    """Tell whether neither server nor keeper is left."""
    return all(keeper.is_free(state_dir / name) for name in ("server.lock", "keeper.lock"))


def wait_until(true: Callable[[], bool], seconds: float = 5) -> None:
    """Return once `true()`; fail if that takes too long."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)
