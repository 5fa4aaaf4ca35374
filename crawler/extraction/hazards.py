"""Pages that cost their square: an account of what the parser would spend, before it spends it.

*Requirements.* No page costs the parser, or whoever walks its tree, more than 2 s or 300 MB; every page that can be
read for less is. On real pages the question itself costs little: 0.3 to 0.4 ms on the average of 801 (206,000
characters), most of it to look for "<" twice.

*Theory of operation.* Where HTML's rules for building the tree (WHATWG HTML, 13.2.6) look something up, Lexbor walks a
list, and hostile markup makes the lists long. Measured with selectolax 1.0.2:

    open elements           each block-level start tag and each unmatched end tag:  100,000 nested <div> take 29 s
    the same, for <b>       eight times for each end tag that comes too early:      8,000 of each take 1.5 s
    formatting elements     what a block leaves unclosed is made again in the next: 45 kB of <b id=1><b id=2>... and <p>
                                                                                    make 6 million elements, 2.1 GB
    attributes of one tag   each new one, among those before it:                    100,000 take 19 s
    those of <html>, <body> all such tags of a page add to one element:             20,000 take 0.8 s
    options of a <select>   each new one, among those before it:                    8,000 take 0.2 s

A page with few tags, few of them formatting, none of them long, cannot do any of this. The others, 1 % of those 801,
are played through (1.6 us a tag): a tokenizer by the standard's rules, and of the tree its open elements alone. `steps`
counts what is looked at, some 2.5 ns each; `nodes` counts what is made, which costs memory and every later walk.

*Known exceptions.* The account is an estimate. CDATA in SVG, scripts within comments within scripts, and table cells'
own lists of formatting elements are not played; whoever writes a page against this very account spends its square, and
the reading process' bounds end that (crawler/reading).
"""

import re
from collections import Counter, defaultdict

from crawler.news.errors import ExtractionError

# 801 real pages: at most 19,629 "<" (99 % under 7,140), 10,106 elements, 138 deep, 59 attributes, 4 formatting elements
# without an end. Played through, all of them, 0.26 million steps and 13,600 nodes are the most.
MOST_STEPS = 20_000_000  # 6,300 nested elements
# A list of 100,000 links has them; so has a page of 175,000 paragraphs: 1 s and 110 MB for its tree and its layout.
MOST_NODES = 350_000

# What a page cannot be costly without. So many tags, whatever they are but formatting, take 0.8 s at most.
_MANY_TAGS = 12_000
_FEW_TAGS = 1_180  # half of them formatting, half of them blocks: 350,000 elements
_LONG_PAGE = 1_500_000  # characters: there are 500,000 attributes in them at most, 55 MB
_WINDOW = 2_000
_MANY_ROOTS = 20  # <html> and <body>; comments and scripts that mention them make 7 on real pages
_MOST_ALIKE = 3  # formatting elements with equal attributes that the standard makes again ("Noah's Ark")


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FORMATTING = _names("a b big code em font i nobr s small strike strong tt u")
_ALONE = _names("a nobr")  # a second one closes the first
_ROOTS = _names("html body")
_OPTIONS = _names("select option")
_CHILDLESS = _names(
    "area base bgsound br col embed frame hr img input keygen link meta param source track wbr "
    "script style textarea title xmp iframe noembed noframes"
)
_BLOCKS = _names(
    "address article aside blockquote center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 "
    "h2 h3 h4 h5 h6 header hgroup li listing main menu nav ol p pre search section summary table ul"
)
_MADE_BY_THEIR_END = _names("p br")  # </p> without <p> is an empty paragraph
_TABLE = _names("table caption thead tbody tfoot tr td th")
_BARRIERS = _names("table caption td th template marquee object applet")  # an end tag reaches no further,
_TABLE_BARRIERS = _names("table template")  # one of a table's parts no further than here
_CLOSED_BY = dict.fromkeys(_BLOCKS, _names("p")) | {
    "li": _names("p li"),
    "dd": _names("p dd dt"),
    "dt": _names("p dd dt"),
    "option": _names("option"),
    "optgroup": _names("option optgroup"),
    "td": _names("p td th"),
    "th": _names("p td th"),
    "tr": _names("p td th tr"),
    "tbody": _names("p td th tr tbody thead tfoot"),
}

