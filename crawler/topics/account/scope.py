"""What a part of a query looks at in an article: the texts of some fields, their words, and the texts beside them."""

from collections.abc import Iterable, Sequence
from functools import cached_property

from crawler.topics.languages import primary, tags
from crawler.topics.matcher import PLAIN_FIELDS
from crawler.topics.passage import Passage, Span
from crawler.topics.stems import LANGUAGES, sought_keys, stem_key
from crawler.topics.text import fold, words
from crawler.topics.tree import Near, Place, Word

_NAMES = {"url": "address", "lang": "language", "tag": "tags", "outlet": "outlet's name"}
_PLACES = 20  # of one part in one text: enough to see that it is there, and it bounds memory


class Scope:
    """The texts of some fields of an article.

    Args:
        passages: all texts of the article.
        fields: those that are looked at.
        inflect: languages by whose rules the topic's words stand for their other forms.

    Attributes:
        passages: the texts of these fields that say anything.
        others: those of other fields, where a word may stand by mistake.
    """

    def __init__(self, passages: Iterable[Passage], fields: Sequence[str], inflect: Sequence[str] = ()) -> None:
        written = [passage for passage in passages if passage.text.strip()]
        self.fields = tuple(fields)
        self.passages = [passage for passage in written if passage.field in fields]
        self.others = [passage for passage in written if passage.field not in {*fields, "lang", "tag"}]
        spoken = map(primary, tags([passage.text for passage in written if passage.field == "lang"]))
        untried = [language for language in spoken if language in LANGUAGES and language not in tags(inflect)]
        self._languages = untried if set(fields) <= set(PLAIN_FIELDS) else []  # names do not bend
        self._found: dict[Place | Near, list[tuple[Passage, list[Span]]]] = {}

    def find(self, sought: Place | Near) -> list[tuple[Passage, list[Span]]]:
        """Return the texts in which it stands, and the first places in each."""
        if sought not in self._found:
            found = ((passage, passage.places(sought, _PLACES)) for passage in self.passages)
            self._found[sought] = [(passage, places) for passage, places in found if places]
        return self._found[sought]

    def __str__(self) -> str:
        """Name the fields that the article has: "headline or body"."""
        present = {passage.field for passage in self.passages}
        return joined([field_name(field) for field in self.fields if field in present], "or")

    def word_that_begins(self, term: str) -> Word | None:
        """Return a word of these texts that begins with the term."""
        return self._word_at(self._lines.find(f"\n{term}") + 1)

    def word_that_contains(self, term: str) -> Word | None:
        """Return a word of these texts in which the term stands."""
        return self._word_at(self._lines.find(term))

    def other_form(self, spelled: str) -> tuple[Word, str] | None:
        """Return another form of the word in these texts, and the language by whose rules it is one.

        Only the article's own language is asked, and only in prose, where the topic does not inflect by it.
        """
        keys = [(language, key) for language in self._languages for key in sought_keys([language], spelled)]
        return next(((Word(self._by_stem[key]), language) for language, key in keys if key in self._by_stem), None)

    @cached_property
    def _spelled(self) -> dict[str, None]:
        return dict.fromkeys(word for passage in self.passages for word in words(passage.text))

    @cached_property
    def _lines(self) -> str:
        """Every different word on a line: to search these costs a thousandth of asking each word."""
        return "\n".join(["", *dict.fromkeys(map(fold, self._spelled)), ""])

    @cached_property
    def _by_stem(self) -> dict[str, str]:
        return {stem_key(language, word): fold(word) for language in self._languages for word in self._spelled}

    def _word_at(self, index: int) -> Word | None:
        """Return the word on whose line the index is; none before the first."""
        if index < 1:
            return None
        return Word(self._lines[self._lines.rfind("\n", 0, index) + 1 : self._lines.find("\n", index)])


def field_name(field: str) -> str:
    """Return the name of a field as a sentence has it after "the"."""
    return _NAMES.get(field, field)


def joined(names: Sequence[str], last: str) -> str:
    """Return "a, b and c", where `last` is "and"."""
    return f" {last} ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)
