"""Why a word, a phrase or a NEAR of a query is not met by an article, and by how much it is missed.

Requirements. One plain sentence for whoever wrote the query, naming the word as the query writes it; and a distance, so
that of two alternatives the nearer is named. Where other writing would find it, the sentence says what to write.

Theory of operation. Each kind of shortfall has a small function that looks for it; the nearest of those found is the
reason. Distances are an order, not a measurement:

    1       the same word, spelled otherwise
    1 to 2  all is there, but too far apart: the fewer words too many, the nearer
    2       another form of the word, or the word in another field, or the words of a phrase in different texts
    3       it stands inside a longer word
    4       it is not there at all
    5       there is nothing to look at (the article has no section), or the page or its outlet says something else

Several words missing from one phrase or NEAR add up. Where only one is, what would find it is tried in its place: if
the whole is still not met, it is farther by as much as words too far apart.

Known exceptions. Where one word of the text would have to serve two parts (`dam NEAR/2 dam*`), the sentence may name a
place that is not the closest, or none.
"""

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeGuard

from msgspec.structs import replace

from crawler.news.errors import QueryError
from crawler.topics.account.names import in_words
from crawler.topics.account.scope import Scope, field_name, joined
from crawler.topics.account.window import closest, marked
from crawler.topics.evidence import evidence
from crawler.topics.passage import Passage, Span
from crawler.topics.query import parse
from crawler.topics.text import words
from crawler.topics.tree import Near, Or, Phrase, Place, Word, explain

Leaf = Word | Phrase | Near

_SPELLING, _APART, _FORM, _ELSEWHERE, _INSIDE = 1.0, 1.0, 2.0, 2.0, 3.0
ABSENT = 4.0
_OTHERWISE = 5.0

