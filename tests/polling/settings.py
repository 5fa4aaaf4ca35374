"""The settings of the crawl that is played with: those of every user, but for what follows."""

from crawler.extensions import hands
from settings.local import *  # noqa: F403  # a profile is the base plus what differs

RECHECK_AFTER = []  # articles are not looked at again: these tests are about sources
DESK = "off"

# The clock jumps ahead while the crawl naps; it should see at once that it did.
hands.LONGEST_NAP_S = 0.005
