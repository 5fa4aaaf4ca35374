"""The folded words of a text, all at once: what an article costs that meets no topic.

Requirements. `terms(text) == [fold(word) for word in words(text)]`, for every text.

Theory of operation. Nearly every article in an alphabet fits one of the old code pages of 256 characters, and they hold
the typographer's quotes and dashes, too. As bytes, a text is cut and folded by one `bytes.translate`, whose table is
made by `words` and `fold` themselves: no character of these pages changes with its neighbours when it is folded. So 500
words take 0.03 ms in English and 0.04 ms in Russian, against 0.12 ms and 0.2 ms word by word. A text that fits no page
(Chinese, Arabic, a Greek name in a Russian article) is cut by the regular expression and folded word by word; that no
page has it costs 0.006 ms if it begins so, and 0.05 ms at worst.

Known exceptions. The few fractions and signs of a page that fold to what the page does not have (½, µ) count as foreign
to it. So does a text with a run of over 128 characters without a break, which `words` may have to cut.
"""

import codecs

from crawler.topics.text import fold, stands_alone, words

_BLOCK = 128  # characters; a run too long for one word (over 255) has a whole such block within it
_NO_CHARACTER = "\ufffd"  # for a byte without meaning
_FOREIGN = "\ufffe"  # and what charmap_build calls it


def terms(text: str) -> list[str]:
    """Return the words of the text, in order, folded."""
    for page in _PAGES:
        found = page.terms(text)
        if found is not None:
            return found
    return list(map(fold, words(text)))


class _CodePage:
    """Texts of the 256 characters of one code page, or nearly all of them."""

    def __init__(self, codec: str) -> None:
        page = bytes(range(256)).decode(codec, "replace")
        forms = {c: form for c in page if c != _NO_CHARACTER and set(form := _form(c)) <= set(page)}
        self._page = "".join(c if c in forms else _FOREIGN for c in page)
        self._codes = codecs.charmap_build(self._page)
        longer = {c.lower(): form for c, form in forms.items() if len(form) != 1}
        self._longer = [(self._encode(c), self._encode(form)) for c, form in longer.items()]
        self._table = b"".join(self._encode(c.lower() if c.lower() in longer else forms.get(c, " ")) for c in page)

    def _encode(self, text: str) -> bytes:
        return codecs.charmap_encode(text, "strict", self._codes)[0]

    def terms(self, text: str) -> list[str] | None:
        """Return the words of the text, folded; None if the text has what this page cannot fold."""
        try:
            self._encode(text[:_BLOCK])  # the codec reads foreign characters to their end before it gives up
            data = self._encode(text).translate(self._table)
        except UnicodeEncodeError:
            return None
        if any(b" " not in data[at : at + _BLOCK] for at in range(0, len(data) - _BLOCK, _BLOCK)):
            return None
        for sign, form in self._longer:
            data = data.replace(sign, form)
        return codecs.charmap_decode(data, "strict", self._page)[0].split()


def _form(character: str) -> str:
    """Return what a character becomes when all words of a text are folded, and parted by spaces."""
    if not words(character):
        return "" if words(f"a{character}a") == [f"a{character}a"] else " "
    return f" {fold(character)} " if stands_alone(character) else fold(character)


# Western, Cyrillic, Central European, Turkish, Baltic, Greek: what news is written in, most of it first. Arabic's
# lacks letters of Persian and Urdu, and in Hebrew's and the Vietnamese one marks stand by themselves.
_PAGES = [_CodePage(f"cp{number}") for number in (1252, 1251, 1250, 1254, 1257, 1253)]
