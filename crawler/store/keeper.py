"""The keeper: a small process that starts the embedded Valkey, and stops it when its last user is gone.

Requirements:
    One server for a state folder, however many commands come and go at once. It outlives the command that happened to
    start it, and never the last one that uses it, even if they are all killed with SIGKILL.

Theory of operation:
    Three locks (flock) in the state folder tell who lives. The kernel frees a lock when its holder ends, however it
    ends, so a leftover file means nothing.

    users.lock   shared by every command that uses the store. The keeper waits to have it alone: nobody is left.
    keeper.lock  held by the keeper, inherited from the command that found it free and started one.
    server.lock  held by the server itself, inherited too. A keeper that finds it free starts a server; else it adopts
                 the server, whose own keeper must have been killed.

    While it stops the server, the keeper still has users.lock alone: new commands wait, then start afresh. It stops
    with SIGTERM, which Valkey takes as SHUTDOWN: a process id cannot lead to another server, as a socket's path can.

Known exceptions:
    A keeper killed with SIGKILL leaves the server running until a next command has come, brought a keeper, and gone.
    Deleting the folder while it is in use makes two stores of it, and the one that ends first takes the socket away.

`embedded.py` runs this file as a script: with the standard library alone it starts in 30 ms and takes 12 MB, where a
fork of the command itself would drag along its threads and descriptors.
"""

import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

LONGEST_SOCKET_PATH = 103  # bytes: Linux allows 107, macOS 103 (unix(7): sun_path less its final zero)
LARGEST_LOG = 1_000_000  # bytes; a longer one becomes valkey.log.1 at the next start
POLL_SECONDS = 0.005


class ServerEndedError(Exception):
    """The server ended before it answered. The text says how, with the last lines of its log."""


def main(state_dir: Path, binary: Path) -> int:
    """Keep the server of `state_dir` until its last user is gone.

    What goes wrong before the server answers is told on standard output, which closes as soon as it answers: to whoever
    reads that to its end, no text means that the store is up.
    """
    if os.fork():
        return 0  # the command waits for our words, not for our end, and need not reap us
    os.setsid()  # Ctrl-C in the command's terminal is not meant for us
    try:
        pid = bring_up(state_dir, binary)
    except (OSError, ServerEndedError) as error:
        print(error)
        return 1
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # `pkill python` is for the users; we leave when the server has
    # Opened before anybody hears that the store is up: who has heard may leave it at once, and remove the folder.
    users, server = (os.open(state_dir / name, os.O_RDWR) for name in ("users.lock", "server.lock"))
    with lock_file(state_dir / "server.lock") as death:
        nowhere = os.open(os.devnull, os.O_RDWR)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        stopper = threading.Thread(target=stop_when_unused, args=(users, server, pid), daemon=True)
        stopper.start()
        fcntl.flock(death, fcntl.LOCK_EX)  # returns when the server has ended, for whatever reason
    with contextlib.suppress(ChildProcessError):  # an adopted server is not our child
        os.wait()
    if not stopper.is_alive():  # after a crash the users still know the address; the next server comes there
        remove_socket(state_dir)
    return 0


def bring_up(state_dir: Path, binary: Path) -> int:
    """Start the server, or adopt the one that lives; return its process id once it answers.

    However long it loads its data we wait with it.

    Raises:
        ServerEndedError: it ended instead.
        OSError: the folder or the binary cannot be used.
    """
    with lock_file(state_dir / "server.lock") as lock:
        server = start(state_dir, binary, lock) if try_exclusive(lock) else None
    try:
        while not answers(socket_of(state_dir)):
            if is_free(state_dir / "server.lock"):
                status = "" if server is None else f" (exit status {server.wait()})"
                raise ServerEndedError(f"Valkey ended at its start{status}. {log_end(state_dir)}")
            time.sleep(POLL_SECONDS)
        return process_id(socket_of(state_dir))
    except OSError:  # the folder has been removed under us: nobody could ever reach that server
        if server is not None:
            server.kill()
        raise


