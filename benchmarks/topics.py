"""How many articles a second one thread matches: `python -m benchmarks.topics`.

Articles of 500 words, in English and in Cyrillic letters, and queries over the same invented vocabulary, frequent words
short and rare ones long (Zipf). Beside us the loop that everyone writes first, and the folded words and dict that they
write next (`peers/plain_topics.py`). Matching includes cutting and folding the article's words; ours brings the
evidence, theirs only whether it matches. Where both run, they must find the same.

The first half of the articles is not timed: a crawl runs for days, and the matcher remembers how words fold. Each row
is measured in a process of its own, so the memory is that of the topics: what the process grew by, in all its pages.
"""

import gc
import multiprocessing
import os
import random
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

from benchmarks.peers.plain_topics import PlainIndex, RegexLoop
from crawler.topics import TopicMatcher

COUNTS = (10, 1_000, 10_000, 100_000)
ARTICLES = 600
WORDS = 500
VOCABULARY = 30_000
RARE = 4_000  # topics name people and places, not the commonest words
LATIN = ("bdfgklmnprstvz", "aeiou")
CYRILLIC = ("бвгдклмнпрстчж", "аеиоуыэ")

Matcher = Callable[[str], list[str]]
Make = Callable[[Mapping[str, str]], Matcher]


class Cost(NamedTuple):
    """Seconds of CPU time to build, bytes of memory, articles a second, and what the articles met."""

    build_s: float
    memory: int
    rate: float
    met: list[list[str]]


def main() -> None:
    for script, letters in {"Latin letters, curly quotes": LATIN, "Cyrillic letters": CYRILLIC}.items():
        print(f"{script}: articles a second")
        print(f"{'topics':>8} {'build':>8} {'memory':>8} {'storywatch':>11}", end=" ")
        print(f"{'plain index':>12} {'ratio':>6} {'build':>8} {'memory':>8} {'regex loop':>11} {'met an article':>15}")
        for count in COUNTS:
            print(row(count, letters), flush=True)


def row(count: int, letters: tuple[str, str], articles: int = ARTICLES) -> str:
    """Return a line of the table."""
    measure = partial(_apart, letters, count)
    ours, plain = measure(storywatch, articles), measure(plain_index, articles)
    loop = measure(regex_loop, max(4, min(articles, 10_000 // count)))
    if ours.met != plain.met:
        raise RuntimeError(f"{count} topics: the plain index finds what we don't, or we what it doesn't")
    met = sum(map(len, ours.met)) / len(ours.met)
    return (
        f"{count:>8,} {ours.build_s:>6.2f} s {ours.memory / 1e6:>5.0f} MB {ours.rate:>9,.0f}/s "
        f"{plain.rate:>10,.0f}/s {ours.rate / plain.rate:>5.1f}x {plain.build_s:>6.2f} s {plain.memory / 1e6:>5.0f} MB "
        f"{loop.rate:>9,.1f}/s {met:>15.1f}"
    )


def storywatch(queries: Mapping[str, str]) -> Matcher:
    matcher = TopicMatcher(queries)
    return lambda body: [match.topic for match in matcher.match(body=body)]


def plain_index(queries: Mapping[str, str]) -> Matcher:
    return PlainIndex(queries).match


def regex_loop(queries: Mapping[str, str]) -> Matcher:
    return RegexLoop(queries).match


def _apart(letters: tuple[str, str], count: int, make: Make, articles: int) -> Cost:
    """Measure in a process that has done nothing else."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_cost, (letters, count, make, articles))


def _cost(letters: tuple[str, str], count: int, make: Make, number: int) -> Cost:
    chance = random.Random(1)
    vocabulary = sorted(sorted({_invent(chance, *letters) for _ in range(VOCABULARY)}), key=len)
    articles = [_article(vocabulary, chance) for _ in range(number)]
    queries = {f"topic {i}": _query(i, *chance.sample(vocabulary[RARE:], 3)) for i in range(count)}
    gc.collect()
    before, started = _resident(), time.process_time()
    match = make(queries)
    build_s, memory = time.process_time() - started, _resident() - before
    for body in articles[: number // 2]:
        match(body)
    timed = articles[number // 2 :]
    started = time.process_time()
    met = [match(body) for body in timed]
    return Cost(build_s, memory, len(timed) / (time.process_time() - started), met)


def _resident() -> int:
    """Bytes of memory that this process has."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _query(number: int, *names: str) -> str:
    """One of four kinds of query that people write, of three names at most."""
    kinds = ("{0} AND {1}", '"{0} {1}"', "({0} OR {1}) {2} -sport", "{0} NEAR/9 {1}*")
    return kinds[number % len(kinds)].format(*names)


def _invent(chance: random.Random, consonants: str, vowels: str) -> str:
    return "".join(chance.choice(consonants) + chance.choice(vowels) for _ in range(chance.randint(1, 5)))


def _article(vocabulary: list[str], chance: random.Random) -> str:
    weights = [1 / rank for rank in range(1, len(vocabulary) + 1)]
    words = chance.choices(vocabulary, weights, k=WORDS)
    sentences = [" ".join(words[i : i + 20]).capitalize() for i in range(0, WORDS, 20)]
    return "“" + ".” “".join(sentences) + ".”"


if __name__ == "__main__":
    main()
