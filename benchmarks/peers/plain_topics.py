"""Plain ways to match many queries against an article: the yardsticks of `benchmarks.topics`.

`RegexLoop` is what everyone writes first, `PlainIndex` what they write when that is too slow: words folded with
unicodedata, a dict from a word that must be there to the queries that need it, and each of these evaluated. Both know
of the query language what the benchmark's queries use, and say only which queries are met, not why. Their folding is
leaner than the language asks (й is и, ł is not l, AT&T is "at t").
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping

_TOKEN = re.compile(r'"([^"]*)"|\(|\)|\bAND\b|\bOR\b|\bNOT\b|NEAR/(\d+)|-(?=\w)|[^\s()"]+')
_WORD = re.compile(r"\w+")

Test = Callable[[set[str], dict[str, list[int]]], bool]
"""Is a query met by a text of these words, which stand at these positions?"""


def fold(text: str) -> list[str]:
    """Return the words of a text without case and accents: what the standard library offers."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join([sign for sign in decomposed if not unicodedata.combining(sign)]))


class RegexLoop:
    """Every query on every article: all its words, one regular expression each."""

    def __init__(self, queries: Mapping[str, str]) -> None:
        self._patterns = {name: [_pattern(word) for word in _words(query)] for name, query in queries.items()}

    def match(self, body: str) -> list[str]:
        return [name for name, words in self._patterns.items() if all(word.search(body) for word in words)]


def _words(query: str) -> list[str]:
    return [word for word in re.findall(r"(?<!-)\b[\w*]+", query) if word not in ("AND", "OR", "NEAR", "9")][:2]


def _pattern(word: str) -> re.Pattern[str]:
    stem = word.rstrip("*")
    return re.compile(rf"\b{re.escape(stem)}" + ("" if stem != word else r"\b"), re.IGNORECASE)


class PlainIndex:
    """A dict from a word that must be there to the queries that need it."""

    def __init__(self, queries: Mapping[str, str]) -> None:
        self._queries: list[tuple[str, Test]] = []
        self._by_word: dict[str, list[int]] = defaultdict(list)
        for name, query in queries.items():
            needed, test = _Parser(query).either()
            for word in max(needed, key=lambda words: min(map(len, words))):
                self._by_word[word].append(len(self._queries))
            self._queries.append((name, test))

    def match(self, body: str) -> list[str]:
        words = fold(body)
        positions: dict[str, list[int]] = defaultdict(list)
        for position, word in enumerate(words):
            positions[word].append(position)
        known = set(words)
        numbers = {number for word in known if word in self._by_word for number in self._by_word[word]}
        return [self._queries[number][0] for number in sorted(numbers) if self._queries[number][1](known, positions)]


Parsed = tuple[list[set[str]], Test]
"""Sets of words of which each text that meets the query has one each, and the test."""


class _Parser:
    """Recursive descent, without a single error message."""

    def __init__(self, query: str) -> None:
        self._tokens = [match.group() for match in _TOKEN.finditer(query)]

    def either(self) -> Parsed:
        needed, test = self._both()
        while self._tokens and self._tokens[0] == "OR":
            self._tokens.pop(0)
            more, other = self._both()
            needed, test = [needed[0] | more[0]], _either(test, other)
        return needed, test

    def _both(self) -> Parsed:
        needed, test = self._near()
        while self._tokens and self._tokens[0] not in ("OR", ")"):
            if self._tokens[0] == "AND":
                self._tokens.pop(0)
            more, other = self._near()
            needed, test = needed + more, _both(test, other)
        return needed, test

    def _near(self) -> Parsed:
        token = self._tokens.pop(0)
        if token == "(":
            parsed = self.either()
            self._tokens.pop(0)
            return parsed
        if token in ("-", "NOT"):
            _, test = self._near()
            return [], lambda known, positions: not test(known, positions)
        if token.startswith('"'):
            words = fold(token)
            return [{word} for word in words], _phrase(words)
        (word,) = fold(token)
        if self._tokens and self._tokens[0].startswith("NEAR/"):
            distance = int(self._tokens.pop(0)[5:])
            other, star = fold(self._tokens[0])[0], self._tokens.pop(0).endswith("*")
            return [{word}], _near(word, other, distance, prefix=star)
        return [{word}], lambda known, _positions: word in known


def _either(one: Test, other: Test) -> Test:
    return lambda known, positions: one(known, positions) or other(known, positions)


def _both(one: Test, other: Test) -> Test:
    return lambda known, positions: one(known, positions) and other(known, positions)


def _phrase(words: list[str]) -> Test:
    def test(_known: set[str], positions: dict[str, list[int]]) -> bool:
        return any(
            all(start + at in positions.get(word, ()) for at, word in enumerate(words))
            for start in positions.get(words[0], ())
        )

    return test


def _near(one: str, other: str, distance: int, *, prefix: bool) -> Test:
    def test(known: set[str], positions: dict[str, list[int]]) -> bool:
        if one not in known:
            return False
        others = [word for word in known if word.startswith(other)] if prefix else [other]
        places = [place for word in others for place in positions.get(word, ())]
        return any(0 < abs(place - start) <= distance + 1 for start in positions[one] for place in places)

    return test
