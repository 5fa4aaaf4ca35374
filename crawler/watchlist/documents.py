"""Files to TOML documents, with a place and a mend for what cannot be read as one."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Tell = Callable[[str], object]  # hears how far a long reading is, often; a listener tells people now and then

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
    "Cannot mutate immutable": "Above stands outlet = [...], too (or topic, channel): write [[outlet]] over each one",
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


def read_documents(path: Path, *, drafts: Mapping[Path, bytes], tell: Tell) -> Documents:
    """Read one TOML file, or all `*.toml` of a folder in the order of their names (hidden ones are left out).

    `drafts` holds what some of the files would be, whether they are there yet or not.
    """
    documents, drafted = Documents(), {file.absolute(): content for file, content in drafts.items()}
    try:
        files = _files(path, drafted)
    except OSError as error:
        mend = "Check its name, and who may read it and enter the folders above it."
        documents.problems.append(f"{shown(path)}: cannot be looked into ({error.strerror}). {mend}")
        return documents
    for file in files:
        try:
            content = drafted[file.absolute()] if file.absolute() in drafted else _content(file)
            tell(f"reading {shown(file)}: {len(content) / 1e6:,.1f} MB")
            documents.tables[shown(file)] = _parsed(content)
        except _UnreadableError as error:
            documents.problems.append(f"{shown(file)}: {error}")
    return documents


def shown(path: Path) -> str:
    """Return the path as a person here would type it."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


class _UnreadableError(Exception):
    """Why a file is no TOML document, and the mend."""


def _files(path: Path, drafted: Mapping[Path, bytes]) -> list[Path]:
    """Return the files to read. Drafts of a folder are in it, or it is not there yet.

    Raises:
        OSError: there is something, but it is not for us to look into.
    """
    is_folder = path.is_dir()
    if path.absolute() in drafted or not (is_folder or drafted):
        return [path]
    there = path.iterdir() if is_folder else ()  # glob would keep a missing permission to itself
    found = [*(file for file in there if file.suffix == ".toml"), *(path / file.name for file in drafted)]
    files = {file.absolute(): file for file in found}
    return sorted(file for file in files.values() if not file.name.startswith("."))


def _parsed(content: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _UnreadableError(
            f"line {line}: byte 0x{content[error.start]:02x} is not UTF-8. Save it as UTF-8."
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise _UnreadableError(_toml_problem(str(error))) from None
    except RecursionError:
        raise _UnreadableError("lists or tables are nested too deeply. A watchlist needs two levels.") from None
    except ValueError as error:  # Python's limit on the digits of a number
        raise _UnreadableError(f"a number is too long ({error}). No key takes one.") from None


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise _UnreadableError("no such file or folder. Create it, or name another with -s WATCHLIST=….") from None
    except OSError as error:
        raise _UnreadableError(f"cannot be read ({error.strerror}). Check what it is and who may read it.") from None


def _toml_problem(message: str) -> str:
    """Return tomllib's "Invalid value (at line 3, column 8)" as "line 3, column 8: Invalid value. Text stands…"."""
    what, _, where = message.rstrip(")").partition(" (at ")
    if where == "end of document":
        return f"at its end: {what}. A quote, bracket or brace may be left open above."
    mend = next((mend for start, mend in _MENDS.items() if what.startswith(start)), "See https://toml.io/en/v1.0.0")
    return f"{where}: {what}. {mend}."