# By the standard's tokenizer. Every part takes what it can and gives nothing back, and the end of the page ends
# everything, so that no character is looked at in vain.
_ATTRIBUTE = r"""[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^\s>]*+))?+"""
_RAW = r"(?i:(script|style|textarea|title|xmp|iframe|noembed|noframes)(?=[\s/>]))"
_TOKEN = re.compile(
    rf"<(?:{_RAW}|(/?)([a-zA-Z][^\s/>]*+))((?:[\s/]++|{_ATTRIBUTE})*+)(?:>|\Z)"
    r"(?(1)(?:[^<]++|<(?!/(?i:\1)))*+)"  # and the text in it, whatever that looks like
    r"|<!--(?:-?>|[\s\S]*?(?:--!?>|\Z))"
    r"|<(?:[!?]|/(?![a-zA-Z]))[^>]*+"
)
_START = re.compile(rf"</?[a-zA-Z][^\s/>]*+(?P<attributes>(?:[\s/]++|{_ATTRIBUTE})*+)")
_ATTRIBUTES = re.compile(_ATTRIBUTE)
_FORMATTING_TAG = re.compile(  # and those of the roots; the first letter is looked at alone because that is fast
    r"<(?=[bcefhistuBCEFHISTU])(?i:b|big|body|code|em|font|html|i|s|small|strike|strong|tt|u)"
    rf"(?=[\s/>])(?:[\s/]++|{_ATTRIBUTE})*+"
)


def refuse_costly(text: str) -> None:
    """Refuse a page that would cost seconds or hundreds of megabytes to parse and to walk.

    Raises:
        ExtractionError: "too-complex".
    """
    if _may_be_costly(text):
        _play(text)


def _may_be_costly(text: str) -> bool:
    """Tell whether a page has what it takes."""
    tags = text.count("<")
    if tags > _MANY_TAGS or len(text) > _LONG_PAGE:
        return True
    if tags < _FEW_TAGS:
        return _steps_of_long_tags(text) > MOST_STEPS
    found = Counter(_FORMATTING_TAG.findall(text))
    roots = sum(number for tag, number in found.items() if tag[1:5].lower() in _ROOTS)
    formatting = sum(min(number, _MOST_ALIKE) for number in found.values())
    return roots > _MANY_ROOTS or formatting * tags > MOST_NODES or _steps_of_long_tags(text) > MOST_STEPS


def _steps_of_long_tags(text: str) -> int:
    """Return what the attributes of tags that are over 4,000 characters long take, and of some that are shorter.

    In such a tag lies a whole window without any "<", unless its values hold some. To look for those takes 0.03 ms, as
    most windows need but one leap; to look at every tag, 0.4 ms.
    """
    steps = seen = 0
    for window in range(0, len(text), _WINDOW):
        if window >= seen and text.find("<", window, window + _WINDOW) < 0:
            tag = _START.match(text, max(text.rfind("<", 0, window), 0))
            steps += _attribute_steps(tag["attributes"]) if tag and len(tag[0]) > _WINDOW else 0
            following = text.find("<", window)
            seen = following if following >= 0 else len(text)
    return steps


def _attribute_steps(attributes: str) -> int:
    return len(_ATTRIBUTES.findall(attributes)) ** 2 // 2


def _play(text: str) -> None:
    account = _Account()
    for token in _TOKEN.finditer(text):
        raw, slash, name, attributes = token.groups("")
        if slash:
            account.end(name.lower(), attributes)
        else:
            account.start((raw or name).lower(), attributes)
        if account.steps > MOST_STEPS or account.nodes > MOST_NODES:
            raise ExtractionError(
                "too-complex",
                f"the page would take seconds to read: by character {token.end():,} of {len(text):,} there are "
                f"{account.nodes:,.0f} elements, {len(account.open):,} of them open, {account.lingering:,} tags of "
                "formatting without an end. Announce another page instead, or leave this link out.",
            )


