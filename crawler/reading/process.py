"""`python -m crawler.reading.process`: reads what its worker sends on standard input, a socket, until that closes.

Requirements:
    Whatever a body does to a parser ends here: a crash in C, an endless loop, memory without end.

Theory of operation:
    The kernel keeps the bounds, so they hold in C code, too, and neither a frozen worker nor a slow machine is taken
    for a hung parser: RLIMIT_CPU, moved on before each body, and RLIMIT_DATA. Whoever exceeds them dies, and the way of
    its death tells the worker which it was. Bounds lie far above what the parsers promise of themselves (2 s, 300 MB).
    To a parser in C a failed allocation looks like a broken document. So a process that came near its bound, maybe with
    bodies before, refuses none: it dies as out of memory, and a fresh one judges.

Known exceptions:
    A parser that waits without using the CPU is the worker's to end, by the clock (reader.LONGEST_S).
    Memory that C code can't get may end in a crash; then it is called one.
"""

import gc
import logging
import re
import resource
import signal
import socket
import sys
import time
import traceback
from contextlib import suppress
from io import BufferedRWPair
from pathlib import Path

import msgspec

from crawler.discovery import FeedReading, SectionReading, SitemapReading, read_feed, read_section, read_sitemap
from crawler.discovery.finder import SiteReading, read_site
from crawler.extraction.article import PageReading, read_page
from crawler.news.errors import DiscoveryError, ExtractionError
from crawler.reading.tasks import AnyTask, ReadFeed, ReadPage, ReadSection, ReadSite, ReadSitemap
from crawler.reading.wire import (
    BUG,
    LENGTHS,
    MOST_CPU_S,
    MOST_DATA_BYTES,
    OUT_OF_MEMORY,
    READ,
    READY,
    REFUSED,
    Refusal,
    frame,
)

# A page makes some 10,000 objects and lets all of them go. Python would look through them ten times and more.
_OBJECTS_BETWEEN_COLLECTIONS = 50_000
_TASKS = msgspec.json.Decoder(AnyTask)


def main() -> None:
    """Answer one request after the other."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # it is for the worker, which may finish what is in hand
    logging.disable()  # parsers grumble about every other page; what matters is in their answer
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    limit_memory()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        with socket.socket(fileno=sys.stdin.fileno()) as worker, worker.makefile("rwb") as stream:
            send(stream, READY, b"")
            while lengths := stream.read(LENGTHS.size):
                serve(stream, *LENGTHS.unpack(lengths))
    except (BrokenPipeError, ConnectionResetError):  # the worker was killed: nobody wants the answer
        pass
    except MemoryError:
        sys.exit(OUT_OF_MEMORY)


def serve(stream: BufferedRWPair, task_bytes: int, body_bytes: int) -> None:
    """Take a request, and answer it.

    Raises:
        MemoryError: it takes more than we may use, or a refusal may be for want of memory.
    """
    task, body = _TASKS.decode(stream.read(task_bytes)), stream.read(body_bytes)
    limit_cpu()
    kind, content = answer(task, body)
    if kind == REFUSED and peak_bytes() > MOST_DATA_BYTES // 2:
        raise MemoryError
    send(stream, kind, content)


def send(stream: BufferedRWPair, kind: bytes, answer: bytes) -> None:
    """Send an answer."""
    stream.write(frame(kind, answer))
    stream.flush()


def limit_memory() -> None:
    """Take no more than `MOST_DATA_BYTES`; and where a machine or container runs out before, be the one to go."""
    most = _allowed(resource.RLIMIT_DATA, MOST_DATA_BYTES)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    with suppress(OSError):  # there is no such file but on Linux
        Path("/proc/self/oom_score_adj").write_text("1000")


def limit_cpu() -> None:
    """Allow `MOST_CPU_S` from now on (in whole seconds; up to one more)."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soon = _allowed(resource.RLIMIT_CPU, int(time.process_time()) + 1 + MOST_CPU_S)
    resource.setrlimit(resource.RLIMIT_CPU, (soon, hard))


def _allowed(what: int, wanted: int) -> int:
    """Return as much of a resource as an administrator allows."""
    _, hard = resource.getrlimit(what)
    return wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)


def peak_bytes() -> int:
    """Return the most memory that we ever had. (The kernel's ru_maxrss outlives exec: the worker's would count.)"""
    status = Path("/proc/self/status")
    peak = re.search(r"VmHWM:\s+(\d+) kB", status.read_text() if status.exists() else "")
    return int(peak[1]) * 1024 if peak else 0


def answer(task: AnyTask, body: bytes) -> tuple[bytes, bytes]:
    """Read a body; return the kind of answer and the answer.

    Raises:
        MemoryError: it takes more than we may use.
    """
    try:
        return READ, msgspec.msgpack.encode(read(task, body))
    except (ExtractionError, DiscoveryError) as error:
        return REFUSED, msgspec.msgpack.encode(Refusal.of(error))
    except MemoryError:
        raise
    except Exception:
        return BUG, msgspec.msgpack.encode(traceback.format_exc())


def read(task: AnyTask, body: bytes) -> PageReading | FeedReading | SitemapReading | SectionReading | SiteReading:
    """Read a body as its task says.

    Raises:
        ExtractionError, DiscoveryError: as the parser that the task is for.
    """
    url = task.url
    match task:
        case ReadPage():
            return read_page(
                body,
                url,
                content_type=task.content_type,
                entry=task.entry,
                selectors=task.selectors,
                now=task.now,
                headers=task.headers,
                agent=task.agent,
                repeats=task.repeats,
            )
        case ReadFeed(headers=headers, now=now):
            return read_feed(body, url, headers=headers, now=now)
        case ReadSitemap(now=now):
            return read_sitemap(body, url, now=now)
        case ReadSection(headers=headers, selectors=selectors):
            return read_section(body, url, headers=headers, selectors=selectors)
        case ReadSite(headers=headers):
            return read_site(body, url, headers=headers)


if __name__ == "__main__":
    main()
