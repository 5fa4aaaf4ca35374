"""robots.txt (RFC 9309): what each host allows, and how long it wants us to wait.

The text lives in the store, so that five workers fetch it once; what is parsed lives here.
"""

from collections import OrderedDict
from dataclasses import dataclass

from protego import Protego

from crawler.store.frontier import Frontier, Lease

PARSED = 2_000  # hosts whose parsed rules are kept; about 10 kB each
LONGEST_DELAY_S = 60.0  # a crawl-delay beyond it means "stay away", which Disallow says better


@dataclass(frozen=True, slots=True)
class Rules:
    """One host's rules for us. `unreachable` says why they could not be had: then nothing may be fetched (2.3.1.4)."""

    parser: Protego
    agent: str
    unreachable: str = ""

    def allow(self, url: str) -> bool:
        """Whether we may fetch `url`."""
        return bool(self.parser.can_fetch(url, self.agent))

    @property
    def delay_ms(self) -> int:
        """The host's crawl-delay, capped."""
        return int(min(float(self.parser.crawl_delay(self.agent) or 0.0), LONGEST_DELAY_S) * 1000)


class RobotsRules:
    """The rules in force for a lease's host, parsed once. `agent` is the name that robots.txt knows us by."""

    def __init__(self, frontier: Frontier, agent: str) -> None:
        self._frontier = frontier
        self._agent = agent
        self._parsed: OrderedDict[tuple[str, str], Rules] = OrderedDict()

    async def of(self, lease: Lease) -> Rules:
        """Return the rules that the lease was claimed under."""
        name = (lease.host, lease.robots_stamp)
        if name not in self._parsed:
            text, unreachable = await self._frontier.robots(lease.host)
            self._parsed[name] = Rules(Protego.parse(text), self._agent, unreachable)
            if len(self._parsed) > PARSED:
                self._parsed.popitem(last=False)
        return self._parsed[name]
