"""`scrapy watchlist add`: finds an outlet's sources, shows what each yields, and appends it to the watchlist."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from scrapy.settings import Settings

from crawler.commands.base import DONE, FAILED
from crawler.commands.finding import REFUSED, Finder, Findings
from crawler.commands.looking import ago, many
from crawler.commands.scout import Errands, run
from crawler.discovery.choosing import Found, Verdict
from crawler.extensions.watching import now_and_then, time_setting
from crawler.news.errors import ConfigurationError, DiscoveryError, FetchError, PoisonError
from crawler.news.source import Outlet
from crawler.news.urls import host_of
from crawler.reading import Reader
from crawler.watchlist.addresses import WebAddress
from crawler.watchlist.documents import shown
from crawler.watchlist.kinds import Name, Refused
from crawler.watchlist.known import Known, site_key
from crawler.watchlist.wording import quote
from crawler.watchlist.writing import Addition, toml_of

EPILOG = """\
Asks the address, robots.txt, and what they name: feeds, sitemaps, the WordPress API; then the usual addresses, then the
site's section pages. At most 25 requests, as slowly as a crawl. Nothing is written before you say yes; what is written
is appended, and nothing that stands in the file is touched.

examples:
  scrapy watchlist add https://harbour-post.example/
  scrapy watchlist add harbour-post.example --dry-run      see what there is
  scrapy watchlist add https://harbour-post.example/feed.xml --name "Harbour Post" --yes

exit code: 0 added, or nothing to do; 1 no source found, or the site cannot be reached; 2 a wrong argument or watchlist,
or there is no terminal to ask on and --yes is missing: nothing is added
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the action."""
    parser.add_argument("url", metavar="URL", help="the outlet's home page, or one of its sources")
    parser.add_argument("--name", help="what to call it (default: what it calls itself)")
    parser.add_argument("--allow-private", action="store_true", help="it may be at a private address: your intranet")
    add_writing_arguments(parser)


def add_writing_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that `add` and `import` share."""
    parser.add_argument("--file", type=Path, help="the TOML file to append to (default: outlets.toml of WATCHLIST)")
    parser.add_argument("-y", "--yes", action="store_true", help="append without asking")
    parser.add_argument("--dry-run", action="store_true", help="show what would be appended, and end")


def add(settings: Settings, opts: argparse.Namespace) -> int:
    """Do it; return the exit code.

    Raises:
        ConfigurationError, WatchlistError: an argument or the watchlist is wrong, or nobody can be asked.
    """
    url, name = _checked(opts.url, opts.name)
    shortest = time_setting(settings, "SHORTEST_POLL")
    addition = Addition(Path(settings["WATCHLIST"]), opts.file)
    known = Known(addition.current(shortest_poll=shortest, tell=now_and_then()))
    if _is_there(known, url, name):
        return DONE
    findings = _find(settings, url, known, allow_private=opts.allow_private)
    if findings is None:
        return FAILED
    verdicts = findings.verdicts()
    _show(findings, verdicts)
    chosen = [verdict.found for verdict in verdicts if verdict.recommended]
    owner = known.outlet_of(findings.home) or next((one.watched_by for one in findings.found if one.watched_by), "")
    if owner and not (name and chosen):
        return _tell_owner(owner, findings, chosen)
    if not chosen:
        print("\nNothing worth watching was found.", file=sys.stderr)
        return FAILED
    outlet = _outlet(
        known.free(name or _name(findings), findings.home), findings.home, chosen, allow_private=opts.allow_private
    )
    print(f"\n{toml_of([outlet])}", end="")
    if not agreed(opts, f"Add this to {shown(addition.file)}?"):
        return DONE
    addition.write([outlet], shortest_poll=shortest, tell=now_and_then())
    tell_written(addition, [outlet])
    return DONE


def agreed(opts: argparse.Namespace, question: str) -> bool:
    """Tell whether to write.

    Raises:
        ConfigurationError: without a terminal nobody can be asked, so --yes must say it.
    """
    if opts.dry_run:
        return False
    if opts.yes:
        return True
    if not sys.stdin.isatty():
        raise ConfigurationError("Nothing was written: there is no terminal to ask on. Say --yes to append it.")
    try:
        return input(f"\n{question} [Y/n] ").strip().lower() in {"", "y", "yes"}
    except EOFError:
        return False


def tell_written(addition: Addition, outlets: Sequence[Outlet]) -> None:
    """Say what was done, and how it is followed."""
    print(f"\nAdded {many(len(outlets), 'outlet')} to {shown(addition.file)}.")
    if addition.is_apart:
        print(f"That is a watchlist of its own: scrapy crawl watch -s WATCHLIST={shown(addition.file)}")


def _checked(url: str, name: str | None) -> tuple[str, str]:
    """Return the address and the name ("": none is given) as a watchlist may hold them.

    Raises:
        ConfigurationError: it may not.
    """
    try:
        address = WebAddress("https://outlet.example/").read(
            url if "://" in url or not url.strip() else f"https://{url}"
        )
        return address, Name().read(name) if name else ""
    except Refused as refused:
        raise ConfigurationError("\n".join(fault.text for fault in refused.faults)) from None


