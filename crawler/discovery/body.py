"""What every reader does with a body first: unzip it, and refuse what would cost seconds or memory to parse."""

import gzip
import io
import zlib

from crawler.news.errors import DiscoveryError
from crawler.news.markup import MOST_ATTRIBUTES, crowded_tag

_GZIP_MAGIC = b"\x1f\x8b"


def open_body(body: bytes, url: str, *, most_bytes: int) -> bytes:
    """Return the body, unzipped where it is a gzip file (sitemaps often are, whatever their headers say).

    Raises:
        DiscoveryError: "empty", "too-large" (more than `most_bytes`, zipped or not) or "bad-gzip".
    """
    if body.startswith(_GZIP_MAGIC):
        body = _gunzip(body, url, most_bytes)
    if not body.strip():
        raise DiscoveryError("empty", f"{url}: the body is empty.")
    if len(body) > most_bytes:
        raise DiscoveryError("too-large", f"{url}: the body is over {most_bytes:,} bytes. Watch a smaller source.")
    return body


def refuse_tags(markup: bytes, url: str, *, most: int) -> None:
    """Refuse markup by its number of tags, opening and closing: a parser's time and memory go with it.

    Raises:
        DiscoveryError: "too-complex".
    """
    tags = markup.count(b"<")
    if tags > most:
        raise DiscoveryError("too-complex", f"{url}: {tags:,} tags, and the most is {most:,}. Watch a smaller source.")


def refuse_attributes(page: bytes, url: str) -> None:
    """Refuse an HTML page (UTF-8) by the attributes of one tag.

    Raises:
        DiscoveryError: "too-complex".
    """
    crowd = crowded_tag(page)
    if crowd:
        message = f"{url}: a tag with {crowd:,} attributes, and the most is {MOST_ATTRIBUTES:,}."
        raise DiscoveryError("too-complex", f"{message} Watch a smaller source.")


def without_cdata(markup: bytes) -> bytes:
    """Return the markup without its CDATA sections, which cost a parser nothing, whatever stands in them."""
    first, *others = markup.split(b"<![CDATA[")
    return first + b"".join(part.partition(b"]]>")[2] for part in others)


def _gunzip(body: bytes, url: str, most_bytes: int) -> bytes:
    """Unzip at most one byte more than allowed, so that a bomb costs no more than an honest file."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as file:
            return file.read(most_bytes + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise DiscoveryError("bad-gzip", f"{url}: the gzip file cannot be read: {error}.") from error
