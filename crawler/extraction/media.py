"""Images with captions, videos and audios of the article, by absolute URL.

*Requirements.* The pictures that belong to the article, once each and as large as the page offers them; no logos,
portraits of authors, icons, counting pixels, advertisements and pictures of other articles.

*Theory of operation.* The main image is what the page shares. Others stand between the headline and the end of the text
with its captions, in no box that is another's. Where a picture loads lazily, its address is in `data-src` or `srcset`;
of several sizes the largest counts. Two addresses that differ in their host or size alone are one picture, which has
the caption of any of them. A caption is what stands in the picture's <figure>, or right behind it, as a caption; `alt`
texts are none: they say what is to be seen, to those who cannot see it.

*Known exceptions.* A gallery that a script fills is not seen; nor are pictures in style sheets. A caption that is set
as any paragraph is not known for one.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, takewhile

from selectolax.lexbor import LexborNode

from crawler.extraction.layout import Box, upwards
from crawler.extraction.page import Page
from crawler.extraction.signs import zone_of
from crawler.extraction.text import tidy
from crawler.extraction.zones import Passage, Zone
from crawler.news.article import Media

_MAX_MEDIA = 50
_MAX_LOOKED_AT = 500
_MAX_STEPS = 200  # up the tree; the deepest of 801 real pages nests 60
_MAX_SET_CHARS = 10_000
_MOST_SOURCES = 20  # of a <picture>
_SET_ATTRIBUTES = ("data-srcset", "data-lazy-srcset", "srcset")
_ATTRIBUTES = ("data-src", "data-lazy-src", "data-original", "src")
_BETWEEN_SIZES = re.compile(r",\s+|,(?=https?://|/)")
_SMALLEST_PX = 100  # an article's picture is wider and higher; icons, portraits and pixels are not
_BLOCKS_BEFORE = 12  # above the text stand headline, byline, date, share buttons
_HEADLINE_ABOVE = 40  # blocks above the text; a heading farther up is another's
_MOST_LINES = 20  # of a figure, or of another box that a picture stands in, that are looked at
_CAPTION_LINES = 3  # right behind a picture
_CAPTION_BOXES = 3  # around a line, that may say that it is a caption
_NO_PICTURE = re.compile(
    r"(?:^|[/_.\s-])(?:logos?|g?r?avatars?|icons?|sprites?|spacer|blank|placeholder|emoji|badges?|tracking|ads?|adv)"
    r"(?=$|[/_.\s\d-])|doubleclick|/(?:advert\w*|reklam\w*|banners?|werbung|anzeigen?|publici\w+|sponsor\w*)/",
    re.IGNORECASE,
)
# A file that is called so, with one word more and a size at most; a longer name may be of a picture that shows a logo.
_LOGO = re.compile(
    r"/(?:logos?[-_][a-z]{1,20}|(?:[a-z\d]{1,20}[-_])?logos?(?:[-_][\dx]{1,9}){0,2})\.\w{3,4}(?:$|[?#])", re.IGNORECASE
)
_OTHER_TAGS = frozenset({"aside", "nav", "footer", "form"})
_OTHER_BOXES = re.compile(
    r"related|teaser|sidebar|recommend|newsletter|comment|author|byline|promo|share|social|more-from|read-?more|"
    r"(?:^|[\s_-])ads?(?=$|[\s_-])|advert|reklam|werbung|sponsor"
)
_OTHER_ZONES = frozenset({Zone.TEASER, Zone.RELATED, Zone.NAVIGATION, Zone.COMMENTS, Zone.ADVERTISEMENT, Zone.BYLINE})
_OWN_ZONES = frozenset({Zone.BODY, Zone.CAPTION})
_QUERY = re.compile(r"[?#]")
_HOST = re.compile(r"^https?://[^/]*", re.IGNORECASE)
_LONGEST_NAME = 300
_SIZE_OR_KIND = re.compile(r"[-_@]?\d{2,4}x\d{2,4}|[-_]scaled|@\dx|\.\w+$", re.IGNORECASE)
_SIZE_FOLDER = re.compile(r"/(?:sizes?/)?(?:[wh]\d{2,4}|\d{2,4}x\d{2,4})(?=/)", re.IGNORECASE)
_IMAGE_NAME = re.compile(r"[^/]+\.(?:jpe?g|png|webp|avif|gif)$", re.IGNORECASE)
_ANY_NAMES = frozenset(
    {"original", "thumbnail", "featured", "fullsize", "standard", "landscape", "portrait", "download", "main-image"}
)
_TELLING_CHARS = 8  # a file name so long names one picture; "lock" and "1" may be names of several
_PLAYER = re.compile(
    r"//(?:www\.)?(?:youtube(?:-nocookie)?\.com/embed/|player\.vimeo\.com/|dailymotion\.com/embed/)", re.IGNORECASE
)


def read_main_image(page: Page) -> Media | None:
    """Return the image that the outlet shares, or None; a logo is shared where there is no picture."""
    images = list(_linked(page, "image"))
    captions = {_picture(url): caption for url, caption in images if caption}
    claims = [*page.said("og:image:secure_url", "og:image", "og:image:url"), *(url for url, _ in images)]
    claims += [*page.said("twitter:image", "twitter:image:src")]
    urls = (url for claim in claims if (url := page.absolute(claim)) and not _LOGO.search(url))
    return next((Media(url, captions.get(_picture(url))) for url in urls), None)


def read_images(page: Page, main: Media | None, passages: Sequence[Passage]) -> list[Media]:
    """Return the images of the article, the main one first.

    Args:
        passages: the page's blocks with their zones.
    """
    claims = [(main.url, main.caption)] if main else []
    claims += [claim for claim in _linked(page, "image") if claim[1]]
    elements = [*page.elements.get("img", ()), *page.elements.get("amp-img", ())][:_MAX_LOOKED_AT]
    if elements:
        claims += _pictures(elements, _Place(page, passages))
    return _media(page, claims)


def read_videos(page: Page, passages: Sequence[Passage]) -> list[Media]:
    """Return the videos of the article: its own JSON-LD, OpenGraph, <video>, players of the usual hosts in its body."""
    claims = [*_linked(page, "video"), *_shared(page, "og:video:secure_url", "og:video:url", "og:video")]
    frames = page.elements.get("iframe", ())[:_MAX_LOOKED_AT]
    players = [(node, url) for node in frames if _PLAYER.search(url := _address(node.attributes) or "")]
    if players:
        place = _Place(page, passages)
        claims += [(url, None) for node, url in players if place.box_of(node)]
    return _media(page, [*claims, *_sources(page, "video")])


def read_audios(page: Page) -> list[Media]:
    """Return the audios of the article: its own JSON-LD, OpenGraph, <audio>."""
    claims = [*_linked(page, "audio"), *_shared(page, "og:audio:secure_url", "og:audio")]
    return _media(page, [*claims, *_sources(page, "audio")])


class _Place:
    """Where the article's own pictures stand."""

    def __init__(self, page: Page, passages: Sequence[Passage]) -> None:
        self._held: dict[Box, bool] = {}
        self._passages = passages
        self._first, self._last, start, end = _reach(passages)
        body = page.layout.blocks[end - 1].box if end else None
        holders = [box for box in islice(upwards(body), _MAX_STEPS) if box.start <= start and end <= box.end]
        self._holders = frozenset(holders)
        within = holders[0] if holders else None
        inside = (box for box in page.layout.boxes if within and within.start <= box.start and box.end <= within.end)
        self._boxes = {box.node.mem_id: box for box in inside}

    def box_of(self, node: LexborNode) -> Box | None:
        """Return the box that an element stands in, or None if it is not in the article."""
        parent = node.parent
        for _ in range(_MAX_STEPS):
            if parent is None:
                return None
            box = self._boxes.get(parent.mem_id)
            if box:
                return box if self._first <= box.start <= self._last and self._holds(box) else None
            parent = parent.parent
        return None

    def caption(self, box: Box) -> str | None:
        """Return the caption of the picture in a box, each line of it once."""
        figure = next((around for around in islice(upwards(box), _MAX_STEPS) if around.tag == "figure"), None)
        if figure is not None:
            inside = self._passages[figure.start : min(figure.end, figure.start + _MOST_LINES)]
            lines = [passage.block.text for passage in inside if _is_caption(passage.block.box)]
        else:
            behind = self._passages[box.start : box.start + _CAPTION_LINES]
            captions = takewhile(lambda passage: _is_caption(passage.block.box), behind)
            lines = [passage.block.text for passage in captions]
        return " ".join(dict.fromkeys(lines)) or None

    def _holds(self, box: Box) -> bool:
        if box not in self._held:
            self._held[box] = self._is_clear(box)
        return self._held[box]

    def _is_clear(self, box: Box) -> bool:
        """Return whether the way from the box up to the body leads through nothing that is another's."""
        goes_with: set[Zone] = set()
        for around in islice(upwards(box), _MAX_STEPS):
            if around in self._holders:
                return True
            if around.tag in _OTHER_TAGS or (around.attributes and _OTHER_BOXES.search(around.names.lower())):
                return False
            if not goes_with and around.end > around.start:  # the smallest box that shows text, too
                inside = self._passages[around.start : min(around.end, around.start + _MOST_LINES)]
                goes_with = {Zone.CAPTION} if around.tag == "figure" else {passage.zone for passage in inside}
                if not goes_with.isdisjoint(_OTHER_ZONES) and goes_with.isdisjoint(_OWN_ZONES):
                    return False
        return False


