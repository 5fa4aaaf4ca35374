"""Reading what the network sent, in a process of its own: a page that crashes or hangs a parser takes no worker along.

tasks     PURE  what there is to read: a page, a feed, a sitemap, a section page, a home page
reader    the worker's side: sends a task and its bytes, and awaits what was read
process   the other side: reads one body after the other, within bounds that the kernel keeps
wire      the frames that go between the two
"""

from crawler.reading.reader import Reader
from crawler.reading.tasks import ReadFeed, ReadPage, ReadSection, ReadSite, ReadSitemap, Task

__all__ = ["ReadFeed", "ReadPage", "ReadSection", "ReadSite", "ReadSitemap", "Reader", "Task"]
