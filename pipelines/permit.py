"""Permit: does the publisher allow what we are about to do?"""

from typing import Self

from scrapy.crawler import Crawler

from crawler.extensions.manners import obeyed_opt_outs
from crawler.extensions.visit import Visit
from crawler.news.outcome import Outcome


class Permit:
    """Refuses articles with an opt-out that the setting OBEY_OPT_OUTS names: nothing of them is kept or published."""

    def __init__(self, obeyed: frozenset[str]) -> None:
        self.obeyed = obeyed

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(obeyed_opt_outs(crawler.settings))

    async def process_item(self, visit: Visit) -> Visit:
        against = sorted(self.obeyed.intersection(visit.article.optOuts))
        if against:
            visit.refusal = Outcome("rejected", "opted-out", f"its publisher says: {', '.join(against)}")
        return visit