def _reach(passages: Sequence[Passage]) -> tuple[int, int, int, int]:
    """Return the first and the last block by which a picture may stand; from where to where the article goes."""
    own = [at for at, passage in enumerate(passages) if passage.zone == Zone.BODY]
    if not own:
        return 0, 0, 0, 0
    start, end = own[0], own[-1] + 1
    while end < len(passages) and passages[end].zone == Zone.CAPTION:
        end += 1
    above = range(start - 1, max(-1, start - _HEADLINE_ABOVE), -1)
    headline = next((at for at in above if passages[at].zone == Zone.HEADLINE), None)
    first = start - _BLOCKS_BEFORE
    return (first, end, start, end) if headline is None else (min(first, headline), end, headline, end)


def _is_caption(box: Box) -> bool:
    return any(zone_of(around) == Zone.CAPTION for around in islice(upwards(box), _CAPTION_BOXES))


def _pictures(elements: list[LexborNode], place: _Place) -> Iterator[tuple[str, str | None]]:
    for element in elements:
        box = place.box_of(element)
        if box is None:
            continue
        attributes = element.attributes
        address = None if _is_small(attributes) else _largest(element, attributes)
        if address and not _NO_PICTURE.search(f"{address} {attributes.get('class') or ''}"):
            yield address, place.caption(box)


