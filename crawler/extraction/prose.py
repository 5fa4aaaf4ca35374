"""How much of an article a block of text may be, and which blocks stand together.

*Theory of operation.* Prose is what sentences are made of: a line of fifteen words, or of eight that ends like a
sentence, and that is not a link. A *group* is the lines that stand directly in one container, whatever paragraphs,
lists and tables they are set in. Articles are groups with much prose; menus, teasers and forms are not.
"""

from dataclasses import dataclass, field

from crawler.extraction.layout import Block, Box, Layout
from crawler.extraction.text import UNSPACED

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# Elements that set text. Whatever holds them is the container.
_SETTINGS = HEADINGS.union(
    ("p", "li", "blockquote", "pre", "td", "th", "dd", "dt", "figcaption"),
    ("tr", "tbody", "thead", "ul", "ol", "table", "dl", "figure"),
)
_CLOSES = "\"”»“’')]」"
_STOPS = frozenset(".!?…。！？।؟")
_ENDS = _STOPS.union(_CLOSES, ":;")
_SENTENCE_WORDS, _LONG_LINE_WORDS = 8, 15
_LINK_SHARE = 0.5
_IN_LIST = 0.5  # what a line in a list counts beside a paragraph: lists are what teasers stand in


@dataclass(slots=True, eq=False)
class Line:
    """A block with its measures.

    Attributes:
        home: the container that it stands in.
        linked: the share of it that is links, 0 to 1.
        prose: its words if it is prose, else 0.
    """

    block: Block
    home: Box
    words: int
    linked: float
    prose: int

    @property
    def is_sentence(self) -> bool:
        """Return whether it ends as sentences do."""
        return self.block.text.rstrip(_CLOSES)[-1:] in _STOPS


@dataclass(slots=True, eq=False)
class Group:
    """The lines directly in one container, by their places in the page.

    Attributes:
        words, linked, prose: sums over its lines; `linked` in words.
        sentences: how many of its lines are prose.
        weight: its prose, that in lists at half.
    """

    box: Box
    places: list[int] = field(default_factory=list)
    words: int = 0
    linked: float = 0.0
    prose: int = 0
    sentences: int = 0
    weight: float = 0.0


def measure(layout: Layout) -> list[Line]:
    """Return the page's lines, one a block."""
    homes: dict[Box, Box] = {}
    return [_measured(block, container(block.box, homes)) for block in layout.blocks]


def group(lines: list[Line]) -> dict[Box, Group]:
    """Return the groups of a page by their container, in page order."""
    groups: dict[Box, Group] = {}
    for place, line in enumerate(lines):
        box = line.home
        found = groups.get(box)
        if found is None:
            found = groups[box] = Group(box)
        found.places.append(place)
        found.words += line.words
        found.linked += line.words * line.linked
        if line.prose:
            found.prose += line.prose
            found.sentences += 1
            found.weight += line.prose * (_IN_LIST if _is_in_list(line.block.box) else 1.0)
    return groups


def container(box: Box, known: dict[Box, Box] | None = None) -> Box:
    """Return the box that holds a paragraph, list or table; a box that is none of these holds itself.

    Args:
        known: what was found for others. Lists in lists in lists cost the square of their depth without.
    """
    if box.tag not in _SETTINGS:
        return box
    known = {} if known is None else known
    passed = []
    while box not in known and box.tag in _SETTINGS and box.parent is not None:
        passed.append(box)
        box = box.parent
    home = known.get(box, box)
    known.update(dict.fromkeys(passed, home))
    return home


def count(text: str) -> int:
    """Return about how many words a text has."""
    words = len(text.split())
    if not text.isascii() and UNSPACED.search(text):
        words += len(UNSPACED.findall(text)) // 2
    return words


def _measured(block: Block, home: Box) -> Line:
    text = block.text
    words = count(text)
    linked = min(1.0, block.linked / len(text))
    long_enough = words >= _LONG_LINE_WORDS or (words >= _SENTENCE_WORDS and text[-1] in _ENDS)
    return Line(block, home, words, linked, words if long_enough and linked < _LINK_SHARE else 0)


def _is_in_list(box: Box) -> bool:
    return box.tag == "li" or (box.parent is not None and box.parent.tag == "li")
