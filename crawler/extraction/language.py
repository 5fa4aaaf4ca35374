"""The language of the article, as its primary BCP 47 tag in lower case ("pt-BR" is "pt").

`inLanguage` is an ISO 639-1 code in zyte-common-items, and a topic's `languages = ["pt"]` is to meet both kinds of
Portuguese, so the region is left out. What the page declares is believed unless the text contradicts it plainly:
templates often say "en" over text in another alphabet or another tongue. Where nothing is declared, the text decides:
by its script, within a script by letters or words that one language alone has, in the Latin alphabet by function words.

Known exceptions: languages in the Latin alphabet that are not in the table are told by declaration alone, and so are
those that no letter tells from the first of their script, as Bhojpuri from Hindi. Both kinds of Norwegian are "no".
"""

import re
from collections import Counter
from collections.abc import Iterator

from crawler.extraction.page import Page
from crawler.extraction.text import fold
from crawler.news.entry import Entry

_TAG = re.compile(r"([a-z]{2,3})(?:[-_].*)?", re.IGNORECASE | re.DOTALL)
_RENAMED = {"iw": "he", "in": "id", "ji": "yi", "nb": "no", "nn": "no"}  # withdrawn codes, and Norwegian as one
# The three letters of ISO 639-2 and 639-3 that pages write, under the two of 639-1.
_THREE_LETTERS = (
    "en eng|de deu ger|fr fra fre|es spa|pt por|it ita|nl nld dut|sv swe|da dan|no nor nob nno|fi fin|is isl ice|"
    "pl pol|cs ces cze|sk slk slo|sl slv|hr hrv|bs bos|sr srp|mk mkd mac|bg bul|ru rus|uk ukr|be bel|ro ron rum|"
    "hu hun|lt lit|lv lav|et est|el ell gre|tr tur|az aze|sq sqi alb|ca cat|gl glg|eu eus baq|ga gle|cy cym wel|"
    "mt mlt|he heb|ar ara|fa fas per|ur urd|ps pus|hi hin|mr mar|ne nep|bn ben|gu guj|pa pan|ta tam|te tel|kn kan|"
    "ml mal|si sin|th tha|vi vie|id ind|ms msa may|tl tgl|ja jpn|ko kor|zh zho chi|ka kat geo|hy hye arm|kk kaz|"
    "uz uzb|sw swa|so som|af afr"
)
_RENAMED |= {long: code for code, *longs in map(str.split, _THREE_LETTERS.split("|")) for long in longs}
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
        ("\u0a80-\u0aff", "gu"),
        ("\u0a00-\u0a7f", "pa"),
        ("\u0b00-\u0b7f", "or"),
        ("\u0c00-\u0c7f", "te"),
        ("\u0c80-\u0cff", "kn"),
        ("\u0d00-\u0d7f", "ml"),
        ("\u0d80-\u0dff", "si"),
        ("\u0e80-\u0eff", "lo"),
        ("\u1000-\u109f", "my"),
        ("\u1200-\u137f", "am ti"),
        ("\u1780-\u17ff", "km"),
    )
)
# Within a script: what one language alone has, and the languages that it leaves; the first is the guess.
# In a paragraph each of 14 languages these made 2 to 16 % of the letters, and none in those tried after it.
_TELLING = {
    "ru": (
        ("[ўЎ]", "be uz"),
        ("[әғқңөұүһҳҷӯӣҗӘҒҚҢӨҰҮҺҲҶӮҖ]", "kk ky mn tg tt uz az ba ab os cv ce"),
        ("[ѓќѕЃЌЅ]", "mk"),
        ("[љњђћџјЉЊЂЋЏЈ]", "sr mk bs az"),
        ("[іїєґІЇЄҐ]", "uk be kk"),
        ("[ыэЫЭ]", "ru be kk ky mn tg tt uz az ab os ba cv ce"),
        ("[ъЪ]", "bg tg ce os"),
    ),
    "ar": (
        ("[ټډړښځڅېۍ]", "ps ug"),
        ("[ێۆڵڕە]", "ckb ku ug"),
        ("[ٹڈڑےں]", "ur pnb"),
        ("[پچژگ]", "fa prs ps ckb ku sd ug az ms"),
        ("[ةىأإ]", "ar"),
    ),
    "hi": (
        ("ळ|च्या|आहे|आणि|झाल", "mr kok sa"),
        ("गरे|गर्न|भएक|छन्|हुन्छ|लाई", "ne"),
    ),
}
_TELLING_SHARE = 0.008
_TELLING_PATTERNS = {
    first: tuple((re.compile(pattern), tuple(languages.split())) for pattern, languages in tells)
    for first, tells in _TELLING.items()
}
_NOT_LATIN = re.compile(r"[\u0370-\u1dff\u3040-\ud7af]")
# The commonest function words, those of near languages chosen apart (no "de" for both Spanish and French).
_WORDS = {
    "en": "the of and to in is that for it was with his",
    "de": "der die und das ist nicht von den mit dem ein zu",
    "fr": "les des est dans pour qui une sur pas au plus ce",
    "es": "las los del por con una para como más pero su ha",
    "pt": "não uma os do da em para com são mais pelo dos",
    "it": "di che il della per non sono gli nel anche più è",
    "nl": "het een van niet zijn voor met dat ook naar wordt bij",
    "sv": "och att det som är på för inte med till har ett",
    "da": "og at det er på af ikke til har med blev den",
    "no": "og å det er på ikke som til har med ble av",
    "is": "og að er ekki sem við um það var fyrir til hann",
    "af": "die en van het nie is wat vir dat om met hy",
    "lb": "an déi ass den net vun fir mat op sech eng hunn",
    "ca": "els amb és dels però més també són aquest ser hi per",
    "gl": "unha non do da os polo máis pero coa dun tamén ao",
    "eu": "eta da ez ere bat du dira baina izan zen dute hori",
    "ro": "și în este pentru că cu din care nu la mai sunt",
    "pl": "nie się na jest że do to przez od jak oraz po",
    "cs": "se na je že to jsou by ale podle při jako pro",
    "sk": "je na že sa sú ale ako pre nie aj podľa ktorý",
    "sl": "je da so za ki ni kot bo pa tudi na bi",
    "hr": "je da se na su za koji nije što kao od će",
    "bs": "je da se na su za koji nije što kao od će",
    "sr": "je da se na su za koji nije što kao od će",
    "lt": "ir kad su yra iš bet kaip buvo tai dėl jo apie",
    "lv": "un ir ka par no ar uz kas arī lai tika bet",
    "et": "ja on ei et see oli ka aga kui mis ning oma",
    "fi": "ja on ei että se oli hän mutta kun myös ovat kuin",
    "hu": "az és hogy nem egy is volt meg csak már vagy mint",
    "sq": "dhe të në për një me nga që është ka se si",
    "mt": "li ta il ma fil dan għal minn kien din tal hija",
    "ga": "an na agus ar bhí sé leis don ag atá sin raibh",
    "cy": "yn ar wedi mae ei gan fod yr bod ac oedd gyda",
    "tr": "ve bir bu için ile olarak çok daha olan gibi kadar da",
    "az": "və bir bu üçün ilə də olan kimi edir olub daha ki",
    "uz": "va bu bilan uchun ham bir deb edi esa kerak shu yil",
    "ku": "û ji bi jî bû wê ev bo xwe wan dike hatin",
    "id": "yang dan di dengan untuk ini dari tidak dalam akan pada itu",
    "ms": "yang dan di dengan untuk ini dari tidak dalam akan pada itu",
    "tl": "ang ng sa mga na ay at ito para hindi niya kung",
    "vi": "và của là có được cho không trong với người một đã",
    "sw": "na ya wa kwa ni katika za la hiyo kuwa cha ambao",
    "so": "waa iyo in ka ku ee oo ay uu la ah si",
    "ha": "da na ta ya ce cikin wannan shi su ba suka kuma",
}
_LANGUAGES_OF_WORD: dict[str, list[str]] = {}
for _language, _words in _WORDS.items():
    for _word in _words.split():
        _LANGUAGES_OF_WORD.setdefault(_word, []).append(_language)
