"""The file of a dump: whole, or one error that names file and line."""

import gzip
import json
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.news.errors import StoreError
from crawler.store.dumpfile import Reader, opened

HEADER = b'{"storywatch-dump":1,"created":"2026-03-01T12:00:00Z","store":"valkey 9.1.2"}\n'


def sealed(*lines: object) -> bytes:
    """A dump of these lines whose sums are right."""
    body = HEADER + b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    items = sum(len(line["items"]) if "items" in line else 1 for line in lines if isinstance(line, dict))
    end = {"type": "end", "lines": len(lines), "items": items, "sha256": sha256(body).hexdigest()}
    return body + json.dumps(end).encode() + b"\n"


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"", "this is no dump"),
        (b"<html>", "this is no dump"),
        (b"\xff\xfe" * 1_000, "this is no dump"),
        (b'{"x":' + b"[" * 100_000, "this is no dump"),
        (HEADER.replace(b":1,", b":2,"), "version 2"),
        (HEADER.replace(b":1,", b":0,"), "version 0"),
        (HEADER, "cut off"),
        (HEADER + b"null\n", "damaged"),
        (HEADER + b'{"type":"list","key":"storywatch:a"}\n', "damaged"),
        (HEADER + b'{"type":"string","key":"storywatch:a","value":"\xff"}\n', "damaged"),
        (HEADER + b'{"type":"string","key":"storywatch:a","value":"\\ud800"}\n', "damaged"),
        (HEADER + b'{"type":"string","key":"storywatch:a","value":{"base64":"%"}}\n', "damaged"),
        (HEADER + b'{"type":"zset","key":"storywatch:a","items":[["a","NX"]]}\n', "damaged"),
        (HEADER + b'{"type":"stream","key":"storywatch:a","items":[["*",[["a","b"]]]]}\n', "damaged"),
        (sealed({"type": "string", "key": "theirs", "value": "x"}), "'theirs' is no key of a store"),
        (sealed({"type": "string", "key": "storywatch:loading", "value": "x"}), "no key of a store"),
        (
            sealed({"type": "string", "key": {"base64": "c3Rvcnl3YXRjaDpsb2FkaW5n"}, "value": "x"}),
            "no key of a store",
        ),
        (sealed({"type": "string", "key": {"base64": "/w=="}, "value": "x"}), "no key of a store"),
        (sealed() + b"\n", "more after its end"),
        (sealed().replace(b'"lines": 0', b'"lines": 1'), "sums don't match"),
        (sealed().replace(b"9.1.2", b"9.1.3"), "sums don't match"),
    ],
)
def test_each_kind_of_damage_has_its_words(raw: bytes, told: str) -> None:
    """And every message names the file, the line, and what to do."""
    with pytest.raises(StoreError, match=told) as failed:
        list(Reader(BytesIO(raw), "a.jsonl"))
    assert str(failed.value).startswith("a.jsonl, line ")
    assert any(mend in str(failed.value) for mend in ("Load another copy", "Name a file", "Load it with"))


SMALL = sealed(
    {"type": "string", "key": "storywatch:article:a", "expires_ms": 4_000_000_000_000, "value": "é\u0000"},
    {"type": "hash", "key": "storywatch:entries", "items": [["a", {"base64": "/w=="}]]},
    {"type": "stream", "key": "storywatch:dead", "items": [["1-0", [["id", "a"]]]]},
)


def read(raw: bytes, folder: Path) -> list[object] | None:
    """Read a file; None: it is damaged. Nothing but StoreError may be raised."""
    path = folder / "a.jsonl"
    path.write_bytes(raw)
    try:
        with opened(str(path)) as source:
            return list(Reader(source, "a.jsonl"))
    except StoreError:
        return None


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For the files of a property."""
    return tmp_path_factory.mktemp("dumps")


@given(st.binary(), st.booleans(), st.booleans())
def test_arbitrary_bytes_are_one_error(folder: Path, raw: bytes, headed: bool, packed: bool) -> None:
    """Bare, after a good header, or behind gzip's magic."""
    assert read((b"\x1f\x8b" if packed else b"") + (HEADER if headed else b"") + raw, folder) is None


@given(st.integers(0, len(SMALL)), st.integers(0, 20), st.binary(max_size=20), st.booleans())
def test_damage_is_found(folder: Path, at: int, gone: int, put: bytes, packed: bool) -> None:
    """Whatever is cut out and put in, in the file or in its gzipped form: it is found, or it changed nothing."""
    whole = gzip.compress(SMALL, mtime=0) if packed else SMALL
    damaged = whole[:at] + put + whole[at + gone :]
    assert read(damaged, folder) in (None, read(whole, folder))
