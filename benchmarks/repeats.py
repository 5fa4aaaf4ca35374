"""What learning leaves out of the pages of an outlet: `python -m benchmarks.repeats`.

Invents outlets of 30 articles whose pages have the same lines again and again, marked up exactly like the articles' own
paragraphs, and reads them with our extraction. The first N articles teach, the last ten are judged: how many of the
lines that are left are boilerplate, and how many lines of the articles themselves are gone (none may be).
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from crawler.extraction import extract
from crawler.extraction.repeats import REMEMBERED, Repeats, Trace, fingerprints, leave_out
from crawler.news.article import Article
from crawler.newsroom import Outlet, Piece, World, synthetic
from crawler.newsroom.edition import Edition

ARTICLES = 30
JUDGED = 10
LEARNED = (0, 3, 4, 5, 6, 8, 12, 16, 20)
OUTLETS = 10  # of each kind

APPEAL = "This paper belongs to those who read it: five crowns a month keep its lights on."
MIDDLE = "Every evening the day in four minutes, by post to your kitchen table."
NOTE = "Mit Material der Nachrichtenagenturen und unserer Leute vor Ort."
SHORT = "Good to know"
NUMBER = "Soita toimitukseen numeroon 555 0100, jos tiedät asiasta enemmän."
BOILERPLATE = frozenset({APPEAL, MIDDLE, NOTE, NUMBER, SHORT})

BACKGROUND = (
    "The ferry Marigold sank in the Sound on the first Sunday of the month; the forty people aboard were saved.",
    "Her owners had asked for a new licence twice, and were refused both times for want of lifeboats.",
)
STORM = tuple(
    f"At {hour} o'clock the wind has taken the roofs of {hour * 7} houses along the shore." for hour in range(6, 16)
)
QUESTIONS = (
    "Which book would you take along to an empty island?",
    "What did your grandmother cook when it rained for a week?",
    "When did you last change your mind about anything?",
    "Whom would you like to sit next to on a long journey?",
    "What do you never leave home without?",
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One page as extraction reads it, and the lines of it that are no boilerplate."""

    article: Article
    own: frozenset[str]


def everyday(piece: Piece, chance: random.Random) -> Piece:
    """An appeal below each article, with a short line above it; one in the middle; a note below two of five."""
    note = [NOTE] if chance.random() < 0.4 else []
    return _with(piece, [*_interrupted(piece.paragraphs, MIDDLE, chance), *note, SHORT, APPEAL])


def local(piece: Piece, chance: random.Random) -> Piece:
    """One line above every third article, another below every second."""
    above = [MIDDLE] if chance.random() < 0.35 else []
    below = [NUMBER] if chance.random() < 0.5 else []
    return _with(piece, [*above, *piece.paragraphs, *below])


def eventful(piece: Piece, chance: random.Random) -> Piece:
    """Half of the articles are about one event, and repeat what happened; an appeal below each."""
    if chance.random() < 0.5:
        return _with(piece, [*piece.paragraphs, APPEAL])
    return _with(piece, [*piece.paragraphs, *BACKGROUND, APPEAL], f"{piece.headline} as ferry inquiry opens")


def questionnaire(piece: Piece, chance: random.Random) -> Piece:
    """Each article asks somebody the same five questions; an appeal below each."""
    answers = (f"{chance.choice(piece.paragraphs)} {number}" for number in range(len(QUESTIONS)))
    return _with(piece, [*(line for pair in zip(QUESTIONS, answers, strict=True) for line in pair), APPEAL])


def live(piece: Piece, chance: random.Random) -> Piece:
    """Half of the addresses tell one event, each with most of what the others have; an appeal below each."""
    if chance.random() < 0.5:
        return _with(piece, [*piece.paragraphs, APPEAL])
    told = [line for line in STORM if chance.random() < 0.8]
    return _with(piece, [*told, *piece.paragraphs[:2], APPEAL], f"Storm in {piece.headline.split()[0]}, live")


Kind = Callable[[Piece, random.Random], Piece]
KINDS: dict[str, Kind] = {
    "an everyday outlet": everyday,
    "a local one": local,
    "an eventful month": eventful,
    "a questionnaire": questionnaire,
    "live updates": live,
}


def main() -> None:
    """Measure, and print the verdict."""
    print(f"Boilerplate among the lines of a body, {OUTLETS} outlets of each kind, learned from so many articles")
    print(f"{'':<20}" + "".join(f"{count:>8}" for count in LEARNED))
    gone = own = 0
    for name, kind in KINDS.items():
        outlets = [read_outlet(kind, seed) for seed in range(OUTLETS)]
        print(f"{name:<20}" + "".join(f"{share(outlets, count):>8.1%}" for count in LEARNED))
        gone += sum(lost(readings, count) for readings in outlets for count in LEARNED)
        own += sum(len(reading.own) for readings in outlets for reading in readings[-JUDGED:]) * len(LEARNED)
    print(f"Of {own:,} lines that are the articles' own {gone:,} are left out: {'BROKEN' if gone else 'kept'}.")


def read_outlet(kind: Kind, seed: int) -> list[Reading]:
    """Return the pages of one invented outlet, as our extraction reads them."""
    world = synthetic(1, ARTICLES, seed, page_bytes=8_000)
    (outlet,) = world.outlets
    chance = random.Random(seed)
    outlet = replace(outlet, pieces=tuple(kind(piece, chance) for piece in outlet.pieces))
    now = datetime.now(UTC)
    edition = Edition(World((outlet,)), now)
    return [_read(edition, outlet, piece) for piece in outlet.pieces]


def share(outlets: Sequence[Sequence[Reading]], count: int) -> float:
    """Return the share of boilerplate in what is left of the last articles, `count` having taught."""
    left = [line for readings in outlets for reading in _judged(readings, count) for line in _lines(reading.article)]
    return sum(line in BOILERPLATE for line in left) / len(left)


def lost(readings: Sequence[Reading], count: int) -> int:
    """Return how many lines of the last articles themselves are left out."""
    return sum(len(reading.own - set(_lines(reading.article))) for reading in _judged(readings, count))


def _judged(readings: Sequence[Reading], count: int) -> list[Reading]:
    taught = [Trace.of(reading.article.headline, fingerprints(_lines(reading.article))) for reading in readings]
    repeats = Repeats.of(taught[:count][-REMEMBERED:])
    judged = [Reading(replace(reading.article), reading.own) for reading in readings[-JUDGED:]]
    for reading in judged:
        leave_out(reading.article, repeats)
    return judged


def _read(edition: Edition, outlet: Outlet, piece: Piece) -> Reading:
    url = outlet.url(piece.path)
    page = edition.document(outlet.host, piece.path)
    assert page is not None
    article = extract(page.body, url, content_type=page.content_type)
    return Reading(article, frozenset(_lines(article)) - BOILERPLATE)


def _lines(article: Article) -> list[str]:
    return (article.articleBody or "").split("\n")


def _with(piece: Piece, paragraphs: Sequence[str], headline: str = "") -> Piece:
    return replace(piece, paragraphs=tuple(paragraphs), headline=headline or piece.headline)


def _interrupted(paragraphs: Sequence[str], line: str, chance: random.Random) -> list[str]:
    place = chance.randrange(1, len(paragraphs))
    return [*paragraphs[:place], line, *paragraphs[place:]]


if __name__ == "__main__":
    main()
