"""How an alert reads on a phone.

*Requirements.* Plain text: the same words go to a chat, a mail, a text message and a terminal. The most important comes
first, as some channels cut the end off. What outlets write is harmless here, whatever it is: it breaks no line, hides
nothing, turns no text around and rings nobody's telephone.

*Theory of operation.* Four blocks with an empty line between: what is new (of a follow-up), why, who, links. The sample
that the tests hold this module to:

    Update: Grid repairs under way in Caracas

    Now reported by Harbour Post, too.

    Russia and Venezuela: Engineers from «Russia» arrived in «Venezuela» on Monday to mend the grid.

    First: Meridian Wire, 2031-03-14 09:26 UTC
    Reported by 2 outlets: Meridian Wire, Harbour Post
    1 copy: The Daily Ledger (of Meridian Wire)

    Meridian Wire: https://meridian-wire.example/world/grid
    Harbour Post: https://harbour-post.example/2031/caracas-grid
    The Daily Ledger: https://daily-ledger.example/news/4711

*Known exceptions.* `@everyone` and Slack's `<!channel>` are told apart by a zero-width space (U+200B) after the first
character: readers see the headline as it was written, chats see no mention. Links stay byte for byte as they are.
Marks that only set the direction of writing go with the other invisible characters; the letters keep theirs.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from crawler.news.alert import Alert, Report

TITLE_LENGTH = 200  # Apprise's services take 250 characters, some of them fewer (ntfy: 200)
_SENTENCE_LENGTH = 400  # a snippet has about 160 characters
_NAME_LENGTH = 80
_TOPICS, _OUTLETS, _LINKS = 3, 6, 6  # about as much as a phone shows without scrolling

_JOINERS = "\u200c\u200d"  # between letters of Persian and Hindi, and within emoji: the only invisible ones that matter
_MENTION = re.compile(r"(?<!\w)@(?=\w)|<(?=[!@#])")


@dataclass(frozen=True, slots=True)
class Message:
    """What a channel shows: `title` is one line of at most TITLE_LENGTH characters, `text` many."""

    title: str
    text: str


def message_of(alert: Alert) -> Message:
    """Return the words for an alert."""
    blocks = (_news(alert), _why(alert), _who(alert), _links(alert))
    return Message(_title(alert), "\n\n".join("\n".join(block) for block in blocks if block))


def _title(alert: Alert) -> str:
    mark = "" if alert.kind == "story" else "Update: "
    return _line(mark + (_line(alert.headline, TITLE_LENGTH) or "(no headline)"), TITLE_LENGTH)


def _news(alert: Alert) -> list[str]:
    return [_line(alert.news, _SENTENCE_LENGTH)] if alert.news else []


def _why(alert: Alert) -> list[str]:
    lines = [f"{_name(why.topic)}: {_line(why.snippet, _SENTENCE_LENGTH)}" for why in alert.topics]
    return _some(lines, _TOPICS)


def _who(alert: Alert) -> list[str]:
    """Return who had it first, who reports it independently, and who copied."""
    lines = [f"First: {_name(report.outlet)}, {_time(report.time)}" for report in _articles(alert)[:1]]
    outlets = list(dict.fromkeys(_name(report.outlet) for report in alert.reports))
    if outlets:
        lines.append(f"Reported by {_count(len(outlets), 'outlet', 'outlets')}: {_listed(outlets)}")
    if alert.copies:
        copies = [f"{_name(copy.outlet)} (of {_name(copy.copyOf or 'unknown')})" for copy in alert.copies]
        lines.append(f"{_count(len(copies), 'copy', 'copies')}: {_listed(copies)}")
    return lines


def _links(alert: Alert) -> list[str]:
    return _some([f"{_name(report.outlet)}: {report.url}" for report in _articles(alert)], _LINKS)


def _articles(alert: Alert) -> list[Report]:
    return [*alert.reports, *alert.copies]


def _time(time: datetime) -> str:
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _listed(names: Sequence[str]) -> str:
    """Return "A, B, C", or "A, B, C and 7 more"."""
    more = len(names) - _OUTLETS
    return ", ".join(names[:_OUTLETS]) + (f" and {more} more" if more > 0 else "")


def _some(lines: list[str], most: int) -> list[str]:
    """Return the lines, or so many of them and how many more there are."""
    more = len(lines) - most
    return lines if more <= 0 else [*lines[:most], f"and {more} more"]


def _name(text: str) -> str:
    return _line(text, _NAME_LENGTH)


def _line(text: str, most: int) -> str:
    """Return a text as one harmless line of at most so many characters."""
    line = " ".join("".join(map(_visible, text)).split())
    line = _MENTION.sub("\\g<0>\u200b", line)
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def _visible(character: str) -> str:
    """Return the character; "" if it is invisible, or half a surrogate pair, which no encoding can write."""
    hidden = unicodedata.category(character) in ("Cc", "Cf", "Cs")
    return "" if hidden and not character.isspace() and character not in _JOINERS else character
