"""Whatever comes, extraction yields an article or an ExtractionError, in bounded time and memory."""

import dataclasses
import json
import subprocess
import sys
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extraction import ExtractionError, extract
from tests.extraction.golden import DATA
from tests.extraction.hostile import NEEDLE, page

URL = "https://lantern.example/2026/11/fog"
FOLDERS = sorted(DATA.iterdir())

# What costs its square takes minutes and gigabytes; the slowest of these cases takes 2 s.
MOST_CPU_S = 20
MOST_DATA_BYTES = 1_000_000_000
PROGRAM = f"""
import json, resource, time
from tests.extraction.hostile import all_hostile
from tests.extraction.test_robustness import outcome
resource.setrlimit(resource.RLIMIT_DATA, ({MOST_DATA_BYTES}, {MOST_DATA_BYTES}))
for case in all_hostile():
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + {MOST_CPU_S}, resource.RLIM_INFINITY))
    print(json.dumps([case.name, case.expected, ""]), flush=True)
    print(json.dumps([case.name, case.expected, outcome(case.body)]), flush=True)
"""


def outcome(body: bytes) -> str:
    """Return "read" if the article's own sentence is found, "other" if it is not, or the reason of the error."""
    try:
        article = extract(body, URL)
    except ExtractionError as error:
        return error.reason
    return "read" if NEEDLE in (article.articleBody or "") else "other"


def test_hostile_pages() -> None:
    """Each is read, or refused for its own reason, in a process that dies of the first that takes too much."""
    run = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False, timeout=600)
    outcomes = {name: (expected, found) for name, expected, found in map(json.loads, run.stdout.splitlines())}
    wrong = {name: both for name, both in outcomes.items() if both[1] != (both[0] or both[1])}
    assert run.returncode == 0, f"died of {list(outcomes)[-1:]}\n{run.stderr}"
    assert not wrong


@settings(deadline=None)
@given(st.binary(max_size=400), st.none() | st.text(max_size=30))
def test_arbitrary_bytes(body: bytes, content_type: str | None) -> None:
    """Anything, bare or in a page, is an article or an ExtractionError."""
    for document in (body, b"<html><body><p>" + body, page("@", head="@").encode().replace(b"@", body)):
        accepted(document, content_type)


@settings(deadline=None)
@given(st.sampled_from(FOLDERS), st.floats(0, 1))
def test_truncated_pages(folder: Path, share: float) -> None:
    """A real page's shape, cut anywhere."""
    body = (folder / "input.html").read_bytes()
    accepted(body[: int(len(body) * share)])


MUTATIONS = [
    b"<",
    b">",
    b'"',
    b"'",
    b"&",
    b"\x00",
    b"\xff",
    b"</",
    b"<!--",
    b"]]>",
    b"{",
    b"}",
    b"[",
    b"\\ud800",
    b"&#0;",
]
EDITS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), st.sampled_from(MUTATIONS)), min_size=1, max_size=8)


@settings(deadline=None)
@given(st.sampled_from(FOLDERS), EDITS)
def test_mutated_pages(folder: Path, edits: list[tuple[float, int, bytes]]) -> None:
    """A real page's shape with a few places overwritten, some bytes lost there."""
    body = (folder / "input.html").read_bytes()
    for place, lost, put in edits:
        position = int(place * len(body))
        body = body[:position] + put + body[position + lost :]
    accepted(body)


def accepted(body: bytes, content_type: str | None = None) -> None:
    """Extract, and look at what comes."""
    try:
        article = extract(body, URL, content_type=content_type)
    except ExtractionError as error:
        assert error.reason
        assert str(error)
    else:
        assert article.articleBody
        assert article.canonicalUrl
        json.dumps(dataclasses.asdict(article), default=str).encode("utf-8")