_LETTERS_INSIDE = 3  # a shorter word stands inside half of all the others
_WORTH_A_TILDE = 20  # words between; what is further apart is no phrase any more
_NAMED = 3  # of many missing words


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Why a part of a query is not met.

    Attributes:
        distance: by how much it is missed, on the scale above.
        there: what is there instead, if anything is.
        snippet: where it nearly is met, or "".
        advice: what to write, and what joins it to the sentence (": dam*"); or "".
        finds: what that would find: it, or less than that.
        mended: what would be met in its place, if that is known.
    """

    distance: float
    there: str
    snippet: str = ""
    advice: str = ""
    finds: str = "it"
    mended: Leaf | None = None

    @property
    def why(self) -> str:
        """One sentence, without a full stop."""
        return f"{self.there}{self.advice} would find {self.finds}" if self.advice else self.there


def shortfall(leaf: Leaf, scope: Scope) -> Shortfall:
    """Return why a scope does not meet a leaf: of all reasons the nearest."""
    if not scope.passages:
        return _nothing_there(scope)
    if scope.fields == ("lang",):
        return _other_language(leaf, scope)
    if scope.fields == ("tag",):
        return _other_tags(leaf, scope)
    reasons = [reason for look in _KINDS if (reason := look(leaf, scope))]
    return min(reasons, key=lambda reason: reason.distance)


def as_written(part: Place | Near) -> str:
    """Return a part as the query writes it; of many alternatives the first."""
    if not isinstance(part, Or):
        return part.written or explain(part)
    written = [as_written(child) for child in _alternatives(part)]
    return f"({' OR '.join(written if len(written) <= _NAMED else [*written[:_NAMED], '...'])})"


def _alternatives(part: Or) -> list[Place]:
    """Return the children of an OR on one side of a NEAR, where the parser lets nothing else stand."""
    return [child for child in part.children if isinstance(child, Word | Phrase | Or)]


def none_of(parts: Iterable[Place | Near], scope: Scope) -> str:
    """Return the sentence that these are not there."""
    match list(dict.fromkeys(map(as_written, parts))):
        case [one]:
            return f"{one} is not in the {scope}"
        case [one, other]:
            return f"neither {one} nor {other} is in the {scope}"
        case names:
            rest = [f"{len(names) - _NAMED} more"] if len(names) > _NAMED else []
            return f"none of {joined([*names[:_NAMED], *rest], 'and')} is in the {scope}"


# --- fields that are no prose ---


def _nothing_there(scope: Scope) -> Shortfall:
    match scope.fields:
        case ("lang",):
            why = "the article does not say its language"
        case ("tag",):
            has_outlet = any(passage.field == "outlet" for passage in scope.others)
            why = "the outlet has no tags" if has_outlet else "it is of no outlet of the watchlist, and so has no tags"
        case ("outlet",):
            why = "the article does not say its outlet"
        case fields:
            why = f"the article has no {joined(list(map(field_name, fields)), 'or')}"
    return Shortfall(_OTHERWISE, why)


def _other_language(leaf: Leaf, scope: Scope) -> Shortfall:
    languages = joined([in_words(passage.text) for passage in scope.passages], "and")
    return Shortfall(_OTHERWISE, f"the article is in {languages}, not {as_written(leaf)}")


def _other_tags(leaf: Leaf, scope: Scope) -> Shortfall:
    tags = [passage.text for passage in scope.passages]
    are = "its tag is" if len(tags) == 1 else "its tags are"
    return Shortfall(_OTHERWISE, f"the outlet has no tag {as_written(leaf)}; {are} {joined(tags, 'and')}")


# --- words, and whatever stands somewhere ---


def _spelled_otherwise(leaf: Leaf, scope: Scope) -> Shortfall | None:
    mended = _in_any_spelling(leaf)
    found = scope.find(mended)
    if not found:
        return None
    passage, (place, *_) = found[0]
    only = f"only «{_text(passage, place)}» is in the {field_name(passage.field)}"
    there = f"{only}, spelled otherwise than {as_written(leaf)}"
    return Shortfall(_SPELLING, there, _snippet(passage, place), mended=mended)


def _in_any_spelling(leaf: Leaf) -> Leaf:
    match leaf:
        case Word():
            return replace(leaf, exact=None)
        case Phrase(parts):
            return replace(leaf, words=tuple(replace(word, exact=None) for word in parts))
        case Near():
            return leaf


def _in_another_field(leaf: Leaf, scope: Scope) -> Shortfall | None:
    for passage in scope.others:
        if places := passage.places(leaf):
            why = f"{as_written(leaf)} is in the {field_name(passage.field)}, not in the {scope}"
            return Shortfall(_ELSEWHERE, why, _snippet(passage, places[0]))
    return None


def _before_a_star(leaf: Leaf, scope: Scope) -> Shortfall | None:
    """A longer word is there that a star would find."""
    if not _is_plain(leaf) or not _is_query(f"{as_written(leaf)}*"):
        return None
    longer = scope.word_that_begins(leaf.term)
    if not longer:
        return None
    reason = _instead(leaf, longer, "is", _FORM, scope)
    return dataclasses.replace(reason, advice=f": {as_written(leaf)}*", mended=replace(leaf, prefix=True))


def _in_another_form(leaf: Leaf, scope: Scope) -> Shortfall | None:
    """A form is there that inflection would find."""
    if not _is_plain(leaf) or not (form := scope.other_form(words(as_written(leaf))[0])):
        return None
    other, language = form
    reason = _instead(leaf, other, "is", _FORM, scope)
    return dataclasses.replace(reason, advice=f': inflect = ["{language}"]', mended=other)


def _inside_a_word(leaf: Leaf, scope: Scope) -> Shortfall | None:
    if not isinstance(leaf, Word) or leaf.exact or len(leaf.term) < _LETTERS_INSIDE:
        return None
    longer = scope.word_that_contains(leaf.term)
    return _instead(leaf, longer, "contains it, but only whole words count", _INSIDE, scope) if longer else None


def _instead(sought: Word, other: Word, is_what: str, distance: float, scope: Scope) -> Shortfall:
    passage, (place, *_) = scope.find(other)[0]
    there = f"{as_written(sought)} is not in the {scope}; {_text(passage, place)} {is_what}"
    return Shortfall(distance, there, _snippet(passage, place))


def _is_plain(leaf: Leaf) -> TypeGuard[Word]:
    return isinstance(leaf, Word) and not leaf.prefix and not leaf.exact


def _is_query(text: str) -> bool:
    try:
        parse(text)
    except QueryError:
        return False
    return True


def _absent(leaf: Leaf, scope: Scope) -> Shortfall | None:
    return Shortfall(ABSENT, none_of([leaf], scope)) if not _parts(leaf) else None


# --- phrases and NEARs: what they are made of ---


def _parts(leaf: Leaf) -> tuple[Place, ...]:
    """Return what must be there together; () of a word, and of what is one word to its writer (总统, covid-19)."""
    match leaf:
        case Near(parts):
            return parts
        case Phrase(parts, written) if any(map(str.isspace, written)):
            return parts
        case _:
            return ()


def _in_part(leaf: Leaf, scope: Scope) -> Shortfall | None:
    """Some of the words are there, or none."""
    missing = [part for part in _parts(leaf) if not scope.find(part)]
    if not missing:
        return None
    reasons = [_missing(part, scope) for part in missing]
    if len(reasons) == 1:
        return _of_the_whole(leaf, missing[0], reasons[0], scope)
    return Shortfall(sum(reason.distance for reason in reasons), none_of(missing, scope))


def _of_the_whole(leaf: Leaf, part: Place, reason: Shortfall, scope: Scope) -> Shortfall:
    """Return why the only missing part is missing; what would find that need not find the whole."""
    if reason.mended is None:
        return dataclasses.replace(reason, advice="")  # ~2 cannot stand within a NEAR
    mended = _with(leaf, part, reason.mended)
    if scope.find(mended):
        return dataclasses.replace(reason, mended=mended)
    return dataclasses.replace(reason, distance=reason.distance + _APART, finds="that word", mended=None)


def _with(leaf: Leaf, part: Place, mended: Leaf) -> Leaf:
    """Return a phrase or NEAR with one of its parts changed."""
    parts = tuple(mended if one == part else one for one in _parts(leaf))
    return replace(leaf, parts=parts) if isinstance(leaf, Near) else replace(leaf, words=parts)


def _missing(part: Place, scope: Scope) -> Shortfall:
    """Return why a part is not there; of alternatives the nearest, if one is nearer than to be absent."""
    if not isinstance(part, Or):
        return shortfall(part, scope)
    nearest = min((_missing(child, scope) for child in _alternatives(part)), key=lambda reason: reason.distance)
    return nearest if nearest.distance < ABSENT else Shortfall(nearest.distance, none_of([part], scope))


def _apart(leaf: Leaf, scope: Scope) -> Shortfall | None:
    """All of the words are there, but not near enough."""
    parts = _parts(leaf)
    if not parts or not all(map(scope.find, parts)):
        return None
    found = [(passage, [passage.places(part) for part in parts]) for passage in scope.passages]
    together = [(passage, places) for passage, places in found if all(places)]
    windows = [(*window, passage) for passage, places in together if (window := closest(places))]
    too_wide = [window for window in windows if window[0] > _allowed(leaf)]
    if too_wide:
        return _too_far(leaf, *min(too_wide, key=lambda window: window[0]))
    if together:
        there = field_name(together[0][0].field)
        return Shortfall(_APART + 1, f"{_subject(leaf)} are in the {there}, but not together")
    return Shortfall(_ELSEWHERE, f"{_subject(leaf)} are there, but not in one and the same text")


def _allowed(leaf: Leaf) -> int:
    return leaf.distance if isinstance(leaf, Near) else -1  # of a phrase not even 0 will do: its order counts


def _too_far(leaf: Leaf, between: int, window: list[Span], passage: Passage) -> Shortfall:
    where = f"in the {field_name(passage.field)}"
    if isinstance(leaf, Near):
        allowed = f"~{leaf.distance}" if leaf.written.endswith(f"~{leaf.distance}") else f"NEAR/{leaf.distance}"
        apart = f"{between} word{'s' * (between != 1)} apart"
        there, advice = f"{_subject(leaf)} are {apart} {where}; {allowed} allows {leaf.distance}", ""
    else:
        order = "in another order" if between == 0 else "not side by side"
        there, advice = f"{_subject(leaf)} stand {where}, but {order}", _with_a_tilde(leaf, max(between, 1))
    distance = _APART + 1 - 1 / (between - _allowed(leaf))
    return Shortfall(distance, there, marked(passage, window), advice, finds="them")


def _with_a_tilde(leaf: Leaf, words_between: int) -> str:
    """Return what to write, if it is a phrase in quotes, each word of which stands by itself."""
    if words_between > _WORTH_A_TILDE or len(leaf.written.split()) != len(_parts(leaf)):
        return ""
    return f"; {leaf.written}~{words_between}"


def _subject(leaf: Leaf) -> str:
    if isinstance(leaf, Near) and len(leaf.parts) <= _NAMED:
        return joined(list(map(as_written, leaf.parts)), "and")
    return f"the words of {as_written(leaf)}"


# --- what is shown ---


def _text(passage: Passage, place: Span) -> str:
    start, end = passage.offsets(*place)
    return passage.text[start:end]


def _snippet(passage: Passage, place: Span) -> str:
    return evidence(passage, [(*place, "")]).snippet


_KINDS = (  # of equally near ones the first is told
    _spelled_otherwise,
    _in_another_field,
    _before_a_star,
    _in_another_form,
    _inside_a_word,
    _apart,
    _in_part,
    _absent,
)