# These function words make 6-40 % of running text in their own language and under 5 % in another's.
_OWN_SHARE = 0.05
_CONTRADICTION = 3
_SAMPLE_CHARS = 1_200  # some 200 words; more changes no page of 202
# A quarter of the letters: foreign names in an article are far fewer than that. Of kana a twentieth will do: Japanese
# may be mostly Han characters, and nothing else has any.
_SCRIPT_SHARE = 0.25
_KANA_SHARE = 0.05


def read_language(page: Page, text: str, entry: Entry | None) -> str | None:
    """Return the language of the article, or None if nothing tells it."""
    declared = next((tag for claim in _claims(page, entry) if (tag := _primary(claim))), None)
    written = _languages_of_script(text[:_SAMPLE_CHARS])
    if written:
        possible = _languages_told(text[:_SAMPLE_CHARS], written)
        return declared if declared in possible else possible[0]
    return _by_words(text[:_SAMPLE_CHARS], declared)


def _claims(page: Page, entry: Entry | None) -> Iterator[str]:
    yield from page.data.texts(page.node.get("inLanguage"))
    root = page.tree.root
    attributes = root.attributes if root is not None else {}
    yield attributes.get("lang") or attributes.get("xml:lang") or ""
    yield from page.said("og:locale", "content-language", "dc.language", "language")
    yield (entry.language or "") if entry else ""


def _primary(claim: str) -> str | None:
    match = _TAG.fullmatch(claim.strip())
    tag = match[1].lower() if match else None
    return _RENAMED.get(tag, tag) if tag else None


def _languages_of_script(text: str) -> tuple[str, ...]:
    if not _NOT_LATIN.search(text):
        return ()
    letters = sum(map(str.isalpha, text))
    for pattern, languages in _SCRIPTS:
        share = _KANA_SHARE if languages == ("ja",) else _SCRIPT_SHARE
        if len(pattern.findall(text)) > share * letters:
            return languages
    return ()


def _languages_told(text: str, written: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of a script's languages that the letters of the text leave, all if they tell nothing."""
    letters = sum(map(str.isalpha, text))
    for pattern, languages in _TELLING_PATTERNS.get(written[0], ()):
        if sum(map(len, pattern.findall(text))) > _TELLING_SHARE * letters:
            return languages
    return written


def _by_words(text: str, declared: str | None) -> str | None:
    """Return the language whose function words the text has, if none is declared or the declared one's are missing."""
    words = fold(text).split()
    hits: list[str] = []
    for word in words:
        if word in _LANGUAGES_OF_WORD:
            hits += _LANGUAGES_OF_WORD[word]
    counts = Counter(hits)
    best = max(counts, key=lambda language: counts[language], default=None)
    if best is None or counts[best] <= _OWN_SHARE * len(words):
        return declared
    is_contradicted = declared in _WORDS and counts[best] > _CONTRADICTION * counts[declared or ""]
    return best if declared is None or is_contradicted else declared
