"""The language of the article, as its primary BCP 47 tag in lower case ("pt-BR" is "pt").

`inLanguage` is an ISO 639-1 code in zyte-common-items, and a topic's `languages = ["pt"]` is to meet both kinds of
Portuguese, so the region is left out. What the page declares is believed unless the text contradicts it plainly:
templates often say "en" over text in another alphabet or another tongue. Where nothing is declared, the text decides.

Known exception: languages in the Latin alphabet that are not in the table are told by declaration alone.
"""

import re
from collections import Counter
from collections.abc import Iterator

from crawler.extraction.page import Page
from crawler.extraction.text import fold
from crawler.news.entry import Entry

_TAG = re.compile(r"([a-z]{2,3})(?:[-_].*)?", re.IGNORECASE | re.DOTALL)
_RENAMED = {"iw": "he", "in": "id", "ji": "yi"}  # withdrawn codes, and the three letters that pages write
_RENAMED |= {"eng": "en", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr", "spa": "es"}
# Scripts that tell of a language by themselves, with the languages that are written in each. The first is the guess.
_SCRIPTS = tuple(
    (re.compile(f"[{letters}]"), tuple(languages.split()))
    for letters, languages in (
        ("\u3040-\u30ff", "ja"),
        ("\uac00-\ud7af", "ko"),
        ("\u4e00-\u9fff", "zh ja ko yue"),
        ("\u0400-\u04ff", "ru uk be bg sr mk kk ky mn tg tt uz az bs ab os ba cv ce"),
        ("\u0600-\u06ff", "ar fa ur ps ckb ku sd ug pnb az ms prs"),
        ("\u0590-\u05ff", "he yi"),
        ("\u0370-\u03ff", "el"),
        ("\u0900-\u097f", "hi mr ne sa bho mai kok"),
        ("\u0980-\u09ff", "bn as"),
        ("\u0b80-\u0bff", "ta"),
        ("\u0e00-\u0e7f", "th"),
        ("\u10a0-\u10ff", "ka"),
        ("\u0530-\u058f", "hy"),
    )
)
# The commonest function words, those of near languages chosen apart (no "de" for both Spanish and French).
_WORDS = {
    "en": "the of and to in is that for it was with his",
    "de": "der die und das ist nicht von den mit dem ein zu",
    "fr": "les des est dans pour qui une sur pas au plus ce",
    "es": "los las del por con una para como más pero su ha",
    "pt": "não uma os do da em para com são mais pelo dos",
    "it": "di che il della per non sono gli nel anche più è",
    "nl": "het een van niet zijn voor met dat ook naar wordt bij",
    "sv": "och att det som är på för inte med till har ett",
    "da": "og at det er på af ikke til har med blev den",
    "no": "og å det er på ikke som til har med ble av",
    "pl": "nie się na jest że do to przez od jak oraz po",
    "cs": "se na je že to jsou by ale podle při jako pro",
    "tr": "ve bir bu için ile olarak çok daha olan gibi kadar da",
    "id": "yang dan di dengan untuk ini dari tidak dalam akan pada itu",
    "vi": "và của là có được cho không trong với người một đã",
    "sw": "na ya wa kwa ni katika za la hiyo kuwa cha ambao",
    "ro": "și în este pentru că cu din care nu la mai sunt",
    "hu": "az és hogy nem egy is volt meg csak már vagy mint",
    "fi": "ja on ei että se oli hän mutta kun myös ovat kuin",
}
_LANGUAGE_OF_WORDS = {language: frozenset(words.split()) for language, words in _WORDS.items()}
# Function words make 15-40 % of running text in their own language and under 5 % in another's.
_OWN_SHARE = 0.08
_CONTRADICTION = 3
_SAMPLE_CHARS = 2_000
# A quarter of the letters: Japanese mixes kana with Han, and foreign names in an article are far fewer than that.
_SCRIPT_SHARE = 0.25


def read_language(page: Page, text: str, entry: Entry | None) -> str | None:
    """Return the language of the article, or None if nothing tells it."""
    declared = next((tag for claim in _claims(page, entry) if (tag := _primary(claim))), None)
    written = _languages_of_script(text[:_SAMPLE_CHARS])
    if written:
        return declared if declared in written else written[0]
    return _by_words(text[:_SAMPLE_CHARS], declared)


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


def _by_words(text: str, declared: str | None) -> str | None:
    """Return the language whose function words the text has, if none is declared or the declared one's are missing."""
    words = fold(text).split()
    counts = Counter({language: sum(word in own for word in words) for language, own in _LANGUAGE_OF_WORDS.items()})
    ((best, count),) = counts.most_common(1)
    is_plain = count > _OWN_SHARE * len(words)
    is_contradicted = declared in counts and count > _CONTRADICTION * counts[declared or ""]
    return best if is_plain and (declared is None or is_contradicted) else declared
