"""An entry as feedparser would settle it: which of several titles, links, ids and summaries counts.

Its choices depend on the order of the elements and on their depth. What it cannot be followed in raises `Unsure`.
"""

import re
from contextlib import suppress

from crawler.discovery.feeds.claims import Claims
from crawler.discovery.feeds.names import Unsure

MOST_NAME = 80  # characters of an author's name with an e-mail address; looking for that takes 25 us in so many

_SLASHES = re.compile(r"^([A-Za-z][A-Za-z0-9+-.]*://)/*")
_REFERENCE = re.compile(r"&([A-Za-z0-9_]+);")
_C1 = re.compile("[\x80-\x9f]")
_CP1252 = {code: bytes([code]).decode("cp1252", "ignore") or chr(code) for code in range(0x80, 0xA0)}
_HTML = frozenset(["text/html", "html", "application/xhtml+xml", "xhtml"])
_ADDRESS = re.compile(
    r"(([a-zA-Z0-9\_\-\.\+]+)@((\[[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.)|(([a-zA-Z0-9\-]+\.)+))"
    r"([a-zA-Z]{2,4}|[0-9]{1,3})(\]?))(\?subject=\S+)?"
)


class Gathered:
    """An entry as it is read, element by element in the feed's order, on which feedparser's choices depend."""

    def __init__(self, identity: str | None) -> None:
        self.published: str | None = None
        self.updated: str | None = None
        self.authors: list[str | None] = []
        self.author_kinds: set[bool] = set()  # with elements inside, or text; feedparser mixes up a mixture
        self.original = ""
        self.other_title = False  # a picture has one
        self.retitled = False  # a source or picture came, after which feedparser takes another title
        self._id = identity
        self._titles: list[tuple[str, str | None]] = []
        self._link: str | None = None
        self._hrefs: set[str] = set()
        self._guid_is_link: bool | None = None
        self._summary: str | None = None
        self._summary_depth: int | None = None
        self._contents: list[str] = []
        self._has_content = False

    def add_title(self, words: str, language: str | None) -> None:
        self._titles.append((words, language))

    def add_link(self, rel: str, kind: str, href: str) -> None:
        """The last one counts: of those that are text, and of alternate pages."""
        self._hrefs.add(href)
        if not kind or (rel == "alternate" and kind in _HTML):
            self._link = href

    def add_id(self, words: str, is_link: bool) -> None:
        """The last one is the id; the first one says whether ids are links, which stand in until a link comes."""
        self._id = mended(repaired(words) if is_link else words)
        if self._guid_is_link is None:
            self._guid_is_link = is_link and self._link is None
        if is_link and self._link is None:
            self._link = self._id

    def add_summary(self, words: str, depth: int) -> None:
        """The first one is the summary, and the second is content; after content the last one is the summary."""
        if self._summary is not None and not self._has_content:
            self._has_content = True
            self._contents.append(words)
        elif self._summary_depth is None or depth <= self._summary_depth:
            self._summary, self._summary_depth = words, depth

    def add_content(self, words: str) -> None:
        self._has_content = True
        self._contents.append(words)
        if self._summary is None:
            self._summary = words

    def settled(self) -> Claims:
        """Return what feedparser would have, when all elements are in."""
        title, language = next((title for title in self._titles if title[0]), (self._titles or [("", None)])[-1])
        if len(self.author_kinds) > 1 or (self.other_title and not title):
            raise Unsure
        if self.retitled and len(self._titles) + self.other_title > 1:
            raise Unsure
        link = mended(self.original) or self._link
        if link and self._guid_is_link and "://" not in link and link not in self._hrefs:
            link = None
        summary = self._summary or next(iter(self._contents), None)
        return Claims(
            link=link,
            id=self._id,
            title=mended(title),
            summary=summary and mended(summary),
            published=self.published and mended(self.published),
            updated=self.updated and mended(self.updated),
            authors=self.authors,
            language=language,
        )


def repaired(address: str) -> str:
    """Return an address with two slashes where it has more ("http:////lantern.example")."""
    return _SLASHES.sub(r"\1", address)


def address_in(words: str) -> str:
    """Return the address that an RSS <link> holds."""
    return _REFERENCE.sub(r"&\1", mended(repaired(words)).replace("&amp;", "&"))


def mended(text: str) -> str:
    """Undo UTF-8 that was taken for Latin-1, and Windows-1252 that was taken for Latin-1, as feedparser does."""
    if text.isascii():
        return text
    with suppress(UnicodeError):
        text = text.encode("latin-1").decode("utf-8")
    return text.translate(_CP1252) if _C1.search(text) else text


def without_email(author: str) -> str | None:
    """Return the name in "ada@lantern.example (Ada Quill)" or "Ada Quill <ada@lantern.example>"."""
    if "@" in author and len(author) > MOST_NAME:
        raise Unsure
    match = _ADDRESS.search(author) if "@" in author else None
    if match is None:
        return author
    name = author.replace(match[0], "")
    for empty in ("()", "<>", "&lt;&gt;"):
        name = name.replace(empty, "")
    return name.strip().removeprefix("(").removesuffix(")").strip() or None
