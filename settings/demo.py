"""For `make demo`: seconds for minutes, against the newsroom on this machine."""

import os
from pathlib import Path

from settings.base import *  # noqa: F403  # a profile is the base plus what differs
from settings.base import ROOT

WATCHLIST = os.environ.get("WATCHLIST", str(ROOT / "crawler" / "newsroom" / "watchlist"))
STATE_DIR = Path(os.environ.get("STATE_DIR", ROOT / ".storywatch-demo"))
LOOK_AT_WATCHLIST = "1s"
HOST_GAP = "0s"
POLL_EVERY = "5s"
LONGEST_POLL = "5s"
SHORTEST_POLL = "1s"
RETRY_AFTER = "1s"
ALERT_AFTER = "3s"
RECHECK_AFTER = ["5s", "10s", "20s"]
DOWNLOAD_TIMEOUT = 20  # a first start of Chromium on a busy machine takes some
