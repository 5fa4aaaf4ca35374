"""How an entry ends: in exactly one outcome, with a reason where it is not plain."""

from dataclasses import dataclass
from typing import Literal

OutcomeKind = Literal["published", "unmatched", "unchanged", "rejected", "dead"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Attributes:
    kind: published, unmatched, unchanged, rejected (for good, by a rule) or dead (given up; kept for replay).
    reason: a short, stable name for rejected and dead, counted under it; "" otherwise.
    detail: the same in words, for a person.
    """

    kind: OutcomeKind
    reason: str = ""
    detail: str = ""

    @property
    def name(self) -> str:
        """As counted: "published", "rejected:no-text"."""
        return f"{self.kind}:{self.reason}" if self.reason else self.kind
