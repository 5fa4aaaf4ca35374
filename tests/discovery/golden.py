"""Golden folders: each holds what a server sent (input.*), how (meta.json) and what we read in it (output.json)."""

import dataclasses
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from crawler.news.errors import DiscoveryError

DATA = Path(__file__).parent.parent / "data" / "discovery"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def cases(kind: str) -> list[str]:
    """Return the names of the folders of one kind."""
    return sorted(folder.name for folder in (DATA / kind).iterdir())


def read_case(kind: str, name: str, reader: Callable[..., Any]) -> tuple[Any, Any]:
    """Return what the reader makes of a folder's input, and what it should, both as JSON."""
    folder = DATA / kind / name
    (source,) = folder.glob("input.*")
    meta = json.loads((folder / "meta.json").read_text("utf-8"))
    arguments = {key: value for key, value in meta.items() if key not in {"about", "url"}}
    try:
        found = as_json(reader(source.read_bytes(), meta["url"], **arguments))
    except DiscoveryError as error:
        found = {"error": error.reason}
    return found, json.loads((folder / "output.json").read_text("utf-8"))


def as_json(value: Any) -> Any:
    """Return dataclasses as objects without their empty fields, and dates as ISO 8601."""
    if dataclasses.is_dataclass(value):
        fields = {field.name: as_json(getattr(value, field.name)) for field in dataclasses.fields(value)}
        return {name: field for name, field in fields.items() if field not in (None, [], {}, 0)}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return f"{value.total_seconds():.0f} s"
    if isinstance(value, tuple | frozenset):
        return [as_json(item) for item in (sorted(value) if isinstance(value, frozenset) else value)]
    return value