def start(state_dir: Path, binary: Path, lock: int) -> "subprocess.Popen[bytes]":
    """Start a server that holds `lock`, in a session of its own so that a terminal's Ctrl-C does not reach it."""
    log = state_dir / "valkey.log"
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(state_dir / "valkey.log.1")
    options = {
        "--port": "0",  # no TCP: who may use the store is who may enter the folder
        "--unixsocket": str(place_socket(state_dir)),
        "--unixsocketperm": "700",
        "--appendonly": "yes",
        "--appendfsync": "everysec",  # a killed process loses nothing, a power cut at most a second
        "--save": "",  # the append-only file is the data; snapshots would write it all a second time
        "--maxmemory-policy": "noeviction",
        "--dir": str(state_dir),
    }
    command = [str(binary), *(word for option in options.items() for word in option)]
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=(lock,),
            start_new_session=True,
        )


def stop_when_unused(users: int, server: int, pid: int) -> None:
    """Wait until no command uses the store, then end its server. Keeps users.lock until this process ends."""
    fcntl.flock(users, fcntl.LOCK_EX)
    if not try_exclusive(server):
        os.kill(pid, signal.SIGTERM)


def place_socket(state_dir: Path) -> Path:
    """Return where the server shall listen: `state_dir`/valkey.sock, or where a link of that name leads.

    The link is for folders too deep for a socket's address. It leads into a private folder made for it; after a crash
    into the same one again, since clients know the address.
    """
    path, target = state_dir / "valkey.sock", socket_of(state_dir)
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        path.unlink(missing_ok=True)
        return path
    if target == path or not is_private(target.parent):
        path.unlink(missing_ok=True)
        target = Path(tempfile.mkdtemp(prefix="storywatch-"), "valkey.sock")
        path.symlink_to(target)
    return target


def is_private(folder: Path) -> bool:
    """Tell whether this is a folder that only we may enter."""
    if not folder.is_dir():
        return False
    status = folder.stat()
    return status.st_uid == os.geteuid() and status.st_mode & 0o077 == 0


def socket_of(state_dir: Path) -> Path:
    """Return where the server of this folder listens, if it lives."""
    path = state_dir / "valkey.sock"
    return path.readlink() if path.is_symlink() else path


def remove_socket(state_dir: Path) -> None:
    """Remove what a server left: its socket, and the link and private folder if it has them."""
    path, target = state_dir / "valkey.sock", socket_of(state_dir)
    target.unlink(missing_ok=True)
    if target != path:
        path.unlink()
        with contextlib.suppress(OSError):
            target.parent.rmdir()


def answers(path: Path) -> bool:
    """Tell whether a server at this socket answers PING.

    While it loads its data it says LOADING: no answer yet. One with a full disk says MISCONF: it is there, and answers
    who only reads.
    """
    with contextlib.suppress(OSError):
        return ask(path, b"PING").startswith((b"+PONG", b"-MISCONF"))
    return False


def process_id(path: Path) -> int:
    """Return the process id of the server at this socket, in its own words: a file would be empty on a full disk."""
    return int(ask(path, b"INFO server").partition(b"process_id:")[2].split()[0])


def ask(path: Path, command: bytes) -> bytes:
    """Return the first 4 kB of what the server at this socket replies.

    Raises:
        OSError: there is none, or it says nothing for a second.
    """
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        client.connect(str(path))
        client.sendall(command + b"\r\n")
        return client.recv(4096)


def log_end(state_dir: Path, lines: int = 5) -> str:
    """Return the last lines of the server's log, indented below their title."""
    path = state_dir / "valkey.log"
    tail = path.read_text(errors="replace").splitlines()[-lines:]
    return "\n  ".join([f"The end of {path}:", *tail])


@contextlib.contextmanager
def lock_file(path: Path) -> Iterator[int]:
    """Open a file to lock. Leaving gives the lock back, unless a process that inherited the descriptor lives."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def try_exclusive(descriptor: int) -> bool:
    """Lock the file if nobody else has it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_free(path: Path) -> bool:
    """Tell whether nobody has this file locked."""
    with lock_file(path) as descriptor:
        return try_exclusive(descriptor)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
