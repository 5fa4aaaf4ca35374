"""What changed between two watchlists, in words. Pure."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from crawler.watchlist import Watchlist

FEW = 3  # names a list; a person who changed more knows which


class Named(Protocol):
    """An outlet, topic or channel."""

    @property
    def name(self) -> str: ...


def differences(before: Watchlist, after: Watchlist) -> str:
    """Return for example `outlets: 2 added (A, B), 1 removed (C); topics: 1 changed (D)`; "" when they say the same."""
    kinds = (
        ("outlets", before.outlets, after.outlets),
        ("topics", before.topics, after.topics),
        ("channels", before.channels, after.channels),
    )
    return "; ".join(f"{kind}: {told}" for kind, old, new in kinds if (told := ", ".join(_differences(old, new))))


def warning(before: Watchlist, after: Watchlist) -> str:
    """Say what an edit does that its author may not have meant, "" where it does nothing of the kind."""
    if before.topics and not after.topics:
        return "no topic is left, and without topics every article is published"
    return ""


def _differences(before: Sequence[Named], after: Sequence[Named]) -> Iterator[str]:
    """Who came, went and changed, by name: an entry under another name is another one."""
    old, new = {item.name: item for item in before}, {item.name: item for item in after}
    groups = {
        "added": [name for name in new if name not in old],
        "removed": [name for name in old if name not in new],
        "changed": [name for name in new if name in old and new[name] != old[name]],
    }
    for verb, names in groups.items():
        if names:
            yield f"{len(names)} {verb} ({_few(names)})"
    if not any(groups.values()) and list(old) != list(new):
        yield "in another order"


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:FEW]) + (", ..." if len(names) > FEW else "")
