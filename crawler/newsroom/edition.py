"""The press at this moment: what each address shows, after everything published and edited so far."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus

from crawler.newsroom import pages
from crawler.newsroom.messages import Document
from crawler.newsroom.pages import Dated
from crawler.newsroom.world import Outlet, Piece, World


class Edition:
    """A world that opened at `opened` (aware UTC). Documents are rendered once, until their outlet changes."""

    def __init__(self, world: World, opened: datetime) -> None:
        self._opened = opened.replace(microsecond=0)
        self._outlets = {outlet.host: outlet for outlet in world.outlets}
        self._pieces = {outlet.host: {piece.path: piece for piece in outlet.pieces} for outlet in world.outlets}
        self._aliases = {o.host: {p.alias: p.path for p in o.pieces if p.alias} for o in world.outlets}
        self._documents: dict[str, dict[str, Document]] = {host: {} for host in self._outlets}

    def publish(self, url: str, age: timedelta) -> None:
        """Let the piece that was held back at `url` appear, `age` before opening (negative: after).

        Raises:
            LookupError: no piece has that URL.
        """
        host, piece = self._find(url)
        self._put(host, replace(piece, held=False, age=age))

    def edit(self, url: str, age: timedelta, headline: str = "", replacements: Mapping[str, str] | None = None) -> None:
        """Change the headline, and in the text each old wording to the new one; `age` is when, as for `publish`.

        Raises:
            LookupError: no piece has that URL.
            ValueError: the text does not hold an old wording, or nothing would change.
        """
        host, piece = self._find(url)
        text = "\n\n".join(piece.paragraphs)
        for old, new in (replacements or {}).items():
            if old not in text:
                raise ValueError(f'{url}: the text does not say "{old}"')
            text = text.replace(old, new)
        edited = replace(piece, headline=headline or piece.headline, paragraphs=tuple(text.split("\n\n")), revised=age)
        if (edited.headline, edited.paragraphs) == (piece.headline, piece.paragraphs):
            raise ValueError(f"{url}: the edit changes nothing. Give a headline or replacements")
        self._put(host, edited)

    def document(self, host: str, path: str) -> Document | None:
        """Return what `path` (without its query) shows; None for a host that nobody has."""
        shown = self._documents.get(host)
        if shown is None:
            return None
        if path not in shown:
            document = self._render(self._outlets[host], path)
            if document.status == HTTPStatus.NOT_FOUND:
                return document  # anyone can ask for anything: not remembered
            shown[path] = document
        return shown[path]

    def warm(self) -> None:
        """Render every source and page now, plain and compressed, so that no request pays for it."""
        for host, outlet in self._outlets.items():
            for path in ("/robots.txt", *outlet.sources, *self._pieces[host]):
                document = self.document(host, path)
                assert document is not None
                _ = document.etag, document.gzipped

    def _find(self, url: str) -> tuple[str, Piece]:
        host, _, path = url.removeprefix("http://").partition("/")
        try:
            return host, self._pieces[host]["/" + path]
        except KeyError:
            raise LookupError(f'no piece at "{url}"') from None

    def _put(self, host: str, piece: Piece) -> None:
        self._pieces[host][piece.path] = piece
        self._documents[host].clear()

    def _render(self, outlet: Outlet, path: str) -> Document:
        if path == "/robots.txt":
            return Document(pages.robots_txt(outlet).encode(), "text/plain; charset=utf-8", self._opened)
        if path == "/" and path not in outlet.sources:
            return self._source(outlet, path, "section")
        if path in outlet.sources:
            return self._source(outlet, path, outlet.sources[path])
        if path in self._aliases[outlet.host]:
            location = outlet.url(self._aliases[outlet.host][path])
            return Document(b"", "text/plain", status=HTTPStatus.MOVED_PERMANENTLY, headers={"Location": location})
        piece = self._pieces[outlet.host].get(path)
        if piece is None or piece.held or piece.status == HTTPStatus.NOT_FOUND:
            return Document(b"<h1>Not found</h1>", "text/html; charset=utf-8", status=HTTPStatus.NOT_FOUND)
        dated = self._date(piece)
        return Document(pages.article_page(outlet, dated).encode(), "text/html; charset=utf-8", dated.modified)

    def _source(self, outlet: Outlet, path: str, kind: str) -> Document:
        announced = list(self._announced(outlet, path))
        modified = max((dated.modified for dated in announced), default=self._opened)
        if kind == "sitemap-index":
            text = pages.sitemap_index(outlet, modified)
        else:
            text = pages.listing(outlet, kind, announced, modified)
        return Document(text.encode(), pages.content_type(kind), modified)

    def _announced(self, outlet: Outlet, path: str) -> Iterator[Dated]:
        """The front page ("/") announces everything."""
        for piece in self._pieces[outlet.host].values():
            everywhere = not piece.sources or path not in outlet.sources
            if not piece.held and (everywhere or path in piece.sources):
                yield self._date(piece)

    def _date(self, piece: Piece) -> Dated:
        published = self._opened - piece.age
        return Dated(piece, published, published if piece.revised is None else self._opened - piece.revised)