class _Account:
    """What the parser has in its lists, and what it has spent.

    Attributes:
        steps: entries of its lists that it looked at.
        nodes: elements that it made; a block counts twice, for its place in the layout, an attribute a third.
        open: names of the open elements, the innermost last.
        lingering: formatting elements that no end tag ended: the next block makes each of them again.
    """

    __slots__ = ("_formatting", "_options", "_roots", "_times", "lingering", "nodes", "open", "steps")

    def __init__(self) -> None:
        self.steps = self.lingering = 0
        self.nodes = 0.0
        self.open: list[str] = []
        self._times: Counter[str] = Counter()  # open, by name
        self._formatting: dict[str, list[str]] = defaultdict(list)  # attributes of the lingering, by name
        self._options = 0  # of the last <select>
        self._roots = 0  # attributes of <html> and <body>

    def start(self, name: str, attributes: str) -> None:
        """Play a start tag, or a comment, which has no name."""
        self.nodes += 1
        if attributes:
            self._add_attributes(name, attributes)
        if name in _BLOCKS:
            self.steps += len(self.open)
            self.nodes += 1 + self.lingering
        elif name in _TABLE:
            self.nodes += 1
        elif name in _FORMATTING:
            self._add_formatting(name, attributes)
        elif name in _OPTIONS:
            self._options = 0 if name == "select" else self._options + 1
            self.steps += 3 * self._options
        if name and name not in _CHILDLESS and not (attributes.endswith("/") and self._in_drawing(name)):
            self._open(name)

    def end(self, name: str, attributes: str) -> None:
        """Play an end tag."""
        if attributes:
            self.steps += _attribute_steps(attributes)
        if self.open and self.open[-1] == name:
            self._close_last()
        elif name in _FORMATTING:
            self.steps += 8 * len(self.open)
            self._take_out(name)
        else:
            self._close(name)
        if name in _FORMATTING and self._formatting[name]:
            self._formatting[name].pop()
            self.lingering -= 1

    def _add_attributes(self, name: str, attributes: str) -> None:
        number = len(_ATTRIBUTES.findall(attributes))
        self.nodes += number / 3
        if name in _ROOTS:
            self._roots += number
            self.steps += number * self._roots
        else:
            self.steps += number * number // 2

    def _add_formatting(self, name: str, attributes: str) -> None:
        alike = self._formatting[name]
        self.steps += 4 * self.lingering
        if (alike.count(attributes) < _MOST_ALIKE) if name not in _ALONE else not alike:
            alike.append(attributes)
            self.lingering += 1

    def _in_drawing(self, name: str) -> bool:
        """In SVG and MathML, <path/> ends itself."""
        return name not in _BLOCKS and (self._times["svg"] > 0 or self._times["math"] > 0)

    def _open(self, name: str) -> None:
        closed = _CLOSED_BY.get(name, frozenset())
        while self.open and self.open[-1] in closed:
            self._close_last()
        self.open.append(name)
        self._times[name] += 1

    def _close_last(self) -> None:
        self._times[self.open.pop()] -= 1

    def _close(self, name: str) -> None:
        """Close the innermost of this name, and all in it, which may leave formatting to be made again."""
        if name in _CHILDLESS and name not in _MADE_BY_THEIR_END:
            return
        self.steps += len(self.open)
        if not self._times[name]:
            self.nodes += 2 if name in _MADE_BY_THEIR_END else 0
            return
        barriers = _TABLE_BARRIERS if name in _TABLE else _BARRIERS
        for index in range(len(self.open) - 1, -1, -1):
            if self.open[index] == name:
                self.nodes += self.lingering
                while len(self.open) > index:
                    self._close_last()
                return
            if self.open[index] in barriers:
                return

    def _take_out(self, name: str) -> None:
        """End a formatting element before the elements in it, which stay open. (Which one is all the same to us.)"""
        if self._times[name]:
            self.open.remove(name)
            self._times[name] -= 1
