"""Clippings: what is kept of an article that meets no topic, so that queries can be tried on it. Bytes in, bytes out.

A clipping is a version (one byte), then an array in MessagePack, compressed with zlib: the fields that a query sees,
and those few that say which revision it is. A format that reads otherwise takes another version; a field that is added
at the end needs none.

Compression was chosen on the bodies of 442 real articles, in bytes and microseconds for each of those of 2 to 4 kB, and
beside it on the newsroom's synthetic press (60 articles, 2,400 bytes with all fields):

    zlib 6       1,430 B    62 µs     947 B
    zstd 3       1,474 B    29 µs     983 B
    zstd 9       1,445 B    87 µs     961 B
    zstd 19      1,426 B   364 µs     952 B
    zstd 3, with a dictionary of 64 kB trained on the other half    1,300 B   145 µs
    zstd 9, with the same                                           1,216 B   337 µs

A dictionary of other people's articles, to be kept for as long as anything that was packed with it, saves 15 %: too
little. Without one the standard library is as small as any.
"""

import zlib
from datetime import datetime

import msgspec

from crawler.news.article import Article, Author
from crawler.news.errors import StoreError
from crawler.store import keys

VERSION = b"\x01"
LEVEL = 6

# A page may have 8 MB, and all of them may be its text. Kept is ten times what outlets print at most, and so a clipping
# takes 100 kB at worst, or 800 kB (four bytes a character) where nothing can be compressed.
MOST_TEXT = 200_000  # characters of an article's texts together


class _Clipping(msgspec.Struct, array_like=True, frozen=True):
    """The fields of an article in their order in the array."""

    headline: str | None
    description: str | None
    body: str | None
    authors: list[str]
    outlet: str | None
    section: str | None
    url: str
    canonical: str
    language: str | None
    published: datetime | None
    revision: int | None


_decoder = msgspec.msgpack.Decoder(_Clipping)


def pack(article: Article) -> bytes:
    """Return what a query sees of an article, compressed; of very long texts the beginning (MOST_TEXT)."""
    headline, section, description, body = _beginnings(
        article.headline, article.articleSection, article.description, article.articleBody
    )
    clipping = _Clipping(
        headline=headline,
        description=description,
        body=body,
        authors=[author.name for author in article.authors],
        outlet=article.outlet,
        section=section,
        url=article.url,
        canonical=article.canonicalUrl,
        language=article.inLanguage,
        published=article.datePublished,
        revision=article.revision,
    )
    return VERSION + zlib.compress(msgspec.msgpack.encode(clipping), LEVEL)


def unpack(raw: bytes, article_id: str) -> Article:
    """Return what a query sees of an article.

    Raises:
        StoreError: it is of another version, or damaged.
    """
    if raw[:1] != VERSION:
        raise StoreError(
            f"article {article_id}: what is kept of it is of version {raw[:1].hex()}, and this Storywatch reads "
            f"{VERSION.hex()}. Use a Storywatch as new as the one that kept it."
        )
    try:
        clipping = _decoder.decode(zlib.decompress(raw[1:]))
    except (zlib.error, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise StoreError(
            f"article {article_id}: what is kept of it is damaged ({error}). Delete the key {keys.UNMATCHED_STREAM}, "
            "which forgets the texts of all unmatched articles and no more."
        ) from error
    return Article(
        url=clipping.url,
        canonicalUrl=clipping.canonical,
        headline=clipping.headline,
        datePublished=clipping.published,
        authors=[Author(name) for name in clipping.authors],
        inLanguage=clipping.language,
        description=clipping.description,
        articleBody=clipping.body,
        articleSection=clipping.section,
        articleId=article_id,
        outlet=clipping.outlet,
        revision=clipping.revision,
    )


def _beginnings(*texts: str | None) -> list[str | None]:
    """Return as much of each text as those before it leave of MOST_TEXT."""
    room, kept = MOST_TEXT, list[str | None]()
    for text in texts:
        kept.append(text and text[:room])
        room -= len(text[:room]) if text else 0
    return kept
