"""Same event? Copy of whom? What changed? Pure."""

from crawler.stories.index import StoryIndex
from crawler.stories.placement import Evidence, Kind, Placement

__all__ = ["Evidence", "Kind", "Placement", "StoryIndex"]
