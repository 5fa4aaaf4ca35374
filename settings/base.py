"""The settings that all profiles share, each with its reason. Times read "10s", "15m", "1h30m", "2d".

A profile is chosen by SCRAPY_PROJECT: local (default), production, demo. A single one is overruled with -s NAME=VALUE.
"""

import os
from pathlib import Path

from pipelines import ITEM_PIPELINES as ITEM_PIPELINES

ROOT = Path(__file__).parent.parent

BOT_NAME = "storywatch"
SPIDER_MODULES = ["crawler.spiders"]
COMMANDS_MODULE = "crawler.commands"

# -- where things are

WATCHLIST = os.environ.get("WATCHLIST", str(ROOT / "watchlist"))  # a TOML file, or a folder of them
# An edit of it counts without a restart: its files are looked at that often, and read when two looks in a row find them
# the same, so that none is read half written. "0s": never, edits wait for a restart.
LOOK_AT_WATCHLIST = "5s"
STATE_DIR = Path(os.environ.get("STATE_DIR", ROOT / ".storywatch"))  # the embedded store's data and socket
REDIS_URL = os.environ.get("REDIS_URL") or None  # None: the embedded store
EMBEDDED_STORE = True  # production refuses to fall back on it
# Replicas that must have each write before we go on from it (WAIT): then a failover to one of them loses nothing that
# was acted upon. Each write takes their round trip longer. docs/store.md says what 0 can cost.
STORE_REPLICAS = os.environ.get("STORE_REPLICAS", "0")
CHROMIUM = os.environ.get("CHROMIUM")  # the browser for outlets with `render`; None: what the system has

# -- what is published

PUBLISH_UNMATCHED = os.environ.get("PUBLISH_UNMATCHED", "0") == "1"  # also articles that meet no topic
STRICT = os.environ.get("STRICT", "0") == "1"  # any failed poll makes the exit code 1, not only when all fail
KEEP_EVENTS = "30d"  # streams are trimmed by age; a consumer that is away longer misses some
KEEP_UNMATCHED = "14d"  # text of articles that meet no topic, to try queries on (`scrapy topics test`); "0s": none
REMEMBER_ARTICLES = "30d"  # after its last change; an edit later than that looks like a new article
REMEMBER_ENTRIES = "30d"  # after no source announces it any more; then it could come back as new

# -- stories and alerts

DESK = os.environ.get("DESK", "on")  # off: this process only crawls; another one, or `scrapy desk`, makes the stories
ALERT_AFTER = "10s"  # a story's first alert waits that long for other outlets; at the end of a pass it goes at once

# -- manners

# Who we are and where to complain; an outlet that wants us away can say so in robots.txt under the first word.
PROJECT_URL = "https://github.com/storywatch/storywatch"
CONTACT = os.environ.get("CONTACT") or None  # of whoever runs this: an http(s) URL or a mailbox; not with -s
CONTACT_REQUIRED = False  # production refuses to name nobody but the project
USER_AGENT = os.environ.get("USER_AGENT") or f"Storywatch/0.1 (+{CONTACT or PROJECT_URL})"
# An article with one of these opt-outs is not kept. Known: noindex, none, noarchive, nosnippet, noai, noimageai,
# unavailable_after, tdm-reservation. All are recorded on the article (optOuts); none is obeyed by default, for most
# speak of showing pages in search results or training on them, and watching the news for a few readers is neither.
# Who mines text in the EU (Directive 2019/790, article 4), or keeps much of it: "noindex,none,noai,tdm-reservation".
OBEY_OPT_OUTS = os.environ.get("OBEY_OPT_OUTS", "")
HOST_GAP = "1s"  # rest of a host between two requests, by all workers together; a longer crawl-delay wins
POLL_EVERY = "15m"  # where the watchlist says nothing else
LONGEST_POLL = "4h"  # a source that seldom speaks is polled less often, but at least that often
# Whom a server's Retry-After holds: "host", all that we ask of it, or "source", only what it answered with that.
RETRY_AFTER_HOLDS = "host"
SHORTEST_POLL = "1m"  # the watchlist may ask for no less: nobody's news is worth more requests
ROBOTSTXT_OBEY = False  # Scrapy's own fetches it once a process, for ever; ours (middlewares/robots.py) is in the store

# -- patience

FETCH_ATTEMPTS = 5  # of one page; then it is among the dead, to be looked at and replayed
RETRY_AFTER = "15s"  # after the first failed attempt, then 2 min, 16 min, 2 h: an evening's outage loses nothing;
# an alert that its receiver does not take is tried again after that, then 1 min, 4 min, 16 min, 1 h
LEASE_DEATHS = 3  # workers that one page may take along; then it is dead, too
RECHECK_AFTER = ["1h", "4h", "1d", "3d"]  # most edits come within hours (newsdiffs, diffengine); each look is a request
LEASE = "30s"  # work of a worker that gives no sign of life returns after that; renewed every 2 s
# What is in hand at SIGTERM may finish; then it goes back. Container engines kill after 10 s.
GRACE_PERIOD = "8s"
STORE_PATIENCE = "60s"  # an outage of the store is waited out that long

# -- Scrapy

# Every connection is judged when it is dialled; an outlet's link to a file, or to another protocol, is none of ours.
DOWNLOAD_HANDLERS = {
    "http": "crawler.network.download.CheckedDownload",
    "https": "crawler.network.download.CheckedDownload",
    **dict.fromkeys(("data", "file", "ftp", "s3")),
}
CONCURRENT_REQUESTS = 32  # pieces of work in hand; never more than one a host
CONCURRENT_REQUESTS_PER_DOMAIN = 32  # ours are the slots in the store
CONCURRENT_ITEMS = 1  # a page has one article; for each response Scrapy starts as many helpers as this
DOWNLOAD_DELAY = 0
DOWNLOAD_TIMEOUT = 30
DOWNLOAD_MAXSIZE = 16 * 1024 * 1024  # the largest honest feeds have some 10 MB; a page that large is none
DOWNLOAD_WARNSIZE = 0
COOKIES_ENABLED = False  # a cookie makes requests traceable and caches useless
REFERER_ENABLED = False
REDIRECT_ENABLED = False  # ours: another host needs another slot
METAREFRESH_ENABLED = False
RETRY_ENABLED = False  # the frontier retries, so that it survives us
REMOTE_CONTROL_ENABLED = False  # on by default: a local server that executes Python
TELNETCONSOLE_ENABLED = False
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"  # the default drops the second poll of a feed
STATS_DUMP = False  # the summary is for people
LOG_LEVEL = "INFO"
LOG_FORMAT = "%(asctime)s %(levelname)s %(message)s"
LOG_DATEFORMAT = "%H:%M:%S"

# Each of these would drop or touch requests behind the frontier's back.
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
}
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "crawler.middlewares.addresses.PrivateAddresses": 50,
    "crawler.middlewares.robots.Robots": 100,
    "crawler.middlewares.compression.Decompression": 590,
    "crawler.middlewares.redirect.Redirect": 600,
}
ADDONS = {"crawler.extensions.browser.Browser": 0}
EXTENSIONS = {
    "scrapy.extensions.logstats.LogStats": None,  # ours says what people ask for
    "crawler.extensions.worker.Worker": 0,
    "crawler.extensions.newsdesk.Newsdesk": 5,
    "crawler.extensions.edits.Edits": 7,
    "crawler.extensions.progress.Progress": 10,
}
