"""How the peers run: Scrapy's defaults, with the manners and the haste of Storywatch's own settings.

Robots.txt is read, no host is asked twice at once, 32 requests are in hand, and nothing waits. What Storywatch switches
off for its own reasons (the filter of duplicates, retries, redirects, log statistics) stays as Scrapy has it.
"""

BOT_NAME = "peers"
SPIDER_MODULES = ["benchmarks.peers"]

ROBOTSTXT_OBEY = True
CONCURRENT_REQUESTS = 32
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 0
COOKIES_ENABLED = False
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False
LOG_LEVEL = "INFO"
