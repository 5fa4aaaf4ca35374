"""Files to TOML documents, with a place and a mend for what cannot be read as one."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# By the beginning of tomllib's message. The offending line itself is never shown: it may hold a channel's secret.
_MENDS = {
    "Invalid value": 'Text stands in "quotes"; true, false and numbers do not',
    "Expected '=' after a key": 'Write key = "value"',
    "Illegal character": "Close the quotes on the line that opens them",
    "Unterminated string": "Close the quotes",
    "Unclosed array": "Close the list with ], and part its items by commas",
    "Unclosed inline table": "Close the table with }",
    "Expected newline or end of document": "Begin a new line for the next key",
    "Expected ']]'": "Write [[outlet]] on a line of its own",
    "Expected ']'": "Write [[outlet]] on a line of its own",
    "Cannot overwrite a value": "The key stands twice in one table: remove one, or write [[outlet]] before the second",
    "Cannot declare": "Write [[outlet]], with double brackets, over each one",
    "Unescaped '\\'": "Write \\\\ for a backslash, or put the text in 'single quotes'",
}


@dataclass
class Documents:
    """Attributes:
    tables: of each readable file, by its name as shown to people.
    problems: one line for each file that cannot be read.
    """

    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def read_documents(path: Path) -> Documents:
    """Read one TOML file, or all `*.toml` of a folder in the order of their names (hidden ones are left out)."""
    documents = Documents()
    for file in _files(path):
        try:
            documents.tables[shown(file)] = _parsed(file)
        except _UnreadableError as error:
            documents.problems.append(f"{shown(file)}: {error}")
    if not documents.tables and not documents.problems:
        documents.problems.append(
            f"{shown(path)}: no *.toml in this folder. Write your outlets into {shown(path)}/outlets.toml."
        )
    return documents


def shown(path: Path) -> str:
    """Return the path as a person here would type it."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


class _UnreadableError(Exception):
    """Why a file is no TOML document, and the mend."""


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(file for file in path.glob("*.toml") if not file.name.startswith("."))


def _parsed(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_text(file))
    except tomllib.TOMLDecodeError as error:
        raise _UnreadableError(_toml_problem(str(error))) from None
    except RecursionError:
        raise _UnreadableError("lists or tables are nested too deeply. A watchlist needs two levels.") from None
    except ValueError as error:  # Python's limit on the digits of a number
        raise _UnreadableError(f"a number is too long ({error}). No key takes one.") from None


def _text(file: Path) -> str:
    try:
        content = file.read_bytes()
        return content.decode("utf-8-sig")
    except FileNotFoundError:
        raise _UnreadableError("no such file or folder. Create it, or name another with -s WATCHLIST=….") from None
    except OSError as error:
        raise _UnreadableError(f"cannot be read ({error.strerror}). Check what it is and who may read it.") from None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _UnreadableError(
            f"line {line}: byte 0x{content[error.start]:02x} is not UTF-8. Save it as UTF-8."
        ) from None


def _toml_problem(message: str) -> str:
    """Return tomllib's "Invalid value (at line 3, column 8)" as "line 3, column 8: Invalid value. Text stands…"."""
    what, _, where = message.rstrip(")").partition(" (at ")
    if where == "end of document":
        return f"at its end: {what}. A quote, bracket or brace may be left open above."
    mend = next((mend for start, mend in _MENDS.items() if what.startswith(start)), "See https://toml.io/en/v1.0.0")
    return f"{where}: {what}. {mend}."
