"""The language of the article, as its primary BCP 47 tag in lower case ("pt-BR" is "pt").

`inLanguage` is an ISO 639-1 code in zyte-common-items, and a topic's `languages = ["pt"]` is to meet both kinds of
Portuguese, so the region is left out. What the page declares is believed unless its script contradicts it: templates
often say "en" over text in another alphabet.
"""

import re
from collections.abc import Iterator

from crawler.extraction.page import Page
from crawler.news.entry import Entry

_TAG = re.compile(r"([a-z]{2,3})(?:[-_].*)?", re.IGNORECASE | re.DOTALL)
_RENAMED = {"iw": "he", "in": "id", "ji": "yi", "eng": "en", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr", "spa": "es"}
# Scripts that tell of a language by themselves, and the languages that are written in each. The first is the guess.
_SCRIPTS = (
    (re.compile(r"[\u3040-\u30ff]"), ("ja",)),
    (re.compile(r"[\uac00-\ud7af]"), ("ko",)),
    (re.compile(r"[\u4e00-\u9fff]"), ("zh", "ja", "ko", "yue")),
    (re.compile(r"[\u0400-\u04ff]"), ("ru", "uk", "be", "bg", "sr", "mk", "kk", "ky", "mn", "tg", "tt", "uz", "az", "bs", "ab", "os", "ba", "cv", "ce")),
    (re.compile(r"[\u0600-\u06ff]"), ("ar", "fa", "ur", "ps", "ckb", "ku", "sd", "ug", "pnb", "az", "ms", "prs")),
    (re.compile(r"[\u0590-\u05ff]"), ("he", "yi")),
    (re.compile(r"[\u0370-\u03ff]"), ("el",)),
    (re.compile(r"[\u0900-\u097f]"), ("hi", "mr", "ne", "sa", "bho", "mai", "kok")),
    (re.compile(r"[\u0980-\u09ff]"), ("bn", "as")),
    (re.compile(r"[\u0b80-\u0bff]"), ("ta",)),
    (re.compile(r"[\u0e00-\u0e7f]"), ("th",)),
    (re.compile(r"[\u10a0-\u10ff]"), ("ka",)),
    (re.compile(r"[\u0530-\u058f]"), ("hy",)),
)
_SAMPLE_CHARS = 2_000
# A quarter of the letters: Japanese mixes kana with Han, and foreign names in an article are far fewer than that.
_SCRIPT_SHARE = 0.25


def read_language(page: Page, text: str, entry: Entry | None) -> str | None:
    """Return the language of the article, or None if nothing tells it."""
    declared = next((tag for claim in _claims(page, entry) if (tag := _primary(claim))), None)
    written = _languages_of_script(text[:_SAMPLE_CHARS])
    if written and declared not in written:
        return written[0]
    return declared


def _claims(page: Page, entry: Entry | None) -> Iterator[str]:
    yield from page.data.texts(page.node.get("inLanguage"))
    root = page.root if page.root.tag == "html" else page.root.getroottree().getroot()
    yield root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang") or ""
    yield from page.said("og:locale", "content-language", "dc.language", "language")
    yield (entry.language or "") if entry else ""


def _primary(claim: str) -> str | None:
    match = _TAG.fullmatch(claim.strip())
    tag = match[1].lower() if match else None
    return _RENAMED.get(tag, tag) if tag else None


def _languages_of_script(text: str) -> tuple[str, ...]:
    letters = sum(map(str.isalpha, text))
    for pattern, languages in _SCRIPTS:
        if letters and len(pattern.findall(text)) > _SCRIPT_SHARE * letters:
            return languages
    return ()
