"""`scrapy watchlist import` and `export`: outlets from other programs' lists, and to them."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from scrapy.settings import Settings

from crawler.commands.adding import add_writing_arguments, agreed, tell_written
from crawler.commands.base import DONE, FAILED, MISCONFIGURED
from crawler.commands.looking import many
from crawler.extensions.watching import now_and_then, time_setting, watchlist_of
from crawler.news.errors import ConfigurationError
from crawler.watchlist.documents import shown
from crawler.watchlist.known import Known
from crawler.watchlist.opml import opml_of, read_opml
from crawler.watchlist.rows import Import, Row, outlets_of
from crawler.watchlist.spreadsheet import read_csv
from crawler.watchlist.writing import Addition, toml_of

SHOWN = 20  # outlets, before a list becomes too long to read

IMPORTING = """\
OPML is what feed readers export: folders become tags, feeds outlets; those of one title and host are one. CSV begins
with a line that names its columns, of these: name, url, feeds, sitemaps, pages, tags, every. Comma, semicolon or tab
part them; several values of a field are parted by "|" or spaces. Rows of one name are one outlet; so are rows without
name of one host, which is told. Nothing is fetched. What is watched already is left out, and counted.

examples:
  scrapy watchlist import subscriptions.opml
  scrapy watchlist import outlets.csv --dry-run            see what would be appended
  scrapy watchlist import outlets.csv --strict --yes       all or nothing

exit code: 0 all is well; 1 some rows are wrong: they are told, the others imported; 2 the file or watchlist cannot be
read, with --strict a row is wrong, or without a terminal --yes is missing: nothing is imported
"""

EXPORTING = """\
OPML 2.0, which every feed reader imports. Tags become folders and categories. OPML holds feeds alone: outlets without
one are counted on stderr.

examples:
  scrapy watchlist export --opml > outlets.opml
  scrapy watchlist export --opml outlets.opml
"""


def importing_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `import`."""
    parser.add_argument("source", metavar="FILE", type=Path, help="an .opml (.xml) or .csv (.tsv, .txt) file")
    parser.add_argument("--strict", action="store_true", help="import nothing if a row is wrong")
    parser.add_argument(
        "--allow-private", action="store_true", help="outlets may be at private addresses: your intranet"
    )
    add_writing_arguments(parser)


def exporting_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `export`."""
    parser.add_argument("--opml", metavar="FILE", nargs="?", const="-", required=True, help="as OPML (default: stdout)")


def import_file(settings: Settings, opts: argparse.Namespace) -> int:
    """Do it; return the exit code.

    Raises:
        ConfigurationError, WatchlistError: the file or the watchlist cannot be read, or nobody can be asked.
    """
    shortest, tell = time_setting(settings, "SHORTEST_POLL"), now_and_then()
    addition = Addition(Path(settings["WATCHLIST"]), opts.file)
    known = Known(addition.current(shortest_poll=shortest, tell=tell))
    result = outlets_of(_rows(opts.source), known, shortest_poll=shortest, tell=tell, allow_private=opts.allow_private)
    for problem in result.problems:
        print(problem, file=sys.stderr)
    print(_summary(result))
    _list("Joined, being of one site and name, or without names:", result.joined)
    if result.problems and opts.strict:
        print("Nothing was imported: with --strict every row must be right.", file=sys.stderr)
        return MISCONFIGURED
    if result.outlets:
        _show(result)
        if agreed(opts, f"Add {many(len(result.outlets), 'outlet')} to {shown(addition.file)}?"):
            addition.write(result.outlets, shortest_poll=shortest, tell=tell)
            tell_written(addition, result.outlets)
    return FAILED if result.problems else DONE


def _rows(source: Path) -> Iterator[Row]:
    """Read a file by its content, whatever it is called.

    Raises:
        ConfigurationError: it cannot be read. WatchlistError: it is neither OPML nor CSV.
    """
    try:
        content = source.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{shown(source)}: cannot be read ({error.strerror}). Check the path.") from None
    is_xml = content.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<") or source.suffix.lower() == ".opml"
    return (read_opml if is_xml else read_csv)(content, shown(source))


def _summary(result: Import) -> str:
    sources = sum(len(outlet.feeds) + len(outlet.sitemaps) + len(outlet.pages) for outlet in result.outlets)
    parts = [f"{many(result.rows, 'row')}: {many(len(result.outlets), 'new outlet')} with {many(sources, 'source')}"]
    if result.watched:
        parts.append(f"{many(result.watched, 'source')} watched already")
    if result.repeated:
        parts.append(f"{many(result.repeated, 'source')} more than once in the file")
    if result.homeless:
        parts.append(f"{many(result.homeless, 'home page')} derived, for what the file says is no address")
    if result.problems:
        parts.append(f"{many(len(result.problems), 'problem')} (on stderr)")
    return "; ".join(parts) + "."


def _list(title: str, lines: Sequence[str]) -> None:
    if lines:
        print(title, *(f"  {line}" for line in lines[:SHOWN]), sep="\n")
    if len(lines) > SHOWN:
        print(f"  ... and {len(lines) - SHOWN:,} more")


def _show(result: Import) -> None:
    print(f"\n{toml_of(result.outlets[:SHOWN])}", end="")
    if len(result.outlets) > SHOWN:
        print(f"\n# ... and {len(result.outlets) - SHOWN:,} more")


def export(settings: Settings, opts: argparse.Namespace) -> int:
    """Do it; return the exit code.

    Raises:
        ConfigurationError: the file cannot be written. WatchlistError: the watchlist cannot be read.
    """
    watchlist = watchlist_of(settings)
    text = "\n".join(opml_of(watchlist.outlets, title="Storywatch")) + "\n"
    if opts.opml == "-":
        sys.stdout.write(text)
    else:
        try:
            Path(opts.opml).write_text(text, encoding="utf-8")
        except OSError as error:
            raise ConfigurationError(f"{opts.opml}: cannot be written ({error.strerror}). Name another file.") from None
    others = sum(len(outlet.sitemaps) + len(outlet.pages) for outlet in watchlist.outlets)
    if others:
        left_out = many(others, "sitemap or section page", "sitemaps and section pages")
        lacking = many(sum(not outlet.feeds for outlet in watchlist.outlets), "outlet")
        print(f"Left out, for OPML knows feeds alone: {left_out}; {lacking} without any feed.", file=sys.stderr)
    return DONE
