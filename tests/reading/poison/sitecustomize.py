"""Python imports this first wherever this folder is on its path. In the process that reads pages it makes the parsers
break at certain words, as a bug in C would: no page is known that breaks the real ones.
"""

import ctypes
import os
import re
import sys
import time
from pathlib import Path
from typing import Any


def break_at(text: str) -> None:
    """Do what the text says."""
    if "POISON-CRASH" in text:
        ctypes.string_at(0)
    if "POISON-HANG" in text:
        re.match(r"(a|a)*b", "a" * 60)  # in C, for some thousand years
    if "POISON-SLEEP" in text:
        time.sleep(1_000)
    if "POISON-MEMORY" in text:
        _ = [bytearray(10_000_000) for _ in range(1_000)]
    if "POISON-BLOAT" in text:
        _ = b"x" * 350_000_000
    if "POISON-BUG" in text:
        raise KeyError("poison")
    if "POISON-ONCE" in text and not (once := Path(os.environ["POISON_ONCE"])).exists():
        once.touch()
        ctypes.string_at(0)


if "crawler.reading.process" in sys.orig_argv:
    if "POISON_START" in os.environ:
        os._exit(1)

    from crawler import discovery
    from crawler.extraction import article
    from crawler.reading import wire

    read_page, read_feed = article.read_page, discovery.read_feed
    wire.MOST_CPU_S = 1

    def poisonous_read_page(body: bytes, url: str, **arguments: Any) -> Any:
        break_at(body.decode("utf-8", "replace"))
        return read_page(body, url, **arguments)

    def poisonous_read_feed(body: bytes, url: str, **arguments: Any) -> Any:
        break_at(body.decode("utf-8", "replace"))
        return read_feed(body, url, **arguments)

    article.read_page = poisonous_read_page
    discovery.read_feed = poisonous_read_feed
