"""What Scrapy's own loggers may say in our log."""

import logging

from crawler.news.errors import StoreError

# What these say at INFO (lists of components, handlers starting) is for developers of Scrapy projects.
NOISY = (
    "scrapy.middleware",
    "scrapy.crawler",
    "scrapy.addons",
    "scrapy.utils.log",
    "scrapy.core.engine",
    "scrapy-playwright",
)
# These print a traceback for every piece of work that a lost store takes along.
TRACING = ("scrapy.core.scraper", "scrapy.core.engine")


def calm_the_log() -> None:
    """Leave the log to what concerns news. Scrapy resets its loggers when it configures them, so call this after."""
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in TRACING:
        logging.getLogger(name).addFilter(_is_no_outage)


def _is_no_outage(record: logging.LogRecord) -> bool:
    """Whether a record tells of anything but a lost store. Of that the worker tells: once, and in plain words."""
    return not (record.exc_info and isinstance(record.exc_info[1], StoreError))
