"""Images with captions, videos and audios of the article, by absolute URL."""

import re
from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement

from crawler.extraction.page import Page, text_of
from crawler.news.article import Media

_MAX_MEDIA = 50
_SOURCES = ("src", "data-src", "data-lazy-src", "data-original", "srcset", "data-srcset")
_FIRST_ADDRESS = re.compile(r"^\s*(\S+?),?(?=\s|$)")


def read_main_image(page: Page) -> Media | None:
    """Return the image that the outlet shows with the headline, or None."""
    claims = [
        *page.said("og:image", "og:image:url"),
        *page.data.urls(page.node.get("image")),
        *page.said("twitter:image"),
    ]
    return next(iter(_media(page, ((url, None) for url in claims))), None)


def read_images(page: Page, main: Media | None) -> list[Media]:
    """Return the images of the article, the main one first. What is still in the tree counts: prune it before."""
    figures = _media(page, _figures(page.root))
    if main is None or any(image.url == main.url for image in figures):
        return figures
    return [main, *figures]


def read_videos(page: Page) -> list[Media]:
    """Return the videos of the article: its own JSON-LD, OpenGraph, <video>."""
    nodes = [*page.data.nodes_of(page.node.get("video"))]
    claims = [(url, page.data.text(node.get("name")) or None) for node in nodes for url in page.data.urls(node)]
    claims += [(url, None) for url in page.said("og:video:secure_url", "og:video:url", "og:video")]
    return _media(page, [*claims, *_players(page.root, "video")])


def read_audios(page: Page) -> list[Media]:
    """Return the audios of the article: its own JSON-LD, OpenGraph, <audio>."""
    nodes = [*page.data.nodes_of(page.node.get("audio"))]
    claims = [(url, page.data.text(node.get("name")) or None) for node in nodes for url in page.data.urls(node)]
    claims += [(url, None) for url in page.said("og:audio:secure_url", "og:audio")]
    return _media(page, [*claims, *_players(page.root, "audio")])


def _media(page: Page, claims: Iterable[tuple[str, str | None]]) -> list[Media]:
    found: dict[str, Media] = {}
    for address, caption in claims:
        url = page.absolute(address)
        if url and url not in found and len(found) < _MAX_MEDIA:
            found[url] = Media(url, caption)
    return list(found.values())


def _figures(root: HtmlElement) -> Iterator[tuple[str, str | None]]:
    for figure in root.iter("figure"):
        caption = figure.find(".//figcaption")
        image = figure.find(".//img")
        if image is not None and (address := _address(image)):
            yield address, (text_of(caption) or None) if caption is not None else None


def _address(image: HtmlElement) -> str | None:
    for attribute in _SOURCES:
        match = _FIRST_ADDRESS.match(image.get(attribute) or "")
        if match and not match[1].startswith("data:"):
            return match[1]
    return None


def _players(root: HtmlElement, tag: str) -> Iterator[tuple[str, str | None]]:
    for player in root.iter(tag):
        for element in (player, *player.iter("source")):
            if element.get("src"):
                yield element.get("src", ""), None
                break
