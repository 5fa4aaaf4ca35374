"""Outlets from a spreadsheet saved as CSV: a header, then a row an outlet, or a row a source.

Separators, encodings and byte order marks are those that spreadsheets write: comma, semicolon or tab; UTF-8, UTF-16 or
Windows-1252. Several values in a field are parted by "|", or, where there is none, by spaces, with or without a comma
or semicolon before them.
"""

import csv
import io
import re
from collections.abc import Iterator
from typing import Any

from crawler.news.errors import WatchlistError
from crawler.watchlist.rows import Row
from crawler.watchlist.wording import did_you_mean, listed, quote

MOST_BYTES = 100_000_000  # 100,000 outlets take some 10 MB
COLUMNS = ("name", "url", "feeds", "sitemaps", "pages", "tags", "every")
_SINGULAR = {"feed": "feeds", "sitemap": "sitemaps", "page": "pages", "tag": "tags"}
_LISTS = frozenset(["feeds", "sitemaps", "pages", "tags"])


def read_csv(content: bytes, file: str) -> Iterator[Row]:
    """Yield a row for each line under the header. `file` is how errors call it.

    Raises:
        WatchlistError: the header names no columns of ours, or the file is no CSV. Some of it before the first row.
    """
    if len(content) > MOST_BYTES:
        raise WatchlistError([f"{file}: over {MOST_BYTES:,} bytes. Split it."])
    text = _decoded(content)
    if "\0" in text:
        raise WatchlistError([f"{file}: zero bytes stand in it, as in UTF-16 without a mark. Save it as UTF-8."])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    rows = _filled(reader, file)
    line, header = next(rows, (1, []))
    if header and header[0].startswith("sep="):  # Excel's own, above the header
        line, header = next(rows, (line, []))
    columns = _columns(header, f"{file}, line {line}")
    return (_row(columns, values, f"{file}, line {line}") for line, values in rows)


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")  # what Excel calls "CSV", without more


def _separator(text: str) -> str:
    """Return the separator that stands most often in the header."""
    return max(",;\t", key=text.lstrip()[:1_000].partition("\n")[0].count)


def _filled(reader: Any, file: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that is not empty, with the line on which it begins.

    Raises:
        WatchlistError: quotes are left open, or a field is endless.
    """
    line = 1
    try:
        for values in reader:
            if any(value.strip() for value in values):
                yield line, [value.strip() for value in values]
            line = reader.line_num + 1
    except csv.Error as error:
        raise WatchlistError(
            [f'{file}, line {line}: {error}. Close the quotes ("), and double those inside.']
        ) from None


def _columns(header: list[str], place: str) -> list[str]:
    """Return what each column holds.

    Raises:
        WatchlistError: a column is unknown, stands twice, or none holds sources.
    """
    columns = [_SINGULAR.get(name, name) for name in (cell.strip().lower() for cell in header)]
    problems = [
        f"{place}: unknown column {quote(name)}.{did_you_mean(name, COLUMNS)}"
        for name in columns
        if name and name not in COLUMNS
    ]
    problems += [f"{place}: column {quote(name)} stands twice." for name in COLUMNS if columns.count(name) > 1]
    if not problems and not {"feeds", "sitemaps", "pages"} & set(columns):
        problems = [f"{place}: no column of sources. The first line names the columns: {listed(COLUMNS)}."]
    if problems:
        raise WatchlistError(problems)
    return columns


def _row(columns: list[str], values: list[str], place: str) -> Row:
    given: dict[str, Any] = {}
    for column, value in zip(columns, values, strict=False):  # rows may be short; what is over has no name
        if column and value:
            given[column] = _parts(value) if column in _LISTS else value
    return Row(place, given, group=given.get("name", ""))


def _parts(value: str) -> list[str]:
    parts = value.split("|") if "|" in value else re.split(r"\s|[,;](?=https?://)", value)
    return [part for part in (part.strip().strip(",;").strip() for part in parts) if part]
