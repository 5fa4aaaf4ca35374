"""What an outlet's articles repeat word for word: appeals, newsletter lines, agency notes. Learned, and left out. Pure.

*Requirements.* Boilerplate goes that is marked up like the article's own paragraphs, without anybody writing a
selector; and no line of an article goes that is its own. Of the two the second weighs more.

*Theory of operation.* Of an outlet's last 20 articles we remember a fingerprint of each line, and of each word of the
headline (`Trace`). A line is boilerplate if at least five of them have it: the page at hand, which may be one of
them, and four others, *that are not about the same thing*. Follow-ups of one event repeat their background, live
updates and copies at new addresses repeat nearly all, but their headlines share a word. Where a headline has no word
that we could compare, its article is no evidence. A text that stands at two addresses counts once, and so does a line
that stands twice in an article.
    Short lines are often subheads ("Background", "What happens next"), and those repeat by right. So a short line is
counted together with the one below it: "Support us" goes with the appeal that it stands above, "Background" stays.
    An appeal stands above an article or below, or interrupts it, so lines between others go, too. But where that
happens again and again the article is a form (the same questions to ever new people), and its questions stay.
    Where all lines repeat we can't tell what the article is, and leave it whole: no page becomes none by learning.

*Known exceptions.* An outlet with one subject, named in most headlines ("Ferry Watch"), teaches us nothing, nor does
one whose articles have no headlines. A note in
fewer than a quarter of the articles is learned by chance, if ever. Follow-ups whose headlines have no word in common
lose a paragraph that five of the last twenty repeat word for word; so do other articles a line that their outlet uses
as a formula ("The accused is presumed innocent ..."). A form with three questions or fewer loses them.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Self
from zlib import crc32

from crawler.extraction.text import count_words
from crawler.news.article import Article
from crawler.news.revision import content_hash

REMEMBERED = 20
# Of twenty, five are a quarter. With ten to remember, follow-ups of one event are too often the half of them.
_HOLDERS = 5
# In a month when half of all headlines share a word, that many articles are about other things.
_OTHERS = 6
_LONG_WORDS = 5
# Most articles have fewer lines. Of longer ones the beginning and the end are remembered, where appeals stand.
_MOST_ABOVE, _MOST_BELOW = 8, 16
_MOST_STEMS = 24  # where pairs of characters are compared, a headline has as many
_MOST_INTERRUPTIONS = 3

_LONG_WORD, _SHORT_WORD = 4, 3
_FEW_WORDS = 3  # "Fire and war in Lun": of headlines with fewer long words the short ones are compared as well
# Thai, Lao, Burmese, Khmer, Chinese, Japanese: no spaces, so pairs of characters stand for words.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]{2,}")
_STEM_LETTERS = 5  # "ferry" and "ferries" differ, "harbour" and "harbours", "парома" and "паромом" don't
_HANGUL = re.compile(r"[\uac00-\ud7a3]{2}")  # a Korean word has two syllables, and particles behind them


@dataclass(frozen=True, slots=True)
class Trace:
    """What is remembered of one article.

    Attributes:
        topic: fingerprints of the headline's words.
        lines: fingerprints of the body's lines, as they were before any was left out; else what is left out would be
            forgotten.
    """

    topic: frozenset[int]
    lines: frozenset[int]

    @classmethod
    def of(cls, headline: str | None, lines: Sequence[int]) -> Self:
        """Return the trace of an article with this headline and these `fingerprints`."""
        if len(lines) > _MOST_ABOVE + _MOST_BELOW:
            lines = [*lines[:_MOST_ABOVE], *lines[-_MOST_BELOW:]]
        return cls(frozenset(map(_print, _stems(headline or ""))), frozenset(lines))


@dataclass(frozen=True, slots=True)
class Repeats:
    """What an outlet's articles repeat.

    Attributes:
        lines: fingerprints of boilerplate.
    """

    lines: frozenset[int] = frozenset()

    @classmethod
    def of(cls, traces: Iterable[Trace]) -> Self:
        """Return what these articles of one outlet repeat; the page at hand may be one of them."""
        holders: defaultdict[int, list[Trace]] = defaultdict(list)
        for trace in traces:
            for line in trace.lines:
                holders[line].append(trace)
        return cls(frozenset(line for line, own in holders.items() if _are_many(own) and _differ(own)))

    def mark(self, lines: Sequence[int]) -> list[bool]:
        """Tell of each line of a body, by its fingerprint, whether it is to go."""
        marked = [line in self.lines for line in lines]
        if all(marked):
            return [False] * len(marked)
        end = len(marked) - marked[::-1].index(False)
        interruptions = sum(here and not above for above, here in pairwise([False, *marked[:end]]))
        return [False] * end + marked[end:] if interruptions > _MOST_INTERRUPTIONS else marked


def leave_out(article: Article, repeats: Repeats) -> tuple[list[int], str]:
    """Take the outlet's boilerplate out of an article.

    Returns:
        The fingerprints of all its lines, and its content hash with all of them ("" if none is out).
    """
    lines = (article.articleBody or "").split("\n")
    prints = fingerprints(lines)
    marked = repeats.mark(prints)
    if not any(marked):
        return prints, ""
    whole_hash = content_hash(article)
    article.articleBody = "\n".join(line for line, repeated in zip(lines, marked, strict=True) if not repeated)
    article.wordCount = count_words(article.articleBody)
    return prints, whole_hash


def fingerprints(lines: Sequence[str]) -> list[int]:
    """Return a fingerprint (32 bits, the same everywhere and for ever) of each line of a body, its spaces folded.

    A short line's covers its neighbour as well: the line below, or, for the last, the one above. What repeats was
    pasted by a program, so letters are compared, but for their case, and not words: a fifth of the time.
    """
    last = len(lines) - 1
    return [
        _print(line if _is_long(line) else "\n".join(lines[at : at + 2] if at < last else lines[-2:]))
        for at, line in enumerate(lines)
    ]


def _print(text: str) -> int:
    """Return the CRC-32 of a text. Nobody gains by forging it: whose lines collide spoils an outlet of his own.

    An outlet has some ten learned lines, so an article of 40 loses one by chance once in ten million.
    """
    return crc32(text.casefold().encode("utf-8", "surrogatepass"))


def _is_long(line: str) -> bool:
    return line.count(" ") >= _LONG_WORDS - 1 or count_words(line) >= _LONG_WORDS


def _are_many(articles: Sequence[Trace]) -> bool:
    """Whether these are five articles or more, one text at two addresses counted once."""
    return len(articles) >= _HOLDERS and len({article.lines for article in articles}) >= _HOLDERS


def _differ(articles: Sequence[Trace]) -> bool:
    """Whether articles are not all about one thing: most are, or many, without the word that most headlines share.

    Of those whose headlines have words, and these must be enough.
    """
    topics = [article.topic for article in articles if article.topic]
    words = Counter(word for topic in topics for word in topic)
    alike = max(words.values(), default=0)
    others = len(topics) - alike
    return len(topics) >= _HOLDERS and (others > alike or others >= _OTHERS)


def _stems(headline: str) -> list[str]:
    """Return the words that may tell the topic, without their endings: those of four letters and more.

    Hangul's from two syllables. If these are few, those of three letters, too: "War: day one".
    """
    folded = _letters(headline)
    pairs = ["".join(pair) for run in _UNSPACED.findall(folded) for pair in pairwise(run)]
    words = [_stem(word) for word in _UNSPACED.sub(" ", folded).split()]
    long = [word for word in words if len(word) >= _LONG_WORD or _HANGUL.match(word)]
    if len(long) + len(pairs) < _FEW_WORDS:
        long = [word for word in words if len(word) >= _SHORT_WORD or word in long]
    return list(dict.fromkeys([*long, *pairs]))[:_MOST_STEMS]


def _letters(text: str) -> str:
    """Return a text's words: letters with their combining marks, which are the vowels of Hindi, Tamil or Thai."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char if unicodedata.category(char)[0] in "LM" else " " for char in folded)


def _stem(word: str) -> str:
    hangul = _HANGUL.match(word)
    return hangul[0] if hangul else word[:_STEM_LETTERS]
