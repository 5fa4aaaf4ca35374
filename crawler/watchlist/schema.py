"""What editors and people read about the watchlist, made from the table of keys: its JSON Schema and its reference."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from crawler.news.durations import duration_text
from crawler.watchlist.keys import TABLES, Table
from crawler.watchlist.kinds import Key, Schema, TableOf
from crawler.watchlist.wording import toml


def json_schema() -> Schema:
    """Return the JSON Schema of one watchlist file (draft 7, which the TOML plugins of editors know)."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A Storywatch watchlist",
        "type": "object",
        "additionalProperties": False,
        "properties": {table.name: _list_schema(table) for table in TABLES.values()},
    }


def schema_text() -> str:
    """Return the schema as it stands in docs/schema/watchlist.schema.json."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def _list_schema(table: Table) -> Schema:
    schema = table.kind.schema()
    for name, default in table.defaults.items():
        if default is not None:
            schema["properties"][name]["default"] = _as_toml_holds_it(default)
    return {"type": "array", "description": table.doc, "items": schema | {"description": table.doc}}


def _as_toml_holds_it(default: Any) -> Any:
    match default:
        case timedelta():
            return duration_text(default)
        case tuple():
            return list(default)
        case _:
            return default


def reference() -> str:
    """Return every key in Markdown tables, as they stand in docs/watchlist.md."""
    parts = [_section(table) for table in TABLES.values()]
    return "\n\n".join(parts) + "\n"


def _section(table: Table) -> str:
    rows = [row for key in table.keys for row in _rows(table, key)]
    return "\n".join(
        [f"### `[[{table.name}]]`", "", table.doc, "", "| key | value | left out | |", "|---|---|---|---|", *rows]
    )


def _rows(table: Table, key: Key) -> Iterator[str]:
    yield f"| `{key.name}` | {key.kind.said()} | {_left_out(table, key)} | {key.doc} |"
    if isinstance(key.kind, TableOf):
        for inner in key.kind.keys:
            yield f"| `{key.name}.{inner.name}` | {inner.kind.said()} | | {inner.doc} |"


def _left_out(table: Table, key: Key) -> str:
    if key.name not in table.defaults:
        return "*required*"
    default = table.defaults[key.name]
    return "" if default in (None, (), {}) else f"`{toml(_as_toml_holds_it(default))}`"
