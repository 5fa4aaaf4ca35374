"""Generated worlds of any size, for benchmarks and fault runs: the same arguments give the same bytes.

Sentences are drawn from over 10^12 combinations of the words in `press/synthetic.toml`, so two articles share next to
no wording; each is about two of 400 invented places, so a topic that names one matches one article in 200.
"""

import random
import tomllib
from collections.abc import Callable
from datetime import timedelta

from crawler.newsroom.press import PRESS
from crawler.newsroom.world import Expectation, Outlet, Piece, World

_TEXT: dict[str, str] = tomllib.loads((PRESS / "synthetic.toml").read_text("utf-8"))
_WORDS = {name: words.split() for name, words in _TEXT.items()}

PLACES = tuple(opening + closing for opening in _WORDS["opening"] for closing in _WORDS["closing"])
"""The topic words: each article names two of them, in its headline and its text."""

_STYLES = ("jsonld", "opengraph", "microdata")
_SOURCES = ({"/feed.xml": "rss"}, {"/atom.xml": "atom"})
_FIELDS = {"rss": "feeds", "atom": "feeds", "broken": "feeds", "sitemap": "sitemaps", "section": "pages"}


def synthetic(
    outlets: int = 10, articles: int = 1000, seed: int = 0, *, page_bytes: int = 70_000, words: int = 300
) -> World:
    """Return a world of `articles` in all, dealt out to `outlets` in turn, published within the last 20 hours.

    A page weighs about `page_bytes` uncompressed (70 KB is a usual news page) with an article of about `words` words;
    the rest is styles, scripts and menus. Half the outlets have an RSS feed, half an Atom feed. Rendered pages stay in
    memory.
    """
    rng = random.Random(f"{outlets} {articles} {seed}")
    padding = _padding(rng, max(0, page_bytes - 9 * words - 2_000))
    pieces: list[list[Piece]] = [[] for _ in range(outlets)]
    for number in range(articles):
        age = timedelta(hours=20) * (number + 1) / (articles + 1)
        pieces[number % outlets].append(_piece(rng, number, age, words))
    return World(tuple(_outlet(number, padding, own) for number, own in enumerate(pieces)))


def watchlist_toml(world: World, *, every: str = "5s") -> str:
    """Return the text of an outlets.toml that follows every outlet of `world`."""
    return "\n".join(_outlet_toml(outlet, every) for outlet in world.outlets)


def _outlet_toml(outlet: Outlet, every: str) -> str:
    urls: dict[str, list[str]] = {}
    for path, kind in outlet.sources.items():
        if kind in _FIELDS:
            urls.setdefault(_FIELDS[kind], []).append(f'"{outlet.url(path)}"')
    lines = ["[[outlet]]", f'name = "{outlet.name}"', f'url = "{outlet.url("/")}"', f'every = "{every}"']
    lines += [f"{field} = [{', '.join(listed)}]" for field, listed in urls.items()]
    return "\n".join(lines) + "\n"


def _outlet(number: int, padding: str, pieces: list[Piece]) -> Outlet:
    return Outlet(
        name=f"Synthetic {number}",
        host=f"outlet-{number}.synthetic.example",
        page=_STYLES[number % len(_STYLES)],
        sources=_SOURCES[number % len(_SOURCES)],
        furniture={"cookies": "We use cookies to remember which biscuits you like."},
        nav=("World", "Business", "Sport", "Weather"),
        padding=padding,
        pieces=tuple(pieces),
    )


def _piece(rng: random.Random, number: int, age: timedelta, words: int) -> Piece:
    here, there = rng.sample(PLACES, 2)
    who, did, what, when, cause = map(_draw(rng), ("who", "did", "what", "when", "cause"))
    paragraphs = max(1, round(words / 80))
    return Piece(
        path=f"/news/{here}-{what}-{when}-{there}-{cause}-{100_000 + number}".lower(),
        headline=f"{here} {who} {did} {there} {what} {when} {cause}",
        description=_sentence(rng, here, there),
        paragraphs=tuple(" ".join(_sentence(rng, here, there) for _ in range(4)) for _ in range(paragraphs)),
        author=f"{_draw(rng)('opening')}a {rng.choice(PLACES)}",
        age=age,
        expect=Expectation("published"),
    )


def _sentence(rng: random.Random, here: str, there: str) -> str:
    """About 20 words."""
    some = _draw(rng)
    return (
        f"{some('how').title()} {some('who')}s of {here} {some('did')} {rng.randint(2, 99)} {some('how')} "
        f"{some('what')}s {some('when')} the {some('cause')}, and a {some('how')} {there} {some('who')} "
        f"{some('did')} the {some('what')}."
    )


def _draw(rng: random.Random) -> Callable[[str], str]:
    return lambda name: rng.choice(_WORDS[name])


def _padding(rng: random.Random, size: int) -> str:
    """Return about `size` characters of what makes real pages heavy: styles, scripts and half as much of menus."""
    some = _draw(rng)
    styles, scripts, menus = "", "", ""
    while len(styles) < size * 4 // 10:
        styles += f".{some('what')}-{some('how')} {{ margin: {rng.randint(0, 48)}px }}\n"
    while len(scripts) < size * 4 // 10:
        scripts += f'"{some("who")}{rng.randint(0, 9_999)}": "{some("cause")}",\n'
    while len(menus) < size * 2 // 10:
        menus += f'<li><a href="/{some("what")}/{some("how")}">{some("what")}</a></li>\n'
    script = f"<script>\nwindow.config = {{\n{scripts}}};\n</script>\n"
    return f"<style>\n{styles}</style>\n{script}<footer><ul>\n{menus}</ul></footer>\n"
