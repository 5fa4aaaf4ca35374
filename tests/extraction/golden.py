"""Golden folders: each holds a page (input.html), how it was fetched (meta.json) and what we read in it (output.json).

`python -m tests.extraction.golden CASE` writes a case's output.json anew; read it before you commit it.
"""

import dataclasses
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawler.extraction import ExtractionError, extract

DATA = Path(__file__).parent.parent / "data" / "extraction"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def cases() -> list[str]:
    """Return the names of the folders."""
    return sorted(folder.name for folder in DATA.iterdir())


def read_case(name: str) -> Any:
    """Return what extraction makes of a folder's page, as JSON: the article's filled fields, or the error's reason."""
    folder = DATA / name
    meta = json.loads((folder / "meta.json").read_text("utf-8"))
    arguments = {key: value for key, value in meta.items() if key not in {"about", "url"}}
    try:
        article = extract((folder / "input.html").read_bytes(), meta["url"], now=NOW, **arguments)
    except ExtractionError as error:
        return {"error": error.reason}
    return filled(dataclasses.asdict(article))


def expected(name: str) -> Any:
    """Return what extraction should make of it."""
    return json.loads((DATA / name / "output.json").read_text("utf-8"))


def filled(value: Any) -> Any:
    """Return objects without their empty fields, and dates as ISO 8601."""
    if isinstance(value, dict):
        fields = {name: filled(field) for name, field in value.items()}
        return {name: field for name, field in fields.items() if field not in (None, [], {})}
    if isinstance(value, list):
        return [filled(item) for item in value]
    return value.isoformat() if isinstance(value, datetime) else value


if __name__ == "__main__":
    for case in sys.argv[1:]:
        text = json.dumps(read_case(case), ensure_ascii=False, indent=2)
        (DATA / case / "output.json").write_text(f"{text}\n", "utf-8")
