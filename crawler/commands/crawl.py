"""`scrapy crawl`: Scrapy's own, with the configuration checked first, a summary at the end and a true exit code."""

import argparse
import logging
import os
import sys
from collections.abc import Mapping

from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from crawler.desk.audience import audience_of
from crawler.extensions.browser import NO_BROWSER, find_browser
from crawler.extensions.logs import calm_the_log
from crawler.extensions.manners import check_agent, obeyed_opt_outs
from crawler.extensions.newsdesk import is_on
from crawler.extensions.opening import check_store
from crawler.extensions.policy import Policy
from crawler.extensions.summary import FAILED, exit_code, summary
from crawler.extensions.watching import outlets_named, time_setting, watchlist_of
from crawler.news.errors import ConfigurationError, WatchlistError

logger = logging.getLogger(__name__)

MISCONFIGURED = 2

EPILOG = """spiders:
  watch      follow every source of the watchlist until stopped, and edits of it as they come
  feeds, sitemaps, pages
             one pass over the sources of that kind

arguments:
  -a once=1        one pass: poll what is due, fetch what is new, end
  -a outlets=A,B   only these outlets of the watchlist

examples:
  scrapy crawl watch
  scrapy crawl watch -a once=1            # from cron
  scrapy crawl feeds -a outlets="BBC News"

exit codes: 0 done; 1 a bug, the store lost, nothing can be read on this machine, or every polled source failed
(STRICT=1: any); 2 bad configuration
"""


class Command(ScrapyCrawl):
    """Checks, crawls, sums up."""

    def short_desc(self) -> str:
        return "Follow the watchlist's sources and push new and changed articles to the stream"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        parser.epilog = EPILOG

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        assert self.settings is not None
        if sys.stderr.isatty():  # the progress line says the rest; -L INFO shows all
            self.settings.set("LOG_LEVEL", "WARNING", "spider")  # above the profile, below -L

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) != 1:
            raise UsageError("name one spider: watch, feeds, sitemaps or pages")
        assert self.settings is not None
        assert self.crawler_process is not None
        try:
            self._check(self.settings, opts.spargs)
        except (ConfigurationError, WatchlistError) as error:
            print(error, file=sys.stderr)
            self.exitcode = MISCONFIGURED
            return
        spiders = self.crawler_process.spider_loader.list()
        if args[0] not in spiders:
            raise UsageError(f'there is no spider "{args[0]}"; there are {", ".join(spiders)}', print_help=False)
        calm_the_log()  # not before Scrapy has configured logging
        crawler = self._create_crawler(args[0])
        self.crawler_process.crawl(crawler, **opts.spargs)
        self.crawler_process.start()
        if self.crawler_process.bootstrap_failed or crawler.stats is None:
            self.exitcode = FAILED
            return
        stats = crawler.stats.get_stats()
        print(summary(stats), file=sys.stderr)
        self.exitcode = exit_code(stats, strict=self.settings.getbool("STRICT"))

    def _check(self, settings: BaseSettings, arguments: Mapping[str, str]) -> None:
        """Everything that can be known to be wrong before anything is started.

        Raises:
            WatchlistError, ConfigurationError
        """
        Policy.from_settings(settings)
        check_store(settings)
        check_agent(settings)
        obeyed_opt_outs(settings)
        time_setting(settings, "LOOK_AT_WATCHLIST")
        watchlist = watchlist_of(settings)
        watchlist.only(outlets_named(arguments.get("outlets", "")) or ())
        if is_on(settings):
            audience_of(watchlist, os.environ)
            time_setting(settings, "ALERT_AFTER")
        if any(outlet.render == "always" for outlet in watchlist.outlets) and find_browser(settings) is None:
            logger.warning("%s", NO_BROWSER)
