"""Golden folders: each holds a page (input.html), how it was fetched (meta.json) and what we read in it (output.json).

What is expected was written by hand, as a careful reader takes the page; where the engine differs, the engine is to
blame until shown otherwise. What it is known to get wrong stands in meta.json as `known`: lines that are `taken` though
they are none of the article's, and lines `missed`. All other lines must be right.

`python -m tests.extraction.golden CASE` writes a case's output.json anew: read the difference before you commit it.
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
    arguments = {key: value for key, value in meta.items() if key not in {"about", "url", "known"}}
    try:
        article = extract((folder / "input.html").read_bytes(), meta["url"], now=NOW, **arguments)
    except ExtractionError as error:
        return {"error": error.reason}
    fields = dataclasses.asdict(article)
    del fields["metadata"]  # where dates come from is told by test_dates
    return filled(fields)


def known(name: str, kind: str) -> list[str]:
    """Return the lines of a folder's page that are "taken" or "missed", as is known."""
    meta = json.loads((DATA / name / "meta.json").read_text("utf-8"))
    lines: list[str] = meta.get("known", {}).get(kind, [])
    return lines


def without(article: Any, lines: list[str]) -> Any:
    """Return an article without these lines, and without their count."""
    kept = [line for line in article["articleBody"].split("\n") if line not in lines]
    return {**article, "articleBody": "\n".join(kept), "wordCount": None}


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
