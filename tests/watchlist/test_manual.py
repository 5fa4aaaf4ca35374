"""What is generated from the table of keys is up to date, and what the manual and the samples show works."""

import json
import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from crawler.watchlist import load
from crawler.watchlist.keys import TABLES, Table
from crawler.watchlist.schema import json_schema, reference, schema_text

ROOT = Path(__file__).parent.parent.parent
MANUAL = (ROOT / "docs" / "watchlist.md").read_text(encoding="utf-8")
ALERTS = (ROOT / "docs" / "alerts.md").read_text(encoding="utf-8")
SAMPLES = sorted((ROOT / "watchlist").glob("*.toml"))


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_keys_are_the_attributes_of_the_types(table: Table) -> None:
    """Each table has a key for each attribute of its news type, and no other."""
    assert [key.name for key in table.keys] == [field.name for field in fields(table.type)]


def test_the_schema_file_is_up_to_date() -> None:
    """Mend: scrapy watchlist schema > docs/schema/watchlist.schema.json"""
    path = ROOT / "docs" / "schema" / "watchlist.schema.json"
    assert json.loads(path.read_text(encoding="utf-8")) == json_schema()
    assert path.read_text(encoding="utf-8") == schema_text()


def test_the_schema_is_a_schema() -> None:
    """It is valid JSON Schema, draft 7."""
    Draft7Validator.check_schema(json_schema())


def test_the_manual_holds_the_reference() -> None:
    """Mend: put the output of `scrapy watchlist keys` into docs/watchlist.md, under "Every key"."""
    assert reference() in MANUAL


@pytest.mark.parametrize("example", re.findall(r"```toml\n(.*?)```", MANUAL + ALERTS, re.DOTALL))
def test_examples_of_the_manual_load(example: str, tmp_path: Path) -> None:
    """Each TOML example is a watchlist, with an outlet and a channel where it has none."""
    for table, rest in {
        "outlet": 'url = "https://o.example/"\nfeeds = ["https://o.example/"]',
        "channel": 'url = "terminal://"',
    }.items():
        if f"[[{table}]]" not in example:
            example += f'\n[[{table}]]\nname = "desk"\n{rest}\n'
    (tmp_path / "example.toml").write_text(example, encoding="utf-8")
    load(tmp_path / "example.toml")


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: str(sample.name))
def test_samples_name_their_schema_and_meet_it(sample: Path) -> None:
    """An editor completes each sample file by its first line."""
    first, _, text = sample.read_text(encoding="utf-8").partition("\n")
    assert (sample.parent / first.removeprefix("#:schema ")).resolve() == ROOT / "docs/schema/watchlist.schema.json"
    Draft7Validator(json_schema()).validate(tomllib.loads(text))


def test_the_sample_watchlist_loads() -> None:
    """A new user's first run begins with outlets, topics and a channel."""
    watchlist = load(ROOT / "watchlist")
    assert len(watchlist.outlets) >= 5
    assert len(watchlist.topics) == 2
    assert [channel.url for channel in watchlist.channels] == ["terminal://"]