def _is_there(known: Known, url: str, name: str) -> bool:
    """Say it where nothing needs to be asked: the source is watched already, or the outlet of that name is this one.

    Raises:
        ConfigurationError: the name is another's.
    """
    watcher = known.watcher(url)
    if watcher:
        print(f"{url} is watched already, by outlet {quote(watcher)}.")
        return True
    if known.is_one(name, url):
        print(f"Outlet {quote(name)} is on the watchlist already. Without --name, its further sources are looked for.")
        return True
    if known.has(name):
        raise ConfigurationError(f"--name: another outlet is called {quote(name)}. Give this one another name.")
    return False


def _find(settings: Settings, url: str, known: Known, *, allow_private: bool) -> Findings | None:
    """Search; None: the address itself cannot be read, which is said."""
    finders: list[Finder] = []
    asked: list[Errands] = []

    async def search(errands: Errands) -> None:
        asked.append(errands)
        async with Reader() as reader:
            finders.append(Finder(errands, reader, known, url))
            await finders[0].find()

    try:
        run(settings, search, allow_private=allow_private, tell=lambda line: print(line, file=sys.stderr, flush=True))
    except REFUSED as error:
        print(*cannot_be_read(url, asked[0].last or url, error), sep="\n", file=sys.stderr)
        return None
    return finders[0].findings


def cannot_be_read(url: str, last: str, error: FetchError | DiscoveryError | PoisonError) -> Iterator[str]:
    """Yield why the address cannot be read, and what the user may do. `last`: what was asked for last.

    Nobody is told to permit a private address that the site chose by a redirect.
    """
    is_private, is_astray = error.reason == "private-address", host_of(last) != host_of(url)
    if is_private and is_astray:
        yield f"{url} cannot be read: it leads to {last}, a private address"
        return
    yield f"{url} cannot be read: {str(error).removeprefix(f'{url}: ')}"
    if is_private:
        yield "If that is meant, say --allow-private."
    elif error.reason in {"dns", "connection-refused", "connection"} and not is_astray:
        yield "Check the spelling, or write it as a browser shows it: with www., or with http://."


def _show(findings: Findings, verdicts: Sequence[Verdict]) -> None:
    """Print what each source yields, and what could not be read."""
    print(f"\n{findings.name or host_of(findings.home)}  {findings.home}")
    for verdict in verdicts:
        for line in _lines(verdict, findings.asked):
            print(line)
    if findings.failed:
        print("\nno source:")
    for why, group in groupby(sorted(findings.failed, key=itemgetter(1)), key=itemgetter(1)):
        print(f"  {why}", *(f"      {address}" for address, _ in group), sep="\n")


def _lines(verdict: Verdict, now: datetime) -> Iterator[str]:
    found = verdict.found
    yield f"\n{'+' if verdict.recommended else '-'} {found.kind:<8}{found.url}"
    yield f"      {many(len(found.entries), 'entry', 'entries')}{_times(found, now)}; named by {found.named_by}"
    if found.headline:
        yield f'      "{found.headline[:100]}"'
    yield f"      {'recommended: ' if verdict.recommended else ''}{verdict.why}"


def _times(found: Found, now: datetime) -> str:
    if found.newest is None:
        return ", without dates"
    newest = ago(int(found.newest.timestamp() * 1000), int(now.timestamp() * 1000))
    return f", the newest {newest}{_often(found.a_day)}"


def _often(a_day: float | None) -> str:
    if a_day is None:
        return ""
    if a_day >= 1:
        return f", about {a_day:,.0f} a day"
    return f", about {a_day * 7:.0f} a week" if a_day >= 1 / 7 else f", about {a_day * 30:.0f} a month"


def _tell_owner(owner: str, findings: Findings, chosen: Sequence[Found]) -> int:
    """The outlet has a table already, to which nothing can be appended: say what to write there."""
    if not chosen:
        print(f"\nOutlet {quote(owner)} is on the watchlist already, with all that is worth watching.")
        return DONE
    print(f"\nOutlet {quote(owner)} is on the watchlist already. New, to be added to its table by hand:")
    for found in chosen:
        print(f"  {found.kind}s: {quote(found.url)}")
    if not any(found.watched_by for found in findings.found):
        print("It was not compared with what is watched, which may announce the same.")
    print("If it is another outlet, give it a --name of its own.")
    return DONE


def _outlet(name: str, home: str, chosen: Sequence[Found], *, allow_private: bool) -> Outlet:
    urls = {kind: tuple(found.url for found in chosen if found.kind == kind) for kind in ("feed", "sitemap", "page")}
    return Outlet(
        name,
        home,
        feeds=urls["feed"],
        sitemaps=urls["sitemap"],
        pages=urls["page"],
        allow_private=allow_private,
    )


def _name(findings: Findings) -> str:
    """Return what the outlet calls itself, as a name may be written; else its site."""
    return " ".join((findings.name or "").replace(",", " ").split())[:60].strip() or site_key(findings.home)
