"""A page's zones as one HTML page, so that a person sees why a paragraph is in or out.

*Requirements.* The passages in page order, each in its zone's colour with the zone's name and why; any zone can be
hidden. It stands alone: nothing is loaded. Nothing that the page says is taken for markup. It reads by its words, too,
where colours cannot be told apart, and on paper.

*Theory of operation.* `painting.html` beside this file is the template. Passages that follow each other in one zone for
one reason are a *run* and share a label. All text is escaped; beyond that the page forbids itself every script and
request (Content-Security-Policy), so the zones are shown and hidden by checkboxes and CSS alone.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from html import escape
from itertools import groupby
from pathlib import Path
from string import Template

from crawler.extraction.article import Study
from crawler.extraction.prose import HEADINGS
from crawler.extraction.zones import Passage, Zone
from crawler.news.article import Article

# Hue in degrees, and saturation. Neighbours on a page lie apart: comments and appeals, body and captions.
COLOURS = {
    Zone.BODY: (150, "75%"),
    Zone.HEADLINE: (212, "75%"),
    Zone.BYLINE: (190, "55%"),
    Zone.CAPTION: (85, "45%"),
    Zone.TEASER: (45, "75%"),
    Zone.RELATED: (30, "60%"),
    Zone.NAVIGATION: (225, "25%"),
    Zone.COMMENTS: (265, "60%"),
    Zone.APPEAL: (330, "70%"),
    Zone.DISCLAIMER: (295, "40%"),
    Zone.ADVERTISEMENT: (5, "70%"),
    Zone.REPEATED: (60, "60%"),
    Zone.OTHER: (0, "0%"),
}
_SHAPES = dict.fromkeys(HEADINGS, "heading") | {"li": "item", "blockquote": "quote", "q": "quote"}


def paint(study: Study, *, url: str) -> str:
    """Return the page, self-contained HTML.

    Args:
        url: where the page came from.
    """
    article = study.reading.article if study.reading else None
    counts = Counter(passage.zone for passage in study.passages)
    shown = [zone for zone in Zone if counts[zone]]
    return _template().substitute(
        title=escape(_headline(study, article) or url),
        url=escape(url),
        facts="\n".join(_facts(study, article, url)),
        colours="\n".join(f".{zone} {{ --hue: {hue}; --vivid: {vivid}; }}" for zone, (hue, vivid) in COLOURS.items()),
        toggles="\n".join(
            f":root:has(#show-{zone}:not(:checked)) section.{zone} {{ display: none; }}" for zone in shown
        ),
        legend="\n".join(_choice(zone, counts[zone]) for zone in shown),
        runs="\n".join(_runs(study.passages)),
    )


@cache
def _template() -> Template:
    return Template((Path(__file__).parent / "painting.html").read_text("utf-8"))


def _headline(study: Study, article: Article | None) -> str:
    """Return the article's headline; of a page that is none, what stands there as one, or ""."""
    if article is not None and article.headline:
        return article.headline
    return next((passage.block.text for passage in study.passages if passage.zone == Zone.HEADLINE), "")


def _facts(study: Study, article: Article | None, url: str) -> Iterator[str]:
    """Yield what stands below the headline: the article in a line, or why there is none."""
    if article is not None:
        said = [f"<bdi>{escape(author.name)}</bdi>" for author in article.authors]
        if article.datePublished:
            told_by = escape(article.metadata.datePublishedFrom or "")
            said.append(f"{article.datePublished:%Y-%m-%d %H:%M} UTC, by {told_by}")
        said.append(f"{article.wordCount or 0:,} words of body")
        yield f"<p>{' · '.join(said)}</p>"
    if study.refusal is not None:
        words = str(study.refusal).removeprefix(f"{url}: ")
        yield f'<p class="refusal"><b>No article ({escape(study.refusal.reason)}):</b> {escape(words)}</p>'


def _choice(zone: Zone, count: int) -> str:
    box = f'<input type="checkbox" id="show-{zone}" checked>'
    return f'<label class="run {zone}">{box} <b>{zone}</b> {count}</label>'


def _runs(passages: Iterable[Passage]) -> Iterator[str]:
    """Yield each run: its label, then its passages."""
    for (zone, why), run in groupby(passages, key=lambda passage: (passage.zone, passage.why)):
        label = f"<small><b>{zone}</b> {escape(why)}</small>"
        texts = "\n".join(_text(passage) for passage in run)
        yield f'<section class="run {zone}" title="{zone}: {escape(why)}">{label}<div dir="auto">'
        yield f"{texts}\n</div></section>"


def _text(passage: Passage) -> str:
    """Return a passage as a paragraph."""
    shape = _SHAPES.get(passage.block.box.tag)
    marked = f' class="{shape}"' if shape else ""
    return f"<p{marked}>{escape(passage.block.text)}</p>"
