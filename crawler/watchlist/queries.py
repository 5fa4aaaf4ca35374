"""Queries of topics: one for all articles or one for each language, by whose rules words bend, whose tags they name."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from crawler.news.errors import QueryError
from crawler.topics import parse
from crawler.topics.languages import primary
from crawler.topics.stems import LANGUAGES
from crawler.topics.text import spans
from crawler.topics.tree import And, Field, Node, Or, Phrase, Word
from crawler.watchlist.kinds import Fault, Kind, Language, Refused, Schema, Text, Wrong, refusal
from crawler.watchlist.wording import nearest, quote


@dataclass(frozen=True)
class Query(Text):
    """A query. It may run over several lines, which are read as one."""

    noun = "query"
    example: str = 'harbour AND (strike OR "port workers")'

    def read(self, value: object) -> Any:
        return super().read(" ".join(value.split()) if isinstance(value, str) else value)

    def of(self, text: str) -> str:
        try:
            parse(text)  # how its words bend makes it neither better nor worse
        except QueryError as error:
            raise refusal(f"{quote(text)}, column {error.column}: {error}") from None
        return text


_QUERY = Query()
_LANGUAGE = Language()


@dataclass(frozen=True)
class Queries(Kind):
    """One query, read as text; or a table of them, read as a dict by language (BCP 47, lower case)."""

    def read(self, value: object) -> Any:
        return self._by_language(value) if isinstance(value, dict) else _QUERY.read(value)

    def _by_language(self, table: dict[str, Any]) -> dict[str, str]:
        if not table:
            example = quote(_QUERY.example)
            raise refusal(f"it is an empty table. Write query = {example}, or one for each language: query.en = …")
        queries: dict[str, str] = {}
        languages, faults = _languages(table)
        for key, language in languages.items():
            try:
                queries[language] = _QUERY.read(table[key])
            except Refused as refused:
                faults += [fault.under(key) for fault in refused.faults]
        if faults:
            raise Refused(faults)
        return queries

    def said(self) -> str:
        return "query, or table of queries by language"

    def sample(self) -> str:
        return _QUERY.sample()

    def schema(self) -> Schema:
        by_language = {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": False,
            "patternProperties": {_LANGUAGE.schema()["pattern"]: _QUERY.schema()},
        }
        return {"anyOf": [_QUERY.schema(), by_language]}


def _languages(keys: Iterable[str]) -> tuple[dict[str, str], list[Fault]]:
    """Return the language that each key names, and what is wrong with the keys that name none or one once more."""
    first: dict[str, str] = {}
    faults: list[Fault] = []
    for key in keys:
        try:
            language = _LANGUAGE.read(key)
        except Refused as refused:
            faults += refused.faults
        else:
            if first.setdefault(language, key) != key:
                faults.append(Fault(key, f"{quote(first[language])} is the same language. Remove one of the two."))
    return {key: language for language, key in first.items()}, faults


@dataclass(frozen=True)
class Inflected(Text):
    """A language whose rules say what the other forms of a word are: "ru", whatever the region."""

    noun = "language"
    example: str = "en"

    def of(self, text: str) -> str:
        if text in LANGUAGES:
            return text
        tag = Language().of(text)
        meant = primary(tag) if primary(tag) in LANGUAGES else nearest(tag, LANGUAGES)
        if meant:
            raise Wrong(f"there are no rules by the name of {quote(text)}", meant=meant)
        raise refusal(
            f"there are no rules for {quote(text)}. Remove it, and end a word with a star instead, as in harbour*. "
            f"There are rules for {', '.join(LANGUAGES)}."
        )

    def schema(self) -> Schema:
        return {"enum": list(LANGUAGES)}


_NAMES_A_TAG = re.compile("tag[:：]", re.IGNORECASE)


class Tag(NamedTuple):
    """A tag that a query names: how it is written there, and its folded words."""

    written: str
    words: tuple[str, ...]

    @property
    def name(self) -> str:
        """What is written, without quotes around."""
        places = spans(self.written)
        return self.written[places[0][0] : places[-1][1]]


def tags_of(query: str) -> Iterator[Tag]:
    """Yield the tags that a query asks for by their whole names. What stands under NOT is not asked for."""
    if _NAMES_A_TAG.search(query):  # parsing a hundred thousand queries once more would take seconds
        yield from _tags(parse(query), within=False)


def _tags(node: Node, *, within: bool) -> Iterator[Tag]:
    """`within`: the node stands in the field."""
    match node:
        case Field("tag", child):
            yield from _tags(child, within=True)
        case And(children) | Or(children):
            for child in children:
                yield from _tags(child, within=within)
        case Word(term, prefix=False) if within:
            yield Tag(node.written, (term,))
        case Phrase(words) if within and not words[-1].prefix:
            yield Tag(node.written, tuple(word.term for word in words))
