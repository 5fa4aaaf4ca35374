"""Fill the templates in `press/templates`: an outlet's pages, sources and robots.txt as text.

A page style is one file, `pages/<style>.html`; a kind of source is a folder, `sources/<kind>/`, with the `whole` and
its `item`. Add a file and name it in `outlets.toml`: no Python changes. Templates are `string.Template`; everything
filled in is escaped here.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from crawler.newsroom.press import PRESS
from crawler.newsroom.world import FURNITURE, Outlet, Piece

_TEMPLATES = PRESS / "templates"
_FEEDS = {"rss": "application/rss+xml", "broken": "application/rss+xml", "atom": "application/atom+xml"}


@dataclass(frozen=True, slots=True)
class Dated:
    """A piece with its times (aware UTC)."""

    piece: Piece
    published: datetime
    modified: datetime


@cache
def _template(name: str) -> Template:
    return Template((_TEMPLATES / name).read_text("utf-8"))


@cache
def _parts(kind: str) -> dict[str, Path]:
    """The two templates of a kind of source by their stems, "whole" and "item"."""
    return {file.stem: file.relative_to(_TEMPLATES) for file in (_TEMPLATES / "sources" / kind).iterdir()}


def article_page(outlet: Outlet, dated: Dated) -> str:
    """Return the page of one piece, with everything its outlet puts around a text."""
    piece = dated.piece
    return _template(f"pages/{piece.page or outlet.page}.html").substitute(
        _common(outlet),
        **_item(outlet, dated),
        **{name: _paragraphs(outlet.furniture.get(name, "").split("\n\n")) for name in FURNITURE},
        paragraphs=_paragraphs(piece.paragraphs),
        comments="\n".join(_comment(c.name, c.text) for c in piece.comments),
        related="\n".join(_link(url, text) for text, url in outlet.related.items()),
        metadata=_in_script(_metadata(outlet, dated)),
        story=_in_script({"headline": piece.headline, "author": piece.author, "paragraphs": piece.paragraphs}),
    )


def listing(outlet: Outlet, kind: str, pieces: Iterable[Dated], now: datetime) -> str:
    """Return a source of `kind` that announces `pieces`, newest first; `now` is when it was last built."""
    parts = _parts(kind)
    newest_first = sorted(pieces, key=lambda dated: dated.published, reverse=True)
    item = _template(str(parts["item"])) if "item" in parts else Template("")
    items = "\n".join(item.substitute(_common(outlet), **_item(outlet, dated)) for dated in newest_first)
    whole = _template(str(parts["whole"]))
    return whole.substitute(_common(outlet), items=items, built=_rfc822(now), built_iso=_iso(now))


def sitemap_index(outlet: Outlet, now: datetime) -> str:
    """Return the sitemap that lists the outlet's sitemaps."""
    item = _template("sources/sitemap-index/item.xml")
    paths = (path for path, kind in outlet.sources.items() if kind == "sitemap")
    items = "\n".join(item.substitute(url=escape(outlet.url(path)), built_iso=_iso(now)) for path in paths)
    return _template("sources/sitemap-index/whole.xml").substitute(items=items)


def robots_txt(outlet: Outlet) -> str:
    """Return robots.txt (RFC 9309; Crawl-delay and Sitemap are common extensions)."""
    lines = ["User-agent: *"]
    lines += [f"Disallow: {piece.path}" for piece in outlet.pieces if piece.disallowed] or ["Disallow:"]
    if outlet.crawl_delay_seconds:
        lines.append(f"Crawl-delay: {outlet.crawl_delay_seconds}")
    lines += [f"Sitemap: {outlet.url(path)}" for path, kind in outlet.sources.items() if kind == "sitemap-index"]
    return "\n".join(lines) + "\n"


def content_type(kind: str) -> str:
    """Return the Content-Type that a source of `kind` is served with."""
    html = _parts(kind)["whole"].suffix == ".html"
    return ("text/html" if html else _FEEDS.get(kind, "application/xml")) + "; charset=utf-8"


def _common(outlet: Outlet) -> dict[str, str]:
    return {
        "outlet": escape(outlet.name),
        "home": escape(outlet.url("/")),
        "language": escape(outlet.language),
        "nav": "\n".join(_link(f"/{word.lower().replace(' ', '-')}", word) for word in outlet.nav),
        "feeds": "\n".join(_feed(outlet, path, kind) for path, kind in outlet.sources.items() if kind in _FEEDS),
        "padding": outlet.padding,
    }


def _feed(outlet: Outlet, path: str, kind: str) -> str:
    return f'<link rel="alternate" type="{_FEEDS[kind]}" title="{escape(outlet.name)}" href="{escape(path)}">'


def _item(outlet: Outlet, dated: Dated) -> dict[str, str]:
    piece = dated.piece
    return {
        "headline": escape(piece.headline),
        "description": escape(piece.description),
        "author": escape(piece.author or outlet.name),
        "section": escape(piece.section),
        "url": escape(outlet.url(piece.path)),
        "link": escape(outlet.url(piece.link or piece.path)),
        "image": escape(outlet.url(f"/images{piece.path}.jpg")),
        "published": _iso(dated.published),
        "modified": _iso(dated.modified),
        "published_rfc822": _rfc822(dated.published),
        "published_in_words": f"{dated.published.day} {dated.published:%B %Y, %H:%M} UTC",
    }


def _metadata(outlet: Outlet, dated: Dated) -> dict[str, object]:
    piece = dated.piece
    url = outlet.url(piece.path)
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": url},
        "url": url,
        "headline": piece.headline,
        "description": piece.description,
        "datePublished": _iso(dated.published),
        "dateModified": _iso(dated.modified),
        "author": [{"@type": "Person", "name": piece.author}] if piece.author else [],
        "publisher": {"@type": "NewsMediaOrganization", "name": outlet.name, "url": outlet.url("/")},
        "articleSection": piece.section,
        "image": [outlet.url(f"/images{piece.path}.jpg")],
        "inLanguage": outlet.language,
        "isAccessibleForFree": True,
    }


def _in_script(value: object) -> str:
    """JSON that cannot close the script element it stands in."""
    return json.dumps(value, ensure_ascii=False).replace("</", "<\\/")


def _paragraphs(texts: Iterable[str]) -> str:
    return "\n".join(f"<p>{escape(text, quote=False)}</p>" for text in texts if text)


def _comment(name: str, text: str) -> str:
    return f'<li class="comment"><b class="comment-author">{escape(name)}</b> <p>{escape(text, quote=False)}</p></li>'


def _link(url: str, text: str) -> str:
    return f'<li><a href="{escape(url)}">{escape(text)}</a></li>'


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _rfc822(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)
