"""Properties of reading: nothing escapes the error family, every mend works, the schema and the reader agree."""

import json
import re
import tomllib
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from crawler.news.durations import duration_text, parse_duration
from crawler.news.errors import WatchlistError
from crawler.watchlist import Watchlist, load
from crawler.watchlist.keys import TABLES
from crawler.watchlist.kinds import Kind, ListOf, Refused, Text
from crawler.watchlist.queries import Queries
from crawler.watchlist.schema import json_schema

KINDS = {f"{table.name}.{key.name}": key.kind for table in TABLES.values() for key in table.keys}
ITEMS = {f"{name}[]": kind.item for name, kind in KINDS.items() if isinstance(kind, ListOf)}
TEXTS = {
    name: kind
    for name, kind in {**KINDS, **ITEMS}.items()
    if isinstance(kind, Text | Queries) and name != "channel.url"
}
WORDS = [
    "https://",
    "http://",
    "feed:",
    "a.example",
    "/feed.xml",
    "user:pass@",
    ":80",
    "10",
    "m",
    "h",
    " ",
    ",",
    "\n",
    "en",
    "EN",
    "uk",
    "_US",
]
PLAUSIBLE = [
    *("HTTPS://A.example", "http://пошта.example/Лента", "https://[2001:db8::1]:8443?x=1", "https://a.example#b"),
    *(
        "1d2h3m4s",
        "5s",
        "0s",
        "EN",
        "pt-br",
        "zh-hans-cn",
        "ru",
        "always",
        "Le Quotidien",
        "a AND b",
        "a > b::first",
        "aside, p",
    ),
    *("env:A_1", "file:/run/secrets/a b", "tgram://x/y", "terminal://"),
]

LINE = st.text(max_size=20) | st.lists(st.sampled_from(WORDS), max_size=6).map("".join)
SCALAR = LINE | st.integers() | st.floats() | st.booleans() | st.dates() | st.times() | st.datetimes()
VALUE = st.recursive(
    SCALAR, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(LINE, inner, max_size=3), max_leaves=6
)


SAMPLES = {table.name: {key.name: key.kind.sample() for key in table.keys} for table in TABLES.values()}


def tables(name: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Tables of one kind: all keys with their samples, but for one or two that hold anything."""
    odd = st.dictionaries(st.sampled_from(sorted(SAMPLES[name])) | LINE, VALUE, max_size=2)
    return st.lists(odd.map(lambda odd: SAMPLES[name] | odd), min_size=1, max_size=2)


DOCUMENT = st.fixed_dictionaries({name: tables(name) | VALUE for name in TABLES})


def as_toml(value: object) -> str:
    """Write a value as TOML gives it back; what TOML cannot hold becomes a broken file, which is a case, too."""
    match value:
        case dict():
            return f"{{{', '.join(f'{as_toml(key)} = {as_toml(item)}' for key, item in value.items())}}}"
        case list():
            return f"[{', '.join(as_toml(item) for item in value)}]"
        case date() | time() | datetime():
            return value.isoformat()
        case _:
            return json.dumps(value, ensure_ascii=False).replace("Infinity", "inf").replace("NaN", "nan")


def read(content: bytes) -> Watchlist | None:
    """Return what `load` makes of a file; None if it is refused, in lines that people can read."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "watchlist.toml"
        path.write_bytes(content)
        try:
            return load(path)
        except WatchlistError as error:
            assert error.problems
            assert all(len(problem.splitlines()) == 1 for problem in error.problems)
            return None


@given(st.binary() | st.text().map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_arbitrary_bytes_never_escape(content: bytes) -> None:
    """Any file is a watchlist or refused with problems."""
    read(content)


@given(DOCUMENT, st.dictionaries(LINE, VALUE, max_size=1))
def test_arbitrary_values_never_escape(document: dict[str, Any], strangers: dict[str, Any]) -> None:
    """Any TOML value under any key is read or refused with problems."""
    both = document | strangers
    text = "\n".join(f"{as_toml(key)} = {as_toml(value)}" for key, value in both.items())
    read(text.encode("utf-8", "surrogatepass"))


def test_the_samples_make_a_watchlist() -> None:
    """All keys with the values that errors and editors offer as examples, for the reader and for the schema."""
    document = {name: [table] for name, table in SAMPLES.items()}
    assert read("\n".join(f"{key} = {as_toml(value)}" for key, value in document.items()).encode())
    Draft7Validator(json_schema()).validate(document)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@given(data=st.data())
def test_the_schema_accepts_what_the_reader_accepts(kind: Kind, data: st.DataObject) -> None:
    """An editor never marks as wrong what is right."""
    like_it = st.sampled_from(PLAUSIBLE) | LINE | VALUE
    by_language = st.dictionaries(st.sampled_from(["en", "EN", "pt-BR", "x"]), st.sampled_from(PLAUSIBLE), max_size=2)
    value = data.draw(like_it | st.lists(like_it, max_size=2) | by_language)
    try:
        kind.read(value)
    except Refused:
        return
    Draft7Validator(kind.schema()).validate(value)


@pytest.mark.parametrize("hostile", ["x = " + "[" * 100_000, "x = " + "9" * 10_000, f"outlet = [0x{'f' * 9_000}]"])
def test_hostile_files_are_refused(hostile: str) -> None:
    """Nesting that exhausts the stack and numbers that exhaust patience are problems like others."""
    assert read(hostile.encode()) is None


@pytest.mark.parametrize("kind", TEXTS.values(), ids=TEXTS)
@given(text=LINE)
def test_mends_are_accepted(kind: Kind, text: str) -> None:
    """Where an error says `Write "x".`, x is accepted."""
    try:
        kind.read(text)
    except Refused as refused:
        for fault in refused.faults:
            for mend in re.findall(r'Write (".*")\.$', fault.text):
                kind.read(tomllib.loads(f"mend = {mend}")["mend"])


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=3650)))
def test_times_are_read_as_written(duration: timedelta) -> None:
    """parse_duration(duration_text(d)) == d, to the second."""
    assert parse_duration(duration_text(duration)) == timedelta(seconds=duration // timedelta(seconds=1))


@given(st.text())
def test_arbitrary_text_is_a_time_or_a_value_error(text: str) -> None:
    """Nothing but ValueError escapes."""
    try:
        assert parse_duration(text) >= timedelta(0)
    except ValueError as error:
        assert "10m" in str(error)
