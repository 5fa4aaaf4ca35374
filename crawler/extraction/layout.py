"""One walk through a parsed page: its blocks of text in reading order, and the boxes that they stand in.

*Theory of operation.* A *block* is a run of text without a block-level element in it: a paragraph, a heading, a list
item, or the loose text of a <div>. Two <br> in a row part blocks, too: whole sites write their paragraphs so. A *box*
is a block-level element; it knows its parent and which blocks it holds. What an element is, its tag tells, never a
style sheet: we read none.
    Navigation, and the foot of a page, are a block each, whatever stands in them: a third of all elements does, and it
is never news.

The walk is a loop with a trail, not a recursion: pages nest as deep as they like. It is the hottest loop of the project
(850 elements and as many texts in an average news page), so it creates nothing that nobody may ask for.

*Known exceptions.* Text that a script or a style sheet shows or hides is taken as the markup has it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from crawler.extraction.text import one_line

_BOX, _INLINE, _LINK, _STRONG, _BREAK, _HIDDEN, _FRAME = range(7)


def _kind(kind: int, tags: str) -> dict[str, int]:
    return dict.fromkeys(tags.split(), kind)


# Elements that are not listed, unknown ones too, are boxes.
_KINDS = (
    _kind(
        _INLINE,
        "abbr acronym bdi bdo big cite code data del dfn font ins kbd label mark nobr o:p q rb rp rt ruby s samp small "
        "span strike sub sup time tt u var wbr",
    )
    | _kind(
        _HIDDEN,
        "head script style noscript template svg math iframe object embed canvas audio video select option textarea "
        "button title meta link base map area picture source track param input datalist progress img amp-img",
    )
    | _kind(_STRONG, "b strong em i")
    | {"a": _LINK, "br": _BREAK, "html": _FRAME}
)
_FAR = 150  # up the tree; the deepest of 801 real pages nests 138
_BREAK_MARK = "\x1e"  # stands for <br> while a run of text is in hand
_PARTING = re.compile(r"\x1e\s*\x1e[\s\x1e]*")


class Box:
    """A block-level element.

    Attributes:
        depth: elements around it.
        start, end: its blocks are `layout.blocks[start:end]`.
    """

    __slots__ = ("_attributes", "depth", "end", "node", "parent", "start", "tag")

    def __init__(self, node: LexborNode, tag: str, parent: "Box | None", depth: int, start: int) -> None:
        self.node = node
        self.tag = tag
        self.parent = parent
        self.depth = depth
        self.start = self.end = start
        self._attributes: dict[str, str | None] | None = None  # of most boxes nobody asks for them

    @property
    def attributes(self) -> dict[str, str | None]:
        """Return its attributes as they stand in the markup, names in lower case."""
        if self._attributes is None:
            self._attributes = self.node.attributes
        return self._attributes

    @property
    def names(self) -> str:
        """Return its class and id, "" without any."""
        attributes = self.attributes
        return f"{attributes.get('class') or ''} {attributes.get('id') or ''}".strip() if attributes else ""


@dataclass(slots=True, eq=False)
class Block:
    """A run of text.

    Attributes:
        text: on one line, never empty.
        box: the innermost box around it.
        linked, strong: how many of its characters, about, are links; are bold or italic.
    """

    text: str
    box: Box
    linked: int
    strong: int


@dataclass(slots=True)
class Layout:
    """Blocks and boxes in page order; the first box is <body>."""

    blocks: list[Block] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)


def upwards(box: Box | None) -> Iterator[Box]:
    """Yield a box and all around it, from the inside out."""
    while box is not None:
        yield box
        box = box.parent


def lay_out(root: LexborNode) -> Layout:
    """Return the layout of an element: of a page, its <html>."""
    layout = Layout()
    boxes, run = layout.boxes, _Run(layout.blocks)
    pieces = run.pieces
    box: Box | None = None
    trail: list[tuple[LexborNode, int]] = []  # the open elements, the innermost last
    node = root
    while True:
        tag = node.tag
        if tag == "-text":
            text = node.text_content or ""
            if not text.isspace():
                pieces.append(text)
                if run.links or run.strongs:
                    run.weigh(text)
            elif pieces:
                pieces.append(" ")
        elif tag is not None and tag[0] != "-":  # neither a processing instruction nor a comment
            kind = _KINDS.get(tag, _BOX)
            below = node.first_child if kind != _HIDDEN else None
            if kind == _BOX:
                if pieces:
                    run.end(box)
                box = Box(node, tag, box, len(trail), len(layout.blocks))
                boxes.append(box)
                if (tag == "nav" and _is_menu(node)) or (tag == "footer" and _ends_page(box)):
                    run.take_whole(box)
                    below = None
            elif kind != _INLINE:
                run.enter(kind)
            if below is not None:
                trail.append((node, kind))
                node = below
                continue
            if kind == _BOX:
                box = box.parent if box is not None else None
            elif kind != _INLINE:
                run.leave(kind)
        following = node.next
        while following is None and trail:
            node, kind = trail.pop()
            if kind == _BOX and box is not None:
                if pieces:
                    run.end(box)
                box.end = len(layout.blocks)
                box = box.parent
            elif kind != _INLINE:
                run.leave(kind)
            following = node.next
        if following is None or not trail:
            return layout
        node = following


def _is_menu(nav: LexborNode) -> bool:
    """Return whether a <nav> is one; where its end is missing, the article is in it."""
    return nav.css_first("p, article, main") is None


def _ends_page(footer: Box) -> bool:
    """Return whether a <footer> is the page's, and not an article's or a quotation's."""
    outer = footer.parent
    for _ in range(_FAR):
        if outer is None or outer.tag in ("article", "main", "blockquote"):
            break
        outer = outer.parent
    return outer is None and footer.node.css_first("article, main") is None


class _Run:
    """The text in hand until a box begins or ends.

    Attributes:
        links, strongs: how many such elements are open.
    """

    __slots__ = ("_blocks", "_linked", "_strong", "links", "pieces", "strongs")

    def __init__(self, blocks: list[Block]) -> None:
        self._blocks = blocks
        self.pieces: list[str] = []
        self.links = self.strongs = 0
        self._linked = self._strong = 0  # characters in them

    def weigh(self, text: str) -> None:
        """Count a text that stands in a link or in bold."""
        if self.links:
            self._linked += len(text)
        if self.strongs:
            self._strong += len(text)

    def enter(self, kind: int) -> None:
        if kind == _LINK:
            self.links += 1
        elif kind == _STRONG:
            self.strongs += 1
        elif kind == _BREAK:
            self.pieces.append(_BREAK_MARK)

    def leave(self, kind: int) -> None:
        if kind == _LINK:
            self.links -= 1
        elif kind == _STRONG:
            self.strongs -= 1

    def take_whole(self, box: Box) -> None:
        """Make one block of all that stands in a box, every word of it a link."""
        line = one_line(box.node.text(separator=" "))
        if line:
            self._blocks.append(Block(line, box, len(line), 0))
            box.end += 1

    def end(self, box: Box | None) -> None:
        """Make blocks of the text in hand."""
        text = "".join(self.pieces)
        self.pieces.clear()
        parts = _PARTING.split(text) if _BREAK_MARK in text else (text,)
        for part in parts:
            line = one_line(part)
            if line and box is not None:
                share = len(part) / len(text)
                self._blocks.append(Block(line, box, int(self._linked * share), int(self._strong * share)))
        self._linked = self._strong = 0
