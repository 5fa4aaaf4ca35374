"""Pages of links: sections, topics, search results, home pages, lists of live blogs; and players without text."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.extraction.kinds.look import Look
from crawler.extraction.prose import HEADINGS
from crawler.extraction.text import count_words
from crawler.news.errors import UrlError
from crawler.news.urls import is_home_page

_HEADLINE_CHARS = 25  # links of navigation are shorter
_HEADLINE_MOST_CHARS = 300
_HEADLINES = 100
_TEASER_WORDS = 60  # below a headline; what follows is a text of its own
_LISTING_TYPES = frozenset(["CollectionPage", "SearchResultsPage", "CategoryPage"])
_LISTING_OG = frozenset(["website", "blog", "profile", "object", "section", "website.category"])
_WORDPRESS = ["home", "blog", "archive", "category", "tag", "search", "search-results", "author", "date", "paged"]
_DRUPAL = ["path-frontpage", "page-taxonomy-term", "page-taxonomy", "front"]
_LISTING_CLASSES = frozenset([*_WORDPRESS, *_DRUPAL, "homepage", "is-homepage", "page-home", "section-page"])
_SINGLE_CLASSES = re.compile(r"^(?:single|single-post|singular|postid-\d+|node-type-article|page-node-type-\w+)$")
_LISTING_PATH = re.compile(
    r"/(?:search|suche|recherche|buscar|busca|buscador|ricerca|cerca|zoeken|szukaj|sok|sog|haku|hledat|arama|poisk|"
    r"tags?|topics?|themen?|themes?|temas?|argoment[oi]|onderwerp(?:en)?|emne|amne|temat|"
    r"categor(?:y|ies)|kategorien?|categories?|categorias?|kategori|rubrik|rubrique|seccion|sezione|sections?|"
    r"archives?|archiv|archivo|archivio|arquivo|autho?rs?|autoren|auteur|dossiers?|latest)"
    r"(?:\.\w+)?(?:/[^/]{1,40})?/?$|/(?:page|seite|pagina|p)/\d+/?$",
    re.IGNORECASE,
)
_SEARCH_QUERY = re.compile(r"(?:^|&)(?:q|s|query|search|keywords?|suche|term|searchterm)=", re.IGNORECASE)
_LIVE = re.compile(
    r"\b(?:live-?blogs?|live-?ticker|news-?ticker|live|en direct|directs?|en vivo|en directo|in diretta|dirett[ae]|"
    r"ao vivo|tempo real|minuto a minuto|na żywo|relacj[ae]|liverapport|livebericht|liveseuranta|hetki hetkeltä|"
    r"online přenos|živě|élő|ζωντανά|canlı|прямой эфир|онлайн|трансляци\w+|наживо)\b"
    r"|مباشر|שידור חי|ライブ|速報|直播|생중계",
    re.IGNORECASE,
)
_VIDEO_PATH = re.compile(
    r"/(?:videos?|watch|mediathek|tv|clips?|wideo|player|embed|shorts|filmy?)(?:[/.?-]|$)", re.IGNORECASE
)
_GALLERY_PATH = re.compile(
    r"/(?:photo-?gallery|galler(?:y|ies)|galerien?|galerias?|galleria|photos?|fotos?|bilder|bildergalerien?|bilderstrecken?|"
    r"fotostrecken?|diaporamas?|slideshows?|fotogalerias?|fotogallery|galeri|bildspel|in-pictures)(?:[/.?-]|$)",
    re.IGNORECASE,
)
_PLAYERS = (
    "youtube",
    "youtu.be",
    "vimeo",
    "dailymotion",
    "brightcove",
    "jwp",
    "kaltura",
    "rutube",
    "glomex",
    "player",
    "video",
)
_GALLERY_TYPES = frozenset(["ImageGallery", "MediaGallery", "VideoGallery"])
_PLAYER_WORDS = 60
_TEASED = 0.6
_FEW = 60  # words: no text of its own
_LONG = 200  # words: it has one
_ENOUGH = 3.0
_MOST_SHOWN, _MOST_SHOWN_LONG = 4.0, 2.5


@dataclass(frozen=True, slots=True)
class Headlines:
    """Headlines of other pages: the first hundred.

    Attributes:
        teased: words of the body that are links, or stand right below such a headline.
        over: how many of them have words of the body below them.
    """

    texts: list[str]
    teased: int
    over: int


def read_headlines(look: Look) -> Headlines:
    """Find the headlines of other pages, and what of the body belongs to them."""
    lines = set(look.body)
    texts: list[str] = []
    teased = over = left = 0
    counted = True
    for block in look.page.layout.blocks:
        is_linked = block.linked * 5 >= len(block.text) * 3  # a date or a place may stand beside the link
        if is_linked and block.linked >= _HEADLINE_CHARS:
            if len(texts) < _HEADLINES:
                texts.append(block.text[:_HEADLINE_MOST_CHARS])
            left, counted = _TEASER_WORDS, False
            if block.text not in lines:
                continue
        elif block.box.tag in HEADINGS:
            left = 0
        if (is_linked or left > 0) and block.text in lines:
            words = count_words(block.text)
            teased += words if is_linked else min(words, left)
            left -= words
            if not counted:
                over, counted = over + 1, True
    return Headlines(texts, teased, over)


def section_page(look: Look) -> tuple[str, str] | None:
    """Return "section-page" or "live-blog-index", and what tells it; None: it is neither."""
    said = _said_of_itself(look)
    balance = sum(weight for _, weight in said) - _says_article(look)
    if balance + (_MOST_SHOWN if look.words < _LONG else _MOST_SHOWN_LONG) < _ENOUGH:
        return None
    headlines = read_headlines(look)
    own = look.words - headlines.teased
    shown = _shown(look, headlines, own)
    balance += sum(weight for _, weight in shown) - 3.0 * (own >= _LONG) - 1.0 * (_LONG > own >= _LONG // 2)
    if len(headlines.texts) < 4 or balance < _ENOUGH:
        return None
    told = ", ".join([f"{len(headlines.texts)} headlines are links", *(reason for reason, _ in said + shown)])
    return "live-blog-index" if _is_live(look, headlines) else "section-page", told


def _said_of_itself(look: Look) -> list[tuple[str, float]]:
    """What a page says of itself that lists of others say: in words, with its weight."""
    found: list[tuple[str, float]] = []
    if types := look.node_types & _LISTING_TYPES:
        found.append((f"its JSON-LD says {min(types)}", 2))
    if look.og_type in _LISTING_OG:
        found.append((f'its og:type is "{look.og_type}"', 1))
    if _is_home(look.page.url):
        found.append(("its address is a front door", 2.5))
    elif _LISTING_PATH.search(look.path) or _SEARCH_QUERY.search(urlsplit(look.page.url).query):
        found.append(("its address is that of a list", 1.5))
    if classes := _LISTING_CLASSES & set(look.body_names):
        found.append((f'<body> has the class "{min(classes)}"', 1.5))
    return found


def _says_article(look: Look) -> float:
    """What it says of itself that articles say, weighed likewise. A list of live blogs may call itself one of them."""
    own_node = look.has_own_node and "LiveBlogPosting" not in look.node_types
    is_single = any(map(_SINGLE_CLASSES.match, look.body_names))
    is_dated = "article:published_time" in look.page.meta
    return 3.0 * own_node + 2.0 * (look.og_type == "article") + 1.5 * is_dated + 2.0 * is_single


def _shown(look: Look, headlines: Headlines, own: int) -> list[tuple[str, float]]:
    """What shows that a page is a list of others, weighed likewise: at most `_MOST_SHOWN`."""
    found: list[tuple[str, float]] = []
    if look.words and headlines.teased >= _TEASED * look.words and headlines.over >= 3:
        found.append((f"{headlines.teased} of {look.words} words stand with them", 2))
    elif own < _FEW:
        found.append((f"{max(own, 0)} words stand apart from them", 1.5))
    if len(headlines.texts) >= 15 and own < 2 * _FEW:
        found.append(("they are many", 0.5))
    if own < _FEW and ("LiveBlogPosting" in look.node_types or _are_live(headlines)):
        found.append(("they are live", 1.5))
    return found


def _is_live(look: Look, headlines: Headlines) -> bool:
    named = any(map(_LIVE.search, [*look.titles, look.path.replace("-", " ").replace("/", " ")]))
    return _are_live(headlines) or (named and "LiveBlogPosting" in look.node_types)


def _are_live(headlines: Headlines) -> bool:
    live = sum(bool(_LIVE.search(text)) for text in headlines.texts)
    return live >= 3 and live * 2 >= len(headlines.texts)


def video_player(look: Look) -> str | None:
    """Return what tells that the page is for watching, with a caption at most; None: it is not."""
    if look.words > _PLAYER_WORDS:
        return None
    page = look.page
    types = look.node_types
    found: list[tuple[str, float]] = []
    if look.og_type.startswith("video"):
        found.append((f'its og:type is "{look.og_type}"', 2))
    if "VideoObject" in types and not look.has_own_node:
        found.append(("its JSON-LD says VideoObject", 1.5))
    if gallery := types & _GALLERY_TYPES:
        found.append((f"its JSON-LD says {min(gallery)}", 2))
    frames = [
        (frame.attributes.get("src") or frame.attributes.get("data-src") or "").lower()
        for frame in page.elements.get("iframe", ())
    ]
    if (
        page.elements.get("video")
        or page.elements.get("source")
        or any(name in src for src in frames for name in _PLAYERS)
    ):
        found.append(("it has a player", 1))
    if _VIDEO_PATH.search(look.path) or _GALLERY_PATH.search(look.path):
        found.append(("its address says so", 1))
    if len(page.elements.get("img", ())) >= 6 and _GALLERY_PATH.search(look.path):
        found.append((f"it has {len(page.elements['img'])} pictures", 0.5))
    claims = 2.0 * look.has_own_node if look.words >= 25 else 0
    if not found or sum(weight for _, weight in found) - claims < 2:
        return None
    return f"{look.words} words of text; " + ", ".join(reason for reason, _ in found)


def _is_home(url: str) -> bool:
    try:
        return is_home_page(url)
    except UrlError:
        return False
