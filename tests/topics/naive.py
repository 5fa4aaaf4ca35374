"""Topics the slow way, for the tests: no parser, no index, no positions; every word tried at every place."""

import itertools
from collections.abc import Sequence

from crawler.news.topic import Topic
from crawler.topics.stems import stem_key
from crawler.topics.text import fold, spelling, words
from crawler.topics.tree import And, Field, Near, Node, Not, Or, Phrase, Word

PROSE = ("headline", "description", "body")
Article = list[tuple[str, str]]  # field and text; several texts of one field stand apart
Place = tuple[int, int]
SAME_LANGUAGE = {"nb": "no", "nn": "no", "iw": "he"}
NO_LANGUAGE = ("und", "mul", "zxx")


def render(node: Node) -> str:
    """Return the query that a person would write for this tree."""
    match node:
        case Word(term, prefix, exact):
            return f"={exact}" if exact else f"{term}*" if prefix else term
        case Phrase(parts):
            return f'"{" ".join(map(render, parts))}"'
        case Near((one, other), distance):
            return f"({render(one)} NEAR/{distance} {render(other)})"
        case Near(parts, distance):
            return f'"{" ".join(map(render, parts))}"~{distance}'
        case And(children):
            return f"({' '.join(map(render, children))})"
        case Or(children):
            return f"({' OR '.join(map(render, children))})"
        case Not(child):
            return f"NOT {render(child)}"
        case Field(name, child):
            return f"{name}:({render(child)})"


def meets(topic: Topic, trees: dict[str, Node], article: Article) -> bool:
    """Tell whether the article meets the topic.

    Args:
        trees: of the topic's query by language; "" for all languages.
    """
    said = [text for field, text in article if field == "lang" and text not in NO_LANGUAGE]
    for language, tree in trees.items():
        spoken_by = [language] if language else topic.languages
        inflect = [one for one in topic.inflect if speaks([one], said) and (not language or one == language)]
        if speaks(spoken_by, said) and holds(tree, article, PROSE, inflect):
            return True
    return False


def speaks(wanted: Sequence[str], said: Sequence[str]) -> bool:
    """Tell whether a query for these languages (none: all) is for an article in these (none: unknown)."""
    return not wanted or not said or any(_covers(other, one) or _covers(one, other) for one in said for other in wanted)


def _covers(language: str, region: str) -> bool:
    wanted, said = _subtags(language), _subtags(region)
    return said[: len(wanted)] == wanted


def _subtags(language: str) -> list[str]:
    first, *others = language.lower().split("-")
    return [SAME_LANGUAGE.get(first, first), *others]


def holds(node: Node, article: Article, fields: Sequence[str], inflect: Sequence[str] = ()) -> bool:
    """Tell whether these fields of the article meet the node."""
    match node:
        case And(children):
            return all(holds(child, article, fields, inflect) for child in children)
        case Or(children):
            return any(holds(child, article, fields, inflect) for child in children)
        case Not(child):
            return not holds(child, article, fields, inflect)
        case Field(name, child):
            return holds(child, article, (name,), inflect if name in PROSE else ())
        case _:
            return any(_stands(node, field, text, inflect) for field, text in article if field in fields)


def _stands(node: Node, field: str, text: str, inflect: Sequence[str]) -> bool:
    if field == "lang":
        return isinstance(node, Word) and text not in NO_LANGUAGE and speaks([node.term], [text])
    found = places(node, words(text), inflect)
    if field != "tag":
        return bool(found)
    open_end = isinstance(node, Word) and node.prefix
    return any(start == 0 and (end == len(words(text)) or open_end) for start, end in found)


def places(node: Node, text: list[str], inflect: Sequence[str] = ()) -> set[Place]:
    """Return where the node stands in the words of one text, by trying every choice of places."""
    match node:
        case Word():
            return {(at, at + 1) for at, word in enumerate(text) if _is(node, word, inflect)}
        case Phrase(parts):
            starts = [{start - i for start, _ in places(part, text, inflect)} for i, part in enumerate(parts)]
            return {(start, start + len(parts)) for start in set.intersection(*starts)}
        case Or(children):
            return {place for child in children for place in places(child, text, inflect)}
        case Near(parts, distance):
            choices = itertools.product(*(places(part, text, inflect) for part in parts))
            return {place for choice in choices if 0 <= _gap(choice) <= distance for place in choice}
        case _:
            raise AssertionError(node)


def _is(sought: Word, word: str, inflect: Sequence[str]) -> bool:
    if sought.exact:
        return spelling(word) == sought.exact
    if sought.prefix:
        return fold(word).startswith(sought.term)
    stems = {stem for one in inflect for stem in (stem_key(one, sought.term), f"{one}:{sought.term}")}
    return fold(word) == sought.term or any(stem_key(one, word) in stems for one in inflect)


def _gap(choice: tuple[Place, ...]) -> int:
    """Return how many words stand between; -1 if two places share one."""
    taken = [position for place in choice for position in range(*place)]
    return max(taken) + 1 - min(taken) - len(taken) if len(set(taken)) == len(taken) else -1
