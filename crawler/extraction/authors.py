"""Who signed the article.

*Requirements.* Names of people or agencies, one each: no "By", no address, no role. The outlet itself is an author only
where it alone is named as one.

*Theory of operation.* A page names its authors at several places: JSON-LD, <meta>, microdata, links, the bylines that a
reader sees; the feed does, too. Each place makes a *claim*: a list of names. Claims support each other as far as they
name the same people, and the one with the most support wins. People and pen names beat the outlet: where JSON-LD names
the outlet and the byline a person, the person wrote it, unless the byline names the outlet as well.

*Known exceptions.* Claims are not mixed: of two that name one author each, the page is not taken to have two.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from selectolax.lexbor import LexborNode

from crawler.extraction.bylines import Byline, Surroundings, declarations, short_text, surroundings
from crawler.extraction.jsonld import Node
from crawler.extraction.names import MAX_BYLINE_CHARS, Kind, Names, introduced
from crawler.extraction.outlet import Outlet
from crawler.extraction.page import Page
from crawler.extraction.text import fold, tidy
from crawler.news.article import Author
from crawler.news.entry import Entry

_MAX_AUTHORS = 20
_MAX_EVIDENCE = 50  # values, nodes or elements of one kind that are looked at
_META = (
    *("author", "article:author", "article:author_name", "article:byline", "article.author", "article_author"),
    *("articleauthor", "og:article:author", "parsely-author", "sailthru.author", "cxenseparse:author"),
    *("dc.creator", "dcterms.creator", "byl", "byline"),
)
# How much a claim counts by its place. Of 423 pages with known authors, any one of these times 0.5 or 1.5 changes the
# verdict on 4 at most; chosen on four fifths of the sites and scored on the last, they do as on all (.872, .875).
_WEIGHTS = {
    "linked": 1.0,
    "meta": 0.9,
    "card": 0.9,
    "feed": 0.6,
    "introduced": 1.1,
    "class": 0.8,
    "itemprop": 0.7,
    "rel": 0.7,
    "link": 0.5,
    "far": 0.4,
    "bare": 0.3,
    "dated": 0.2,
}
_WEAK = ("link", "dated")  # they count only where nothing else speaks
_UNMARKED = ("bare", "dated")  # nothing but its looks tells such a name: "Sun 18 February" holds no initials
_ALONE = 0.8  # weight of a name that no other has, beside one that it lacks: 0.8 to 1 are alike, 0.6 costs 2 pages
_NO_PERSON = 0.7  # of the support of one who has no person's name


@dataclass(slots=True)
class _Claim:
    """The authors that one place names, by folded name; `kind` is that of the best of them."""

    place: str
    kind: Kind = Kind.INITIALS
    authors: dict[str, Author] = field(default_factory=dict)

    def add(self, author: Author, kind: Kind) -> None:
        """Add one; people push out what is none."""
        if kind > self.kind:
            self.kind = kind
            self.authors.clear()
        if kind == self.kind and len(self.authors) < _MAX_AUTHORS:
            self.authors.setdefault(fold(author.name), author)


def read_authors(page: Page, publisher: str | None, entry: Entry | None, selected: list[str]) -> list[Author]:
    """Return the authors, in the page's order. `selected` is what the outlet's own selector found; it overrules."""
    called = dict.fromkeys([publisher or "", *page.said("og:site_name", "application-name")])
    names = Names(Outlet(page.url, called))
    if (overruling := _told("selected", selected, names)).authors:
        return list(overruling.authors.values())
    claims = [claim for claim in _metadata(page, names, entry) if claim.authors]
    around = surroundings(page)
    chosen = _confirmed(claims, around, names)
    if chosen is None:
        claims += [claim for claim in _visible(page, around, names) if claim.authors]
        if all(claim.kind < Kind.OTHER for claim in claims):
            claims += [claim for claim in _signatures(page, declarations(page), names) if claim.authors]
        chosen = _best(claims)
    else:
        claims.append(_marked("rel", page.related.get("author", ()), "", page, names))
    if chosen is None:
        return []
    _complete(chosen, claims)
    authors = list(chosen.authors.values())[:_MAX_AUTHORS]
    _link([author for author in authors if not author.url], around, page)
    return authors


def _metadata(page: Page, names: Names, entry: Entry | None) -> Iterator[_Claim]:
    yield _linked(page, names)
    yield _told("meta", (text for name in _META for text in page.meta.get(name, ())[:_MAX_EVIDENCE]), names)
    yield _told("card", _card(page), names)
    yield _told("feed", entry.authors if entry else (), names)


def _visible(page: Page, around: Surroundings, names: Names) -> Iterator[_Claim]:
    seen: list[Byline] = []
    for place in around.places:
        signed = list(around.bylines(place))
        claims = list(_signatures(page, signed, names))
        yield from claims
        seen += signed
        if any(claim.place in ("introduced", "class") and claim.kind == Kind.PERSON for claim in claims):
            break  # signed already
    texts = "\n".join(byline.text for byline in seen)
    yield _marked("itemprop", filter(around.is_own, page.microdata.get("author", ())), texts, page, names)
    yield _marked("rel", filter(around.is_own, page.related.get("author", ())), texts, page, names)


def _confirmed(claims: list[_Claim], around: Surroundings, names: Names) -> _Claim | None:
    """Return the first claim, of people, if all metadata say the same, or a byline names them and nobody else.

    Half of all pages are so; to read all that they show, too, would cost twice the time and be right no more often.
    """
    if not claims or claims[0].kind != Kind.PERSON:
        return None
    first = claims[0]
    if len(claims) > 1 and all(claim.authors.keys() == first.authors.keys() for claim in claims):
        return first
    written = tuple(author.name for author in first.authors.values())
    text = next((text for text in around.texts() if all(name in text for name in written)), None)
    if text is None:
        return None
    alone = all(fold(name) in first.authors for name, kind in names.read(text, written) if kind == Kind.PERSON)
    return first if alone else None


def _told(place: str, texts: Iterable[str], names: Names) -> _Claim:
    claim = _Claim(place)
    for text in texts:
        for name, kind in names.read(text):
            claim.add(Author(name=name, nameRaw=text), kind)
    return claim


def _card(page: Page) -> Iterator[str]:
    """Yield what a Twitter card labels "Written by": WordPress plug-ins put the author there."""
    for label, data in (("twitter:label1", "twitter:data1"), ("twitter:label2", "twitter:data2")):
        if any(introduced(text[:MAX_BYLINE_CHARS]) is not None for text in page.said(label)):
            yield from page.said(data)


def _linked(page: Page, names: Names) -> _Claim:
    """Return what JSON-LD claims: the article's own node, or else one of the page."""
    for node in (page.node, *page.data.of_type("WebPage", "MedicalWebPage", "ItemPage", "Recipe")):
        for key in ("author", "creator"):
            claim = _of_nodes(page.data.resolve(node.get(key))[:_MAX_EVIDENCE], page, names)
            if claim.authors:
                return claim
    return _Claim("linked")