def _is_small(attributes: dict[str, str | None]) -> bool:
    sizes = ((attributes.get(name) or "").strip().removesuffix("px") for name in ("width", "height"))
    return any(size.isdecimal() and float(size) < _SMALLEST_PX for size in sizes)


def _largest(element: LexborNode, attributes: dict[str, str | None]) -> str | None:
    """Return the address of the largest version of a picture."""
    sets = [attributes.get(name) for name in _SET_ATTRIBUTES]
    parent = element.parent
    if parent is not None and parent.tag == "picture":
        near = islice(parent.iter(), _MOST_SOURCES)
        sets += [node.attributes.get(name) for node in near if node.tag == "source" for name in _SET_ATTRIBUTES]
    sizes = [size for text in sets if text for size in _sizes(text[:_MAX_SET_CHARS])]
    return max(sizes)[1] if sizes else _address(attributes)


def _sizes(srcset: str) -> Iterator[tuple[float, str]]:
    """Yield width (or density) and address of each candidate in a `srcset`, data: URLs left out."""
    for candidate in _BETWEEN_SIZES.split(srcset):
        words = candidate.strip(" ,\n\t").split()
        if words and not words[0].startswith("data:"):
            number = words[1][:-1] if len(words) > 1 else ""
            yield (float(number) if number.isdecimal() else 0.0), words[0]


def _address(attributes: dict[str, str | None]) -> str | None:
    values = (tidy(attributes.get(name)) for name in _ATTRIBUTES)
    return next((value for value in values if value and not value.startswith("data:")), None)


def _linked(page: Page, name: str) -> Iterator[tuple[str, str | None]]:
    """Yield addresses and captions of a property of the article's own JSON-LD; the caption of a film is its title."""
    for item in page.data.resolve(page.node.get(name))[:_MAX_MEDIA]:
        said = (
            (item.get("caption") or (item.get("name") if name != "image" else None)) if isinstance(item, dict) else ""
        )
        for url in page.data.urls(item)[:1]:
            yield url, page.data.text(said) or None


def _shared(page: Page, *names: str) -> Iterator[tuple[str, str | None]]:
    return ((url, None) for url in islice(page.said(*names), _MAX_MEDIA))


def _sources(page: Page, tag: str) -> Iterator[tuple[str, str | None]]:
    for player in page.elements.get(tag, ())[:_MAX_MEDIA]:
        for element in (player, *player.css("source")[:_MAX_MEDIA]):
            if address := _address(element.attributes):
                yield address, None
                break


def _media(page: Page, claims: Iterable[tuple[str, str | None]]) -> list[Media]:
    """Return each once, the first address of several, with the first caption that any of them has."""
    found: dict[str, Media] = {}
    for address, caption in claims:
        url = page.absolute(address)
        if not url:
            continue
        known = found.get(_picture(url))
        if known is None and len(found) < _MAX_MEDIA:
            found[_picture(url)] = Media(url, caption)
        elif known is not None:
            known.caption = known.caption or caption
    return list(found.values())


def _picture(url: str) -> str:
    """Return what is the same for one picture in several sizes: its file name, if that is telling; else its path."""
    path = _QUERY.split(url, maxsplit=1)[0]
    name = _IMAGE_NAME.search(path[-_LONGEST_NAME:])
    if not name:
        return url
    stem = _SIZE_OR_KIND.sub("", name[0]).lower()
    if len(stem) >= _TELLING_CHARS and stem not in _ANY_NAMES:
        return stem
    folder = _SIZE_FOLDER.sub("", _HOST.sub("", path[: -len(name[0])]))
    return f"{folder}{stem}"
