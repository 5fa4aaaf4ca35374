"""Pages that are not there, and say so with status 200."""

from crawler.extraction.kinds import telltales
from crawler.extraction.kinds.listings import read_headlines
from crawler.extraction.kinds.look import Look
from crawler.extraction.kinds.telltales import is_missing, plain, spoken

_FEW = 60  # words; an error page has a sentence or two, links beside
_FLASH = 20  # words; with so many a page that says that it is an article, and when it was published, is one
_MANY = 150  # words; the longest help that one gives has fewer


def soft_404(look: Look) -> str | None:
    """Return what tells that the article is not there; None: nothing does."""
    if look.claims and look.words >= _MANY:
        return None
    if look.claims_well and look.words - read_headlines(look).teased > _FLASH:
        return None
    titles = [title for title in look.titles if is_missing(title, look.outlet)]
    if titles and not _is_about_it(look):
        return f'it is called "{titles[0]}"'
    if look.words >= _FEW or look.has_own_node:
        return None
    said = spoken(look.text, telltales.MISSING)
    if said and _says_little_else(look, said):
        return f'it says "{said[0]}"'
    return None


def _is_about_it(look: Look) -> bool:
    """An article may bear such a title: it says that it is one, is headed otherwise, or has a text all the same."""
    own = look.words - read_headlines(look).teased
    if own < _FEW:
        return False
    headings = look.page.headings()
    is_headed_otherwise = bool(headings) and not any(is_missing(text, look.outlet) for text in headings)
    return look.claims or own >= _MANY or is_headed_otherwise


def _says_little_else(look: Look, said: list[str]) -> bool:
    """Whether what it says stands in the body, or in a text that is about nothing else."""
    return any(phrase in plain(line) for line in look.body for phrase in said) or not look.claims
