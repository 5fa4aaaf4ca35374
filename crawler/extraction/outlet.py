"""What an outlet is called, to tell its name from the words of its headlines."""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urlsplit

from crawler.extraction.text import fold

# Longer parts of a title are words of the headline that happen to hold the name ("what Tidewatch found in the port").
_MOST_WORDS = 5
_SECOND_LEVELS = frozenset({"com", "org", "net", "gov", "edu"})  # "tidewatch.com.example" is Tidewatch's
_FEWEST_LETTERS = 3  # "de", "co" and "tv" are in every second host


class Outlet:
    """The names of an outlet: those that its page gives, and its host's."""

    def __init__(self, url: str, names: Iterable[str]) -> None:
        """Args:
        url: of one of its pages.
        names: as its pages give them ("The Tidewatch"), "" among them or not.
        """
        labels = (urlsplit(url).hostname or "").removeprefix("www.").split(".")
        self._names = [f" {name} " for name in map(fold, names) if name]
        self._labels = [label for label in map(squeeze, labels[:-1]) if len(label) >= _FEWEST_LETTERS]
        self._addresses = {squeeze("".join(labels[start:])) for start in range(len(labels))}
        # "news" and "live" of "news.tidewatch.example" are words of headlines, too.
        self._domain = next((label for label in reversed(self._labels) if label not in _SECOND_LEVELS), "")
        self._wholes = {*map(squeeze, self._names), *self._labels, *self._addresses}

    def is_named(self, text: str) -> bool:
        """Return whether a text is the outlet's name, and nothing else."""
        return squeeze(text) in self._wholes

    def is_told_by(self, part: str) -> bool:
        """Return whether a few words tell the outlet: "Sport - Tidewatch", "The Tide Watch" of tidewatch.example."""
        words = fold(part).split()
        if not words or self.is_named(part):
            return True
        if len(words) > _MOST_WORDS:
            return False
        told = f" {' '.join(words)} "
        if any(told in name or name in told for name in self._names):
            return True
        written = part.split()
        if any(word[0].islower() for word in written):  # "Bergen Today" is a name, "Bergen council meets" is none
            return any("." in word and squeeze(word) in self._addresses for word in written)
        return _spell(map(squeeze, words), self._domain)


@lru_cache(maxsize=512)  # a page says its title six times
def squeeze(text: str) -> str:
    """Return the letters and digits alone, without case and marks: how names and titles are compared."""
    folded = fold(text).replace(" ", "")
    if folded.isascii():
        return folded
    return "".join(letter for letter in unicodedata.normalize("NFD", folded) if not unicodedata.combining(letter))


def _spell(words: Iterable[str], label: str) -> bool:
    """Return whether some of the words, in their order, make the label of a domain."""
    rest = label
    for word in words:
        rest = rest.removeprefix(word)
    return bool(label) and not rest
