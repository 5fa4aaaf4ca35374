"""How many articles a second one thread matches: `python -m benchmarks.topics`.

Articles of 500 words and queries over the same invented vocabulary, frequent words short and rare ones long (Zipf).
Beside it the loop that everyone writes first: one regular expression a query word, every query on every article.
Matching includes cutting and folding the article's words and the evidence; the loop finds only whether it matches.
The first half of the articles is not timed: a crawl runs for days, and the matcher remembers how words fold.
"""

import random
import re
import time
from collections.abc import Callable, Iterable
from functools import partial

from crawler.news.topic import Match
from crawler.topics import TopicMatcher

ARTICLES = 600
WORDS = 500
VOCABULARY = 30_000
RARE = 4_000  # topics name people and places, not the commonest words


def main() -> None:
    chance = random.Random(1)
    vocabulary = sorted({_invent(chance) for _ in range(VOCABULARY)}, key=len)
    articles = [_article(vocabulary, chance) for _ in range(ARTICLES)]
    print(f"{'topics':>7} {'build':>8} {'storywatch':>12} {'regex loop':>12} {'ratio':>8} {'matches an article':>19}")
    for count in (10, 1_000, 10_000):
        names = [chance.sample(vocabulary[RARE:], 3) for _ in range(count)]
        started = time.process_time()
        matcher = TopicMatcher({f"topic {i}": _query(i, *three) for i, three in enumerate(names)})
        build = time.process_time() - started
        found = sum(len(_match(matcher, body)) for body in articles[: ARTICLES // 2]) / (ARTICLES // 2)
        ours = _rate(partial(_match, matcher), articles[ARTICLES // 2 :])
        naive = _rate(_regex_loop(names), articles[: max(2, 5_000 // count)])
        print(f"{count:>7,} {build:>6.2f} s {ours:>10,.0f}/s {naive:>10,.1f}/s {ours / naive:>7,.0f}x {found:>19.1f}")


def _match(matcher: TopicMatcher, body: str) -> list[Match]:
    return matcher.match(body=body)


def _query(number: int, *names: str) -> str:
    """One of four kinds of query that people write, of three names at most."""
    kinds = ("{0} AND {1}", '"{0} {1}"', "({0} OR {1}) {2} -sport", "{0} NEAR/9 {1}*")
    return kinds[number % len(kinds)].format(*names)


def _regex_loop(names: Iterable[list[str]]) -> Callable[[str], object]:
    patterns = [[re.compile(rf"\b{word}\b", re.IGNORECASE) for word in words[:2]] for words in names]
    return lambda body: [i for i, words in enumerate(patterns) if all(word.search(body) for word in words)]


def _rate(work: Callable[[str], object], articles: list[str]) -> float:
    """Return articles a second of CPU time."""
    started = time.process_time()
    for body in articles:
        work(body)
    return len(articles) / (time.process_time() - started)


def _invent(chance: random.Random) -> str:
    return "".join(chance.choice("bdfgklmnprstvz") + chance.choice("aeiou") for _ in range(chance.randint(1, 5)))


def _article(vocabulary: list[str], chance: random.Random) -> str:
    weights = [1 / rank for rank in range(1, len(vocabulary) + 1)]
    words = chance.choices(vocabulary, weights, k=WORDS)
    sentences = [" ".join(words[i : i + 20]).capitalize() for i in range(0, WORDS, 20)]
    return "“" + ".” “".join(sentences) + ".”"


if __name__ == "__main__":
    main()
