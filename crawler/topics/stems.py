"""What the forms of a word share: `dams` and `dam`, `плотину` and `плотина`, by the rules of a language.

Requirements. A topic that asks for it (`inflect = ["ru"]`) is met by the other forms of its words. Without it a word is
that word and no other: to Snowball `important` is a form of `import`, and only the one who wrote the query knows
whether that matters.

Theory of operation. Snowball's algorithms cut endings off. They were written for lower case *with* accents (Spanish
-ción, Polish -ów), so a word is stemmed as it is spelled, and its stem is folded: unaccented spellings mostly meet too.
The language stands in the key, so that the English stem of one word never meets the Russian stem of another. A word of
a query goes by its stem and by itself (`sought_keys`): of 43 forms of 17 Russian words that finds 38, one alone 35.

Known exceptions. Snowball has no Ukrainian, Bulgarian, Hebrew or Korean: there a star does it (`Востриков*`). It cuts
endings and does not know words: `went` is not `go`, nor `рынка` `рынок`, nor Polish `psa` `pies`; Arabic broken plurals
stay apart. It joins what it should not: who looks for `Иванов` also finds `Ивана`. German oe is ö here (Koestler,
Köstler), Serbian Cyrillic is Latin.
"""

from collections.abc import Iterable
from functools import partial
from threading import Lock

from Stemmer import Stemmer

from crawler.topics.memory import Memory
from crawler.topics.text import fold, spelling, stands_alone

_ALGORITHMS = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "eo": "esperanto",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fa": "persian",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "st": "sesotho",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}

LANGUAGES = tuple(sorted(_ALGORITHMS))  # primary subtags of BCP 47


def stem_key(language: str, word: str) -> str:
    """Return what all forms of this word share in that language: "ru:плотин".

    Args:
        language: one of LANGUAGES.
        word: one of `text.words()`, as the text spells it.
    """
    return _KEYS[language][word]


def sought_keys(languages: Iterable[str], word: str) -> tuple[str, ...]:
    """Return the stem keys by which a word of a query meets its other forms; () for one without a letter to inflect.

    Two for a language: its stem, and the word itself. Snowball cuts the name `Востриков` to `вострик`, but `Вострикова`
    to `востриков`; and Arabic `وزير` to `زير`, but `الوزير` to `وزير`. Who looks for something writes the form that the
    others are made of.
    """
    if stands_alone(word) or not any(map(str.isalpha, word)):
        return ()
    keys = [key for language in languages for key in (stem_key(language, word), f"{language}:{fold(word)}")]
    return tuple(dict.fromkeys(keys))


def _key(language: str, stemmer: Stemmer, word: str) -> str:
    spelled = spelling(word).casefold()
    with _ONE_AT_A_TIME:
        stem = stemmer.stemWord(spelled)
    return f"{language}:{fold(stem)}"


_ONE_AT_A_TIME = (
    Lock()
)  # a stemmer works on a word within itself, and an edited watchlist is read in a thread of its own


_KEYS = {
    language: Memory(partial(_key, language, Stemmer(algorithm, 0)))  # 0: our memory does for its own
    for language, algorithm in _ALGORITHMS.items()
}
