"""As much of Redis's protocol as a proxy needs: RESP 2 and 3 (redis.io/docs/latest/develop/reference/protocol-spec)."""

from asyncio import StreamReader
from functools import cache
from hashlib import sha1

from crawler.store.connection import SCRIPTS, script_text

BULKS, LISTS, MAPS = b"$=!", b"*~>", b"%|"


async def read_message(reader: StreamReader) -> bytes:
    """Return one command or reply as it came, with all its parts.

    Raises:
        IncompleteReadError: the other side has gone.
    """
    head = await reader.readuntil(b"\r\n")
    kind, rest = head[:1], head[1:-2]
    if kind in BULKS:
        return head if int(rest) < 0 else head + await reader.readexactly(int(rest) + 2)
    parts = int(rest) if kind in LISTS else 2 * int(rest) if kind in MAPS else 0
    return head + b"".join([await read_message(reader) for _ in range(parts)])


def name_of(command: bytes) -> str:
    """Return a command's name; for a script of ours the script's: "GET", "publish"."""
    words = command.split(b"\r\n", 5)  # count, length, name, length, first argument, the rest
    name = words[2].decode().upper()
    return _scripts().get(words[4].decode(), name) if name == "EVALSHA" else name


def is_greeting(name: str) -> bool:
    """Whether a client says this before it has anything to say."""
    return name in {"HELLO", "AUTH", "SELECT", "CLIENT"}


@cache
def _scripts() -> dict[str, str]:
    """The names of our scripts by the digest that EVALSHA calls them by."""
    names = [path.stem for path in SCRIPTS.glob("[!_]*.lua")]
    return {sha1(script_text(name).encode()).hexdigest(): name for name in names}
