"""What a publisher does not want done with a page, where it says so to machines.

*Requirements.* Each opt-out in force is told by one short name, wherever and however the page says it. What is said to
other robots by name is not for us. Whatever stands in a header or <meta>, nothing is raised.

*Theory of operation.* Three places speak: `X-Robots-Tag` response headers, <meta name="robots"> (or our own name), and
the TDM Reservation Protocol (W3C community group report, 2024): the header or <meta> `tdm-reservation`, where it is 1.
Rules add up, as search engines read them (developers.google.com/search/docs: "robots meta tag"): a permission never
takes back a prohibition. Where one rule means another, both are told, so that whoever obeys "noindex" need
not know that "none" is "noindex, nofollow".

*Known exceptions.* A site-wide /.well-known/tdmrep.json is not asked for: one more request a host. A reservation in one
place is not outweighed by a 0 in the other, though the protocol ranks them: where they differ, the publisher gets the
benefit of the doubt. In a header that a proxy or browser joined from several, a robot's name also takes what came after
it from the next.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from crawler.extraction.page import Page
from crawler.news.dates import parse_date

OPT_OUT_HEADERS = ("x-robots-tag", "tdm-reservation")
Headers = Mapping[str, str | Sequence[str]]
"""Response headers by name, in any case; a repeated one as a list, because joining them loses whom each is for."""

# What each rule means, in names that we tell. Rules about links, images and translations ("nofollow",
# "noimageindex", "notranslate") are none about keeping or using the text.
_MEANS = {
    "noindex": ["noindex"],
    "none": ["none", "noindex"],
    "noarchive": ["noarchive"],
    "nocache": ["noarchive"],  # Bing's word for it
    "nosnippet": ["nosnippet"],
    "max-snippet:0": ["nosnippet"],
    "noai": ["noai"],
    "noimageai": ["noimageai"],
    "unavailable_after": ["unavailable_after"],
}
OPT_OUTS = frozenset(name for names in _MEANS.values() for name in names) | {"tdm-reservation"}

_EVERYBODY = frozenset({"*", "robots"})
_WITH_VALUE = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})
_WEEKDAY = re.compile(r"\b((?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}),")  # its comma parts no rules


def opt_outs(headers: Headers | None, page: Page, *, agent: str, now: datetime) -> list[str]:
    """Return the names of the opt-outs in force for us, sorted: a subset of `OPT_OUTS`. Never raises.

    Args:
        headers: of the response; all but `OPT_OUT_HEADERS` are ignored.
        agent: the name that robots.txt knows us by.
        now: aware; an "unavailable_after" counts once its date is past.
    """
    agent = agent.lower()
    said = {name.lower(): [value] if isinstance(value, str) else value for name, value in (headers or {}).items()}
    robots = [*said.get("x-robots-tag", ()), *page.said("robots", agent)]
    reservations = [*said.get("tdm-reservation", ()), *page.said("tdm-reservation")]
    found = {name for text in robots for rule in _for_us(text.lower(), agent) for name in _meant(rule, now)}
    if any("1" in text.replace(",", " ").split() for text in reservations):
        found.add("tdm-reservation")
    return sorted(found)


def _for_us(text: str, agent: str) -> Iterator[str]:
    """Yield the rules for everybody and for us: "googlebot: noindex, noai" names whom all that follows is for."""
    ours = True
    for rule in _WEEKDAY.sub(r"\1", text).split(","):
        name, colon, rest = rule.partition(":")
        if colon and name.strip() not in _WITH_VALUE:
            ours = name.strip() in _EVERYBODY | {agent}
            rule = rest
        if ours:
            yield rule


def _meant(rule: str, now: datetime) -> Iterator[str]:
    """Yield the names of what a rule means; some pages part their rules by spaces or semicolons."""
    name, _, value = rule.partition(":")
    if name.strip() == "unavailable_after":
        date = parse_date(value, now=now)
        words = ["unavailable_after"] if date and date <= now else []
    elif name.strip() == "max-snippet":
        words = [f"max-snippet:{value.strip()}"]
    else:
        words = rule.replace(";", " ").split()
    for word in words:
        yield from _MEANS.get(word, ())
