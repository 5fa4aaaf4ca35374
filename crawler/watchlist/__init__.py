"""The watchlist: what the user edits, TOML to news types, with every error at once and its mend.

load      files -> Watchlist
keys      every table and key: reading, errors, JSON Schema and manual come from this one place
kinds     the kinds of values: times, names, lists, ...; addresses: URLs, selectors; queries: those of topics
checks    what only shows across tables: a name taken twice, one source watched twice
writing   outlets -> TOML, appended to a file; known: what is on the watchlist already
rows      outlets from lists of other programs: opml, spreadsheet (CSV)
"""

from crawler.watchlist.model import Watchlist, sources_of
from crawler.watchlist.reader import load

__all__ = ["Watchlist", "load", "sources_of"]
