"""Scripts played in a process of their own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
Played = dict[str, dict[str, Any]]


def act(name: str, *urls: str | tuple[str, dict[str, Any]], **names: list[list[str]]) -> dict[str, Any]:
    """One act of a script: URLs, each with its meta perhaps, and what the DNS answers ("_" for ".")."""
    steps = [(url, {}) if isinstance(url, str) else url for url in urls]
    return {"name": name, "urls": steps, "names": {host.replace("_", "."): said for host, said in names.items()}}


def play(acts: list[dict[str, Any]], *, watchlist: Path | None = None, pages: dict[str, str] | None = None) -> Played:
    """Play a script to its end. No proxy of this machine has a part in it."""
    script = {"acts": acts, "watchlist": watchlist and str(watchlist), "pages": pages or {}}
    run = subprocess.run(
        [sys.executable, "-m", "tests.network.play"],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")},
        input=json.dumps(script),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0 and run.stdout, run.stderr
    return json.loads(run.stdout)  # type: ignore[no-any-return]
