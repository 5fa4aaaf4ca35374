"""The calibration set: a group in tests/data/stories/events/ has two reports of an invented event, and look-alikes."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crawler.stories import Placement, StoryIndex

EVENTS = Path(__file__).parent.parent / "data" / "stories" / "events"


@dataclass(frozen=True, slots=True)
class Text:
    """An article of the set; `name` is "GROUP/report-1" or "GROUP/look-alike-1"."""

    name: str
    headline: str
    outlet: str
    published: datetime
    body: str

    def put_into(self, index: StoryIndex, published: datetime | None = None) -> Placement:
        """Add it to an index, at its own time or another."""
        when = published or self.published
        return index.add(self.name, headline=self.headline, body=self.body, published=when, outlet=self.outlet)


def read(file: Path) -> Text:
    """Read an article with `name: value` lines between two lines of dashes."""
    _, front, body = file.read_text("utf-8").split("---\n", 2)
    fields = dict(line.split(": ", 1) for line in front.splitlines())
    published = datetime.fromisoformat(fields["published"])
    return Text(f"{file.parent.name}/{file.stem}", fields["headline"], fields["outlet"], published, body.strip())


def reports(group: str) -> list[Text]:
    """Return the reports of a group's event."""
    return [read(file) for file in sorted((EVENTS / group).glob("report-*.md"))]


def look_alikes(group: str) -> list[Text]:
    """Return the events that are easily taken for it."""
    return [read(file) for file in sorted((EVENTS / group).glob("look-alike-*.md"))]


GROUPS = sorted(folder.name for folder in EVENTS.iterdir())
EVERYTHING = [text for group in GROUPS for text in [*reports(group), *look_alikes(group)]]
