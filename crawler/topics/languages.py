"""Language tags (BCP 47): which of them mean the same.

A language stands for its regional forms, and a regional form for articles that say no region: most say "pt" and not
which ("pt" is for articles in pt-BR, "pt-br" for those in pt, but not in pt-PT). Bokmål (nb) and Nynorsk (nn) are
Norwegian (no): few pages tell them apart.
"""

from collections.abc import Iterable

_RENAMED = {"nb": "no", "nn": "no", "iw": "he", "in": "id", "ji": "yi"}  # Norwegian as one, and withdrawn codes
_NO_LANGUAGE = {"", "und", "mul", "zxx"}  # ISO 639-2: undetermined, several, no linguistic content


def as_compared(tag: str) -> str:
    """Return a tag as it is compared here: "pt-br" of "pt_BR", "no" of "nb"."""
    first, dash, rest = tag.strip().lower().replace("_", "-").partition("-")
    return f"{_RENAMED.get(first, first)}{dash}{rest}"


def tags(languages: Iterable[str]) -> list[str]:
    """Return those of the tags that name a language, as they are compared here."""
    return [tag for tag in map(as_compared, languages) if primary(tag) not in _NO_LANGUAGE]


def covers(wanted: str, said: str) -> bool:
    """Tell whether what is for one language is for an article in another, both as they are compared here."""
    return f"{said}-".startswith(f"{wanted}-") or wanted.startswith(f"{said}-")


def primary(tag: str) -> str:
    """Return the first part of a language tag: "pt" of "pt-br"."""
    return tag.partition("-")[0]
