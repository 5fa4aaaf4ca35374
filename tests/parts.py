"""Parts of Debian that some tests need. CI has them all, so a missing one is a failure there; elsewhere the tests that
need it are skipped, and say what to install.
"""

import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest

from crawler.extensions.browser import NAMES
from crawler.newsroom import expectations
from crawler.newsroom.expectations import Expected


def lacking(package: str) -> NoReturn:
    """A part is missing: fail in CI, else skip."""
    words = f"{package} is not installed. Install it: apt-get install {package}"
    if os.environ.get("CI"):
        pytest.fail(words)
    pytest.skip(words)


def faketime() -> Path:
    """Return the library that lies about the time."""
    return next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None) or lacking("libfaketime")


def expected() -> list[Expected]:
    """Return what a pass makes of each piece that is announced. Without a browser, what needs one is dead for now."""
    rows = [row for row in expectations() if not row.held]
    if any(map(shutil.which, NAMES)):
        return rows
    if os.environ.get("CI"):
        lacking("chromium")
    return [replace(row, outcome="dead", reason="no-browser") if row.needs_browser else row for row in rows]
