"""robots.txt, from the rules that the store keeps for all workers. Scrapy's own fetches it once a process, for ever."""

from scrapy import Request

from crawler.news.errors import FetchError


class Robots:
    """Refuses what a host disallows. The spider puts the rules in force into `request.meta["rules"]`."""

    def process_request(self, request: Request) -> None:
        rules = request.meta.get("rules")
        if rules is None:
            return
        if rules.unreachable:
            raise FetchError("robots-unreachable", f"robots.txt is out of reach: {rules.unreachable}", passing=True)
        if not rules.allow(request.url):
            raise FetchError("robots", f"robots.txt disallows {request.url}")