def _of_nodes(values: list[object], page: Page, names: Names) -> _Claim:
    """Return the claim of what JSON-LD lists as authors: all of them count, an agency beside a person, too.

    Only the outlet's own name goes where it is one of several. Shorthand is an agency's: JSON-LD is not for readers.
    """
    named = [
        pair
        for value in values
        for pair in _of_node(value if isinstance(value, dict) else {"name": value}, page, names)
    ]
    best = max((kind for _, kind in named), default=Kind.OUTLET)
    claim = _Claim("linked", best)
    for author, _ in named:
        if best == Kind.OUTLET or not names.is_outlet(author.name):
            claim.authors.setdefault(fold(author.name), author)
    return claim


def _of_node(node: Node, page: Page, names: Names) -> Iterator[tuple[Author, Kind]]:
    given, url, email = node.get("name"), node.get("url"), node.get("email")
    texts = [tidy(text) for text in (given if isinstance(given, list) else [given])[:_MAX_EVIDENCE]]
    whole = "Organization" in str(node.get("@type"))  # "Roe & Lund" is one
    for text in filter(None, texts):
        found = [(text, names.kind(text))] if whole and len(text) <= MAX_BYLINE_CHARS else names.read(text)
        for name, kind in found:
            author = Author(name=name, nameRaw=text)
            if len(found) == 1:
                author.url = page.absolute(url) if isinstance(url, str) else None
                author.email = _mail_address(email) if isinstance(email, str) else None
            yield author, Kind.OTHER if kind == Kind.INITIALS else kind


