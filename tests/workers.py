"""Workers without a crawl around them."""

from dataclasses import replace

from scrapy.settings import Settings
from scrapy.utils.test import get_crawler

from crawler.extensions.policy import Policy
from crawler.extensions.worker import Worker
from crawler.store import Store
from crawler.store.robots import RobotsRules
from crawler.watchlist import Watchlist
from settings import base


def worker_on(store: Store, watchlist: Watchlist) -> Worker:
    """A worker with this store in its hands, in no hurry between requests: there are none."""
    policy = replace(Policy.from_settings(Settings({name: getattr(base, name) for name in dir(base)})), gap_ms=0)
    worker = Worker(get_crawler(settings_dict={"TELNETCONSOLE_ENABLED": False}), policy, watchlist)
    worker._store, worker.robots = store, RobotsRules(store.frontier, policy.robots_name)
    return worker