def _signatures(page: Page, signed: Iterable[Byline], names: Names) -> Iterator[_Claim]:
    """Yield a claim for each row of blocks that sign in the same way."""
    claim, expected = _Claim("bare"), -1
    for byline in signed:
        if byline.sign != claim.place or byline.at != expected:
            yield claim
            claim = _Claim(byline.sign)
        expected = byline.at + 1
        for name, kind in names.read(byline.text, byline.hints):
            if kind == Kind.INITIALS and byline.sign in _UNMARKED:
                continue
            address = next((href for text, href in byline.links.items() if name in text), None)
            claim.add(_author(name, byline.text, address, page), kind)
    yield claim


def _marked(place: str, elements: Iterable[LexborNode], seen: str, page: Page, names: Names) -> _Claim:
    """Return the claim of elements marked as author: those whose text stands in a byline, or one that is alone."""
    near, far = _Claim(place), _Claim("far")
    for element in islice(elements, _MAX_EVIDENCE):
        text = short_text(element.css_first("[itemprop~=name]") or element)
        claim = near if text and text in seen else far
        for name, kind in names.read(text):
            claim.add(_author(name, text, element.attributes.get("href"), page), kind)
    return near if near.authors or len(far.authors) > 1 else far


def _author(name: str, raw: str, address: str | None, page: Page) -> Author:
    if address and address.lower().startswith("mailto:"):
        return Author(name=name, nameRaw=raw, email=_mail_address(address))
    return Author(name=name, nameRaw=raw, url=page.absolute(address) if address else None)


def _mail_address(text: str) -> str | None:
    address = tidy(text).partition("?")[0]
    address = address[7:] if address.lower().startswith("mailto:") else address
    return address if "@" in address else None


def _best(claims: list[_Claim]) -> _Claim | None:
    """Return the claim that the others support most, the first of equals; None without any."""
    strong = [claim for claim in claims if claim.place not in _WEAK] or claims
    least = min(Kind.OTHER, max((claim.kind for claim in strong), default=Kind.OTHER))
    signed = {name for claim in strong if claim.place == "introduced" for name in claim.authors}

    def rank(claim: _Claim) -> float:
        confirmed = claim.kind == Kind.OUTLET and claim.place != "introduced" and not signed.isdisjoint(claim.authors)
        if claim.kind < least and not confirmed:
            return -1
        return _support(claim, claims) * (1 if claim.kind == Kind.PERSON else _NO_PERSON)

    return max(strong, key=rank, default=None)


def _support(claim: _Claim, claims: list[_Claim]) -> float:
    """Return the weights of all claims, each by how far it agrees (Tversky's index).

    A name that the other has and this one lacks counts against it more than one that it has alone: it is commoner that
    a place leaves somebody out than that it invents one.
    """
    own = claim.authors.keys()
    support = 0.0
    for other in claims:
        common, missing = len(own & other.authors.keys()), len(other.authors.keys() - own)
        support += _WEIGHTS[other.place] * common / (common + missing + _ALONE * (len(own) - common))
    return support


def _complete(chosen: _Claim, claims: list[_Claim]) -> None:
    """Fill in the addresses that other claims know."""
    for claim in claims:
        for name, author in claim.authors.items():
            if own := chosen.authors.get(name):
                own.url = own.url or author.url
                own.email = own.email or author.email


def _link(authors: list[Author], around: Surroundings, page: Page) -> None:
    """Fill in where a byline links their names to: nobody links a name there but to its owner's page."""
    if not authors:
        return
    links = {fold(text): href for text, href in around.links() if text and not href.lower().startswith("mailto:")}
    for author in authors:
        if href := links.get(fold(author.name)):
            author.url = page.absolute(href)
